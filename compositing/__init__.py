"""From a photo, its alpha and a background to a picture. Knows no model and no page.

What other folders use, by module:

- `arrays`: the types `Photo` and `Alpha`
- `compose`: `compose` puts the subject over a background
- `background`: `Blur`, `Colour`, `Gradient`, `Picture` and `Transparent`, and a blur's size
- `shadow`: `Shadow`
- `stand`: `Stand` says where the subject stands, moved and scaled
- `alpha`: `feather`, `refine` and `enlarge` a matte, `adjust` its `Edges`, make its `trimap_of`
- `closed_form`: `redraw` the edge of a mask that is off
- `subject`: `keep_to` one model's subject in another's matte
- `masks`: `mask_to_alpha`
- `fill`: `filled` fills in what a subject hid
- `matte`: an alpha as a picture of grey levels
- `overlay`: pictures that show where an alpha is
- `outlines`: where a subject's edge is, and its two tones
- `light`: sRGB and linear light

The other modules serve these. One rule holds for all functions, unless a docstring says otherwise:
an array that is passed in is only read, and may be read-only; an array that is returned is new, and
the caller may write into it.
"""


def warm_up() -> None:
    """Make the compiled loops ready, so that the first picture doesn't wait for them.

    This takes seconds on a machine's first run, then a fraction of one. Call it off the page's
    thread; calling it again, or from several threads, does no harm.

    Examples
    --------
    >>> import sys
    >>> warm_up()
    >>> "numba" in sys.modules
    True
    """
    import compositing.kernels  # noqa: F401  numba is slow to import and compiles on import
