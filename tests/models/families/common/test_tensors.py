import pickle
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from safetensors.torch import save_file

from models.families.common.sides import fitted
from models.families.common.tensors import (
    DEVIATION,
    MEAN,
    chosen,
    network_input,
    read_tensors,
)
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


WEIGHTS = {"a.weight": torch.ones(2), "module_a.bias": torch.zeros(2)}


@pytest.mark.parametrize("prefix", ["", "module.", "_orig_mod.", "module._orig_mod."])
@pytest.mark.parametrize("place", ["", "model", "state_dict", "model_state_dict"])
def test_what_training_tools_put_around_weights_is_taken_off(
    place: str, prefix: str, tmp_path: Path
) -> None:
    wrapped = {f"{prefix}{name}": tensor for name, tensor in WEIGHTS.items()}
    beside = {"epoch": 3, "optimizer_state_dict": {"state": {}}}
    torch.save({place: wrapped, **beside} if place else wrapped, tmp_path / "model.pth")
    save_file(wrapped, tmp_path / "model.safetensors")
    assert read_tensors(tmp_path / "model.pth").keys() == WEIGHTS.keys()
    assert read_tensors(tmp_path / "model.safetensors").keys() == WEIGHTS.keys()


@pytest.mark.parametrize("content", [torch.ones(2), [1, 2], {"epoch": 3}, {"model": {"epoch": 3}}])
def test_what_holds_other_things_than_weights_is_told_apart(
    content: object, tmp_path: Path
) -> None:
    torch.save(content, tmp_path / "model.pth")
    with pytest.raises(LoadFailed, match="can't be read as weights"):
        read_tensors(tmp_path / "model.pth")


def test_rows_are_chosen_from_all_parts_alike() -> None:
    numbers, table = chosen(torch.tensor([True, False, True]), torch.arange(3), torch.eye(3))
    assert numbers.tolist() == [0, 2]
    torch.testing.assert_close(table, torch.eye(3)[[0, 2]])
    assert [len(part) for part in chosen(torch.zeros(3, dtype=torch.bool), numbers)] == [0]


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
