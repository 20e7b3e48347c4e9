import io
import os
import threading
import types
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image
from starlette.applications import Starlette
from starlette.testclient import TestClient

from models import catalog
from models.catalog import GRABCUT
from models.running.lanes import shared_workers
from models.running.pool import shared_pool
from serving import removebg, server
from serving.native.jobs import shelf
from serving.removebg import routes as removebg_routes
from tests import halves as models_here
from tests.families import pretend
from tests.halves import Halves

assert removebg

HALVES = replace(models_here.HALVES, engine="opencv")
SHY = replace(models_here.SHY, engine="opencv")


@pytest.fixture(autouse=True)
def a_new_server(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """Lanes, loaded models and settings of its own."""
    for name in list(os.environ):
        if name.startswith("CUTOUT_"):
            monkeypatch.delenv(name)
    (tmp_path / "keys").touch()
    monkeypatch.setenv("CUTOUT_KEYS", str(tmp_path / "keys"))
    yield
    shared_workers.cache_clear()
    shelf.cache_clear()
    shared_pool.cache_clear()


@pytest.fixture
def halves(monkeypatch: pytest.MonkeyPatch) -> types.SimpleNamespace:
    """Two models beside GrabCut that answer at once; `gate` holds them up once it's cleared, and
    `asked` is set once a photo has come to one of them."""
    told = types.SimpleNamespace(
        prompts=[], opacity=1.0, notes=(), run_error=None, gate=threading.Event(),
        asked=threading.Event(),
    )  # fmt: skip
    told.gate.set()

    class Gated(Halves):
        def segment(self, *words: Any) -> Any:
            told.asked.set()
            assert told.gate.wait(120)
            return super().segment(*words)

    pretend(monkeypatch, HALVES.family, lambda *_: Gated(told))
    monkeypatch.setattr(catalog, "MODELS", (GRABCUT, HALVES, SHY))
    monkeypatch.setattr(removebg_routes, "default_model", lambda: (HALVES, ""))
    return told


@pytest.fixture
def connect(halves: types.SimpleNamespace) -> Iterator[Callable[..., TestClient]]:
    """connect(address="127.0.0.1", host="localhost") -> a client that comes from there and asks for
    that name. All talk to one server."""
    app = Starlette(routes=server.routes(""), lifespan=server.lifespan)

    def client(address: str = "127.0.0.1", host: str = "localhost") -> TestClient:
        return TestClient(app, base_url=f"http://{host}", client=(address, 50000))

    with client():
        yield client


@pytest.fixture
def lasting(connect: Callable[..., TestClient]) -> Iterator[TestClient]:
    """A client whose requests all come to one loop, as at a real server: jobs outlive them."""
    with connect() as client:
        yield client


@pytest.fixture
def client(connect: Callable[..., TestClient]) -> TestClient:
    return connect()


def photo_file(width: int = 60, height: int = 40, format_: str = "PNG") -> bytes:
    """Orange on the left, blue on the right."""
    pixels = np.empty((height, width, 3), np.uint8)
    pixels[:, : width // 2], pixels[:, width // 2 :] = (230, 120, 20), (20, 60, 200)
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, format_)
    return file.getvalue()


def pixels_of(file: bytes) -> NDArray[np.uint8]:
    return np.array(Image.open(io.BytesIO(file)))
