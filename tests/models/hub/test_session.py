"""Proxies and certificates of the environment: used, and told of when something is wrong."""

import gc
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from huggingface_hub import close_session

from models.catalog import ModelSpec
from models.hub import weights
from models.hub.session import without_password
from models.interface import LoadFailed
from tests.cutter import REPO, SPEC, at_an_address
from tests.hub import Hub
from tests.socks import Socks

TLS = Path(__file__).parents[2] / "data" / "tls"
PROXIES = [f"{scheme}_proxy" for scheme in ("http", "https", "all", "no")]


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (*PROXIES, *map(str.upper, PROXIES), "SSL_CERT_FILE", "SSL_CERT_DIR"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def socks() -> Iterator[Socks]:
    with Socks() as socks:
        yield socks


@pytest.fixture
def closed() -> Iterator[int]:
    """A port that nobody listens at."""
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        yield unused.getsockname()[1]


@pytest.mark.parametrize("scheme", ["socks5", "socks5h"])
@pytest.mark.parametrize("setting", ["ALL_PROXY", "all_proxy", "HTTP_PROXY"])
def test_a_download_goes_through_a_socks_proxy(
    setting: str,
    scheme: str,
    spec: ModelSpec,
    hub: Hub,
    socks: Socks,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv(setting, f"{scheme}://127.0.0.1:{socks.port}")
    weights.fetch(spec)
    assert {port for _, port in socks.asked} == {hub.port}


def test_a_download_goes_through_an_http_proxy(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    from huggingface_hub import constants

    template = constants.HUGGINGFACE_CO_URL_TEMPLATE.replace(hub.url, "http://hub.example")
    monkeypatch.setattr(constants, "HUGGINGFACE_CO_URL_TEMPLATE", template)
    monkeypatch.setenv("HTTP_PROXY", f"127.0.0.1:{hub.port}")
    weights.fetch(SPEC)
    assert hub.asked_for("HEAD")


@pytest.mark.parametrize(
    "exempt", ["*", "127.0.0.1,localhost", "10.0.0.1, 127.0.0.1 ,.localhost,localhost"]
)
@pytest.mark.parametrize("setting", ["NO_PROXY", "no_proxy"])
def test_no_proxy_is_heeded(
    setting: str, exempt: str, hub: Hub, closed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ALL_PROXY", f"socks5://127.0.0.1:{closed}")
    monkeypatch.setenv(setting, exempt)
    weights.fetch(SPEC)


@pytest.mark.parametrize("url", ["socks5://127.0.0.1:{}", "http://127.0.0.1:{}", "127.0.0.1:{}"])
@pytest.mark.parametrize("setting", ["ALL_PROXY", "http_proxy"])
def test_a_proxy_that_is_not_there_is_named(
    setting: str, url: str, spec: ModelSpec, hub: Hub, closed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(setting, url.format(closed))
    with pytest.raises(LoadFailed) as told:
        weights.fetch(spec)
    proxy = f"127.0.0.1:{closed} ({setting}): Connection refused"
    assert proxy in str(told.value)
    assert "can't be reached through the proxy" in str(told.value)
    assert hub.requests == []


@pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning")  # httpcore2 leaves it open
def test_what_is_no_socks_proxy_is_named(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALL_PROXY", f"socks5://127.0.0.1:{hub.port}")
    with pytest.raises(LoadFailed) as told:
        weights.fetch(SPEC)
    assert f"through the proxy socks5://127.0.0.1:{hub.port} (ALL_PROXY)" in str(told.value)
    del told
    gc.collect()


@pytest.mark.parametrize(
    ("status", "why"),
    [
        (407, r"407 .*Write it as http://NAME:PASSWORD@HOST:PORT"),
        (502, "502 Bad Gateway"),
        (403, "403"),
    ],
)
def test_a_proxy_that_refuses_is_named_without_its_password(
    status: int, why: str, hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    from huggingface_hub import constants

    template = constants.HUGGINGFACE_CO_URL_TEMPLATE.replace(hub.url, "https://hub.example")
    monkeypatch.setattr(constants, "HUGGINGFACE_CO_URL_TEMPLATE", template)
    monkeypatch.setenv("HTTPS_PROXY", f"http://me:secret@127.0.0.1:{hub.port}")
    hub.status = status
    with pytest.raises(LoadFailed, match=f"the proxy http://….*HTTPS_PROXY.*: {why}") as told:
        weights.fetch(SPEC)
    assert "secret" not in str(told.value)
    assert hub.asked_for("CONNECT") == ["hub.example:443"]


def test_a_proxy_that_asks_for_a_name_is_named(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    hub.status = 407
    monkeypatch.setenv("http_proxy", hub.url)
    with pytest.raises(LoadFailed, match=r"\(http_proxy\): 407 Proxy Authentication Required"):
        weights.fetch(SPEC)


@pytest.mark.parametrize(
    "url",
    [
        "socks4://127.0.0.1:9",
        "socks://127.0.0.1:9",
        "ftp://127.0.0.1:9",
        "http://127.0.0.1:port",
        "http://",
        "http://127.0.0.1:99999999",
        " ",
        "http://me:se cret@[::1",
    ],
)
@pytest.mark.parametrize("setting", ["ALL_PROXY", "https_proxy", "HTTP_PROXY"])
def test_what_can_not_be_a_proxy_is_told(
    setting: str, url: str, spec: ModelSpec, hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(setting, url)
    with pytest.raises(LoadFailed, match=f"^{setting} names “.*can't be used as a proxy") as told:
        weights.fetch(spec)
    assert "se cret" not in str(told.value)
    assert hub.requests == []


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("http://me:pass@host:1", "http://…@host:1"),
        ("me:p@ss@host:1", "…@host:1"),
        ("socks5://host:1", "socks5://host:1"),
    ],
)
def test_passwords_are_not_shown(url: str, shown: str) -> None:
    assert without_password(url) == shown


@pytest.fixture(params=["hub", "plain"])
def secure(
    request: pytest.FixtureRequest,
    repository: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[tuple[Hub, ModelSpec]]:
    """A hub with TLS, and a row of it. With a certificate that is its own issuer's."""
    with Hub({REPO: repository}, TLS / "localhost.pem") as hub, hub.adopted(tmp_path / "home"):
        yield hub, SPEC if request.param == "hub" else at_an_address(hub, repository)


def test_a_certificate_that_is_not_trusted_is_told_as_that(secure: tuple[Hub, ModelSpec]) -> None:
    hub, spec = secure
    host = "127.0.0.1" if spec.url else "localhost"
    with pytest.raises(LoadFailed) as told:
        weights.fetch(spec)
    assert str(told.value) == (
        f"The certificate of {host}:{hub.port} isn't accepted (self-signed certificate). "
        "If your network looks into TLS, set SSL_CERT_FILE to a file with its certificates."
    )


def test_one_that_is_trusted_serves(
    secure: tuple[Hub, ModelSpec], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(TLS / "localhost.pem"))
    weights.fetch(secure[1])


def test_it_serves_through_a_proxy_too(
    secure: tuple[Hub, ModelSpec], socks: Socks, monkeypatch: pytest.MonkeyPatch
) -> None:
    hub, spec = secure
    monkeypatch.setenv("HTTPS_PROXY", f"socks5h://127.0.0.1:{socks.port}")
    with pytest.raises(LoadFailed, match=r"^The certificate of "):
        weights.fetch(spec)
    close_session()
    monkeypatch.setenv("SSL_CERT_FILE", str(TLS / "localhost.pem"))
    weights.fetch(spec)
    assert set(socks.asked) <= {("localhost", hub.port), ("127.0.0.1", hub.port)}


@pytest.mark.parametrize("name", ["elsewhere.pem", "expired.pem"])
def test_certificates_that_lack_the_issuer_are_named(
    name: str, secure: tuple[Hub, ModelSpec], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(TLS / name))
    with pytest.raises(LoadFailed, match=rf"SSL_CERT_FILE names .*{name}: add the issuer's cert"):
        weights.fetch(secure[1])


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("expired", "isn't accepted (certificate has expired). Check this machine's clock"),
        ("elsewhere", "certificate is not valid for 'localhost'). Something else answers in"),
    ],
)
def test_a_certificate_that_is_not_valid_is_told_with_the_reason(
    name: str, told: str, repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(TLS / f"{name}.pem"))
    hub = Hub({REPO: repository}, TLS / f"{name}.pem")
    with hub, hub.adopted(tmp_path / "home"), pytest.raises(LoadFailed) as caught:
        weights.fetch(SPEC)
    assert told in str(caught.value)


@pytest.mark.parametrize("wrong", ["gone.pem", "words.pem", "folder"])
def test_a_wrong_file_of_certificates_is_named(
    wrong: str, spec: ModelSpec, hub: Hub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "words.pem").write_text("no certificate")
    (tmp_path / "folder").mkdir()
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / wrong))
    with pytest.raises(
        LoadFailed, match=f"^SSL_CERT_FILE names .*{wrong}, and no certificates can"
    ):
        weights.fetch(spec)
    assert hub.requests == []


def test_a_wrong_folder_of_certificates_is_named(
    hub: Hub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_DIR", str(tmp_path / "gone"))
    with pytest.raises(LoadFailed, match=r"^SSL_CERT_DIR names .*gone, which isn't a folder"):
        weights.fetch(SPEC)


def test_https_to_what_speaks_plain_http(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    from huggingface_hub import constants

    template = constants.HUGGINGFACE_CO_URL_TEMPLATE.replace("http://", "https://")
    monkeypatch.setattr(constants, "HUGGINGFACE_CO_URL_TEMPLATE", template)
    with pytest.raises(LoadFailed, match="doesn't answer with TLS, as https:// asks"):
        weights.fetch(SPEC)


@pytest.mark.parametrize("endpoint", ["hub.example", "http://[::1", "ftp://hub.example"])
def test_an_endpoint_that_is_no_address(
    endpoint: str, hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    from huggingface_hub import constants

    template = constants.HUGGINGFACE_CO_URL_TEMPLATE.replace(hub.url, endpoint)
    monkeypatch.setattr(constants, "HUGGINGFACE_CO_URL_TEMPLATE", template)
    with pytest.raises(LoadFailed, match="HF_ENDPOINT"):
        weights.fetch(SPEC)
