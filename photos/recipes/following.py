"""A recipe is followed: the same model, settings and photo give the same picture."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from compositing.background import Background, Transparent
from models import catalog
from models.catalog import CONSENSUS, INPUT_ALPHA, ModelSpec
from models.hub import weights
from models.interface import DeviceMissing, ModelError, RunFailed
from models.painter import Step, Wish
from models.running.devices import resolve
from models.running.pool import Pool
from photos.cut import Bits, Cut
from photos.cutting import cut_out, input_cut
from photos.depth import DepthRun, Seen, depth_of
from photos.depth_maps import read_depth
from photos.elsewhere import matte_cut
from photos.known import KnownFile, Origin
from photos.look import Look, final_alpha
from photos.mattes import MatteFile
from photos.painting import Painting, paint
from photos.photo import PhotoFile
from photos.program import program
from photos.recipe import Recipe
from photos.recipes.result import ResultRecipe, Run
from photos.recipes.settings import LaidPicture, LaidPortrait
from photos.retouching import retouched

type PictureOf = Callable[[LaidPicture], PhotoFile]
"""Gives the file of a background picture. Raises PhotoError."""
type MatteOf = Callable[[Origin], MatteFile]
"""Gives the file of a matte or a depth map that another tool made. Raises PhotoError."""


@dataclass(frozen=True)
class Kitchen:
    """Where recipes are followed.

    Parameters
    ----------
    pool : Pool
        Where loaded models are kept.
    progress : callable
        Called with the bytes of a download that are here, and with all of them.
    step : callable
        `step(done, all)` is called after each step of a painter.

    Examples
    --------
    >>> from compositing.background import Blur
    >>> from models.catalog import GRABCUT
    >>> from photos.samples import SAMPLES
    >>> cut = cut_out(SAMPLES[2].open(), GRABCUT)
    >>> recipe = ResultRecipe.of(cut, Look(Blur(51)), "composite")
    >>> again, look = Kitchen(Pool(), step=print).follow(recipe, cut.photo, print, print, print)
    >>> bool((again.levels() == cut.levels()).all()), look == Look(Blur(51))
    (True, True)
    """

    pool: Pool
    step: Step
    progress: weights.Progress = weights.ignore

    def follow(
        self,
        recipe: ResultRecipe,
        photo: PhotoFile,
        picture: PictureOf,
        matte: MatteOf,
        depth_map: MatteOf,
    ) -> tuple[Cut, Look]:
        """Make the cut and the look of a recipe's picture, for `photos.finishing.picture_file`.

        Parameters
        ----------
        recipe : ResultRecipe
        photo : PhotoFile
            The one that it's about.
        picture : callable
            Called for the file of the background picture, if there is one.
        matte : callable
            Called for the file of the matte, if another tool made it.
        depth_map : callable
            Called for the file of the depth map that it was blurred by, if there is one.

        Returns
        -------
        cut : Cut
        look : Look

        Raises
        ------
        ModelError
            If a model isn't there or did not finish: a sentence that says what to do.
        PhotoError
            As `picture`, `matte` and `depth_map` do, or if a file doesn't fit the photo.
        ValueError
            If a background can't be laid as the recipe has it.
        """
        behind = recipe.settings.background
        background: Background
        if isinstance(behind, LaidPicture):
            background = behind.found(picture(behind))  # before the work
        elif isinstance(behind, LaidPortrait):
            try:
                background = behind.found(self._depth(behind, photo, depth_map))
            except ValueError as error:
                raise RunFailed(str(error)) from error
        else:
            background = Transparent() if isinstance(behind, Recipe) else behind
        cut = retouched(self._cut(recipe.run, photo, matte, recipe.bits), recipe.strokes)
        subjects: tuple[Cut, ...] = ()
        if recipe.kept_to:
            subjects = (retouched(self._cut(recipe.kept_to, photo, matte), recipe.strokes),)
        look = replace(recipe.settings.look(background), subjects=subjects)
        if not isinstance(behind, Recipe):
            return cut, look
        around = cut
        if behind.around != recipe.run.model:
            run = replace(recipe.run, model=behind.around, matte=None)
            around = retouched(self._cut(run, photo, matte), recipe.strokes)
        return cut, replace(look, paintings=(self._painting(behind, around, look),))

    def _depth(self, behind: LaidPortrait, photo: PhotoFile, depth_map: MatteOf) -> Seen | None:
        if behind.file:
            return read_depth(depth_map(behind.file), photo)
        if behind.run is None:
            return None
        spec, device = _found(behind.run.model, catalog.DEPTHS), usable(behind.run.device or "auto")
        return depth_of(photo, spec, device, pool=self.pool, progress=self.progress)

    def _cut(self, run: Run, photo: PhotoFile, matte: MatteOf, bits: Bits = 8) -> Cut:
        if run.matte:
            return matte_cut(photo, matte(run.matte), catalog.other_tool(run.model), bits=bits)
        if run.model == INPUT_ALPHA.name:
            own = input_cut(photo)
            if own is None:
                raise RunFailed(f"“{photo.name}” has no transparency of its own.")
            return own
        if run.model == CONSENSUS.name:
            raise RunFailed("This is the consensus of several models: compare them again.")
        spec = _found(run.model)
        return cut_out(
            photo,
            spec,
            run.prompt.only(spec.prompts),
            usable(run.device),
            pool=self.pool,
            refiner=run.refiner or "quick",
            progress=self.progress,
            bits=bits,
        )

    def _painting(self, recipe: Recipe, around: Cut, look: Look) -> Painting:
        spec = _found(recipe.painter, catalog.PAINTERS)
        try:
            wish = Wish(recipe.prompt, recipe.negative, recipe.steps, recipe.guidance, recipe.seed)
        except ValueError as error:
            raise RunFailed(str(error)) from error
        return paint(
            self.pool,
            spec,
            around,
            around.photo.pixels(),
            final_alpha(around, look),
            wish,
            usable(recipe.device),
            step=self.step,
            progress=self.progress,
        )


def usable(device: str) -> str:
    """Choose the device that a recipe names, or "auto" if it isn't there.

    Parameters
    ----------
    device : str

    Returns
    -------
    device : str

    Examples
    --------
    >>> usable("cpu"), usable("cuda:99")
    ('cpu', 'auto')
    """
    try:
        return resolve(device).name
    except DeviceMissing:
        return "auto"


def differences(recipe: ResultRecipe, now: ResultRecipe) -> list[str]:
    """Tell what is not as it was: why pixels may differ.

    Parameters
    ----------
    recipe : ResultRecipe
        By which the result was made.
    now : ResultRecipe
        By which it was made again.

    Returns
    -------
    differences : list of str
        A sentence each.

    Examples
    --------
    >>> from compositing.background import Blur
    >>> from models.catalog import GRABCUT
    >>> from photos.samples import SAMPLES
    >>> cut = cut_out(SAMPLES[2].open(), GRABCUT)
    >>> recipe = ResultRecipe.of(cut, Look(Blur(51)))
    >>> differences(recipe, recipe)
    []
    >>> print(differences(replace(recipe, program="cutout-compare 0.0.9"), recipe)[0][:48])
    It was made by cutout-compare 0.0.9, and this is
    """
    return list(_differences(recipe, now))


def _differences(recipe: ResultRecipe, now: ResultRecipe) -> Iterator[str]:
    if recipe.photo and now.photo and recipe.photo.sha256 != now.photo.sha256:
        yield f"“{now.photo.name}” is not the file that it was made from, “{recipe.photo.name}”."
    if not recipe.program:
        yield (
            "An older program wrote its recipe: which photo it was, what the model was told and "
            "what was done to edges isn't known."
        )
    elif recipe.program != program():
        yield f"It was made by {recipe.program}, and this is {program()}."
    for then, today in ((recipe.run, now.run), (recipe.kept_to, now.kept_to)):
        if then and today:
            yield from _of_runs(then, today)
    before, after = recipe.settings.background, now.settings.background
    if isinstance(before, Recipe) and isinstance(after, Recipe):
        yield from _of_paintings(before, after)
    if isinstance(before, LaidPortrait) and isinstance(after, LaidPortrait):
        yield from _of_depths(before, after)
    if isinstance(before, LaidPicture) and isinstance(after, LaidPicture):
        if before.sha256 is None:
            yield "Which background picture it was isn't known."
        elif before.sha256 != after.sha256:
            yield f"“{after.name}” is not the background that it was made with, “{before.name}”."


def _of_depths(then: LaidPortrait, now: LaidPortrait) -> Iterator[str]:
    if then.file and now.file and then.file.sha256 != now.file.sha256:
        yield f"“{now.file.name}” is not the depth map that it was made with, “{then.file.name}”."
    if then.run and now.run:
        yield from _of_networks(then.run, now.run)


def _of_runs(then: Run, now: Run) -> Iterator[str]:
    if then.matte and now.matte and then.matte.sha256 != now.matte.sha256:
        yield f"“{now.matte.name}” is not the matte that it was made with, “{then.matte.name}”."
    yield from _of_networks(then, now)


def _of_networks(then: Run | DepthRun, now: Run | DepthRun) -> Iterator[str]:
    if then.revision and then.revision != now.revision:
        yield _of_revisions(then.model, then.revision, now.revision)
    elif _others(then.weights, now.weights):
        yield f"{then.model} had other files of weights."
    if then.dtype and (then.device, then.dtype) != (now.device, now.dtype):
        yield f"{then.model} ran on {then.device} in {then.dtype}, now {now.device} in {now.dtype}."


def _of_paintings(then: Recipe, now: Recipe) -> Iterator[str]:
    if then.revision != now.revision:
        yield _of_revisions(then.painter, then.revision, now.revision)
    elif then.weights and then.weights != now.weights:
        yield f"{then.painter} had other files of weights."
    if (then.device, then.dtype) != (now.device, now.dtype):
        ran = f"{then.painter} ran on {then.device} in {then.dtype}"
        yield f"{ran}, now {now.device} in {now.dtype}."


def _of_revisions(model: str, then: str, now: str | None) -> str:
    return f"{model} had revision {then or 'none'} of its weights, now {now or 'none'}."


def _others(then: tuple[KnownFile, ...], now: tuple[KnownFile, ...]) -> bool:
    """Whether files are known to be others. What nobody has read isn't known."""
    if [file.name for file in then] != [file.name for file in now]:
        return bool(then)
    return any(
        None not in known and len(set(known)) > 1
        for old, new in zip(then, now, strict=True)
        for known in ((old.sha256, new.sha256), (old.bytes, new.bytes))
    )


def _found(name: str, among: Sequence[ModelSpec] | None = None) -> ModelSpec:
    try:
        return catalog.find(name, among)
    except KeyError as error:
        raise ModelError(error.args[0]) from error
