"""recipe.toml: what is written is read again, and what is odd is refused with its line."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from compositing.alpha import Edges
from compositing.background import Colour, Gradient, Transparent
from compositing.frame import Frame, Length
from compositing.shadow import Shadow
from photos.photo import PhotoError
from photos.recipes.file import BehindWish, BlurWish, ColourWish, PictureWish, RecipeFile

part = st.floats(0, 1)
colours = st.builds(Colour, *[st.integers(0, 255)] * 3)
kernels = st.integers(0, 1000).map(lambda half: 2 * half + 1)
words = st.lists(st.text(max_size=12), max_size=3).map(tuple)
methods = st.sampled_from(["unmix", "inpaint", "lens"])
paths = st.text(st.characters(exclude_characters="/\\:\0", codec="utf-8"), min_size=1, max_size=12)
backgrounds: st.SearchStrategy[BehindWish] = st.one_of(
    st.builds(BlurWish, st.floats(0, 10), st.none(), methods),
    st.builds(BlurWish, st.none(), kernels, methods),
    st.builds(
        BlurWish,
        st.floats(0, 10),
        method=st.just("portrait"),
        horizon=st.none() | st.floats(0, 0.5),
        feet=st.none() | st.floats(0.6, 1),
        focus=st.none() | st.tuples(part, part),
        blades=st.sampled_from([None, "disc", "hexagon"]),
        bloom=st.none() | part,
    ),
    st.builds(ColourWish, colours),
    st.builds(Gradient, colours, colours),
    st.just(Transparent()),
    st.builds(
        PictureWish,
        paths.filter(lambda name: name not in (".", "..")).map(lambda name: f"pictures/{name}"),
        st.sampled_from(["cover", "contain", "stretch"]),
        kernels,
        st.tuples(part, part),
        st.floats(1, 8),
    ),
)
frames = st.one_of(
    st.none(),
    st.builds(Frame, canvas=st.tuples(st.integers(1, 9999), st.integers(1, 9999))),
    st.builds(
        Frame, st.just("subject"), st.builds(Length, st.floats(0, 40), st.just(True)),
        align=st.sampled_from(["centre", "bottom", "top"]),
    ),
)  # fmt: skip
recipes = st.builds(
    RecipeFile,
    edges=st.builds(Edges, st.floats(-100, 100), threshold=st.none() | st.floats(0.01, 1)),
    unmix=st.booleans(),
    light=part,
    shadow=st.none() | st.builds(Shadow, part, part),
    frame=frames,
    max_kb=st.none() | st.integers(1, 10**6),
    make=st.sampled_from([None, "cutout", "matte", "blur", "replace"]),
    models=words,
    text=words,
    objects=words,
    refine=st.sampled_from([None, "quick", "closed-form"]),
    format=st.sampled_from([None, "jpeg", "png", "webp"]),
    background=st.none() | backgrounds,
)


@given(recipes)
@settings(max_examples=200, deadline=None)
def test_what_is_written_is_read_again(recipe: RecipeFile) -> None:
    assert RecipeFile.read(recipe.written().encode(), "recipe.toml") == recipe


GOOD = """\
recipe = 1
max-kb = 500

[background]
kind = "colour"
colour = "#ffffff"

[edges]
grow = -1

[frame]
crop = "subject"
margin = "8%"
canvas = [2000, 2000]
"""


def test_a_file_by_hand_may_write_words_as_the_command_line_does() -> None:
    recipe = RecipeFile.read(GOOD.replace("[edges]", "[edges]\nfill-holes = true").encode(), "r")
    assert recipe.max_kb == 500
    assert recipe.edges == Edges(grow=-1, fill_holes=True)
    assert recipe.frame == Frame("subject", Length(8, True), (2000, 2000))
    assert recipe.background == ColourWish(Colour(255, 255, 255))


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("max-kb = 500", "max-kb = true", "line 2: “max_kb” is not a whole number"),
        ("max-kb = 500", "max_kg = 500", "line 2: “recipe” holds “max_kg”, which is none of"),
        ("grow = -1", "grow = '1'", "line 9: “edges.grow” is not a number"),
        ("grow = -1", "gorw = 1", "line 9: “edges” holds “gorw”, which is none of grow, feather"),
        ("grow = -1", "grow = 1000", "line 8: “edges” can't be followed: An edge grows by"),
        ("recipe = 1", "recipe = 1\nshadow = 3", "line 2: “shadow” is not a table"),
        ("2000, 2000", "2000, '2'", "line 14: “frame.canvas[1]” is not a whole number"),
        ("2000, 2000", "2000, -2", "line 11: “frame” can't be followed: A canvas's sides"),
        ("8%", "99%", "line 11: “frame” can't be followed: A margin takes at most 40%"),
        ("8%", "wide", "line 13: “frame.margin” can't be followed: A length is pixels"),
        ('"subject"', '"face"', "line 12: “frame.crop” is not one of photo, subject"),
        ('"colour"', '"sunset"', "line 5: “background.kind” is not one of blur, colour,"),
        ("#ffffff", "white", "line 6: “background.colour” can't be followed: A colour is"),
        ("recipe = 1", "recipe = 9", "line 1: it is of edition 9, and this program knows 1"),
        ("recipe = 1", "", "it has to begin with “recipe = 1”"),
        ("recipe = 1", "recipe = [", "is not TOML that can be read"),
        ("recipe = 1", f"recipe = {'9' * 5000}", "is not TOML that can be read"),
        ("max-kb = 500", "max-kb = 0", "can't be followed: A file has 1 to 1000000 kB; got 0."),
        (
            "recipe = 1",
            "recipe = 1\nlight = 5",
            "followed: A subject takes 0 to 1 of",
        ),
    ],
)
def test_what_is_odd_is_refused_with_its_line(before: str, after: str, told: str) -> None:
    assert before in GOOD
    with pytest.raises(PhotoError) as caught:
        RecipeFile.read(GOOD.replace(before, after).encode(), "recipe.toml")
    assert told in str(caught.value)
    assert str(caught.value).startswith("“recipe.toml”")
    assert not str(caught.value).endswith("..")


@pytest.mark.parametrize(
    "background",
    [
        'kind = "blur"\nkernel = 0',
        'kind = "picture"\nfile = "a.jpg"\nkernel = -4',
        'kind = "picture"\nfile = "a.jpg"\nposition = [5, -3]',
    ],
)
def test_a_background_that_cannot_be_is_refused(background: str) -> None:
    """The page's controls couldn't be set to it."""
    with pytest.raises(PhotoError, match="can't be followed: A "):
        RecipeFile.read(f"recipe = 1\n[background]\n{background}\n".encode(), "recipe.toml")


@pytest.mark.parametrize(
    "file", ["/etc/passwd", "../a.jpg", "a/../../b.jpg", "..\\\\a.jpg", "C:\\\\a.jpg", ""]
)
def test_a_picture_outside_the_recipe_s_folder_is_refused(file: str) -> None:
    text = f'recipe = 1\n[background]\nkind = "picture"\nfile = "{file}"\n'
    with pytest.raises(PhotoError, match="leads out of the recipe's folder"):
        RecipeFile.read(text.encode(), "recipe.toml")


@pytest.mark.parametrize("data", [b"\xff\xfe", b"x" * 200_000, b"a = " + b"[" * 50_000])
def test_what_is_no_text_is_refused(data: bytes) -> None:
    with pytest.raises(PhotoError, match=r"“recipe.toml” is"):
        RecipeFile.read(data, "recipe.toml")
