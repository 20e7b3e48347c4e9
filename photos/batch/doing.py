"""One photo of a batch, from its file to the files that are made of it."""

import hashlib
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import PurePath

from compositing.arrays import Photo
from compositing.strokes import Stroke
from models.catalog import ModelSpec
from models.hub import weights
from models.interface import Cancelled, Check, DeviceMissing, LoadFailed, ModelError, unwanted
from models.running.pool import Pool
from photos.batch.looks import look_for
from photos.batch.pieces import Piece
from photos.batch.places import read, stamp, write
from photos.batch.stores.address import StoreFailed
from photos.batch.wishes import Wishes
from photos.cut import Bits, Cut
from photos.cutting import cut_out
from photos.depth import Seen, awaited, depth_of, with_depth
from photos.elsewhere import matte_cut
from photos.finishing import finished
from photos.inside import check_inside
from photos.mattes import MatteFile
from photos.photo import PhotoError, PhotoFile
from photos.reading import open_with_pixels
from photos.rendering import Kind
from photos.retouching import retouched
from photos.saving import WriteFailed


@dataclass(frozen=True)
class Task:
    """A photo, and what is to be made of it: plain data, for another process too.

    Parameters
    ----------
    path : str
        The photo's, absolute, or its address.
    target : str
        Where its results go, likewise, without their endings.
    pieces : tuple of Piece
    matte : str
        The path of another tool's matte, absolute; empty if there is none.

    Examples
    --------
    >>> Task("/in/cat.jpg", "/out/cat", ()).pieces
    ()
    """

    path: str
    target: str
    pieces: tuple[Piece, ...]
    matte: str = ""


@dataclass(frozen=True)
class Row:
    """What became of one piece. bytes: of its file, 0 if there is none. error: a sentence; empty if
    it was made. notes: what the person should know, a sentence each.

    Examples
    --------
    >>> Row(Piece("u2netp", "matte", "_matte.png", "0"), error="“a.jpg” is empty.").bytes
    0
    """

    piece: Piece
    bytes: int = 0
    error: str = ""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Done:
    """What became of a photo. sha256: of its file, as it was read, and of its matte's behind it;
    empty if it couldn't be. size and changed: as `stamp` tells them, before it was read. seconds:
    what all of it took. target: the task's.

    Examples
    --------
    >>> Done((), "", -1, 0, 0.1).rows
    ()
    """

    rows: tuple[Row, ...]
    sha256: str
    size: int
    changed: int
    seconds: float
    target: str = ""


def do(
    task: Task,
    wishes: Wishes,
    *,
    pool: Pool | None = None,
    progress: weights.Progress = weights.ignore,
    check: Check = unwanted,
) -> Done:
    """Make what is wanted of a photo, and write it.

    It may be done twice: the same files come of it, each written whole or not at all.

    Parameters
    ----------
    task : Task
    wishes : Wishes
    pool, progress, check
        As `photos.cutting.cut_out` takes them.

    Returns
    -------
    done : Done
        With a row for each of the task's pieces. What is wrong with the photo is told there.

    Raises
    ------
    LoadFailed, DeviceMissing
        If a model can't be used at all, whichever photo it is.
    WriteFailed
        If the disk is full, or may only be read.
    StoreFailed
        If a store can't be used.
    Cancelled
        If `check` says so.

    Examples
    --------
    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> from photos.batch.pieces import pieces_of
    >>> from photos.samples import SAMPLES
    >>> wishes = Wishes(("grabcut",), ("cutout", "blur"))
    >>> with TemporaryDirectory() as folder:
    ...     path = Path(folder, "cup.png")
    ...     _ = path.write_bytes(SAMPLES[2].open().data)
    ...     done = do(Task(str(path), f"{folder}/out/cup", pieces_of(wishes)), wishes)
    ...     sorted(each.name for each in Path(folder, "out").iterdir())
    ['cup_blurred.jpg', 'cup_cutout.png']
    >>> [row.error for row in done.rows]
    ['', '']
    """
    start, name, data, theirs = time.perf_counter(), PurePath(task.path).name, b"", b""
    size, changed = stamp(task.path, task.matte)
    rows: list[Row] = []
    try:
        data = read(task.path)
        if task.matte:
            theirs = read(task.matte)
        photo, pixels = open_with_pixels(data, name)
        check_inside(wishes.prompt, photo)
        strokes = wishes.strokes.on(photo)
    except PhotoError as error:
        rows += [Row(piece, error=str(error)) for piece in task.pieces]
    else:
        matte = MatteFile(PurePath(task.matte).name, theirs) if task.matte else None
        work = _Work(task, wishes, photo, pixels, matte, strokes, pool, progress, check)
        for model, pieces in groupby(task.pieces, lambda piece: piece.model):
            rows += work.model(model, list(pieces))
    sha256 = hashlib.sha256(data + theirs).hexdigest() if data else ""
    seconds = time.perf_counter() - start
    return Done(tuple(rows), sha256, size, changed, seconds, task.target)


