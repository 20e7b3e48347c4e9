"""What is decided about a cluster's workers, without one."""

import subprocess
import sys
from pathlib import Path

import pytest

from models.catalog import GRABCUT, U2NETP, find
from models.interface import DeviceMissing, LoadFailed
from models.running import extra
from photos.batch.cluster.keeper import Keeper, Superseded
from photos.batch.cluster.sizing import Size, TooSmall, size_for
from photos.batch.cluster.worker import Worker
from photos.batch.doing import Done, Row
from photos.batch.found import Found
from photos.batch.pieces import Piece, pieces_of
from photos.batch.wishes import Wishes
from tests.shell import plain, run

BIREFNET = find("birefnet-lite")
PIECE = Piece("grabcut", "cutout", "_cutout.png", "digest")
CPUS = {"CPU": 16.0, "memory": 60e9}
CARDS = {"CPU": 16.0, "GPU": 4.0, "memory": 60e9}


def sized(specs: list[str], device: str, *machines: dict[str, float], photos: int = 10_000) -> Size:
    return size_for([find(name) for name in specs], device, machines, photos)


def test_each_core_is_a_worker_so_far_as_memory_goes() -> None:
    small, large = sized(["grabcut"], "auto", CPUS), sized(["birefnet-lite"], "auto", CPUS)
    assert (small.workers, small.cores, small.cards) == (16, 1, 0)
    assert large.memory == small.memory + 8 * BIREFNET.parameters
    assert small.parcel > large.parcel or BIREFNET.parameters < 50e6
    lean = sized(["grabcut"], "auto", CPUS | {"memory": 5e9}, CPUS)
    assert lean.workers == 2 + 16


def test_each_graphics_card_is_a_worker_with_its_share_of_cores() -> None:
    size = sized(["birefnet-lite"], "auto", CARDS, CPUS)
    assert (size.workers, size.cores, size.cards) == (4, 4, 1)
    assert sized(["birefnet-lite"], "cpu", CARDS).cards == 0
    assert sized(["grabcut"], "auto", CARDS).cards == 0  # it has no use for one
    with pytest.raises(DeviceMissing, match="No machine of the cluster has a graphics card"):
        sized(["birefnet-lite"], "cuda", CPUS)


def test_few_photos_are_spread_over_all_workers() -> None:
    size = sized(["grabcut"], "auto", CPUS, photos=40)
    assert (size.workers, size.parcel) == (16, 1)
    assert sized(["grabcut"], "auto", CPUS, photos=3).workers == 3


def test_a_cluster_without_room_is_told() -> None:
    with pytest.raises(TooSmall, match="A worker takes 1 processor core and 2 GB of memory"):
        size_for([GRABCUT], "auto", [{"CPU": 2.0, "memory": 1e9}], 5)


def test_a_parcel_is_one_workers_and_its_photos_are_heard_once(tmp_path: Path) -> None:
    keeper = Keeper(str(tmp_path), [PIECE], str(tmp_path / "batch.sqlite"))
    photos = [Found(f"/in/{n}.jpg", f"{n}.jpg", 9, 9) for n in range(2)]
    first = keeper.open(7)
    claims = [keeper.claim(first, found) for found in photos]
    assert claims[0]
    assert claims[1]
    keeper.end(first, claims[0], Done((Row(PIECE, 1),), "", 9, 9, 0.1))
    second = keeper.open(7)  # the first one's process has ended
    assert keeper.working() == 0
    with pytest.raises(Superseded):
        keeper.end(first, claims[1], Done((Row(PIECE, 1),), "", 9, 9, 0.1))
    assert keeper.state(second, photos[1]) == "suspect"
    assert [found for found, _ in keeper.take_heard()] == photos[:1]
    assert keeper.take_heard() == []
    assert keeper.claim(second, photos[1], alone=True)
    assert keeper.working() == 1
    keeper.stop()
    assert keeper.state(second, photos[0]) == "busy"
    assert keeper.claim(second, photos[0]) is None
    keeper.close(second)


def test_workers_that_end_before_any_photo_end_the_run(tmp_path: Path) -> None:
    keeper = Keeper(str(tmp_path), [PIECE], str(tmp_path / "batch.sqlite"))
    for _ in range(3):
        keeper.open(0)
        assert keeper.error() is None
    last = keeper.open(0)
    keeper.close(last)
    assert "the model may need more memory" in str(keeper.error())


def worker(wishes: Wishes, pieces: tuple[Piece, ...], manifest: Path) -> Worker:
    return Worker(None, wishes.told(), pieces, str(manifest), str(manifest.parent), False)


def test_a_machine_with_other_folders_or_weights_is_told(tmp_path: Path) -> None:
    wishes = Wishes((U2NETP.name,), ("cutout",))
    pieces, manifest = pieces_of(wishes), tmp_path / "batch.sqlite"
    with pytest.raises(LoadFailed, match="isn't on the machine"):
        worker(wishes, pieces, manifest)._look_around(())
    manifest.touch()
    elsewhere = Found("/elsewhere/a.jpg", "a.jpg", 9, 9)
    with pytest.raises(LoadFailed, match="“/elsewhere” isn't on the machine"):
        worker(wishes, pieces, manifest)._look_around([elsewhere])
    worker(wishes, pieces, manifest)._loaded()
    with pytest.raises(LoadFailed, match="would make other pictures"):
        worker(wishes, (PIECE,), manifest)._loaded()


def test_without_the_package_its_installation_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(extra, "find_spec", lambda _: None)
    (tmp_path / "in").mkdir()
    result = run("batch", tmp_path / "in", tmp_path / "out", "--ray", "local")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == (
        "--ray needs the package ray, which is under the Apache-2.0. Run `uv sync --inexact "
        "--extra ray` and start again.\n"
    )
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("in", "out", "--ray", "local", "--watch"), "leave --watch out"),
        (("in", "az://shop/out"), "is an address that isn't known: folders, s3://"),
        (("hf://shop/in", "out"), "“hf://shop/in” is an address"),
    ],
)
def test_what_cannot_be(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], sentence: str
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("in").mkdir()
    result = run("batch", *words)
    assert result.exit_code == 2
    assert sentence in plain(result.stderr)
    assert [path.name for path in tmp_path.iterdir()] == ["in"]


def test_ray_is_imported_only_where_a_cluster_is_joined() -> None:
    code = "import sys, terminal.verbs; print('ray' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"
