"""The verb `again`: results are made once more by their recipes, and compared."""

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Annotated

from typer import Argument, BadParameter, Option

from models.interface import ModelError
from models.running.pool import Pool
from photos.cut import Cut
from photos.encoding import FORMAT_OF, format_in
from photos.export import kind_of
from photos.finishing import picture_file
from photos.known import Origin
from photos.look import Look
from photos.mattes import MatteFile
from photos.photo import PhotoError, PhotoFile
from photos.reading import open_photo, read_photo
from photos.recipes.agreement import Agreement
from photos.recipes.finding import find_file
from photos.recipes.following import Kitchen, differences
from photos.recipes.reading import recipe_in, results_in
from photos.recipes.result import ResultRecipe
from photos.recipes.settings import LaidPicture
from photos.saving import WriteFailed, write
from terminal.elsewhere import read_matte
from terminal.files import key_of
from terminal.options import ModelsFile
from terminal.progress import Bar
from terminal.unforeseen import sentence, traced
from terminal.work import NoResult


@dataclass(frozen=True)
class _Result:
    """A file to be made again. name: where it stands below the folder of all of them."""

    path: Path
    name: str
    recipe: ResultRecipe


@dataclass(frozen=True)
class Places:
    """Where things are that the recipe can't tell, and where the new file goes."""

    photo: Annotated[
        Path | None,
        Option(
            metavar="PATH",
            help="The photo, or a folder with it. By default it is looked for beside the file.",
            show_default=False,
        ),
    ] = None
    matte: Annotated[
        Path | None,
        Option(
            metavar="PATH",
            help="The matte of another tool, or a folder with it; looked for as the photo is.",
            show_default=False,
        ),
    ] = None
    depth_map: Annotated[
        Path | None,
        Option(
            metavar="PATH",
            help="The depth map of another tool, or a folder with it; looked for as the photo is.",
            show_default=False,
        ),
    ] = None
    background: Annotated[
        Path | None,
        Option(
            metavar="PATH",
            help="The background picture, or a folder with it; looked for as the photo is.",
            show_default=False,
        ),
    ] = None
    output: Annotated[
        Path | None,
        Option(
            "--output",
            "-o",
            metavar="PATH",
            help="Write what was made: a file, or a folder for those of a results.json. By default "
            "it is only compared.",
            show_default=False,
        ),
    ] = None


def again(
    file: Annotated[
        Path, Argument(metavar="FILE", help="A result: PNG, JPEG, WebP, TIFF, or a results.json.")
    ],
    *,
    places: Places,
    only: Annotated[
        str | None,
        Option(
            metavar="NAME",
            help="Of a results.json only this photo, model or file.",
            show_default=False,
        ),
    ] = None,
    models_file: ModelsFile = None,  # noqa: ARG001
    debug: Annotated[
        bool, Option("--debug", help="Show where something unforeseen went wrong.")
    ] = False,
) -> list[NoResult]:
    """Make a result again by its recipe, and tell whether the pixels agree.

    The exit code is 1 if one could not be made, or is another picture.
    """
    try:
        results = _results(file, only)
    except PhotoError as error:
        raise BadParameter(str(error), param_hint="FILE") from error
    several = file.suffix.lower() == ".json"
    targets = [_target(result, places.output, several=several) for result in results]
    with Bar(len(results)) as bar:
        work = _Work(places, bar, Kitchen(Pool(), bar.painted, bar.downloaded), debug)
        for result, target in zip(results, targets, strict=True):
            bar.doing(result.name)
            work.result(result, target)
            bar.done()
    return work.failures


def _results(file: Path, only: str | None) -> list[_Result]:
    """Raises PhotoError, or BadParameter if there is none of that name."""
    if file.suffix.lower() != ".json":
        if only is not None:
            raise BadParameter("It chooses among those of a results.json.", param_hint="--only")
        return [_Result(file, file.name, recipe_in(read_photo(file)))]
    try:
        data = file.read_bytes()
    except OSError as error:
        raise PhotoError(f"“{file}” can't be read: {error.strerror}. Check the path.") from error
    results, names = [], set[str]()
    for recipe, files in results_in(data, file.name):
        of = {recipe.run.model} | ({recipe.photo.name} if recipe.photo else set())
        names |= of
        for name in files:
            if only is None or only in {*of, name}:
                whole = replace(recipe, made=kind_of(name))
                results.append(_Result(file.parent / name, name, whole))
    if not results:
        there = f" There are: {', '.join(sorted(names))}." if names else ""
        raise BadParameter(f"There is no such result.{there}", param_hint="--only")
    return results


