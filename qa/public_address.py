"""Which URLs may be fetched: web addresses that every parser reads alike, on public hosts only."""

from __future__ import annotations

import re
import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from urllib.parse import urlsplit

from qa.errors import InvalidRequest

# Host name and port to the addresses that DNS knows, as text.
Resolve = Callable[[str, int], Sequence[str]]

_LONGEST = 2048
# RFC 3986, section 3, cut down to what a web server's address needs: no user, no empty host, no
# percent sign in the host, nothing beyond printable ASCII, no backslash.
_URL = re.compile(
    r"(?P<scheme>https?)://(?P<host>[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:.]+\])"
    r"(?::(?P<port>[0-9]{1,5}))?(?P<path>(?:/[!-\[\]-~]*)?)",
    re.IGNORECASE,
)
# The last label of a host that is a number makes the whole an IPv4 address for browsers and
# inet_aton ("127.1", "0x7f.1", "2130706433"), but a name for others.
_NUMBER = re.compile(r"(?:0x[0-9a-f]*|[0-9]+)", re.IGNORECASE)
_QUAD = re.compile(r"(?:0|[1-9][0-9]{0,2})(?:\.(?:0|[1-9][0-9]{0,2})){3}")
_LOCAL = ("localhost", "local", "internal", "intranet", "lan", "home", "corp", "arpa", "onion")
_PORTS = {"http": 80, "https": 443}
# IPv6 addresses that hold an IPv4 address in their last four bytes (RFC 6052, RFC 8215, RFC 4291).
_EMBEDDING = tuple(map(IPv6Network, ("64:ff9b::/96", "64:ff9b:1::/48", "::/96", "::ffff:0:0/96")))


class AddressBlocked(InvalidRequest):
    """A URL must not be fetched: its scheme, form or host is not that of a public web server."""

    title = "Address blocked"

    def __init__(self, message: str) -> None:
        super().__init__(message, "url")


@dataclass(frozen=True, slots=True)
class Target:
    """A URL taken apart; `path` has its query and no fragment."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def url(self) -> str:
        """The URL again."""
        port = "" if self.port == _PORTS[self.scheme] else f":{self.port}"
        return f"{self.scheme}://{self.host}{port}{self.path}"


def target_of(url: str) -> Target:
    """`url` taken apart. Raises AddressBlocked unless it is a plain http or https address."""
    if len(url) > _LONGEST:
        raise AddressBlocked(f"the URL is longer than {_LONGEST} characters")
    url = url.partition("#")[0]
    match = _URL.fullmatch(url)
    if match is None:
        raise AddressBlocked(
            "only http:// and https:// addresses with a plain ASCII host are fetched; "
            "write an international host in its xn-- form, and no user name"
        )
    host, port = match["host"].lower(), match["port"]
    scheme = match["scheme"].lower()
    try:
        other = urlsplit(url)
        agreed = (other.scheme, other.hostname, other.port) == (
            scheme,
            host.strip("[]"),
            int(port) if port else None,
        )
    except ValueError:
        agreed = False
    if not agreed:
        raise AddressBlocked("the URL can be read in more than one way")
    _check_host(host)
    number = int(port) if port else _PORTS[scheme]
    if number not in _PORTS.values() and not 1024 <= number <= 65535:
        raise AddressBlocked(f"port {number} is not a web server's")
    return Target(scheme, host, number, match["path"] or "/")


def public_addresses(target: Target, resolve: Resolve) -> tuple[str, ...]:
    """The addresses of a host, to be connected to as they are, without asking DNS again.

    Raises AddressBlocked where any of them is not public (a mixture is what DNS rebinding looks
    like) or the host is unknown.
    """
    host = target.host.strip("[]")
    literal = target.host.startswith("[") or bool(_QUAD.fullmatch(host))
    try:
        found = [host] if literal else list(resolve(host, target.port))
    except OSError:
        found = []
    if not found:
        raise AddressBlocked(f"the host {host} is unknown")
    for address in found:
        if not is_public(address):
            raise AddressBlocked(f"the host {host} is not on the public internet")
    return tuple(found)


def is_public(address: str) -> bool:
    """Whether an IP address can only be a server on the public internet."""
    try:
        parsed = ip_address(address.partition("%")[0])
    except ValueError:
        return False
    inner = _embedded(parsed) if isinstance(parsed, IPv6Address) else None
    if inner is not None:
        return is_public(str(inner))
    return parsed.is_global and not (parsed.is_multicast or parsed.is_reserved)


def resolve(host: str, port: int) -> Sequence[str]:
    """The addresses that the system's resolver gives for a host name."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def _embedded(address: IPv6Address) -> IPv4Address | None:
    """The IPv4 address that an IPv6 address leads to, by mapping, 6to4, Teredo or NAT64."""
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    if address.sixtofour is not None:
        return address.sixtofour
    if address.teredo is not None:
        return address.teredo[1]
    if any(address in network for network in _EMBEDDING):
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return None


def _check_host(host: str) -> None:
    if host.startswith("["):
        try:
            IPv6Address(host[1:-1])
        except ValueError:
            raise AddressBlocked("the URL's IPv6 address is malformed") from None
        return
    labels = host.removesuffix(".").split(".")
    if _NUMBER.fullmatch(labels[-1]) and not _QUAD.fullmatch(host):
        raise AddressBlocked("the URL's host is a number that parsers read differently")
    if labels[-1] in _LOCAL or (len(labels) == 1 and not _QUAD.fullmatch(host)):
        raise AddressBlocked(f"the host {host} is not on the public internet")
    if not all(labels) or any(len(label) > 63 for label in labels):
        raise AddressBlocked("the URL's host is malformed")
