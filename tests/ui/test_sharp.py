"""Full-size pictures are made beside the script, and given up when nobody looks any longer."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from ui import sharp
from ui.sharp import Sharp


def test_what_is_no_longer_wanted_is_given_up_and_the_rest_made_once() -> None:
    gate, made = threading.Event(), list[str]()

    def make(name: str) -> bytes:
        assert gate.wait(60)
        made.append(name)
        return name.encode()

    with ThreadPoolExecutor(1) as threads:
        pictures = Sharp(threads)
        running = pictures.want({"a": lambda: make("a"), "b": lambda: make("b")})
        assert not running["a"].done()
        later = pictures.want({"c": lambda: make("c"), "a": lambda: make("a")})
        assert running["b"].cancelled()
        assert later["a"] is running["a"]
        gate.set()
        assert [later[key].result(60) for key in "ca"] == [b"c", b"a"]
    assert made == ["a", "c"]


def test_only_so_many_are_kept_and_a_failure_is_told_of(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(sharp, "KEPT", 2)
    with ThreadPoolExecutor(1) as threads:
        pictures = Sharp(threads)
        first = pictures.want({"a": lambda: b"a"})["a"]
        assert first.result(60) == b"a"
        for key in "bc":
            assert pictures.want({key: lambda: b"other"})[key].result(60) == b"other"
        assert pictures.want({"a": lambda: b"again"})["a"].result(60) == b"again"

        def fail() -> bytes:
            raise MemoryError

        assert isinstance(pictures.want({"d": fail})["d"].exception(60), MemoryError)
    assert "could not be made" in caplog.text
