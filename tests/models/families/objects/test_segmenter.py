import numpy as np
import pytest

from compositing.arrays import Photo
from compositing.masks import Mask
from models.families.objects.segmenter import Finding, Found, ObjectSegmenter, bounding_box, named
from models.interface import Box, Encoder, Prompt, PromptMissing

PHOTO: Photo = np.zeros((20, 40, 3), np.uint8)


def strip(*columns: int, value: int = 255) -> Mask:
    """A mask of 4 × 8 with those columns set."""
    mask = np.zeros((4, 8), np.uint8)
    mask[:, columns] = value
    return mask


def finder(*findings: Finding) -> ObjectSegmenter:
    return ObjectSegmenter("Finder", lambda photo: findings)


GROUP = finder(
    Finding("sky", 0.99, strip(7), counted=False, stuff=True),
    Finding("dog", 0.7, strip(0)),
    Finding("person", 0.8, strip(2)),
    Finding("person", 0.9, strip(4)),
    Finding("person", 0.8, strip(1)),
)


def test_names_are_numbered_by_score_then_from_left_to_right() -> None:
    objects = GROUP.segment(PHOTO, Prompt()).objects
    assert [(each.name, each.box.x0) for each in objects] == [
        ("sky", 35),
        ("person 1", 20),
        ("person 2", 5),
        ("person 3", 10),
        ("dog 1", 0),
    ]
    assert [each.share for each in objects] == [1 / 8] * 5


@pytest.mark.parametrize(
    ("objects", "columns"),
    [
        (("person 2",), {1}),
        (("person 2", "dog 1"), {0, 1}),
        (("person",), {1, 2, 4}),
        (("person", "person 1"), {1, 2, 4}),
        (("  Person 3",), {2}),
        (("sky",), {7}),
    ],
)
def test_what_is_picked_is_united(objects: tuple[str, ...], columns: set[int]) -> None:
    alpha = GROUP.segment(PHOTO, Prompt(objects=objects)).alpha
    centres = alpha[:, 2::5]  # one pixel in each column of the mask
    assert alpha.shape == (20, 40)
    assert alpha.dtype == np.float32
    assert {int(each) for each in np.flatnonzero(centres.min(axis=0) == 1)} == columns
    assert {int(each) for each in np.flatnonzero(centres.max(axis=0) == 0)} == set(
        range(8)
    ) - columns


@pytest.mark.parametrize(
    ("findings", "guess"),
    [
        ([("person", [1]), ("dog", [2, 3]), ("person", [4])], ("person 1", "person 2")),
        ([("couch", [1, 2, 3]), ("cat", [4]), ("dog", [5])], ("cat 1", "dog 1")),
        ([("cup", [1]), ("chair", [2, 3]), ("cup", [5])], ("chair 1",)),
        ([], ()),
    ],
)
def test_the_subject_is_people_then_animals_then_the_largest_thing(
    findings: list[tuple[str, list[int]]], guess: tuple[str, ...]
) -> None:
    scores = np.linspace(0.9, 0.8, len(findings)).tolist()
    found = named(
        [Finding(label, score, strip(*columns))
         for (label, columns), score in zip(findings, scores, strict=True)],
        20, 40,
    )  # fmt: skip
    assert found.guess == guess


def test_stuff_is_nobody_s_subject() -> None:
    matte = finder(Finding("sky", 0.9, strip(1, 2), counted=False, stuff=True)).segment(
        PHOTO, Prompt()
    )
    assert matte.empty
    assert [each.name for each in matte.objects] == ["sky"]


def test_nothing_found_is_an_answer() -> None:
    matte = finder().segment(PHOTO, Prompt())
    assert matte.alpha.shape == (20, 40)
    assert matte.empty
    assert matte.objects == ()


@pytest.mark.parametrize(
    ("segmenter", "expected"),
    [
        (GROUP, "Finder found no “dog 2” or “cat” .* of: sky, person 1, person 2, person 3, dog 1"),
        (finder(), "Finder found no “dog 2” or “cat” .* found nothing: choose another"),
    ],
)
def test_what_is_not_there_can_not_be_picked(segmenter: ObjectSegmenter, expected: str) -> None:
    with pytest.raises(PromptMissing, match=expected):
        segmenter.segment(PHOTO, Prompt(objects=("dog 2", "cat")))


def test_of_several_picked_those_that_are_there_are_the_subject() -> None:
    matte = GROUP.segment(PHOTO, Prompt(objects=("dog 2", "Person 1", "cat")))
    expected = GROUP.segment(PHOTO, Prompt(objects=("person 1",)))
    np.testing.assert_array_equal(matte.alpha, expected.alpha)
    assert matte.notes == ("No “dog 2” was found.", "No “cat” was found.")
    assert expected.notes == ()


def test_no_seam_shows_between_two_people_who_touch() -> None:
    left, right = strip(0, 1, 2), strip(4, 5, 6)
    left[:, 3], right[:, 3] = 130, 125
    both = finder(Finding("person", 0.9, left), Finding("person", 0.8, right))
    assert both.segment(PHOTO, Prompt()).alpha[:, 2:32].min() == 1


def test_what_is_sure_of_no_pixel_is_not_listed() -> None:
    assert finder(Finding("ghost", 0.9, strip(1, value=127))).segment(PHOTO, Prompt()).objects == ()


def test_the_second_pick_needs_no_network() -> None:
    calls: list[Photo] = []

    def find(photo: Photo) -> list[Finding]:
        calls.append(photo)
        return [Finding("dog", 0.9, strip(1)), Finding("cat", 0.8, strip(2))]

    segmenter = ObjectSegmenter("Finder", find)
    assert isinstance(segmenter, Encoder)
    encoded = segmenter.encode(PHOTO)
    for prompt in (Prompt(), Prompt(objects=("cat",)), Prompt(objects=("dog 1",))):
        once = segmenter.decode(encoded, prompt)
        np.testing.assert_array_equal(once.alpha, segmenter.segment(PHOTO, prompt).alpha)
    assert len(calls) == 4
    assert encoded.nbytes == 2 * 4 * 8
    assert isinstance(encoded.value, Found)


@pytest.mark.parametrize(
    ("mask", "box"),
    [
        (strip(), None),
        (strip(0, 1, 2, 3, 4, 5, 6, 7), Box(0, 0, 40, 20)),
        (strip(2, 3), Box(10, 0, 20, 20)),
    ],
)
def test_a_box_covers_whole_pixels_of_the_mask(mask: Mask, box: Box | None) -> None:
    assert bounding_box(mask, 20, 40) == box
