"""What the widgets take from the page and from the browser; tests/e2e/components has the rest."""

import io
from typing import Any

import pytest
from PIL import Image, UnidentifiedImageError

from compositing.strokes import Stroke
from ui.components import Drawn
from ui.components.assets import data_url
from ui.components.ballot_box import Said
from ui.components.ballot_box import from_browser as said_in_browser
from ui.components.prompt_canvas import from_browser
from ui.components.viewer import Wish
from ui.components.viewer import from_browser as wish_in_browser


def sent(**prompts: Any) -> dict[str, Any]:
    return {"drawn": {"image_id": "a", "nonce": 1, "boxes": [], "points": [], **prompts}}


STROKE = {"mode": "erase", "size": 12, "hardness": 0.5, "opacity": 1, "aware": False} | {
    "points": [[-3, 90.5, 0.5]]
}


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        pytest.param(None, None, id="not mounted yet"),
        pytest.param({"drawn": None}, None, id="nothing sent yet"),
        pytest.param(sent(image_id="b"), None, id="another photo"),
        pytest.param(sent(nonce=0), None, id="before a reset"),
        pytest.param(sent(), Drawn(), id="cleared"),
        pytest.param(
            sent(boxes=[[0, 0, 40, 30], [3, 4, 4, 5]], points=[[0, 0, True], [39, 29, False]]),
            Drawn(((0, 0, 40, 30), (3, 4, 4, 5)), ((0, 0, True), (39, 29, False))),
            id="up to the borders",
        ),
        pytest.param(
            sent(
                boxes=[[-1, 0, 5, 5], [0, 0, 41, 30], [0, 0, 40, 31], [5, 5, 5, 9], [5, 9, 9, 5]],
                points=[[-1, 0, True], [40, 0, True], [0, 30, True]],
            ),
            Drawn(),
            id="outside the photo, or no box",
        ),
        pytest.param(
            sent(strokes=[STROKE, STROKE | {"size": 0}, STROKE | {"mode": "smudge"}]),
            Drawn(strokes=(Stroke(((-3, 90.5, 0.5),), "erase", 12, 0.5, 1, False),)),
            id="strokes, and what is none",
        ),
    ],
)
def test_only_what_lies_on_this_photo_counts(state: Any, expected: Drawn | None) -> None:
    assert from_browser(state, (40, 30), "a", 1) == expected


@pytest.mark.parametrize(
    ("kind", "start"),
    [
        ("JPEG", "data:image/jpeg;base64,/9j/"),
        ("PNG", "data:image/png;base64,iVBORw0KGgo"),
        ("WEBP", "data:image/webp;base64,UklGR"),
    ],
)
def test_a_picture_becomes_a_url(kind: str, start: str) -> None:
    written = io.BytesIO()
    Image.new("RGB", (4, 3)).save(written, kind)
    assert data_url(written.getvalue()).startswith(start)


def test_other_bytes_do_not() -> None:
    with pytest.raises(UnidentifiedImageError):
        data_url(b"<svg xmlns='http://www.w3.org/2000/svg'/>")


def test_verdicts_are_heard_once_in_order_and_nothing_else_is() -> None:
    said = [
        {"number": 3, "ballot": "", "verdict": None},
        {"number": 2, "ballot": "b", "verdict": "both bad"},
        {"number": 1, "ballot": "a", "verdict": "left"},
        {"number": 4, "ballot": "a", "verdict": "DROP TABLE"},
    ]
    assert said_in_browser(None, 0) == []
    assert said_in_browser(said, 1) == [Said(2, "b", "both bad"), Said(3, "", None)]


@pytest.mark.parametrize(
    ("shown", "kind", "expected"),
    [
        (["b", "a"], "Matte", Wish(("b", "a"), "Matte", "b", True)),
        (["a", "gone", "a", "b"], "Matte", Wish(("a", "b"), "Matte", "b", True)),
        (["a", "c"], "Matte", Wish(("a", "c"), "Matte", "c", True)),
        (["gone"], "Matte", None),
        (["a"], "DROP TABLE", None),
        (list("abcde"), "Cutout", Wish(tuple("abcd"), "Cutout", "b", True)),
    ],
)
def test_what_is_wished_for_is_there_to_be_shown(
    shown: list[str], kind: str, expected: Wish | None
) -> None:
    first, kinds = Wish(("a", "b"), "Cutout", "b"), ("Matte", "Cutout")
    sent = {"wish": {"shown": shown, "kind": kind, "walked": "b", "sharp": True}}
    assert wish_in_browser(sent, first, "abcde", kinds) == (expected or first)
    assert wish_in_browser(None, first, "abcde", kinds) == first
