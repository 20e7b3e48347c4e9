"""Networks that paint a background from words."""
