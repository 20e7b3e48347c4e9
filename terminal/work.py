"""Each photo, cut out by each model; what fails is told, and the rest is done."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from compositing.arrays import Photo
from compositing.strokes import Patch, Stroke, patches_of
from models.catalog import ModelSpec
from models.interface import LoadFailed, ModelError
from models.running.extra import installed
from models.running.pool import Pool
from photos.cut import Cut
from photos.cutting import cut_out
from photos.elsewhere import matte_cut
from photos.inside import check_inside
from photos.photo import PhotoError, PhotoFile
from photos.reading import open_with_pixels, read_bytes
from photos.retouching import retouched
from photos.saving import WriteFailed
from terminal.elsewhere import Tool, match_all, read_matte
from terminal.library import announce
from terminal.progress import Bar
from terminal.request import Request, telling
from terminal.streams import STDIN, piped_in
from terminal.unforeseen import sentence, traced

type Keep = Callable[[Path, Photo, Cut], None]
"""Called with a photo's path, its pixels and a model's cut of it; writes what is wanted of it."""

type Finish = Callable[[Path, Photo], None]
"""Called with a photo's path and its pixels when all of its cuts were kept."""


class NoAgreement(Exception):
    """A photo's cuts are too few or too much alike to agree on anything."""


@dataclass(frozen=True)
class NoResult:
    """A photo that can't be used (model None), or that a model gave no result for."""

    photo: Path
    model: str | None
    reason: str


def cut_all(
    photos: Sequence[Path],
    request: Request,
    keep: Keep,
    pool: Pool | None = None,
    bar: Bar | None = None,
    finish: Finish | None = None,
) -> list[NoResult]:
    """Hand every cut to `keep` as soon as it's there; return what failed, already told.

    pool, bar: what `keep` uses as well, if it runs models too. finish: called when a photo's cuts
    are all there.
    """
    with bar or Bar(len(photos) * len(request.rows)) as bar:
        usable = {spec.name for spec in request.specs}
        given = match_all(request.tools, photos, bar.tell)
        lone = len(photos) == 1
        work = _Work(request, keep, finish, bar, usable, pool or Pool(), given, lone)
        for spec in filter(installed, request.specs):
            announce(spec, bar)
        for photo in photos:
            if request.specs and not work.usable:
                break
            work.photo(photo)
        for told in request.strokes.left_over(work.opened):
            bar.tell(told)
    return work.failures


@dataclass
class _Work:
    """usable: the models that could be loaded so far; one that can't won't for the next photo.
    given: of each other tool, the matte's file for each photo. lone: whether there is one photo.
    opened: the SHA-256 of all that could be; strokes, patches: of the one at hand."""

    request: Request
    keep: Keep
    finish: Finish | None
    bar: Bar
    usable: set[str]
    pool: Pool
    given: Mapping[Tool, Mapping[Path, Path]]
    lone: bool
    opened: list[str] = field(default_factory=list)
    strokes: tuple[Stroke, ...] = ()
    patches: tuple[Patch, ...] = ()
    failures: list[NoResult] = field(default_factory=list)

    def photo(self, path: Path) -> None:
        specs = [spec for spec in self.request.specs if spec.name in self.usable]
        self.bar.doing(path.name)
        try:
            photo, pixels = _read(path)
            check_inside(self.request.prompt, photo)
            self._retouch(path, photo, pixels)
            for note in photo.notes:
                self.bar.tell(f"“{path}”: {note}")
        except Exception as error:
            self._fail(path, None, self._reason(path, error))
            self.bar.done(len(specs) + len(self.given))
            return
        for spec in specs:
            self.bar.doing(f"{path.name} · {spec.label}")
            self._cut(path, photo, pixels, spec)
            self.bar.done()
        for tool, files in self.given.items():
            self._take(path, photo, pixels, tool, files.get(path))
            self.bar.done()
        self._finish(path, pixels)

    def _retouch(self, path: Path, photo: PhotoFile, pixels: Photo) -> None:
        """Raises PhotoError for strokes that are of another photo."""
        drawn = self.request.strokes
        if drawn.files:
            self.opened.append(photo.sha256)
        self.strokes = drawn.on(photo, lone=self.lone)
        self.patches = tuple(
            patch for stroke in self.strokes for patch in patches_of(pixels, stroke)
        )
        if not self.strokes and (told := drawn.passed_over(photo)):
            self.bar.tell(f"“{path}”: {told}")

    def _finish(self, path: Path, pixels: Photo) -> None:
        try:
            if self.finish:
                self.finish(path, pixels)
        except BrokenPipeError:
            raise  # nobody reads on
        except Exception as error:
            self._fail(path, None, self._reason(path, error))

    def _cut(self, path: Path, photo: PhotoFile, pixels: Photo, spec: ModelSpec) -> None:
        try:
            heard, device = self.request.heard(spec), self.request.device
            cut = cut_out(
                photo, spec, heard, device, pool=self.pool, pixels=pixels,
                refiner=self.request.refiner, progress=self.bar.downloaded,
                bits=self.request.bits,
            )  # fmt: skip
            if cut.empty and not self.request.listing:
                self.bar.tell(_nobody(path, spec))
            self._keep(path, pixels, cut)
        except BrokenPipeError:
            raise  # nobody reads on
        except Exception as error:
            if isinstance(error, LoadFailed):
                self.usable.discard(spec.name)
            self._fail(path, spec.name, self._reason(path, error))

    def _take(
        self, path: Path, photo: PhotoFile, pixels: Photo, tool: Tool, file: Path | None
    ) -> None:
        """The matte that another tool made; nothing is asked of it where others are compared."""
        if file is None:
            told = tool.nothing_for(path)
            if self.request.specs:
                self.bar.tell(told)
            else:
                self._fail(path, tool.spec.name, told)
            return
        try:
            cut = matte_cut(
                photo, read_matte(file), tool.spec, pixels=pixels, bits=self.request.bits
            )
            if cut.empty:
                self.bar.tell(f"“{file}”: there is nothing of a subject in this matte.")
            self._keep(path, pixels, cut)
        except BrokenPipeError:
            raise  # nobody reads on
        except Exception as error:
            self._fail(path, tool.spec.name, self._reason(path, error))

    def _keep(self, path: Path, pixels: Photo, cut: Cut) -> None:
        cut = retouched(cut, self.strokes, patches=self.patches)
        for note in cut.notes[len(cut.photo.notes) :]:  # the photo's own have been told
            self.bar.tell(f"“{path}”: {note}")
        self.keep(path, pixels, cut)

    def _reason(self, path: Path, error: Exception) -> str:
        """What to tell of it; for what nobody foresaw, too."""
        if isinstance(error, LoadFailed | PhotoError | WriteFailed):
            return str(error)
        if isinstance(error, ModelError | NoAgreement):
            return f"“{path}”: {error}"
        if self.request.debug:
            self.bar.tell(traced(error))
        return sentence(error, path, debug=self.request.debug)

    def _fail(self, path: Path, model: str | None, reason: str) -> None:
        self.failures.append(NoResult(path, model, reason))
        self.bar.tell(reason)


def _read(path: Path) -> tuple[PhotoFile, Photo]:
    if path.is_dir():
        raise PhotoError(f"“{path}” holds no photos that can be read. Name another folder.")
    return open_with_pixels(piped_in() if path == STDIN else read_bytes(path), path.name)


def _nobody(path: Path, spec: ModelSpec) -> str:
    told = telling(spec)
    advice = f"Say where it is, by {told}." if told else "Try another model."
    return f"“{path}”: {spec.label} found no subject. {advice}"
