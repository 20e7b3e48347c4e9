"""Photos come in as files and leave as files."""
