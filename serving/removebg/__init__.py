"""The dialect of remove.bg's clients."""
