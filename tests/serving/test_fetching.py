"""Pictures by their address: off at first, and no way into this network."""

import asyncio
import base64
import gzip
import ipaddress
import json
import socket
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import httpx2
import pytest
from starlette.testclient import TestClient

from serving import fetching, guard, pinning
from serving.bodies import FILES
from serving.pinning import is_public
from tests.serving.conftest import photo_file, pixels_of
from tests.serving.elsewhere import Answer, Elsewhere, elsewhere, file, status
from tests.serving.test_memory import alone

PHOTO = photo_file()
TLS = Path(__file__).parents[1] / "data" / "tls"
WORDS = {"model": "halves"}


@pytest.fixture
def on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CUTOUT_FETCH", "1")


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> dict[str, list[str]]:
    """What names lead to. 127.0.0.1 counts as public here, and all else as it is."""
    there = {"pictures.example": ["127.0.0.1"], "inside.example": ["127.0.0.2"]}

    async def looked_up(host: str, port: int) -> list[str]:
        looked.append(host)
        return there.get(host, [host])

    looked: list[str] = []
    there["looked up"] = looked
    monkeypatch.setattr(pinning, "_looked_up", looked_up)
    monkeypatch.setattr(
        fetching, "is_public", lambda address: str(address) == "127.0.0.1" or is_public(address)
    )
    return there


@pytest.fixture
def there(
    on: None, names: dict[str, list[str]], monkeypatch: pytest.MonkeyPatch
) -> Iterator[Elsewhere]:
    with elsewhere() as server:
        ports = {"http": server.port, "https": server.port}
        monkeypatch.setattr(pinning, "PORTS", ports)
        monkeypatch.setattr(fetching, "PORTS", ports)
        server.answers["/cat.png"] = file(PHOTO)
        yield server


def send(client: TestClient, url: str, **words: Any) -> Any:
    return client.post("/api/v1/matte", data={**WORDS, "url": url, **words})


def told(answer: Any) -> str:
    return str(answer.json()["error"]["message"])


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("8.8.8.8", True), ("2606:4700::1111", True), ("::ffff:8.8.8.8", True),
        ("64:ff9b::808:808", True),
        ("127.0.0.1", False), ("10.1.2.3", False), ("172.16.0.1", False), ("192.168.1.1", False),
        ("169.254.169.254", False), ("100.64.0.1", False), ("100.100.100.200", False),
        ("0.0.0.0", False), ("255.255.255.255", False), ("224.0.0.1", False),
        ("198.18.0.1", False), ("192.0.0.192", False),
        ("::1", False), ("::", False), ("fe80::1", False), ("fd00:ec2::254", False),
        ("fec0::1", False), ("ff0e::1", False), ("2001:db8::1", False),
        ("::ffff:127.0.0.1", False), ("::ffff:10.0.0.1", False), ("::7f00:1", False),
        ("64:ff9b::7f00:1", False), ("64:ff9b::a00:1", False), ("64:ff9b:1::a00:1", False),
        ("2002:7f00:1::1", False), ("2002:a00:1::1", False), ("2002:808:808::1", False),
        ("2001:0:4136:e378:8000:63bf:3fff:fdd2", False),
    ],
)  # fmt: skip
def test_which_addresses_are_public(address: str, public: bool) -> None:
    assert is_public(ipaddress.ip_address(address)) is public


