"""Passes: what one page in the browser may reach through the guard proxy, and how much of it."""

from __future__ import annotations

import asyncio
import base64
import binascii
import hmac
import secrets
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import count
from typing import Literal

Trouble = Literal["refused", "unresolved", "unreachable", "broken", "timeout", "spent"]
"""Why the guard proxy gave no answer: not allowed; no such name; nobody there; the answer is not
HTTP; too slow; the page's allowance is used up."""


@dataclass(frozen=True, slots=True)
class Allowance:
    """How much one page may ask for, in bytes both ways and in connections."""

    size: int
    connections: int


class Spent(Exception):
    """A page asked for more than its allowance."""


@dataclass(eq=False)
class Pass:
    """One page's right of way.

    `reached` holds the address that each host was reached at, `troubles` why one was not.
    """

    name: str
    secret: str
    allows: Callable[[str, int], bool]  # host, port
    allowance: Allowance
    proxy: tuple[str, int] | None = None  # the egress that it goes through; None: directly
    received: int = 0
    connections: int = 0
    reached: dict[str, str] = field(default_factory=dict)
    troubles: dict[str, Trouble] = field(default_factory=dict)
    refused: Counter[str] = field(default_factory=Counter)  # hosts, and how often
    tasks: set[asyncio.Task[None]] = field(default_factory=set)

    def spend(self, size: int) -> None:
        """Note bytes that passed; raises Spent."""
        self.received += size
        if self.received > self.allowance.size:
            raise Spent

    def note(self, host: str, trouble: Trouble) -> None:
        """Note that a host was not reached, and why."""
        self.troubles[host] = trouble
        if trouble == "refused":
            self.refused[host] += 1


class Passes:
    """The passes that are good now, each with a name and a random secret of its own."""

    def __init__(self) -> None:
        self._good: dict[str, Pass] = {}
        self._numbers = count(1)

    def issue(
        self,
        allows: Callable[[str, int], bool],
        allowance: Allowance,
        proxy: tuple[str, int] | None = None,
    ) -> Pass:
        """A new pass, good until it is revoked."""
        name = f"page-{next(self._numbers)}"
        made = Pass(name, secrets.token_urlsafe(24), allows, allowance, proxy)
        self._good[name] = made
        return made

    def revoke(self, old: Pass) -> None:
        """End a pass and every connection under it. Harmless twice."""
        self._good.pop(old.name, None)
        for task in tuple(old.tasks):
            task.cancel()

    def holder(self, credentials: bytes | None) -> Pass | None:
        """The pass that a Proxy-Authorization header shows, or None."""
        name, secret = _name_and_secret(credentials or b"")
        known = self._good.get(name)
        right = known.secret if known else secrets.token_urlsafe(24)  # as long for a wrong name
        matches = hmac.compare_digest(right.encode(), secret.encode("utf-8", "replace"))
        return known if matches else None

    def __iter__(self) -> Iterator[Pass]:
        return iter(tuple(self._good.values()))


def _name_and_secret(credentials: bytes) -> tuple[str, str]:
    """Name and secret of a Basic header; two empty texts for anything else."""
    kind, _, told = credentials.partition(b" ")
    if kind.lower() != b"basic":
        return "", ""
    try:
        name, _, secret = base64.b64decode(told.strip(), validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return "", ""
    return name, secret
