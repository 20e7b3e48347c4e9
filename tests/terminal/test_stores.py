"""Batches from and into a store that speaks S3, on this machine."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
import types
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NoReturn

import numpy as np
import pytest
from PIL import Image

from models.running import extra
from photos.batch.stores import objects
from photos.batch.stores.address import StoreFailed, store_of
from photos.batch.stores.lease import Lease
from tests.shell import listing, plain, run

pytest.importorskip("s3fs", reason="needs the package s3fs: `uv sync --inexact --extra s3fs`")

pytestmark = [
    pytest.mark.extra,
    # Of the store's own packages.
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]
CLI = Path(__file__).parents[1] / "batch_cli.py"
MODEL = ("--models", "halves")
COUNT = 12
LONGEST = 120
"""Seconds that a process may take, however busy the machine is."""


@pytest.fixture(autouse=True)
def bounded() -> Iterator[None]:
    """A test that waits for the store for ever fails, and its server ends."""
    if os.name == "nt":
        yield  # no alarms there
        return

    def ring(*_: object) -> NoReturn:
        raise TimeoutError(f"It took more than {5 * LONGEST} seconds.")

    before = signal.signal(signal.SIGALRM, ring)
    signal.alarm(5 * LONGEST)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def bucket(endpoint: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """An empty one, and photos in it."""
    for name, value in (
        ("AWS_ENDPOINT_URL", endpoint),
        ("AWS_ACCESS_KEY_ID", "key"),
        ("AWS_SECRET_ACCESS_KEY", "secret"),
        ("AWS_DEFAULT_REGION", "us-east-1"),
        ("CUTOUT_DATA", str(tmp_path / "data")),
    ):
        monkeypatch.setenv(name, value)
    monkeypatch.setattr("terminal.batch.keep_memory", lambda: None)
    _forget()
    name = f"shop-{time.monotonic_ns()}"
    store_of("s3").mkdir(name)
    chance = np.random.default_rng(1)
    for number in range(COUNT):
        folder = tmp_path / "in" / ("a" if number % 2 else "b")
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"p{number:03}.png"
        Image.fromarray(chance.integers(0, 256, (30, 40, 3), np.uint8)).save(path)
        put(f"s3://{name}/in/{folder.name}/{path.name}", path.read_bytes())
    yield f"s3://{name}"
    _forget()


def _forget() -> None:
    store_of.cache_clear()
    objects._inventory.cache_clear()
    import s3fs

    s3fs.S3FileSystem.clear_instance_cache()


def put(address: str, data: bytes) -> None:
    objects.put(address, data)


def there(address: str) -> dict[str, bytes]:
    store, path = store_of("s3"), address.removeprefix("s3://")
    names = store.find(path)
    found = store.cat(names, on_error="omit") if names else {}  # a lease may have gone meanwhile
    return {name.removeprefix(f"{path}/"): data for name, data in found.items()}


def results(address: str) -> dict[str, bytes]:
    return {name: data for name, data in there(address).items() if name.endswith(".png")}


def now(bucket: str, *words: object) -> tuple[int, int]:
    """Photos that were done now, and before."""
    objects._inventory.cache_clear()  # as in a process of its own
    result = run("batch", f"{bucket}/in", f"{bucket}/out", *MODEL, "--json", *words)
    told = json.loads(result.stdout.splitlines()[-1])
    return told["made"], told["done_before"]


def test_names_and_bytes_are_those_of_a_disk(
    bucket: str, tmp_path: Path, halves: types.SimpleNamespace
) -> None:
    assert now(bucket) == (COUNT, 0)
    assert run("batch", tmp_path / "in", tmp_path / "out", *MODEL).exit_code == 0
    made = results(f"{bucket}/out")
    assert set(made) == {name for name in listing(tmp_path / "out") if name.endswith(".png")}
    assert all((tmp_path / "out" / name).read_bytes() == data for name, data in made.items())
    assert set(there(f"{bucket}/out")) - set(made) == {"batch.sqlite"}
    found = store_of("s3").info(f"{bucket}/out/a/p001_cutout.png".removeprefix("s3://"))
    assert found["ContentType"] == "image/png"
    assert now(bucket) == (0, COUNT)
    assert run("batch", f"{bucket}/in", tmp_path / "mixed", *MODEL).exit_code == 0
    assert set(made) <= listing(tmp_path / "mixed")


@pytest.mark.usefixtures("halves")
def test_what_changed_is_known_by_its_tag(bucket: str, tmp_path: Path) -> None:
    assert now(bucket) == (COUNT, 0)
    same, other = (tmp_path / "in" / "a" / f"p00{number}.png" for number in (1, 3))
    put(f"{bucket}/in/a/p001.png", same.read_bytes())
    assert now(bucket) == (0, COUNT)
    put(f"{bucket}/in/a/p001.png", other.read_bytes())
    assert now(bucket) == (1, COUNT - 1)
    objects.remove(f"{bucket}/out/a/p003_cutout.png")
    assert now(bucket) == (1, COUNT - 1)
    assert now(bucket) == (0, COUNT)


@pytest.mark.usefixtures("halves")
def test_a_failure_is_told_and_goes_with_its_photo(bucket: str) -> None:
    put(f"{bucket}/in/bad.jpg", b"nothing")
    result = run("batch", f"{bucket}/in", f"{bucket}/out", *MODEL)
    assert result.exit_code == 1
    assert f"What failed stands in “{bucket}/out/failures.csv”." in result.stderr
    assert f"{bucket}/in/bad.jpg".encode() in there(f"{bucket}/out")["failures.csv"]
    objects.remove(f"{bucket}/in/bad.jpg")
    assert now(bucket) == (0, COUNT)
    assert "failures.csv" not in there(f"{bucket}/out")


@pytest.mark.usefixtures("halves")
def test_another_machine_goes_on_by_the_copy(
    bucket: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And the first one by what the other has made."""
    assert now(bucket, "--shard", "1/1") == (COUNT, 0)
    first = os.environ["CUTOUT_DATA"]
    monkeypatch.setenv("CUTOUT_DATA", str(tmp_path / "elsewhere"))
    put(f"{bucket}/in/new.png", (tmp_path / "in" / "a" / "p001.png").read_bytes())
    assert now(bucket, "--shard", "1/1") == (1, COUNT)
    monkeypatch.setenv("CUTOUT_DATA", first)
    assert now(bucket, "--shard", "1/1") == (0, COUNT + 1)


