import sqlite3
import threading
from pathlib import Path

import pytest

from models.interface import Cancelled
from photos.batch import owners
from photos.batch.base import BadManifest
from photos.batch.doing import Done, Row
from photos.batch.listing import Found
from photos.batch.manifest import Manifest
from photos.batch.pieces import Piece, pieces_of
from photos.batch.room import Room
from photos.batch.wishes import Behind, Blurred, Wishes

PIECE = Piece("halves", "cutout", "_cutout.png", "digest")
WHITE = {"kind": "colour", "red": 255, "green": 255, "blue": 255}


def done(*bytes_: int) -> Done:
    return Done(tuple(Row(PIECE, size) for size in bytes_), "sha", 100, 5, 0.1)


def found(name: str = "a.jpg") -> Found:
    return Found(f"/in/{name}", name, 100, 5)


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "out"


def test_what_a_living_process_works_on_is_busy_and_else_suspect(
    out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Manifest(out, [PIECE]) as first, Manifest(out, [PIECE]) as second:
        claim = first.claim(found())
        assert claim
        assert second.state(found()) == "busy"
        assert second.claim(found()) is None
        first.release(claim)
        assert second.claim(found())
    monkeypatch.setattr(owners, "lives", lambda *_: False)
    with Manifest(out, [PIECE]) as third:
        assert third.state(found()) == "suspect"
        assert third.claim(found()) is None
        assert third.claim(found(), alone=True)
    with Manifest(out, [PIECE]) as fourth:
        assert fourth.state(found()) == "given up"
        assert fourth.claim(found(), alone=True) is None
        assert fourth.state(found()) == "failed"
    with Manifest(out, [PIECE], retry_failed=True) as fifth:
        assert fifth.state(found()) == "open"


def test_what_is_left_of_a_file_is_tidied_up(out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from photos import saving

    with Manifest(out, [PIECE]) as first:
        first.claim(found())
    result = out / "a_cutout.png"
    saving.write(result, b"whole")
    for name in (f"{saving._part(result)}1.part", f"{saving._part(out / 'b_cutout.png')}1.part"):
        (out / name).touch()
    monkeypatch.setattr(owners, "lives", lambda *_: False)
    with Manifest(out, [PIECE]) as second:
        second.claim(found(), alone=True)
    parts = [path.name for path in out.iterdir() if path.suffix == ".part"]
    assert parts == [f"{saving._part(out / 'b_cutout.png')}1.part"]


def test_a_changed_photo_is_open_and_not_a_suspect(
    out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(owners, "lives", lambda *_: False)
    with Manifest(out, [PIECE]) as first:
        first.claim(found())
    with Manifest(out, [PIECE]) as second:
        assert second.state(Found("/in/a.jpg", "a.jpg", 101, 5)) == "open"


def test_a_result_counts_while_its_file_is_there(out: Path) -> None:
    with Manifest(out, [PIECE]) as manifest:
        claim = manifest.claim(found())
        assert claim
        (out / "a_cutout.png").write_bytes(b"12345")
        manifest.end(claim, done(5))
        assert manifest.state(found()) == "done"
        (out / "a_cutout.png").write_bytes(b"123")
        assert manifest.state(found()) == "open"


def test_names_do_not_meet_whatever_the_letters_case(out: Path) -> None:
    names = ["a.jpg", "A.jpg", "a.png", "a.jpg.png"]
    with Manifest(out, [PIECE]) as manifest:
        claims = [manifest.claim(found(name)) for name in names]
        targets = [Path(claim.task.target).name for claim in claims if claim]
    assert len({target.casefold() for target in targets}) == 4


def test_two_that_ask_at_once_do_not_both_get_it(out: Path) -> None:
    got: list[bool] = []

    def ask() -> None:
        with Manifest(out, [PIECE]) as manifest:
            start.wait()
            got.extend(manifest.claim(found(f"{n}.jpg")) is not None for n in range(30))

    start = threading.Barrier(4)
    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert (sum(got), len(got)) == (30, 120)


def test_a_file_that_is_no_manifest_and_one_of_a_newer_program(out: Path) -> None:
    out.mkdir()
    (out / "batch.sqlite").write_bytes(b"nothing" * 100)
    with pytest.raises(BadManifest, match="can't be used: file is not a database"):
        Manifest(out, [PIECE])
    (out / "batch.sqlite").unlink()
    with sqlite3.connect(out / "batch.sqlite") as base:
        base.execute("PRAGMA user_version = 99")
    base.close()
    with pytest.raises(BadManifest, match="newer version"):
        Manifest(out, [PIECE])


def test_only_what_decides_a_picture_is_in_its_digest() -> None:
    def digests(**words: object) -> dict[str, str]:
        makes = ("cutout", "blur", "replace")
        wishes = Wishes(("u2netp",), makes, **({"behind": Behind(WHITE)} | words))  # type: ignore[arg-type]
        return {piece.make: piece.digest for piece in pieces_of(wishes)}

    plain = digests()
    for words, changed in (
        ({"blur": Blurred(2)}, {"blur"}),
        ({"behind": Behind(WHITE, light=1)}, {"replace"}),
        ({"format": "PNG"}, {"blur", "replace"}),
        ({"format": "JPEG"}, set()),
        ({"device": "cpu"}, set()),
        ({"refiner": "closed-form"}, set()),  # of a soft matte there is nothing to refine
        ({"keep_gps": True}, {"cutout", "blur", "replace"}),
    ):
        now = digests(**words)
        assert {make for make in plain if now[make] != plain[make]} == changed


def test_room_is_for_as_many_photos_as_fit_and_always_for_one() -> None:
    room = Room(10)

    def stop() -> None:
        raise Cancelled

    with room.taken(50):
        with pytest.raises(Cancelled), room.taken(1, stop):
            pass
        assert room.used == 50
    with room.taken(4), room.taken(6, stop):
        assert room.used == 10
    assert room.used == 0
