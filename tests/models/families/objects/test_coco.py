"""COCO's classes: their order, and their names as people read them."""

import pytest

from models.families.objects.coco import STUFF, THINGS
from models.families.objects.panoptic import tidy


def test_coco_s_classes_in_their_order() -> None:
    assert (len(THINGS), len(STUFF), len({*THINGS, *STUFF})) == (80, 53, 133)
    assert (THINGS[0], THINGS[16], THINGS[79]) == ("person", "dog", "toothbrush")
    assert (STUFF[0], STUFF[16], STUFF[39], STUFF[52]) == (
        "banner", "platform", "sky-other-merged", "rug-merged",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("label", "expected"),
    [
        ("sky-other-merged", "sky"),
        ("tree-merged", "tree"),
        ("door-stuff", "door"),
        ("wall-brick", "wall-brick"),
        ("person", "person"),
    ],
)
def test_labels_are_tidied(label: str, expected: str) -> None:
    assert tidy(label) == expected
