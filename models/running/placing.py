"""In which lane a job waits: decided without torch, as the page and the API ask before any work."""

from collections.abc import Iterable

from models.catalog import ModelSpec
from models.running.devices import offered, one_name, resolve_onnx
from models.running.lanes import shared_workers
from models.running.pool import shared_pool


def lane_of(specs: Iterable[ModelSpec], wanted: str = "auto") -> str:
    """The lane for a job with these models on the device called `wanted`.

    Only what runs on a graphics card waits for it: GrabCut, and ONNX networks where the runtime was
    built for the CPU, have the CPU's lane. A job with both kinds waits for the card. "cuda" and
    "cuda:0" are one card. Of several, "auto" takes the one on which fewest turns wait, and of equal
    ones that on which most of the models are loaded; what it runs there finds itself on that card
    (`models.running.devices.turn_on`).
    """
    specs = list(specs)
    lanes = [name for name in _lanes(wanted) if any(_uses(spec, name) for spec in specs)]
    if len(lanes) < 2:
        return lanes[0] if lanes else "cpu"
    waiting, loaded = shared_workers().waiting(), shared_pool().loaded()
    names = {spec.name for spec in specs}

    def rank(lane: str) -> tuple[int, int]:
        return waiting.get(lane, 0), -len(names & loaded.get(lane, {}).keys())

    return min(lanes, key=rank)


def every_lane() -> tuple[str, ...]:
    """Those in which models can run here."""
    return tuple(one_name(name) for name in offered() if name != "auto")


def _lanes(wanted: str) -> list[str]:
    """Those of graphics cards that would do."""
    if wanted != "auto":
        return [] if wanted == "cpu" else [one_name(wanted)]
    names = [one_name(name) for name in offered()]
    return [name for name in names if name.startswith("cuda")] or [
        name for name in names if name == "mps"
    ]


def _uses(spec: ModelSpec, device: str) -> bool:
    if spec.engine == "onnxruntime":
        return device.startswith("cuda") and resolve_onnx().kind == "cuda"
    return spec.engine == "torch"
