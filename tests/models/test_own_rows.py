"""The person's own rows: what the file may say, what is told of mistakes, and that they run."""

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from models import catalog
from models.catalog import MODELS, ModelSpec, find, own
from models.catalog.keys import OF_ONNX, OPTIONS
from models.hub import given, packaged, weights
from models.interface import LoadFailed, Prompt
from models.running import settings
from models.running.pool import Pool
from photos import find_model
from photos.samples import SAMPLES
from tests.tiny import scene, tiny_row

README = Path(__file__).parents[2] / "README.md"
ONNX = '[[model]]\nname = "mine"\nfamily = "onnx"\npath = "w/mine.onnx"\n'
TWIN = '[[model]]\nname = "twin"\nlike = "birefnet-matting"\n'


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Path]:
    """Writes the file, beside a folder w with weights, and sets CUTOUT_MODELS to it."""
    (tmp_path / "w").mkdir()
    for name in ("mine.onnx", "model.safetensors", "notes.txt"):
        (tmp_path / "w" / name).write_bytes(b"\x00w" * 2_000)
    monkeypatch.setattr(own, "_READ", {})
    monkeypatch.setenv("CUTOUT_WEIGHTS", "")

    def write(text: str) -> Path:
        file = tmp_path / "models.toml"
        file.write_text(text, "utf-8")
        monkeypatch.setenv(own.SETTING, str(file))
        return file

    return write


def row(write: Callable[[str], Path], text: str) -> ModelSpec:
    write(text)
    rows = catalog.own_rows()
    assert rows.problems == ()
    (spec,) = rows.specs
    return spec


