"""From a photo to a matte: the catalogue of models and how they're loaded and run."""
