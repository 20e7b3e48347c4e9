"""Models are run on photos that have truths, and their mattes measured; what is known isn't done
again."""

import base64
import hashlib
import json
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import cv2
import numpy as np

from evaluation.crops import worst_crop
from evaluation.metrics import score
from evaluation.metrics.levels import Levels, subject_of
from evaluation.records import Crop, Key, Measured, Records
from evaluation.sets.reading import BadTruth, Loaded, Source
from models.catalog import ModelSpec
from models.hub import weights
from models.interface import (
    NOTHING_SAID,
    Box,
    Check,
    LoadFailed,
    ModelError,
    Prompt,
    PromptMissing,
    unwanted,
)
from models.running.apart import revision_of, told_apart
from models.running.pool import Pool
from photos.cut import Cut, Refiner
from photos.cutting import cut_out
from photos.elsewhere import matte_cut
from photos.mattes import MatteFile
from photos.packed import packed_alpha
from photos.photo import PhotoError

type Telling = Literal["needed", "always"]
"""Who is told the truth's bounding box: models that can't guess, or all that hear boxes."""


@dataclass(frozen=True)
class Outcome:
    """What became of a case and a model. measured: None if it failed, then error says why. new:
    whether it was done now. spec: None where the case itself can't be used."""

    case: Source
    spec: ModelSpec | None
    measured: Measured | None = None
    error: str | None = None
    new: bool = True


@dataclass(frozen=True)
class Running:
    """How models are run: as `photos.cut_out` takes it."""

    device: str = "auto"
    refiner: Refiner = "quick"
    boxes: Telling = "needed"
    pool: Pool | None = None
    progress: weights.Progress = weights.ignore
    check: Check = unwanted


@dataclass(frozen=True)
class Elsewhere:
    """Mattes that another tool made. files: by cases' names."""

    spec: ModelSpec
    files: Mapping[str, Path]


def measure(
    cases: Sequence[Source],
    specs: Sequence[ModelSpec],
    records: Records,
    running: Running,
    others: Sequence[Elsewhere] = (),
) -> Iterator[Outcome]:
    """One outcome for each case and model, as soon as it's there. A case that can't be used gives
    one, without a model; a model that can't be loaded gives one and is left out from then on. Of
    other tools, one for each case that has a file.

    Raises BadRecords if results can't be kept, Cancelled if `running.check` says so.
    """
    usable = list(specs)
    for case in cases:
        try:
            loaded = case.load()
        except (PhotoError, BadTruth) as error:
            yield Outcome(case, None, error=str(error))
            continue
        for spec in list(usable):
            known = records.get(_key(loaded, spec, running))
            if known:
                yield Outcome(case, spec, known, new=False)
                continue
            try:
                measured = measure_one(loaded, spec, running)
            except ModelError as error:
                if isinstance(error, LoadFailed):
                    usable.remove(spec)
                yield Outcome(case, spec, error=str(error))
                continue
            # The revision is known for certain only now: a first run may have fetched it.
            records.put(_key(loaded, spec, running), measured)
            yield Outcome(case, spec, measured)
        for other in others:
            if case.name in other.files:
                yield _of_other(case, loaded, other.spec, other.files[case.name])


def measure_one(loaded: Loaded, spec: ModelSpec, running: Running) -> Measured:
    """Run a model on a photo, and hold its matte against the truth. Raises ModelError, or Cancelled
    if `running.check` says so."""
    prompt = _prompt(spec, loaded.truth, running)
    if spec.needs_prompt and not prompt:
        raise PromptMissing(f"{spec.label} can't be told of an empty truth.")
    cut = cut_out(
        loaded.photo, spec, prompt, running.device, pool=running.pool, pixels=loaded.pixels,
        refiner=running.refiner, progress=running.progress, check=running.check,
    )  # fmt: skip
    return measured_cut(cut, loaded)


def _of_other(case: Source, loaded: Loaded, spec: ModelSpec, path: Path) -> Outcome:
    """Another tool's matte, held against the truth. Nothing is run, so that nothing is kept."""
    try:
        file = MatteFile(path.name, path.read_bytes())
        cut = matte_cut(loaded.photo, file, spec, pixels=loaded.pixels)
    except PhotoError as error:
        return Outcome(case, spec, error=str(error))
    except OSError as error:
        return Outcome(case, spec, error=f"“{path}” can't be read: {error.strerror}.")
    return Outcome(case, spec, measured_cut(cut, loaded))


def _prompt(spec: ModelSpec, truth: Levels, running: Running) -> Prompt:
    told = spec.needs_prompt or running.boxes == "always"
    subject = subject_of(truth)
    if not (told and "boxes" in spec.prompts and subject.any()):
        return NOTHING_SAID
    left, top, width, height = cv2.boundingRect(subject.view(np.uint8))
    return Prompt(boxes=(Box(left, top, left + width, top + height),))


def _key(loaded: Loaded, spec: ModelSpec, running: Running) -> Key:
    settings: dict[str, Any] = {
        "device": running.device,
        "refiner": None if spec.soft else running.refiner,
        "box": bool(_prompt(spec, loaded.truth, running).boxes),
        **told_apart(spec),
    }
    photo = hashlib.sha256(loaded.photo.data).hexdigest()
    told = json.dumps(settings, sort_keys=True, default=str)
    return Key(photo, loaded.digest, spec.name, revision_of(spec), told)


def measured_cut(cut: Cut, loaded: Loaded) -> Measured:
    """Hold a matte that is there against the truth of its photo: as its model made it, whatever a
    person painted on it."""
    cut, began = cut.own, time.monotonic()
    matte = cut.levels()
    scores = score(matte, loaded.truth, loaded.trimap)
    rows, columns = worst_crop(cv2.absdiff(matte, loaded.truth))
    crop = matte[rows, columns]
    png = packed_alpha(crop * np.float32(1 / 255))
    return Measured(
        values=scores.values,
        curve=tuple(float(each) for each in scores.f_curve),
        radius=scores.radius,
        band=scores.band,
        seconds=cut.seconds,
        inference=cut.inference,
        device=cut.device,
        dtype=cut.dtype,
        peak_bytes=cut.peak_bytes,
        empty=cut.empty,
        box=bool(cut.prompt.boxes),
        worst=Crop(
            columns.start, rows.start, crop.shape[1], crop.shape[0],
            base64.b64encode(png).decode(),
        ),
        took=cut.inference + time.monotonic() - began,
    )  # fmt: skip
