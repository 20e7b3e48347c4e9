"""The real nginx and the real Caddy, with the files in deploy/, before a server on this machine."""

import os
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx2 as httpx
import pytest

from tests.deploy.dockerfile import DEPLOY
from tests.e2e.conftest import free_port, stop

type Proxy = Callable[[int, Path], tuple[int, list[str], dict[str, str]]]
"""(the server's port, a folder) -> the proxy's port, its command and its environment."""


NAME = "cutout.localhost"
"""What browsers take for this machine, and Streamlit, other than localhost, for any other."""


def nginx(server: int, folder: Path) -> tuple[int, list[str], dict[str, str]]:
    """Bodies may have 4 MB. Where nginx would put them on the disk there are files in the way."""
    port, plain = free_port(), free_port()
    _certificate(folder)
    there = {
        "listen 443": f"listen 127.0.0.1:{port}",
        "listen 80": f"listen 127.0.0.1:{plain}",
        "127.0.0.1:8501": f"127.0.0.1:{server}",
        "/etc/letsencrypt/live/cutout.example": str(folder),
        "343m": "4m",
    }
    text = (DEPLOY / "nginx.conf").read_text("utf-8")
    for here, put in there.items():
        assert here in text
        text = text.replace(here, put)
    paths = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    for name in paths:
        (folder / name).touch()
    # The workers are root's where root runs the tests, so that they can read the certificate.
    user = "user root;" if os.geteuid() == 0 else ""
    temporary = "".join(f"{name}_temp_path {folder}/{name};\n" for name in paths)
    (folder / "nginx.conf").write_text(
        f"{user} pid {folder}/pid; error_log {folder}/error.log warn; events {{}}\n"
        f"http {{ access_log off; {temporary} {text} }}\n"
    )
    return port, ["nginx", "-p", str(folder), "-c", "nginx.conf", "-g", "daemon off;"], {}


def caddy(server: int, folder: Path) -> tuple[int, list[str], dict[str, str]]:
    """With a certificate of its own making, as it does for localhost."""
    port = free_port()
    head = "{\n admin off\n skip_install_trust\n auto_https disable_redirects\n}\n"
    (folder / "Caddyfile").write_text(f"{head}import {DEPLOY / 'Caddyfile'}\n")
    env = {
        "SITE": f"https://localhost:{port}, https://{NAME}:{port}",
        "UPSTREAM": f"127.0.0.1:{server}",
    }
    env |= {"HOME": str(folder), "XDG_DATA_HOME": str(folder), "XDG_CONFIG_HOME": str(folder)}
    words = ["caddy", "run", "--config", str(folder / "Caddyfile"), "--adapter", "caddyfile"]
    return port, words, env


PROXIES = [
    pytest.param(
        proxy,
        id=proxy.__name__,
        marks=pytest.mark.skipif(
            shutil.which(proxy.__name__) is None or shutil.which("openssl") is None,
            reason=f"{proxy.__name__} or openssl isn't installed",
        ),
    )
    for proxy in (nginx, caddy)
]


def _certificate(folder: Path) -> None:
    words = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=localhost"]
    words += ["-keyout", str(folder / "privkey.pem"), "-out", str(folder / "fullchain.pem")]
    subprocess.run(words, check=True, capture_output=True)


@contextmanager
def before(server: str, proxy: Proxy, folder: Path) -> Iterator[str]:
    """The address of the proxy, by TLS."""
    port, words, env = proxy(int(server.rpartition(":")[2]), folder)
    log = folder / "log.txt"
    with (
        log.open("w") as written,
        subprocess.Popen(
            words, env={**os.environ, **env}, stdout=written, stderr=subprocess.STDOUT
        ) as process,
    ):
        try:
            address = f"https://localhost:{port}"
            _until_there(address, process, log)
            yield address
        finally:
            stop(process)


def _until_there(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
    last = time.monotonic() + 30
    while process.poll() is None and time.monotonic() < last:
        try:
            if httpx.get(f"{address}/_stcore/health", verify=False).text == "ok":
                return
        except httpx.TransportError:
            pass
        time.sleep(0.1)
    pytest.fail(f"The proxy did not start:\n{log.read_text()}")
