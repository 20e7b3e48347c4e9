"""TIFF, of which libraries read but a part: its pages, and samples of every kind."""
