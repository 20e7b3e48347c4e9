"""Models are downloaded to this machine, checked and removed."""

import importlib
from collections.abc import Iterable

from typer import echo

from models.catalog import ModelSpec
from models.hub import weights
from models.hub.errors import download_size, readable
from models.hub.parts import sharing
from models.interface import LoadFailed
from terminal.progress import Bar


def announce(spec: ModelSpec, bar: Bar) -> None:
    """Tell before a download how large it is, and what its licence asks."""
    if not weights.awaits_download(spec):
        return
    access = f"; access must be asked for at {spec.page}" if spec.gated else ""
    bar.tell(f"Downloading {spec.label}: {download_size(spec)}, {spec.terms}{access}.")


def pull(specs: list[ModelSpec]) -> bool:
    """Download what isn't here, and tell what became of each. Returns whether all are here now."""
    complete = True
    with Bar(len(specs)) as bar:
        for spec in specs:
            bar.doing(spec.label)
            announce(spec, bar)
            try:
                if not spec.built_in:
                    weights.fetch(spec, progress=bar.downloaded)
                here = "built in" if spec.built_in else readable(weights.size_on_disk(spec))
                print(f"{spec.name}: {here}")
            except LoadFailed as error:
                complete = False
                bar.tell(str(error))
            bar.done()
    return complete


def check(specs: Iterable[ModelSpec]) -> bool:
    """Tell what the weights on this machine say of themselves. Returns whether all could tell."""
    complete = True
    for spec in specs:
        try:
            print(_verdict(spec))
        except LoadFailed as error:
            complete = False
            echo(str(error), err=True)
    return complete


def _verdict(spec: ModelSpec) -> str:
    if not weights.cached(spec):
        raise LoadFailed(f"{spec.label} isn't on this machine: `cli.py models pull {spec.name}`.")
    adapter = importlib.import_module(f"models.families.{spec.family}")
    if not hasattr(adapter, "check"):
        caution = "" if spec.verified else f" It is {spec.caution}."
        return f"{spec.name}: nothing to check.{caution}"
    told: str = adapter.check(spec, weights.fetch(spec))
    return told if spec.verified else f"{told} The model itself is {spec.caution}."


def remove(specs: Iterable[ModelSpec]) -> bool:
    """Remove cached weights, and tell what that freed. Returns whether all are gone now."""
    gone = True
    for spec in specs:
        if spec.built_in:
            print(f"{spec.name}: built in, so there is nothing to remove")
            continue
        try:
            freed = weights.remove(spec)
            told = f"{readable(freed)} freed" if freed else "nothing was cached"
            print(f"{spec.name}: {told}{_shared(spec)}")
        except LoadFailed as error:
            gone = False
            echo(str(error), err=True)
    return gone


def _shared(spec: ModelSpec) -> str:
    """What its removal means for the files that it shares with other rows; empty if nothing."""
    others = sharing(spec)
    halved = [
        each.name
        for each in (spec, *others)
        if each.parts and weights.awaits_download(each) and weights.size_on_disk(each)
    ]
    if spec.name in halved:
        return f"; what belongs to {', '.join(each.name for each in others)} stays"
    return f"; {', '.join(halved)} will download it again" if halved else ""
