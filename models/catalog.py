"""The models, one row each. Data only: the file that loads a family is named, not imported."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Literal

PromptKind = Literal["boxes", "points", "text", "objects"]


@dataclass(frozen=True)
class ModelSpec:
    """One row.

    name: how the command line and files call it. family: the module `models.<family>` whose
    `load(spec, folder, device)` makes the segmenter. group: its heading in the sidebar. summary:
    what it's good at, one line. prompts: what it can be told; needs_prompt: it can't guess.
    soft: its mattes are continuous. repo, revision, files: what is fetched from the hub into
    `folder` (repo None: built in, folder None). download_bytes: their size. parameters: number of
    weights, from which the memory it takes follows. accelerated: runs on a GPU when there is one.
    options: the family's own settings for this row, checked by its `load`.
    """

    name: str
    label: str
    family: str
    group: str
    summary: str
    licence: str
    commercial: bool
    page: str
    soft: bool
    prompts: frozenset[PromptKind] = frozenset()
    needs_prompt: bool = False
    repo: str | None = None
    revision: str = "main"
    files: tuple[str, ...] = ()
    download_bytes: int = 0
    gated: bool = False
    parameters: int = 0
    accelerated: bool = True
    options: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))


GRABCUT = ModelSpec(
    name="grabcut",
    label="GrabCut",
    family="grabcut",
    group="Built in",
    summary="Quick first guess, nothing to download; a box around the subject makes it dependable.",
    licence="Apache-2.0",
    commercial=True,
    page="https://doi.org/10.1145/1015706.1015720",
    soft=False,
    prompts=frozenset({"boxes", "points"}),
    accelerated=False,
)

MODELS: tuple[ModelSpec, ...] = (GRABCUT,)


def find(name: str) -> ModelSpec:
    """The row called `name`. Raises KeyError with a sentence that lists the names there are."""
    for spec in MODELS:
        if spec.name == name:
            return spec
    names = ", ".join(spec.name for spec in MODELS)
    raise KeyError(f"There is no model called “{name}”. There are: {names}.")
