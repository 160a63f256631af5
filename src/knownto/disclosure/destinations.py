"""Where a copy may be sent. An address that somebody typed must not lead into our own network.

A name is resolved here, every address it has is checked, and the connection goes to the address that was checked: a
name that answers differently the second time gains nothing.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from urllib.parse import urlsplit

Address = IPv4Address | IPv6Address
TRANSLATED = IPv6Network("64:ff9b::/96")  # what a gateway turns into the IPv4 address in its last four bytes


class NotAllowed(Exception):
    """No copy is sent there. The text says why, for whoever typed it."""


@dataclass(frozen=True)
class Destination:
    """An https address, taken apart. `path` starts with a stroke."""

    host: str
    port: int
    path: str

    def at(self, address: str) -> str:
        """The same place, by the address that was checked."""
        return f"https://{f'[{address}]' if ':' in address else address}:{self.port}{self.path}"

    @property
    def named(self) -> str:
        """What goes into the Host header."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == 443 else f"{host}:{self.port}"


def destination(where: str) -> Destination:
    """That address, taken apart. Raises NotAllowed."""
    try:
        parts = urlsplit(where)
        host, port = parts.hostname or "", parts.port or 443
    except ValueError:
        raise NotAllowed("This is not an address.") from None
    if parts.scheme != "https" or not host:
        raise NotAllowed("The address must begin with https:// and name a server.")
    if parts.username or parts.password or parts.query or parts.fragment:
        raise NotAllowed("The address may hold no user name, no password and nothing after a ? or #.")
    if not where.isascii() or any(mark.isspace() for mark in where):
        raise NotAllowed("The address may hold no spaces, and letters of the English alphabet only.")
    return Destination(host, port, parts.path or "/")


def refused(address: str, *, private_too: bool) -> bool:
    """May nothing be sent to that IP address? `private_too` lets addresses of a private network pass."""
    try:
        meant = list(_meant(ip_address(address.partition("%")[0])))
    except ValueError:
        return True
    if private_too:
        return any(_never(each) for each in meant)
    return any(_never(each) or not each.is_global for each in meant)


def _never(address: Address) -> bool:
    """Addresses that lead to no partner: a cloud's own information service is link-local."""
    return address.is_link_local or address.is_multicast or address.is_unspecified


def _meant(address: Address) -> Iterator[Address]:
    """The address, and any IPv4 address inside it that it would be sent on to."""
    yield address
    if isinstance(address, IPv6Address):
        if address in TRANSLATED:
            yield IPv4Address(int(address) & 0xFFFFFFFF)
        if inside := address.ipv4_mapped or address.sixtofour or (address.teredo or (None, None))[1]:
            yield inside
