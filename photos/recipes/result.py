"""All that decides the pixels of one result: the recipe that its file holds."""

from dataclasses import asdict, dataclass
from typing import Any, Self

from compositing.strokes import Stroke
from models.interface import NOTHING_SAID, Prompt
from photos.cut import Bits, Cut, Refiner
from photos.known import KnownFile, Origin, known_files
from photos.look import Look
from photos.program import program
from photos.recipes.settings import Settings
from photos.recipes.strokes import told_strokes
from photos.rendering import Kind

EDITION = 1
"""Of the way in which recipes are written; grows when an older program would misread a new one."""
LONGEST = 32_000
"""Bytes of a recipe in a file, at most: a JPEG holds 64 KB of EXIF, and the photo has some too."""


@dataclass(frozen=True)
class Run:
    """A model's run on the photo. revision: of the weights, None if they have none. device and
    dtype: what it really ran with. refiner: what drew the edges; None of a soft matte. matte: the
    file, if another tool made the matte; then the model is what that is called.

    Examples
    --------
    >>> from models.catalog import GRABCUT
    >>> from photos.cutting import cut_out
    >>> from photos.samples import SAMPLES
    >>> run = Run.of(cut_out(SAMPLES[2].open(), GRABCUT))
    >>> run.model, run.device, run.refiner, run.weights
    ('grabcut', 'cpu', 'quick', ())
    """

    model: str
    revision: str | None
    weights: tuple[KnownFile, ...]
    device: str
    dtype: str
    prompt: Prompt = NOTHING_SAID
    refiner: Refiner | None = None
    matte: Origin | None = None

    @classmethod
    def of(cls, cut: Cut) -> Self:
        files, revision = known_files(cut.weights), cut.revision or None
        matte = Origin(cut.matte.name, cut.matte.sha256) if cut.matte else None
        return cls(
            cut.spec.name, revision, files, cut.device, cut.dtype, cut.prompt, cut.refiner, matte
        )

    def told(self) -> dict[str, Any]:
        """List all of it, ready for JSON; the matte only if there is one, so that older programs
        can read all other recipes."""
        told = asdict(self)
        return told if self.matte else {k: v for k, v in told.items() if k != "matte"}


@dataclass(frozen=True)
class ResultRecipe:
    """By what a result was made: enough to make it again.

    Parameters
    ----------
    program : str
        Which program made it, with its version; empty if that isn't known.
    photo : Origin, optional
        None if it isn't known: recipes of programs before this kind was written don't tell it.
    run : Run
        The model that cut out.
    settings : Settings
        What goes behind, and all else of the look.
    kept_to : Run, optional
        The run of the model that said whom the result is of, if another did.
    made : {"matte", "trimap", "cutout", "composite"}, optional
        Which picture; None for all that a cut has.
    bits : {8, 16}
        Of a pixel, if it's a matte.
    strokes : tuple of Stroke
        What a person painted on the mattes.

    Examples
    --------
    >>> from compositing.background import Blur
    >>> from models.catalog import GRABCUT
    >>> from photos.cutting import cut_out
    >>> from photos.samples import SAMPLES
    >>> cut = cut_out(SAMPLES[2].open(), GRABCUT)
    >>> recipe = ResultRecipe.of(cut, Look(Blur(51)), "composite")
    >>> recipe.photo.name, recipe.run.model, recipe.settings.background
    ('coffee.png', 'grabcut', Blur(kernel=51, method='unmix'))
    """

    program: str
    photo: Origin | None
    run: Run
    settings: Settings
    kept_to: Run | None = None
    made: Kind | None = None
    bits: Bits = 8
    strokes: tuple[Stroke, ...] = ()

    @classmethod
    def of(cls, cut: Cut, look: Look, made: Kind | None = None, bits: Bits = 8) -> Self:
        """The recipe of a cut's picture. Quick: no file is read for it but small ones, once."""
        photo, subject = cut.photo, look.subject_of(cut)
        return cls(
            program(),
            Origin(photo.name, photo.sha256),
            Run.of(cut),
            Settings.of(look, photo),
            Run.of(subject) if subject else None,
            made,
            bits,
            cut.strokes,
        )

    def told(self) -> dict[str, Any]:
        """List all of it, ready for JSON."""
        told = {
            "recipe": EDITION,
            "program": self.program,
            "photo": asdict(self.photo) if self.photo else None,
            "run": self.run.told(),
            "settings": self.settings.told(),
            "kept_to": self.kept_to.told() if self.kept_to else None,
            "made": self.made,
        }
        if self.bits != 8:  # older programs can read all other recipes
            told["bits"] = self.bits
        if self.strokes:
            told["strokes"] = told_strokes(self.strokes)
        return {name: _written(value) for name, value in told.items()}


def _written(value: Any) -> Any:
    """The same with whole numbers as such, so that equal recipes are equal files: whoever types 1
    gets 1.0 from some front doors."""
    if isinstance(value, dict):
        return {name: _written(part) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [_written(part) for part in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value
