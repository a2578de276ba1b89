"""What an outlet's own addresses need beside the rules for all: told in its file, by people."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


class Rewriter(Protocol):
    """A compiled pattern that takes linear time on any input; those of google-re2 are."""

    def sub(self, repl: str, text: str) -> str:
        """`text` with every match replaced."""


@dataclass(frozen=True, slots=True)
class UrlRules:
    """An outlet's own rules for telling its documents apart.

    `keep` are parameters that choose a document here, `drop` some that never do, `mirrors` the
    subdomains that show the same site, `same` rewrites path and query of addresses that are one.
    `apart` are domains on which a path is another document than on the outlet's other domains.
    """

    keep: frozenset[str] = frozenset()
    drop: frozenset[str] = frozenset()
    mirrors: frozenset[str] = frozenset()
    same: tuple[tuple[Rewriter, str], ...] = ()
    apart: frozenset[str] = frozenset()


NO_RULES = UrlRules()
