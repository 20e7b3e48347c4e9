"""From a photo, its alpha and a background to a picture. Knows no model and no page."""
