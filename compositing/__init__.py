"""From a photo, its alpha and a background to a picture. Knows no model and no page."""


def warm_up() -> None:
    """Makes the compiled loops ready: seconds on a machine's first run, then a fraction of one.

    Without it the first picture waits for them. Call it off the page's thread; calling it from
    several threads, or again, does no harm.
    """
    import compositing.kernels  # noqa: F401  numba is slow to import and compiles on import
