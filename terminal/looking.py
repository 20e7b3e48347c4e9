"""What can be seen in a file of weights: an ONNX file by running it on the sample photos in a
process of its own, a checkpoint by the names of its tensors."""

from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from typer import BadParameter

from photos.samples import SAMPLES

if TYPE_CHECKING:
    from models.families.onnx.trial import Answer, Report

CHECKPOINTS = (".safetensors", ".pth", ".pt", ".bin")

_IMAGENET = {"mean": [0.485, 0.456, 0.406], "deviation": [0.229, 0.224, 0.225]}
_HALF = [0.5, 0.5, 0.5]
PRESETS: Mapping[str, tuple[str, Mapping[str, Any]]] = MappingProxyType(
    {
        "imagenet": ("(rgb / 255 - mean) / deviation of ImageNet", {"scale": 255, **_IMAGENET}),
        "u2net": (
            "(rgb / its brightest - mean) / deviation of ImageNet, as U²-Net",
            {"scale": "brightest", **_IMAGENET, "resampling": "lanczos"},
        ),
        "isnet": (
            "rgb / its brightest - 0.5, as IS-Net",
            {"scale": "brightest", "mean": _HALF, "deviation": [1, 1, 1], "resampling": "lanczos"},
        ),
        "modnet": (
            "(rgb / 255 - 0.5) / 0.5, as MODNet",
            {"scale": 255, "mean": _HALF, "deviation": _HALF},
        ),
    }
)
"""How photos are prepared: in words, and as a row's options."""

_SHAPES = (
    ({"bb.patch_embed.proj.weight", "decoder.ipt_blk2.conv1.weight"}, "BiRefNet"),
    ({"backbone.patch_embed.proj.weight", "upsample2.0.weight", "output.0.weight"}, "BEN2"),
)
"""Names of tensors by which a network is known."""

_TWINS = {
    ("BiRefNet", 192): ("BiRefNet with Swin-L", "birefnet-matting"),
    ("BiRefNet", 96): ("BiRefNet lite, with Swin-T", "birefnet-lite"),
    ("BEN2", 128): ("BEN2", "ben2"),
}
"""By the width of a network's first layer: what it is, and the row that it runs as."""


def look_into_onnx(
    path: Path, side: Callable[[], int], preset: Callable[[], str], output: int | None
) -> dict[str, Any]:
    """The row's family and options; what is seen is printed. side, preset: called for what the file
    doesn't say. output: which is the matte, where the person says it. Raises BadParameter or
    LoadFailed."""
    from models.families.onnx import trial
    from models.families.onnx.preparing import Settings, network_input

    first = trial.tried(path)
    print(f"{path.name}: ONNX, made by {first.producer or 'nobody who says so'}")
    for port in first.inputs:
        print(f"  takes {port.name}: {port.kind} {_shape(port.shape)}")
    sides = _sides(first)
    options: dict[str, Any] = {}
    if None in sides:
        options["side"] = side()
    rows, columns = (each or options["side"] for each in sides)
    options |= PRESETS[preset()][1]
    settings = Settings(**options)
    photos = [each.open().pixels() for each in SAMPLES if each.fits()]
    shown = [network_input(photo, rows, columns, settings) for photo in photos]
    report = trial.tried(path, (rows, columns), shown)
    ranges = [_span(answers) for answers in zip(*report.runs, strict=True)]
    for number, (port, (low, high)) in enumerate(zip(report.outputs, ranges, strict=True)):
        span = "no numbers" if low is None else f"{low:.2f} to {high:.2f}"
        shape = _shape(report.runs[0][number].shape)
        print(f"  output {number}, {port.name}: {shape}, {span} on the samples")
    number = _matte(report, output)
    if number:
        options["output"] = number
    return {"family": "onnx", "options": options | _activation(number, ranges[number])}


def _sides(report: "Report") -> list[int | None]:
    """(height, width) of what the network takes, None where open. Raises BadParameter if that's no
    picture."""
    shapes = [port.shape for port in report.inputs]
    kinds = {port.kind for port in report.inputs}
    colours = len(shapes) == 1 and len(shapes[0]) == 4 and shapes[0][1] in (3, "channels", "c")
    if not colours or not kinds <= {"tensor(float)", "tensor(float16)"}:
        told = ", ".join(f"{port.kind} {_shape(port.shape)}" for port in report.inputs)
        raise BadParameter(f"It takes {told or 'nothing'}; one photo, 1 × 3 × height × width, is "
                           "all that can be given to it.")  # fmt: skip
    return [each if isinstance(each, int) else None for each in shapes[0][2:]]


def _span(answers: "tuple[Answer, ...]") -> tuple[float | None, float | None]:
    """Lowest and highest over all photos; None if any has no numbers."""
    lows = [each.low for each in answers if each.low is not None]
    highs = [each.high for each in answers if each.high is not None]
    return (min(lows), max(highs)) if len(lows) == len(answers) else (None, None)


def _matte(report: "Report", wanted: int | None) -> int:
    """The number of the output that is one map. Raises BadParameter."""
    maps = [n for n, each in enumerate(report.runs[0]) if _is_map(each.shape)]
    number = wanted if wanted is not None else next(iter(maps), None)
    if number not in maps:
        which = "None of its outputs" if wanted is None else f"Output {wanted}"
        told = f" These are: {', '.join(map(str, maps))}." if maps else ""
        raise BadParameter(f"{which} is one matte, 1 × 1 × height × width.{told}")
    return number


def _is_map(shape: tuple[int, ...]) -> bool:
    return len(shape) >= 2 and all(each == 1 for each in shape[:-2]) and min(shape[-2:]) > 1


def _activation(number: int, span: tuple[float | None, float | None]) -> dict[str, str]:
    """What the row must say to get opacities; what was seen is printed. Raises BadParameter."""
    from models.families.onnx.preparing import TOLERANCE

    low, high = span
    if low is None or high is None:
        raise BadParameter(f"Output {number} has no numbers. Try another --preset or --output.")
    if high - low < TOLERANCE:
        print("  It answers nearly the same everywhere: another preset may suit it better.")
    if low >= -TOLERANCE and high <= 1 + TOLERANCE:
        print(f"  Output {number} is taken for the matte: it lies within 0 to 1.")
        return {}
    print(f"  Output {number} is taken for the matte's log-odds: it needs a sigmoid.")
    return {"activation": "sigmoid"}


def look_into_checkpoint(path: Path) -> str:
    """The row that the network runs as, by the names of its tensors; what is seen is printed.
    Raises BadParameter for a network that isn't known, LoadFailed for a file that can't be read."""
    from models.families.common.tensors import read_tensors

    tensors = read_tensors(path)
    for names, shape in _SHAPES:
        if names <= tensors.keys():
            width = tensors[min(name for name in names if "patch_embed" in name)].shape[0]
            if twin := _TWINS.get((shape, width)):
                print(f"{path.name}: {len(tensors)} tensors, called as those of {twin[0]} are.")
                print(f"  All are compared when it's first run. It runs as {twin[1]} does.")
                return twin[1]
    some = ", ".join(list(tensors)[:3])
    raise BadParameter(
        f"“{path.name}” holds {len(tensors)} tensors ({some}{', …' * (len(tensors) > 3)}), and "
        "neither BiRefNet's nor BEN2's. If it's another row's fine-tuned twin, write `like` into "
        "the TOML file yourself."
    )


def _shape(shape: tuple[Any, ...]) -> str:
    return " × ".join("open" if each is None else str(each) for each in shape) or "one number"
