"""How a Ray cluster is reached, and what a process of it needs to know.

Ray, left alone, reports its use to its makers, lets everybody who reaches its ports run programs,
and copies the working folder to all machines where `uv run` began it. Here the first is off, a
token is asked for, and the machines are expected to have the program already.
"""

import logging
import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from models.running.extra import lacking
from models.running.settings import (
    COMPILE,
    LONGEST_SIDE,
    MAX_MEGABYTES,
    MAX_MEGAPIXELS,
    MODELS,
    WEIGHTS,
)

LOCAL = "local"
"""In place of an address: a cluster of this machine alone, as long as the run lasts."""
SWITCHES = {
    "RAY_USAGE_STATS_ENABLED": "0",
    "RAY_AUTH_MODE": "token",
    "RAY_ENABLE_UV_RUN_RUNTIME_ENV": "0",
    "RAY_DATA_LOG_LEVEL": "CRITICAL",  # what ends the work is raised, too
    "RAY_BACKEND_LOG_LEVEL": "fatal",
    "RAY_DEDUP_LOGS_SKIP_REGEX": ".",  # on stdout
    "RAY_ENABLE_AUTO_CONNECT": "0",  # a thread that ends late would join whatever cluster there is
}
"""Set before Ray is imported, unless they are set already."""
_ROOT = Path(__file__).parents[3]
_STORE = 200_000_000
"""Bytes for what processes exchange: names alone."""
_PASSED_ON = (MAX_MEGAPIXELS, MAX_MEGABYTES, LONGEST_SIDE, COMPILE, WEIGHTS, MODELS)
"""Settings that decide what comes of a photo."""


class ClusterFailed(Exception):
    """A cluster that can't be used, or ended the work, in sentences that say what to do.

    Examples
    --------
    >>> issubclass(ClusterFailed, Exception)
    True
    """


def check(address: str) -> None:
    """Whether it can be one, and Ray is here; nothing is imported.

    Parameters
    ----------
    address : str
        As `joined` takes it.

    Raises
    ------
    ClusterFailed

    Examples
    --------
    >>> check("ray://head:10001")
    Traceback (most recent call last):
    photos.batch.cluster.joining.ClusterFailed: Ray Data doesn't work over ray://. Start it on a \
machine of the cluster, with --ray auto.
    """
    if address.startswith("ray://"):
        told = "Start it on a machine of the cluster, with --ray auto."
        raise ClusterFailed(f"Ray Data doesn't work over ray://. {told}")
    if told := lacking("ray"):
        raise ClusterFailed(f"--ray {told}")


@contextmanager
def joined(address: str) -> Iterator[None]:
    """Belong to a cluster meanwhile.

    Parameters
    ----------
    address : str
        "local", "auto" for the one that this machine belongs to, or its head's HOST:PORT.

    Raises
    ------
    ClusterFailed

    Examples
    --------
    >>> callable(joined)  # it starts processes
    True
    """
    check(address)
    for name, value in SWITCHES.items():
        os.environ.setdefault(name, value)
    import ray

    own = {"include_dashboard": False, "object_store_memory": _STORE} if address == LOCAL else {}
    with _signals_kept(), _hushed():
        try:
            ray.init(address, log_to_driver=False, logging_level=logging.ERROR, **own)
        except Exception as error:  # whatever Ray finds wrong
            raise ClusterFailed(_unreached(address, error)) from error
    try:
        yield
    finally:
        ray.shutdown()


def machines() -> list[dict[str, float]]:
    """What each machine of the cluster has, as Ray tells it.

    Returns
    -------
    machines : list of dict

    Examples
    --------
    >>> callable(machines)  # it needs a cluster
    True
    """
    import ray

    return [node["Resources"] for node in ray.nodes() if node["Alive"]]


def environment(cores: int) -> dict[str, Any]:
    """What a process of the cluster begins with: this program, its settings, and so many cores.

    Parameters
    ----------
    cores : int

    Returns
    -------
    environment : dict
        As Ray calls a `runtime_env`.

    Examples
    --------
    >>> environment(1)["env_vars"]["PYTHON_CPU_COUNT"]
    '1'
    """
    paths = filter(None, (str(_ROOT), os.environ.get("PYTHONPATH")))
    passed = {each.name: os.environ[each.name] for each in _PASSED_ON if each.given}
    counts = dict.fromkeys(("PYTHON_CPU_COUNT", "NUMBA_NUM_THREADS"), str(cores))
    counts["OPENCV_FOR_THREADS_NUM"] = str(cores)
    return {"env_vars": {"PYTHONPATH": os.pathsep.join(paths), **counts, **passed}}


def _unreached(address: str, error: Exception) -> str:
    if "uthenticat" in f"{type(error).__name__} {error}" or "oken" in str(error):
        return (
            "The cluster asks for a token that isn't here, or another one. Copy its head's "
            "~/.ray/auth_token to the same place on this machine."
        )
    if address == LOCAL:
        return f"Ray can't be started here: {first_line(error)}"
    return (
        f"There is no cluster that this machine reaches by --ray {address}: {first_line(error)} "
        f"`ray start` joins one; --ray {LOCAL} makes one of this machine."
    )


def first_line(error: Exception) -> str:
    """What an error of Ray's says, without the pages that follow.

    Parameters
    ----------
    error : Exception

    Returns
    -------
    sentence : str

    Examples
    --------
    >>> first_line(RuntimeError("The head is gone\\nand so on"))
    'The head is gone.'
    """
    line = next(iter(str(error).splitlines()), "") or type(error).__name__
    return line if line.endswith(".") else f"{line}."


@contextmanager
def _hushed() -> Iterator[None]:
    """Ray says on stderr that it's asked to say nothing."""
    kept = os.dup(2)
    try:
        with Path(os.devnull).open("w") as nowhere:
            os.dup2(nowhere.fileno(), 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)


@contextmanager
def _signals_kept() -> Iterator[None]:
    """Ray takes SIGTERM for itself, and would end the program without tidying up."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.getsignal(signal.SIGTERM)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
