"""Places in the zoom and on held cards. The zoom's pictures lie place for place with the photo, so
that a subject that was put elsewhere is seen where it stood. One more kind shows it where it was
put."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from photos.framing import moves
from photos.photo import PhotoFile
from ui.view import KINDS, View, ViewKind

PLACED = "Placed"
"""Replace once more, with the subject where it was put."""


def kinds_of(view: View, photos: Iterable[PhotoFile]) -> tuple[str, ...]:
    """What can be looked at: alike for all photos, for the dialog goes from one to another."""
    replaced = replace(view, kind="Replace")
    moved = any(moves(replaced.look_of(photo)) for photo in photos)
    return (*KINDS, PLACED) if moved else KINDS


def told_while_held(view: View) -> str:
    """What to say over the original that takes a card's place while that is held; nothing where
    both lie place for place. A card shows what its file has."""
    if view.kind != "Overlay" and view.look.frame:
        return "All of the photo, without the frame."
    return Seen.of(view, PLACED if view.kind == "Replace" else view.kind).told()


@dataclass(frozen=True)
class Seen:
    """What is seen of one photo. kind: one of `kinds_of`. files: the view whose files are beside
    it."""

    kind: str
    files: View

    @classmethod
    def of(cls, view: View, kind: str) -> "Seen":
        real: ViewKind = "Replace" if kind == PLACED else kind  # type: ignore[assignment]
        return cls(kind, replace(view, kind=real))

    @property
    def view(self) -> View:
        """Always of the whole photo: a frame may move with each model's subject."""
        return self.files.in_place if self.in_place else self.files.unframed

    @property
    def in_place(self) -> bool:
        """Whether all lies where it is in the photo."""
        return self.kind != PLACED or not self._moved

    @property
    def _moved(self) -> bool:
        """Whether the files have the subject elsewhere."""
        return moves(self.files.look)

    def told(self) -> str:
        """What to say of a subject that was put elsewhere; nothing of one that stands still."""
        if not self.in_place:
            return "The subject is where you put it, not where it is in the Original."
        if self._moved:
            return (
                "The subject is where it was, to be compared place for place. "
                f"{PLACED} shows it where you put it, as the file does."
            )
        return ""
