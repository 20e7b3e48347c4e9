"""Networks in the ONNX format: how they see a photo, what they may answer, and how they end."""

import threading
import warnings
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal

import numpy as np
import pytest
from onnx import TensorProto, helper
from PIL import Image

from compositing.arrays import Photo
from models.catalog import U2NETP, ModelSpec
from models.families.onnx import load
from models.families.onnx.preparing import RESAMPLING, Settings, network_input
from models.families.onnx.segmenter import Onnx
from models.interface import Box, Cancelled, LoadFailed, Point, Prompt, PromptMissing, RunFailed
from models.running.devices import Device
from models.running.pool import Pool
from models.running.stages import recording
from tests.tiny_onnx import channel, endless, numbers, save_network, save_red

CPU = Device("cpu")
ROW = replace(
    U2NETP,
    name="tiny",
    label="Tiny",
    packaged=None,
    url="https://example.org/tiny.onnx",
    files=("tiny.onnx",),
    checksum="md5:0123456789abcdef",  # the catalogue knows it, so it's no stranger
    options=MappingProxyType({"mean": (0, 0, 0), "deviation": (1, 1, 1)}),
)
RED = np.zeros((8, 8, 3), np.uint8)
RED[:, :4, 0] = 255


def row(**options: Any) -> ModelSpec:
    return replace(ROW, options=MappingProxyType({**ROW.options, **options}))


def loaded(path: Path, **options: Any) -> Onnx:
    return load(row(**options), path, CPU)


@pytest.fixture
def red(tmp_path: Path) -> Onnx:
    return loaded(save_red(tmp_path / "tiny.onnx"))


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        (Settings(mean=(0, 0, 0), deviation=(1, 1, 1)), (200 / 255, 100 / 255, 50 / 255)),
        (Settings(scale="brightest", mean=(0, 0, 0), deviation=(1, 1, 1)), (1, 0.5, 0.25)),
        (Settings(scale=200, mean=(0.5, 0.5, 0.5), deviation=(0.5, 0.25, 0.5)), (1, 0, -0.5)),
        (Settings(), ((200 / 255 - 0.485) / 0.229, (100 / 255 - 0.456) / 0.224, -0.933)),
    ],
)
def test_a_photo_is_prepared_as_its_row_says(
    settings: Settings, expected: tuple[float, float, float]
) -> None:
    photo = np.full((5, 7, 3), (200, 100, 50), np.uint8)
    values = network_input(photo, 4, 6, settings)
    assert values.shape == (1, 3, 4, 6)
    assert values.dtype == np.float32
    np.testing.assert_allclose(values[0, :, 2, 3], expected, atol=1e-3)


@pytest.mark.parametrize("resampling", ["bilinear", "lanczos"])
def test_a_large_photo_is_seen_like_a_small_one(
    resampling: Literal["bilinear", "lanczos"],
) -> None:
    """Reducing by blocks first shifts nothing, at sides that are no whole number of blocks too."""
    x, y = np.meshgrid(np.arange(1209), np.arange(997))
    waves = [127.5 + 120 * np.sin((a * x + b * y) / 60) for a, b in ((1, 0), (0, 1), (1, 2))]
    photo = np.rint(np.dstack(waves)).astype(np.uint8)
    settings = Settings(mean=(0, 0, 0), deviation=(1, 1, 1), scale=1, resampling=resampling)
    seen = network_input(photo, 32, 36, settings)[0].transpose(1, 2, 0)
    whole = Image.fromarray(photo).resize((36, 32), RESAMPLING[resampling])
    apart = np.abs(seen - np.asarray(whole, np.float32))
    assert apart.max() <= 4
    assert apart.mean() < 1


def test_a_black_photo_has_no_brightest_value(tmp_path: Path) -> None:
    network = loaded(save_red(tmp_path / "tiny.onnx"), scale="brightest")
    assert network.segment(np.zeros((9, 9, 3), np.uint8), Prompt()).empty