def test_nothing_set_is_no_row(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(own.SETTING, raising=False)
    assert catalog.own_rows() == own.Rows()
    assert catalog.cutters() == MODELS


def test_the_least_that_a_row_says(write: Callable[[str], Path], tmp_path: Path) -> None:
    spec = row(write, ONNX)
    assert (spec.name, spec.label, spec.group) == ("mine", "mine", "Your own")
    assert spec.path == tmp_path / "w/mine.onnx"
    assert (spec.files, spec.download_bytes, spec.parameters) == (("mine.onnx",), 4000, 1000)
    assert (spec.engine, spec.soft, spec.told) == ("onnxruntime", True, "boxes, points")
    assert (spec.licence, spec.conditions) == ("unclear", "non-commercial")
    assert spec.options == {}
    assert spec.own
    assert not spec.built_in


def test_all_that_a_row_may_say(write: Callable[[str], Path]) -> None:
    digits = "0123456789abcdef" * 4
    spec = row(
        write,
        f"""
        [[model]]
        name = "studio-1.2"
        label = "Studio"
        family = "onnx"
        url = "https://studio.example/files/studio.onnx"
        checksum = "sha256:{digits}"
        download_bytes = 12_000_000
        licence = "MIT"
        commercial = true
        page = "https://studio.example"
        group = "Built in"
        summary = "Shoes."
        prompts = ["boxes"]
        [model.options]
        side = 512
        step = 32
        scale = 255
        mean = [0.5, 0.5, 0.5]
        deviation = [1, 1, 1]
        resampling = "bicubic"
        output = 1
        activation = "sigmoid"
        """,
    )
    assert (spec.label, spec.summary, spec.page) == ("Studio", "Shoes.", "https://studio.example")
    assert (spec.url, spec.files) == ("https://studio.example/files/studio.onnx", ("studio.onnx",))
    assert (spec.checksum, spec.parameters) == (f"sha256:{digits}", 3_000_000)
    assert (spec.terms, spec.commercial, spec.told) == ("MIT", True, "boxes")
    assert spec.options["mean"] == (0.5, 0.5, 0.5)
    assert spec.options.keys() == OF_ONNX
    names = [each.name for each in catalog.cutters()]
    assert names.index("studio-1.2") == 1 + names.index("grabcut")  # the last of its group


def test_a_twin_is_like_its_row_but_for_what_goes_with_the_weights(
    write: Callable[[str], Path],
) -> None:
    twin = row(write, f'{TWIN}path = "w/model.safetensors"\noptions = {{ side = 2048 }}')
    model = find("birefnet-matting")
    assert (twin.family, twin.half_on_cpu, twin.parameters, twin.soft) == (
        model.family, model.half_on_cpu, model.parameters, model.soft,
    )  # fmt: skip
    assert twin.options == {**model.options, "side": 2048}
    assert (twin.repo, twin.page, twin.licence, twin.commercial) == (None, "", "unclear", False)


def test_a_row_without_weights_of_its_own_keeps_the_other_s_and_their_licence(
    write: Callable[[str], Path],
) -> None:
    twin = row(write, f"{TWIN}options = {{ side = 2048 }}")
    model = find("birefnet-matting")
    assert (twin.repo, twin.files, twin.terms) == (model.repo, model.files, "MIT")


def test_a_repository_and_a_folder(write: Callable[[str], Path], tmp_path: Path) -> None:
    fork = row(write, f'{TWIN}repo = "me/fork"\nrevision = "v2"\nfiles = ["a/w.safetensors"]')
    assert (fork.repo, fork.revision, fork.files) == ("me/fork", "v2", ("a/w.safetensors",))
    assert fork.page == "https://huggingface.co/me/fork"
    own._READ.clear()
    sam = row(write, '[[model]]\nname = "sam"\nlike = "sam2.1-tiny"\npath = "w"')
    assert (sam.path, sam.files) == (tmp_path / "w", ("config.json", "model.safetensors"))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[[model]]\nname = ", "models.toml is not TOML: "),
        ("[model]\nname = 'a'", "models.toml: each model begins with [[model]]."),
        ("model = 3", "models.toml: each model begins with [[model]]."),
        ("[[models]]\nname = 'a'", "models.toml: there is no key models. Did you mean model? "),
        ("[[model]]\nfamily = 'onnx'", "models.toml, model 1: name is missing: small letters"),
        (ONNX.replace('"mine"', '"My Net"'), "models.toml, My Net: name should be small letters"),
        (ONNX.replace('"mine"', '"ben2"'), "models.toml, ben2: name is that of another model"),
        (ONNX.replace('"mine"', '"input-alpha"'), "name is that of another model"),
        (f"{ONNX}{ONNX}", "models.toml, mine: name is that of another model"),
        (f"{ONNX}licnce = 'MIT'", "mine: there is no key licnce. Did you mean licence? There are"),
        (f"{ONNX}commercial = 'yes'", "mine: commercial should be true or false; it is “yes”."),
        (f"{ONNX}commercial = true", "the licence forbids it or is unclear"),
        (f"{ONNX}licence = 'CC BY-NC 4.0'\ncommercial = true", "the licence forbids it"),
        (
            f"{ONNX}licence = 'unclear; ask'\ncommercial = true",
            "the licence forbids it or is unclear",
        ),
        (f"{ONNX}like = 'grabcut'", "like: there is no model grabcut."),
        (f"{ONNX}like = 'ben22'", "like: there is no model ben22. Did you mean ben2? There are: "),
        (f"{ONNX}like = 'ben2'", "family is matting.ben2 with like = “ben2”."),
        ("[[model]]\nname = 'a'", "models.toml, a: family is missing, or like"),
        (ONNX.replace('"onnx"', '"os"'), "family: there is no family os. "),
        (ONNX.replace('"onnx"', '"painting.stable_diffusion"'), "family: there is no family pai"),
        (ONNX.replace('"onnx"', '"grabcut.segmenter"'), "family: there is no family grabcut"),
        (f"{ONNX}repo = 'a/b'", "path and repo are both said"),
        ("[[model]]\nname = 'a'\nfamily = 'onnx'", "path, repo or url is missing"),
        (ONNX.replace("w/mine", "w/none"), "path: there is no /"),
        (ONNX.replace("mine.onnx", "notes.txt"), "path should end in .onnx for onnx."),
        (f"{TWIN}path = 'w/mine.onnx'", "path should end in .safetensors or .pth or"),
        ("[[model]]\nname='a'\nlike='sam3'\npath='w/model.safetensors'", "should be a folder or"),
        (f"{TWIN}url = 'https://a.example/w.safetensors'", "checksum is missing: "),
        (f"{TWIN}url = 'ftp://a.example/w.safetensors'", "url should be a file's address"),
        (f"{TWIN}repo = 'fork'", "repo should be OWNER/NAME of a repository on the hub"),
        (f"{TWIN}repo = 'a/b'\nfiles = ['../w.pth']", "files should be a list of the repository's"),
        (f"{ONNX}files = ['a.onnx']", "files goes with a repo or a folder"),
        ("[[model]]\nname='a'\nfamily='onnx'\nrepo='a/b'", "files is missing: "),
        (f"{ONNX}checksum = 'sha256:12'", 'checksum should be "sha256:" and 64 digits, or "md5:"'),
        (
            f"[[model]]\nname='a'\nlike='sam3'\npath='w'\nchecksum='md5:{'0' * 32}'",
            "checksum is for one file, and there are 3",
        ),
        (
            f"{ONNX}prompts = ['text']",
            "prompts: onnx can't be told “text”; it takes boxes, points.",
        ),
        (f"{TWIN}prompts = ['boxes']", "can't be told “boxes”; it takes nothing: leave it out."),
        (f"{ONNX}options = 3", "options should be a table"),
        (
            f"{ONNX}options = {{ sides = 3 }}",
            "for onnx there is no option sides. Did you mean side",
        ),
        (f"{TWIN}options = {{ scale = 3 }}", "for matting.birefnet there is no option scale."),
        (f"{ONNX}options = {{ side = true }}", "options.side should be a whole number of pixels; "),
        (f"{ONNX}options = {{ scale = 'b' }}", 'options.scale should be a number above 0 or "b'),
        (f"{ONNX}options = {{ mean = [1, 2] }}", "options.mean should be three numbers"),
        (f"{ONNX}options = {{ deviation = [1, 0, 1] }}", "should be three numbers above 0"),
        (f"{TWIN}options = {{ side = 1000 }}", "options.side of matting.birefnet should be a mul"),
        (
            "[[model]]\nname='a'\nlike='sam2.1-tiny'\noptions = { side = 3 }",
            "for sam.segmenter there is no option side. There are none.",
        ),
        (f"{ONNX}options = {{ step = 32 }}", "options.step needs options.side"),
        (
            ONNX.replace("onnx", "matting.birefnet", 1).replace("mine.onnx", "model.safetensors"),
            "options of matting.birefnet lack backbone, one of",
        ),
    ],
)
def test_a_mistake_is_a_sentence(text: str, told: str, write: Callable[[str], Path]) -> None:
    write(text)
    (sentence,) = catalog.own_rows().problems
    assert told in sentence
    assert sentence.startswith("models.toml")
    assert sentence.endswith(".")
    assert settings.check() == [sentence]


