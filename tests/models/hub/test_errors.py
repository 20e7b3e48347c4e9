"""What the network, the hub and the disk refuse is told in plain words."""

import errno
import os
import shutil
import socket
from dataclasses import replace
from typing import Any, NoReturn

import pytest

from models.catalog import ModelSpec
from models.hub import disk, transfer, weights
from models.interface import LoadFailed
from tests.cutter import REPO, SPEC
from tests.hub import COMMIT, Hub


@pytest.mark.parametrize(
    ("spec", "fault", "expected"),
    [
        (replace(SPEC, repo="studio/nothing"), {}, "no public repository studio/nothing"),
        (replace(SPEC, revision="v9"), {}, "no revision v9"),
        (replace(SPEC, files=("sub/more.json",)), {}, "no file sub/more.json"),
        (SPEC, {"gated": {REPO: "secret"}}, "accept its licence"),
        (SPEC, {"status": 503}, "503 Service Unavailable"),
        (SPEC, {"status": 429}, "429 Too Many Requests"),
        (SPEC, {"status": 200}, "doesn't answer as a model hub does"),
    ],
)
def test_a_refusal_is_told_in_a_sentence(
    spec: ModelSpec, fault: dict[str, Any], expected: str, hub: Hub
) -> None:
    for name, value in fault.items():
        setattr(hub, name, value)
    with pytest.raises(LoadFailed, match=expected):
        weights.fetch(spec)
    assert not weights.cached(spec)


def test_a_gate_names_the_licence_the_page_and_the_token(hub: Hub) -> None:
    hub.gated = {REPO: "secret"}
    with pytest.raises(LoadFailed) as caught:
        weights.fetch(SPEC)
    for word in (SPEC.label, SPEC.licence, SPEC.page, "HF_TOKEN"):
        assert word in str(caught.value)


def test_a_token_opens_a_gate_and_goes_to_no_other_host(
    hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    hub.gated = {REPO: "secret"}
    monkeypatch.setenv("HF_TOKEN", "secret")
    weights.fetch(SPEC)
    tokens = {each.path.startswith("/large/"): each.token for each in hub.requests}
    assert tokens == {False: "secret", True: None}


def test_a_token_without_access_does_not_open_a_gate(
    hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    hub.gated = {REPO: "secret"}
    monkeypatch.setenv("HF_TOKEN", "another's")
    with pytest.raises(LoadFailed, match="accept its licence"):
        weights.fetch(SPEC)


def test_a_token_the_hub_does_not_know(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_TOKEN", "mistyped")
    hub.status = 401
    with pytest.raises(LoadFailed, match="Correct HF_TOKEN"):
        weights.fetch(SPEC)


def test_no_network(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    from huggingface_hub import constants

    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        gone = f"http://127.0.0.1:{unused.getsockname()[1]}"
    template = constants.HUGGINGFACE_CO_URL_TEMPLATE.replace(hub.url, gone)
    monkeypatch.setattr(constants, "HUGGINGFACE_CO_URL_TEMPLATE", template)
    with pytest.raises(LoadFailed, match=r"can't be reached .*Check the network"):
        weights.fetch(SPEC)


def test_a_hub_that_leads_in_circles(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    import httpx2

    def circle(_: str) -> NoReturn:
        raise httpx2.TooManyRedirects("Exceeded 20 redirects.")

    monkeypatch.setattr("huggingface_hub.get_hf_file_metadata", circle)
    with pytest.raises(LoadFailed, match=rf"^{hub.url} can't be reached \(Exceeded 20 redirects\)"):
        weights.fetch(SPEC)


def test_offline(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    with pytest.raises(LoadFailed, match="HF_HUB_OFFLINE forbids"):
        weights.fetch(SPEC)
    assert hub.requests == []


def test_a_checksum_can_not_name_a_file_elsewhere(
    hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    from huggingface_hub import HfFileMetadata

    found = HfFileMetadata(COMMIT, "../../../outside", hub.url, 4, None)
    monkeypatch.setattr("huggingface_hub.get_hf_file_metadata", lambda _: found)
    with pytest.raises(LoadFailed, match="doesn't answer as a model hub does"):
        weights.fetch(SPEC)


def test_a_full_disk_is_seen_before_anything_is_downloaded(
    hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = shutil.disk_usage("/")._replace(free=disk.MARGIN + 1_000_000)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage)
    with pytest.raises(LoadFailed, match=r"needs 2 MB .* only 257 MB free.*HF_HOME"):
        weights.fetch(SPEC)
    assert hub.asked_for("GET") == []


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        (errno.ENOSPC, "is full"),
        (errno.EDQUOT, "is full"),
        (errno.EACCES, "can't be written to"),
        (errno.EROFS, "can't be written to"),
    ],
)
def test_a_disk_that_refuses_midway(
    code: int, expected: str, hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> NoReturn:
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(transfer, "_append", refuse)
    with pytest.raises(LoadFailed, match=expected):
        weights.fetch(SPEC)
