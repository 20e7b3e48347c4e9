"""A model hub on this machine's loopback: it serves folders as repositories, and can misbehave.

It answers what huggingface_hub asks for a download: `HEAD` and `GET` of /OWNER/NAME/resolve/...,
with checksums, byte ranges, and large files redirected to another host as the public hub does.
That host, /large/..., also serves the files to whoever has their plain address.
"""

import hashlib
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import NamedTuple, Self
from urllib.parse import unquote, urlsplit

import pytest

COMMIT = "0123456789abcdef0123456789abcdef01234567"
CHUNK = 1 << 16


class Request(NamedTuple):
    method: str
    path: str
    range: str | None
    token: str | None


class Hub:
    """Serves `repos`, folders by name, while it is entered. `requests` is what it was asked.

    A test can set faults. For all requests:
    status: the answer to every one.
    gated: by repository, the token that opens it.

    For large files:
    cuts: after how many bytes the connection is dropped, once per entry.
    pause: the wait after each chunk; flow: chunks go out only while it is set.
    ranges=False: the whole file is sent, whatever range was asked for.
    sized=False: the length isn't told.
    damaged: the last byte is wrong.
    refusals: (status, headers) of the first answers, one a request.

    certificate: a file with a key and its certificate, for a hub that speaks TLS.
    A hub serves as a proxy as well: it doesn't look at the host's name.
    """

    def __init__(self, repos: dict[str, Path], certificate: Path | None = None) -> None:
        self.repos = repos
        self.certificate = certificate
        self.requests: list[Request] = []
        self.status: int | None = None
        self.gated: dict[str, str] = {}
        self.cuts: list[int] = []
        self.pause = 0.0
        self.flow = threading.Event()
        self.flow.set()
        self.ranges = True
        self.sized = True
        self.damaged = False
        self.refusals: list[tuple[int, dict[str, str]]] = []

    def __enter__(self) -> Self:
        self._server = _Server(self)
        self.port = self._server.server_address[1]
        self.url = f"http://127.0.0.1:{self.port}"
        if self.certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(self.certificate)
            self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
            self.url = f"https://localhost:{self.port}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.flow.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def environment(self, home: Path) -> dict[str, str]:
        """The environment of a program that uses this hub, and an empty cache in `home`."""
        return {"HF_ENDPOINT": self.url, "HF_HOME": str(home), "HF_HUB_OFFLINE": "0"}

    @contextmanager
    def adopted(self, home: Path) -> Iterator[None]:
        """Let this process use this hub and a cache in `home`. It works even if huggingface_hub,
        which reads its settings on import, was imported before."""
        from huggingface_hub import close_session

        constants = "huggingface_hub.constants"
        with pytest.MonkeyPatch.context() as patch:
            patch.delenv("HF_TOKEN", raising=False)
            patch.delenv("CUTOUT_WEIGHTS", raising=False)
            patch.setattr(f"{constants}.ENDPOINT", self.url)
            template = f"{self.url}/{{repo_id}}/resolve/{{revision}}/{{filename}}"
            patch.setattr(f"{constants}.HUGGINGFACE_CO_URL_TEMPLATE", template)
            patch.setattr(f"{constants}.HF_HOME", str(home))
            patch.setattr(f"{constants}.HF_HUB_CACHE", str(home / "hub"))
            patch.setattr(f"{constants}.HF_TOKEN_PATH", str(home / "token"))
            patch.setattr(f"{constants}.HF_HUB_OFFLINE", False)
            close_session()  # a session keeps the proxies and certificates that it was made with
            yield
        close_session()

    def address(self, repo: str, name: str) -> str:
        """The address of a file of `repo` at the other host."""
        other = "https://127.0.0.1" if self.certificate else "http://localhost"
        return f"{other}:{self.port}/large/{repo}/{name}"

    def asked_for(self, method: str) -> list[str]:
        return [request.path for request in self.requests if request.method == method]


