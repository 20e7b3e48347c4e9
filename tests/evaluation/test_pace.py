"""How long measuring will take."""

from pathlib import Path
from types import SimpleNamespace
from typing import cast

from evaluation.measuring import Outcome
from evaluation.pace import Pace
from evaluation.records import Measured
from evaluation.sets.layouts import Case
from models.catalog import GRABCUT

CASE = Case("cup", Path("cup.png"), Path("cup_mask.png"))


def took(seconds: float) -> Measured:
    return cast("Measured", SimpleNamespace(took=seconds))


def test_nothing_is_foretold_before_each_model_left_is_known() -> None:
    pace = Pace()
    assert pace.seconds(["quick"]) is None
    pace.learn("quick", 2.0)
    assert pace.seconds(["quick", "quick"]) == 4.0
    assert pace.seconds(["quick", "slow"]) is None
    assert pace.words(["quick", "slow"]) == ""
    pace.learn("slow", 100.0)
    assert pace.words(["quick", "slow", "slow", "slow"]) == "about 5 min"


def test_one_photo_that_took_very_long_doesnt_count_for_all() -> None:
    pace = Pace()
    for spent in (2.0, 90.0, 2.0, None):
        pace.learn("quick", spent)
    assert pace.seconds(["quick"]) == 2.0


def test_nothing_is_told_at_the_end() -> None:
    pace = Pace()
    pace.learn("quick", 2.0)
    assert pace.words([]) == ""


def test_a_model_that_only_failed_isnt_waited_for() -> None:
    pace = Pace()
    pace.learn("quick", 60.0)
    pace.learn_of(Outcome(CASE, GRABCUT, error="It can't be loaded."))
    assert pace.words(["quick", "quick", GRABCUT.name]) == "about 2 min"
    pace.learn_of(Outcome(CASE, GRABCUT, took(30.0)))
    assert pace.seconds([GRABCUT.name, GRABCUT.name]) == 60.0


def test_a_model_that_only_fails_now_isnt_waited_for_though_it_is_on_record() -> None:
    pace = Pace()
    pace.learn(GRABCUT.name, 60.0)
    pace.learn_of(Outcome(CASE, GRABCUT, error="It can't be loaded."))
    assert pace.seconds([GRABCUT.name] * 5) == 0


def test_what_is_on_record_takes_no_time_until_something_new_is_done() -> None:
    pace = Pace()
    pace.learn(GRABCUT.name, 60.0)
    pace.learn_of(Outcome(CASE, GRABCUT, took(2.0), new=False))
    assert pace.seconds([GRABCUT.name] * 5) == 0
    pace.learn_of(Outcome(CASE, GRABCUT, took(60.0)))
    assert pace.seconds([GRABCUT.name] * 5) == 300.0
    pace.learn_of(Outcome(CASE, GRABCUT, error="Its photo is too large."))
    assert pace.seconds([GRABCUT.name]) == 60.0
