"""Photos with truths beside them: found in folders as people have them, and read."""
