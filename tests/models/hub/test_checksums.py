"""Files are held against the checksum of their row, whichever of the two kinds it is."""

import hashlib
from dataclasses import replace
from pathlib import Path

import pytest

from models.catalog import ModelSpec
from models.catalog.classic import CLASSIC
from models.hub import weights
from models.hub.address import Address
from models.hub.checksums import agrees, digest
from models.interface import LoadFailed
from tests.cutter import CHECKPOINT, SPEC
from tests.hub import Hub


def test_all_the_digits_or_the_first_ones(tmp_path: Path) -> None:
    file = tmp_path / "a"
    file.write_bytes(b"abc")
    assert digest(file, "md5") == "900150983cd24fb0d6963f7d28e17f72"  # RFC 1321
    assert agrees(file, "md5:900150983cd24fb0d6963f7d28e17f72")
    assert agrees(file, "sha256:ba7816bf")  # FIPS 180-2
    assert not agrees(file, "md5:900150983cd24fb0d6963f7d28e17f73")
    file.write_bytes(b"abcd")
    assert not agrees(file, "sha256:ba7816bf")


@pytest.fixture(params=["md5", "sha256"])
def known(request: pytest.FixtureRequest, hub: Hub, repository: Path) -> ModelSpec:
    """A row at an address whose name holds no digits, with a checksum."""
    (repository / "plain.pth").write_bytes((repository / CHECKPOINT).read_bytes())
    digits = hashlib.new(request.param, (repository / CHECKPOINT).read_bytes()).hexdigest()
    return replace(
        SPEC,
        repo=None,
        url=hub.address("studio/cutter", "plain.pth"),
        files=("plain.pth",),
        checksum=f"{request.param}:{digits}",
    )


def test_what_agrees_is_kept_and_told_by_its_digits(known: ModelSpec, hub: Hub) -> None:
    folder = weights.fetch(known)
    assert isinstance(folder, Path)
    assert [path.name for path in folder.iterdir()] == ["plain.pth"]
    assert weights.resolved_revision(known) == known.checksum.removeprefix("sha256:")


def test_what_does_not_agree_is_thrown_away(known: ModelSpec, hub: Hub) -> None:
    hub.damaged = True
    with pytest.raises(LoadFailed, match=r"plain\.pth arrived damaged and was thrown away"):
        weights.fetch(known)
    assert not weights.cached(known)
    assert weights.size_on_disk(known) == 0


def test_a_file_that_changed_in_the_cache_is_refused(known: ModelSpec, hub: Hub) -> None:
    file = weights.fetch(known) / "plain.pth"
    file.write_bytes(b"\x00" + file.read_bytes())
    with pytest.raises(LoadFailed, match=r"is another file than its checksum is of\. Run `cli"):
        weights.fetch(known)


def test_a_row_on_the_hub_may_have_one_too(hub: Hub, repository: Path) -> None:
    row = replace(SPEC, files=(CHECKPOINT,), checksum=f"md5:{'0' * 32}")
    with pytest.raises(LoadFailed, match="arrived damaged"):
        weights.fetch(row)
    content = (repository / CHECKPOINT).read_bytes()
    weights.fetch(replace(row, checksum=f"md5:{hashlib.md5(content).hexdigest()}"))


@pytest.mark.parametrize("row", CLASSIC, ids=lambda row: str(row.name))
def test_the_classic_networks_are_known_by_theirs(row: ModelSpec) -> None:
    assert not row.verified
    if row.url:
        assert row.url.rpartition("/")[2] == row.files[0]
        assert Address(row, row.url).checksum() == row.checksum
        assert len(row.checksum) == len("md5:") + 32
    else:
        assert row.repo == "Xenova/modnet"
