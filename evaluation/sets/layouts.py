"""Which photo belongs to which truth, in the folders that test sets come in.

Photos and truths are matched by their names without the ending, whatever the case; a truth may also
be called NAME_mask, NAME_alpha and the like. Known are the
folders of P3M-10k, AIM-500, AM-2k, DIS5K, PPM-100, HRSOD, UHRSD and what resembles them; truths
beside their photos, called NAME_mask or NAME_alpha; and any two folders that the person names.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from evaluation.sets.reading import Loaded, read_trimap, read_truth
from photos.reading import SUFFIXES, read_photo

PHOTOS = (
    "blurred_image", "original_image", "original", "im", "image", "images", "img", "imgs", "photo",
    "photos", "fg",
)  # fmt: skip
TRUTHS = ("mask", "masks", "gt", "matte", "mattes", "alpha", "alphas", "truth", "truths")
TRIMAPS = ("trimap", "trimaps")
BESIDE = ("_mask", "_alpha", "_matte", "_truth", "_gt")
"""What the name of a truth that lies beside its photo ends in; of a folder of truths, too."""

_NAMED = 3
"""How many files a sentence names before it only counts them."""


@dataclass(frozen=True)
class Case:
    """A photo and the truth about it. name: unique in its set. tags: what kind of photo it is."""

    name: str
    photo: Path
    truth: Path
    trimap: Path | None = None
    tags: tuple[str, ...] = ()

    def load(self) -> Loaded:
        """Raises PhotoError or BadTruth."""
        photo = read_photo(self.photo)
        trimap = read_trimap(self.trimap, photo) if self.trimap else None
        return Loaded(photo, read_truth(self.truth, photo), trimap)


class NoTruths(Exception):
    """A folder in which no photo with a truth was found, in a sentence that says what to do."""


type Tell = Callable[[str], object]
"""Called with a sentence for what is left out."""


def find_cases(folder: Path, tell: Tell) -> list[Case]:
    """All photos with truths in a folder and those below it, by name. Raises NoTruths."""
    if not folder.is_dir():
        raise NoTruths(f"“{folder}” is not a folder. Name one that holds photos and truths.")
    places = [folder, *sorted(path for path in folder.rglob("*") if path.is_dir())]
    found: list[Case] = []
    for place in places:
        found += _in_folders(place, folder, tell) or _side_by_side(place, folder, tell)
    if not found:
        raise NoTruths(_none(folder, places))
    return found


def match(photos: Path, truths: Path, trimaps: Path | None, tell: Tell) -> list[Case]:
    """Photos of one folder with truths of another, and trimaps if there are. Raises NoTruths."""
    for folder in filter(None, (photos, truths, trimaps)):
        if not folder.is_dir():
            raise NoTruths(f"“{folder}” is not a folder. Name one that holds pictures.")
    cases = _matched(photos, truths, trimaps, "", tell)
    if not cases:
        raise NoTruths(
            f"No photo in “{photos}” has a truth in “{truths}”: they must have one name, as "
            "cat.jpg and cat.png do."
        )
    return cases


def _in_folders(place: Path, root: Path, tell: Tell) -> list[Case]:
    """Of two folders in `place`, one of photos and one of truths."""
    inside = {path.name.casefold(): path for path in place.iterdir() if path.is_dir()}
    truths = next((inside[name] for name in TRUTHS if name in inside), None)
    photos = next((inside[name] for name in PHOTOS if name in inside), None)
    for name, path in inside.items():
        if truths is None and (ours := without_ending(name)) in inside:
            truths, photos = path, inside[ours]
    if truths is None or photos is None:
        return []
    if photos.name == "FG" and truths.name == "GT":  # as Distinctions-646 comes
        tell(
            f"“{place}” holds foregrounds without backgrounds: compose them first, and put the "
            "pictures in a folder “image” there."
        )
        return []
    trimaps = next((inside[name] for name in TRIMAPS if name in inside), None)
    return _matched(photos, truths, trimaps, _prefix(place, root), tell)


def _side_by_side(place: Path, root: Path, tell: Tell) -> list[Case]:
    """Of photos that have their truth beside them. Of a folder without any, nothing is told."""
    told = list[str]()
    files, prefix = _pictures(place, told.append), _prefix(place, root)
    cases = [
        Case(prefix + path.stem, path, truth)
        for stem, path in files.items()
        if (truth := _called(stem, files, BESIDE))
    ]
    for sentence in told if cases else ():
        tell(sentence)
    return cases


def _matched(
    photos: Path, truths: Path, trimaps: Path | None, prefix: str, tell: Tell
) -> list[Case]:
    known, further = _pictures(truths, tell), _pictures(trimaps, tell) if trimaps else {}
    mine = _pictures(photos, tell)
    found = {stem: _called(stem, known, ("", *BESIDE)) for stem in mine}
    alone = [path.name for stem, path in mine.items() if not found[stem]]
    if alone:
        tell(f"“{photos}”: {named(alone)} without a truth in “{truths}”, left out.")
    used = set(found.values())
    unused = [path.name for path in known.values() if path not in used]
    if unused:
        tell(f"“{truths}”: {named(unused)} without a photo in “{photos}”, left out.")
    return [
        Case(prefix + path.stem, path, truth, further.get(stem))
        for stem, path in mine.items()
        if (truth := found[stem])
    ]


def _called(stem: str, files: dict[str, Path], endings: Sequence[str]) -> Path | None:
    """The file that is called as a photo is, but for one of these endings."""
    return next((files[stem + end] for end in endings if stem + end in files), None)


def _pictures(folder: Path, tell: Tell) -> dict[str, Path]:
    """The picture files of a folder by their names without the ending, in order."""
    files = sorted(path for path in folder.iterdir() if path.is_file() and path.name[0] != ".")
    found, twice = dict[str, Path](), list[str]()
    for path in files:
        if path.suffix[1:].lower() in SUFFIXES:
            stem = path.stem.casefold()
            if before := found.get(stem):
                twice.append(before.name)
            found[stem] = path
    if twice:
        tell(f"“{folder}”: {named(twice)} left out: another file there has that name, but for case "
             "and ending.")  # fmt: skip
    return found


def _prefix(place: Path, root: Path) -> str:
    inside = place.relative_to(root).as_posix()
    return "" if inside == "." else f"{inside}/"


def without_ending(name: str) -> str:
    """Of a truth's name, the photo's; empty if it doesn't end as truths do."""
    end = next((end for end in BESIDE if name.endswith(end)), None)
    return name.removesuffix(end) if end else ""


