"""What may stand in a row of the person's own file: which keys, and what each takes."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit


@dataclass(frozen=True)
class Key:
    """wanted: what it takes, as a sentence about it has it. fits: whether a value is that."""

    wanted: str
    fits: Callable[[Any], bool]


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _is_whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_number(value: Any) -> bool:
    return _is_whole(value) or isinstance(value, float)


def _text(wanted: str = "words in quotes") -> Key:
    return Key(wanted, _is_text)


def _matching(pattern: str, wanted: str) -> Key:
    return Key(wanted, lambda value: isinstance(value, str) and bool(re.fullmatch(pattern, value)))


def _one_of(*words: Any) -> Key:
    listed = ", ".join(f'"{word}"' for word in words)
    return Key(f"one of {listed}", lambda value: isinstance(value, str) and value in words)


def _whole(least: int, wanted: str) -> Key:
    return Key(wanted, lambda value: _is_whole(value) and value >= least)


def _colour(least: float, wanted: str) -> Key:
    def fits(value: Any) -> bool:
        threefold = isinstance(value, list) and len(value) == 3
        return threefold and all(_is_number(each) and each > least for each in value)

    return Key(wanted, fits)


def _is_file_name(value: Any) -> bool:
    """Of a file within its repository."""
    return isinstance(value, str) and bool(re.fullmatch(r"(\w[\w.-]*/)*\w[\w.-]*", value))


def _is_address(value: Any) -> bool:
    if not isinstance(value, str):
        return False
    parts = urlsplit(value)
    name = parts.path.rpartition("/")[2]
    return parts.scheme in ("https", "http") and bool(parts.netloc) and _is_file_name(name)


PIXELS = _whole(1, "a whole number of pixels")
PART = Key("a number from 0 to 1", lambda value: _is_number(value) and 0 <= value <= 1)

ROW: Mapping[str, Key] = {
    "name": _matching(r"[a-z0-9][a-z0-9._-]*", "small letters, digits, dots and hyphens"),
    "label": _text(),
    "like": _text("a model's name"),
    "family": _text("a family's name"),
    "path": _text("a file or a folder"),
    "repo": _matching(r"[\w.-]+/[\w.-]+", "OWNER/NAME of a repository on the hub"),
    "revision": _matching(r"\w[\w.-]*", "a branch, a tag or a commit of the repository"),
    "files": Key(
        "a list of the repository's files",
        lambda value: isinstance(value, list) and bool(value) and all(map(_is_file_name, value)),
    ),
    "url": Key("a file's address, https://…", _is_address),
    "checksum": _matching(
        "sha256:[0-9a-f]{64}|md5:[0-9a-f]{32}", '"sha256:" and 64 digits, or "md5:" and 32'
    ),
    "download_bytes": _whole(1, "a whole number of bytes"),
    "licence": _text(),
    "commercial": Key("true or false", lambda value: isinstance(value, bool)),
    "page": _matching(r"https?://\S+", "an address, https://…"),
    "group": _text(),
    "summary": _text(),
    "prompts": Key("a list of what it can be told", lambda value: isinstance(value, list)),
    "options": Key("a table, { side = 320 }", lambda value: isinstance(value, dict)),
}
"""Of a row."""

OPTIONS: Mapping[str, Key] = {
    "side": PIXELS,
    "step": PIXELS,
    "shorter": PIXELS,
    "longer": PIXELS,
    "longest": PIXELS,
    "scale": Key(
        'a number above 0 or "brightest"',
        lambda value: value == "brightest" or (_is_number(value) and value > 0),
    ),
    "mean": _colour(-1e9, "three numbers, [0.5, 0.5, 0.5]"),
    "deviation": _colour(0, "three numbers above 0, [0.5, 0.5, 0.5]"),
    "resampling": _one_of("bilinear", "bicubic", "lanczos"),
    "output": _whole(0, "a whole number, counted from 0"),
    "activation": _one_of("none", "sigmoid"),
    "backbone": _one_of("swin_l", "swin_t"),
    "patch_order": _one_of("ask", "column", "channel"),
    "threshold": PART,
    "certain": PART,
    "overlap": PART,
    "things": _whole(0, "a whole number"),
    "builder": _text("torchvision's name of the network"),
    "network": _text("the package's name of the network"),
}
"""Of a row's options; which of them a family has, its rows tell."""

OF_ONNX = frozenset(
    {"side", "step", "scale", "mean", "deviation", "resampling", "output", "activation"}
)
BESIDES: Mapping[str, frozenset[str]] = {"onnx": OF_ONNX, "matting.ben2": frozenset({"side"})}
"""Options of families, beside those that the catalogue's rows say; each has a default."""

MULTIPLES = {"matting.birefnet": 32, "matting.ben2": 128}
"""What `side` must be a multiple of."""
