"""ICC profiles, made in memory: a matrix and a curve, or what isn't one."""

import struct

import numpy as np

XY = tuple[float, float]

D65, D50 = (0.3127, 0.3290), (0.3457, 0.3585)
PRIMARIES: dict[str, tuple[XY, XY, XY, XY]] = {
    "srgb": (D65, (0.64, 0.33), (0.30, 0.60), (0.15, 0.06)),
    "p3": (D65, (0.68, 0.32), (0.265, 0.69), (0.15, 0.06)),
    "adobe": (D65, (0.64, 0.33), (0.21, 0.71), (0.15, 0.06)),
    "prophoto": (D50, (0.7347, 0.2653), (0.1596, 0.8404), (0.0366, 0.0001)),
}
"""x and y of white, red, green and blue."""
_BRADFORD = np.array(
    [[0.8951, 0.2664, -0.1614], [-0.7502, 1.7135, 0.0367], [0.0389, -0.0685, 1.0296]]
)
_PCS = np.array([0.9642, 1.0, 0.8249])
SRGB_CURVE = (2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045)
"""g, a, b, c and d of a parametric curve of type 3."""


def to_pcs(name: str) -> np.ndarray:
    """`(3, 3)`: from linear RGB to XYZ under D50, by Bradford's adaptation."""
    white, *corners = (np.array([x / y, 1, (1 - x - y) / y]) for x, y in PRIMARIES[name])
    matrix = np.stack(corners, axis=1)
    own = matrix * np.linalg.solve(matrix, white)
    cones = _BRADFORD @ _PCS / (_BRADFORD @ white)
    adapted: np.ndarray = np.linalg.inv(_BRADFORD) @ np.diag(cones) @ _BRADFORD @ own
    return adapted


def parametric(*numbers: float) -> bytes:
    kind = {1: 0, 3: 1, 4: 2, 5: 3, 7: 4}[len(numbers)]
    fixed = (round(each * 65536) for each in numbers)
    return struct.pack(f">4s4xHxx{len(numbers)}i", b"para", kind, *fixed)


def sampled(*values: int) -> bytes:
    """None: a line. One: a power, times 256. More: a table, to 65535."""
    return struct.pack(f">4s4xI{len(values)}H", b"curv", len(values), *values)


def profile(
    name: str = "p3", *curves: bytes, more: dict[bytes, bytes] | None = None, space: bytes = b"RGB "
) -> bytes:
    """Of the named primaries; one curve for all channels, or three. more: other tags."""
    curves = curves or (parametric(*SRGB_CURVE),)
    curves = curves * 3 if len(curves) == 1 else curves
    tags: dict[bytes, bytes] = {b"wtpt": _xyz(_PCS)}
    for letter, column, curve in zip(b"rgb", to_pcs(name).T, curves, strict=True):
        tags[bytes([letter]) + b"XYZ"] = _xyz(column)
        tags[bytes([letter]) + b"TRC"] = curve
    tags |= more or {}
    table, body = struct.pack(">I", len(tags)), b""
    start = 128 + 4 + 12 * len(tags)
    for tag, data in tags.items():
        table += struct.pack(">4sII", tag, start + len(body), len(data))
        body += data + bytes(-len(data) % 4)
    head = bytearray(128)
    head[8:12], head[12:16], head[16:20], head[20:24] = b"\x04\x20\0\0", b"mntr", space, b"XYZ "
    head[36:40] = b"acsp"
    head[68:80] = struct.pack(">3i", *(round(each * 65536) for each in _PCS))
    whole = bytes(head) + table + body
    return struct.pack(">I", len(whole)) + whole[4:]


def _xyz(values: np.ndarray) -> bytes:
    return struct.pack(">4s4x3i", b"XYZ ", *(round(each * 65536) for each in values))
