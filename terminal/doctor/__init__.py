"""`cli.py doctor`: what this machine has of what models need, and what to do about the rest."""
