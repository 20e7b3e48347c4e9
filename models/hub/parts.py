"""Rows whose files come from several repositories of the hub."""

from dataclasses import dataclass, replace

from models import catalog
from models.catalog import ModelSpec
from models.hub.cache import Repository, together
from models.hub.folder import Joined
from models.hub.transfer import Transfer


@dataclass(frozen=True)
class Parts:
    """The repositories of `spec`, which other rows may share."""

    spec: ModelSpec

    def revision(self) -> str:
        return " + ".join(each.revision() for each in self._repositories().values())

    def folder(self) -> Joined:
        """Where the cache keeps them, complete or not."""
        return Joined({name: each.folder() for name, each in self._repositories().items()})

    def complete(self) -> Joined | None:
        """The cached folders once they hold all the row's files, or None."""
        whole = all(each.complete() for each in self._repositories().values())
        return self.folder() if whole else None

    def download(self, transfer: Transfer) -> Joined:
        """As `Repository.download`."""
        together(list(self._repositories().values()), transfer)
        return self.folder()

    def unfinished(self) -> int:
        """Bytes that stopped downloads left."""
        return sum(each.unfinished() for each in self._repositories().values())

    def remove(self) -> int:
        """Drop those that aren't another row's own: who removes one row doesn't mean the other.
        Returns the bytes freed. Raises LoadFailed when the cache can't be written to."""
        repositories = self._repositories().values()
        return sum(each.remove() for each in repositories if each.spec.name == self.spec.name)

    def _repositories(self) -> dict[str, Repository]:
        return {name: Repository(row, row.repo or "") for name, row in rows(self.spec).items()}


def rows(spec: ModelSpec) -> dict[str, ModelSpec]:
    """By the names of its parts, a row for each; it bears the name of the row whose own repository
    it is, which removes it. A row without parts is its own, without a name."""
    if not spec.parts:
        return {"": spec}
    return {
        part.name: replace(
            spec,
            name=owner.name if (owner := _owner(part.repo)) else spec.name,
            page=f"https://huggingface.co/{part.repo}",
            repo=part.repo,
            revision=part.revision,
            parts=(),
            files=tuple(
                name.removeprefix(f"{part.name}/")
                for name in spec.files
                if name.startswith(f"{part.name}/")
            ),
        )
        for part in spec.parts
    }


def sharing(spec: ModelSpec) -> list[ModelSpec]:
    """The other rows that have a repository in common with it."""
    own = _repos(spec)
    others = (each for each in catalog.everything() if each.name != spec.name)
    return [each for each in others if own & _repos(each)]


def _repos(spec: ModelSpec) -> set[str]:
    return {row.repo for row in rows(spec).values() if row.repo}


def _owner(repo: str) -> ModelSpec | None:
    return next((each for each in catalog.everything() if each.repo == repo), None)
