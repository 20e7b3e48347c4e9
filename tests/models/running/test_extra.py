import os
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import cv2
import numpy as np
import pytest
import torch

from models.catalog import MODELS, ModelSpec, find
from models.interface import Box, LoadFailed, Prompt
from models.running import extra
from models.running.extra import SWITCHES, installed, require, restrained
from models.running.pool import Pool
from tests.tiny import scene

EXTRA = [spec for spec in MODELS if spec.extra]
ROOT = Path(__file__).parents[3]
ADVICE = {
    "ultralytics": "which is under the AGPL-3.0: if that suits you, run "
    "`uv sync --inexact --extra ultralytics` and start again.",
    "timm": "which is under the Apache-2.0. Run `uv sync --inexact --extra timm` and start again.",
}


@pytest.mark.usefixtures("no_network")
@pytest.mark.parametrize("spec", EXTRA, ids=lambda spec: spec.name)
def test_without_the_package_its_installation_is_told_and_nothing_downloaded(
    spec: ModelSpec, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(extra, "find_spec", lambda name: None)
    prompt = Prompt((Box(2, 2, 9, 9),)).only(spec.prompts)
    assert not installed(spec)
    with pytest.raises(LoadFailed) as told:
        Pool().run(spec, scene(12, 12), prompt, "cpu")
    assert spec.extra
    assert str(told.value) == f"{spec.label} needs the package {spec.extra}, {ADVICE[spec.extra]}"


def test_other_rows_need_no_package() -> None:
    assert installed(find("grabcut"))
    require(find("sam2.1-tiny"))


def test_what_an_import_changes_is_put_back(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in SWITCHES:
        monkeypatch.delenv(name, raising=False)
    save, threads = torch.save, cv2.getNumThreads()
    with restrained():
        assert {name: os.environ[name] for name in SWITCHES} == SWITCHES
        assert Path(os.environ["YOLO_CONFIG_DIR"]).is_dir()
        cv2.setNumThreads(1 if threads != 1 else 2)
        monkeypatch.setattr(torch, "save", print)
        np.set_printoptions(linewidth=320)
    assert "YOLO_CONFIG_DIR" not in os.environ
    assert torch.save is save
    assert cv2.getNumThreads() == threads
    assert np.get_printoptions()["linewidth"] == 75


@pytest.mark.parametrize("own", ["/own/settings", None])
def test_nested_it_puts_back_what_was_there_before(
    own: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in SWITCHES:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.delenv("YOLO_CONFIG_DIR", raising=False)
    if own:
        monkeypatch.setenv("YOLO_CONFIG_DIR", own)
    save = torch.save
    with torch._tensor_str.printoptions(precision=9):  # the person's own
        with restrained():
            outer = os.environ["YOLO_CONFIG_DIR"]
            monkeypatch.setattr(torch, "save", print)
            with restrained():
                assert os.environ["YOLO_CONFIG_DIR"] != outer
                torch.set_printoptions(precision=2)  # type: ignore[no-untyped-call]
            assert os.environ["YOLO_CONFIG_DIR"] == outer
            assert Path(outer).is_dir()
        assert os.environ.get("YOLO_CONFIG_DIR") == own
        assert torch.save is save
        assert torch._tensor_str.get_printoptions()["precision"] == 9


def test_of_two_at_once_each_puts_back_what_was_there_before_both(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The second enters once the first has changed things and leaves after it, if it may."""
    for name in SWITCHES:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.delenv("YOLO_CONFIG_DIR", raising=False)
    save, threads = torch.save, cv2.getNumThreads()
    changed, left, inside = threading.Event(), threading.Event(), threading.Barrier(2)

    def first() -> None:
        with restrained():
            monkeypatch.setattr(torch, "save", print)
            cv2.setNumThreads(threads + 1)
            changed.set()
            with suppress(threading.BrokenBarrierError):
                inside.wait(0.5)
            assert Path(os.environ["YOLO_CONFIG_DIR"]).is_dir()
        left.set()

    def second() -> None:
        changed.wait()
        with restrained():
            with suppress(threading.BrokenBarrierError):
                inside.wait(0.5)
            left.wait()

    with ThreadPoolExecutor(2) as both:
        for done in [both.submit(first), both.submit(second)]:
            done.result()
    assert torch.save is save
    assert cv2.getNumThreads() == threads
    assert "YOLO_CONFIG_DIR" not in os.environ


TAMED = """
import socket, sys
import cv2, numpy, torch
from models.families.sam import mobile as mobile_sam
from models.families.objects import yolo

def refuse(*_):
    raise AssertionError("a connection was opened")

def state():
    printed = repr(torch.ones(1) / 3), numpy.get_printoptions()
    return cv2.getNumThreads(), torch.save, torch.load, printed

assert "ultralytics" not in sys.modules
socket.socket.connect = socket.getaddrinfo = refuse
before = state()
mobile_sam.build()
assert "ultralytics" in sys.modules
assert state() == before
"""


@pytest.mark.extra
def test_the_package_is_imported_when_it_is_needed_and_leaves_no_trace(tmp_path: Path) -> None:
    environment = {**os.environ, "HOME": str(tmp_path), "XDG_CONFIG_HOME": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", TAMED],
        cwd=ROOT, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert done.stdout == ""
    assert list(tmp_path.iterdir()) == []
