import pytest

from models.families.sam.prompts import Subject, excluded_everywhere, subjects
from models.interface import Box, Point, Prompt

WIDE, SMALL, ASIDE = Box(0, 0, 50, 50), Box(10, 10, 20, 20), Box(60, 60, 80, 80)
IN_SMALL, IN_WIDE, OUTSIDE = Point(15, 15), Point(40, 40), Point(90, 5)
NOT_IN_SMALL, NOT_OUTSIDE = Point(12, 12, False), Point(90, 90, False)


@pytest.mark.parametrize(
    ("prompt", "expected"),
    [
        (Prompt(), []),
        (Prompt(text=("dog",), objects=("dog 1",)), []),
        (Prompt(points=(NOT_OUTSIDE,)), []),
        (Prompt(points=(OUTSIDE,)), [Subject("What was clicked", None, (OUTSIDE,))]),
        (
            Prompt((WIDE, SMALL), (IN_WIDE, IN_SMALL, NOT_IN_SMALL)),
            [Subject("Box 1", WIDE, (IN_WIDE,)), Subject("Box 2", SMALL, (IN_SMALL, NOT_IN_SMALL))],
        ),
        (
            Prompt((SMALL, ASIDE), (IN_SMALL, NOT_OUTSIDE)),
            [
                Subject("Box 1", SMALL, (IN_SMALL, NOT_OUTSIDE)),
                Subject("Box 2", ASIDE, (NOT_OUTSIDE,)),
            ],
        ),
        (
            Prompt((SMALL,), (OUTSIDE, IN_SMALL, IN_WIDE, NOT_OUTSIDE)),
            [
                Subject("Box 1", SMALL, (IN_SMALL, NOT_OUTSIDE)),
                Subject("What was clicked", None, (OUTSIDE, IN_WIDE, NOT_OUTSIDE)),
            ],
        ),
        (
            Prompt((SMALL,), (Point(10, 10), Point(20, 10))),
            [
                Subject("Box 1", SMALL, (Point(10, 10),)),
                Subject("What was clicked", None, (Point(20, 10),)),
            ],
        ),
    ],
    ids=["nothing", "words", "exclude", "click", "nested", "everywhere", "mixed", "borders"],
)
def test_points_belong_to_boxes(prompt: Prompt, expected: list[Subject]) -> None:
    assert subjects(prompt) == expected


def test_what_is_excluded_everywhere_is_outside_all_boxes() -> None:
    prompt = Prompt((SMALL,), (OUTSIDE, NOT_IN_SMALL, NOT_OUTSIDE))

    assert excluded_everywhere(prompt) == [NOT_OUTSIDE]
