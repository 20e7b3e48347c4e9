"""Against a live server: it is its connections that this is about."""

import asyncio
import socket
import threading
from collections.abc import Iterator

import pytest
import uvicorn
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.types import Receive, Scope, Send

from serving import lingering
from serving.lingering import Lingering

LARGE = 3_000_000
"""Bytes, more than both sides' buffers hold."""


async def app(scope: Scope, receive: Receive, send: Send) -> None:
    """Reads the body where the path says so, or when it has begun to answer."""
    if scope["path"] == "/late":
        await send({"type": "http.response.start", "status": 200})
        await Request(scope, receive).body()
        return await send({"type": "http.response.body", "body": b"{}"})
    read = len(await Request(scope, receive).body()) if scope["path"] == "/read" else None
    return await JSONResponse({"read": read}, 200 if read else 403)(scope, receive, send)


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    config = uvicorn.Config(Lingering(app), port=0, lifespan="off", timeout_keep_alive=600)
    server, heard = uvicorn.Server(config), socket.create_server(("127.0.0.1", 0))
    thread = threading.Thread(target=lambda: asyncio.run(server.serve([heard])))
    thread.start()
    yield heard.getsockname()[1]
    server.should_exit = True
    thread.join()


@pytest.fixture
def connection(port: int) -> Iterator[socket.socket]:
    with socket.create_connection(("127.0.0.1", port), timeout=30) as there:
        yield there


def head(path: str, length: int, *more: str) -> bytes:
    lines = [f"POST {path} HTTP/1.1", "Host: localhost", f"Content-Length: {length}", *more]
    return "\r\n".join([*lines, "", ""]).encode()


def answer(connection: socket.socket, end: bytes = b"}") -> bytes:
    """Its head and its body."""
    came = b""
    while not came.endswith(end):
        piece = connection.recv(65536)
        assert piece, came
        came += piece
    return came


def test_the_connection_closes_when_a_body_that_nobody_wants_is_in(
    connection: socket.socket,
) -> None:
    connection.sendall(head("/", LARGE))
    assert b" 403 " in answer(connection)  # before a byte of the body was sent
    connection.sendall(b"0" * LARGE)
    assert connection.recv(1) == b""


def test_an_answer_is_read_by_who_sends_the_whole_body_first(connection: socket.socket) -> None:
    connection.sendall(head("/", LARGE) + b"0" * LARGE)
    came = answer(connection)
    assert b" 403 " in came
    assert b"connection: close" in came.lower()
    assert connection.recv(1) == b""


@pytest.mark.parametrize("clock", ["QUIET", "LONGEST"])
def test_nobody_is_waited_for_without_end(
    connection: socket.socket, monkeypatch: pytest.MonkeyPatch, clock: str
) -> None:
    monkeypatch.setattr(lingering, clock, 0.2)
    connection.sendall(head("/", LARGE) + b"0" * 1000)
    assert b" 403 " in answer(connection)
    assert connection.recv(1) == b""


def test_a_body_that_is_read_during_the_answer_is_waited_for_once(
    connection: socket.socket, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lingering, "QUIET", 600)
    connection.sendall(head("/late", LARGE) + b"0" * LARGE)
    assert b"{}" in answer(connection, b"{}\r\n0\r\n\r\n")
    assert connection.recv(1) == b""


def test_who_asks_whether_to_send_a_body_sends_none(connection: socket.socket) -> None:
    connection.sendall(head("/", LARGE, "Expect: 100-continue"))
    came = answer(connection)
    assert came.startswith(b"HTTP/1.1 403")
    assert connection.recv(1) == b""


def test_a_connection_is_kept_where_the_body_was_read(connection: socket.socket) -> None:
    for length in (10, LARGE):
        connection.sendall(head("/read", length) + b"0" * length)
        came = answer(connection)
        assert f'{{"read":{length}}}'.encode() in came
        assert b"connection: close" not in came.lower()
    connection.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
    assert b"connection: close" not in answer(connection).lower()
