"""Honest timings: each part of a run under its own name, the device synchronised on both sides.

An adapter writes `with stage("network"): ...`; whoever runs it opens `recording()` around it and
reads the seconds. Between stages, and inside where `check` is called, the recording's check may
stop the work.
"""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field

from models.interface import Check, unwanted

STAGES = (
    "download", "load", "warm-up", "preprocess", "network", "postprocess", "edges", "composite",
)  # fmt: skip
"""In the order in which they happen and are shown."""


@dataclass
class Recording:
    """Seconds by stage; a stage entered twice adds up."""

    synchronise: Check = unwanted
    check: Check = unwanted
    model: str = ""
    seconds: dict[str, float] = field(default_factory=dict)


watchers: list[Callable[[str, Mapping[str, float]], object]] = []
"""Called with a model's name and the seconds of its stages, when work on a photo went well."""

_current: ContextVar[Recording | None] = ContextVar("recording", default=None)


@contextmanager
def recording(
    synchronise: Check = unwanted, check: Check = unwanted, model: str = ""
) -> Iterator[Recording]:
    """Everything timed inside belongs to the recording that this yields. model: whose work it is;
    once it's done, the watchers are told."""
    own = Recording(synchronise, check, model)
    token = _current.set(own)
    try:
        yield own
    finally:
        _current.reset(token)
    for watcher in watchers:
        watcher(own.model, own.seconds)


@contextmanager
def stage(name: str) -> Iterator[None]:
    """Time what is inside as `name`; raises Cancelled on entry when the work was stopped.

    Outside a recording it does nothing.
    """
    record = _current.get()
    if record is None:
        yield
        return
    record.check()
    record.synchronise()
    start = time.perf_counter()
    try:
        yield
        record.synchronise()
    finally:
        record.seconds[name] = record.seconds.get(name, 0.0) + time.perf_counter() - start


def check() -> None:
    """Raise Cancelled if the work was stopped: for loops inside a stage."""
    record = _current.get()
    if record is not None:
        record.check()


@contextmanager
def checked_modules() -> Iterator[None]:
    """Inside, `check` is called before each module of a network, which costs microseconds. This is
    for CPUs, on which a network takes up to a minute; a GPU is given all its work in advance."""
    from torch.nn.modules.module import register_module_forward_pre_hook

    hook = register_module_forward_pre_hook(lambda *_: check())
    try:
        yield
    finally:
        hook.remove()
