"""Models measured on photos with truths: real ones, with the built-in network."""

import base64
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from importlib.resources import files
from pathlib import Path
from textwrap import dedent
from types import MappingProxyType

import cv2
import numpy as np
import pytest
from PIL import Image

from evaluation.measuring import Outcome, Running, _key, measure
from evaluation.metrics import find
from evaluation.records import BadRecords, Key, Records
from evaluation.sets.layouts import find_cases
from evaluation.summary import comparisons, pareto, table, worst
from models.catalog import GRABCUT, U2NETP, ModelSpec
from models.catalog import find as find_model

MATTES = Path(__file__).parents[1] / "data" / "built_in"
PHOTOS = ("astronaut", "chelsea", "coffee")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The sample photos, and as their truths what U²-Net-P is known to say."""
    for kind in ("image", "mask"):
        (tmp_path / "set" / kind).mkdir(parents=True)
    for name in PHOTOS:
        photo = str(files("skimage.data") / f"{name}.png")
        shutil.copy(photo, tmp_path / "set" / "image")
        with Image.open(photo) as picture, Image.open(MATTES / f"{name}.png") as matte:
            matte.resize(picture.size).save(tmp_path / "set" / "mask" / f"{name}.png")
    return tmp_path / "set"


def measured(
    folder: Path, specs: Sequence[ModelSpec], running: Running | None = None
) -> list[Outcome]:
    records = Records(folder.parent / "out" / "results.sqlite")
    cases = find_cases(folder, print)
    return list(measure(cases, specs, records, running or Running()))


def test_the_network_that_drew_the_truths_is_best(folder: Path) -> None:
    outcomes = measured(folder, [GRABCUT, U2NETP])
    assert all(outcome.measured for outcome in outcomes)
    mad = find("mad")
    first, second = table(outcomes, mad)
    assert (first.spec, second.spec) == (U2NETP, GRABCUT)
    assert first.mean < 0.02 < second.mean
    assert first.low <= first.mean <= first.high
    assert first.count == 3
    (pair,) = comparisons(outcomes, mad)
    assert (pair.better, pair.difference.more, pair.real) == (U2NETP, 3, False)
    assert "No difference found" in pair.sentence
    assert "fewer than 6 photos can't tell" in pair.sentence
    assert [each.case.name for each in worst(outcomes, GRABCUT, mad, 9)]
    assert U2NETP in [line.spec for line in pareto([first, second], mad)]


def test_what_is_known_isnt_done_again(folder: Path) -> None:
    first = measured(folder, [U2NETP])
    again = measured(folder, [U2NETP])
    assert [outcome.new for outcome in first] == [True] * 3
    assert [outcome.new for outcome in again] == [False] * 3
    assert [outcome.measured for outcome in again] == [outcome.measured for outcome in first]


def test_what_photos_took_is_on_record_by_device_and_refiner(folder: Path) -> None:
    made = measured(folder, [U2NETP])
    records = Records(folder.parent / "out" / "results.sqlite")
    took = [each.measured.took for each in made if each.measured]
    assert records.took("u2netp", "auto", "quick") == took[::-1]
    # It draws its edges itself, so that no refiner is run.
    assert records.took("u2netp", "auto", "closed-form") == took[::-1]
    first = made[0].measured
    assert first
    assert first.took
    assert first.took > first.inference  # scores take time, too
    assert records.took("u2netp", "cpu", "quick") == []
    assert records.took("grabcut", "auto", "quick") == []
    (hard, *_) = measured(folder, [GRABCUT])
    assert len(records.took("grabcut", "auto", "quick")) == 3
    assert hard.measured
    assert records.took("grabcut", "auto", "closed-form") == []


def test_a_changed_truth_photo_or_setting_is_done_anew(folder: Path) -> None:
    measured(folder, [GRABCUT])
    truth = folder / "mask" / "coffee.png"
    Image.fromarray(255 - np.asarray(Image.open(truth).convert("L"))).save(truth)
    assert [each.new for each in measured(folder, [GRABCUT])] == [False, False, True]
    told = Running(boxes="always")
    assert [each.new for each in measured(folder, [GRABCUT], told)] == [True] * 3


def test_a_bad_truth_is_named_and_the_rest_goes_on(folder: Path) -> None:
    (folder / "mask" / "chelsea.png").write_bytes(b"broken")
    outcomes = measured(folder, [U2NETP])
    assert [bool(outcome.measured) for outcome in outcomes] == [True, False, True]
    assert outcomes[1].spec is None
    assert "chelsea.png” can't be read" in (outcomes[1].error or "")


def test_a_model_that_cant_be_loaded_is_told_once(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CUTOUT_WEIGHTS", f"birefnet-lite={tmp_path / 'nothing'}")
    outcomes = measured(folder, [find_model("birefnet-lite"), U2NETP])
    failed = [outcome for outcome in outcomes if not outcome.measured]
    assert [outcome.case.name for outcome in failed] == ["astronaut"]
    assert "isn't there" in (failed[0].error or "")
    assert sum(outcome.measured is not None for outcome in outcomes) == 3


def test_models_that_cant_guess_are_told_the_truths_box(folder: Path) -> None:
    outcomes = measured(folder, [GRABCUT], Running(boxes="always"))
    assert all(outcome.measured and outcome.measured.box for outcome in outcomes)
    line = table(outcomes, find("iou"))[0]
    assert line.box
    assert line.mean > table(measured(folder, [GRABCUT]), find("iou"))[0].mean


def test_the_worst_crop_is_the_mattes_own(folder: Path) -> None:
    outcome = measured(folder, [GRABCUT])[2]
    assert outcome.measured is not None
    crop = outcome.measured.worst
    data = np.frombuffer(base64.b64decode(crop.png), np.uint8)
    matte = np.asarray(cv2.imdecode(data, cv2.IMREAD_GRAYSCALE))
    assert matte.shape == (crop.height, crop.width) == (224, 224)
    truth = np.asarray(Image.open(folder / "mask" / "coffee.png").convert("L"))
    mine = truth[crop.y : crop.y + crop.height, crop.x : crop.x + crop.width]
    assert np.abs(matte.astype(int) - mine).mean() > 255 * outcome.measured.values["mad"]


def test_records_of_a_newer_program_are_refused(tmp_path: Path) -> None:
    Records(tmp_path / "r.sqlite")
    with sqlite3.connect(tmp_path / "r.sqlite") as base:
        base.execute("PRAGMA user_version = 99")
    base.close()
    with pytest.raises(BadRecords, match="newer version"):
        Records(tmp_path / "r.sqlite")
    (tmp_path / "text.sqlite").write_text("no database, but long enough to be looked into" * 9)
    with pytest.raises(BadRecords, match="can't be used for results"):
        Records(tmp_path / "text.sqlite")


def test_a_killed_run_loses_no_result_that_was_there(folder: Path, tmp_path: Path) -> None:
    """It is killed as soon as its first result is told."""
    path = tmp_path / "out" / "results.sqlite"
    program = dedent(f"""
        import time
        from pathlib import Path
        from evaluation.measuring import Running, measure
        from evaluation.records import Records
        from evaluation.sets.layouts import find_cases
        from models.catalog import U2NETP

        cases = find_cases(Path({str(folder)!r}), print)
        for outcome in measure(cases, [U2NETP], Records(Path({str(path)!r})), Running()):
            print(outcome.case.name, flush=True)
            time.sleep(60)
    """)
    process = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "astronaut\n"
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stdout.close()
    assert [each.new for each in measured(folder, [U2NETP])] == [False, True, True]


def test_other_weights_or_another_setting_have_scores_of_their_own(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The revision of all weights that a person gives is "local"."""
    (case, *_) = find_cases(folder, print)
    spec, loaded = find_model("birefnet"), case.load()
    settings = [_key(loaded, spec, Running()).settings]
    for number in (1, 2):
        weights = tmp_path / f"epoch{number}.safetensors"
        weights.write_bytes(b"weights")
        monkeypatch.setenv("CUTOUT_WEIGHTS", f"birefnet={weights}")
        settings.append(_key(loaded, spec, Running()).settings)
    weights.write_bytes(b"trained further")
    settings.append(_key(loaded, spec, Running()).settings)
    monkeypatch.setenv("CUTOUT_LONGEST_SIDE", "1024")
    settings.append(_key(loaded, spec, Running()).settings)
    row = replace(spec, own=True, options=MappingProxyType({"side": 512}))
    settings.append(_key(loaded, row, Running()).settings)
    settings.append(_key(loaded, replace(row, options={"side": 768}), Running()).settings)
    assert len(set(settings)) == len(settings)
    assert _key(loaded, spec, Running()).settings == settings[4]


def test_records_that_cant_be_read_any_more_are_told(tmp_path: Path) -> None:
    records = Records(tmp_path / "r.sqlite")
    with sqlite3.connect(records.path) as base:
        base.execute("DROP TABLE results")
    base.close()
    with pytest.raises(BadRecords, match="can't be read"):
        records.get(Key("", "", "", "", ""))
