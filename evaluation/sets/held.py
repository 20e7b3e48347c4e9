"""Photos and truths that somebody uploaded: held in memory, matched by their names."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from evaluation.sets.layouts import BESIDE, named, shared_words, without_ending
from evaluation.sets.reading import Loaded, open_truth
from photos.names import unique
from photos.photo import PhotoFile


@dataclass(frozen=True)
class TruthFile:
    """data: the whole file."""

    name: str
    data: bytes = field(repr=False)

    @property
    def belongs_to(self) -> tuple[str, str]:
        """What the photo may be called, without its ending: as the truth is, or without what names
        of truths end in."""
        stem = Path(self.name).stem.casefold()
        return stem, without_ending(stem)


@dataclass(frozen=True, eq=False)
class Held:
    """A photo and its truth. key: tells it from every other pair. name: unique in its set."""

    key: str
    name: str
    photo: PhotoFile
    truth: TruthFile
    tags: tuple[str, ...] = ()

    def load(self) -> Loaded:
        """Raises BadTruth."""
        return Loaded(self.photo, open_truth(self.truth.data, self.truth.name, self.photo))


def pair(
    photos: Mapping[str, PhotoFile], truths: Mapping[str, TruthFile]
) -> tuple[list[Held], list[str]]:
    """Photos with truths of their names, by their keys; tagged with the words that some of the
    names share. And a sentence for each kind of file that is left out."""
    stems = {key: Path(photo.name).stem.casefold() for key, photo in photos.items()}
    found: dict[str, str] = {}
    told: list[str] = []
    lost: list[str] = []
    for file, truth in truths.items():
        same, without = truth.belongs_to
        mine = [key for key, stem in stems.items() if stem == same]
        mine = mine or [key for key, stem in stems.items() if without and stem == without]
        if len(mine) > 1:
            told.append(f"{len(mine)} photos are called as “{truth.name}” is: rename all but one.")
        elif not mine:
            lost.append(truth.name)
        else:
            (key,) = mine
            if key in found:
                earlier = truths[found[key]].name
                told.append(
                    f"“{earlier}” and “{truth.name}” are both for “{photos[key].name}”: the latter "
                    "is used."
                )
            found[key] = file
    if lost:
        told.append(
            f"No photo for {named(lost)}: a truth is called as its photo is, or ends in "
            f"{', '.join(BESIDE[:2])}, as cat.jpg and cat_mask.png."
        )
    if found and (alone := [photos[key].name for key in photos if key not in found]):
        told.append(f"No truth for {named(alone)}, left out.")
    names = unique(photos[key].stem for key in found)
    tags = shared_words([stems[key] for key in found])
    return [
        Held(f"{key}/{file}", name, photos[key], truths[file], mine)
        for (key, file), name, mine in zip(found.items(), names, tags, strict=True)
    ], told
