"""Strangers' ONNX files, tried in a process of their own: what is seen, and what is refused."""

import ast
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import onnxruntime as ort
import pytest
from onnx import NodeProto, TensorProto, helper

from models.catalog import U2NETP, find
from models.families.onnx import load, segmenter, trial
from models.interface import Cancelled, LoadFailed
from models.running.devices import Device
from models.running.stages import recording
from tests.tiny_onnx import channel, endless, numbers, save_network, save_red

linux = pytest.mark.skipif(sys.platform != "linux", reason="only Linux holds to the limit")


@pytest.fixture(autouse=True)
def nothing_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trial, "_VERDICTS", {})
    monkeypatch.setenv("CUTOUT_WEIGHTS", "")


def test_what_a_file_takes_and_tells(tmp_path: Path) -> None:
    path = save_network(
        tmp_path / "two.onnx",
        [channel(0, "red"), helper.make_node("Neg", ["photo"], ["less"])],
        sides=(4, 6),
        outputs=("red", "less"),
        weights=[numbers("c0", [0])],
    )
    photo = np.linspace(0, 1, 72, dtype=np.float32).reshape(1, 3, 4, 6)
    report = trial.tried(path, photos=[photo, 2 * photo])
    assert report.inputs == (trial.Port("photo", "tensor(float)", (1, 3, 4, 6)),)
    assert [port.name for port in report.outputs] == ["red", "less"]
    red, less = report.runs[1]
    assert red.shape == (1, 1, 4, 6)
    assert red.low == 0
    assert red.high == pytest.approx(2 * 23 / 71)
    assert (less.low, less.high) == (-2, 0)
    assert report.runs[0][1].low == -1


def test_open_sides_are_told_and_run_once_they_are_given(tmp_path: Path) -> None:
    path = save_red(tmp_path / "open.onnx", sides=("h", "w"), kind=TensorProto.FLOAT16)
    assert trial.tried(path).runs == ()
    assert trial.tried(path).inputs[0].shape == (1, 3, "h", "w")
    assert trial.tried(path, (5, 7)).runs[0][0].shape == (1, 1, 5, 7)


def test_no_numbers_are_told_as_none(tmp_path: Path) -> None:
    node = helper.make_node("Log", ["photo"], ["matte"])
    photo = np.full((1, 3, 8, 8), -1, np.float32)
    ((answer,),) = trial.tried(save_network(tmp_path / "m.onnx", [node]), photos=[photo]).runs
    assert (answer.low, answer.high) == (None, None)


def with_tensor_at(location: str) -> Callable[[Path], Path]:
    """A file that adds a tensor which lies elsewhere."""

    def save(path: Path) -> Path:
        outside = TensorProto(name="w", data_type=TensorProto.FLOAT, dims=[1])
        outside.data_location = TensorProto.EXTERNAL
        place = location.format(folder=path.parents[1])
        for key, value in {"location": place, "offset": "0", "length": "4"}.items():
            outside.external_data.add(key=key, value=value)
        adding = helper.make_node("Add", ["photo", "w"], ["matte"])
        return save_network(path, [adding], weights=[outside])

    return save


def huge() -> list[NodeProto]:
    """It asks for so many floats and reads all of them."""
    return [
        helper.make_node("ConstantOfShape", ["count"], ["zeros"]),
        helper.make_node("ReduceSum", ["zeros"], ["sum"], keepdims=0),
        helper.make_node("Add", ["photo", "sum"], ["matte"]),
    ]


def asking_for(floats: int) -> Callable[[Path], Path]:
    """Of less than 400 bytes itself."""

    def save(path: Path) -> Path:
        save_network(path, huge(), weights=[numbers("count", [floats])])
        assert path.stat().st_size < 400
        return path

    return save


