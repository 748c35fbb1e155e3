"""Where a hand-off may be sent: an address a person typed in is checked before anything leaves, so that it cannot reach into the private network.

The name is looked up once, every address it stands for is checked, and the connection goes to the one that was checked: a name that answers
differently a moment later (DNS rebinding) changes nothing.
"""

from __future__ import annotations

import re
import socket
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from urllib.parse import urlsplit

from briefs.errors import BadInput

Address = IPv4Address | IPv6Address
Resolve = Callable[[str], list[str]]
"""The addresses a name stands for. Raises OSError where there is none."""

METADATA = frozenset(ip_address(text) for text in ("169.254.169.254", "fd00:ec2::254", "100.100.100.200", "192.0.0.192"))
"""Where clouds answer questions about a machine, its keys included. Never allowed."""
_TRANSLATED = ip_network("64:ff9b::/96")
_NUMERIC_LABEL = re.compile(r"(0x[0-9a-f]*|[0-9]+)", re.IGNORECASE)
_LONGEST_URL = 2000


@dataclass(frozen=True)
class Destination:
    """A checked address: what to connect to (`address`, `port`), what to call it (`host`), what to ask for (`path`, with its query)."""

    scheme: str
    host: str
    port: int
    path: str
    address: str


def check(url: str, *, allow_private: bool, resolve: Resolve) -> Destination:
    """The destination a URL means. Raises BadInput for one that may not be sent to, OSError where its name cannot be looked up.

    https only; http where `allow_private` is set and the address is private or this machine. No user name or password in the URL.
    """
    scheme, host, port, path = _parts(url)
    addresses = [ip_address(text) for text in ([host] if _literal(host) else resolve(host))]
    if not addresses:
        raise OSError("the name has no address")
    for address in addresses:
        _check_address(address, allow_private)
    if scheme == "http" and not all(_is_private(address) for address in addresses):
        raise BadInput("Outside this network a target is reached by https only.", "Use its https address.")
    return Destination(scheme, host, port, path, str(addresses[0]))


def look_up(host: str) -> list[str]:
    """What the system says a name stands for."""
    found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]).split("%")[0] for entry in found))


def _parts(url: str) -> tuple[str, str, int, str]:
    if len(url) > _LONGEST_URL or any(ord(letter) <= 32 or ord(letter) == 127 or letter == "\\" for letter in url):
        raise BadInput("This address holds signs no address has.", "Give it as https://HOST/PATH.")
    try:
        split = urlsplit(url)
        port = split.port
    except ValueError as cause:
        raise BadInput("This is not an address.", "Give it as https://HOST/PATH.") from cause
    if split.scheme not in ("https", "http") or not split.hostname:
        raise BadInput("A target's address begins with https://.", "Give it as https://HOST/PATH.")
    if "@" in split.netloc:
        raise BadInput("A target's address holds no user name or password.", "Give the secret apart from the address.")
    if split.fragment or port == 0:
        raise BadInput("This is not an address a message can be sent to.", "Give it as https://HOST/PATH.")
    host = _ascii(split.hostname)
    if _looks_numeric(host) and not _literal(host):
        raise BadInput("A numeric address has four decimal numbers.", "Write it as 203.0.113.7, or use a name.")
    path = (split.path or "/") + (f"?{split.query}" if split.query else "")
    return split.scheme, host, port or (443 if split.scheme == "https" else 80), path


def _ascii(host: str) -> str:
    """The name as it is looked up; other scripts in their ASCII form, so that what is checked is what is asked for."""
    try:
        return host.rstrip(".").encode("idna").decode("ascii").lower() if not host.isascii() else host.rstrip(".")
    except UnicodeError as cause:
        raise BadInput("This is not the name of a host.", "Give it as https://HOST/PATH.") from cause


def _literal(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return "%" not in host


def _looks_numeric(host: str) -> bool:
    """Resolvers take 2130706433, 0x7f.1 and 0177.0.0.1 for addresses: no name ends in a number."""
    return ":" in host or _NUMERIC_LABEL.fullmatch(host.rsplit(".", 1)[-1]) is not None


def _check_address(address: Address, allow_private: bool) -> None:
    for each in _meanings(address):
        refused = each in METADATA or each.is_link_local or each.is_multicast or each.is_unspecified
        if refused or not (each.is_global or (allow_private and _is_private(each))):
            raise BadInput(
                "A target may not be an address of the private network or of this machine.",
                "Use a public address, or set BRIEFS_ALLOW_PRIVATE_TARGETS=true if you mean it.",
            )


def _is_private(address: Address) -> bool:
    return all(each.is_loopback or (each.is_private and not each.is_reserved) for each in _meanings(address))


def _meanings(address: Address) -> list[Address]:
    """An address, and the IPv4 address it carries where it is one in disguise."""
    if isinstance(address, IPv4Address):
        return [address]
    inner: list[Address] = [address.ipv4_mapped] if address.ipv4_mapped else []
    if address.sixtofour:
        inner.append(address.sixtofour)
    if address.teredo:
        inner.extend(address.teredo)
    if address in _TRANSLATED:
        inner.append(IPv4Address(int(address) & 0xFFFFFFFF))
    return inner or [address]
