"""The address guard: no connection ever goes to an address that is not public.

The check is made on the addresses about to be connected to, after name resolution, so that
other spellings (decimal, hexadecimal, short forms), names that point inside, redirects and names
that change their mind between check and connection all end at the same door.
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from scrapy.crawler import Crawler
from scrapy.resolver import CachingHostnameResolver, HostResolution
from twisted.internet.address import IPv4Address, IPv6Address
from twisted.internet.base import ReactorBase
from twisted.internet.interfaces import (
    IAddress,
    IHostnameResolver,
    IHostResolution,
    IResolutionReceiver,
)
from zope.interface import implementer

from crawler.engine.place import workspace_of
from crawler.workspace import WorkspaceMissing

_NAT64 = ipaddress.ip_network("64:ff9b::/96")  # RFC 6052: an IPv4 address in its last 32 bits
_INNER_NAMES = (".localhost", ".local", ".internal", ".home.arpa", ".lan")


def is_public(address: str) -> bool:
    """Whether an IP address may be connected to; a text that is none may not.

    >>> is_public("93.184.216.34"), is_public("10.0.0.1"), is_public("::ffff:127.0.0.1")
    (True, False, False)
    """
    try:
        ip = ipaddress.ip_address(address.split("%", maxsplit=1)[0])
    except ValueError:
        return False
    inner = _embedded(ip)
    return is_public(str(inner)) if inner else _is_plain_public(ip)


def _is_plain_public(ip: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    hidden = ip.is_multicast or ip.is_reserved or ip.is_unspecified or ip.is_private
    site_local = isinstance(ip, ipaddress.IPv6Address) and ip.is_site_local
    return ip.is_global and not hidden and not site_local


def _embedded(
    ip: ipaddress.IPv4Address | ipaddress.IPv6Address,
) -> ipaddress.IPv4Address | None:
    """The IPv4 address inside an IPv6 one that a router or the kernel would unwrap."""
    if isinstance(ip, ipaddress.IPv4Address):
        return None
    if ip in _NAT64:
        return ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
    teredo = ip.teredo
    return ip.ipv4_mapped or ip.sixtofour or (teredo[1] if teredo else None)


def is_inner(host: str) -> bool:
    """Whether a host is this machine's or its network's by its name alone, unresolved.

    All that can be judged where somebody else resolves names. Numbers count in every spelling
    that a resolver knows (RFC 6761 and 6762 for the names).

    >>> is_inner("127.1"), is_inner("2130706433"), is_inner("intranet"), is_inner("news.example")
    (True, True, True, False)
    """
    name = host.strip("[]").rstrip(".").lower()
    if ":" in name:
        return not is_public(name)
    try:
        return not is_public(socket.inet_ntoa(socket.inet_aton(name)))
    except (OSError, UnicodeError):
        return "." not in name or name.endswith(_INNER_NAMES)


class Newsroom:
    """The test table: names under .test (RFC 6761) lead to one loopback port, and only there."""

    def __init__(self, place: str | None) -> None:
        """`place` is "127.0.0.1:PORT" or "[::1]:PORT", or None where there is no newsroom."""
        host, _, port = (place or "").rpartition(":")
        self.host, self.port = host.strip("[]"), int(port or 0)

    def serves(self, name: str, port: int) -> bool:
        """Whether the newsroom answers for `name` at `port`."""
        return bool(self.host) and name.endswith(".test") and port == self.port

    def address(self) -> IPv4Address | IPv6Address:
        """Where it answers."""
        return _address(self.host, self.port)


@implementer(IResolutionReceiver)
class _PublicOnly:
    """Passes public addresses on and remembers that others were refused."""

    def __init__(self, receiver: Any, name: str, refused: dict[str, str]) -> None:
        self._receiver, self._name, self._refused = receiver, name, refused

    def resolutionBegan(self, resolution: IHostResolution) -> None:  # noqa: N802 - Twisted's name
        self._receiver.resolutionBegan(resolution)

    def addressResolved(self, address: IAddress) -> None:  # noqa: N802 - Twisted's name
        ip = str(getattr(address, "host", ""))
        if is_public(ip):
            self._receiver.addressResolved(address)
        else:
            self._refused[self._name] = ip

    def resolutionComplete(self) -> None:  # noqa: N802 - Twisted's name
        self._receiver.resolutionComplete()


@implementer(IHostnameResolver)
class GuardedResolver(CachingHostnameResolver):
    """Scrapy's caching resolver behind the guard. `refused` maps names to what was refused."""

    def __init__(
        self,
        reactor: ReactorBase,
        cache_size: int,
        newsroom: Newsroom,
        proxies: frozenset[tuple[str, int]] = frozenset(),
    ) -> None:
        """`newsroom` and the egresses' `proxies` are the only inner places that may be reached."""
        super().__init__(reactor, cache_size)
        self.newsroom, self.proxies = newsroom, proxies
        self.refused: dict[str, str] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler, reactor: ReactorBase) -> GuardedResolver:
        """Built once per process, from the workspace's test table and egresses."""
        place, proxies = None, frozenset[tuple[str, int]]()
        with suppress(WorkspaceMissing):
            settings = workspace_of(crawler.settings).settings
            place = settings.newsroom
            proxies = frozenset(egress.place for egress in settings.egress)
        cache_size = crawler.settings.getint("DNSCACHE_SIZE")
        return cls(reactor, cache_size, Newsroom(place), proxies)

    def resolveHostName(  # noqa: N802 - Twisted's name
        self,
        resolutionReceiver: Any,  # noqa: N803 - Twisted's names
        hostName: str,  # noqa: N803 - Twisted's names
        portNumber: int = 0,  # noqa: N803 - Twisted's names
        addressTypes: Sequence[type[IAddress]] | None = None,  # noqa: N803 - Twisted's names
        transportSemantics: str = "TCP",  # noqa: N803 - Twisted's names
    ) -> Any:
        """Resolve, and let only public addresses through (or the newsroom's own)."""
        if self.newsroom.serves(hostName, portNumber):
            return _answered(resolutionReceiver, hostName, self.newsroom.address())
        if (hostName, portNumber) in self.proxies:
            return _answered(resolutionReceiver, hostName, _address(hostName, portNumber))
        if not is_host_name(hostName):
            return _answered(resolutionReceiver, hostName)  # Python's resolver would stumble
        guarded: Any = _PublicOnly(resolutionReceiver, hostName, self.refused)
        return super().resolveHostName(
            guarded, hostName, portNumber, addressTypes, transportSemantics
        )


def _address(ip: str, port: int) -> IPv4Address | IPv6Address:
    family = IPv6Address if ":" in ip else IPv4Address
    return family("TCP", ip, port)


def is_host_name(name: str) -> bool:
    """Whether a name has the lengths that DNS allows (RFC 1035, 2.3.4)."""
    return len(name) <= 253 and all(0 < len(label) <= 63 for label in name.rstrip(".").split("."))


def _answered(receiver: Any, name: str, *addresses: IPv4Address | IPv6Address) -> HostResolution:
    """Answer for a name with these addresses, or none, and ask nobody."""
    resolution = HostResolution(name)
    receiver.resolutionBegan(resolution)
    for address in addresses:
        receiver.addressResolved(address)
    receiver.resolutionComplete()
    return resolution


def refused_address(host: str) -> str | None:
    """What the guard refused for a host name in this process, or None."""
    from twisted.internet import reactor

    resolver = getattr(reactor, "nameResolver", None)
    return resolver.refused.get(host) if isinstance(resolver, GuardedResolver) else None
