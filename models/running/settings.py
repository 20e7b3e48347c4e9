"""What whoever runs this may set in the environment: all of it, and whether it can be used."""

import difflib
import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from platformdirs import user_data_path

from models import catalog
from models.catalog import own
from models.hub import given
from models.running.places import Place, places, signing_secret

PREFIX = "CUTOUT_"
_OF_A_CLUSTER = re.compile(r"_SERVICE_(HOST|PORT\w*)|_PORT(_\d+_\w+)?")
"""Endings of what Kubernetes sets in every container beside a service called “cutout”."""
_VISITOR = re.compile(r"\*|[^@*]*@[^@*]+")
_SWITCH = {
    **dict.fromkeys(("1", "true", "yes", "on"), True),
    **dict.fromkeys(("0", "false", "no", "off"), False),
}


class WrongSetting(ValueError):
    """A setting that can't be used, in sentences for whoever set it."""


@dataclass(frozen=True)
class Setting[Value]:
    """An environment variable.

    meaning, default, wanted: in words, as sentences about it have them; wanted tells how it is
    written. unset: its value without it. read: its value from what is written; raises ValueError.
    secret: nobody is told what is written.
    """

    name: str
    meaning: str
    default: str
    wanted: str
    unset: Value
    read: Callable[[str], Value]
    secret: bool = False

    @property
    def given(self) -> bool:
        """Whether anything is written."""
        return bool(os.environ.get(self.name, "").strip())

    def value(self) -> Value:
        """Raises WrongSetting if it's written in another way."""
        text = os.environ.get(self.name, "").strip()
        if not text:
            return self.unset
        try:
            return self.read(text)
        except ValueError as error:
            raise WrongSetting(
                f"The setting {self.name} ({self.meaning}) should be {self.wanted}; "
                f"it is {'another' if self.secret else f'“{text}”'}. Without it: {self.default}."
            ) from error


def _number(text: str) -> float:
    """Up to a million: of megabytes and more, that's beyond what libraries count."""
    value = float(text)
    if not 0 < value <= 1e6:
        raise ValueError
    return value


def _pixels(text: str) -> int:
    """From 256, the least that networks are trained with."""
    value = int(text)
    if value < 256:
        raise ValueError
    return value


def _switch(text: str) -> bool:
    if text.lower() not in _SWITCH:
        raise ValueError
    return _SWITCH[text.lower()]


def _file(text: str) -> str:
    if not Path(text).expanduser().is_file():
        raise ValueError
    return text


def _folder(text: str) -> Path:
    """One that is there, or can be made."""
    path = Path(text).expanduser()
    if path.exists() and not path.is_dir():
        raise ValueError
    return path


def _names(text: str) -> tuple[str, ...]:
    """Names of models, which must be there."""
    names = tuple(dict.fromkeys(name.strip() for name in text.split(",") if name.strip()))
    if set(names) - {spec.name for spec in catalog.everything()}:
        raise ValueError
    return names


def _seconds(text: str) -> float:
    """Up to an hour; 0 ends at once."""
    value = float(text)
    if not 0 <= value <= 3600:
        raise ValueError
    return value


def _visitors(text: str) -> frozenset[str]:
    names = text.lower().replace(",", " ").split()
    if not text.isascii() or not names or not all(_VISITOR.fullmatch(name) for name in names):
        raise ValueError
    return frozenset(names)


