"""What a batch is to make, from the words given for it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal, get_args

from typer import BadParameter, Option

from models.catalog import ModelSpec, other_tool
from models.hub import weights
from models.running.extra import require
from photos.batch.found import Shard
from photos.batch.listing import Listing
from photos.batch.lists import SUFFIXES as LISTS
from photos.batch.lists import BadList, paths_in
from photos.batch.mattes import Mattes
from photos.batch.places import place_of
from photos.batch.stores.address import is_address
from photos.batch.wishes import Behind, Blurred, Make, Wishes
from photos.encoding import DEEP, SUFFIX
from photos.file_picture import FilePicture
from photos.look import Look
from photos.recipes.settings import told_behind, without_pixels
from terminal import backgrounds
from terminal.behind import BACKGROUND, Blurring, Setting
from terminal.elsewhere import MATTE, Tool, split
from terminal.files import check_folder
from terminal.framing import Framing, check_weight, framed
from terminal.library import announce
from terminal.matting import BITS
from terminal.progress import Bar
from terminal.request import Request

_REMOTE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+://")
"""How addresses begin, such as az://shop."""

MAKES: tuple[Make, ...] = get_args(Make.__value__)


@dataclass(frozen=True)
class Making:
    make: Annotated[
        str, Option(metavar="WHAT,WHAT...", help=f"What is made of each matte: {', '.join(MAKES)}.")
    ] = MAKES[0]
    models: Annotated[
        str | None,
        Option(
            metavar="NAME,NAME...",
            help="Which models cut out; `cli.py models` lists them.",
            show_default="u2netp",
        ),
    ] = None
    background: Annotated[
        str | None, Option("--background", "-b", help=f"For replace. {BACKGROUND}")
    ] = None
    bits: BITS = "8"
    format: Annotated[
        Literal["jpeg", "png", "webp", "tiff"] | None,
        Option(
            help="By default JPEG, and PNG for what is transparent; mattes are PNGs. png and tiff "
            "keep a photo's 16 bits and its colours."
        ),
    ] = None


def wishes_of(
    making: Making,
    request: Request,
    blurring: Blurring,
    setting: Setting,
    edges: Look | None,
    framing: Framing,
    *,
    keep_gps: bool,
    by_recipe: bool,
) -> Wishes:
    """All of it as plain data. Raises BadParameter for what can't be, or has no effect; a recipe
    may tell of a blur or a background that these pictures don't have."""
    if request.listing:
        raise BadParameter("A batch lists no objects: ask for a photo's by `cutout`.")
    makes, background = _makes(making.make), making.background
    if making.bits == "16" and "matte" not in makes:
        told = "Only mattes have 16 bits: add matte to --make."
        raise BadParameter(told, param_hint="--bits")
    if not by_recipe and "blur" not in makes and blurring != Blurring():
        raise BadParameter("There is nothing to blur: add blur to --make.", param_hint="--make")
    behind = background is not None or setting != Setting()
    if not by_recipe and "replace" not in makes and behind:
        raise BadParameter("No background is replaced: add replace to --make.", param_hint="--make")
    backgrounds.blur(blurring, edges)  # is it one?
    edged = framed(framing, edges)
    wishes = Wishes(
        models=tuple(spec.name for spec in request.specs),
        make=makes,
        edges=edged.edges,
        unmix=edged.unmix,
        refined=edged.refined,
        blur=Blurred(
            1 if blurring.strength is None else blurring.strength,
            blurring.kernel,
            blurring.method,
            backgrounds.optics_of(blurring),
        ),
        behind=_behind(background, setting) if "replace" in makes else None,
        prompt=request.prompt,
        refiner=request.refiner,
        device=request.device,
        format=next((name for name in SUFFIX if name.lower() == making.format), None),
        keep_gps=keep_gps,
        frame=edged.frame,
        max_kb=edged.max_kb,
        strokes=request.strokes,
        bits=16 if making.bits == "16" else 8,
        tool=request.tools[0].spec.label if request.tools else None,
    )
    if all(wishes.format_of(make) in DEEP for make in makes):
        check_weight(framing, wishes.format_of(makes[0]))
    if wishes.format == "JPEG" and "JPEG" not in map(wishes.format_of, makes):
        raise BadParameter(
            "JPEG can't be transparent: choose png, webp or tiff.", param_hint="--format"
        )
    return wishes


def _makes(text: str) -> tuple[Make, ...]:
    words = dict.fromkeys(word.strip().casefold() for word in text.split(",") if word.strip())
    if unknown := [word for word in words if word not in MAKES]:
        told = f"“{', '.join(unknown)}” is nothing that is made. Say {', '.join(MAKES)}."
        raise BadParameter(told, param_hint="--make")
    if not words:
        raise BadParameter(f"Say {', '.join(MAKES)}, or several of them.", param_hint="--make")
    return tuple(make for make in MAKES if make in words)


