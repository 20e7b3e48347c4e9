"""What a tab that was loaded anew has again: all controls that keep their values at all."""

import ast
from pathlib import Path

import ui
from ui.chosen import CONTROLS


def test_no_control_is_left_out() -> None:
    keys = set()
    for file in Path(ui.__path__[0]).glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Call):
                given = {word.arg: word.value for word in node.keywords}
                key = given.get("key")
                if "persist_state" in given and isinstance(key, ast.Constant):
                    keys.add(key.value)
    assert {"kind", "fill", "device"} < keys
    assert keys <= set(CONTROLS)
