"""Networks that find the things in a photo, to be picked by name."""
