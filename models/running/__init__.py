"""From a row and a photo to a result: what stays loaded, where it runs, whose turn it is."""
