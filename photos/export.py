"""Full-size files: pictures with the photo's own EXIF, everything as a ZIP, results as JSON."""

import functools
import io
import json
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, replace
from typing import Any, Literal, get_args

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageCms

from compositing.arrays import Alpha, Photo
from compositing.background import Blur, Picture, Transparent
from models.running.stages import recording
from photos.cutting import Cut
from photos.look import Look, LookOf, final_alpha
from photos.painting import Painting
from photos.reading import PhotoError, PhotoFile, stem_of
from photos.rendering import Kind, render

Format = Literal["PNG", "JPEG", "WebP"]
FORMATS: tuple[Format, ...] = get_args(Format)
SUFFIX: dict[Format, str] = {"PNG": ".png", "JPEG": ".jpg", "WebP": ".webp"}
MIME: dict[Format, str] = {"PNG": "image/png", "JPEG": "image/jpeg", "WebP": "image/webp"}
RESULTS = "results.json"
_EXIF_LIMIT = 65_000
"""A JPEG holds no longer EXIF block."""
_LONGEST: dict[Format, int] = {"JPEG": 65_500, "WebP": 16_383}
"""Pixels of a side, at most."""


def refusal(photo: PhotoFile, format_: Format) -> str | None:
    """Why no picture of the photo's size fits into the format, or None if one does."""
    side, longest = max(photo.width, photo.height), _LONGEST.get(format_)
    if longest is None or side <= longest:
        return None
    return (
        f"“{photo.name}” has a side of {side} pixels, and {format_} holds at most {longest}. "
        "Choose PNG."
    )


def encode(
    image: NDArray[np.uint8], format_: Format, photo: PhotoFile, *, keep_gps: bool = False
) -> bytes:
    """A file of `image` with the photo's EXIF. In a JPEG, what is transparent turns white.

    Raises PhotoError with the words of `refusal`.
    """
    refused = refusal(photo, format_)
    if refused:
        raise PhotoError(refused)
    out = Image.fromarray(image)
    if format_ == "JPEG" and out.mode == "RGBA":
        white = Image.new("RGB", out.size, "white")
        white.paste(out, mask=out.getchannel("A"))
        out = white
    exif = photo.exif_with_gps if keep_gps else photo.exif
    options: dict[str, Any] = {"exif": exif} if 0 < len(exif) < _EXIF_LIMIT else {}
    if photo.profiled:
        # The pixels were converted, so the profile that describes them is sRGB.
        options["icc_profile"] = _srgb_profile()
    if format_ == "JPEG":
        options |= {"quality": 95, "subsampling": "4:4:4"}
    elif format_ == "WebP":
        options |= {"quality": 95, "method": 4}
    else:
        options |= {"compress_level": 3}
    file = io.BytesIO()
    out.save(file, format_, **options)
    return file.getvalue()


@functools.cache
def _srgb_profile() -> bytes:
    """Holds the time at which it was made: once, so that the same picture gives the same file."""
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def folders_of(names: Iterable[str]) -> list[str]:
    """A folder for each photo called so, with no two alike, and none in the place of RESULTS."""
    return unique((RESULTS, *map(stem_of, names)))[1:]


def unique(names: Iterable[str]) -> list[str]:
    """The names in order, told apart where they meet: portrait, portrait-2, portrait-3.

    Upper and lower case meet too, as they do on many people's disks.
    """
    taken: set[str] = set()
    result = []
    for name in names:
        choice, number = name, 2
        while choice.casefold() in taken:
            choice, number = f"{name}-{number}", number + 1
        taken.add(choice.casefold())
        result.append(choice)
    return result


def picture_file(
    cut: Cut,
    look: Look,
    kind: Kind,
    format_: Format,
    *,
    pixels: Photo | None = None,
    alpha: Alpha | None = None,
    keep_gps: bool = False,
) -> bytes:
    """The file of a picture that `photos.rendering.render` makes, with the photo's EXIF and, in a
    composite, the recipe of what was painted behind. Raises PhotoError with the words of `refusal`.
    """
    refused = refusal(cut.photo, format_)
    if refused:  # before the work
        raise PhotoError(refused)
    picture = render(cut, look, kind, pixels=pixels, alpha=alpha)
    source = look.source(cut.photo) if kind == "composite" else cut.photo
    return encode(picture, format_, source, keep_gps=keep_gps)


