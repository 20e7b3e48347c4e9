"""What the command line is made of. Imports no page, and nothing heavy before there is work."""