def test_the_matte_is_the_output_at_the_photo_s_size(red: Onnx) -> None:
    matte = red.segment(RED, Prompt())
    np.testing.assert_array_equal(matte.alpha, RED[..., 0] / np.float32(255))
    assert matte.soft
    large = np.kron(RED, np.ones((8, 8, 1), np.uint8))
    alpha = red.segment(large, Prompt()).alpha
    assert alpha.shape == (64, 64)
    assert alpha[:, :20].min() > 0.99
    assert alpha[:, 44:].max() < 0.01


def test_a_matte_is_not_stretched(red: Onnx) -> None:
    grey = np.full((8, 8, 3), 51, np.uint8)
    np.testing.assert_allclose(red.segment(grey, Prompt()).alpha, 0.2, atol=1e-6)


@pytest.mark.parametrize(("output", "share"), [(0, 0.5), (1, 0.25)])
def test_one_of_several_outputs_is_asked_for(tmp_path: Path, output: int, share: float) -> None:
    photo = RED.copy()
    photo[:4, :4, 1] = 255
    path = save_network(
        tmp_path / "tiny.onnx",
        [channel(0, "a"), channel(1, "b")],
        outputs=("a", "b"),
        weights=[numbers("c0", [0]), numbers("c1", [1])],
    )
    assert loaded(path, output=output).segment(photo, Prompt()).share == pytest.approx(share)


def test_log_odds_become_opacities(tmp_path: Path) -> None:
    path = save_red(tmp_path / "tiny.onnx")
    network = loaded(path, activation="sigmoid", mean=(0.5, 0, 0), deviation=(0.01, 1, 1))
    alpha = network.segment(RED, Prompt()).alpha
    np.testing.assert_allclose(alpha, RED[..., 0] > 0, atol=1e-6)


def test_half_precision_is_given_what_it_asks_for(tmp_path: Path) -> None:
    network = loaded(save_red(tmp_path / "tiny.onnx", kind=TensorProto.FLOAT16))
    assert network.segment(RED, Prompt()).share == 0.5


def test_open_sides_are_the_row_s(tmp_path: Path) -> None:
    path = save_red(tmp_path / "tiny.onnx", sides=("h", "w"))
    assert loaded(path, side=16).sides == (16, 16)
    with pytest.raises(LoadFailed, match="say `side` in its row"):
        loaded(path)


@pytest.mark.parametrize(
    ("shape", "seen"),
    [((16, 16), (8, 8)), ((30, 20), (12, 8)), ((20, 37), (8, 16)), ((4, 400), (4, 32))],
)
def test_free_sides_follow_the_photo_in_steps(
    tmp_path: Path, shape: tuple[int, int], seen: tuple[int, int]
) -> None:
    """The network answers with a matte of the sides that it saw; red has to arrive there."""
    path = save_red(tmp_path / "tiny.onnx", sides=("h", "w"))
    network = loaded(path, side=8, step=4)
    photo = np.zeros((*shape, 3), np.uint8)
    photo[..., 0] = 255
    asked = list[tuple[int, ...]]()
    session = network.session

    class Spy:
        get_inputs, get_outputs = session.get_inputs, session.get_outputs

        def run(self, outputs: Any, feed: dict[str, Any], options: Any) -> Any:
            asked.append(feed["photo"].shape)
            return session.run(outputs, feed, options)

    alpha = replace(network, session=Spy()).segment(photo, Prompt()).alpha
    assert asked == [(1, 3, *seen)]
    assert alpha.shape == shape
    assert alpha.min() == 1


def test_a_file_with_sides_of_its_own_is_not_free(tmp_path: Path) -> None:
    path = save_red(tmp_path / "tiny.onnx")
    with pytest.raises(LoadFailed, match="The file wants 8 × 8: leave `step` out of its row"):
        loaded(path, side=8, step=4)


