import types
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from models import catalog
from models.interface import LoadFailed, RunFailed
from models.painter import Wish
from photos.samples import SAMPLES
from tests.cuts import painting_in
from tests.exif import long_description
from tests.shell import listing, pixels, plain, run
from tests.tiny_diffusion import tiny_painters

COMMON = ("--prompt", "a wall", "-m", "halves", "--painter", "brush")


def recipe(path: Path) -> dict[str, object]:
    with Image.open(path) as image:
        return painting_in(image)


def test_a_background_from_words(cat: Path, brush: types.SimpleNamespace) -> None:
    words = ("--negative", "people", "--steps", 9, "--guidance", 3, "--seed", 70)
    result = run("generate", cat, *COMMON, *words, "--format", "png")
    assert result.exit_code == 0, result.output
    painted = cat.with_name("cat_generated.png")
    assert result.stdout == f"{painted}\n"
    assert result.stderr == "cat_generated.png: --seed 70 paints it again.\n"
    assert brush.wishes == [Wish("a wall", "people", 9, 3, 70)]
    assert (pixels(painted)[:, 225:] == 70).all()
    np.testing.assert_array_equal(pixels(painted)[:, :225], pixels(cat)[:, :225])
    told = recipe(painted)
    assert (told["prompt"], told["seed"], told["around"]) == ("a wall", 70, "halves")


@pytest.mark.parametrize(("painter", "steps", "guidance"), [("brush", 20, 7.5), ("pen", 4, None)])
def test_what_is_not_said_is_as_usual_for_the_painter(
    painter: str, steps: int, guidance: float | None, cat: Path, brush: types.SimpleNamespace
) -> None:
    result = run("generate", cat, *COMMON, "--painter", painter, "--seed", 3)
    assert result.exit_code == 0, result.output
    assert brush.wishes == [Wish("a wall", "", steps, guidance, 3)]
    told = recipe(cat.with_name("cat_generated.jpg"))
    assert (told["steps"], told.get("guidance")) == (steps, guidance)
    assert ("guidance" in told, "negative" in told) == (painter == "brush",) * 2


def test_variants_have_seeds_one_after_the_other_and_names_of_their_own(
    cat: Path, brush: types.SimpleNamespace
) -> None:
    out = cat.parent / "out"
    for _ in range(2):  # the second run writes over the first one's files
        result = run("generate", cat.parent, *COMMON, "--variants", 3, "--seed", 5, "-o", out)
        assert result.exit_code == 0, result.output
    names = ["cat_generated.jpg", "cat_generated-2.jpg", "cat_generated-3.jpg"]
    assert listing(out) == set(names)
    assert [recipe(out / name)["seed"] for name in names] == [5, 6, 7]


def test_a_new_seed_each_time_which_is_told(cat: Path, brush: types.SimpleNamespace) -> None:
    told = [run("generate", cat, *COMMON).stderr for _ in range(2)]
    seeds = [wish.seed for wish in brush.wishes]
    assert seeds[0] != seeds[1]
    assert told == [f"cat_generated.jpg: --seed {seed} paints it again.\n" for seed in seeds]


def test_what_a_jpeg_cannot_hold_beside_the_recipe_is_told(
    cat: Path, brush: types.SimpleNamespace
) -> None:
    with Image.open(cat) as image:
        image.save(cat, exif=long_description())
    result = run("generate", cat, *COMMON, "--seed", 1)
    assert result.exit_code == 0
    assert (
        "“cat.png”: JPEG holds at most 64 KB of EXIF. Left out: ImageDescription." in result.stderr
    )
    assert recipe(cat.with_name("cat_generated.jpg"))["seed"] == 1
    assert "EXIF" not in run("generate", cat, *COMMON, "--format", "png").stderr


