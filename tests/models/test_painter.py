"""Wishes, and what painters of different habits can be told."""

from dataclasses import replace

import pytest

from models.painter import LARGEST_SEED, Habits, Wish

WISH = Wish("a unicorn", steps=3, guidance=7.5, seed=7)
DISTILLED = Habits(steps=4, guidance=None)


@pytest.mark.parametrize(
    ("wish", "expected"),
    [
        ({"prompt": " "}, "Say in words"),
        ({"steps": 1}, "2 to 150 steps, not 1"),
        ({"steps": 151}, "2 to 150 steps, not 151"),
        ({"guidance": 0.5}, "guidance from 1 to 30, not 0.5"),
        ({"guidance": float("nan")}, "not nan"),
        ({"seed": -1}, "seed from 0 to 4294967295, not -1"),
        ({"seed": LARGEST_SEED + 1}, "seed from 0"),
    ],
)
def test_wishes_that_cannot_be_meant(wish: dict[str, str | float], expected: str) -> None:
    with pytest.raises(ValueError, match=expected):
        replace(WISH, **wish)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("habits", "wish", "steps", "guidance"),
    [
        (Habits(), Wish("snow"), 20, 7.5),
        (Habits(), Wish("snow", "people", 9, 3.0), 9, 3.0),
        (DISTILLED, Wish("snow"), 4, None),
        (DISTILLED, Wish("snow", steps=9), 9, None),
    ],
)
def test_what_is_left_open_is_as_usual(
    habits: Habits, wish: Wish, steps: int, guidance: float | None
) -> None:
    settled = habits.settle(wish, "Klein")
    assert settled == replace(wish, steps=steps, guidance=guidance)
    assert habits.settle(settled, "Klein") == settled


@pytest.mark.parametrize(
    ("wish", "what"),
    [
        (Wish("snow", "people"), "negative words"),
        (Wish("snow", guidance=1.0), "guidance"),
        (Wish("snow", "people", guidance=3.0), "negative words"),
    ],
)
def test_what_a_painter_cannot_be_told_is_said(wish: Wish, what: str) -> None:
    with pytest.raises(ValueError, match=rf"^Klein has no {what}\. Leave that out, or choose"):
        DISTILLED.settle(wish, "Klein")