def test_boxes_are_looked_at_one_by_one_and_unite(red: Onnx) -> None:
    photo = np.zeros((80, 80, 3), np.uint8)
    photo[..., 0] = 255
    two = Prompt(boxes=(Box(8, 8, 24, 24), Box(40, 40, 72, 72)))
    alpha = red.segment(photo, two).alpha
    assert alpha[8:24, 8:24].min() == alpha[40:72, 40:72].min() == 1
    assert alpha.sum() == 16 * 16 + 32 * 32
    with pytest.raises(PromptMissing, match="lies outside the photo, which is 80 × 80 pixels"):
        red.segment(photo, Prompt(boxes=(Box(90, 0, 99, 9),)))
    half = red.segment(photo, Prompt(boxes=(Box(60, -20, 200, 40),))).alpha
    assert half.sum() == 40 * 20


@pytest.mark.parametrize(("beside", "stays"), [(2, False), (8, True)])
def test_what_only_the_closer_look_sees_stays_if_the_two_see_different_subjects(
    tmp_path: Path, beside: int, stays: bool
) -> None:
    """In the whole photo a lamp, the brightest, makes what is beside the subject dark. beside: its
    columns, of the box's 16."""
    network = loaded(save_red(tmp_path / "tiny.onnx", sides=(64, 64)), scale="brightest")
    photo = np.zeros((64, 64, 3), np.uint8)
    photo[0, 0] = 255
    photo[32:48, 32:48, 0] = 150
    photo[32:48, 48 - beside : 48, 0] = 100
    alpha = network.segment(photo, Prompt(boxes=(Box(32, 32, 48, 48),))).alpha
    assert alpha[34:46, 34:38].min() > 0.5
    assert (alpha[34:46, 47].min() > 0.5) == stays


def test_a_box_around_nearly_all_costs_no_second_look(red: Onnx) -> None:
    looks = 0
    session = red.session

    class Spy:
        get_inputs, get_outputs = session.get_inputs, session.get_outputs

        def run(self, *asked: Any) -> Any:
            nonlocal looks
            looks += 1
            return session.run(*asked)

    spied = replace(red, session=Spy())
    spied.segment(RED, Prompt(boxes=(Box(1, 1, 7, 7),)))
    assert looks == 1
    spied.segment(RED, Prompt(boxes=(Box(0, 0, 2, 2), Box(4, 4, 6, 6))))
    assert looks == 1 + 3  # each box and, once, the whole


def two_things() -> Photo:
    """A red square and a green one on grey, each with a texture that GrabCut can learn."""
    noise = np.random.default_rng(5).integers(-12, 13, (160, 240, 1))
    photo = np.full((160, 240, 3), 90, int)
    photo[40:120, 20:100] = 230, 90, 90
    photo[40:120, 140:220] = 0, 200, 60
    return np.clip(photo + noise, 0, 255).astype(np.uint8)


@pytest.fixture
def reddish(tmp_path: Path) -> Onnx:
    path = save_red(tmp_path / "tiny.onnx", sides=(160, 240))
    return loaded(path, activation="sigmoid", mean=(0.6, 0, 0), deviation=(0.02, 1, 1))


def test_clicks_add_what_was_missed_and_take_away_what_was_too_much(reddish: Onnx) -> None:
    photo = two_things()
    automatic = reddish.segment(photo, Prompt()).alpha
    assert automatic[60:100, 40:80].min() > 0.9
    assert automatic[60:100, 160:200].max() < 0.1
    both = reddish.segment(photo, Prompt(points=(Point(180, 80),))).alpha
    assert both[50:110, 150:210].min() > 0.9
    np.testing.assert_array_equal(both[:, :110], automatic[:, :110])
    none = reddish.segment(photo, Prompt(points=(Point(60, 80, include=False),))).alpha
    assert none[50:110, 30:90].max() < 0.1
    agreed = Prompt(points=(Point(60, 80), Point(180, 80, include=False), Point(999, 5)))
    np.testing.assert_array_equal(reddish.segment(photo, agreed).alpha, automatic)


