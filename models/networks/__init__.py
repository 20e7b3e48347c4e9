"""Architectures that no well-kept library has, with the key names of the published weights."""