def files_of(
    cut: Cut, pixels: Photo, look: Look, *, keep_gps: bool = False
) -> Iterator[tuple[str, bytes]]:
    """(name, bytes) of a cut's matte, cutout and composite. On nothing, both are the same."""
    alpha = final_alpha(cut, look)
    background = look.behind(cut.photo)
    clear = isinstance(background, Transparent)
    blurred = "blurred" if isinstance(background, Blur) else "replaced"
    opaque: Format = "PNG" if refusal(cut.photo, "JPEG") else "JPEG"
    kinds: list[tuple[str, Kind, Format]] = [("matte", "matte", "PNG")]
    if clear:
        kinds += [("cutout", "composite", "PNG")]
    else:
        kinds += [("cutout", "cutout", "PNG"), (blurred, "composite", opaque)]
    for name, kind, format_ in kinds:
        file = picture_file(cut, look, kind, format_, pixels=pixels, alpha=alpha, keep_gps=keep_gps)
        yield name + SUFFIX[format_], file


def save_cut(
    cut: Cut,
    pixels: Photo,
    look: Look,
    folder: str,
    write: Callable[[str, bytes], object],
    *,
    keep_gps: bool = False,
) -> dict[str, Any]:
    """`write(name, data)` a cut's files, called folder/model_…; returns what `describe` tells of
    them, with the seconds that the composite took."""
    names = []
    with recording() as record:
        for name, data in files_of(cut, pixels, look, keep_gps=keep_gps):
            names.append(f"{folder}/{cut.spec.name}_{name}")
            write(names[-1], data)
    return describe(replace(cut, seconds={**cut.seconds, **record.seconds}), look, names)


def archive(cuts: Sequence[Cut], look_of: LookOf, *, keep_gps: bool = False) -> bytes:
    """A ZIP with a folder for each photo, files for each model, and one results.json."""
    photos = {cut.photo.key: cut.photo for cut in cuts}
    folders = folders_of(photo.name for photo in photos.values())
    file = io.BytesIO()
    results = []
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as pack:
        for (key, photo), folder in zip(photos.items(), folders, strict=True):
            pixels, look = photo.pixels(), look_of(photo)
            results += [
                save_cut(cut, pixels, look, folder, pack.writestr, keep_gps=keep_gps)
                for cut in cuts
                if cut.photo.key == key
            ]
        pack.writestr(RESULTS, as_json(results))
    return file.getvalue()


def as_json(results: Sequence[dict[str, Any]]) -> bytes:
    """What results.json holds. Names that are no Unicode, which Linux allows, are told escaped."""
    told = json.dumps({"results": results}, indent=2, ensure_ascii=False)
    return told.encode(errors="backslashreplace")


def describe(cut: Cut, look: Look, files: Sequence[str]) -> dict[str, Any]:
    """What is known of a cut and of the files made of it, ready for JSON. Times are seconds;
    inference is what the photo took once the model was loaded."""
    subject = look.subject_of(cut)
    return {
        "photo": cut.photo.name,
        "width": cut.photo.width,
        "height": cut.photo.height,
        "model": cut.spec.name,
        "source": cut.spec.repo or cut.spec.url,
        "revision": cut.revision or None,
        "licence": cut.spec.licence,
        "device": cut.device,
        "dtype": cut.dtype,
        "inference": round(cut.inference, 4),
        "seconds": {name: round(spent, 4) for name, spent in cut.seconds.items()},
        "peak_bytes": cut.peak_bytes,
        "subject_found": not cut.empty,
        "subject_share": round(cut.share, 5),
        "prompt": asdict(cut.prompt),
        "notes": list(cut.notes),
        "settings": describe_look(look, cut.photo)
        | {"refiner": cut.refiner, "kept_to": subject and subject.spec.name},
        "files": list(files),
    }


def describe_look(look: Look, photo: PhotoFile) -> dict[str, Any]:
    """The settings of a photo's composite, ready for JSON; a picture is told by its size, one that
    was painted by its recipe."""
    background = look.behind(photo)
    told: dict[str, Any] = {"kind": type(background).__name__.lower()}
    if isinstance(background, Painting):
        told |= asdict(background.recipe)
    elif isinstance(background, Picture):
        height, width = background.pixels.shape[:2]
        told |= {"width": width, "height": height}
        told |= {"fit": background.fit, "kernel": background.kernel}
        told |= {"position": background.position}
    else:
        told |= asdict(background)
    return {
        "background": told,
        "edges": asdict(look.edges),
        "unmix": look.unmix,
        "refined": look.refined,
        "light": look.light,
        "shadow": asdict(look.shadow) if look.shadow else None,
    }
