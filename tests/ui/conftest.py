"""Each test has lanes and loaded models of its own, as if the server had been started anew."""

from collections.abc import Iterator

import pytest

from models.running.lanes import shared_workers
from models.running.pool import shared_pool


@pytest.fixture(autouse=True)
def a_new_server() -> Iterator[None]:
    yield
    shared_workers.cache_clear()
    shared_pool.cache_clear()
