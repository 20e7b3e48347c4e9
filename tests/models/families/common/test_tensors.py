import pickle
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from models.families.common.tensors import DEVIATION, MEAN, fitted, network_input, read_tensors
from models.interface import LoadFailed
from models.running.devices import Device
from tests.stranger import Stranger
from tests.tolerances import SUMS

side = st.integers(1, 3000)


@pytest.mark.parametrize("dtype", ["float32", "bfloat16"])
def test_a_photo_of_one_colour_becomes_that_colour(dtype: str) -> None:
    photo = np.full((7, 5, 3), (0, 128, 255), np.uint8)
    photo.setflags(write=False)
    pixels = network_input(photo, 32, 64, Device("cpu", dtype))
    assert pixels.shape == (1, 3, 32, 64)
    assert pixels.dtype == getattr(torch, dtype)
    expected = (np.array([0, 128 / 255, 1]) - MEAN) / DEVIATION
    last_bits = 2**-8 if dtype == "bfloat16" else SUMS
    np.testing.assert_allclose(pixels[0, :, 3, 4].float(), expected, rtol=last_bits)


def test_every_pixel_counts_when_a_photo_is_reduced() -> None:
    photo = np.zeros((64, 64, 3), np.uint8)
    photo[::2] = 200
    pixels = network_input(photo, 8, 8, Device())
    expected = (100 / 255 - MEAN[0]) / DEVIATION[0]
    # Rows near the border see less of it than of the other side.
    np.testing.assert_allclose(pixels[0, 0, 3:-3], expected, rtol=0, atol=SUMS)


@pytest.mark.parametrize(
    ("height", "width", "size"),
    [
        (480, 640, (480, 640)),
        (3000, 4000, (480, 640)),
        (60, 80, (480, 640)),
        (1000, 4000, (192, 800)),  # the longer side is the limit
        (1, 1, (480, 480)),
        (1, 5000, (32, 800)),
    ],
)
def test_sizes_that_a_network_sees(height: int, width: int, size: tuple[int, int]) -> None:
    assert fitted(np.zeros((height, width, 3), np.uint8), 480, 800) == size


@given(side, side)
def test_sizes_are_multiples_within_the_limits(height: int, width: int) -> None:
    rows, columns = fitted(np.zeros((height, width, 3), np.uint8), 520, 1040, 8)
    assert rows % 8 == columns % 8 == 0
    assert 8 <= min(rows, columns) <= 520
    assert max(rows, columns) <= 1040


@pytest.mark.parametrize("content", [b"", b"no weights", pickle.dumps(Stranger(), 2)])
@pytest.mark.parametrize("suffix", [".pth", ".bin", ".safetensors"])
def test_what_is_no_weights_is_not_read_and_never_run(
    suffix: str, content: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / f"model{suffix}"
    path.write_bytes(content)
    with pytest.raises(LoadFailed, match="can't be read as weights"):
        read_tensors(path)
    torch.save({"weight": Stranger()}, path)
    with pytest.raises(LoadFailed, match="can't be read as weights"):
        read_tensors(path)
    assert capsys.readouterr().out == ""
