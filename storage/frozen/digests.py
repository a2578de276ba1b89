"""Digests of frozen rows, and the one over all of them that a citation names.

Erasing a row leaves its digest, so the whole can be checked for ever: what was blanked by order
is told from what was changed by accident or by hand.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from storage.rows import dump

_RECIPE = "marsad snapshot 1"


def digest_of(text: str) -> str:
    """SHA-256 of a text in UTF-8, as hex."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


@dataclass(frozen=True, slots=True)
class Head:
    """What of a set is digested besides its rows."""

    name: str
    query: str
    filters: str
    made_at: str
    who: str
    why: str
    facts: str


class RootDigest:
    """The digest of a set, row by row: kinds in their order, each by position."""

    def __init__(self) -> None:
        self._rows = hashlib.sha256()

    def add(self, kind: str, position: int, digest: str) -> None:
        """Take one more row in."""
        self._rows.update(f"{kind} {position} {digest}\n".encode())

    def of(self, head: Head) -> str:
        """The digest of head and rows, as hex."""
        values: Mapping[str, str] = {name: getattr(head, name) for name in head.__slots__}
        return digest_of(f"{_RECIPE}\n{dump(values)}\n{self._rows.hexdigest()}\n")
