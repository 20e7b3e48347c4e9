"""Gauges of the server, as Prometheus reads them. No key, and nothing of a photo, is in a label."""

from collections.abc import Iterator, Mapping
from typing import Any

from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Histogram,
    ProcessCollector,
    generate_latest,
)
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import request_response
from starlette.types import ASGIApp

from models import catalog
from models.interface import ModelError, OutOfMemory
from models.running import stages
from models.running.failures import outward
from models.running.jobs import Step
from models.running.lanes import shared_workers
from models.running.pool import shared_pool
from serving import state
from serving.errors import Endpoint, Shape, answering

_SECONDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 300.0)

registry = CollectorRegistry()
ProcessCollector(registry=registry)

_stages = Histogram(
    "cutout_stage_seconds", "Of a model's work on a photo, by stage; whoever asked for it.",
    ("model", "stage"), buckets=_SECONDS, registry=registry,
)  # fmt: skip
_photos = Counter(
    "cutout_photos", "Photos that a model has done, in all lanes, for page and API.",
    ("model", "lane"), registry=registry,
)  # fmt: skip
_failures = Counter(
    "cutout_failures", "Photos that a model could not do, by the kind of error.",
    ("model", "lane", "error"), registry=registry,
)  # fmt: skip
_requests = Counter(
    "cutout_requests", "Requests to the API that have ended; 499: the client hung up.",
    ("dialect", "status"), registry=registry,
)  # fmt: skip
_request_seconds = Histogram(
    "cutout_request_seconds",
    "From a request's first byte to the last of its answer; jobs' events aren't among them.",
    ("dialect",), buckets=_SECONDS, registry=registry,
)  # fmt: skip
_refusals = Counter(
    "cutout_rejections", "Requests to the API that got no result, by the reason.",
    ("dialect", "reason"), registry=registry,
)  # fmt: skip


class _Now(Collector):
    """What is asked for only when somebody looks."""

    def collect(self) -> Iterator[Metric]:
        queue = GaugeMetricFamily(
            "cutout_queue_jobs", "Jobs in a lane, the one that runs among them.", labels=["lane"]
        )
        for lane, jobs in shared_workers().jobs().items():
            queue.add_metric([lane], len(jobs))
        yield queue
        loaded = GaugeMetricFamily(
            "cutout_loaded_bytes", "What loaded models take, by their weights.", labels=["device"]
        )
        for device, models in shared_pool().loaded().items():
            loaded.add_metric([device], sum(models.values()))
        yield loaded
        ready = GaugeMetricFamily("cutout_ready", "1: the server takes work.")
        ready.add_metric([], state.takes_work())
        yield ready


registry.register(_Now())


def begin() -> None:
    """From now on, what models do in this process is counted."""
    shared_workers().watch(_step_ended)
    if _timed not in stages.watchers:
        stages.watchers.append(_timed)


def request_ended(dialect: str, status: int, seconds: float | None, refused: str) -> None:
    """seconds: None where they aren't to be counted."""
    _requests.labels(dialect, status).inc()
    if seconds is not None:
        _request_seconds.labels(dialect).observe(seconds)
    if refused:
        _refusals.labels(dialect, refused).inc()


def _step_ended(lane: str, step: Step, outcome: Any) -> None:
    model = step.key[1]
    if not _is_model(model):
        return
    if isinstance(outcome, ModelError):
        _failures.labels(model, lane, type(outcome).__name__).inc()
        if isinstance(outcome, OutOfMemory):
            state.short[model] = outward(outcome)
    elif outcome is not None:  # None: an earlier step of the same photo had failed
        _photos.labels(model, lane).inc()
        state.short.pop(model, None)


def _timed(model: str, seconds: Mapping[str, float]) -> None:
    if _is_model(model):
        for stage, spent in seconds.items():
            _stages.labels(model, stage).observe(spent)


def _is_model(name: str) -> bool:
    """Other steps, such as what packs a ZIP, aren't about one."""
    return any(spec.name == name for spec in catalog.everything())


def app(shape: Shape) -> ASGIApp:
    async def tell(_: Request) -> Response:
        return Response(generate_latest(registry), media_type=CONTENT_TYPE_LATEST)

    endpoint: Endpoint = answering(shape, tell)
    return request_response(endpoint)
