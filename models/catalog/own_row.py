"""One row of the person's own file, from its table.

`like` takes everything from a row of the catalogue but what is said; `family` alone takes only how
such models are run. Exactly one of `path`, `repo` and `url` says where the weights are; with `like`
they may stay the other row's. A licence isn't taken over together with other weights: what isn't
said is unclear.
"""

import difflib
import os
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

from models.catalog.keys import BESIDES, MULTIPLES, OPTIONS, ROW
from models.catalog.row import FORBIDS, UNCLEAR, ModelSpec

GROUP = "Your own"
_CHECKPOINTS = (".safetensors", ".pth", ".pt", ".bin", ".ckpt")
_FACTS = ("licence", "commercial", "page")


class Wrong(ValueError):
    """What is wrong with a row, in a sentence."""


def unknown(table: Iterable[str], keys: Collection[str], what: str = "key") -> Iterator[str]:
    """A sentence about each of the table's names that isn't among the keys, with a guess."""
    for name in table:
        if name not in keys:
            near = difflib.get_close_matches(name, list(keys), 1)
            guess = f" Did you mean {near[0]}?" if near else ""
            there = f"There are: {', '.join(sorted(keys))}." if keys else "There are none."
            yield f"there is no {what} {name}.{guess} {there}"


@dataclass(frozen=True)
class OwnRow:
    """A table whose keys and values are each what they may be; whether they agree is seen here.
    folder: where relative paths start."""

    table: Mapping[str, Any]
    folder: Path
    known: Sequence[ModelSpec]
    taken: Iterable[str]

    def spec(self) -> ModelSpec:
        """Raises Wrong."""
        name, template = self.table["name"], self._template()
        if name in self.taken:
            raise Wrong("name is that of another model: choose one that isn't taken.")
        if self.table.get("commercial") and FORBIDS.search(self.table.get("licence", UNCLEAR)):
            raise Wrong(
                "commercial is true, and the licence forbids it or is unclear: say which one "
                "allows it."
            )
        facts = {key: self.table[key] for key in _FACTS if key in self.table}
        return replace(
            template,
            **{**self._weights(template), **facts},
            name=name,
            label=self.table.get("label", name),
            group=self.table.get("group", GROUP),
            summary=self.table.get("summary", f"{GROUP}, run as {template.label} is."),
            prompts=self._prompts(template),
            options=MappingProxyType(self._options(template)),
            own=True,
        )

    def _template(self) -> ModelSpec:
        """The row that everything is taken from which isn't said."""
        if "like" in self.table:
            rows = {spec.name: spec for spec in self.known if spec.engine != "opencv"}
            for told in unknown([self.table["like"]], rows, "model"):
                raise Wrong(f"like: {told}")
            template = rows[self.table["like"]]
            if self.table.get("family", template.family) != template.family:
                raise Wrong(f"family is {template.family} with like = “{template.name}”.")
            return template
        if "family" not in self.table:
            raise Wrong("family is missing, or like, the name of a model that it runs as.")
        families = {spec.family: spec for spec in reversed(self.known) if spec.engine != "opencv"}
        for told in unknown([self.table["family"]], families, "family"):
            raise Wrong(f"family: {told}")
        return families[self.table["family"]]

    def _options(self, template: ModelSpec) -> dict[str, Any]:
        given: dict[str, Any] = {
            name: tuple(value) if isinstance(value, list) else value
            for name, value in self.table.get("options", {}).items()
        }
        rows = [set(spec.options) for spec in self.known if spec.family == template.family]
        allowed = set.union(*rows) | BESIDES.get(template.family, frozenset())
        for told in unknown(given, sorted(allowed), "option"):
            raise Wrong(f"options: for {template.family} {told}")
        multiple = MULTIPLES.get(template.family, 1)
        if given.get("side", 0) % multiple:
            raise Wrong(f"options.side of {template.family} should be a multiple of {multiple}.")
        if "like" in self.table:
            return {**template.options, **given}
        needed = set() if template.family == "onnx" else set.intersection(*rows)
        if missing := sorted(needed - given.keys()):
            each = "; ".join(f"{name}, {OPTIONS[name].wanted}" for name in missing)
            raise Wrong(f"options of {template.family} lack {each}; or say like.")
        if "step" in given and "side" not in given:
            raise Wrong("options.step needs options.side: the shorter side, in pixels.")
        return given

    def _prompts(self, template: ModelSpec) -> frozenset[Any]:
        given = self.table.get("prompts", template.prompts)
        for each in given:
            if each not in template.prompts:
                kinds = ", ".join(sorted(template.prompts)) or "nothing: leave it out"
                told = f"{template.family} can't be told “{each}”; it takes {kinds}."
                raise Wrong(f"prompts: {told}")
        return frozenset(given)

    def _weights(self, template: ModelSpec) -> dict[str, Any]:
        """Where they are, and all that goes with them and not with the network."""
        said = [key for key in ("path", "repo", "url") if key in self.table]
        if len(said) > 1:
            raise Wrong(f"{' and '.join(said)} are both said: say where the weights are once.")
        if not said:
            if "like" not in self.table:
                raise Wrong("path, repo or url is missing: say where the weights are.")
            return {}
        files, size = self._files(template, said[0])
        checksum = self.table.get("checksum", "")
        if checksum and len(files) > 1:
            raise Wrong(f"checksum is for one file, and there are {len(files)}: leave it out.")
        path = self._path() if "path" in self.table else None
        counted = template.parameters if "like" in self.table else size // 4
        return {
            "packaged": None,
            "parts": (),
            "repo": self.table.get("repo"),
            "url": self.table.get("url"),
            "path": path,
            "revision": self.table.get("revision", "main"),
            "files": files,
            "instead": template.instead if "like" in self.table and len(files) > 1 else (),
            "checksum": checksum,
            "download_bytes": size,
            "parameters": counted if template.family != "onnx" else size // 4,
            "gated": False,
            "verified": True,
            "licence": UNCLEAR,
            "commercial": False,
            "page": f"https://huggingface.co/{self.table['repo']}" if said == ["repo"] else "",
        }

    def _path(self) -> Path:
        path = Path(os.path.expanduser(self.table["path"]))  # noqa: PTH111 (as in given)
        return (self.folder / path).absolute()

    def _files(self, template: ModelSpec, source: str) -> tuple[tuple[str, ...], int]:
        """Their names, and bytes as far as they are known."""
        usual = () if template.family == "onnx" else template.files
        size = self.table.get("download_bytes", 0)
        if source == "path" and not self._path().exists():
            raise Wrong(f"path: there is no {self._path()}.")
        if source == "repo" or (source == "path" and self._path().is_dir()):
            files = tuple(self.table.get("files", usual))
            if not files:
                raise Wrong(f"files is missing: {ROW['files'].wanted}.")
            return files, size
        if "files" in self.table:
            raise Wrong(f"files goes with a repo or a folder; {source} is one file: leave it out.")
        if len(usual) > 1:
            raise Wrong(f"{source} should be a folder or repo with {', '.join(usual)}.")
        name = self.table[source].rpartition("/")[2] if source == "url" else self._path().name
        kinds = (".onnx",) if template.family == "onnx" else _CHECKPOINTS
        if Path(name).suffix not in kinds:
            raise Wrong(f"{source} should end in {' or '.join(kinds)} for {template.family}.")
        if source == "url" and "checksum" not in self.table:
            raise Wrong(f"checksum is missing: {ROW['checksum'].wanted}, to know the file by.")
        return (name,), size or (self._path().stat().st_size if source == "path" else 0)
