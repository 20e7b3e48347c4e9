import json
import sqlite3
import threading
from pathlib import Path

import pytest
from PIL import Image

from compositing.frame import Frame, Length
from models.interface import Cancelled
from photos.batch import owners
from photos.batch.base import BadManifest
from photos.batch.doing import Done, Row
from photos.batch.found import Found
from photos.batch.manifest import Manifest
from photos.batch.pieces import Piece, pieces_of
from photos.batch.room import Room, worked_pixels
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


def test_what_nobody_asked_for_is_not_told_so_that_old_batches_count_as_done() -> None:
    """These words are those of before the options that came since: another one makes all anew."""
    wishes = Wishes(("u2netp",), ("blur", "replace"), behind=Behind(WHITE), frame=Frame("subject"))
    told = json.loads(wishes.told())
    assert set(told) == {
        "models", "make", "edges", "unmix", "refined", "blur", "behind", "prompt", "refiner",
        "device", "format", "keep_gps", "frame", "max_kb",
    }  # fmt: skip
    assert set(told["blur"]) == {"strength", "kernel", "method", "optics"}
    assert set(told["behind"]) == {"background", "path", "light", "shadow"}
    assert set(told["frame"]) == {"crop", "margin", "canvas", "align"}
    assert set(told["prompt"]) == {"boxes", "points", "text", "objects"}
    assert Wishes.read(wishes.told()) == wishes


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


@pytest.mark.parametrize("outcome", ["", "“a.jpg” is damaged."])
def test_what_an_earlier_photo_of_that_name_came_to_is_forgotten(out: Path, outcome: str) -> None:
    """Even what isn't wished for when the new one is first done."""
    blur = Piece("halves", "blur", "_blurred.jpg", "blur")
    new = Found("/in/a.jpg", "a.jpg", 101, 6)
    for pieces, photo in (([PIECE, blur], found()), ([PIECE], new), ([PIECE, blur], new)):
        with Manifest(out, pieces) as manifest:
            claim = manifest.claim(photo)
            assert claim
            rows = tuple(Row(piece, 1, error=outcome) for piece in claim.task.pieces)
            for piece in claim.task.pieces:
                (out / f"a{piece.ending}").write_bytes(b"1")
            manifest.end(claim, Done(rows, "sha", photo.size, photo.changed, 0.1))
            made = claim.task.pieces
    assert made == (blur,)


def test_results_get_another_name_where_another_photo_has_theirs_by_now(out: Path) -> None:
    one = [Piece("m", "matte", "_matte.png", "1")]
    two = [Piece(name, "matte", f"_{name}_matte.png", "2") for name in ("m", "n")]
    first, second = found("a.jpg"), found("a_m.jpg")
    with Manifest(out, one) as manifest:
        assert manifest.claim(first)
        assert manifest.claim(second)
    owners_gone = sqlite3.connect(out / "batch.sqlite")
    with owners_gone:
        owners_gone.execute("UPDATE photos SET run = NULL, begun = 0")
    owners_gone.close()
    with Manifest(out, two) as manifest:
        claim = manifest.claim(first)
        assert claim
        assert claim.task.pieces == tuple(two)
        assert Path(claim.task.target).name == "a.jpg"


def test_a_large_canvas_takes_room_and_so_does_a_wide_margin(tmp_path: Path) -> None:
    photo = str(tmp_path / "small.png")
    Image.new("L", (30, 40)).save(photo)
    assert worked_pixels(photo, None) == 1200
    assert worked_pixels(photo, Frame(canvas=(3000, 2000))) == 6_000_000
    assert worked_pixels(photo, Frame("subject", Length(25, percent=True))) == 4800
    assert worked_pixels(photo, Frame("subject", Length(500))) > 1_000_000
