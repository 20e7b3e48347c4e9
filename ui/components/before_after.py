"""Two pictures of one photo under a divider that the person drags."""

from ui.components.assets import data_url, register

_slider = register("before_after", "before_after.js")


def before_after(
    before: bytes,
    after: bytes,
    size: tuple[int, int],
    *,
    key: str,
    labels: tuple[str, str] = ("Before", "After"),
    max_height: int = 620,
) -> None:
    """Show `before` left of the divider and `after` right of it; moving it reruns nothing.

    before, after: JPEG, PNG or WebP previews of the same photo; a checkerboard shows through where
    they are transparent. size: the photo's (width, height), which gives the shape. The widget
    fills its column and stays below `max_height` CSS pixels.
    """
    _slider(
        key=key,
        data={
            "before": data_url(before),
            "after": data_url(after),
            "width": size[0],
            "height": size[1],
            "labels": list(labels),
            "max_height": max_height,
        },
    )