def test_a_file_that_is_not_there_and_one_that_is_no_text(write: Callable[[str], Path]) -> None:
    file = write("")
    file.unlink()
    (sentence,) = settings.check()
    assert sentence == f"{file} (CUTOUT_MODELS) can't be read: No such file or directory."
    own._READ.clear()
    file.write_bytes(b"\xff\xfe")
    assert "it is not UTF-8" in settings.check()[0]


def test_all_mistakes_are_told_and_the_other_rows_are_there(write: Callable[[str], Path]) -> None:
    write(f"{ONNX}lable = 'a'\ncommercial = 1\n{TWIN}")
    assert len(settings.check()) == 2
    assert [spec.name for spec in catalog.own_rows().specs] == ["twin"]


def test_every_option_of_the_catalogue_can_be_said() -> None:
    used = {name for spec in MODELS for name in spec.options}
    assert used <= OPTIONS.keys()
    assert OPTIONS.keys() >= OF_ONNX


def test_everybody_sees_them(write: Callable[[str], Path], tmp_path: Path) -> None:
    mine = row(write, ONNX)
    assert mine in catalog.everything()
    assert find("mine") == find_model("mine") == mine
    with pytest.raises(KeyError, match="Did you mean mine"):
        find("minee")
    assert weights.cached(mine)
    assert weights.fetch(mine) == mine.path
    assert weights.size_on_disk(mine) == 4000
    assert weights.resolved_revision(mine) == "local"
    assert weights.remove(mine) == 0  # it's the person's
    assert mine.path is not None
    assert mine.path.exists()


