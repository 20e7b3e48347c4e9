import types
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from compositing.background import Blur, Colour, Gradient, Picture, Portrait, default_kernel
from compositing.compose import compose
from compositing.floor import Floor
from compositing.shadow import Shadow
from tests.exif import long_comment
from tests.shell import listing, pixels, plain, run


def test_grabcut_blurs_what_is_behind_the_subject(cat: Path) -> None:
    before = cat.read_bytes()
    words = ("-m", "grabcut", "--box", "20,0,420,300")
    result = run("blur", cat, *words, "--kernel", 31, "--format", "png")
    assert result.exit_code == 0, result.output
    assert result.stdout == f"{cat.with_name('cat_blurred.png')}\n"
    assert cat.read_bytes() == before
    change = np.abs(pixels(cat).astype(int) - pixels(cat.with_name("cat_blurred.png"))).max(axis=2)
    assert change[100:200, 150:250].max() == 0  # the face
    assert change[:, 440:].mean() > 1


def test_the_points_say_what_grabcut_cuts_out(cat: Path) -> None:
    words = ("-m", "grabcut", "--box", "20,0,420,300", "--point", "200,150")
    opacities = []
    breast = "--point", "60,200", "--point", "60,200,exclude"
    for more in (breast[:2], breast):
        assert run("cutout", cat, *words, *more).exit_code == 0
        cutout = pixels(cat.with_name("cat_cutout.png"))
        assert cutout.shape == (300, 451, 4)
        opacities.append((cutout[150, 200, 3] > 127, cutout[200, 60, 3] > 127))
    assert opacities == [(True, True), (True, False)]


def test_closed_form_matting_draws_the_edges_anew(cat: Path) -> None:
    words = ("-m", "grabcut", "--box", "20,0,420,300")
    pictures = []
    for refiner in ("quick", "closed-form"):
        assert run("cutout", cat, *words, "--refine", refiner).exit_code == 0
        pictures.append(pixels(cat.with_name("cat_cutout.png"))[..., 3])
    changed = pictures[0] != pictures[1]
    assert 0.005 < changed.mean() < 0.3
    assert not changed[100:200, 150:250].any()


@pytest.mark.parametrize("words", [("--kernel", 1), ("--strength", 0)])
def test_a_blur_of_no_strength_changes_nothing(
    cat: Path, halves: types.SimpleNamespace, words: tuple[str, int]
) -> None:
    assert run("blur", cat, "-m", "halves", *words, "--format", "png").exit_code == 0
    np.testing.assert_array_equal(pixels(cat), pixels(cat.with_name("cat_blurred.png")))


@pytest.mark.parametrize(("words", "times"), [((), 1), (("--strength", "2.5"), 2.5)])
def test_the_strength_of_a_blur_follows_the_photos_size(
    cat: Path, halves: types.SimpleNamespace, words: tuple[str, ...], times: float
) -> None:
    assert run("blur", cat, "-m", "halves", *words, "--format", "png").exit_code == 0
    left = np.repeat([[1, 0]], [225, 226], axis=1).astype(np.float32).repeat(300, axis=0)
    expected = compose(pixels(cat), left, Blur(default_kernel(451, 300, times)))
    np.testing.assert_array_equal(pixels(cat.with_name("cat_blurred.png")), expected)


@pytest.mark.parametrize("method", ["unmix", "inpaint", "lens"])
def test_every_method_blurs_only_the_background(
    cat: Path, halves: types.SimpleNamespace, method: str
) -> None:
    words = ("-m", "halves", "--method", method, "--format", "png")
    assert run("blur", cat, *words).exit_code == 0
    change = np.abs(pixels(cat).astype(int) - pixels(cat.with_name("cat_blurred.png"))).max(axis=2)
    assert change[:, :225].max() == 0
    assert change[:, 225:].mean() > 1


