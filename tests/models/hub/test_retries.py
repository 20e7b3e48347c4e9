"""What can't get better isn't asked again; what can is, after as long as the server asks for."""

import threading
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest

from models.catalog import ModelSpec
from models.hub import retries, weights
from models.hub.transfer import Transfer
from models.interface import Cancelled, LoadFailed
from tests.cutter import SPEC
from tests.hub import Hub


def gets(hub: Hub) -> int:
    return sum("/large/" in path for path in hub.asked_for("GET"))


@pytest.fixture
def rests(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The seconds that downloads would have waited."""
    seconds: list[float] = []
    monkeypatch.setattr(Transfer, "rest", lambda self, pause: seconds.append(pause))
    monkeypatch.setattr(retries, "PAUSE", 1.0)
    return seconds


@pytest.mark.parametrize("status", [400, 401, 403, 404, 405, 410, 416, 451, 501])
def test_what_is_refused_for_good_is_asked_for_once(
    status: int, spec: ModelSpec, hub: Hub, rests: list[float]
) -> None:
    hub.refusals = [(status, {})] * 9
    with pytest.raises(LoadFailed, match=str(status)):
        weights.fetch(spec)
    assert gets(hub) == 1
    assert rests == []


@pytest.mark.parametrize("status", [408, 425, 429, 500, 502, 503, 504])
def test_what_may_be_busy_is_asked_again(
    status: int, spec: ModelSpec, hub: Hub, rests: list[float]
) -> None:
    hub.refusals = [(status, {})] * 2
    weights.fetch(spec)
    assert gets(hub) == 3
    assert rests == [1, 2]


def test_what_stays_busy_is_given_up(spec: ModelSpec, hub: Hub, rests: list[float]) -> None:
    hub.refusals = [(503, {})] * 99
    with pytest.raises(LoadFailed, match=r"503 Service Unavailable”\. Try again later"):
        weights.fetch(spec)
    assert gets(hub) == 1 + retries.RETRIES
    assert rests == [1, 2, 4, 8]


@pytest.mark.parametrize("status", [404, 503])
def test_questions_before_a_download_are_asked_alike(
    status: int, spec: ModelSpec, hub: Hub, rests: list[float]
) -> None:
    hub.status = status
    with pytest.raises(LoadFailed):
        weights.fetch(spec)
    assert len(hub.requests) == (1 if status == 404 else 1 + retries.RETRIES)


def test_a_server_that_asks_to_wait_is_asked_again_then(
    spec: ModelSpec, hub: Hub, rests: list[float]
) -> None:
    hub.refusals = [(429, {"Retry-After": "7"}), (503, {"Retry-After": "0"})]
    weights.fetch(spec)
    assert rests == [7, 2]


def test_one_that_asks_for_long_is_left_and_the_time_told(
    spec: ModelSpec, hub: Hub, rests: list[float]
) -> None:
    hub.refusals = [(429, {"Retry-After": "1200"})] * 9
    with pytest.raises(LoadFailed, match=r"“429 Too Many Requests”\. Try again in 20 minutes"):
        weights.fetch(spec)
    assert rests == []


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"Retry-After": "120"}, 120),
        ({"Retry-After": format_datetime(datetime.now(UTC) - timedelta(1), usegmt=True)}, 0),
        ({"Retry-After": "soon"}, 0),
        ({"Retry-After": "-5"}, 0),
        ({"RateLimit": '"resolvers";r=0;t=55'}, 55),
        ({"RateLimit": '"resolvers";r=4000;t=55'}, 0),
        ({}, 0),
    ],
)
def test_how_long_a_server_asks_to_wait(headers: Mapping[str, str], seconds: float) -> None:
    assert retries.asked_to_wait(headers) == seconds


def test_it_may_name_the_hour() -> None:
    hour = format_datetime(datetime.now(UTC) + timedelta(hours=1), usegmt=True)
    assert 3000 < retries.asked_to_wait({"Retry-After": hour}) <= 3600


def test_waiting_ends_when_the_person_stops_it(hub: Hub) -> None:
    hub.refusals = [(429, {"Retry-After": "50"})]

    def stop_once_it_waits() -> None:
        if gets(hub):
            raise Cancelled

    with pytest.raises(Cancelled):
        weights.fetch(SPEC, check=stop_once_it_waits)
    for thread in threading.enumerate():
        if thread.name == "download":
            thread.join(40)
            assert not thread.is_alive()


def test_what_has_come_before_a_refusal_is_kept(hub: Hub, repository: Path) -> None:
    hub.cuts = [1_300_000]
    hub.refusals = []
    seen: list[int] = []

    def refuse_after_the_cut(done: int, _: int) -> None:
        seen.append(done)
        if not hub.cuts and not hub.refusals and gets(hub) == 1:
            hub.refusals = [(404, {})]

    hub.pause = 0.05
    with pytest.raises(LoadFailed, match=r"404 Not Found”.*what has come is kept"):
        weights.fetch(SPEC, progress=refuse_after_the_cut)
    hub.refusals = []
    weights.fetch(SPEC)
    assert any((each.range or "bytes=0-") != "bytes=0-" for each in hub.requests)
