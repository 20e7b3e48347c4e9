"""The built-in segmenter, without a network."""
