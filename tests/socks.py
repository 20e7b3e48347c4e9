"""A SOCKS5 proxy on this machine's loopback (RFC 1928), without authentication."""

import select
import socket
import threading
from socketserver import StreamRequestHandler, ThreadingTCPServer
from typing import Self


class Socks:
    """Connects to whatever it is asked for, while it is entered. asked: hosts and ports so far."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, int]] = []

    def __enter__(self) -> Self:
        self._server = _Server(self)
        self.port = self._server.server_address[1]
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


class _Server(ThreadingTCPServer):
    daemon_threads = True
    block_on_close = False

    def __init__(self, socks: Socks) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.socks = socks


class _Handler(StreamRequestHandler):
    server: _Server
    rbufsize = 0

    def handle(self) -> None:
        _, methods = self.rfile.read(2)
        self.rfile.read(methods)
        self.wfile.write(b"\x05\x00")
        _, _, _, kind = self.rfile.read(4)
        size = {1: 4, 4: 16}.get(kind) or self.rfile.read(1)[0]
        host = self.rfile.read(size)
        name = socket.inet_ntoa(host) if kind == 1 else host.decode()
        port = int.from_bytes(self.rfile.read(2))
        self.server.socks.asked.append((name, port))
        with socket.create_connection((name, port)) as there:
            self.wfile.write(b"\x05\x00\x00\x01" + bytes(6))
            self._relay(there)

    def _relay(self, there: socket.socket) -> None:
        to = {self.connection: there, there: self.connection}
        while True:
            for side in select.select(list(to), [], [])[0]:
                if not (data := side.recv(1 << 16)):
                    return
                to[side].sendall(data)
