"""The page's tables."""

import ast
from pathlib import Path

UI = Path(__file__).parents[2] / "ui"


def test_what_a_column_means_is_told_to_those_without_a_mouse() -> None:
    """A column's `help` shows only to a mouse that rests on its heading."""
    hidden = [
        f"{path.name}:{call.lineno}"
        for path in UI.glob("*.py")
        for call in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(call, ast.Call)
        and ast.unparse(call.func).endswith(("Column", "numbers"))
        and any(keyword.arg == "help" for keyword in call.keywords)
    ]
    assert not hidden
