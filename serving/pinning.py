"""Connections to addresses that somebody else names, and to no machine of this network.

A name is looked up once, and what is connected to is one of the addresses that were looked at: DNS
can't answer with another meanwhile. `Host` and the certificate's name stay the one that was named.
"""

import asyncio
import functools
import ipaddress
import socket
import ssl
from collections.abc import AsyncIterator, Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from ipaddress import IPv4Address, IPv6Address
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import httpx2

PORTS = {"http": 80, "https": 443}
"""The usual ones."""

LOOKUPS = 16
"""How many names are looked up at once."""
_TRIES = 3
"""Of a host's addresses, at most."""
_UNICAST = ipaddress.ip_network("2000::/3")
_NAT64 = ipaddress.ip_network("64:ff9b::/96")

type Address = IPv4Address | IPv6Address


class Unreachable(ValueError):
    """An address that can't be reached, or isn't to be; in a sentence."""


def is_public(address: Address) -> bool:
    """Whether it is somebody's on the internet. An IPv6 address that holds one of IPv4 is what that
    is; where it leads into a tunnel (6to4, Teredo), it never is."""
    if isinstance(address, IPv4Address):
        return address.is_global and not address.is_multicast
    inner = address.ipv4_mapped
    if address in _NAT64:
        inner = IPv4Address(int(address) & 0xFFFFFFFF)
    if inner is not None:
        return is_public(inner)
    tunnel = address.sixtofour or address.teredo
    return address in _UNICAST and address.is_global and not tunnel


async def addresses_of(host: str, port: int, allowed: Callable[[Address], bool]) -> list[str]:
    """A host's addresses; all must be allowed, or a name with two answers would do. Raises
    Unreachable: of a name that isn't there, and of one that leads to this network, the same is
    told."""
    try:
        found = await _looked_up(host, port)
        addresses = [ipaddress.ip_address(each.partition("%")[0]) for each in found]
    except (OSError, ValueError):
        addresses = []
    if not addresses or not all(map(allowed, addresses)):
        raise Unreachable(f"“{host}” leads to no address that this server may ask.")
    return [str(address) for address in dict.fromkeys(addresses)]


async def _looked_up(host: str, port: int) -> list[str]:
    look = functools.partial(socket.getaddrinfo, host, port, type=socket.SOCK_STREAM)
    found = await asyncio.get_running_loop().run_in_executor(_lookups(), look)
    return [str(entry[4][0]) for entry in found]


@asynccontextmanager
async def answer_of(
    method: str,
    url: "httpx2.URL",
    allowed: Callable[[Address], bool],
    headers: Mapping[str, str],
    content: bytes | None = None,
) -> AsyncIterator["httpx2.Response"]:
    """The answer to a request, whose body is yet to be read, without redirects, proxies or cookies.
    Raises Unreachable. How long it may take is the caller's to say."""
    import httpx2

    host = url.raw_host.decode()
    addresses = await addresses_of(host, url.port or PORTS[url.scheme], allowed)
    async with httpx2.AsyncClient(verify=_trusted(), trust_env=False, timeout=None) as client:
        for address in addresses[:_TRIES]:
            request = client.build_request(
                method,
                url.copy_with(host=address),
                headers={"Host": url.netloc.decode(), **headers},
                content=content,
                extensions={"sni_hostname": host},
            )
            try:
                answer = await client.send(request, stream=True, follow_redirects=False)
                break
            except httpx2.ConnectError as error:
                failed: Exception = error
            except (httpx2.RequestError, httpx2.InvalidURL, ValueError) as error:
                raise Unreachable(f"“{host}” gave no answer that can be read.") from error
        else:
            raise Unreachable(f"“{host}” can't be reached.") from failed
        try:
            yield answer
        except (httpx2.RequestError, httpx2.StreamError) as error:
            raise Unreachable(f"“{host}” broke off.") from error
        finally:
            await answer.aclose()


@functools.cache
def _lookups() -> ThreadPoolExecutor:
    """Threads of their own: a name's server may take as long as it likes, and nothing else is to
    wait for it."""
    return ThreadPoolExecutor(LOOKUPS, thread_name_prefix="lookup")


@functools.cache
def _trusted() -> ssl.SSLContext:
    import httpx2

    return httpx2.create_ssl_context()