def test_portrait_keeps_the_floor_at_the_feet_and_blurs_the_wall(
    cat: Path, halves: types.SimpleNamespace
) -> None:
    words = ("--method", "portrait", "--horizon", 0.3, "--feet", 0.8, "--bloom", 0)
    assert run("blur", cat, "-m", "halves", *words, "--format", "png").exit_code == 0
    left = np.repeat([[1, 0]], [225, 226], axis=1).astype(np.float32).repeat(300, axis=0)
    blur = Portrait(default_kernel(451, 300), Floor(0.3, 0.8), bloom=0)
    expected = compose(pixels(cat), left, blur)
    np.testing.assert_array_equal(pixels(cat.with_name("cat_blurred.png")), expected)


def test_portrait_without_feet_in_sight_is_told(cat: Path, halves: types.SimpleNamespace) -> None:
    result = run("blur", cat, "-m", "halves", "--method", "portrait")
    assert result.exit_code == 0
    assert "feet aren't in sight" in " ".join(result.output.split())


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--horizon", 0.3), "That is for --method portrait"),
        (("--method", "lens", "--blades", "hexagon"), "That is for --method portrait"),
        (("--method", "portrait", "--horizon", 0.7, "--feet", 0.6), "must lie above the feet"),
        (("--method", "portrait", "--focus", "40,20"), "or X,Y from 0,0 to 1,1"),
        (("--method", "portrait", "--bloom", 7), "less than or equal to 1"),
    ],
)
def test_portraits_that_can_t_be(cat: Path, words: tuple[str, ...], sentence: str) -> None:
    result = run("blur", cat, *words)
    assert result.exit_code == 2
    assert sentence in " ".join(result.output.replace("│", " ").split())
    assert not cat.with_name("cat_blurred.jpg").exists()


@pytest.mark.parametrize(
    ("background", "expected"),
    [
        ("#12f", (17, 34, 255, None)),
        ("1122fe", (17, 34, 254, None)),
        ("transparent", (0, 0, 0, 0)),
        ("plain.png", (9, 8, 7, None)),
    ],
)
def test_another_background(
    cat: Path,
    halves: types.SimpleNamespace,
    monkeypatch: pytest.MonkeyPatch,
    background: str,
    expected: tuple[int | None, ...],
) -> None:
    monkeypatch.chdir(cat.parent)
    Image.new("RGB", (30, 20), (9, 8, 7)).save("plain.png")
    result = run("replace", cat, "-b", background, "-m", "halves", "--format", "png")
    assert result.exit_code == 0, result.output
    replaced = pixels(cat.with_name("cat_replaced.png"))
    colour = [part for part in expected if part is not None]
    assert replaced.shape == (300, 451, len(colour))
    assert (replaced[:, 225:] == colour).all()
    np.testing.assert_array_equal(replaced[:, :225, :3], pixels(cat)[:, :225])


@pytest.mark.parametrize("background", ["#102030,#fff", "102030,ffffff"])
def test_a_gradient(cat: Path, halves: types.SimpleNamespace, background: str) -> None:
    result = cat.with_name("result.png")
    assert run("replace", cat, "-b", background, "-m", "halves", "-o", result).exit_code == 0
    rows = Gradient(Colour(16, 32, 48), Colour(255, 255, 255)).rows(300)
    assert (np.abs(pixels(result)[:, 225:] - rows) <= 0.5).all()


@pytest.mark.parametrize(
    ("words", "settings"),
    [
        ((), {}),
        (("--fit", "stretch"), {"fit": "stretch"}),
        (("--fit", "contain"), {"fit": "contain"}),
        (("--position", "right"), {"position": (1, 0.5)}),
        (("--fit", "contain", "--position", "0.5,0.2"), {"fit": "contain", "position": (0.5, 0.2)}),
        (("--fit", "stretch", "--background-kernel", "301"), {"fit": "stretch", "kernel": 301}),
        (("--background-zoom", "2.5", "--position", "0,1"), {"zoom": 2.5, "position": (0, 1)}),
    ],
)
def test_how_a_background_picture_fills_the_photo(
    cat: Path, halves: types.SimpleNamespace, words: tuple[str, ...], settings: dict[str, Any]
) -> None:
    stripes = np.full((300, 4 * 451, 3), 100, np.uint8)
    stripes[:, -600:] = 200
    picture = cat.with_name("stripes.png")
    Image.fromarray(stripes).save(picture)
    result = cat.with_name("result.png")
    assert run("replace", cat, "-b", picture, "-m", "halves", "-o", result, *words).exit_code == 0
    left = np.repeat([[1, 0]], [225, 226], axis=1).astype(np.float32).repeat(300, axis=0)
    expected = compose(pixels(cat), left, Picture(stripes, **settings))
    np.testing.assert_array_equal(pixels(result), expected)


