"""What is known of a cut and of its files, as results.json tells it."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import Any

from compositing.background import Portrait
from models import catalog
from models.catalog import find
from models.hub import provenance
from photos.cut import Cut
from photos.depth import DepthRun, Seen
from photos.look import Look
from photos.photo import PhotoFile
from photos.recipes.result import ResultRecipe
from photos.recipes.settings import Settings
from photos.recipes.writing import told as recipe_told


def as_json(results: Sequence[dict[str, Any]]) -> bytes:
    """Make the file results.json.

    Parameters
    ----------
    results : sequence of dict
        What `describe` tells of each cut.

    Returns
    -------
    file : bytes
        UTF-8. Linux allows file names that are no Unicode: these are escaped.

    Examples
    --------
    >>> json.loads(as_json([{"photo": "Zoë.jpg"}, {"photo": "cat.jpg"}]))
    {'results': [{'photo': 'Zoë.jpg'}, {'photo': 'cat.jpg'}]}
    """
    told = json.dumps({"results": results}, indent=2, ensure_ascii=False)
    return told.encode(errors="backslashreplace")


def describe(
    cut: Cut, look: Look, files: Sequence[str], *, notes: Iterable[str] = ()
) -> dict[str, Any]:
    """Tell what is known of a cut and of the files made of it.

    Parameters
    ----------
    cut : Cut
    look : Look
        What the files were made with.
    files : sequence of str
        Their names.
    notes : iterable of str
        What is to be told of the files, a sentence each.

    Returns
    -------
    told : dict
        Ready for JSON. Times are in seconds; inference is what the photo took once the model was
        loaded. The weights' files are told by their SHA-256, for which files of the person's own
        are read once.

    Examples
    --------
    >>> from compositing.background import Transparent
    >>> from models.catalog import GRABCUT
    >>> from photos.cutting import cut_out
    >>> from photos.samples import SAMPLES
    >>> cut = cut_out(SAMPLES[2].open(), GRABCUT)
    >>> told = describe(cut, Look(Transparent()), ["coffee/grabcut_cutout.png"])
    >>> told["photo"], told["width"], told["height"], told["model"], told["subject_found"]
    ('coffee.png', 600, 400, 'grabcut', True)
    """
    subject = look.subject_of(cut)
    return {
        "photo": cut.photo.name,
        "width": cut.photo.width,
        "height": cut.photo.height,
        "model": cut.spec.name,
        "source": cut.spec.source,
        "revision": cut.revision or None,
        "licence": cut.spec.licences,
        "conditions": cut.spec.conditions or None,
        "weights": provenance.told(cut.weights, reading=True),
        "device": cut.device,
        "dtype": cut.dtype,
        "inference": round(cut.inference, 4),
        "seconds": {name: round(spent, 4) for name, spent in cut.seconds.items()},
        "peak_bytes": cut.peak_bytes,
        "subject_found": not cut.empty,
        "subject_share": round(cut.share, 5),
        "prompt": asdict(cut.prompt),
        **({"depth": depth} if (depth := describe_depth(look, cut.photo)) else {}),
        "notes": [*cut.notes, *notes],
        "settings": describe_look(look, cut.photo)
        | {"refiner": cut.refiner, "kept_to": subject and subject.spec.name},
        "recipe": recipe_told(ResultRecipe.of(cut, look)),
        "files": list(files),
    }


def describe_depth(look: Look, photo: PhotoFile) -> dict[str, Any] | None:
    """Tell which network told the depth of a photo, and what that took.

    Parameters
    ----------
    look : Look
    photo : PhotoFile

    Returns
    -------
    told : dict or None
        Ready for JSON; times are in seconds, by stage. None if no network told it.

    Examples
    --------
    >>> from compositing.background import Blur
    >>> from photos.samples import SAMPLES
    >>> describe_depth(Look(Blur(51)), SAMPLES[2].open()) is None
    True
    """
    behind = look.behind(photo)
    depth = behind.depth if isinstance(behind, Portrait) else None
    if not isinstance(depth, Seen) or not isinstance(depth.by, DepthRun):
        return None
    spec = find(depth.by.model, catalog.DEPTHS)
    return {
        "model": spec.name,
        "licence": spec.licences,
        "device": depth.by.device,
        "dtype": depth.by.dtype,
        "seconds": {name: round(spent, 4) for name, spent in depth.seconds.items()},
    }


def describe_look(look: Look, photo: PhotoFile) -> dict[str, Any]:
    """Tell the settings of a photo's composite.

    Parameters
    ----------
    look : Look
    photo : PhotoFile

    Returns
    -------
    told : dict
        Ready for JSON. A picture behind the subject is told by its file, its size and how it is
        laid, one that was painted by its recipe.

    Examples
    --------
    >>> from compositing.background import Blur
    >>> from photos.samples import SAMPLES
    >>> told = describe_look(Look(Blur(51), light=0.5), SAMPLES[2].open())
    >>> told["background"], told["light"]
    ({'kind': 'blur', 'kernel': 51, 'method': 'unmix'}, 0.5)
    """
    return Settings.of(look, photo).told()
