"""The verb `doctor`: every look at the machine, told line by line."""

import json
from collections.abc import Callable, Iterator
from typing import Annotated

from typer import Exit, Option, echo, style

from terminal.doctor.finding import Finding, State, first_line, worst

type Look = Callable[[], list[Finding]]

_COLOURS = {"ok": "green", "warning": "yellow", "problem": "red"}


def doctor(
    *,
    as_json: Annotated[bool, Option("--json", help="The same for programs to read.")] = False,
) -> None:
    """Look at what models need here: devices, memory, disk, network, versions, settings.

    Each line says what to do. The exit code is 1 if there is a problem; warnings leave it at 0.
    """
    found = []
    for finding in look():
        found.append(finding)
        if not as_json:
            _tell(finding)
    state = worst(found)
    if as_json:
        findings = [{"about": f.about, "state": f.state, "told": f.told} for f in found]
        print(json.dumps({"state": state, "findings": findings}, indent=2))
    else:
        echo(_summary(found))
    if state == "problem":
        raise Exit(1)


def looks() -> dict[str, Look]:
    """All that is looked at, by what it's about."""
    from terminal.doctor import machine, network, places, runtime, software  # no other verb's

    return {
        "versions": software.versions,
        "settings": software.settings,
        "device": machine.devices,
        "onnx": runtime.providers,
        "memory": machine.memory,
        "built in": places.built_in,
        "disk": places.disk,
        "cache": places.cache,
        "weights": places.damaged,
        "certificate": network.certificates,
        "proxy": network.proxies,
        "hub": network.hub,
    }


def look() -> Iterator[Finding]:
    """What each look finds, as soon as it's there; one that fails itself is a problem, too."""
    for about, looking in looks().items():
        try:
            yield from looking()
        except Exception as error:
            told = f"Could not be looked at: {type(error).__name__}: {first_line(error)}."
            yield Finding(about, "problem", f"{told} Run `uv sync --reinstall`, then try again.")


def _tell(finding: Finding) -> None:
    state = style(f"{finding.state:7}", fg=_COLOURS[finding.state])
    echo(f"{state}  {finding.about}: {finding.told}")


def _summary(found: list[Finding]) -> str:
    def count(state: State) -> str:
        number = sum(each.state == state for each in found)
        return f"{number or 'no'} {state}{'s' * (number != 1)}"

    return f"{count('problem').capitalize()}, {count('warning')}."
