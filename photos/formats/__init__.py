"""From a file's bytes to the pixels that it means: which picture, which colours, what is clear."""
