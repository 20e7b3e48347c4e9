"""The API's words are the command line's, and none of those that belong to the server."""

from dataclasses import fields
from typing import Any

import pytest
from typer import BadParameter

from serving.errors import Refusal, in_our_words
from serving.native import orders
from serving.words import word_of, words_of
from terminal import options as o
from terminal.behind import Blurring, Setting

WITHHELD = {"list_objects", "output", "weights", "models_file", "debug"}
"""They name files of the server, or say what a terminal shows."""


@pytest.mark.parametrize(
    ("group", "allowed"),
    [(o.Subject, orders.SUBJECT), (o.Result, orders.RESULT), (o.Running, orders.RUNNING)],
)
def test_an_option_is_either_offered_or_withheld(group: Any, allowed: tuple[str, ...]) -> None:
    names = {field.name for field in fields(group)}
    assert names - set(allowed) <= WITHHELD
    assert not set(allowed) & WITHHELD


@pytest.mark.parametrize("group", [Blurring, Setting])
def test_what_is_not_said_has_the_command_line_s_default(group: Any) -> None:
    assert group(**{word.name: word.read([]) for word in words_of(group)}) == group()


def read(group: Any, name: str, *texts: str) -> Any:
    (word,) = words_of(group, [name])
    return word.read(texts)


def test_words_become_values() -> None:
    assert read(Blurring, "strength", "1.5") == 1.5
    assert read(Blurring, "kernel", "51") == 51
    assert read(Blurring, "method", "lens") == "lens"
    assert read(Blurring, "blades", "hexagon") == "hexagon"
    assert read(o.Running, "commercial_only", "Yes") is True
    assert read(o.Subject, "text", "a dog", "a cat") == ["a dog", "a cat"]
    assert read(o.Subject, "point", "3,4,exclude")[0].include is False


@pytest.mark.parametrize(
    ("group", "name", "texts", "sentence"),
    [
        (Blurring, "strength", ["11"], "“strength” should be a number from 0 to 10; it is “11”."),
        (Blurring, "strength", ["nan"], "“strength” should be a number from 0 to 10; it is “nan”."),
        (Blurring, "kernel", ["5.5"], "“kernel” should be a whole number; it is “5.5”."),
        (
            Blurring,
            "method",
            ["l"],
            "“method” should be one of unmix, inpaint, lens, portrait; not “l”.",
        ),
        (Blurring, "horizon", ["2"], "“horizon” should be a number from 0 to 1; it is “2”."),
        (Blurring, "method", ["lens", "unmix"], "“method” should be there once."),
    ],
)
def test_what_can_t_be_read_is_told(group: Any, name: str, texts: list[str], sentence: str) -> None:
    with pytest.raises(Refusal) as refused:
        read(group, name, *texts)
    assert refused.value.sentence == sentence


def test_the_command_line_s_own_complaints_come_through() -> None:
    with pytest.raises(BadParameter, match="should be one name"):
        word_of("model", o.Model).read(["grabcut,u2netp"])
    assert in_our_words("Give --light-match. `cli.py models` lists them.") == (
        "Give light_match. GET /api/v1/models lists them."
    )
