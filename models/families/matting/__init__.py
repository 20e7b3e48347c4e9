"""Matting networks: one pass over a photo gives its matte."""
