"""The report holds what was measured, in one file that needs nothing else."""

import base64
import json
import re
import xml.etree.ElementTree as ET
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image

from evaluation.limits import Limits
from evaluation.measuring import Outcome
from evaluation.metrics import METRICS, find, score
from evaluation.metrics.levels import Levels
from evaluation.records import Crop, Measured
from evaluation.report import Report, as_html, as_json, as_markdown, as_results, build
from evaluation.report.chart import Dot, chart
from evaluation.sets.layouts import Case
from models.catalog import GRABCUT, U2NETP, ModelSpec
from photos.packed import packed_alpha

ROOT = Path(__file__).parents[2]
NAME = "<b>Zoë & the cat</b>"


def outcome(folder: Path, number: int, spec: ModelSpec, shift: int, seconds: float) -> Outcome:
    """A square that a model saw `shift` pixels too far to the right, on a photo that is there."""
    truth = np.zeros((90, 120), np.uint8)
    truth[20:70, 30:80] = 255
    name = NAME if number == 0 else f"photo {number}"
    photo, mask = folder / f"{number}.png", folder / f"{number}_mask.png"
    if not photo.exists():
        Image.fromarray(np.dstack([truth, truth // 2, 255 - truth])).save(photo)
        Image.fromarray(truth).save(mask)
    matte = np.roll(truth, shift, 1)
    return Outcome(Case(name, photo, mask, tags=("even",) * (number % 2 == 0)), spec,
                   measured(matte, truth, seconds))  # fmt: skip


def measured(matte: Levels, truth: Levels, seconds: float) -> Measured:
    scores = score(matte, truth)
    png = packed_alpha(matte[10:80, 30:90] * np.float32(1 / 255))
    crop = Crop(30, 10, 60, 70, base64.b64encode(png).decode())
    return Measured(
        scores.values, tuple(scores.f_curve), scores.radius, scores.band, {"network": seconds},
        seconds, "cpu", "float32", 10**8, False, False, crop,
    )  # fmt: skip


@pytest.fixture
def outcomes(tmp_path: Path) -> list[Outcome]:
    made = []
    for number in range(8):
        made.append(outcome(tmp_path, number, U2NETP, 1 + number % 2, 0.2))
        made.append(outcome(tmp_path, number, GRABCUT, 9, 0.5))
    made.append(Outcome(Case("torn", tmp_path / "t", tmp_path / "m"), None, error="It is torn."))
    return made


@pytest.fixture
def report(outcomes: list[Outcome]) -> Report:
    return build(outcomes, find("mad"), Limits(), "cli.py evaluate <set>", lambda spec: "abc123")


def test_what_was_found_is_said(report: Report) -> None:
    assert report.choice.reasons == ("For your 8 photos: U²-Net-P.",)
    (pair,) = report.comparisons
    assert pair.sentence.startswith("U²-Net-P beats GrabCut on 8 of 8 photos, p = 0.0")
    assert report.front == {"u2netp"}
    assert [line.count for line in report.by_tag["even"]] == [4, 4]
    assert report.failures == ("torn: It is torn.",)
    assert report.radii == (5,)


def test_a_first_that_isnt_told_apart_is_no_winner(tmp_path: Path) -> None:
    shifts = (1, 9, 1, 9, 1, 9, 1, 9)  # each is ahead on half of the photos
    made = [
        outcome(tmp_path, number, spec, by, 0.2)
        for number, shift in enumerate(shifts)
        for spec, by in ((U2NETP, shift), (GRABCUT, 10 - shift))
    ]
    report = build(made, find("mad"), Limits(), "again", lambda spec: "")
    sentence = "No difference found between U²-Net-P and GrabCut on your 8 photos: either may do."
    assert report.choice.reasons[0] == sentence
    assert sentence in as_html(report)
    assert as_markdown(report).startswith(sentence)
    assert as_results(report, made)["choice"]["even"] == ["grabcut"]


def test_the_page_needs_nothing_else_and_says_all(report: Report) -> None:
    page = as_html(report)
    assert not re.search(r'<script|<link|@import|url\(|(src|href)="(?!data:)', page)
    assert NAME not in page
    assert "&lt;b&gt;Zoë &amp; the cat&lt;/b&gt;" in page
    for told in (
        "For your 8 photos: U²-Net-P.", "beats GrabCut on 8 of 8", "torn: It is torn.", "abc123",
        "Apache-2.0", "cli.py evaluate &lt;set&gt;", "within 5 pixels", "numpy",
    ):  # fmt: skip
        assert told in page, told
    assert all(metric.label in page for metric in METRICS)
    assert page.count("data:image/jpeg;base64,") == 2 * 3 * 4
    assert len(page) < 200_000


def test_the_worst_comes_first(report: Report) -> None:
    values = [strip.value for strip in report.worst["u2netp"]]
    assert values == sorted(values, reverse=True)


def test_a_photo_that_is_gone_is_left_out(outcomes: list[Outcome], tmp_path: Path) -> None:
    for file in tmp_path.glob("*.png"):
        file.unlink()
    told = build(outcomes, find("mad"), Limits(), "again", lambda spec: "")
    assert told.worst["u2netp"] == ()
    assert "For your 8 photos" in as_html(told)


def test_the_table_can_be_pasted(report: Report) -> None:
    lines = as_markdown(report).splitlines()
    assert lines[0] == "For your 8 photos: U²-Net-P."
    assert lines[2].startswith("| model | MAD | 95 % |")
    assert [line.split(" | ")[0] for line in lines[4:6]] == ["| U²-Net-P", "| GrabCut"]


def test_results_are_json_for_programs(report: Report, outcomes: list[Outcome]) -> None:
    told = json.loads(as_json(as_results(report, outcomes)))
    assert told["schema"] == 1
    assert told["choice"]["model"] == "u2netp"
    assert told["choice"]["even"] == []
    first = told["models"][0]
    assert (first["model"], first["count"], first["revision"]) == ("u2netp", 8, "abc123")
    assert set(first["means"]) == {metric.name for metric in METRICS}
    assert told["comparisons"][0]["real"] is True
    assert len(told["results"]) == 17
    assert told["results"][0]["values"]["mad"] > 0
    assert told["results"][-1] == {
        "photo": "torn", "tags": [], "model": None, "error": "It is torn.",
    }  # fmt: skip


@pytest.mark.parametrize(
    "dots",
    [
        [Dot("one", 0.5, 1.0, 0, True)],
        [Dot("a & b", 0.0, 0.0, 0, True), Dot("c", 0.0, 0.0, 0, True)],
        [Dot(str(n), 1000.0 * n, 10.0**n, 10**n, n == 3) for n in range(6)],
    ],
)
@pytest.mark.parametrize("lower", [True, False])
def test_charts_of_any_numbers_are_drawn_within_their_frame(dots: list[Dot], lower: bool) -> None:
    root = ET.fromstring(chart(dots, "Mean <x>", lower=lower))
    circles = root.findall("circle")
    assert len(circles) == len(dots)
    for circle in circles:
        assert 0 < float(circle.get("cx", "")) < 760
        assert 0 < float(circle.get("cy", "")) < 400
    if dots[0].value != dots[-1].value:
        first, last = (float(circle.get("cy", "")) for circle in (circles[0], circles[-1]))
        assert (first < last) == lower


def test_pictures_in_it_are_pictures(report: Report) -> None:
    strip = report.worst["grabcut"][0]
    for address in (strip.photo, strip.truth, strip.matte, strip.cutout):
        data = base64.b64decode(address.partition(",")[2])
        picture = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
        assert picture is not None
        assert picture.shape == (70, 60, 3)


def test_every_key_of_the_results_is_documented(report: Report, outcomes: list[Outcome]) -> None:
    documented = set(re.findall(r"`(\w+)`", (ROOT / "docs" / "results.md").read_text("utf-8")))
    told = json.loads(as_json(as_results(report, outcomes)))
    keys = {*told, *told["metric"], *told["choice"]}
    for kind in ("models", "comparisons", "results"):
        keys |= {key for each in told[kind] for key in each}
    keys |= set(told["results"][0]["worst"])
    assert keys <= documented
