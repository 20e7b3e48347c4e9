"""All files of a cut, with the photo's own EXIF; everything as a ZIP, results as JSON."""

import io
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from compositing.arrays import Photo
from compositing.background import Blur, Portrait, Transparent
from models.running.stages import recording
from photos.cut import Cut
from photos.describing import as_json, describe
from photos.encoding import SUFFIX, Format, refusal
from photos.finishing import Finished, finished
from photos.framing import Kind
from photos.look import Look, LookOf, final_alpha
from photos.names import RESULTS, folders_of
from photos.recipes.strokes import ENDING, StrokesFile


def files_of(
    cut: Cut, pixels: Photo, look: Look, *, keep_gps: bool = False
) -> Iterator[tuple[str, bytes]]:
    """Make the files of a cut, one by one: matte, cutout and composite.

    On a transparent background the composite is the cutout, and made once.

    Parameters
    ----------
    cut : Cut
    pixels : (H, W, 3) uint8 array
        The cut's photo, at full size.
    look : Look
    keep_gps : bool
        Whether the files say where the photo was taken.

    Yields
    ------
    name : str
        With its ending.
    file : bytes

    Examples
    --------
    >>> from models.catalog import GRABCUT
    >>> from photos.cutting import cut_out
    >>> from photos.samples import SAMPLES
    >>> cut = cut_out(SAMPLES[2].open(), GRABCUT)
    >>> [name for name, file in files_of(cut, cut.photo.pixels(), Look(Blur(51)))]
    ['matte.png', 'cutout.png', 'blurred.jpg']
    """
    for name, file in _finished_files(cut, pixels, look, keep_gps=keep_gps):
        yield name, file.data


def _finished_files(
    cut: Cut, pixels: Photo, look: Look, *, keep_gps: bool
) -> Iterator[tuple[str, Finished]]:
    """As `files_of`; the composite comes last."""
    alpha = final_alpha(cut, look)
    background = look.behind(cut.photo)
    clear = isinstance(background, Transparent)
    blurred = "blurred" if isinstance(background, Blur | Portrait) else "replaced"
    opaque: Format = "PNG" if refusal(cut.photo, "JPEG", look.canvas) else "JPEG"
    kinds: list[tuple[str, Kind, Format]] = [("matte", "matte", "PNG")]
    if clear:
        kinds += [("cutout", "composite", "PNG")]
    else:
        kinds += [("cutout", "cutout", "PNG"), (blurred, "composite", opaque)]
    for name, kind, format_ in kinds:
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
) -> dict[str, Any]:
    """Write the files of a cut.

    Parameters
    ----------
    cut, pixels, look, keep_gps
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
        for name, file in _finished_files(cut, pixels, look, keep_gps=keep_gps):
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

    Returns
    -------
    file : bytes

    Examples
    --------
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
    results = []
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as pack:
        for (key, photo), folder in zip(photos.items(), folders, strict=True):
            pixels, look = photo.pixels(), look_of(photo)
            mine = [cut for cut in cuts if cut.photo.key == key]
            results += [
                save_cut(cut, pixels, look, folder, pack.writestr, keep_gps=keep_gps)
                for cut in mine
            ]
            if strokes := next((cut.strokes for cut in mine if cut.strokes), None):
                pack.writestr(f"{folder}/{ENDING}", StrokesFile.of(photo, strokes).data())
        pack.writestr(RESULTS, as_json([*results, *failed]))
    return file.getvalue()
