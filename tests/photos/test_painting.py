import hashlib
import io
import json
import types
import zipfile
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from safetensors.numpy import save_file

from compositing.background import Colour
from models.catalog import ModelSpec
from models.interface import Cancelled, LoadFailed, ModelError, RunFailed
from models.painter import Wish
from models.running.pool import Pool
from photos.cut import Cut
from photos.describing import describe_look
from photos.encoding import FORMATS
from photos.export import archive
from photos.finishing import left_out_of, picture_file
from photos.look import Look
from photos.painting import Painting, paint, without_subject
from photos.rendering import render
from tests.cuts import cut_of, painting_in, photo_of
from tests.painting import BRUSH, PEN, install

WISH = Wish("a “grey” wall", negative="people", steps=4, guidance=5, seed=90)


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> types.SimpleNamespace:
    return install(monkeypatch)


def third_cut(name: str = "wide.jpg", size: tuple[int, int] = (81, 50)) -> Cut:
    """The left third is subject, the next pixels half of it."""
    width, height = size
    noise = np.random.default_rng(1).integers(0, 256, (height, width, 3), np.uint8)
    levels = np.zeros((height, width), np.uint8)
    levels[:, : width // 3] = 255
    levels[:, width // 3 : width // 3 + 4] = 128
    return cut_of(photo_of(noise, name, gps=True), levels)


def painted(cut: Cut, wish: Wish = WISH, painter: ModelSpec = BRUSH) -> Painting:
    return paint(
        Pool(), painter, cut, cut.photo.pixels(), cut.alpha(), wish, "cpu", step=lambda *_: None
    )


def saved(cut: Cut, painting: Painting, format_: Any, **options: Any) -> Image.Image:
    look = Look(Colour(1, 2, 3), paintings=(painting,))
    return Image.open(io.BytesIO(picture_file(cut, look, "composite", format_, **options)))


def test_a_painting_has_the_photos_proportions_and_tells_how_it_was_made(
    told: types.SimpleNamespace,
) -> None:
    painting = painted(third_cut())
    recipe = asdict(painting.recipe)
    assert painting.pixels.shape == (19, 32, 3)
    assert painting.fit == "stretch"
    assert recipe.pop("seconds") >= 0
    assert recipe == asdict(WISH) | {
        "painter": "brush",
        "source": None,
        "revision": "",
        "licence": "CreativeML OpenRAIL-M",
        "around": "grabcut",
        "width": 32,
        "height": 19,
        "device": "cpu",
        "dtype": "float32",
        "weights": [],
    }
    # The recipe's first words are the wish: enough to paint it again.
    assert Wish(**{name: recipe[name] for name in asdict(WISH)}) == told.wishes[0]


def test_a_recipe_holds_the_files_of_the_painter_s_weights(
    told: types.SimpleNamespace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = tmp_path / "own.safetensors"
    save_file({"weight": np.ones(3, np.float32)}, own)
    monkeypatch.setenv("CUTOUT_WEIGHTS", f"brush={own}")
    row = replace(BRUSH, repo="studio/brush", files=("brush.safetensors",))
    cut = third_cut()
    pixels, alpha = cut.photo.pixels(), cut.alpha()
    recipe = paint(Pool(), row, cut, pixels, alpha, WISH, "cpu", step=lambda *_: None).recipe
    digest = hashlib.sha256(own.read_bytes()).hexdigest()
    file = {"name": own.name, "bytes": own.stat().st_size, "sha256": digest}
    assert [source["files"] for source in recipe.weights] == [[file]]
    painting = Painting(pixels, photo=cut.photo, recipe=recipe)
    with saved(cut, painting, "JPEG") as image:
        assert painting_in(image) == asdict(recipe)


def test_nothing_is_told_of_what_a_painter_cannot_hear(told: types.SimpleNamespace) -> None:
    cut = third_cut()
    painting = painted(cut, Wish("snow", seed=5), PEN)
    assert told.wishes == [Wish("snow", "", 4, None, 5)]
    look = Look(Colour(1, 2, 3), paintings=(painting,))
    image = saved(cut, painting, "PNG")
    for each in (painting_in(image), describe_look(look, cut.photo)["background"]):
        assert {"prompt", "steps", "seed"} <= each.keys()
        assert not {"negative", "guidance"} & each.keys()
    with pytest.raises(RunFailed, match="Pen has no guidance"):
        painted(cut, Wish("snow", guidance=3.0), PEN)
    assert len(told.wishes) == 1


def test_the_subject_stands_before_it_pixel_by_pixel_at_full_size(
    told: types.SimpleNamespace,
) -> None:
    cut = third_cut(size=(203, 117))
    pixels, alpha = cut.photo.pixels(), cut.alpha()
    result = render(cut, Look(Colour(1, 2, 3), paintings=(painted(cut),)))
    assert result.shape == pixels.shape
    np.testing.assert_array_equal(result[alpha == 1], pixels[alpha == 1])
    assert (result[alpha == 0] == 90).all()


def test_the_place_of_the_subject_is_painted_over_for_other_mattes(
    told: types.SimpleNamespace,
) -> None:
    """Else the painter's copy of it would stand where another model's matte lacks something."""
    cut = third_cut()
    np.testing.assert_array_equal(painted(cut).pixels, np.full((19, 32, 3), 90, np.uint8))
    everywhere = np.ones((20, 20), np.float32)
    unknown = np.full((10, 10, 3), 7, np.uint8)
    np.testing.assert_array_equal(without_subject(unknown, everywhere), unknown)


def test_each_photo_gets_its_own_painting(told: types.SimpleNamespace) -> None:
    one, two, bare = third_cut("one.jpg"), third_cut("two.jpg", (40, 60)), third_cut("bare.jpg")
    look = Look(
        Colour(1, 2, 3),
        paintings=(painted(one), painted(two, replace(WISH, seed=200, prompt="snow"))),
    )
    data = archive([one, two, bare], lambda _: look)
    with zipfile.ZipFile(io.BytesIO(data)) as pack:
        results = json.loads(pack.read("results.json"))["results"]
        corners = [
            np.array(Image.open(io.BytesIO(pack.read(f"{name}/grabcut_replaced.jpg"))))[2, -2]
            for name in ("one", "two", "bare")
        ]
    np.testing.assert_allclose(corners, [[90] * 3, [200] * 3, [1, 2, 3]], atol=2)
    backgrounds = [result["settings"]["background"] for result in results]
    assert [each["kind"] for each in backgrounds] == ["painting", "painting", "colour"]
    assert [each.get("seed") for each in backgrounds] == [90, 200, None]
    assert backgrounds[1] == describe_look(look, two.photo)["background"]
    assert backgrounds[1]["prompt"] == "snow"


@pytest.mark.parametrize("format_", ["JPEG", "PNG", "WebP"])
@pytest.mark.parametrize("keep_gps", [False, True])
def test_a_file_carries_the_recipe_beside_the_photos_own_facts(
    format_: Any, keep_gps: bool, told: types.SimpleNamespace
) -> None:
    cut = third_cut()
    painting = painted(cut)
    image = saved(cut, painting, format_, keep_gps=keep_gps)
    exif = image.getexif()
    assert painting_in(image) == asdict(painting.recipe)
    assert exif[0x010E].encode("latin-1").decode() == "Zoë by the sea"
    assert exif[0x010F] == "Maker"
    assert exif.get_ifd(0x8769)[0x9003] == "2020:01:01 00:00:00"
    assert bool(exif.get_ifd(0x8825)) is keep_gps


def test_a_photo_without_facts_gets_the_recipe_alone(told: types.SimpleNamespace) -> None:
    cut = third_cut()
    cut = replace(cut, photo=replace(cut.photo, exif=b"", exif_with_gps=b""))
    painting = painted(cut)
    image = saved(cut, painting, "JPEG")
    assert painting_in(image) == asdict(painting.recipe)
    assert set(image.getexif()) == {0x8769}


def test_a_recipe_beside_facts_that_fill_a_jpeg(told: types.SimpleNamespace) -> None:
    exif = Image.Exif()
    exif[0x010E], exif[0x013B] = "x" * 65_400, "Zoe"
    cut = third_cut()
    cut = replace(cut, photo=replace(cut.photo, exif=exif.tobytes()))
    painting = painted(cut)
    look = Look(Colour(1, 2, 3), paintings=(painting,))
    for format_ in FORMATS:
        image = saved(cut, painting, format_)
        assert painting_in(image) == asdict(painting.recipe)
        assert image.getexif()[0x013B] == "Zoe"
        fits = format_ != "JPEG"
        assert (0x010E in image.getexif()) is fits
        assert (left_out_of(cut, look, "composite", format_) is None) is fits
    told_of = left_out_of(cut, look, "composite", "JPEG") or ""
    assert "Left out: ImageDescription." in told_of


@pytest.mark.parametrize(
    ("load_error", "paint_error", "raises", "expected"),
    [
        (LoadFailed("Ask for access."), None, LoadFailed, "Ask for access."),
        (MemoryError(), None, LoadFailed, "not enough memory on cpu to load Brush"),
        (None, RuntimeError("CUDA out of memory"), RunFailed, "not enough memory on cpu to run"),
        (None, ValueError("odd"), RunFailed, "Brush did not run: ValueError: odd"),
        (None, Cancelled(), Cancelled, "^$"),
    ],
)
def test_painters_fail_in_the_words_of_other_models(
    load_error: Exception | None,
    paint_error: Exception | None,
    raises: type[ModelError],
    expected: str,
    told: types.SimpleNamespace,
) -> None:
    told.load_error, told.paint_error = load_error, paint_error
    with pytest.raises(raises, match=expected):
        painted(third_cut())
