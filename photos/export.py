"""All files of a cut, with the photo's own EXIF; everything as a ZIP, results as JSON."""

import csv
import io
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from compositing.arrays import Photo
from models.running.stages import recording
from photos.contents import ALL, Contents
from photos.cut import Cut
from photos.describing import as_json, describe
from photos.encoding import SUFFIX
from photos.finishing import Finished, finished
from photos.framing import Kind
from photos.look import Look, LookOf, final_alpha
from photos.names import FAILURES, RESULTS, folders_of
from photos.photo import PhotoError
from photos.recipes.strokes import ENDING, StrokesFile


def files_of(
    cut: Cut,
    pixels: Photo,
    look: Look,
    *,
    keep_gps: bool = False,
    contents: Contents = ALL,
) -> Iterator[tuple[str, bytes]]:
    """Make the files of a cut, one by one: matte, cutout and composite.

    On a transparent background the composite is the cutout, and made once. It's a JPEG, or a PNG if
    the photo has 16 bits to keep or is too large.

    Parameters
    ----------
    cut : Cut
    pixels : (H, W, 3) uint8 array
        The cut's photo, at full size.
    look : Look
    keep_gps : bool
        Whether the files say where the photo was taken.
    contents : Contents
        Which of the files, and in which format.

    Yields
    ------
    name : str
        With its ending.
    file : bytes

    Examples
    --------
    >>> from compositing.background import Blur
    >>> from models.catalog import GRABCUT
    >>> from photos.cutting import cut_out
    >>> from photos.samples import SAMPLES
    >>> cut = cut_out(SAMPLES[2].open(), GRABCUT)
    >>> [name for name, file in files_of(cut, cut.photo.pixels(), Look(Blur(51)))]
    ['matte.png', 'cutout.png', 'blurred.jpg']
    """
    for name, file in _finished_files(cut, pixels, look, contents, keep_gps=keep_gps):
        yield name, file.data


def _finished_files(
    cut: Cut, pixels: Photo, look: Look, contents: Contents, *, keep_gps: bool
) -> Iterator[tuple[str, Finished]]:
    """As `files_of`; the composite comes last."""
    alpha = final_alpha(cut, look)
    for name, kind, format_ in contents.files(cut, look):
        file = finished(cut, look, kind, format_, pixels=pixels, alpha=alpha, keep_gps=keep_gps)
        yield name + SUFFIX[format_], file


def kind_of(name: str) -> Kind:
    """Tell which picture a file holds that `save_cut` named.

    Parameters
    ----------
    name : str

    Returns
    -------
    kind : {"matte", "cutout", "composite"}

    Examples
    --------
    >>> kind_of("coffee/grabcut_matte.png"), kind_of("coffee/grabcut_blurred.jpg")
    ('matte', 'composite')
    """
    what = name.rpartition("_")[2].partition(".")[0]
    return {"matte": "matte", "cutout": "cutout"}.get(what, "composite")  # type: ignore[return-value]


def save_cut(
    cut: Cut,
    pixels: Photo,
    look: Look,
    folder: str,
    write: Callable[[str, bytes], object],
    *,
    keep_gps: bool = False,
    contents: Contents = ALL,
) -> dict[str, Any]:
    """Write the files of a cut.

    Parameters
    ----------
    cut, pixels, look, keep_gps, contents
        As `files_of` takes them.
    folder : str
        The photo's, as `folders_of` names it.
    write : callable
        `write(name, data)` is called for each file; the name is "folder/model_what.ending".

    Returns
    -------
    told : dict
        What `describe` tells of them, with the seconds that the composite took.

    Examples
    --------
    >>> from compositing.background import Blur
    >>> from models.catalog import GRABCUT
    >>> from photos.cutting import cut_out
    >>> from photos.samples import SAMPLES
    >>> cut = cut_out(SAMPLES[2].open(), GRABCUT)
    >>> files = {}
    >>> told = save_cut(cut, cut.photo.pixels(), Look(Blur(51)), "coffee", files.__setitem__)
    >>> list(files)
    ['coffee/grabcut_matte.png', 'coffee/grabcut_cutout.png', 'coffee/grabcut_blurred.jpg']
    >>> told["files"] == list(files), "composite" in told["seconds"]
    (True, True)
    """
    names = []
    notes: tuple[str, ...] = ()
    with recording() as record:
        for name, file in _finished_files(cut, pixels, look, contents, keep_gps=keep_gps):
            names.append(f"{folder}/{cut.spec.name}_{name}")
            write(names[-1], file.data)
            notes = file.notes  # at last those of the composite
    timed = replace(cut, seconds={**cut.seconds, **record.seconds})
    return describe(timed, look, names, notes=notes)


