"""Where a row's files are, each below it under its name."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Joined:
    """The folders of a row's parts by their names, as if they lay in one: `joined / name`."""

    folders: Mapping[str, Path]

    def __truediv__(self, name: str) -> Path:
        part, _, rest = name.partition("/")
        return self.folders[part] / rest


type Folder = Path | Joined
