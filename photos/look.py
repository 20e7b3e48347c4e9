"""What becomes of a cut: which edges it gets, what goes behind, and the light it stands in."""

from collections.abc import Callable
from dataclasses import dataclass, field

from compositing.alpha import Edges, adjust
from compositing.arrays import Alpha
from compositing.background import Background
from compositing.shadow import Shadow
from compositing.subject import keep_to
from photos.cutting import Cut
from photos.painting import Painting, described
from photos.reading import PhotoFile

type LookOf = Callable[[PhotoFile], "Look"]
"""A photo's look; how strong a blur is depends on the photo's size."""


@dataclass(frozen=True)
class Look:
    """What becomes of a matte: its edges, what goes behind, whether the old background's colours
    are taken out of the subject (unmix), whether masks show their refined edges, the light and the
    shadow that `compose` takes. subjects: cuts that say whom; the other mattes of the same photo
    are kept to them. paintings: what was painted for a photo goes behind its subject in place of
    the background."""

    background: Background
    edges: Edges = field(default_factory=Edges)
    unmix: bool = True
    refined: bool = True
    light: float = 0
    shadow: Shadow | None = None
    subjects: tuple[Cut, ...] = ()
    paintings: tuple[Painting, ...] = ()

    def subject_of(self, cut: Cut) -> Cut | None:
        """The cut that says whom this one is of, if another does."""
        own = (each for each in self.subjects if each.photo.key == cut.photo.key)
        return next((each for each in own if each.key != cut.key), None)

    def behind(self, photo: PhotoFile) -> Background:
        """What goes behind the subject of `photo`."""
        own = (each for each in self.paintings if each.photo.key == photo.key)
        return next(own, self.background)

    def source(self, photo: PhotoFile) -> PhotoFile:
        """What files made with the background take their metadata from: the photo, with the recipe
        of what was painted for it."""
        background = self.behind(photo)
        return described(photo, background.recipe) if isinstance(background, Painting) else photo


def final_alpha(cut: Cut, look: Look, alpha_of: Callable[..., Alpha] = Cut.alpha) -> Alpha:
    """The cut's alpha as the look wants it: `float32 (H, W)` in [0, 1], the photo's size.

    alpha_of: called with a cut and refined=…, gives its alpha; if smaller, so is the result.
    """
    alpha = alpha_of(cut, refined=look.refined)
    subject = look.subject_of(cut)
    if subject is not None:
        alpha = keep_to(alpha, alpha_of(subject, refined=look.refined))
    return adjust(alpha, look.edges, alpha.shape[1] / cut.photo.width)
