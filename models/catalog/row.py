"""What a row of the catalogue says of a model."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Literal

Conditions = Literal["", "non-commercial", "conditions apply"]
PromptKind = Literal["boxes", "points", "text", "objects"]


@dataclass(frozen=True)
class Packaged:
    """Weights that come with an installed package, of which nothing is imported. file: its path
    within the package's files; sha256: what it's known by."""

    distribution: str
    file: str
    sha256: str


@dataclass(frozen=True)
class ModelSpec:
    """One row: a model that cuts out or, with no prompts and no mattes of its own, one that paints.

    name: how the command line and files call it. family: the module within `models.families` whose
    `load(spec, folder, device)` makes the segmenter or painter. group: its heading in lists.
    summary: what it's good at, one line. prompts: what it can be told; needs_prompt: it can't
    guess. soft: its mattes are a matting network's, not a mask's. repo, revision, files: what is
    fetched from the hub into `folder`; url: where its one file is instead, whose name ends in the
    first digits of its SHA-256 (neither: built in, folder None; packaged: its one file comes with
    an installed package). instead: what the person's own
    folder may hold in place of files. download_bytes: their size. extra: the optional package that
    it runs with. verified: the names and shapes in the published file were held against the
    network's, one by one; else it should fit by all that is known of it. parameters: number of
    weights, from which the memory it takes follows.
    engine: what runs it; opencv has no use for a GPU. half_on_cpu: its mattes stay the same to
    1/255 on average in bfloat16, which CPUs that know that format run faster. half_on_gpu: the half
    precision that it needs on a GPU, if not any will do. options: the family's own settings for
    this row, checked by its `load`.
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
    packaged: Packaged | None = None
    repo: str | None = None
    url: str | None = None
    revision: str = "main"
    files: tuple[str, ...] = ()
    instead: tuple[str, ...] = ()
    download_bytes: int = 0
    extra: Literal["ultralytics"] | None = None
    gated: bool = False
    verified: bool = True
    parameters: int = 0
    engine: Literal["torch", "onnxruntime", "opencv"] = "torch"
    half_on_cpu: bool = False
    half_on_gpu: Literal["float16"] | None = None
    options: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def built_in(self) -> bool:
        """Whether there is nothing to fetch."""
        return self.repo is None and self.url is None

    @property
    def package(self) -> str | None:
        """The installed package that it can't do without, if it's not one of everybody's."""
        return self.packaged.distribution if self.packaged else self.extra

    @property
    def told(self) -> str:
        """What it can be told, in words; empty if nothing."""
        words = {"boxes": "boxes", "points": "points", "text": "words", "objects": "objects"}
        return ", ".join(word for kind, word in words.items() if kind in self.prompts)

    @property
    def conditions(self) -> Conditions:
        """What keeps one from earning money with the results; empty if nothing does."""
        if self.commercial:
            return ""
        return "non-commercial" if "NC" in self.licence else "conditions apply"

    @property
    def terms(self) -> str:
        """The licence and its conditions."""
        return ", ".join(filter(None, (self.licence, self.conditions)))
