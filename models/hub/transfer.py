"""One file over HTTP: carried on from where an earlier attempt ended, compared with its checksum.

huggingface_hub's own downloads start a file over after a stop (since 1.18), compare no checksum and
can't be left while a connection hangs; its addresses, tokens, session and errors are used here.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from models.hub.checksums import agrees
from models.hub.retries import RETRIES, pause_after
from models.interface import Cancelled, LoadFailed

CHUNK = 1 << 20


@dataclass
class Transfer:
    """Shared by the thread that downloads and the one that waits for it: bytes done and in all."""

    done: int = 0
    total: int = 0
    stop: threading.Event = field(default_factory=threading.Event)

    def check(self) -> None:
        if self.stop.is_set():
            raise Cancelled

    def rest(self, seconds: float) -> None:
        self.stop.wait(seconds)
        self.check()


@dataclass(frozen=True)
class RemoteFile:
    """A file and what is known of it before it comes. size: bytes; checksums: all that are known,
    as `models.hub.checksums` reads them; with_token: it's the hub's, who may see the access token.
    """

    name: str
    url: str
    size: int
    checksums: tuple[str, ...]
    with_token: bool


def ask[Answer](question: Callable[[], Answer], transfer: Transfer) -> Answer:
    """What a server answers, asked again where that may help; whether there is one at all is told
    at once. Raises HTTP errors, Cancelled."""
    import httpx2

    attempts = 0
    while True:
        transfer.check()
        attempts += 1
        try:
            return question()
        except (httpx2.ConnectError, httpx2.ProxyError, httpx2.TimeoutException):
            raise
        except httpx2.HTTPError as error:
            transfer.rest(pause_after(error, attempts))


def receive(file: RemoteFile, part: Path, transfer: Transfer) -> None:
    """Fill `part` from where it ends. A connection that breaks is taken up again, until more than
    `retries.RETRIES` attempts in a row have brought nothing.

    Raises LoadFailed when what came isn't what was announced, Cancelled, HTTP errors, OSError.
    """
    import httpx2

    part.touch()
    idle = 0
    while (have := part.stat().st_size) < file.size and idle <= RETRIES:
        transfer.check()
        try:
            _append(file, part, have, transfer)
        except httpx2.HTTPError as error:
            transfer.rest(pause_after(error, idle + 1))
        idle = 0 if part.stat().st_size > have else idle + 1
    if part.stat().st_size != file.size or not all(agrees(part, each) for each in file.checksums):
        part.unlink()
        raise LoadFailed(f"{file.name} arrived damaged and was thrown away. Download it again.")


def _append(file: RemoteFile, part: Path, have: int, transfer: Transfer) -> None:
    from huggingface_hub import constants, hf_raise_for_status
    from huggingface_hub.utils import build_hf_headers  # type: ignore[attr-defined]

    from models.hub.session import session

    headers = build_hf_headers(token=None if file.with_token else False)  # None: the person's own
    headers |= {"Accept-Encoding": "identity", "Range": f"bytes={have}-"}
    timeout = constants.HF_HUB_DOWNLOAD_TIMEOUT
    with (
        session().stream("GET", file.url, headers=headers, timeout=timeout) as response,
        part.open("ab") as out,
    ):
        hf_raise_for_status(response)
        if response.status_code != 206:  # the server doesn't know ranges and sends all of it
            out.truncate(0)
            transfer.done -= have
        for chunk in response.iter_bytes(CHUNK):
            transfer.check()
            out.write(chunk)
            transfer.done += len(chunk)
