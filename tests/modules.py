"""A package's modules, and what each offers to others."""

import pkgutil
from types import ModuleType
from typing import Any


def modules_of(package: ModuleType) -> list[str]:
    """Its modules' names, without compiled loops: examples of their callers show what they do."""
    found = pkgutil.walk_packages(package.__path__, f"{package.__name__}.")
    names = [package.__name__, *(module.name for module in found)]
    return [name for name in names if "kernels" not in name]


def public(module: ModuleType) -> dict[str, Any]:
    """The functions and classes that a module defines and doesn't keep to itself."""
    return {
        name: each
        for name, each in vars(module).items()
        if callable(each) and each.__module__ == module.__name__ and not name.startswith("_")
    }
