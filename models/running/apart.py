"""What tells a model's mattes from those of other weights, or another row, of the same name."""

from typing import Any

from models.catalog import ModelSpec
from models.hub import given, weights
from models.hub.provenance import sources_of
from models.running.settings import LONGEST_SIDE


def revision_of(spec: ModelSpec) -> str:
    """Which weights it runs with, as far as it's known now; empty for those that come with the
    program."""
    return "" if spec.built_in else weights.resolved_revision(spec)


def told_apart(spec: ModelSpec) -> dict[str, Any]:
    """What decides a row's mattes beside its name and revision, ready for JSON; mostly nothing."""
    told: dict[str, Any] = {}
    if given.own(spec):  # the revision of all these is "local"
        files = [file for source in sources_of(spec) for file in source.files]
        told["weights"] = [[str(each.path), each.size, each.changed] for each in files]
    if spec.own:  # its name stays when the row is written anew
        told["row"] = [spec.family, spec.source, dict(spec.options)]
    if side := LONGEST_SIDE.value():
        told["longest_side"] = side
    return told