def test_the_light_and_the_shadow_of_a_new_background(
    cat: Path, halves: types.SimpleNamespace
) -> None:
    result = cat.with_name("result.png")
    words = ("-b", "#204060", "-m", "halves", "-o", result)
    assert run("replace", cat, *words, "--light-match", 0.5, "--shadow", 0.7).exit_code == 0
    left = np.repeat([[1, 0]], [225, 226], axis=1).astype(np.float32).repeat(300, axis=0)
    colour = Colour(0x20, 0x40, 0x60)
    expected = compose(pixels(cat), left, colour, light=0.5, shadow=Shadow(0.7))
    np.testing.assert_array_equal(pixels(result), expected)


def test_a_subject_that_is_moved_and_what_is_told_of_it(
    cat: Path, halves: types.SimpleNamespace
) -> None:
    result = cat.with_name("result.png")
    words = ("-b", "#204060", "-m", "halves", "-o", result, "--subject-move", "-1,0")
    done = run("replace", cat, *words)
    assert done.exit_code == 0, done.output
    assert "The subject lies outside of the picture" in plain(done.stderr)
    assert (pixels(result) == (0x20, 0x40, 0x60)).all()
    done = run("replace", cat, *words[:-1], "0.2,0")
    assert "away from the picture's edge it ends straight" in plain(done.stderr)
    by = round(0.2 * 451)
    np.testing.assert_array_equal(pixels(result)[:, by : by + 225], pixels(cat)[:, :225])


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("replace", "-b", "#fff000", "--subject-move", "far"), "“far” should be X,Y such as"),
        (("replace", "-b", "#fff000", "--subject-move", "2,0"), "each from -1 to 1"),
        (("replace", "-b", "#fff000", "--subject-scale", "9"), "less than or equal to 4"),
        (("replace", "-b", "#fff000", "--background-zoom", "9"), "less than or equal to 8"),
        (("compare", "--models", "halves", "--subject-move", "0.1,0"), "add one by --background"),
    ],
)
def test_a_subject_that_can_t_be_moved_so(
    cat: Path, halves: types.SimpleNamespace, words: tuple[str, ...], sentence: str
) -> None:
    verb, *others = words
    result = run(verb, cat, *others)
    assert result.exit_code == 2
    assert sentence in plain(result.output)


def test_photos_come_upright_and_say_where_they_were_taken_only_when_asked(
    cat: Path, halves: types.SimpleNamespace, tmp_path: Path
) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned by a quarter
    exif[0x010F] = "Maker"
    exif.get_ifd(0x8825)[1] = "N"
    photo = tmp_path / "turned.jpg"
    with Image.open(cat) as image:
        image.save(photo, exif=exif)
    for words, gps in (((), False), (("--keep-gps",), True)):
        assert run("blur", photo, "-m", "halves", *words).exit_code == 0
        with Image.open(tmp_path / "turned_blurred.jpg") as result:
            assert result.size == (300, 451)
            found = result.getexif()
            assert found[0x010F] == "Maker"
            assert 0x0112 not in found
            assert bool(found.get_ifd(0x8825)) is gps
    # The box is given in the photo as it's seen.
    assert run("blur", photo, "-m", "halves", "--box", "0,400,300,451").exit_code == 0
    assert run("blur", photo, "-m", "halves", "--box", "400,0,451,300").exit_code == 1