@dataclass(frozen=True, eq=False)
class _Work:
    task: Task
    wishes: Wishes
    photo: PhotoFile
    pixels: Photo
    matte: MatteFile | None
    strokes: tuple[Stroke, ...]
    pool: Pool | None
    progress: weights.Progress
    check: Check

    def model(self, name: str, pieces: Sequence[Piece]) -> Iterator[Row]:
        """A model's matte, and all that is made of it."""
        spec = next(each for each in self.wishes.specs if each.name == name)
        try:
            cut = self._taken(spec) if spec.foreign else self._cut_out(spec)
        except (LoadFailed, DeviceMissing, Cancelled):
            raise
        except Exception as error:
            yield from (Row(piece, error=_sentence(error)) for piece in pieces)
            return
        cut = retouched(cut, self.strokes, pixels=self.pixels)
        for piece in pieces:
            self.check()
            yield self._piece(cut, piece)

    def _depth(self, spec: ModelSpec) -> Seen:
        """The pool keeps it for the other models' pictures of the photo."""
        return depth_of(
            self.photo, spec, self.wishes.device,
            pool=self.pool, pixels=self.pixels, progress=self.progress, check=self.check,
        )  # fmt: skip

    def _cut_out(self, spec: ModelSpec) -> Cut:
        return cut_out(
            self.photo, spec, self.wishes.prompt.only(spec.prompts), self.wishes.device,
            pool=self.pool, pixels=self.pixels, refiner=self.wishes.refiner, packing=False,
            progress=self.progress, check=self.check, bits=self._bits,
        )  # fmt: skip

    def _taken(self, spec: ModelSpec) -> Cut:
        """As another tool made it. Raises PhotoError."""
        if self.matte is None:
            raise PhotoError(
                f"“{self.photo.name}” has no matte by {spec.label}, or several: one should be "
                "called as the photo is, in the folder of the same name."
            )
        return matte_cut(self.photo, self.matte, spec, pixels=self.pixels, bits=self._bits)

    @property
    def _bits(self) -> Bits:
        """That the matte is kept with."""
        return 16 if any(self.wishes.bits_of(make) == 16 for make in self.wishes.make) else 8

    def _piece(self, cut: Cut, piece: Piece) -> Row:
        format_ = self.wishes.format_of(piece.make)
        kind: Kind = "matte" if piece.make == "matte" else "composite"
        keep_gps = self.wishes.keep_gps
        try:
            look = look_for(piece.make, cut.photo, self.wishes)
            if spec := awaited(look):
                look = with_depth(look, self._depth(spec))
            file = finished(
                cut, look, kind, format_, pixels=self.pixels, keep_gps=keep_gps,
                bits=self.wishes.bits_of(piece.make),
            )  # fmt: skip
            write(self.task.target + piece.ending, file.data)
        except (LoadFailed, DeviceMissing, Cancelled, StoreFailed):
            raise
        except WriteFailed as error:
            if error.lasting:
                raise
            return Row(piece, error=str(error))
        except Exception as error:
            return Row(piece, error=_sentence(error))
        nobody = _nobody(cut.spec) if cut.empty else None
        others = self.wishes.strokes.passed_over(cut.photo)
        notes = (*filter(None, [nobody, others]), *cut.notes, *file.notes)
        return Row(piece, len(file.data), notes=notes)


def _nobody(spec: ModelSpec) -> str:
    if spec.foreign:
        return f"There is nothing of a subject in the matte by {spec.label}."
    return f"{spec.label} found no subject."


def _sentence(error: Exception) -> str:
    if isinstance(error, PhotoError | ModelError):
        return str(error)
    if isinstance(error, MemoryError):
        return "It needs more memory than is free here. Scale it down and try again."
    told = " ".join(str(error).split())
    return f"Something went wrong that nobody foresaw: {type(error).__name__}: {told}"
