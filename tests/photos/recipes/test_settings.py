import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from compositing.alpha import Edges
from compositing.background import Blur, Colour, Gradient, Transparent
from compositing.floor import Floor
from compositing.shadow import Shadow
from compositing.stand import Stand
from photos.known import Origin
from photos.recipe import Recipe
from photos.recipes.result import ResultRecipe, Run
from photos.recipes.settings import Behind, LaidPicture, LaidPortrait, Settings
from photos.recipes.strict import Unreadable, read_as

part = st.floats(0, 1)
colours = st.builds(Colour, *[st.integers(0, 255)] * 3)
kernels = st.integers(0, 1000).map(lambda half: 2 * half + 1)
names = st.none() | st.text(min_size=1, max_size=20)
backgrounds: st.SearchStrategy[Behind] = st.one_of(
    st.builds(Blur, kernels, st.sampled_from(["unmix", "inpaint", "lens"])),
    st.builds(
        LaidPortrait,
        kernels,
        st.none() | st.builds(Floor, st.none() | st.floats(0, 0.5), st.none() | st.floats(0.6, 1)),
        st.none() | st.tuples(part, part),
        st.sampled_from(["disc", "hexagon"]),
        part,
    ),
    colours,
    st.builds(Gradient, colours, colours),
    st.just(Transparent()),
    st.builds(
        LaidPicture,
        st.integers(1, 10**5),
        st.integers(1, 10**5),
        st.sampled_from(["cover", "contain", "stretch"]),
        kernels,
        st.tuples(part, part),
        names,
        names,
        st.floats(1, 8),
    ),
    st.builds(
        Recipe,
        st.text(max_size=50),
        st.just(""),
        st.integers(2, 150),
        st.none() | st.floats(1, 30),
        *[st.integers(0, 2**32 - 1), st.text(max_size=9), names],
        *[st.text(max_size=9)] * 3,
        *[st.integers(1, 2000)] * 2,
        *[st.text(max_size=9)] * 2,
        part,
        st.just([{"from": "local", "files": []}]),
    ),
)
looks = st.builds(
    Settings,
    st.builds(
        Edges,
        st.floats(-100, 100),
        st.floats(0, 100),
        st.none() | st.floats(0.01, 1),
        st.booleans(),
        st.booleans(),
    ),
    st.booleans(),
    st.booleans(),
    part,
    st.none() | st.builds(Shadow, part, part),
    background=backgrounds,
)


@given(looks)
@settings(max_examples=200, deadline=None)
def test_what_is_written_of_a_look_is_read_again(look: Settings) -> None:
    recipe = ResultRecipe("p 1", Origin("a", "0"), Run("m", None, (), "cpu", "uint8"), look)
    through_json = json.loads(json.dumps(recipe.told()))
    assert Settings.read(through_json["settings"]) == look


@given(st.builds(Stand, st.floats(-1, 1), st.floats(-1, 1), st.floats(0.1, 4)))
@settings(max_examples=50, deadline=None)
def test_where_a_subject_stands_is_read_again_and_not_before_a_blur(stand: Stand) -> None:
    told = json.loads(json.dumps(Settings(stand=stand, background=Transparent()).told()))
    assert Settings.read(told) == Settings(
        stand=None if stand.still else stand, background=Transparent()
    )
    assert ("stand" in told) != stand.still  # programs that don't know of it read the rest
    if not stand.still:
        with pytest.raises(Unreadable, match="a blur leaves in its place"):
            Settings.read(told | {"background": {"kind": "blur", "kernel": 9}})


@pytest.mark.parametrize(
    ("wanted", "value", "expected"),
    [
        (int, True, "not a whole number"),
        (int, 1.0, "not a whole number"),
        (float, "1", "not a number"),
        (float, float("inf"), "not a number"),
        (float, 10**400, "not a number"),
        (bool, 1, "not true or false"),
        (str, None, "not text"),
        (tuple[str, ...], "abc", "not a short list"),
        (tuple[str, ...], ["a"] * 1001, "not a short list"),
        (tuple[float, float], [1.0], "not a list of 2"),
        (Edges, [], "not a table"),
        (Edges, {"grow": 1000}, "grows by -100 to 100 pixels"),
        (Edges, {"gorw": 1}, "holds “gorw”, which is none of grow, feather"),
        (Blur, {}, "lacks “kernel”"),
        (Blur, {"kernel": 5, "method": "swirl"}, "not one of unmix, inpaint, lens"),
    ],
)
def test_what_is_not_of_the_type_is_refused(wanted: Any, value: Any, expected: str) -> None:
    with pytest.raises(Unreadable, match=expected):
        read_as(wanted, value, "it")