MAX_MEGAPIXELS = Setting(
    "CUTOUT_MAX_MEGAPIXELS", "larger photos are refused", "100",
    "a number such as 100", 100.0, _number,
)  # fmt: skip
MAX_MEGABYTES = Setting(
    "CUTOUT_MAX_MEGABYTES", "larger files are refused", "256",
    "a number such as 256", 256.0, _number,
)  # fmt: skip
MEMORY_GB = Setting[float | None](
    "CUTOUT_MEMORY_GB", "for loaded models, on each device", "half of RAM, 80 % of the card",
    "a number such as 8", None, _number,
)  # fmt: skip
LONGEST_SIDE = Setting[int | None](
    "CUTOUT_LONGEST_SIDE", "what BiRefNet's dynamic variants see", "1536 on a CPU, else 2304",
    "a whole number of pixels, 256 or more", None, _pixels,
)  # fmt: skip
COMPILE = Setting(
    "CUTOUT_COMPILE", "compile matting networks", "off",
    "1 or 0", False, _switch,
)  # fmt: skip
WEIGHTS = Setting[str | None](
    given.SETTING, "local weights", "none",
    "NAME=PATH, or a folder with one folder a model", None, str,
)  # fmt: skip
MODELS = Setting[str | None](
    own.SETTING, "your own models", "none",
    "the path of a TOML file", None, str,
)  # fmt: skip
KEYS = Setting[str | None](
    "CUTOUT_KEYS", "the file of the API's keys", "a file among your settings",
    "the path of a file that is there", None, _file,
)  # fmt: skip
OPEN = Setting(
    "CUTOUT_OPEN", "whoever reaches the API may use it, without a key", "off",
    "1 or 0", False, _switch,
)  # fmt: skip
FETCH = Setting(
    "CUTOUT_FETCH", "the API fetches pictures that requests name by their address", "off",
    "1 or 0", False, _switch,
)  # fmt: skip
WEBHOOK_HOSTS = Setting(
    "CUTOUT_WEBHOOK_HOSTS", "hosts that are told when a job ends", "none",
    "hosts such as shop.example or http://localhost:9000, with commas between them",
    frozenset[Place](), places,
)  # fmt: skip
WEBHOOK_SECRET = Setting(
    "CUTOUT_WEBHOOK_SECRET", "what they are told is signed with it", "nothing is told",
    "whsec_ and 24 to 64 bytes as base64", b"", signing_secret, secret=True,
)  # fmt: skip
DATA = Setting(
    "CUTOUT_DATA", "where collections for voting are kept, and manifests of batches into stores",
    "your user's data folder",
    "a folder", user_data_path("cutout-compare", appauthor=False), _folder,
)  # fmt: skip
LOGIN_ALLOW = Setting[frozenset[str]](
    "CUTOUT_LOGIN_ALLOW", "who may log in", "nobody",
    "addresses and domains such as ann@shop.example,@team.example, or *", frozenset(), _visitors,
    secret=True,
)  # fmt: skip

PRELOAD = Setting[tuple[str, ...]](
    "CUTOUT_PRELOAD", "models that are loaded before the server says that it's ready", "none",
    "names with commas between, as `cli.py models` lists them", (), _names,
)  # fmt: skip
ACCESS_LOG = Setting(
    "CUTOUT_ACCESS_LOG", "a line of JSON on standard error for each request to the API", "off",
    "1 or 0", False, _switch,
)  # fmt: skip
SHUTDOWN_SECONDS = Setting(
    "CUTOUT_SHUTDOWN_SECONDS", "for what runs when the server is told to end", "25",
    "seconds, from 0 to 3600", 25.0, _seconds,
)  # fmt: skip

SETTINGS = (
    MAX_MEGAPIXELS, MAX_MEGABYTES, MEMORY_GB, LONGEST_SIDE, COMPILE, WEIGHTS, MODELS, DATA,
    KEYS, OPEN, FETCH, WEBHOOK_HOSTS, WEBHOOK_SECRET, PRELOAD, ACCESS_LOG, SHUTDOWN_SECONDS,
    LOGIN_ALLOW,
)  # fmt: skip


def check() -> list[str]:
    """Sentences about all that is set and can't be used: to be looked at once, at the start."""
    wrong = []
    for setting in SETTINGS:
        try:
            setting.value()
        except WrongSetting as error:
            wrong.append(str(error))
    if WEBHOOK_HOSTS.given and not WEBHOOK_SECRET.given:
        wrong.append(f"{WEBHOOK_HOSTS.name} needs {WEBHOOK_SECRET.name}: {WEBHOOK_SECRET.wanted}.")
    return [*wrong, *catalog.own_rows().problems, *given.problems(), *_unknown()]


def _unknown() -> list[str]:
    """A misspelt setting would be passed over."""
    names = [setting.name for setting in SETTINGS]
    sentences = []
    for name in sorted(os.environ):
        ending = name.removeprefix(PREFIX.rstrip("_"))
        if name in names or not name.startswith(PREFIX) or _OF_A_CLUSTER.fullmatch(ending):
            continue
        near = difflib.get_close_matches(name, names, 1, cutoff=0.8)
        guess = f" Did you mean {near[0]}?" if near else ""
        sentences.append(f"There is no setting {name}.{guess} There are: {', '.join(names)}.")
    return sentences
