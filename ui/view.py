"""What is looked at: one of five kinds of pictures, and how what they show is made."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from compositing.background import Blur, Picture, Portrait, default_kernel
from compositing.overlay import GREEN
from photos.cut import Cut
from photos.look import Look
from photos.photo import PhotoFile
from photos.rendering import Kind
from ui.parts import Part, part_of
from ui.tray import Placement

ViewKind = Literal["Overlay", "Matte", "Cutout", "Blur", "Replace"]
KINDS: tuple[ViewKind, ...] = ("Overlay", "Matte", "Cutout", "Blur", "Replace")
PICTURES: dict[ViewKind, Kind] = {
    "Overlay": "cutout",  # an overlay is only for looking: what counts is the subject
    "Matte": "matte",
    "Cutout": "cutout",
    "Blur": "composite",
    "Replace": "composite",
}
"""What a view's files hold."""


@dataclass(frozen=True)
class View:
    """What the cards show.

    blurred, replaced: the looks of the views Blur and Replace. behind: the key of the background in
    `replaced`. fill: whether the overlay's tint covers the subject, and isn't only drawn around
    it. strength, picture_strength: of the blur behind the subject and of that of a new background,
    whatever a photo's size. tint: the overlay's colour. placements: of the other photos in
    `replaced`, by the photos' keys.
    """

    kind: ViewKind
    blurred: Look
    replaced: Look
    behind: str
    fill: bool = True
    strength: float = 1
    picture_strength: float = 1
    tint: tuple[int, int, int] = GREEN
    placements: Mapping[str, Placement] = field(default_factory=dict)

    @property
    def look(self) -> Look:
        """The look of this view; in views that have none, the blurred one, for downloads."""
        return self.replaced if self.kind == "Replace" else self.blurred

    def look_of(self, photo: PhotoFile) -> Look:
        """This view's look for any photo of the visit: a blur's kernel follows the photo's size,
        and each has a placement of its own."""
        background, stand = self.look.background, self.look.stand
        strength = self.picture_strength if self.kind == "Replace" else self.strength
        if isinstance(background, Blur | Portrait | Picture):
            kernel = default_kernel(photo.width, photo.height, strength)
            background = replace(background, kernel=kernel)
        if self.kind == "Replace" and (own := self.placements.get(photo.key)):
            stand = None if own.stand.still else own.stand
            if isinstance(background, Picture):
                background = replace(background, position=own.position, zoom=own.zoom)
        return replace(self.look, background=background, stand=stand)

    def composite_of(self, photo: PhotoFile) -> "View":
        """The view of a photo's composite: Replace if that is looked at, else Blur."""
        look = self.look_of(photo)
        if self.kind == "Replace":
            return replace(self, replaced=look, fill=True)
        return replace(self, kind="Blur", blurred=look, fill=True)

    def of(self, photo: PhotoFile, tint: tuple[int, int, int]) -> "View":
        """This view of another photo than the one at hand. tint: what stands out from that."""
        blurred = replace(self, kind="Blur").look_of(photo)
        replaced = replace(self, kind="Replace").look_of(photo)
        behind = f"{self.behind}/{self.placements.get(photo.key)}"
        return replace(self, blurred=blurred, replaced=replaced, behind=behind, tint=tint)

    def part_of(self, photo: PhotoFile, cuts: Sequence[Cut]) -> Part | None:
        """What cards show of a photo, as `ui.parts` finds it; None if the look puts what is in the
        photo elsewhere."""
        look = self.look
        moved = look.frame is not None or (look.stand is not None and not look.stand.still)
        return None if moved and self.kind != "Overlay" else part_of(photo, cuts)

    @property
    def key(self) -> str:
        """Tells this view from every other."""
        look = self.look
        behind = {"Blur": repr(look.background), "Replace": self.behind}.get(self.kind)
        whom = [cut.key for cut in look.subjects]
        front = f"{look.edges}/{look.unmix}/{look.refined}/{look.light}/{look.shadow}"
        painted = [painting.key for painting in look.paintings]
        over = f"{self.fill}{self.tint}" if self.kind == "Overlay" else ""
        scenes = dict(look.scenes) if self.kind == "Blur" else {}
        placed = f"{look.frame}/{look.stand}"
        return f"{self.kind}/{over}/{behind}/{front}/{whom}/{painted}/{scenes}/{placed}"

    @property
    def unframed(self) -> "View":
        """The same of the whole photo."""
        blurred, replaced = (replace(look, frame=None) for look in (self.blurred, self.replaced))
        return replace(self, blurred=blurred, replaced=replaced)

    @property
    def in_place(self) -> "View":
        """The same of the whole photo with the subject where it stood: for what is told by places
        in the photo."""
        whole = self.unframed
        return replace(whole, replaced=replace(whole.replaced, stand=None))