def archive(
    cuts: Sequence[Cut],
    look_of: LookOf,
    *,
    keep_gps: bool = False,
    failed: Sequence[dict[str, Any]] = (),
    contents: Contents = ALL,
    lacking_all: bool = False,
) -> bytes:
    """Make a ZIP with a folder for each photo, files for each model, and one results.json. What was
    painted on a photo's mattes is there as strokes.json.

    Parameters
    ----------
    cuts : sequence of Cut
    look_of : callable
        `look_of(photo)` gives the look of a photo's pictures.
    keep_gps : bool
        Whether the files say where the photos were taken.
    failed : sequence of dict
        What results.json tells besides, of what there is no cut of.
    contents : Contents
        Which files of each cut, and in which format.
    lacking_all : bool
        Whether a ZIP is wanted that only tells why nothing could be made, too.

    Returns
    -------
    file : bytes
        What can't be made of one cut, as with so few kilobytes, is told in results.json and in
        failures.csv there, and the rest is made.

    Raises
    ------
    PhotoError
        If that is so of every cut, unless `lacking_all`.

    Examples
    --------
    >>> from compositing.background import Transparent
    >>> from models.catalog import GRABCUT
    >>> from photos.cutting import cut_out
    >>> from photos.samples import SAMPLES
    >>> cut = cut_out(SAMPLES[2].open(), GRABCUT)
    >>> pack = archive([cut], lambda photo: Look(Transparent()))
    >>> zipfile.ZipFile(io.BytesIO(pack)).namelist()
    ['coffee/grabcut_matte.png', 'coffee/grabcut_cutout.png', 'results.json']
    """
    photos = {cut.photo.key: cut.photo for cut in cuts}
    folders = folders_of(photo.name for photo in photos.values())
    file = io.BytesIO()
    results: list[dict[str, Any]] = []
    refused: list[tuple[Cut, PhotoError]] = []
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as pack:
        for (key, photo), folder in zip(photos.items(), folders, strict=True):
            pixels, look = photo.pixels(), look_of(photo)
            mine = [cut for cut in cuts if cut.photo.key == key]
            for cut in mine:
                try:
                    told = save_cut(
                        cut, pixels, look, folder, pack.writestr,
                        keep_gps=keep_gps, contents=contents,
                    )  # fmt: skip
                except PhotoError as error:
                    refused.append((cut, error))
                else:
                    results.append(told)
            if strokes := next((cut.strokes for cut in mine if cut.strokes), None):
                pack.writestr(f"{folder}/{ENDING}", StrokesFile.of(photo, strokes).data())
        if refused and not (results or lacking_all):
            raise refused[0][1]
        if refused:
            pack.writestr(FAILURES, _as_csv(refused))
        lacking = [
            {"photo": cut.photo.name, "model": cut.spec.name, "error": str(error)}
            for cut, error in refused
        ]
        pack.writestr(RESULTS, as_json([*results, *lacking, *failed]))
    return file.getvalue()


def _as_csv(refused: Sequence[tuple[Cut, PhotoError]]) -> bytes:
    file = io.StringIO()
    table = csv.writer(file)
    table.writerow(("photo", "model", "error"))
    table.writerows((cut.photo.name, cut.spec.name, str(error)) for cut, error in refused)
    return file.getvalue().encode(errors="backslashreplace")
