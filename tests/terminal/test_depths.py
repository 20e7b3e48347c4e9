"""The blur by depth on the command line: a network or a depth map tells how far things are."""

import json
import shlex
import types
from dataclasses import replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from PIL import Image

from compositing.background import Portrait, default_kernel
from compositing.compose import compose
from compositing.disparity import Disparity
from models import catalog
from models.catalog import DEPTHS
from photos.encoding import RECIPE
from photos.reading import read_photo
from photos.recipes.reading import recipe_in
from photos.recipes.settings import LaidPortrait
from photos.saving import write
from tests.shell import pixels, plain, run
from tests.tiny_depth import save_depth_anything

SAME = "the same to the bit"
NAME = DEPTHS[0].name
PORTRAIT = ("-m", "halves", "--method", "portrait", "--format", "png")
BY_NETWORK = (*PORTRAIT, "--depth", NAME)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("weights")
    save_depth_anything(home / NAME)
    return home


@pytest.fixture
def network(home: Path, halves: types.SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CUTOUT_WEIGHTS", str(home))


def by_depth(cat: Path, values: Any) -> Any:
    photo = pixels(cat)
    left = np.repeat([[1, 0]], [225, 226], axis=1).astype(np.float32).repeat(300, axis=0)
    return compose(photo, left, Portrait(default_kernel(451, 300), Disparity(values)))


def depth_map(path: Path, dtype: Any = np.uint8, size: tuple[int, int] = (451, 300)) -> Any:
    """Written: a slope from far, at the left, to near."""
    most = np.iinfo(dtype).max
    values = np.tile(np.linspace(0, most, size[0]).astype(dtype), (size[1], 1))
    cv2.imwrite(str(path), values)
    return values / most


def test_a_network_tells_the_depth_and_what_it_took(cat: Path, network: None) -> None:
    from photos import depth_of

    made = run("blur", cat, *BY_NETWORK)
    assert made.exit_code == 0, made.output
    said = plain(made.stderr)
    assert "Depth by Depth Anything V2 (small)" in said
    assert "of which the network took" in said
    result = cat.with_name("cat_blurred.png")
    expected = by_depth(cat, depth_of(read_photo(cat), device="cpu").values)
    np.testing.assert_array_equal(pixels(result), expected)
    flat = cat.with_name("flat.png")
    assert run("blur", cat, *PORTRAIT, "--depth", "floor", "-o", flat).exit_code == 0
    assert not np.array_equal(pixels(flat), pixels(result))
    laid = recipe_in(read_photo(result)).settings.background
    assert isinstance(laid, LaidPortrait)
    assert laid.run
    assert (laid.floor, laid.run.model, laid.run.device) == (None, NAME, "cpu")
    assert [file.name for file in laid.run.weights] == ["config.json", "model.safetensors"]


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_a_depth_map_tells_it(cat: Path, halves: types.SimpleNamespace, dtype: Any) -> None:
    file = cat.with_name("far to near.png")
    values = depth_map(file, dtype)
    assert run("blur", cat, *PORTRAIT, "--depth-map", file).exit_code == 0
    result = pixels(cat.with_name("cat_blurred.png"))
    expected = by_depth(cat, values)
    assert np.abs(result.astype(int) - expected).max() <= 1
    assert not np.array_equal(result, pixels(cat))


@pytest.mark.parametrize("by", ["network", "map"])
def test_it_is_made_again_and_by_its_command(
    cat: Path, network: None, by: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    words: tuple[Any, ...] = ("--depth", NAME, "--focus", "0.7,0.25")
    if by == "map":
        depth_map(cat.with_name("cat_depth.png"), np.uint16)
        words = ("--depth-map", cat.with_name("cat_depth.png"))
    assert run("blur", cat, *PORTRAIT, *words).exit_code == 0
    result = cat.with_name("cat_blurred.png")
    again = run("again", result)
    assert (again.exit_code, again.stdout) == (0, f"{result}: {SAME}\n"), again.output
    with Image.open(result) as image:
        command = shlex.split(json.loads(image.info[RECIPE])["command"])
    monkeypatch.chdir(cat.parent)
    typed = run(*command[3:], "-o", "typed.png")
    assert typed.exit_code == 0, typed.output
    np.testing.assert_array_equal(pixels(Path("typed.png")), pixels(result))


def test_another_depth_map_than_the_recipe_s_is_told(
    cat: Path, halves: types.SimpleNamespace
) -> None:
    file = cat.with_name("cat_depth.png")
    depth_map(file)
    assert run("blur", cat, *PORTRAIT, "--depth-map", file).exit_code == 0
    other = cat.with_name("other.png")
    depth_map(other, np.uint16)
    again = run("again", cat.with_name("cat_blurred.png"), "--depth-map", other)
    assert "“other.png” is not the depth map that it was made with" in plain(again.stderr)


def test_several_photos_find_their_maps_and_one_without_is_told(
    cat: Path, halves: types.SimpleNamespace
) -> None:
    dog = cat.with_name("dog.png")
    write(dog, cat.read_bytes())
    maps = cat.parent / "maps"
    maps.mkdir()
    depth_map(maps / "cat_depth.png")
    made = run("blur", cat, dog, *PORTRAIT, "--depth-map", maps)
    assert made.exit_code == 1
    assert "no depth map is called as this photo is" in plain(made.stderr)
    assert cat.with_name("cat_blurred.png").exists()
    assert not cat.with_name("dog_blurred.png").exists()


def test_a_comparison_runs_the_network_once_a_photo(
    cat: Path, network: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    from models.families.depth_anything import DepthAnything

    ran: list[Any] = []
    depth = DepthAnything.depth

    def counted(self: DepthAnything, photo: Any) -> Any:
        ran.append(photo)
        return depth(self, photo)

    monkeypatch.setattr(DepthAnything, "depth", counted)
    out = cat.parent / "out"
    words = ("--method", "portrait", "--depth", NAME)
    made = run("compare", cat, "--models", "halves,grabcut", "-o", out, *words)
    assert made.exit_code == 0, made.output
    assert len(ran) == 1
    results = json.loads((out / "results.json").read_text())["results"]
    for result in results:
        assert result["depth"]["model"] == NAME
        assert result["depth"]["seconds"]["network"] > 0
    assert "network" not in results[0]["seconds"]  # which are the cut's
    again = run("again", out / "results.json", "--only", "grabcut")
    assert again.exit_code == 0, again.output


def test_a_batch_makes_what_the_single_verb_makes(cat: Path, network: None) -> None:
    words = ("-m", "halves", "--method", "portrait", "--depth", NAME)
    out = cat.parent / "out"
    batched = (*words, "--make", "blur,cutout")[2:]
    made = run("batch", cat, out, "--models", "halves", *batched)
    assert made.exit_code == 0, made.output
    assert run("blur", cat, *words).exit_code == 0
    written = (out / "cat_blurred.jpg").read_bytes()
    assert written == cat.with_name("cat_blurred.jpg").read_bytes()


def test_a_recipe_names_the_network(cat: Path, network: None) -> None:
    from photos.recipes.file import BlurWish, RecipeFile

    recipe = RecipeFile(make="blur", background=BlurWish(1, method="portrait", depth=NAME))
    path = cat.with_name("recipe.toml")
    path.write_text(recipe.written(), encoding="utf-8")
    words = ("-m", "halves", "--format", "png")
    assert run("blur", cat, *words, "--recipe", path).exit_code == 0
    followed = cat.with_name("cat_blurred.png").read_bytes()
    assert run("blur", cat, *BY_NETWORK, "--strength", 1).exit_code == 0
    assert followed == cat.with_name("cat_blurred.png").read_bytes()


def test_what_is_typed_takes_the_place_of_a_recipe_s_depth(cat: Path, network: None) -> None:
    from photos.recipes.file import BlurWish, RecipeFile

    path, file = cat.with_name("recipe.toml"), cat.with_name("cat_depth.png")
    depth_map(file)
    wishes = (
        (BlurWish(1, method="portrait", depth=NAME), ("--depth-map", file)),
        (BlurWish(1, method="portrait", depth=NAME), ("--horizon", 0.3)),
        (BlurWish(1, method="portrait", depth=NAME), ("--feet", 0.8)),
        (BlurWish(1, method="portrait", horizon=0.3, feet=0.8), ("--depth", NAME)),
    )
    for wish, typed in wishes:
        recipe = RecipeFile(make="blur", background=wish)
        path.write_text(recipe.written(), encoding="utf-8")
        made = run("blur", cat, "-m", "halves", "--recipe", path, "--format", "png", *typed)
        assert made.exit_code == 0, made.output
        followed = cat.with_name("cat_blurred.png").read_bytes()
        assert run("blur", cat, *PORTRAIT, "--strength", 1, *typed).exit_code == 0
        assert followed == cat.with_name("cat_blurred.png").read_bytes()


def test_weights_that_are_not_here_are_told_as_those_of_other_models(
    cat: Path, halves: types.SimpleNamespace, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    monkeypatch.setenv("HF_HOME", str(tmp_path / "empty"))
    made = run("blur", cat, *BY_NETWORK)
    assert made.exit_code == 1
    assert "Depth Anything V2 (small)" in plain(made.stderr)
    assert not cat.with_name("cat_blurred.png").exists()


def test_a_licence_that_forbids_commercial_use_is_refused(
    cat: Path, network: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run("blur", cat, *BY_NETWORK, "--commercial-only").exit_code == 0
    bound = replace(DEPTHS[0], commercial=False, licence="CC BY-NC 4.0")
    monkeypatch.setattr(catalog, "DEPTHS", (bound,))
    made = run("blur", cat, *BY_NETWORK, "--commercial-only")
    assert made.exit_code == 2
    assert "Depth Anything V2 (small)" in plain(made.stderr)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--method", "lens", "--depth", NAME), "That is for --method portrait"),
        (("--method", "portrait", "--depth", "depth-anything"), f"Did you mean {NAME}?"),
        (("--method", "portrait", "--depth", NAME, "--feet", 0.9), "feet is for the floor"),
        (("--method", "lens", "--depth-map", "{map}"), "That is for --method portrait"),
        (("--method", "portrait", "--depth-map", "{map}", "--horizon", 0.3), "leave --horizon out"),
        (("--method", "portrait", "--depth-map", "gone.png"), "There is no “gone.png”"),
    ],
)
def test_what_can_t_be(
    cat: Path, halves: types.SimpleNamespace, words: tuple[Any, ...], sentence: str
) -> None:
    depth_map(cat.with_name("map.png"))
    told = [str(word).format(map=cat.with_name("map.png")) for word in words]
    result = run("blur", cat, "-m", "halves", *told)
    assert result.exit_code == 2
    assert sentence in plain(result.output)
    assert not cat.with_name("cat_blurred.jpg").exists()


def test_a_depth_map_beside_another_background_is_not_left_unheard(
    cat: Path, halves: types.SimpleNamespace
) -> None:
    depth_map(cat.with_name("map.png"))
    words = ("--method", "portrait", "--depth-map", cat.with_name("map.png"), "-b", "#ffffff")
    out = cat.with_name("compared")
    result = run("compare", cat, "--models", "halves", *words, "-o", out)
    assert result.exit_code == 2
    assert "leave --background out, or the depth map" in plain(result.output)
    assert not out.exists()


@pytest.mark.parametrize("fault", ["colours", "flat", "other proportions", "floats", "no picture"])
def test_a_file_that_tells_no_depth(cat: Path, halves: types.SimpleNamespace, fault: str) -> None:
    path = cat.with_name("map.tif" if fault == "floats" else "map.png")
    sentence = {
        "colours": "has colours",
        "flat": "is the same everywhere",
        "other proportions": "Give one of its proportions",
        "floats": "8 or 16 bits",
        "no picture": "can't be read",
    }[fault]
    match fault:
        case "colours":
            write(path, cat.read_bytes())
        case "flat":
            cv2.imwrite(str(path), np.full((300, 451), 9, np.uint8))
        case "other proportions":
            depth_map(path, size=(300, 300))
        case "floats":
            Image.fromarray(np.eye(300, 451, dtype=np.float32)).save(path)
        case _:
            path.write_bytes(b"no picture")
    made = run("blur", cat, *PORTRAIT, "--depth-map", path)
    assert made.exit_code == 1
    assert sentence in plain(made.output)
    assert not cat.with_name("cat_blurred.png").exists()
