"""Settings are read strictly, and all that is wrong with them is told at once."""

import os
from pathlib import Path

import pytest

from models.running.devices import compiled
from models.running.settings import (
    COMPILE,
    DATA,
    LONGEST_SIDE,
    MAX_MEGABYTES,
    MAX_MEGAPIXELS,
    MEMORY_GB,
    SETTINGS,
    Setting,
    WrongSetting,
    check,
)

ROOT = Path(__file__).parents[3]


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.startswith("CUTOUT_"):
            monkeypatch.delenv(name)


def test_nothing_set_is_nothing_wrong() -> None:
    assert check() == []
    assert MAX_MEGAPIXELS.value() == 100
    assert MAX_MEGABYTES.value() * 1e6 > 42e6 * 6  # uncompressed, 16 bits a channel
    assert MEMORY_GB.value() is None
    assert LONGEST_SIDE.value() is None
    assert not compiled()


@pytest.mark.parametrize(
    ("setting", "text", "value"),
    [
        (MAX_MEGAPIXELS, "250", 250.0),
        (MAX_MEGABYTES, " 0.5 ", 0.5),
        (MEMORY_GB, "1e1", 10.0),
        (LONGEST_SIDE, "3072", 3072),
        (COMPILE, "1", True),
        (COMPILE, "True", True),
        (COMPILE, "off", False),
        (COMPILE, "0", False),
        (COMPILE, "", False),
    ],
)
def test_what_is_written_is_read(
    setting: Setting[object], text: str, value: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(setting.name, text)
    assert setting.value() == value
    assert check() == []


@pytest.mark.parametrize(
    ("setting", "text"),
    [
        *((setting, text)
          for setting in (MAX_MEGAPIXELS, MAX_MEGABYTES, MEMORY_GB)
          for text in ("lots", "8GB", "1,5", "-1", "0", "nan", "inf", "1e300")),
        *((LONGEST_SIDE, text) for text in ("2304.5", "wide", "0", "-2304", "255")),
        *((COMPILE, text) for text in ("2", "enabled", "y es")),
    ],
)  # fmt: skip
def test_what_can_not_be_read_is_told_with_what_would_do(
    setting: Setting[object], text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(setting.name, text)
    with pytest.raises(WrongSetting):
        setting.value()
    (sentence,) = check()
    for word in (setting.name, f"should be {setting.wanted}", f"“{text}”", setting.default):
        assert word in sentence


def test_every_wrong_setting_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for setting in SETTINGS:  # a folder that isn't there could be made
        name = "file" if setting is DATA else "lots"
        monkeypatch.setenv(setting.name, str(tmp_path / name))
    sentences = check()
    assert len(sentences) == len(SETTINGS)
    for setting in SETTINGS:
        assert sum(setting.name in each for each in sentences) == 1


@pytest.mark.parametrize(
    ("name", "guess"),
    [
        ("CUTOUT_MAX_MEGAPIXEL", "Did you mean CUTOUT_MAX_MEGAPIXELS?"),
        ("CUTOUT_WIEGHTS", "Did you mean CUTOUT_WEIGHTS?"),
        ("CUTOUT_COLOUR", "There are: CUTOUT_MAX_MEGAPIXELS, "),
    ],
)
def test_a_setting_that_is_none_is_told(
    name: str, guess: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, "250")
    (sentence,) = check()
    assert sentence.startswith(f"There is no setting {name}.")
    assert guess in sentence


@pytest.mark.parametrize(
    "name",
    [
        "CUTOUT_SERVICE_HOST",
        "CUTOUT_SERVICE_PORT_HTTP",
        "CUTOUT_PORT",
        "CUTOUT_PORT_8501_TCP_ADDR",
        "CUTOUTS",
        "OTHER_CUTOUT_THING",
    ],
)
def test_what_a_cluster_or_others_set_is_none_of_ours(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, "10.0.0.1")
    assert check() == []


def test_the_readme_lists_each_with_its_meaning_and_default() -> None:
    lines = (ROOT / "README.md").read_text(encoding="utf-8").splitlines()
    for setting in SETTINGS:
        (line,) = [each for each in lines if each.startswith(f"| `{setting.name}` |")]
        assert setting.meaning in line
        assert setting.default in line or setting.default == "none"


def test_the_folder_of_data_may_be_made_later_but_is_no_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert DATA.value().name == "cutout-compare"
    monkeypatch.setenv("CUTOUT_DATA", "~/votes")
    assert DATA.value() == Path.home() / "votes"
    monkeypatch.setenv("CUTOUT_DATA", str(tmp_path / "later"))
    assert check() == []
    (tmp_path / "later").write_text("")
    assert f"CUTOUT_DATA ({DATA.meaning}) should be a folder" in check()[0]
