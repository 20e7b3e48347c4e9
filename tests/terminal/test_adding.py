"""`cli.py models add` looks into a file, asks for the rest and writes a row; `--models-file`."""

import json
import tomllib
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from onnx import helper
from safetensors.numpy import save_file

from models.catalog import own
from models.families.onnx import trial
from tests.shell import pixels, plain, run
from tests.tiny_onnx import channel, numbers, save_network, save_red

KEYS = Path(__file__).parents[1] / "data/networks"
SAID = ("--label", "Mine", "--licence", "MIT", "--commercial")


@pytest.fixture(autouse=True)
def nothing_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(own, "_READ", {})
    monkeypatch.setattr(trial, "_VERDICTS", {})
    monkeypatch.setenv(own.SETTING, "")
    monkeypatch.setenv("CUTOUT_WEIGHTS", "")
    monkeypatch.chdir(tmp_path)


def rows(file: Path) -> list[dict[str, Any]]:
    return list(tomllib.loads(file.read_text("utf-8"))["model"])


def test_a_matte_is_seen_and_its_row_runs(cat: Path, tmp_path: Path) -> None:
    red = [channel(0, "red"), helper.make_node("Sigmoid", ["red"], ["matte"])]
    save_network(tmp_path / "My Net.onnx", red, sides=(16, 16), weights=[numbers("c0", [0])])
    result = run("models", "add", "My Net.onnx", "--preset", "imagenet", *SAID)
    assert result.exit_code == 0, result.output
    assert "takes photo: tensor(float) 1 × 3 × 16 × 16" in result.stdout
    assert "output 0, matte: 1 × 1 × 16 × 16, 0." in result.stdout
    assert "it lies within 0 to 1" in result.stdout
    assert "models.toml: added my-net." in result.stdout
    (row,) = rows(tmp_path / "models.toml")
    assert row == {
        "name": "my-net",
        "label": "Mine",
        "path": "My Net.onnx",
        "family": "onnx",
        "options": {
            "scale": 255, "mean": [0.485, 0.456, 0.406], "deviation": [0.229, 0.224, 0.225],
        },
        "licence": "MIT",
        "commercial": True,
    }  # fmt: skip
    made = run("cutout", cat, "-m", "my-net", "--models-file", "models.toml")
    assert (made.exit_code, made.stderr) == (0, "")
    assert pixels(cat.with_name("cat_cutout.png")).shape == (300, 451, 4)


def test_log_odds_get_a_sigmoid_and_open_sides_a_side(tmp_path: Path) -> None:
    save_red(tmp_path / "red.onnx", sides=("h", "w"))
    said = ("--preset", "modnet", "--side", "24", "--licence", "unclear", "--label", "Red")
    result = run("models", "add", "red.onnx", *said)
    assert result.exit_code == 0, result.output
    assert "1 × 3 × h × w" in result.stdout
    assert "it needs a sigmoid" in result.stdout
    (row,) = rows(tmp_path / "models.toml")
    assert (row["options"]["side"], row["options"]["activation"]) == (24, "sigmoid")
    assert row["commercial"] is False


def test_what_is_not_seen_is_asked(tmp_path: Path) -> None:
    save_red(tmp_path / "red.onnx", sides=("h", "w"))
    answers = "many\n24\nwhat\nisnet\n\nMIT\ny\n"
    result = run("models", "add", "red.onnx", "--to", "own.toml", stdin=answers.encode())
    assert result.exit_code == 0, result.output
    assert "“many” should be a whole number of pixels." in result.stderr
    assert "“what” should be one of imagenet, u2net, isnet, modnet." in result.stderr
    assert "isnet: rgb / its brightest - 0.5, as IS-Net" in result.stderr
    (row,) = rows(tmp_path / "own.toml")
    assert (row["label"], row["licence"], row["commercial"]) == ("red", "MIT", True)
    assert row["options"]["scale"] == "brightest"


def test_where_nobody_answers_the_option_is_named(tmp_path: Path) -> None:
    save_red(tmp_path / "red.onnx")
    result = run("models", "add", "red.onnx")
    assert result.exit_code == 2
    assert "Nobody is here to answer: say --preset." in plain(result.stderr)
    assert not (tmp_path / "models.toml").exists()


def test_what_is_in_the_file_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    save_red(tmp_path / "red.onnx")
    file = tmp_path / "below/own.toml"
    file.parent.mkdir()
    before = "# mine\n[[model]]\nname = 'hd'\nlike = 'ben2'  # as it is"
    file.write_text(before)
    monkeypatch.setenv(own.SETTING, str(file))
    said = ("--preset", "imagenet", *SAID[2:], "--label", "a “b” \\ \t é")
    result = run("models", "add", "red.onnx", *said)
    assert result.exit_code == 0, result.output
    assert file.read_text().startswith(before + "\n\n[[model]]\n")
    assert [row["name"] for row in rows(file)] == ["hd", "red"]
    assert rows(file)[1]["label"] == "a “b” \\ \t é"
    assert rows(file)[1]["path"] == str(tmp_path / "red.onnx")  # not below the file's folder


