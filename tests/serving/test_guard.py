"""Who may ask: programs on this machine, those with a key, and no page of another site."""

import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient
from typer.testing import CliRunner

from models.running.settings import check
from serving import keys, state
from serving.verbs import app as verbs
from tests.serving.conftest import photo_file

PHOTO = photo_file()
ADDRESSES = ("/api/v1/matte", "/api/remove", "/v1.0/removebg")
FIELDS = {"/api/v1/matte": "photo", "/api/remove": "file", "/v1.0/removebg": "image_file"}

type Connect = Callable[..., TestClient]


def post(client: TestClient, address: str, **headers: str) -> int:
    files = {FIELDS[address]: ("cat.png", PHOTO, "image/png")}
    words = {} if address == "/v1.0/removebg" else {"model": "halves"}
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    return client.post(address, files=files, data=words, headers=names).status_code


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize("host", ["localhost:8501", "127.0.0.1", "[::1]:8501", "my.localhost"])
def test_this_machine_needs_no_key(connect: Connect, address: str, host: str) -> None:
    assert post(connect(), address, host=host) == 200


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize("is_open", ["", "1"])
def test_beside_a_page_with_a_login_all_need_a_key(
    connect: Connect, monkeypatch: pytest.MonkeyPatch, address: str, is_open: str
) -> None:
    monkeypatch.setattr(state, "needs_keys", True)
    monkeypatch.setenv("CUTOUT_OPEN", is_open)
    assert post(connect(), address) == refused(address)
    assert post(connect(), address, x_api_key=keys.add("shop")) == 200


def refused(address: str) -> int:
    return 403 if address == "/v1.0/removebg" else 401


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize("headers", [
    {"host": "evil.example"},  # a name that was made to point here
    {"host": "localhost.evil.example"},
    {"host": ""},
    {"host": "[::1"},
    {"x_forwarded_for": "127.0.0.1"},
    {"forwarded": "for=127.0.0.1"},
    {"x_real_ip": "127.0.0.1"},
])  # fmt: skip
def test_by_another_name_or_through_a_proxy_a_key_is_needed(
    connect: Connect, address: str, headers: dict[str, str]
) -> None:
    assert post(connect(), address, **headers) == refused(address)


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_proxy_that_adds_no_header_is_known_by_the_old_http(
    connect: Connect, address: str
) -> None:
    client = connect()
    there = client.app

    async def old(scope: Any, receive: Any, send: Any) -> None:
        await there({**scope, "http_version": "1.0"}, receive, send)

    client = TestClient(old, base_url="http://localhost", client=("127.0.0.1", 50000))
    assert post(client, address) == refused(address)
    assert post(client, address, x_api_key=keys.add("shop")) == 200


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize("client", ["192.168.1.7", "8.8.8.8", "fe80::1", "::ffff:10.0.0.1"])
def test_another_machine_needs_a_key(connect: Connect, address: str, client: str) -> None:
    assert post(connect(client), address) == refused(address)
    assert post(connect(client), address, x_api_key="cc_guess") == 403
    key = keys.add("shop")
    assert post(connect(client), address, x_api_key=key) == 200
    assert post(connect(client), address, authorization=f"Bearer {key}") == 200
    assert post(connect(client), address, host="cutout.example", x_api_key=key) == 200


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize("headers", [
    {"sec_fetch_site": "cross-site"},
    {"sec_fetch_site": "same-site"},  # another port of this machine
    {"origin": "https://evil.example"},
    {"origin": "null"},
    {"origin": "http://[::1"},
])  # fmt: skip
def test_no_other_site_s_page_makes_a_browser_post(
    connect: Connect, address: str, headers: dict[str, str]
) -> None:
    assert post(connect(), address, **headers) == 403
    assert post(connect(), address, sec_fetch_site="same-origin") == 200
    assert post(connect(), address, origin="http://localhost") == 200
    assert post(connect(), address, x_api_key=keys.add("page"), **headers) == 200


def test_once_there_is_a_key_everybody_needs_one(connect: Connect) -> None:
    assert post(connect(), "/api/v1/matte") == 200
    key = keys.add("me")
    assert post(connect(), "/api/v1/matte") == 401
    assert post(connect(), "/api/v1/matte", x_api_key=key) == 200
    keys.revoke("me")
    assert post(connect(), "/api/v1/matte", x_api_key=key) == 403
    assert post(connect(), "/api/v1/matte") == 200


