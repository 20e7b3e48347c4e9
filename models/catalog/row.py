"""What a row of the catalogue says of a model."""

import re
from collections.abc import Mapping, Set
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal

from models.painter import USUAL, Habits

Conditions = Literal["", "non-commercial", "conditions apply"]
PromptKind = Literal["boxes", "points", "text", "objects"]

PROMPTS: Mapping[PromptKind, str] = MappingProxyType(
    {"boxes": "boxes", "points": "points", "text": "words", "objects": "objects"}
)
"""What a model can be told, in words."""
COPYLEFT: Mapping[str, str] = MappingProxyType({"ultralytics": "AGPL-3.0"})
"""Licences of those optional packages that bind whoever offers a program that runs with them."""
UNCLEAR = "unclear"
"""How a licence begins that nobody could make out; it counts as non-commercial."""
FORBIDS = re.compile(rf"\bNC\b|non-?commercial|^{UNCLEAR}", re.IGNORECASE)
"""In a licence's name."""


@dataclass(frozen=True)
class Packaged:
    """Weights that come with an installed package, of which nothing is imported. file: its path
    within the package's files; sha256: what it's known by."""

    distribution: str
    file: str
    sha256: str


@dataclass(frozen=True)
class Part:
    """One of several repositories of the hub that a row's files come from. name: the folder that
    its files are in among `ModelSpec.files`, and in a folder of the person's own."""

    name: str
    repo: str
    revision: str = "main"


@dataclass(frozen=True)
class ModelSpec:
    """One row: a model that cuts out or, with no prompts and no mattes of its own, one that paints.

    name: how the command line and files call it. family: the module within `models.families` whose
    `load(spec, folder, device)` makes the segmenter or painter. group: its heading in lists.
    summary: what it's good at, one line. prompts: what it can be told; needs_prompt: it can't
    guess. soft: its mattes are a matting network's, not a mask's. repo, revision, files: what is
    fetched from the hub into `folder`; parts: the repositories instead, if there are several; url:
    where its one file is instead; path: where the person keeps it (none of them: built in, folder
    None; packaged: its one file comes with an installed package). checksum: of its one file,
    "sha256:DIGITS" or "md5:DIGITS"; a file at a url without one has the first digits of its SHA-256
    in its name. verified: the names and shapes in the published file were held against the
    network's, one by one; else it should fit by all that is known of it. own: the person's own row,
    not the catalogue's. foreign: no model, but mattes that another tool made. instead: what their
    own folder, or one file of theirs, may hold in place of files. download_bytes: their size.
    extra: the optional package that it runs with. parameters: number of weights, from which the
    memory it takes follows; reader_parameters: of them, those of a text encoder that is loaded
    apart (`models.painter.Reader`). habits: how a painter paints, and what it can be told.
    engine: what runs it; opencv has no use for a GPU. half_on_cpu: its mattes stay the same to
    1/255 on average in bfloat16, which CPUs that know that format run faster. half_on_gpu: the half
    precision that it needs on a GPU, if not any will do. options: the family's own settings for
    this row, checked by its `load`.

    licence, commercial: the weights' own, and whether that alone allows to earn money with the
    results, with no conditions to be met; `conditions` decides.
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
    path: Path | None = None
    checksum: str = ""
    own: bool = False
    foreign: bool = False
    revision: str = "main"
    parts: tuple[Part, ...] = ()
    files: tuple[str, ...] = ()
    instead: tuple[str, ...] = ()
    download_bytes: int = 0
    extra: Literal["ultralytics", "timm"] | None = None
    gated: bool = False
    verified: bool = True
    parameters: int = 0
    reader_parameters: int = 0
    habits: Habits = USUAL
    engine: Literal["torch", "onnxruntime", "opencv"] = "torch"
    half_on_cpu: bool = False
    half_on_gpu: Literal["float16", "bfloat16"] | None = None
    options: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def built_in(self) -> bool:
        """Whether there is nothing to fetch."""
        return self.source is None and self.path is None

    @property
    def source(self) -> str | None:
        """Where its files come from: repositories of the hub, or an address. None: nowhere."""
        return " + ".join(part.repo for part in self.parts) or self.repo or self.url

    @property
    def fetched(self) -> int | None:
        """Bytes of its download, 0 if it's built in. None where they aren't known, as of the
        person's own rows that don't tell, and of other tools."""
        return None if self.foreign else self.download_bytes or (0 if self.built_in else None)

    @property
    def package(self) -> str | None:
        """The installed package that it can't do without, if it's not one of everybody's."""
        return self.packaged.distribution if self.packaged else self.extra

    @property
    def told(self) -> str:
        """What it can be told, in words; empty if nothing."""
        return in_words(self.prompts)

    @property
    def caution(self) -> str:
        """What is to be said of a row that isn't verified; empty if it is."""
        return "" if self.verified else "not verified against the published file"

    @property
    def conditions(self) -> Conditions:
        """What keeps one from earning money with the results; empty if nothing does. The licence of
        the package that it runs with counts, too."""
        if not self.commercial and (self.own or FORBIDS.search(self.licence)):
            return "non-commercial"
        return "conditions apply" if self._copyleft or not self.commercial else ""

    @property
    def licences(self) -> str:
        """The weights' licence and, if it binds as well, that of the package that they need."""
        return " + ".join(dict.fromkeys(filter(None, (self.licence, self._copyleft))))

    @property
    def terms(self) -> str:
        """The licences and their conditions."""
        return ", ".join(filter(None, (self.licences, self.conditions)))

    @property
    def meaning(self) -> str:
        """Why it has these conditions, or none: the part of a sentence after the model's name."""
        if self.licence.startswith(UNCLEAR) and self.conditions:
            return f"its licence is {self.licence}, and so nobody has allowed it"
        if self.conditions == "non-commercial":
            return f"its licence, {self.licence}, doesn't allow commercial use"
        if self._copyleft:
            return (
                f"it needs the package {self.extra}, whose licence, {self._copyleft}, asks that a "
                "product or service with it publishes its own source, unless you buy another"
            )
        if self.foreign:
            return "what the tool that made it allows isn't known here"
        if self.conditions:
            return (
                f"its licence, {self.licence}, may set conditions for commercial use: read it at "
                f"{self.page}"
            )
        return f"its licence, {self.licence}, allows commercial use"

    @property
    def _copyleft(self) -> str | None:
        return COPYLEFT.get(self.extra) if self.extra else None


def in_words(prompts: Set[PromptKind]) -> str:
    """Such as "boxes, points"; empty if there are none."""
    return ", ".join(word for kind, word in PROMPTS.items() if kind in prompts)
