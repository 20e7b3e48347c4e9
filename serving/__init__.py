"""The HTTP API, beside the page and in its process: our own and dialects that clients speak.

Models run in the lanes that the page uses. What options mean is decided by the command line's own
functions; what pictures are, by `photos`.
"""