@pytest.mark.parametrize(
    ("save", "told"),
    [
        (lambda path: save_network(path, [helper.make_node("Evil", ["photo"], ["matte"])]), "Evil"),
        (with_tensor_at("../secret.bin"), "ONNX Runtime can run"),
        (with_tensor_at("{folder}/secret.bin"), "ONNX Runtime can run"),
        (with_tensor_at("link.bin"), "ONNX Runtime can run"),
        (with_tensor_at("nowhere.bin"), "ONNX Runtime can run"),
        pytest.param(asking_for(1 << 36), "asks for more memory than models", marks=linux),
        pytest.param(asking_for(5 << 28), "asks for more memory than models", marks=linux),
        (lambda path: path.write_bytes(b"\x08\x09 no network"), "ONNX Runtime can run"),
    ],
    ids=["operator", "parent", "absolute", "symlink", "missing", "256 GiB", "5 GiB", "no network"],
)
def test_hostile_files_are_refused_in_a_sentence(
    tmp_path: Path, save: Callable[[Path], object], told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CUTOUT_MEMORY_GB", "1")
    (tmp_path / "secret.bin").write_bytes(np.ones(1, np.float32).tobytes())
    folder = tmp_path / "model"
    folder.mkdir()
    (folder / "link.bin").symlink_to(tmp_path / "secret.bin")
    path = folder / "m.onnx"
    save(path)
    with pytest.raises(LoadFailed, match=r"^m\.onnx ") as refused:
        trial.tried(path)
    assert told in str(refused.value)
    assert str(refused.value).endswith(".")


def test_tensors_beside_the_file_are_read(tmp_path: Path) -> None:
    (tmp_path / "w.bin").write_bytes(np.array([3], np.float32).tobytes())
    path = with_tensor_at("w.bin")(tmp_path / "m.onnx")
    black = np.zeros((1, 3, 8, 8), np.float32)
    assert trial.tried(path, photos=[black]).runs[0][0].high == 3


def test_a_file_that_never_ends_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trial, "SECONDS", 1.0)
    path = save_network(tmp_path / "m.onnx", endless("matte"))
    with pytest.raises(LoadFailed, match=r"m\.onnx did not finish one photo in 1 seconds"):
        trial.tried(path)


def test_whoever_cancels_does_not_wait_for_it(tmp_path: Path) -> None:
    path = save_network(tmp_path / "m.onnx", endless("matte"))
    asked = 0

    def stop() -> None:
        nonlocal asked
        asked += 1
        if asked > 3:
            raise Cancelled

    with recording(check=stop), pytest.raises(Cancelled):
        trial.passed(path, None)
    assert trial._VERDICTS == {}


def test_a_process_that_is_ended_from_outside_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    child = tmp_path / "child.py"
    child.write_text("import os, signal; os.kill(os.getpid(), signal.SIGKILL)")
    monkeypatch.setattr(trial, "_CHILD", child)
    with pytest.raises(LoadFailed, match=r"m\.onnx ended the process that tried it \(exit code -"):
        trial.tried(save_red(tmp_path / "m.onnx"))


def test_it_sees_no_secret_of_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    child = tmp_path / "child.py"
    child.write_text("import os, json; print(json.dumps({'error': ' '.join(sorted(os.environ))}))")
    monkeypatch.setattr(trial, "_CHILD", child)
    monkeypatch.setenv("HF_TOKEN", "secret")
    with pytest.raises(LoadFailed) as refused:
        trial.tried(save_red(tmp_path / "m.onnx"))
    assert "PATH" in str(refused.value)
    assert "HF_TOKEN" not in str(refused.value)


def test_a_file_is_tried_once_however_it_is_called(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried = list[Path]()

    def count(path: Path, *_: object) -> trial.Report:
        tried.append(path)
        raise LoadFailed(f"{path.name} is no good.")

    monkeypatch.setattr(trial, "tried", count)
    first = save_red(tmp_path / "a.onnx")
    second = save_red(tmp_path / "b.onnx")
    other = save_red(tmp_path / "c.onnx", sides=(4, 4))
    for path in (first, second, first, other):
        with pytest.raises(LoadFailed, match="is no good"):
            trial.passed(path, None)
    assert tried == [first, other]


@pytest.mark.parametrize(
    ("change", "strange"),
    [
        ({}, False),
        ({"packaged": None}, True),
        ({"packaged": None, "checksum": "md5:00"}, False),
        ({"packaged": None, "checksum": "md5:00", "own": True}, True),
    ],
)
def test_who_is_a_stranger(change: dict[str, object], strange: bool) -> None:
    assert trial.is_strange(replace(U2NETP, **change)) == strange  # type: ignore[arg-type]


def test_a_file_given_in_a_publisher_s_place_is_a_stranger_s(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And one that isn't any good is never opened in this process."""
    assert not trial.is_strange(find("u2net"))
    path = save_network(tmp_path / "m.onnx", [helper.make_node("Evil", ["photo"], ["matte"])])
    monkeypatch.setenv("CUTOUT_WEIGHTS", f"u2net={path}")
    opened = list[Path]()
    monkeypatch.setattr(segmenter, "session_of", lambda path, device: opened.append(path))
    with pytest.raises(LoadFailed, match="Evil"):
        load(find("u2net"), path, Device("cpu"))
    assert opened == []


def test_the_other_process_imports_nothing_heavy() -> None:
    tree = ast.parse(trial._CHILD.read_text("utf-8"))
    names = {each.name for node in ast.walk(tree) if isinstance(node, ast.Import)
             for each in node.names}  # fmt: skip
    assert names == {"json", "sys", "resource", "numpy", "onnxruntime"}
    code = "import onnxruntime, sys; print('torch' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
    assert ort.__version__
    assert os.access(trial._CHILD, os.R_OK)