def _behind(text: str | None, setting: Setting) -> Behind:
    if text is None:
        lacking = "Say what goes behind: a picture, a colour such as '#ffffff', or transparent."
        raise BadParameter(lacking, param_hint="--background")
    found = backgrounds.replacement(text, setting)
    path = str(Path(text).absolute()) if isinstance(found, FilePicture) else None
    told = told_behind(without_pixels(found))
    shadow = backgrounds.shadow_of(setting)
    return Behind(told, path, setting.light_match, shadow, backgrounds.stand_of(setting))


def listing_of(words: Sequence[str], out: str, shard: Shard | None) -> Listing:
    """The photos that are meant by folders, files, patterns, lists and addresses. Raises
    BadParameter."""
    for word in (*words, out):
        _check_address(word)
    place = Path(out)
    if not is_address(out):
        check_folder(place, "OUT")
    sources, patterns, lists, addresses = [], [], [], []
    for word in words:
        path = Path(word)
        if is_address(word):
            addresses.append(place_of(word))
            if f"{addresses[-1]}/".startswith(f"{place_of(out)}/"):
                told = f"“{word}” lies in “{out}”: name a folder of its own for the results."
                raise BadParameter(told, param_hint="OUT")
        elif path.is_file() and path.suffix.lower() in LISTS:
            lists.append(path)
        elif path.exists():
            sources.append(path)
            if not is_address(out) and path.resolve().is_relative_to(place.resolve()):
                told = f"“{word}” lies in “{out}”: name a folder of its own for the results."
                raise BadParameter(told, param_hint="OUT")
        elif any(letter in word for letter in "*?["):
            patterns.append(word)
        else:
            raise BadParameter(f"There is no “{word}”.", param_hint="IN")
    if len(lists) > 1:
        raise BadParameter("Name one list: put the others' lines into it.", param_hint="IN")
    try:
        entries = paths_in(lists[0]) if lists else ()
    except BadList as error:
        raise BadParameter(str(error), param_hint="IN") from error
    root = lists[0].parent if lists else Path()
    results = place_of(out) if is_address(out) else place
    return Listing(tuple(sources), tuple(patterns), entries, root, results, shard, tuple(addresses))


def _check_address(word: str) -> None:
    """Raises BadParameter for one that can't be used."""
    if not _REMOTE.match(word) or Path(word).exists():
        return
    if not is_address(word):
        told = f"“{word}” is an address that isn't known: folders, s3:// and gs:// are."
        raise BadParameter(told, param_hint="IN, OUT")
    if any(letter in word for letter in "*?["):
        told = f"“{word}”: patterns are for disks. Name the store's folder, or single photos."
        raise BadParameter(told, param_hint="IN, OUT")


def mattes_of(entry: str | None, listing: Listing) -> tuple[Tool | None, Mattes | None]:
    """The tool of `--matte`, and where its mattes lie. Raises BadParameter."""
    if entry is None:
        return None, None
    if listing.addresses:
        told = "Mattes of another tool are taken for photos on a disk: copy the photos there."
        raise BadParameter(told, param_hint=MATTE)
    label, words = split(entry)
    place, sources = Path(words).expanduser(), listing.sources
    if not place.exists():
        told = f"There is no “{words}”. Name a folder of mattes, or one file for a lone photo."
        raise BadParameter(told, param_hint=MATTE)
    lone = len(sources) == 1 and sources[0].is_file() and not (listing.patterns or listing.entries)
    if place.is_file() and not lone:
        told = "One matte is for one photo: name a folder that has a matte for each."
        raise BadParameter(told, param_hint=MATTE)
    inside = (place.resolve().is_relative_to(source.resolve()) for source in sources)
    if place.is_dir() and any(inside):
        told = f"“{words}” lies among the photos, and would be taken for some: put it elsewhere."
        raise BadParameter(told, param_hint=MATTE)
    spec = other_tool(label or (place.stem if lone else place.absolute().name))
    return Tool(spec, (), lone), Mattes(place)


def parse_shard(text: str) -> Shard:
    """Raises BadParameter."""
    number, _, count = text.partition("/")
    if not (number.isdecimal() and count.isdecimal() and 1 <= int(number) <= int(count)):
        raise BadParameter(f"“{text}” should be one part of several, such as 3/16.")
    return int(number), int(count)


def bring(specs: Sequence[ModelSpec], *, quiet: bool) -> None:
    """Download what isn't here, before the first photo. Raises LoadFailed."""
    missing = [spec for spec in specs if weights.awaits_download(spec)]
    for spec in specs:
        require(spec)
    if not missing:
        return
    with Bar(len(missing)) as bar:
        for spec in missing:
            if not quiet:
                announce(spec, bar)
            weights.fetch(spec, progress=bar.downloaded)
            bar.done()
