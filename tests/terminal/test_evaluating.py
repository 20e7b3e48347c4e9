"""Which model is best on photos with truths, told on the command line."""

import json
import types
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from tests.halves import HALVES, SHY
from tests.shell import run


@pytest.fixture
def truths(tmp_path: Path) -> Path:
    """Six photos whose left half is the subject, as `halves` says."""
    for number in range(6):
        rng = np.random.default_rng(number)
        photo = rng.integers(0, 255, (40, 60, 3)).astype(np.uint8)
        truth = np.zeros((40, 60), np.uint8)
        truth[:, :30] = 255
        for folder, picture in (("image", photo), ("mask", truth)):
            (tmp_path / "set" / folder).mkdir(parents=True, exist_ok=True)
            name = f"{'fur' if number < 2 else 'cup'}_{number}.png"
            Image.fromarray(picture).save(tmp_path / "set" / folder / name)
    return tmp_path / "set"


def results(out: Path) -> dict[str, Any]:
    told: dict[str, Any] = json.loads((out / "results.json").read_text())
    return told


def test_the_best_is_named_and_all_is_written(
    truths: Path, halves: types.SimpleNamespace, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    done = run("evaluate", truths, "--models", "grabcut,halves", "-o", out)
    assert done.exit_code == 0, done.output
    assert "For your 6 photos: Halves." in done.stdout
    for name in ("report.html", "table.md", "results.json", "measured.sqlite"):
        assert (out / name).stat().st_size > 100
    models = results(out)["models"]
    assert [model["model"] for model in models] == ["halves", "grabcut"]
    assert models[0]["mean"] == 0
    assert "fur" in (out / "report.html").read_text()


def test_how_long_it_takes_is_told_from_what_is_on_record(
    truths: Path, halves: types.SimpleNamespace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []
    monkeypatch.setattr("terminal.progress.Bar.doing", lambda _, what: told.append(what))
    monkeypatch.setattr("evaluation.records.Records.took", lambda *_: [120.0])
    run("evaluate", truths, "--models", "halves", "-o", tmp_path / "out")
    assert told[0].startswith("cup_2 · Halves, about ")
    assert told[0].endswith("left")
    assert told[-1].endswith("· Halves")
    assert len(told) == 6


def test_no_time_is_told_for_what_is_on_record(
    truths: Path, halves: types.SimpleNamespace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("evaluate", truths, "--models", "halves", "-o", tmp_path / "out")
    told: list[str] = []
    monkeypatch.setattr("terminal.progress.Bar.doing", lambda _, what: told.append(what))
    monkeypatch.setattr("evaluation.records.Records.took", lambda *_: [120.0])
    run("evaluate", truths, "--models", "halves", "-o", tmp_path / "out")
    assert len(told) == 6
    assert not [each for each in told if "left" in each or "about" in each]


def test_a_second_run_only_does_what_is_new(
    truths: Path, halves: types.SimpleNamespace, tmp_path: Path
) -> None:
    run("evaluate", truths, "--models", "halves", "-o", tmp_path / "out")
    asked = len(halves.prompts)
    again = run("evaluate", truths, "--models", "halves", "-o", tmp_path / "out")
    assert again.exit_code == 0
    assert len(halves.prompts) == asked == 6


def test_one_that_cant_guess_is_told_the_truths_box(
    truths: Path, halves: types.SimpleNamespace, tmp_path: Path
) -> None:
    done = run("evaluate", truths, "--models", "shy,halves", "-o", tmp_path / "out")
    assert done.exit_code == 0, done.output
    assert "shy (told the truth's box)" in done.stdout
    boxes = {prompt.boxes for prompt in halves.prompts}
    assert len(boxes) == 2  # one model was told, the other not
    (box,) = next(told for told in boxes if told)
    assert (box.x0, box.y0, box.x1, box.y1) == (0, 0, 30, 40)


def test_a_bad_truth_is_named_the_rest_is_done_and_the_exit_code_tells(
    truths: Path, halves: types.SimpleNamespace, tmp_path: Path
) -> None:
    (truths / "mask" / "cup_3.png").write_bytes(b"torn")
    (truths / "image" / "alone.png").write_bytes((truths / "image" / "fur_0.png").read_bytes())
    done = run("evaluate", truths, "--models", "halves", "-o", tmp_path / "out")
    assert done.exit_code == 1
    assert "alone.png without a truth" in done.stderr
    assert "cup_3.png” can't be read" in done.stderr
    assert results(tmp_path / "out")["photos"] == 5
    assert results(tmp_path / "out")["choice"] == {
        "model": None,
        "even": [],
        "reasons": ["5 photos with a truth can't tell models apart: it takes at least 6."],
    }


def test_models_that_are_here_are_measured_without_being_named(
    truths: Path, halves: types.SimpleNamespace, tmp_path: Path
) -> None:
    done = run("evaluate", truths, "-o", tmp_path / "out")
    assert done.exit_code == 0, done.output
    assert {model["model"] for model in results(tmp_path / "out")["models"]} >= {
        "grabcut", HALVES.name, SHY.name,
    }  # fmt: skip


def test_limits_decide_who_is_named(
    truths: Path, halves: types.SimpleNamespace, tmp_path: Path
) -> None:
    done = run(
        "evaluate", truths, "--models", "grabcut", "--max-seconds", "0", "-o", tmp_path / "out"
    )
    assert done.exit_code == 0
    assert "none of the models judged keeps to these limits" in done.stdout


@pytest.mark.parametrize("limit", ["--max-seconds", "--max-gb", "--max-download-mb"])
def test_a_limit_that_is_no_number_is_refused_before_anything_is_measured(
    truths: Path, halves: types.SimpleNamespace, tmp_path: Path, limit: str
) -> None:
    out = tmp_path / "out"
    done = run("evaluate", truths, "--models", "halves", limit, "nan", "-o", out)
    assert done.exit_code == 2
    assert f"Invalid value for '{limit}'" in done.stderr
    assert not halves.prompts
    assert not (out / "measured.sqlite").exists()


def test_a_limit_beyond_all_measure_is_none(
    truths: Path, halves: types.SimpleNamespace, tmp_path: Path
) -> None:
    limits = ("--max-gb", "1e300", "--max-download-mb", "1e305", "--max-seconds", "inf")
    done = run("evaluate", truths, "--models", "halves", *limits, "-o", tmp_path / "out")
    assert done.exit_code == 0, done.output
    assert "For your 6 photos: Halves." in done.stdout


def test_a_model_must_hear_what_is_asked_for(
    truths: Path, halves: types.SimpleNamespace, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    done = run(
        "evaluate", truths, "--models", "grabcut,halves", "--hears", "points,boxes", "-o", out
    )
    assert done.exit_code == 0, done.output
    assert "For your 6 photos: GrabCut." in done.stdout
    assert "Halves is better (p = " in done.stdout
    assert "unable to take points" in done.stdout


def test_the_report_goes_where_it_is_wanted(
    truths: Path, halves: types.SimpleNamespace, tmp_path: Path
) -> None:
    page = tmp_path / "shown" / "fur.html"
    done = run("evaluate", truths, "--models", "halves", "-o", tmp_path / "out", "--report", page)
    assert done.exit_code == 0, done.output
    assert str(page) in done.stdout
    assert "Halves" in page.read_text()
    assert not (tmp_path / "out" / "report.html").exists()


def test_tags_come_from_a_table(
    truths: Path, halves: types.SimpleNamespace, tmp_path: Path
) -> None:
    (tmp_path / "tags.csv").write_text("fur_0,night\nfur_1,night\n")
    run(
        "evaluate", truths, "--models", "halves", "--tags", tmp_path / "tags.csv",
        "-o", tmp_path / "out",
    )  # fmt: skip
    tags = [result["tags"] for result in results(tmp_path / "out")["results"]]
    assert tags.count(["night"]) == 2


def test_cutouts_serve_as_truths(halves: types.SimpleNamespace, tmp_path: Path, cat: Path) -> None:
    cutout = np.zeros((40, 60, 4), np.uint8)
    cutout[:, :30] = (200, 20, 20, 255)
    for folder in ("subjects", "behind"):
        (tmp_path / folder).mkdir()
    Image.fromarray(cutout).save(tmp_path / "subjects" / "mug.png")
    Image.open(cat).convert("RGB").save(tmp_path / "behind" / "cat.jpg")
    done = run(
        "evaluate", "--cutouts", tmp_path / "subjects", "--backgrounds", tmp_path / "behind",
        "--models", "halves", "-o", tmp_path / "out",
    )  # fmt: skip
    assert done.exit_code == 0, done.output
    assert results(tmp_path / "out")["models"][0]["mean"] == 0
    assert (tmp_path / "out" / "composed" / "image" / "mug.jpg").exists()


def test_names_in_a_table_of_tags_that_no_photo_has_are_told(
    truths: Path, halves: types.SimpleNamespace, tmp_path: Path
) -> None:
    (tmp_path / "tags.csv").write_text("photo,kind\nfur_0.jpg,night\ncup_99,night\n")
    done = run(
        "evaluate", truths, "--models", "halves", "--tags", tmp_path / "tags.csv",
        "-o", tmp_path / "out",
    )  # fmt: skip
    assert done.exit_code == 0
    assert "tags.csv: no photo is called cup_99." in done.stderr


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--models", "halves"], "Name a folder with photos and truths"),
        (["nowhere", "--models", "halves"], "is not a folder"),
        ([".", "--photos", "."], "in one of these ways alone"),
        ([".", "--trimaps", "."], "in one of these ways alone"),
        ([".", "--cutouts", ".", "--backgrounds", "."], "in one of these ways alone"),
        (["--photos", ".", "--truth", ".", "--cutouts", "."], "in one of these ways alone"),
        ([".", "--models", "halves", "--by", "iuo"], "There is no metric “iuo”"),
        ([".", "--models", "nobody"], "no model called “nobody”"),
        (["--photos", ".", "--truth", "nowhere"], "is not a folder"),
        ([".", "--hears", "boxes,words"], "“words” is nothing that models are told by"),
        ([".", "--models", "halves", "--report", "."], "is no place for a file"),
    ],
)
def test_what_cant_be_done_is_told(
    words: list[str], told: str, halves: types.SimpleNamespace, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.chdir(tmp_path)
    done = run("evaluate", *words)
    assert done.exit_code == 2
    assert told in " ".join(done.output.replace("│", " ").split())


def test_a_file_that_holds_no_results_is_told(
    truths: Path, halves: types.SimpleNamespace, tmp_path: Path
) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "measured.sqlite").write_text("not a database " * 100)
    done = run("evaluate", truths, "--models", "halves", "-o", tmp_path / "out")
    assert done.exit_code == 2
    assert "can't be used for results" in " ".join(done.output.replace("│", " ").split())
