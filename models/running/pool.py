"""Models are loaded when first needed, kept while they fit, run one at a time on each device."""

import functools
import hashlib
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from compositing.arrays import Alpha, Photo
from models.catalog import ModelSpec
from models.hub import weights
from models.hub.folder import Folder
from models.hub.provenance import Source, sources_of
from models.interface import Check, Encoded, Encoder, Matte, Prompt, Segmenter, untold, unwanted
from models.painter import Step, Wish, Words
from models.running import loading
from models.running.devices import Device, PeakMemory
from models.running.extra import require
from models.running.failures import failing_as_run
from models.running.memory import Key, Memory
from models.running.stages import recording, stage

BYTES_PER_WEIGHT = {"float32": 4, "bfloat16": 2, "float16": 2, "uint8": 1}


@dataclass(frozen=True, eq=False)
class Result[Made]:
    """What a model made, a matte or a picture, and how. seconds: by stage. device: with the number
    format, as really used. revision: of the weights. peak_bytes: the most that the run
    used, with the model itself; on a card that run, elsewhere any run of the model so far. weights:
    the files that it was loaded from, as they were then."""

    made: Made
    seconds: Mapping[str, float]
    device: Device
    revision: str
    peak_bytes: int
    weights: tuple[Source, ...] = ()


class Pool:
    """One for the whole process. Models are told apart by name, device and number format; what a
    model made of a photo before the prompt is kept beside it, so that a second prompt is quick.

    budget: as `models.running.memory.Memory` takes it.
    """

    def __init__(self, budget: Callable[[Device], int] | None = None) -> None:
        self._memory = Memory(budget)
        self._busy: dict[str, threading.Lock] = {}
        self._taken: dict[Key, int] = {}  # the most bytes that a run took, by what was run
        self._table = threading.Lock()

    def run(
        self,
        spec: ModelSpec,
        photo: Photo,
        prompt: Prompt,
        wanted: str = "auto",
        *,
        progress: weights.Progress = weights.ignore,
        check: Check = unwanted,
    ) -> Result[Matte]:
        """The matte of `photo`, by `spec` on the device called `wanted`; waits for its turn there.

        Raises DeviceMissing, LoadFailed, PromptMissing, RunFailed (all ModelError) or Cancelled.
        """
        require(spec)
        if spec.needs_prompt and not prompt.only(spec.prompts).names_subject:
            # Said at once, not after a download and a costly encoding.
            raise untold(spec.label, by_words="text" in spec.prompts)

        def segment(folder: Folder | None, device: Device) -> tuple[Matte, tuple[Source, ...]]:
            segmenter, files = self._ready(spec, folder, device)
            return self._segment(spec, segmenter, photo, prompt, device), files

        return self._use(spec, segment, wanted, progress, check)

    def paint(
        self,
        spec: ModelSpec,
        photo: Photo,
        alpha: Alpha,
        wish: Wish,
        wanted: str = "auto",
        *,
        step: Step,
        progress: weights.Progress = weights.ignore,
        check: Check = unwanted,
    ) -> Result[Photo]:
        """A background for the subject of `photo`, as `models.painter.Painter` paints it, by `spec`
        on the device called `wanted`; waits for its turn there. Raises what `run` does."""

        def paint(folder: Folder | None, device: Device) -> tuple[Photo, tuple[Source, ...]]:
            read: dict[str, Words] = {}
            if spec.reader_parameters:
                read["words"] = self._read(spec, folder, device, wish.prompt)
            painter, files = self._ready(spec, folder, device)
            with failing_as_run(spec, device):
                return painter.paint(photo, alpha, wish, step, **read), files

        return self._use(spec, paint, wanted, progress, check)

    def depth(
        self,
        spec: ModelSpec,
        photo: Photo,
        wanted: str = "auto",
        *,
        progress: weights.Progress = weights.ignore,
        check: Check = unwanted,
    ) -> Result[NDArray[np.float32]]:
        """The disparity of `photo`, as `models.depth.DepthModel` tells it, by `spec` on the device
        called `wanted`; waits for its turn there. It's kept beside the model, read-only. Raises
        what `run` does."""

        def tell(
            folder: Folder | None, device: Device
        ) -> tuple[NDArray[np.float32], tuple[Source, ...]]:
            model, files = self._ready(spec, folder, device)

            def measure() -> tuple[NDArray[np.float32], int]:
                found = np.array(model.depth(photo), np.float32)
                found.flags.writeable = False
                return found, found.nbytes

            with failing_as_run(spec, device):
                kept: NDArray[np.float32] = self._memory.keep(
                    Key(spec.name, device, _digest(photo)), measure
                )
                return kept, files

        return self._use(spec, tell, wanted, progress, check)

    def prepare(self, spec: ModelSpec, wanted: str = "auto", *, check: Check = unwanted) -> None:
        """Load the model on the device called `wanted`, so that its first photo needn't wait for
        that. Raises what `run` does, but for PromptMissing."""
        require(spec)
        self._use(
            spec, lambda folder, device: self._ready(spec, folder, device), wanted,
            weights.ignore, check,
        )  # fmt: skip

    def loaded(self) -> dict[str, dict[str, int]]:
        """Bytes of what is kept, by the device's name and by the model's."""
        return self._memory.loaded()

    def forget_photos(self, idle: float = 0) -> None:
        """Drop what models made of photos, if nobody has asked about it for `idle` seconds."""
        self._memory.forget_photos(idle)

    def _use[Made](
        self,
        spec: ModelSpec,
        use: Callable[[Folder | None, Device], tuple[Made, tuple[Source, ...]]],
        wanted: str,
        progress: weights.Progress,
        check: Check,
    ) -> Result[Made]:
        """What `use` makes with the row's files; it returns what was loaded from them, too."""
        device = loading.device_of(spec, wanted)
        with recording(device.synchronise, check, spec.name) as record:
            folder = loading.fetch(spec, progress, check)
            with self._turn(device, check), self._memory.dropping_when_full(device):
                key = Key(spec.name, device)
                taken = self._memory.bytes_of(key)
                with PeakMemory(device) as peak, loading.stoppable(spec, device):
                    made, files = use(folder, device)
                taken += peak.bytes
                if device.kind != "cuda":  # a process keeps what a run took, and grows by it once
                    taken = self._taken[key] = max(taken, self._taken.get(key, 0))
        revision = "" if spec.built_in else weights.resolved_revision(spec)
        return Result(made, dict(record.seconds), device, revision, taken, files)

    @contextmanager
    def _turn(self, device: Device, check: Check) -> Iterator[None]:
        with self._table:
            busy = self._busy.setdefault(device.name, threading.Lock())
        while not busy.acquire(timeout=0.2):
            check()
        try:
            yield
        finally:
            busy.release()

    def _ready(
        self, spec: ModelSpec, folder: Folder | None, device: Device
    ) -> tuple[Any, tuple[Source, ...]]:
        """The loaded model, and the files that it was loaded from; called with the device's turn
        held, so nobody loads it twice."""
        size = (spec.parameters - spec.reader_parameters) * BYTES_PER_WEIGHT[device.dtype]

        def load() -> tuple[tuple[Any, tuple[Source, ...]], int]:
            files = sources_of(spec)
            return (loading.load(spec, folder, device), files), size

        loaded: tuple[Any, tuple[Source, ...]]
        loaded = self._memory.keep(Key(spec.name, device), load, size)
        return loaded

    def _read(self, spec: ModelSpec, folder: Folder | None, device: Device, prompt: str) -> Words:
        """What the row's text encoder makes of the words, once for all that is painted by them.

        To the memory the encoder is a model like another: it stays if there is room for the rest
        of the painter too, and else goes, since it was used before that."""
        size = spec.reader_parameters * BYTES_PER_WEIGHT[device.dtype]
        key = Key(f"{spec.name}, its text encoder", device)

        def read() -> tuple[Words, int]:
            reader = self._memory.keep(
                key, lambda: (loading.load(spec, folder, device, "load_reader"), size), size
            )
            with failing_as_run(spec, device), stage("network"):
                words: Words = reader.read(prompt)
            return words, words.nbytes

        kept: Words = self._memory.keep(Key(spec.name, device, f"words: {prompt}"), read)
        return kept

    def _segment(
        self, spec: ModelSpec, segmenter: Segmenter, photo: Photo, prompt: Prompt, device: Device
    ) -> Matte:
        with failing_as_run(spec, device):
            if not isinstance(segmenter, Encoder):
                return segmenter.segment(photo, prompt)

            def encode() -> tuple[Encoded, int]:
                encoded = segmenter.encode(photo)
                return encoded, encoded.nbytes

            encoded = self._memory.keep(Key(spec.name, device, _digest(photo)), encode)
            return segmenter.decode(encoded, prompt)


@functools.cache
def shared_pool() -> Pool:
    """The one that a process has, unless somebody makes another."""
    return Pool()


def _digest(photo: Photo) -> str:
    return (
        f"{photo.shape}{hashlib.blake2b(np.ascontiguousarray(photo), digest_size=16).hexdigest()}"
    )
