"""A server of the page, begun from the command line."""

import socket
from pathlib import Path

from streamlit.web.cli import main

APP = Path(__file__).parents[1] / "app.py"
EVERYWHERE = ("0.0.0.0", "::")


class PortTaken(Exception):
    """Nothing can listen there: a sentence that says what to do."""


def serve_voting(collection: str, address: str, port: int) -> None:
    """Serve voting on the collection until the process is told to end. Raises PortTaken."""
    _check(address, port)
    shown = socket.gethostname() if address in EVERYWHERE else address
    print(f"Vote on “{collection}” at http://{shown}:{port}", flush=True)
    words = ["run", str(APP), "--server.address", address, "--server.port", str(port)]
    words += ["--server.headless", "true", "--", "--vote", collection]
    main(words, standalone_mode=False)


def _check(address: str, port: int) -> None:
    try:
        family, kind, protocol, _, place = socket.getaddrinfo(
            address, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(place)
    except OSError as error:
        raise PortTaken(
            f"{address}:{port} can't be used ({error.strerror}). Choose another --port, or another "
            "--address."
        ) from error