def test_a_name_that_is_taken_and_a_file_with_a_mistake(tmp_path: Path) -> None:
    save_red(tmp_path / "red.onnx")
    result = run("models", "add", "red.onnx", "--name", "ben2", "--preset", "u2net", *SAID)
    assert result.exit_code == 2
    assert "a model called “ben2” already" in plain(result.stderr)
    (tmp_path / "models.toml").write_text("[[model]]\nname = 'a'\n")
    result = run("models", "add", "red.onnx", "--preset", "u2net", *SAID)
    assert result.exit_code == 2
    assert "Nothing was written. models.toml, a: family is missing" in plain(result.stderr)
    assert (tmp_path / "models.toml").read_text() == "[[model]]\nname = 'a'\n"


def test_one_of_several_outputs(tmp_path: Path) -> None:
    save_network(
        tmp_path / "two.onnx",
        [helper.make_node("Identity", ["photo"], ["all"]), channel(0, "a"), channel(1, "b")],
        outputs=("all", "a", "b"),
        weights=[numbers("c0", [0]), numbers("c1", [1])],
    )
    run("models", "add", "two.onnx", "--preset", "u2net", *SAID)
    said = ("--name", "other", "--output", "2")
    run("models", "add", "two.onnx", "--preset", "u2net", *SAID, *said)
    assert [row["options"]["output"] for row in rows(tmp_path / "models.toml")] == [1, 2]
    result = run("models", "add", "two.onnx", "--preset", "u2net", *SAID, "--output", "0")
    assert "Output 0 is one matte" in plain(result.stderr).replace("is no", "is")


def names_and_one_width(file: Path, keys: str, first: str, width: int, before: str = "") -> None:
    """The published names, each with a number; only the first layer has its width."""
    names = json.loads((KEYS / keys).read_text())
    tensors = {before + name: np.zeros(1, np.float32) for name in names}
    save_file(tensors | {before + first: np.zeros((width, 3, 4, 4), np.float32)}, file)


@pytest.mark.parametrize(
    ("keys", "first", "width", "like"),
    [
        ("birefnet_keys.json", "bb.patch_embed.proj.weight", 192, "birefnet-matting"),
        ("birefnet_lite_keys.json", "bb.patch_embed.proj.weight", 96, "birefnet-lite"),
        ("ben2_keys.json", "backbone.patch_embed.proj.weight", 128, "ben2"),
    ],
)
def test_checkpoints_are_known_by_the_names_of_their_tensors(
    keys: str, first: str, width: int, like: str, tmp_path: Path
) -> None:
    names_and_one_width(tmp_path / "fine.safetensors", keys, first, width, "module._orig_mod.")
    result = run("models", "add", "fine.safetensors", *SAID, "--side", "512")
    assert result.exit_code == 0, result.output
    assert f"It runs as {like} does." in result.stdout
    (row,) = rows(tmp_path / "models.toml")
    assert (row["like"], row["options"]) == (like, {"side": 512})
    assert "family" not in row
    listed = run("models", "list", "--models-file", "models.toml").stdout
    assert "your own files" in next(
        line for line in listed.splitlines() if line.split()[:1] == ["fine"]
    )


def test_other_files_are_refused_with_what_was_seen(tmp_path: Path) -> None:
    save_file({"a.b": np.zeros(1), "c": np.zeros(1)}, tmp_path / "other.safetensors")
    (tmp_path / "broken.pth").write_bytes(b"no")
    (tmp_path / "notes.txt").write_bytes(b"no")
    save_red(tmp_path / "four.onnx", channels=4)
    save_network(tmp_path / "evil.onnx", [helper.make_node("Evil", ["photo"], ["matte"])])
    for file, code, told in (
        ("other.safetensors", 2, "holds 2 tensors (a.b, c), and neither BiRefNet's nor BEN2's"),
        ("broken.pth", 1, "broken.pth can't be read as weights"),
        ("notes.txt", 2, "is none of .onnx, .safetensors, .pth, .pt, .bin"),
        ("none.onnx", 2, "There is no file “none.onnx”."),
        ("four.onnx", 2, "It takes tensor(float) 1 × 4 × 8 × 8; one photo"),
        ("evil.onnx", 1, "evil.onnx is not a network that ONNX Runtime can run"),
    ):
        result = run("models", "add", file, "--preset", "imagenet", *SAID)
        assert result.exit_code == code, result.output
        assert told in plain(result.stderr)
    assert not (tmp_path / "models.toml").exists()


def test_a_models_file_on_the_verbs_of_models(tmp_path: Path) -> None:
    (tmp_path / "w.onnx").write_bytes(b"\x00w")
    file = tmp_path / "own.toml"
    file.write_text("[[model]]\nname = 'mine'\nfamily = 'onnx'\npath = 'w.onnx'\n")
    for words in (("models", "--models-file", file), ("models", "list", "--models-file", file)):
        assert "mine" in run(*words).stdout
    told = run("models", "pull", "mine", "--models-file", file)
    assert (told.exit_code, told.stdout) == (0, "mine: 0 MB\n")
    told = run("models", "remove", "mine", "--models-file", file)
    assert (told.exit_code, told.stdout) == (0, "mine: nothing was cached\n")
    assert (tmp_path / "w.onnx").exists()


def test_mistakes_in_a_models_file_end_the_verb(cat: Path, tmp_path: Path) -> None:
    file = tmp_path / "own.toml"
    file.write_text("[[model]]\nname = 'mine'\n")
    result = run("blur", cat, "--models-file", file)
    assert result.exit_code == 2
    assert "own.toml, mine: family is missing" in plain(result.stderr)