@pytest.mark.usefixtures("halves")
def test_a_dry_run_writes_nothing(bucket: str) -> None:
    before = there(bucket)
    words = ("batch", f"{bucket}/in", f"{bucket}/out", *MODEL, "--dry-run")
    assert run(*words).stdout.startswith(f"{COUNT} photos to do, {COUNT} files. ")
    assert there(bucket) == before
    assert now(bucket) == (COUNT, 0)
    before = there(bucket)
    assert run(*words).stdout.startswith(f"0 photos to do, 0 files ({COUNT} done).")
    assert there(bucket) == before


@pytest.mark.usefixtures("halves")
def test_a_second_run_is_refused_while_one_lives(bucket: str) -> None:
    words = ("batch", f"{bucket}/in", f"{bucket}/out", *MODEL)
    other = Lease(f"{bucket}/out", "batch-2-of-2")
    for mine in ((), ("--shard", "1/3")):
        result = run(*words, *mine)
        assert result.exit_code == 1
        assert f"Another run is at work in “{bucket}/out”: process {os.getpid()}" in result.stderr
    assert not results(f"{bucket}/out")
    assert run(*words, "--shard", "1/2").exit_code == 0
    other.release()
    assert run(*words, "--shard", "2/2").exit_code == 0
    assert len(results(f"{bucket}/out")) == COUNT


def lease_of(bucket: str, number: int, **told: Any) -> None:
    address = f"{bucket}/out/batch.leases/batch.{number:06}"
    put(address, json.dumps({"host": "elsewhere", "pid": 1, "beats": 0} | told).encode())


def test_a_run_elsewhere_lives_as_long_as_its_mark_changes(bucket: str) -> None:
    told: list[str] = []
    lease_of(bucket, 7)
    ended = threading.Event()

    def beat() -> None:
        beats = 0
        while not ended.wait(0.1):
            beats += 1
            lease_of(bucket, 7, beats=beats)

    thread = threading.Thread(target=beat)
    thread.start()
    try:
        with pytest.raises(StoreFailed, match="process 1 on elsewhere"):
            Lease(f"{bucket}/out", "batch", told.append, silent=60)
    finally:
        ended.set()
        thread.join()
    assert "A run on elsewhere has left its mark" in told[0]
    mine = Lease(f"{bucket}/out", "batch", silent=0.5)
    assert list(there(f"{bucket}/out")) == ["batch.leases/batch.000008"]
    mine.beat()
    mine.check()
    lease_of(bucket, 9)
    for _ in range(2):
        with pytest.raises(StoreFailed, match="Another run has taken"):
            mine.beat()
    with pytest.raises(StoreFailed, match="Another run has taken"):
        mine.check()
    mine.release()
    assert "batch.leases/batch.000009" in there(f"{bucket}/out")