def _target(result: _Result, output: Path | None, *, several: bool) -> Path | None:
    """Where the new file goes. Raises BadParameter for a place that it can't go to."""
    if output is None:
        return None
    folder = several or output.is_dir() or not output.suffix
    target = output / result.name if folder else output
    if several and output.is_file():
        raise BadParameter(f"“{output}” is a file, not a folder.", param_hint="--output")
    if FORMAT_OF.get(target.suffix.lower()) != FORMAT_OF.get(result.path.suffix.lower()):
        ending = result.path.suffix
        raise BadParameter(f"What is made again ends in {ending} too.", param_hint="--output")
    if key_of(target) == key_of(result.path):
        raise BadParameter("That would overwrite what it is compared with.", param_hint="--output")
    return target


@dataclass
class _Work:
    """last: what has been made by a recipe stays for the next file, which is often of the same.
    sources: what results were made of, not to be overwritten."""

    places: Places
    bar: Bar
    kitchen: Kitchen
    debug: bool
    failures: list[NoResult] = field(default_factory=list)
    sources: set[str] = field(default_factory=set)
    last: tuple[ResultRecipe, Cut, Look] | None = None

    def result(self, result: _Result, target: Path | None) -> None:
        try:
            agreement = self._made(result, target)
        except Exception as error:
            if not isinstance(error, PhotoError | ModelError | WriteFailed) and self.debug:
                self.bar.tell(traced(error))
            self._fail(result, self._reason(result, error))
            self.bar.tell(self.failures[-1].reason)
            return
        print(f"{result.path}: {agreement.told()}", flush=True)
        if not agreement.close:
            self._fail(result, agreement.told())

    def _made(self, result: _Result, target: Path | None) -> Agreement:
        before, kind = read_photo(result.path), result.recipe.made or "composite"
        format_ = format_in(before.data)
        if format_ is None:
            raise PhotoError(f"“{result.path}” is not of a format that results have.")
        cut, look = self._followed(result)
        for note in cut.notes[len(cut.photo.notes) :]:
            self.bar.tell(f"“{result.path}”: {note}")
        bits = result.recipe.bits
        data = picture_file(cut, look, kind, format_, bits=bits)
        for told in differences(result.recipe, ResultRecipe.of(cut, look, kind, bits)):
            self.bar.tell(f"“{result.path}”: {told}")
        if target:
            if key_of(target) in self.sources:
                raise PhotoError(f"“{target}” is what it is made of: name another --output.")
            write(target, data)
        agreement = Agreement.of(before, open_photo(data, result.name))
        if format_ != "PNG" and not agreement.same:
            told = f"A {format_} that another program saved anew differs, too."
            self.bar.tell(f"“{result.path}”: {told}")
        return agreement

    def _followed(self, result: _Result) -> tuple[Cut, Look]:
        recipe, path = result.recipe, result.path
        shared = replace(recipe, made=None)
        if self.last and self.last[0] == shared:
            return self.last[1:]
        name, sha256 = (recipe.photo.name, recipe.photo.sha256) if recipe.photo else (None, None)
        photo = self._read(find_file(name, sha256, self.places.photo, path, "--photo"))

        def picture(laid: LaidPicture) -> PhotoFile:
            own = self.places.background
            return self._read(find_file(laid.name, laid.sha256, own, path, "--background"))

        def matte(file: Origin) -> MatteFile:
            found = find_file(file.name, file.sha256, self.places.matte, path, "--matte")
            self.sources.add(key_of(found))
            return read_matte(found)

        def depth_map(file: Origin) -> MatteFile:
            own = self.places.depth_map
            found = find_file(file.name, file.sha256, own, path, "--depth-map")
            self.sources.add(key_of(found))
            return read_matte(found)

        cut, look = self.kitchen.follow(recipe, photo, picture, matte, depth_map)
        self.last = shared, cut, look
        return cut, look

    def _read(self, path: Path) -> PhotoFile:
        self.sources.add(key_of(path))
        return read_photo(path)

    def _reason(self, result: _Result, error: Exception) -> str:
        if isinstance(error, PhotoError | WriteFailed):
            return str(error)
        if isinstance(error, ModelError):
            return f"“{result.path}”: {error}"
        return sentence(error, result.path, debug=self.debug)

    def _fail(self, result: _Result, reason: str) -> None:
        self.failures.append(NoResult(result.path, result.recipe.run.model, reason))
