"""From a row and a photo to a result: what is loaded, where it runs, whose turn it is, what it took."""
