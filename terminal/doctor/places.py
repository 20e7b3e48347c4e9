"""Where weights are kept, and those that are there."""

import os
import shutil
import tempfile
from pathlib import Path

from models import catalog
from models.hub import given, packaged, weights
from models.hub.disk import MARGIN
from models.hub.errors import readable
from models.hub.presence import exists, is_folder
from models.hub.reasons import reason
from models.interface import LoadFailed
from photos.counts import counted
from terminal.doctor.finding import Finding


def built_in() -> list[Finding]:
    """The weights that come with packages: there, and the right ones."""
    found = []
    for spec in (spec for spec in catalog.everything() if spec.packaged):
        try:
            name = packaged.file_of(spec).name
        except LoadFailed as error:
            found.append(Finding("built in", "problem", str(error)))
        else:
            found.append(Finding("built in", "ok", f"{spec.label}: {name} is the right file."))
    return found


def disk() -> list[Finding]:
    """Room for downloads."""
    place = _nearest(_cache())
    free = shutil.disk_usage(place).free
    told = f"{readable(free)} free at {place}."
    largest = max((spec.download_bytes for spec in catalog.cutters()), default=0)
    if free < MARGIN:
        remedy = "Nothing can be downloaded: make room, or set HF_HOME to a folder elsewhere."
        return [Finding("disk", "problem", f"{told} {remedy}")]
    if free < largest + MARGIN:
        remedy = f"The largest model takes {readable(largest)}: make room before you choose it."
        return [Finding("disk", "warning", f"{told} {remedy}")]
    return [Finding("disk", "ok", told)]


def cache() -> list[Finding]:
    """The folder for downloads: whether it can be written, what it holds, what is half done."""
    folder = _cache()
    if wrong := _fault(folder):
        told = f"{folder} can't be used ({wrong}). Allow it, or set HF_HOME to another folder."
        return [Finding("cache", "problem", told)]
    fetched = [spec for spec in catalog.everything() if not spec.built_in]
    here = [spec for spec in fetched if weights.cached(spec)]
    size = readable(sum(map(weights.size_on_disk, here)))
    models = counted(len(here), "downloaded model")
    found = [Finding("cache", "ok", f"{folder}: {models}, {size}.")]
    left = {spec.name: weights.unfinished_bytes(spec) for spec in fetched}
    for name, half in left.items():
        if half:
            told = (
                f"{readable(half)} of {name} are half downloaded: `cli.py models pull {name}` "
                f"carries on, `cli.py models remove {name}` drops them."
            )
            found.append(Finding("cache", "warning", told))
    return found


def damaged() -> list[Finding]:
    """Files of weights that are here and can't be what they should be."""
    found, of_settings = [], given.problems()  # which are told with the other settings
    for spec in (spec for spec in catalog.everything() if not spec.built_in):
        if given.local(spec.name) or weights.cached(spec):
            try:
                weights.fetch(spec)
            except LoadFailed as error:
                if str(error) not in of_settings:
                    found.append(Finding("weights", "problem", str(error)))
    return found


def _cache() -> Path:
    from huggingface_hub import constants

    return Path(constants.HF_HUB_CACHE)


def _nearest(folder: Path) -> Path:
    """The folder, or what there is of the way to it."""
    return next((each for each in (folder, *folder.parents) if exists(each)), Path.cwd())


def _fault(folder: Path) -> str:
    """Why nothing can be written to the folder, or it can't be made; empty if it can."""
    there = _nearest(folder)
    if not is_folder(there):
        return f"{there} is a file"
    if there != folder:  # it's made by the first download
        return "" if os.access(there, os.W_OK) else f"{there} can't be written to"
    try:
        with tempfile.TemporaryFile(dir=folder):
            return ""
    except OSError as error:
        return reason(error)