def _none(folder: Path, places: Sequence[Path]) -> str:
    names = ", ".join(path.name for path in places[1:6]) or "no folders"
    return (
        f"“{folder}” holds no photos with truths (there are: {names}). Put photos in a folder "
        "“image” and truths of the same names in “mask” there, or name both with --photos and "
        "--truth."
    )


def named(names: Sequence[str]) -> str:
    """The first of them, and how many more."""
    told, more = ", ".join(names[:_NAMED]), len(names) - _NAMED
    return f"{told} and {more} more" if more > 0 else told


def tagged(cases: Iterable[Case], table: dict[str, tuple[str, ...]] | None = None) -> list[Case]:
    """The cases with tags: those that `table` gives to a name or, without one, the words that some
    of the file names share: hair_01 and hair_02 are tagged “hair” if others are not."""
    held = list(cases)
    if table is not None:
        return [replace(case, tags=table.get(case.photo.stem.casefold(), ())) for case in held]
    tags = shared_words([case.photo.stem for case in held])
    return [replace(case, tags=mine) for case, mine in zip(held, tags, strict=True)]


def shared_words(stems: Sequence[str]) -> list[tuple[str, ...]]:
    """For each name, its words that some of the others have too, but not all."""
    words = [_words(stem) for stem in stems]
    counts = Counter(word for each in words for word in set(each))
    shared = {word for word, count in counts.items() if 1 < count < len(stems)}
    return [tuple(dict.fromkeys(word for word in mine if word in shared)) for mine in words]


def _words(stem: str) -> list[str]:
    letters = "".join(letter if letter.isalpha() else " " for letter in stem.casefold())
    return [word for word in letters.split() if len(word) > 2]
