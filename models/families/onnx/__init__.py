"""Networks in the ONNX format that draw one matte of one photo, run by ONNX Runtime.

What a file can't say of itself, how its photo is to be prepared and which output is the matte, the
row says as data. Nothing but a file's own operators is ever run: no custom ones are registered, and
tensors outside its folder are refused by the runtime. A stranger's file runs in a process of its
own first (`trial`).
"""

from models.families.onnx.segmenter import load

__all__ = ["load"]
