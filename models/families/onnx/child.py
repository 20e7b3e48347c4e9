"""Opens a stranger's ONNX file within limits, runs it, and prints what it saw as JSON.

`trial` runs this as a script in a process of its own. Of what isn't Python's it imports NumPy and
ONNX Runtime alone.
"""

import json
import sys
from typing import Any


def main(order: dict[str, Any]) -> dict[str, Any]:
    """order: path, bytes, threads, sides ([height, width] where the file leaves them open, or
    None), feeds (an .npz file of what to show it, or None: noise)."""
    limit(order["bytes"])
    try:
        return look(order)
    except Exception as error:  # the runtime has a class of its own for each kind of fault
        return {"error": str(error) or type(error).__name__}


def limit(nbytes: int) -> None:
    """At most so many bytes of addresses, no file written, no core left. Linux holds to it; macOS
    knows these limits and doesn't keep the first; Windows knows none."""
    try:
        import resource
    except ImportError:
        return
    for kind, most in (
        (resource.RLIMIT_AS, nbytes),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        hard = resource.getrlimit(kind)[1]
        least = most if hard == resource.RLIM_INFINITY else min(most, hard)
        try:
            resource.setrlimit(kind, (least, least))
        except (ValueError, OSError):
            if sys.platform == "linux":
                raise


def look(order: dict[str, Any]) -> dict[str, Any]:
    """What the file says of itself, and the range of each output in each run."""
    import numpy as np
    import onnxruntime as ort

    options = ort.SessionOptions()
    options.log_severity_level = 4
    options.intra_op_num_threads = order["threads"]
    options.inter_op_num_threads = 1
    session = ort.InferenceSession(order["path"], options, providers=["CPUExecutionProvider"])
    inputs, outputs = session.get_inputs(), session.get_outputs()
    told: dict[str, Any] = {
        "producer": session.get_modelmeta().producer_name,
        "inputs": [[each.name, each.type, list(each.shape)] for each in inputs],
        "outputs": [[each.name, each.type, list(each.shape)] for each in outputs],
        "runs": [],
    }
    shape = shown(inputs[0].shape, order["sides"]) if len(inputs) == 1 else None
    if shape is None:
        return told
    if order["feeds"]:
        with np.load(order["feeds"]) as archive:
            feeds = list(archive.values())
    else:
        feeds = [np.random.default_rng(0).random(shape, np.float32)]
    kind = np.float16 if inputs[0].type == "tensor(float16)" else np.float32
    for feed in feeds:
        answers = session.run(None, {inputs[0].name: feed.astype(kind)})
        told["runs"].append([ranged(each) for each in answers])
    return told


def shown(shape: list[Any], sides: list[int] | None) -> list[int] | None:
    """The shape of a picture for the network; None if it takes none, or of sides unknown."""
    if len(shape) != 4 or (isinstance(shape[1], int) and shape[1] != 3):
        return None
    rows, columns = (
        own if isinstance(own, int) else given
        for own, given in zip(shape[2:], sides or (None, None), strict=True)
    )
    return None if rows is None or columns is None else [1, 3, rows, columns]


def ranged(answer: Any) -> dict[str, Any]:
    """Shape, lowest and highest of one output; None for these where they aren't finite numbers."""
    import numpy as np

    values = np.asarray(answer)
    numbers = values.dtype.kind in "fiub" and values.size
    low, high = (float(values.min()), float(values.max())) if numbers else (np.nan, np.nan)
    finite = bool(np.isfinite([low, high]).all())
    return {
        "shape": list(values.shape),
        "low": low if finite else None,
        "high": high if finite else None,
    }


if __name__ == "__main__":
    print(json.dumps(main(json.loads(sys.argv[1]))))
