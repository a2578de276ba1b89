"""Egresses: whose address a request comes from. `direct` is this machine's own."""

import ipaddress
from collections.abc import Iterable
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator

from crawler.fields import Identifier, Record
from crawler.sentences import did_you_mean
from storage.models import DIRECT

__all__ = ["DIRECT", "Egress", "UnknownEgress", "egress_named", "proxy_url"]


class UnknownEgress(Exception):
    """No egress has the name that was asked for."""


def _not_direct(name: str) -> str:
    if name == DIRECT:
        raise ValueError(f'"{DIRECT}" is built in: it means no proxy')
    return name


def _http_proxy(url: str) -> str:
    """A proxy by number, since looking up its name would already tell somebody of the visit."""
    if url.lower().startswith("socks"):
        raise ValueError("SOCKS proxies are not supported; put an HTTP proxy before it")
    try:
        parts = urlsplit(url)
        ip, port = ipaddress.ip_address(parts.hostname or ""), parts.port
    except ValueError:
        ip, port = None, None
    if ip is None or not port or url != proxy_url((str(ip), port)):
        raise ValueError('must be an address and port by number, such as "http://127.0.0.1:8118"')
    return url


class Egress(Record):
    """An HTTP proxy through which outlets may be read, and through which alone then."""

    name: Annotated[Identifier, AfterValidator(_not_direct)]
    proxy: Annotated[str, AfterValidator(_http_proxy)]

    @property
    def place(self) -> tuple[str, int]:
        """Its address and port."""
        parts = urlsplit(self.proxy)
        assert parts.hostname is not None and parts.port is not None, "checked when it was read"
        return parts.hostname, parts.port


def proxy_url(place: tuple[str, int]) -> str:
    """The address of a proxy as Scrapy takes it."""
    ip, port = place
    return f"http://[{ip}]:{port}" if ":" in ip else f"http://{ip}:{port}"


def egress_named(name: str, egresses: Iterable[Egress]) -> Egress | None:
    """The egress of a name, None for `direct`; raises UnknownEgress."""
    known = {egress.name: egress for egress in egresses}
    if name != DIRECT and name not in known:
        hint = did_you_mean(name, [DIRECT, *known])
        raise UnknownEgress(f'there is no egress "{name}" in marsad.toml{hint}')
    return known.get(name)