def test_a_run_that_cannot_tell_that_it_lives_stops(
    bucket: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine = Lease(f"{bucket}/out", "batch", silent=40)
    mine.check()
    later = time.monotonic() + 31
    monkeypatch.setattr(time, "monotonic", lambda: later)
    with pytest.raises(StoreFailed, match="hasn't answered for 30 s"):
        mine.check()


def test_of_two_that_begin_at_once_one_gets_it(bucket: str) -> None:
    start, got, refused = threading.Barrier(4), list[Lease](), list[StoreFailed]()

    def ask() -> None:
        start.wait()
        try:
            got.append(Lease(f"{bucket}/out", "batch", silent=1))
        except StoreFailed as error:
            refused.append(error)

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(LONGEST)
    assert (len(got), len(refused)) == (1, 3)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no signals between processes")
def test_killed_it_goes_on_and_each_result_is_there_once(bucket: str) -> None:
    line = [sys.executable, CLI, "batch", f"{bucket}/in", f"{bucket}/out", *MODEL]
    process = subprocess.Popen(list(map(str, line)), env=os.environ | {"SLOW": "0.3"})
    try:
        latest = time.monotonic() + LONGEST
        while len(results(f"{bucket}/out")) < 3:
            assert process.poll() is None
            assert time.monotonic() < latest
            time.sleep(0.02)
    finally:
        process.kill()
        process.wait(LONGEST)
    before = results(f"{bucket}/out")
    assert len(before) < COUNT
    told = subprocess.run(
        [*map(str, line), "--json"], stdout=subprocess.PIPE, timeout=LONGEST, check=True
    ).stdout
    facts = json.loads(told.splitlines()[-1])
    assert facts["made"] + facts["done_before"] == COUNT
    # What was put and not yet written down: a photo a thread.
    assert facts["done_before"] >= len(before) - ((os.process_cpu_count() or 1) + 1)
    after = results(f"{bucket}/out")
    assert len(after) == COUNT
    assert before.items() <= after.items()
    assert not [name for name in there(f"{bucket}/out") if name.startswith("batch.leases")]


@pytest.mark.usefixtures("halves")
def test_what_is_wrong_is_told_with_what_to_do(
    bucket: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for words, sentence in (
        (("s3://not-there/in", tmp_path / "out"), "there is no bucket “not-there”."),
        ((f"{bucket}/in", "s3://not-there/out"), "there is no bucket “not-there”."),
        ((f"{bucket}/june", tmp_path / "out"), "There are no photos there"),
        (
            (f"{bucket}/in", f"{bucket}/june", tmp_path / "out"),
            f"nothing in “{bucket}/june”. Check",
        ),
        ((f"{bucket}/in/a/none.png", f"{bucket}/in", tmp_path / "out"), "a/none.png”. Check the"),
    ):
        result = run("batch", *words, *MODEL)
        assert result.exit_code == 1
        assert sentence in result.stderr
        assert "Traceback" not in result.stderr
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    _forget()
    store_of("s3").retries = 1
    result = run("batch", f"{bucket}/in", tmp_path / "out", *MODEL)
    assert result.exit_code == 1
    assert "the store doesn't answer. Look at the network, and at AWS_ENDPOINT" in result.stderr


@pytest.mark.usefixtures("halves")
def test_words_that_cannot_be(bucket: str, tmp_path: Path) -> None:
    mattes = tmp_path / "mattes"
    mattes.mkdir()
    for words, sentence in (
        ((f"{bucket}/in", bucket), "name a folder of its own for the results"),
        ((f"{bucket}/in/*.png", tmp_path / "out"), "patterns are for disks"),
        (("az://shop/in", tmp_path / "out"), "is an address that isn't known"),
        ((f"{bucket}/in", tmp_path / "out", "--matte", mattes), "copy the photos there"),
    ):
        own = () if "--matte" in words else MODEL
        result = run("batch", *words, *own)
        assert result.exit_code == 2
        assert sentence in plain(result.stderr)


@pytest.mark.slow
@pytest.mark.usefixtures("halves")
@pytest.mark.skipif(os.name == "nt", reason="no Ray there")
def test_on_a_cluster_the_files_are_the_same(bucket: str) -> None:
    pytest.importorskip("ray", reason="needs the package ray")
    line = [sys.executable, CLI.with_name("cluster_cli.py"), "batch", f"{bucket}/in"]
    line += [f"{bucket}/out", *MODEL, "--ray", "local", "--json"]
    ran = subprocess.run(list(map(str, line)), stdout=subprocess.PIPE, timeout=400, check=True)
    assert json.loads(ran.stdout.splitlines()[-1])["made"] == COUNT
    assert len(results(f"{bucket}/out")) == COUNT
    assert now(bucket) == (0, COUNT)


def test_without_the_package_it_says_which(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store_of.cache_clear()
    monkeypatch.setattr(extra, "find_spec", lambda _: None)
    with pytest.raises(StoreFailed, match="s3:// needs the package s3fs, which is under the BSD"):
        store_of("s3")
