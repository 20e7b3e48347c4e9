"""Families of models that are not files in `models/families/`."""

import sys
import types
from collections.abc import Callable
from typing import Any

import pytest


def pretend(monkeypatch: pytest.MonkeyPatch, family: str, load: Callable[..., Any]) -> None:
    """Make the pool load rows of `family` with `load(spec, folder, device)`."""
    module = types.ModuleType(f"models.families.{family}")
    module.__dict__["load"] = load
    monkeypatch.setitem(sys.modules, module.__name__, module)