def test_a_folder_with_a_bad_file(cat: Path, brush: types.SimpleNamespace) -> None:
    (cat.parent / "broken.jpg").write_bytes(b"no photo")
    (cat.parent / "dog.png").write_bytes(cat.read_bytes())
    for _ in range(2):  # what was painted isn't taken for a photo
        result = run("generate", cat.parent, *COMMON, "--seed", 1)
        assert result.exit_code == 1
        assert "\n“broken.jpg” is not a photo that can be read." in f"\n{result.stderr}"
    names = {"cat.png", "dog.png", "broken.jpg", "cat_generated.jpg", "dog_generated.jpg"}
    assert listing(cat.parent) == names


@pytest.mark.parametrize(
    ("load_error", "paint_error", "expected"),
    [
        (LoadFailed("Ask for access."), None, "Ask for access.\n"),
        (None, RunFailed("Too much."), "“{cat}”: Too much.\n“{dog}”: Too much.\n"),
    ],
)
def test_a_painter_that_fails(
    load_error: Exception | None,
    paint_error: Exception | None,
    expected: str,
    cat: Path,
    brush: types.SimpleNamespace,
) -> None:
    dog = cat.with_name("dog.png")
    dog.write_bytes(cat.read_bytes())
    brush.load_error, brush.paint_error = load_error, paint_error
    result = run("generate", cat, dog, *COMMON)
    assert result.exit_code == 1
    assert result.stderr == expected.format(cat=cat, dog=dog)
    assert listing(cat.parent) == {"cat.png", "dog.png"}


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ((), "Missing option '--prompt'"),
        (("--prompt", " "), "Say in words what should be behind the subject."),
        (("--prompt", "x", "--steps", "1"), "Choose 2 to 150 steps, not 1."),
        (("--prompt", "x", "--guidance", "0"), "Choose a guidance from 1 to 30, not 0."),
        (("--prompt", "x", "--seed", "-1"), "Choose a seed from 0 to 4294967295, not -1."),
        (("--prompt", "x", "--variants", "0"), "greater than or equal to 1"),
        (("--prompt", "x", "--painter", "halves"), "There is no model called “halves”."),
        (
            ("--prompt", "x", "--painter", "brush,pen"),
            "“brush,pen” should be one name. Run it once",
        ),
        (
            ("--prompt", "x", "--painter", "pen", "--negative", "people"),
            "Pen has no negative words. Leave that out, or choose another.",
        ),
        (
            ("--prompt", "x", "--painter", "pen", "--guidance", "7.5"),
            "Pen has no guidance. Leave that out, or choose another.",
        ),
        (("--prompt", "x", "-m", "brush"), "There is no model called “brush”."),
        (("--prompt", "x", "--variants", "2", "-o", "one.png"), "For several variants, name a"),
    ],
)
def test_what_cannot_be_painted_is_said_before_any_work(
    words: tuple[str, ...],
    sentence: str,
    cat: Path,
    brush: types.SimpleNamespace,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(cat.parent)
    painter = () if "--painter" in words else ("--painter", "brush")
    result = run("generate", "cat.png", *painter, *words)
    assert result.exit_code == 2
    assert sentence in plain(result.stderr)
    assert listing(cat.parent) == {"cat.png"}


@pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")
def test_stable_diffusion_paints_behind_a_cat(
    tmp_path: Path, cat: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CUTOUT_WEIGHTS", str(tmp_path / "weights"))
    monkeypatch.setattr(catalog, "PAINTERS", tiny_painters(tmp_path / "weights"))
    words = ("--prompt", "a unicorn", "--painter", "sdxl-inpainting", "--steps", 3, "--seed", 3)
    before = SAMPLES[1].open().pixels()
    result = run(
        "generate", cat, *words, "-m", "grabcut", "--box", "20,0,420,300", "--format", "png"
    )
    assert result.exit_code == 0, result.output
    after = pixels(cat.with_name("cat_generated.png"))
    np.testing.assert_array_equal(after[100:200, 150:250], before[100:200, 150:250])  # the face
    assert np.abs(after[:, 440:].astype(int) - before[:, 440:]).mean() > 10
    assert "1 MB" in run("models", "list").stdout
