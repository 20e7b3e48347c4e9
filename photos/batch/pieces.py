"""The pictures that are made of each photo: how each is called, and what decides its pixels."""

import hashlib
import json
from dataclasses import dataclass

from models.catalog import ModelSpec
from models.running.apart import revision_of, told_apart
from photos.batch.wishes import Make, Wishes
from photos.encoding import SUFFIX

_EDITION = 1
"""Grows when the same wishes make other pictures, so that all are made anew."""
_WORDS: dict[Make, str] = {
    "cutout": "cutout",
    "matte": "matte",
    "blur": "blurred",
    "replace": "replaced",
}


@dataclass(frozen=True)
class Piece:
    """A picture that is made of each photo.

    Parameters
    ----------
    model : str
    make : {"cutout", "matte", "blur", "replace"}
    ending : str
        What its files are called after their photo's name, such as "_cutout.png".
    digest : str
        Of all that decides its pixels, but for the photo: the wishes, the model and its weights.

    Examples
    --------
    >>> [piece.ending for piece in pieces_of(Wishes(("u2netp",), ("cutout", "blur")))]
    ['_cutout.png', '_blurred.jpg']
    """

    model: str
    make: Make
    ending: str
    digest: str


def pieces_of(wishes: Wishes) -> tuple[Piece, ...]:
    """List what is made of each photo.

    Parameters
    ----------
    wishes : Wishes

    Returns
    -------
    pieces : tuple of Piece
        A model's follow one another. Weights that are yet to be downloaded may have another digest
        then.

    Raises
    ------
    KeyError
        If there is no model of a name; a sentence.

    Examples
    --------
    >>> from photos.batch.wishes import Blurred
    >>> several = Wishes(("u2netp", "grabcut"), ("matte",))
    >>> [piece.ending for piece in pieces_of(several)]
    ['_u2netp_matte.png', '_grabcut_matte.png']
    >>> stronger = [pieces_of(Wishes(("u2netp",), ("blur",), blur=Blurred(n))) for n in (1, 2)]
    >>> stronger[0][0].digest == stronger[1][0].digest
    False
    """
    specs = wishes.specs
    return tuple(
        Piece(spec.name, make, _ending(spec, make, wishes), _digest(spec, make, wishes))
        for spec in specs
        for make in wishes.make
    )


def _ending(spec: ModelSpec, make: Make, wishes: Wishes) -> str:
    model = f"_{spec.name}" if len(wishes.models) > 1 else ""
    return f"{model}_{_WORDS[make]}{SUFFIX[wishes.format_of(make)]}"


def _digest(spec: ModelSpec, make: Make, wishes: Wishes) -> str:
    told = {
        "edition": _EDITION,
        "model": [spec.name, *(() if spec.foreign else (revision_of(spec), told_apart(spec)))],
        "wishes": wishes.only(make, spec.soft, spec.prompts).told(),
    }
    if make == "blur" and (depth := wishes.depth_model):
        told["depth"] = [depth.name, revision_of(depth), told_apart(depth)]
    words = json.dumps(told, sort_keys=True, default=str)
    return hashlib.sha256(words.encode(errors="surrogateescape")).hexdigest()[:24]
