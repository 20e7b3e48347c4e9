"""What the verb prints, and what it ends with."""

import json
from typing import NoReturn

import pytest

from terminal.doctor import report
from terminal.doctor.finding import Finding, State, worst
from tests.shell import run

FINE = Finding("disk", "ok", "10.0 GB free.")
SHORT = Finding("memory", "warning", "1.0 GB of 8.0 GB free. Close something.")
BROKEN = Finding("cache", "problem", "/x can't be used. Allow it.")


@pytest.mark.parametrize(
    ("found", "state", "code", "summary"),
    [
        ([FINE], "ok", 0, "No problems, no warnings."),
        ([FINE, SHORT], "warning", 0, "No problems, 1 warning."),
        ([BROKEN, SHORT, FINE], "problem", 1, "1 problem, 1 warning."),
    ],
)
def test_only_a_problem_is_a_failure(
    found: list[Finding],
    state: State,
    code: int,
    summary: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(report, "looks", lambda: {each.about: lambda e=each: [e] for each in found})
    result = run("doctor")
    assert result.exit_code == code
    lines = [f"{each.state:7}  {each.about}: {each.told}" for each in found]
    assert result.stdout.splitlines() == [*lines, summary]
    result = run("doctor", "--json")
    assert result.exit_code == code
    told = json.loads(result.stdout)
    assert told == {
        "state": state,
        "findings": [{"about": e.about, "state": e.state, "told": e.told} for e in found],
    }


def test_a_look_that_fails_itself_is_a_problem_and_the_others_go_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail() -> NoReturn:
        raise ImportError("libcudart.so.12: cannot open shared object file\nmore")

    monkeypatch.setattr(report, "looks", lambda: {"device": fail, "disk": lambda: [FINE]})
    device, disk = report.look()
    assert (device.about, device.state, disk) == ("device", "problem", FINE)
    assert "ImportError: libcudart.so.12: cannot open shared object file. Run" in device.told


def test_wrong_settings_are_told_once_and_among_the_others(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("CUTOUT_COMPILE", "maybe")
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    settings = report.looks()["settings"]
    monkeypatch.setattr(report, "looks", lambda: {"settings": settings})
    result = run("doctor")
    assert (result.exit_code, result.stderr) == (1, "")
    assert result.stdout.count("CUTOUT_COMPILE") == 1


def test_all_looks_run_here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    told = json.loads(run("doctor", "--json").stdout)
    found = {each["about"] for each in told["findings"]}
    assert found >= {"versions", "settings", "cpu", "gpu", "onnx", "memory", "built in", "disk"}
    assert found >= {"cache", "certificate", "proxy", "token", "hub"}
    assert not any("Could not be looked at" in each["told"] for each in told["findings"])


def test_the_gravest_state_counts() -> None:
    assert worst([]) == "ok"
    assert worst([SHORT, FINE]) == "warning"
    assert worst([SHORT, BROKEN, FINE]) == "problem"
