"""In which lane a job waits: decided without torch, as the page and the API ask before any work."""

from collections.abc import Iterable

from models.catalog import ModelSpec
from models.running.devices import offered, resolve_onnx


def lane_of(specs: Iterable[ModelSpec], wanted: str = "auto") -> str:
    """The lane for a job with these models on the device called `wanted`.

    Only what runs on a graphics card waits for it: GrabCut, and ONNX networks where the runtime was
    built for the CPU, have the CPU's lane. A job with both kinds waits for the card. "cuda" and
    "cuda:0" are one card.
    """
    if wanted == "auto":
        wanted = next(name for name in ("cuda", "mps", "cpu") if name in offered())
    if wanted == "cpu" or not any(_uses(spec, wanted) for spec in specs):
        return "cpu"
    return "cuda" if wanted == "cuda:0" else wanted


def _uses(spec: ModelSpec, device: str) -> bool:
    if spec.engine == "onnxruntime":
        return device.startswith("cuda") and resolve_onnx().kind == "cuda"
    return spec.engine == "torch"