@pytest.mark.parametrize(("format_", "lost"), [("jpeg", True), ("png", False), ("webp", False)])
def test_what_a_format_cannot_hold_is_told(
    format_: str, lost: bool, cat: Path, halves: types.SimpleNamespace
) -> None:
    photo = cat.with_name("long.webp")
    with Image.open(cat) as image:
        image.save(photo, exif=long_comment())
    result = run("replace", photo, "-b", "#fff", "-m", "halves", "--format", format_)
    assert result.exit_code == 0
    assert ("“long.webp”: JPEG holds at most 64 KB of EXIF." in result.stderr) is lost
    assert ("Left out: UserComment." in result.stderr) is lost
    with Image.open(result.stdout.strip()) as image:
        assert image.getexif()[0x013B] == "Zoe"
        assert (0x9286 in image.getexif().get_ifd(0x8769)) is not lost


@pytest.mark.parametrize(
    ("words", "name", "kind"),
    [
        (("blur",), "cat_blurred.jpg", "JPEG"),
        (("blur", "--format", "webp"), "cat_blurred.webp", "WEBP"),
        (("blur", "-o", "new/one.jpeg"), "new/one.jpeg", "JPEG"),
        (("blur", "-o", "one.PNG"), "one.PNG", "PNG"),
        (("blur", "-o", "new"), "new/cat_blurred.jpg", "JPEG"),
        (("replace", "-b", "#fff"), "cat_replaced.jpg", "JPEG"),
        (("replace", "-b", "transparent"), "cat_replaced.png", "PNG"),
        (("cutout",), "cat_cutout.png", "PNG"),
        (("cutout", "-o", "one.webp"), "one.webp", "WEBP"),
    ],
)
def test_where_the_result_goes_and_in_which_format(
    cat: Path,
    halves: types.SimpleNamespace,
    monkeypatch: pytest.MonkeyPatch,
    words: tuple[str, ...],
    name: str,
    kind: str,
) -> None:
    monkeypatch.chdir(cat.parent)
    result = run(*words, "cat.png", "-m", "halves")
    assert result.exit_code == 0, result.output
    assert result.stdout == f"{name}\n"
    assert listing(cat.parent) == {"cat.png", name}
    with Image.open(cat.parent / name) as image:
        assert image.format == kind
        assert image.size == (451, 300)


def test_results_do_not_overwrite_each_other(cat: Path, halves: types.SimpleNamespace) -> None:
    folders = [cat.parent / name for name in ("a", "b")]
    for folder in folders:
        folder.mkdir()
        (folder / "cat.png").write_bytes(cat.read_bytes())
    out = cat.parent / "out"
    assert run("blur", *folders, cat, "-m", "halves", "-o", out).exit_code == 0
    assert listing(out) == {"cat_blurred.jpg", "cat_blurred-2.jpg", "cat_blurred-3.jpg"}


def test_a_folder_gives_its_photos_but_not_the_results_of_an_earlier_run(
    cat: Path, halves: types.SimpleNamespace
) -> None:
    folder = cat.parent
    (folder / "notes.txt").write_text("not a photo")
    (folder / "more").mkdir()
    (folder / "more" / "deep.png").write_bytes(cat.read_bytes())
    for _ in range(2):
        assert run("blur", folder, "-m", "halves").exit_code == 0
    assert listing(folder) == {"cat.png", "cat_blurred.jpg", "notes.txt", "more/deep.png"}


def test_the_new_background_is_never_overwritten(cat: Path, halves: types.SimpleNamespace) -> None:
    """Neither where it's named as the output nor where it's called as the result would be."""
    room = cat.with_name("cat_replaced.jpg")
    Image.new("RGB", (8, 8)).save(room)
    before = room.read_bytes()
    words = ("--model", "halves", "-b", room)
    refused = run("replace", cat, *words, "-o", room)
    assert refused.exit_code == 2
    assert "overwrite" in plain(refused.stderr)
    assert run("replace", cat, *words).exit_code == 0
    assert room.read_bytes() == before
    assert cat.with_name("cat_replaced-2.jpg").exists()