@pytest.mark.parametrize("url", [
    "http://127.0.0.1/cat.png", "http://localhost/cat.png", "http://[::1]/cat.png",
    "http://2130706433/", "http://0x7f000001/", "http://0x7f.1/", "http://017700000001/",
    "http://0177.0.0.1/", "http://127.1/", "http://0/", "http://１２７.0.0.1/",
    "http://169.254.169.254/latest/meta-data/", "http://[::ffff:169.254.169.254]/",
    "http://[fd00:ec2::254]/", "http://[64:ff9b::7f00:1]/", "http://[::ffff:7f00:1]/",
    "http://[2002:7f00:1::]/", "http://[fe80::1%25lo]/", "http://10.0.0.1/",
    "https://192.168.0.1/", "http://nothing.invalid/",
    "http://me:secret@8.8.8.8/", "http://8.8.8.8:8080/", "http://8.8.8.8:22/",
    "https://8.8.8.8:80/", "ftp://8.8.8.8/cat.png", "file:///etc/passwd", "gopher://8.8.8.8/",
    "//8.8.8.8/cat.png", "8.8.8.8/cat.png", "http://", "http:///cat.png", "http://[::1",
    "http://8.8.8.8:99999/", "http://\x00/", "http://8.8.8.8\r\nX-Evil: 1/",
])  # fmt: skip
def test_no_way_into_this_network(
    client: TestClient, on: None, monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    async def asked(*_: object, **__: object) -> None:
        raise AssertionError("asked")

    monkeypatch.setattr(httpx2.AsyncClient, "send", asked)
    answer = send(client, url)
    assert answer.status_code == 400, answer.text
    assert told(answer).startswith("A picture can't be fetched: ")
    assert "secret" not in told(answer)


def test_it_is_off_at_first(client: TestClient, names: dict[str, list[str]]) -> None:
    url = "http://pictures.example/cat.png"
    answer = send(client, url)
    assert answer.status_code == 501
    assert "CUTOUT_FETCH=1" in told(answer)
    assert client.post("/v1.0/removebg", data={"image_url": url}).status_code == 400
    assert client.get("/api/remove", params={"url": url}).status_code == 501
    assert client.post("/api/v1/jobs", data={"verb": "matte", "url": url}).status_code == 501
    assert names["looked up"] == []


def test_a_photo_by_its_address_is_as_one_that_is_sent(
    client: TestClient, there: Elsewhere
) -> None:
    answer = send(client, there.url("/cat.png"))
    assert answer.status_code == 200, answer.text
    files = {"photo": ("cat.png", PHOTO, "image/png")}
    assert answer.content == client.post("/api/v1/matte", data=WORDS, files=files).content
    ((method, path, headers, _),) = there.asked
    assert (method, path) == ("GET", "/cat.png")
    assert headers["Host"] == f"pictures.example:{there.port}"
    assert headers["Accept-Encoding"] == "identity"
    both = client.post(
        "/api/v1/matte",
        json={**WORDS, "url": [there.url("/cat.png")] * 2},
        headers={"Accept": "application/json"},
    )
    assert [each["photo"] for each in both.json()["results"]] == ["cat.png"] * 2


def test_as_many_as_could_be_sent(client: TestClient, there: Elsewhere) -> None:
    words = {**WORDS, "url": [there.url("/cat.png")] * FILES}
    files = {"photo": ("cat.png", PHOTO, "image/png")}
    answer = client.post("/api/v1/matte", data=words, files=files)
    assert answer.status_code == 400
    assert told(answer) == f"Too many pictures: {FILES} are the limit here."
    assert there.asked == []


def test_a_background_by_its_address(client: TestClient, there: Elsewhere) -> None:
    words = {**WORDS, "background": there.url("/cat.png"), "format": "png", "fit": "stretch"}
    files = {"photo": ("dog.png", photo_file(60, 40), "image/png")}
    answer = client.post("/api/v1/replace", data=words, files=files)
    assert pixels_of(answer.content)[20, 55].tolist() == [20, 60, 200]


def test_each_dialect_fetches(client: TestClient, there: Elsewhere) -> None:
    url = there.url("/cat.png")
    answer = client.post("/v1.0/removebg", data={"image_url": url, "bg_image_url": url})
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "image/jpeg"
    both = {"image_url": url, "image_file_b64": "aaaa"}
    assert "exactly one" in client.post("/v1.0/removebg", data=both).json()["errors"][0]["title"]
    assert len(there.asked) == 2
    got = client.get("/api/remove", params={"url": url, **WORDS})
    assert pixels_of(got.content).shape == (40, 60, 4)
    assert client.post("/api/remove", data={"url": url, **WORDS}).content == got.content


@pytest.mark.parametrize(
    "headers", [{"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}]
)
def test_no_other_site_s_picture_makes_it_fetch(
    client: TestClient, there: Elsewhere, headers: dict[str, str]
) -> None:
    words = {"url": there.url("/cat.png"), **WORDS}
    answer = client.get("/api/remove", params=words, headers=headers)
    assert answer.status_code == 403
    assert there.asked == []


def test_a_name_that_changes_its_address_is_asked_where_it_was_looked_at(
    client: TestClient, there: Elsewhere, names: dict[str, list[str]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """DNS rebinding: the next answer would lead inside."""
    looked_up = pinning._looked_up

    async def once(host: str, port: int) -> list[str]:
        found = await looked_up(host, port)
        names["pictures.example"] = ["127.0.0.2"]
        return found

    monkeypatch.setattr(pinning, "_looked_up", once)
    assert send(client, there.url("/cat.png")).status_code == 200
    assert names["looked up"] == ["pictures.example"]
    assert send(client, there.url("/cat.png")).status_code == 400


def test_a_name_with_one_address_inside_is_refused(
    client: TestClient, there: Elsewhere, names: dict[str, list[str]]
) -> None:
    names["pictures.example"] = ["127.0.0.1", "10.0.0.1"]
    answer = send(client, there.url("/cat.png"))
    assert answer.status_code == 400
    assert there.asked == []
    unknown = send(client, there.url("/cat.png", "nothing.example"))
    assert told(unknown) == told(answer).replace("pictures", "nothing")


@pytest.mark.parametrize("leads_to", [
    "http://inside.example:{port}/cat.png", "http://127.0.0.2:{port}/cat.png",
    "http://169.254.169.254:{port}/latest", "file:///etc/passwd", "http://pictures.example:1/",
    "http://a@pictures.example:{port}/cat.png", "http://[::1", "",
])  # fmt: skip
def test_a_redirect_is_looked_at_like_the_first_address(
    client: TestClient, there: Elsewhere, leads_to: str
) -> None:
    there.answers["/on"] = status(302, Location=leads_to.format(port=there.port))
    answer = send(client, there.url("/on"))
    assert answer.status_code == 400, answer.text
    assert {path for _, path, *_ in there.asked} == {"/on"}


def test_redirects_have_an_end(client: TestClient, there: Elsewhere) -> None:
    for number in range(4):
        there.answers[f"/{number}"] = status(307, Location=f"/{number - 1}")
    there.answers["/0"] = file(PHOTO)
    assert send(client, there.url("/3")).status_code == 200
    there.answers["/4"] = status(301, Location=there.url("/3"))
    assert "more than 3 redirects" in told(send(client, there.url("/4")))


def endless(there: Elsewhere, piece: bytes, pause: float) -> Answer:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.end_headers()
        while not there.over.wait(pause):
            handler.wfile.write(piece)

    return answer


def test_a_body_without_an_end(
    client: TestClient, there: Elsewhere, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CUTOUT_MAX_MEGABYTES", "1")
    there.answers["/endless"] = endless(there, bytes(100_000), 0)
    answer = send(client, there.url("/endless"))
    assert answer.status_code == 413
    assert told(answer) == "The picture at that address has more than 1 MB."
    there.answers["/large"] = file(b"", Content_Length="2000000")
    assert send(client, there.url("/large")).status_code == 413
    assert guard.BodyLimit._held == 0


def test_what_is_fetched_counts_as_what_is_sent(
    client: TestClient, there: Elsewhere, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CUTOUT_MAX_MEGABYTES", "1")
    there.answers["/cat.bmp"] = file(photo_file(600, 500, "BMP"))
    urls = [there.url("/cat.bmp")] * 3
    assert send(client, there.url("/cat.bmp")).status_code == 200
    answer = client.post("/api/v1/matte", json={**WORDS, "url": urls})
    assert answer.status_code == 413
    assert guard.BodyLimit._held == 0


def test_a_server_that_drips(
    client: TestClient, there: Elsewhere, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each byte comes soon; all of them never would."""
    monkeypatch.setattr(fetching, "SECONDS", 1.0)
    there.answers["/drip"] = endless(there, b"x", 0.05)
    answer = send(client, there.url("/drip"))
    assert answer.status_code == 400
    assert "took more than 1 seconds" in told(answer)
    assert not fetching._fetching


def test_nothing_is_unpacked(client: TestClient, there: Elsewhere) -> None:
    bomb = gzip.compress(bytes(50_000_000))
    there.answers["/bomb.png"] = file(bomb, Content_Encoding="gzip")
    held: list[int] = []
    alone(lambda: fetching.fetch(there.url("/bomb.png"), held.append))
    assert sum(held) == len(bomb)
    answer = send(client, there.url("/bomb.png"))
    assert answer.status_code == 400
    assert told(answer).startswith("“bomb.png” ")


@pytest.mark.parametrize("code", [204, 206, 304, 404, 500])
def test_another_answer_than_the_picture(client: TestClient, there: Elsewhere, code: int) -> None:
    there.answers["/cat.png"] = status(code)
    assert told(send(client, there.url("/cat.png"))).endswith(f"answered {code}.")


def test_answers_that_can_t_be_read(client: TestClient, there: Elsewhere) -> None:
    def broken(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(b"HTTP/1.1 nonsense\r\n\r\n")

    there.answers["/broken"] = broken
    there.answers["/short"] = file(PHOTO[:100], Content_Length="5000")
    there.answers["/words.png"] = file(b"hello", Content_Type="image/png")
    for path, sentence in (
        ("/broken", "gave no answer"), ("/short", "broke off"), ("/words.png", "“words.png”"),
    ):  # fmt: skip
        answer = send(client, there.url(path))
        assert answer.status_code == 400
        assert sentence in told(answer)


def test_proxies_of_the_environment_are_passed_by(
    client: TestClient, there: Elsewhere, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A proxy would look the name up by itself."""
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    assert send(client, there.url("/cat.png")).status_code == 200


def test_certificates_are_of_the_name_that_was_asked(
    client: TestClient, on: None, names: dict[str, list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    names["localhost"] = ["127.0.0.1"]
    monkeypatch.setenv("SSL_CERT_FILE", str(TLS / "localhost.pem"))
    pinning._trusted.cache_clear()
    try:
        with elsewhere(TLS / "localhost.pem") as server:
            monkeypatch.setattr(pinning, "PORTS", {"https": server.port})
            monkeypatch.setattr(fetching, "PORTS", {"https": server.port})
            server.answers["/cat.png"] = file(PHOTO)
            assert send(client, server.url("/cat.png", "localhost", "https")).status_code == 200
            answer = send(client, server.url("/cat.png", "pictures.example", "https"))
            assert "can't be reached" in told(answer)
    finally:
        pinning._trusted.cache_clear()


def test_another_address_of_the_host_is_tried(
    client: TestClient, there: Elsewhere, names: dict[str, list[str]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr(fetching, "is_public", lambda _: True)
    names["pictures.example"] = ["127.0.0.3", "127.0.0.1"]  # nobody listens at the first
    assert send(client, there.url("/cat.png")).status_code == 200


def test_too_many_that_fetch_at_once(
    client: TestClient, there: Elsewhere, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(fetching._fetching, "127.0.0.1", fetching.TOGETHER // 2)
    answer = send(client, there.url("/cat.png"))
    assert answer.status_code == 429
    assert int(answer.headers["retry-after"]) == fetching.SECONDS
    assert there.asked == []


def test_a_name_that_is_looked_up_for_ever_holds_up_nobody_else(
    client: TestClient, on: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its DNS server may be anybody's. JSON is read on the loop's usual threads."""
    over, begun = threading.Event(), list[str]()
    look_up = socket.getaddrinfo

    def slow(host: Any, *words: Any, **named: Any) -> Any:
        if host != "slow.example":
            return look_up(host, *words, **named)
        begun.append(host)
        over.wait(20)
        raise OSError

    monkeypatch.setattr(socket, "getaddrinfo", slow)
    monkeypatch.setattr(fetching, "SECONDS", 0.3)
    photo = base64.b64encode(PHOTO).decode()

    async def ask() -> list[Any]:
        transport = httpx2.ASGITransport(client.app, client=("127.0.0.1", 50000))
        asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(2))
        async with httpx2.AsyncClient(transport=transport, base_url="http://localhost") as many:
            slow_ones = [
                asyncio.ensure_future(
                    many.post("/api/v1/matte", data={**WORDS, "url": "http://slow.example/"})
                )
                for _ in range(8)
            ]
            while len(begun) < 2:
                await asyncio.sleep(0.01)
            quick = many.post("/api/v1/matte", json={**WORDS, "photo": photo})
            try:
                answers = await asyncio.wait_for(asyncio.gather(*slow_ones, quick), 10)
            finally:
                over.set()
        return [answer.status_code for answer in answers]

    with ThreadPoolExecutor(1) as thread:
        assert thread.submit(lambda: asyncio.run(ask())).result() == [400] * 8 + [200]


def test_who_hangs_up_ends_the_fetching(client: TestClient, there: Elsewhere) -> None:
    there.answers["/drip"] = endless(there, b"x", 0.05)
    body = json.dumps({**WORDS, "url": there.url("/drip")}).encode()
    sent = hanging_up(client, body, lambda: bool(there.asked))
    assert sent[0]["status"] == 499
    assert not fetching._fetching


def hanging_up(client: TestClient, body: bytes, when: Callable[[], bool]) -> list[Any]:
    """What the server answers to somebody who goes then."""
    messages = [{"type": "http.request", "body": body, "more_body": False}]
    scope = {
        "type": "http", "http_version": "1.1", "method": "POST", "path": "/api/v1/matte",
        "raw_path": b"/api/v1/matte", "query_string": b"", "root_path": "",
        "scheme": "http", "client": ("127.0.0.1", 5000), "server": ("127.0.0.1", 80),
        "headers": [(b"content-type", b"application/json"), (b"host", b"localhost")],
    }  # fmt: skip
    sent: list[Any] = []

    async def receive() -> Any:
        if messages:
            return messages.pop()
        while not when():
            await asyncio.sleep(0.01)
        return {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        sent.append(message)

    alone(lambda: asyncio.wait_for(client.app(scope, receive, send), 20))
    return sent


def test_the_photo_s_name_is_the_address_s_last_part(client: TestClient, there: Elsewhere) -> None:
    def name(path: str) -> str:
        there.answers[path] = file(PHOTO)
        found: list[str] = []

        async def look() -> None:
            found.append((await fetching.fetch(there.url(path), lambda _: None)).name)

        alone(look)
        return found[0]

    assert name("/a/Zo%C3%AB.png?size=2") == "Zoë.png"
    assert name("/") == "photo"
