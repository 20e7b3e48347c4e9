from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file

from compositing.alpha import enlarge
from models.catalog import find
from models.families.common.tensors import network_input
from models.families.sapiens2 import Sapiens2, load
from models.interface import LoadFailed, Prompt
from models.running.devices import Device
from tests.tiny import scene, tiny_row
from tests.tolerances import ONE_LEVEL, SUMS

SPEC = find("sapiens2-matting")
SIZE = {"height": 64, "width": 48}
PHOTOS = [scene(90, 40), scene(33, 120), scene(64, 48)]


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Sapiens2:
    folder = tmp_path_factory.mktemp("sapiens2")
    return load(tiny_row(SPEC, folder), folder / SPEC.name, Device())


@pytest.mark.parametrize("photo", PHOTOS, ids=["tall", "wide", "as it sees"])
def test_all_is_as_the_librarys_own_pipeline_has_it(tiny: Sapiens2, photo: np.ndarray) -> None:
    from transformers import Sapiens2ImageProcessor

    processor = Sapiens2ImageProcessor(size=SIZE)
    values = processor(photo, return_tensors="pt").pixel_values
    ours = network_input(photo, *tiny.size, Device())
    torch.testing.assert_close(ours, values, rtol=0, atol=ONE_LEVEL)
    if not torch.allclose(ours, values, rtol=0, atol=SUMS):
        pytest.skip("these kernels round resized bytes otherwise: the networks see other pixels")
    with torch.inference_mode():
        drawn = tiny.network(pixel_values=values)
    (told,) = processor.post_process_image_matting(drawn)
    alpha = told["alpha"][0].numpy()
    straight = told["foreground"] / told["alpha"].clamp(min=0.05)
    matte = tiny.segment(photo, Prompt())
    assert matte.soft
    assert matte.foreground is not None
    # A level, where a sum's last bit lets a rounding fall otherwise.
    expected = (straight.clamp(0, 1) * 255).permute(1, 2, 0).numpy()
    assert np.abs(matte.foreground - expected).max() <= 0.5 + 255 * SUMS
    np.testing.assert_allclose(matte.alpha, enlarge(alpha, photo), rtol=0, atol=1e-4)


def test_the_librarys_defaults_are_what_the_network_sees() -> None:
    from transformers import Sapiens2ImageProcessor

    processor = Sapiens2ImageProcessor()
    assert (processor.size["height"], processor.size["width"]) == (1024, 768)
    photo = scene(80, 200)
    values = processor(photo, return_tensors="pt").pixel_values
    ours = network_input(photo, 1024, 768, Device())
    torch.testing.assert_close(ours, values, rtol=0, atol=ONE_LEVEL)


def test_colours_are_divided_by_their_alpha_but_not_by_next_to_nothing(
    tiny: Sapiens2, monkeypatch: pytest.MonkeyPatch
) -> None:
    alphas, shares = (0.0, 0.01, 0.05, 0.5, 1.0), (0.0, 0.01, 0.04, 0.25, 0.6)
    drawn = torch.zeros(1, 4, 1, len(alphas))
    drawn[0, :3], drawn[0, 3] = torch.tensor(shares), torch.tensor(alphas)
    drawn[0, 0, 0, 3] = 0.7  # more than its alpha, which its own sigmoid allows
    monkeypatch.setattr(Sapiens2, "run", lambda *_: drawn)
    found = tiny.segment(scene(8, 40), Prompt()).foreground
    assert found is not None
    assert found[0, :, 1].tolist() == [0, 51, 204, 128, 153]
    assert found[0, :, 0].tolist() == [0, 51, 204, 255, 153]


def test_weights_are_read_by_the_publishers_names(tmp_path: Path) -> None:
    tiny_row(SPEC, tmp_path)
    names = load_file(tmp_path / SPEC.name / "model.safetensors")
    assert "backbone.blocks.0.attn.wq.weight" in names
    assert not any(name.startswith("model.") for name in names)


@pytest.mark.parametrize("part", ["backbone.blocks.1.attn.wq.weight", "decode_head."])
def test_other_weights_are_refused(part: str, tmp_path: Path) -> None:
    spec = tiny_row(SPEC, tmp_path)
    path = tmp_path / spec.name / "model.safetensors"
    tensors = load_file(path)
    tensors.pop(next(name for name in tensors if name.startswith(part)))
    save_file(tensors, path)
    with pytest.raises(LoadFailed, match="missing or of another shape"):
        load(spec, tmp_path / spec.name, Device())


def test_a_wide_photo_is_squeezed_and_its_matte_is_wide_again(tiny: Sapiens2) -> None:
    matte = tiny.segment(scene(30, 300), Prompt())
    assert matte.alpha.shape == (30, 300)
    assert matte.foreground is not None
    assert matte.foreground.shape == (64, 48, 3)


def test_it_is_not_called_verified_and_its_conditions_are_told() -> None:
    assert not SPEC.verified
    assert SPEC.terms == "Sapiens2 License, conditions apply"
    assert "surveillance, biometrics, deepfakes" in SPEC.summary