class _Server(ThreadingHTTPServer):
    def __init__(self, hub: Hub) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.hub = hub


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    protocol_version = "HTTP/1.1"

    def log_message(self, *_: object) -> None:
        pass

    def do_HEAD(self) -> None:
        self.do_GET()

    def do_CONNECT(self) -> None:
        self.server.hub.requests.append(Request("CONNECT", self.path, None, None))
        self._refuse(self.server.hub.status or 502)

    def do_GET(self) -> None:
        hub = self.server.hub
        path = unquote(urlsplit(self.path).path)  # a proxy is told the whole address
        token = (self.headers["Authorization"] or "").removeprefix("Bearer ") or None
        hub.requests.append(Request(self.command, path, self.headers["Range"], token))
        if hub.status:
            return self._refuse(hub.status)
        match path.split("/")[1:]:
            case ["large", *_] if hub.refusals and self.command == "GET":
                return self._answer(hub.refusals[0][0], b"", hub.refusals.pop(0)[1])
            case ["large", owner, name, *parts]:
                return self._send_large(hub.repos[f"{owner}/{name}"].joinpath(*parts))
            case [owner, name, "resolve", revision, *parts]:
                return self._resolve(f"{owner}/{name}", revision, parts, token)
        return self._refuse(404)

    def _resolve(self, repo: str, revision: str, parts: list[str], token: str | None) -> None:
        hub = self.server.hub
        if repo not in hub.repos:
            return self._refuse(401, "RepoNotFound")
        if repo in hub.gated and token != hub.gated[repo]:
            return self._refuse(403 if token else 401, "GatedRepo")
        if revision not in ("main", COMMIT):
            return self._refuse(404, "RevisionNotFound")
        file = hub.repos[repo].joinpath(*parts)
        if not file.is_file():
            return self._refuse(404, "EntryNotFound")
        content = file.read_bytes()
        if file.suffix != ".safetensors":
            kind = b"blob %d\0" % len(content)
            etag = hashlib.sha1(kind + content).hexdigest()
            return self._answer(200, content, {"X-Repo-Commit": COMMIT, "ETag": f'"{etag}"'})
        return self._answer(
            302,
            b"",
            {
                "X-Repo-Commit": COMMIT,
                "X-Linked-ETag": f'"{hashlib.sha256(content).hexdigest()}"',
                "X-Linked-Size": str(len(content)),
                "Location": hub.address(repo, "/".join(parts)),
            },
        )

    def _send_large(self, file: Path) -> None:
        hub = self.server.hub
        content = file.read_bytes()
        if hub.damaged:
            content = content[:-1] + bytes([content[-1] ^ 1])
        first = 0
        if hub.ranges and self.headers["Range"]:
            first = int(self.headers["Range"].removeprefix("bytes=").removesuffix("-"))
        self.send_response(206 if hub.ranges and self.headers["Range"] else 200)
        if hub.sized:
            self.send_header("Content-Length", str(len(content) - first))
        self.end_headers()
        if self.command == "GET":
            self._send_from(first, content)

    def _send_from(self, first: int, content: bytes) -> None:
        hub = self.server.hub
        end = first + hub.cuts.pop(0) if hub.cuts else len(content)
        try:
            for start in range(first, min(end, len(content)), CHUNK):
                self.wfile.write(content[start : min(start + CHUNK, end)])
                time.sleep(hub.pause)
                hub.flow.wait()
        except OSError:
            pass  # whoever asked has gone away
        self.close_connection = end < len(content)

    def _refuse(self, status: int, code: str = "") -> None:
        self._answer(status, b"", {"X-Error-Code": code, "X-Error-Message": code})

    def _answer(self, status: int, content: bytes, headers: dict[str, str]) -> None:
        self.send_response(status, HTTPStatus(status).phrase)
        for name, value in (headers | {"Content-Length": str(len(content))}).items():
            self.send_header(name, value)
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(content)