def test_other_weights_in_its_place(
    write: Callable[[str], Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine = row(write, f'{ONNX}checksum = "md5:{"0" * 32}"')
    with pytest.raises(LoadFailed, match=r"is another file than its checksum is of\. Give another"):
        weights.fetch(mine)
    other = tmp_path / "other.onnx"
    other.write_bytes(b"\x00other")
    monkeypatch.setenv("CUTOUT_WEIGHTS", f"mine={other}")
    assert settings.check() == []
    assert weights.fetch(mine) == given.own(mine) == other


def test_what_has_gone_is_told(write: Callable[[str], Path]) -> None:
    mine = row(write, ONNX)
    assert mine.path is not None
    mine.path.unlink()
    assert not weights.cached(mine)
    assert not weights.awaits_download(mine)
    with pytest.raises(LoadFailed, match=r"Its row gives .*mine\.onnx for mine, and that isn't"):
        weights.fetch(mine)


def test_the_built_in_file_by_its_path_gives_the_built_in_matte(
    write: Callable[[str], Path],
) -> None:
    model = find("u2netp")
    options = 'scale = "brightest", resampling = "lanczos"'
    mine = row(
        write,
        f"[[model]]\nname = 'mine'\nfamily = 'onnx'\npath = '{packaged.file_of(model)}'\n"
        f"options = {{ {options} }}",
    )
    photo = SAMPLES[1].open().pixels()
    pool = Pool()
    made = pool.run(mine, photo, Prompt()).made.alpha
    assert (made == pool.run(model, photo, Prompt()).made.alpha).all()
    assert made.max() > 0.9


def test_a_small_twin_runs_as_its_row_does(
    write: Callable[[str], Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = tiny_row(find("birefnet-matting"), tmp_path)
    monkeypatch.setattr(catalog, "MODELS", (replace(model, path=tmp_path / model.name),))
    twin = row(write, f'{TWIN}path = "birefnet-matting/model.safetensors"')
    photo = scene(40, 60)
    pool = Pool()
    alpha = pool.run(twin, photo, Prompt(), "cpu").made.alpha
    assert (alpha == pool.run(find("birefnet-matting"), photo, Prompt(), "cpu").made.alpha).all()


def test_they_are_read_without_torch(write: Callable[[str], Path]) -> None:
    write(ONNX)
    code = (
        "import sys; from models.catalog import find; print(find('mine').label, "
        "[name for name in ('torch', 'onnxruntime') if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, env=os.environ
    )
    assert done.stdout.strip() == "mine []", done.stderr


def test_the_readme_s_example_is_one(tmp_path: Path) -> None:
    _, _, after = README.read_text("utf-8").partition("```toml\n")
    text = after.partition("```")[0]
    assert text.count("[[model]]") >= 2
    for name in ("shoes.onnx", "hair.safetensors"):
        (tmp_path / name).write_bytes(b"w")
    rows = own.parse(text, tmp_path / "models.toml", MODELS, catalog.reserved())
    assert rows.problems == ()
    assert len(rows.specs) == text.count("[[model]]")
