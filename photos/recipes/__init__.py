"""By what a result was made: told in its file, read from there, and followed again."""
