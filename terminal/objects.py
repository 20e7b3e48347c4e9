"""What models find in photos, so that a person can pick some of it with --object."""

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from compositing.arrays import Photo
from models.interface import DetectedObject
from photos.counts import counted
from photos.cut import Cut
from terminal import tables
from terminal.request import Request
from terminal.work import NoResult, cut_all


def tell_objects(photos: Sequence[Path], request: Request) -> list[NoResult]:
    """Print a table, or a line of JSON, for each photo and model. Returns what failed.

    Of the prompt only the words matter: boxes, points and picks add no object.
    """

    def show(path: Path, _: Photo, cut: Cut) -> None:
        found = [facts(each) for each in cut.objects]
        if request.listing == "json":
            line = {"photo": str(path), "model": cut.spec.name, "objects": found}
            print(json.dumps(line), flush=True)  # ASCII: JSON whatever the pipe's encoding
            return
        what = counted(len(found), "object") if found else "nothing"
        print(f"{path}: {cut.spec.label} found {what}.", flush=True)
        if found:
            tables.show(tables.objects(found))

    return cut_all(photos, replace(request, prompt=request.prompt.only({"text"})), show)


def facts(found: DetectedObject) -> dict[str, Any]:
    """What is told of an object. box: x0, y0, x1, y1 in the upright photo's pixels; share: the part
    of the photo, 0 to 1."""
    box = found.box
    return {
        "name": found.name,
        "label": found.label,
        "score": round(found.score, 3),
        "share": round(found.share, 4),
        "box": [round(side) for side in (box.x0, box.y0, box.x1, box.y1)],
    }