@pytest.mark.parametrize(
    ("network", "told"),
    [
        (lambda path: save_red(path, channels=4), "takes tensor(float) of shape [1, 4, 8, 8]"),
        (lambda path: path.write_bytes(b"\x08\x09 no network"), "ONNX Runtime can run"),
        (lambda path: path.write_bytes(b""), "ONNX Runtime can run"),
        (
            lambda path: save_network(path, [helper.make_node("Evil", ["photo"], ["matte"])]),
            "ONNX Runtime can run",
        ),
    ],
)
def test_other_files_are_refused_in_a_sentence(tmp_path: Path, network: Any, told: str) -> None:
    path = tmp_path / "tiny.onnx"
    network(path)
    with pytest.raises(LoadFailed) as refused:
        loaded(path)
    assert told in str(refused.value)


def test_a_card_that_the_runtime_could_not_start_is_no_cpu_in_disguise(tmp_path: Path) -> None:
    """It would fall back to the CPU and say so in a log alone."""
    path = save_red(tmp_path / "tiny.onnx")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the runtime here wasn't built for it, and warns of it
        with pytest.raises(
            LoadFailed, match="could not start its CUDAExecutionProvider for cuda:1"
        ):
            load(ROW, path, Device("cuda:1"))


def test_tensors_outside_the_file_s_folder_are_refused(tmp_path: Path) -> None:
    (tmp_path / "secret.bin").write_bytes(np.ones(1, np.float32).tobytes())
    folder = tmp_path / "model"
    folder.mkdir()
    outside = TensorProto(name="w", data_type=TensorProto.FLOAT, dims=[1])
    outside.data_location = TensorProto.EXTERNAL
    for key, value in {"location": "../secret.bin", "offset": "0", "length": "4"}.items():
        outside.external_data.add(key=key, value=value)
    path = save_network(
        folder / "tiny.onnx",
        [helper.make_node("Add", ["photo", "w"], ["matte"])],
        weights=[outside],
    )
    with pytest.raises(LoadFailed, match="can run"):
        loaded(path)


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"mean": (0.5, 0, 0)}, "answered from -0.50 to 0.50"),
        ({"deviation": (0, 1, 1)}, "gave no numbers"),
    ],
)
def test_an_answer_that_is_no_matte_is_no_result(
    tmp_path: Path, options: dict[str, Any], told: str
) -> None:
    network = loaded(save_red(tmp_path / "tiny.onnx"), **options)
    with np.errstate(all="ignore"), pytest.raises(RunFailed, match=told):
        network.segment(RED, Prompt())


def test_three_channels_are_not_one_matte(tmp_path: Path) -> None:
    path = save_network(
        tmp_path / "tiny.onnx", [helper.make_node("Identity", ["photo"], ["matte"])]
    )
    with pytest.raises(RunFailed, match=r"answered with \(1, 3, 8, 8\), not with one matte"):
        loaded(path).segment(RED, Prompt())


def test_a_run_is_stopped_in_the_middle_and_the_next_one_is_whole(tmp_path: Path) -> None:
    network = loaded(save_network(tmp_path / "tiny.onnx", endless("matte")))
    asked = 0

    def check() -> None:
        nonlocal asked
        asked += 1
        if asked > 5:  # the first ones are asked before the network runs
            raise Cancelled

    with pytest.raises(Cancelled), recording(check=check):
        network.segment(RED, Prompt())
    assert asked == 6
    good = loaded(save_red(tmp_path / "red.onnx"))
    assert good.segment(RED, Prompt()).share == 0.5


def test_several_photos_at_once_give_what_each_gives_alone(red: Onnx) -> None:
    photos = [np.full((8, 8, 3), level, np.uint8) for level in range(0, 250, 50)]
    answers: dict[int, float] = {}

    def work(number: int) -> None:
        answers[number] = red.segment(photos[number], Prompt()).share

    workers = [threading.Thread(target=work, args=(number,)) for number in range(len(photos))]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert answers == pytest.approx({number: 50 * number / 255 for number in range(5)})


def test_the_pool_runs_a_file_of_one_s_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = save_red(tmp_path / "tiny.onnx")
    monkeypatch.setenv("CUTOUT_WEIGHTS", f"{ROW.name}={path}")
    result = Pool().run(ROW, RED, Prompt())
    assert (result.device, result.revision) == (CPU, "local")
    assert result.made.share == 0.5
    assert {"load", "preprocess", "network", "postprocess"} <= set(result.seconds)