def test_a_server_that_is_open_on_purpose(
    connect: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CUTOUT_OPEN", "1")
    assert post(connect("192.168.1.7", "box.lan"), "/api/v1/matte") == 200
    away = connect("192.168.1.7", "box.lan")
    assert post(away, "/api/v1/matte", sec_fetch_site="cross-site") == 403
    assert post(away, "/v1.0/removebg", x_api_key="from remove.bg") == 200
    assert post(away, "/v1.0/removebg", x_api_key="x", sec_fetch_site="cross-site") == 403


def test_figures_need_a_key_and_health_does_not(connect: Connect) -> None:
    away = connect("192.168.1.7", "box.lan")
    for path in ("v1/models", "v1/openapi.json", "v1/nothing", "v1/health/../models"):
        assert away.get(f"/api/{path}").status_code == 401, path
    assert away.get("/v1.0/account").status_code == 403
    assert away.get("/api/v1/health").status_code == 200
    assert away.get("/api/v1/ready").status_code in (200, 503)


@pytest.mark.parametrize("text", ["not a key\n", "name deadbeef\n", None])
def test_keys_that_can_t_be_read_let_nobody_in(
    connect: Connect, tmp_path: Path, text: str | None
) -> None:
    if text is None:
        (tmp_path / "keys").unlink()
    else:
        (tmp_path / "keys").write_text(text)
    assert post(connect(), "/api/v1/matte") == 503


def test_the_file_that_a_setting_names_is_made_by_the_first_key(tmp_path: Path) -> None:
    (tmp_path / "keys").unlink()
    (told,) = check()
    assert "CUTOUT_KEYS" in told
    with pytest.raises(keys.WrongKeys, match="keys add NAME"):
        keys.known()
    keys.add("shop")
    assert [key.name for key in keys.known()] == ["shop"]
    assert check() == []


def test_without_a_setting_keys_are_among_the_person_s_own(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("CUTOUT_KEYS")
    monkeypatch.setattr(keys, "user_config_path", lambda name: tmp_path / name)
    assert keys.known() == ()
    key = keys.add("me")
    assert keys.owner(key, keys.known()) == keys.known()[0]
    assert (tmp_path / "cutout-compare" / "keys").is_file()


def test_settings_that_can_t_be_used_let_nothing_run(
    connect: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CUTOUT_OPEN", "perhaps")
    answer = connect().get("/api/v1/models")
    assert answer.status_code == 503
    assert "CUTOUT_OPEN" in answer.json()["error"]["message"]


def test_what_is_wrong_at_the_start_asks_for_another(
    connect: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(state, "wrong", ["“CUTOUT_KEYS” should be a file."])
    answer = connect().get("/api/v1/models")
    assert answer.status_code == 503
    assert answer.json()["error"]["message"].endswith("a file. Then start the server again.")


def test_keys_that_are_made_at_once_are_all_there(monkeypatch: pytest.MonkeyPatch) -> None:
    save = keys._save

    def slow(told: Iterable[keys.Key]) -> None:
        time.sleep(0.05)
        save(told)

    monkeypatch.setattr(keys, "_save", slow)
    names = [f"shop-{number}" for number in range(5)]
    with ThreadPoolExecutor(5) as threads:
        list(threads.map(keys.add, names))
        assert sorted(key.name for key in keys.known()) == names
        list(threads.map(keys.revoke, names))
    assert keys.known() == ()


def test_what_others_write_meanwhile_stays_theirs_to_show(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    result, locked, replace = tmp_path / "result.png", [], Path.replace

    def replaced(part: Path, path: Path) -> Path:
        if part.parent == path.parent == tmp_path:
            result.touch()
            locked.append(part.stat().st_mode & 0o777)
        return replace(part, path)

    (tmp_path / "before.png").touch()
    monkeypatch.setattr(Path, "replace", replaced)
    keys.add("shop")
    assert locked == [0o600]
    assert result.stat().st_mode == (tmp_path / "before.png").stat().st_mode
    assert (tmp_path / ".keys.lock").stat().st_mode & 0o777 == 0o600


def test_the_verbs_make_list_and_revoke(tmp_path: Path) -> None:
    run = CliRunner().invoke
    made = run(verbs, ["add", "shop"])
    assert made.exit_code == 0
    key = made.stdout.strip()
    file = tmp_path / "keys"
    assert key not in file.read_text()
    assert file.stat().st_mode & 0o077 == 0
    assert keys.owner(key, keys.known()) == keys.known()[0]
    assert keys.owner(key[:-1], keys.known()) is None
    again = run(verbs, ["add", "shop"])
    assert again.exit_code == 1
    assert "There is a key called “shop”." in again.stderr
    assert run(verbs, ["add", "a b"]).exit_code == 1
    for wrong in ("0", "-1", "1.5", "1000000"):
        assert run(verbs, ["add", "other", "--per-minute", wrong]).exit_code == 2
    assert run(verbs, ["add", "other", "--per-minute", "30"]).exit_code == 0
    assert run(verbs, ["list"]).stdout.splitlines() == ["shop", "other\t30 a minute"]
    assert run(verbs, ["revoke", "shop"]).exit_code == 0
    assert run(verbs, ["list"]).stdout.splitlines() == ["other\t30 a minute"]
    assert keys.owner(key, keys.known()) is None
    gone = run(verbs, ["revoke", "shop"])
    assert gone.exit_code == 1
    assert "There are: other." in gone.stderr
