"""A request as the doors see it, before any page does."""

from __future__ import annotations

import re
from collections.abc import Mapping, MutableMapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

Scope = MutableMapping[str, Any]
_VALUE = re.compile(r"[\w.~+/=-]{1,2000}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked, and from where; header names are in small letters."""

    method: str
    path: str
    """As it came, with its % signs: the server looks for a page by this."""
    query: str
    headers: Mapping[str, str]
    address: str
    secure: bool

    @classmethod
    def of(cls, scope: Scope) -> Asked:
        """Bytes that are no ASCII become � or stay as single characters: no page has them."""
        raw = scope.get("raw_path") or scope["path"].encode()
        headers = {name.decode("latin-1").lower(): value for name, value in scope["headers"]}
        return cls(
            scope["method"],
            raw.decode("ascii", "replace").partition("?")[0],
            scope["query_string"].decode("latin-1"),
            {name: value.decode("latin-1") for name, value in headers.items()},
            (scope.get("client") or ("",))[0],
            scope.get("scheme") == "https",
        )

    @property
    def reads(self) -> bool:
        """Whether nothing is changed by it."""
        return self.method in ("GET", "HEAD")

    @property
    def host(self) -> str:
        """The name that was asked for, without its port, in small letters."""
        host = self.headers.get("host", "").lower()
        if host.startswith("["):
            return host.partition("]")[0] + "]"
        return host.partition(":")[0]

    @property
    def cookies(self) -> dict[str, str]:
        """Those whose values are plain."""
        pieces = (one.strip().partition("=") for one in self.headers.get("cookie", "").split(";"))
        return {name: value for name, _, value in pieces if name and _VALUE.fullmatch(value)}

    def parameter(self, name: str) -> str:
        """The last value of a parameter of the query; "" where there is none."""
        return dict(parse_qsl(self.query, keep_blank_values=True)).get(name, "")


@dataclass(frozen=True, slots=True)
class House:
    """How the desk is reached: by which names, and through whom."""

    names: frozenset[str]
    """Of hosts; one that begins with "*." stands for every name below it."""
    secure: bool = False
    """Whether readers come by TLS, to us or to the proxy before us."""
    proxies: frozenset[str] = frozenset()
    """The addresses that alone may ask, on behalf of others; empty: anybody asks for themselves."""
    origin: str = ""
    """What readers' browsers call it, such as https://desk.example.org; "": as the host says."""

    def knows(self, host: str) -> bool:
        """Whether a host name is one of the desk's."""
        above = "*." + host.partition(".")[2]
        return bool(host) and (host in self.names or above in self.names)
