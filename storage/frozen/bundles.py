"""Rows of attention bundled: all days of an outlet and an actor in one.

A year of thirty outlets and two hundred actors is two million rows that say the same names again
and again; what does not change within a bundle is kept once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from typing import Any

Plain = Mapping[str, Any]
_BY = ("outlet_id", "actor_id")


def bundled(rows: Iterable[Plain]) -> Iterator[dict[str, Any]]:
    """Rows in a row of one outlet and actor, as one bundle each."""
    for _, same in groupby(rows, key=lambda row: [row[name] for name in _BY]):
        yield _bundle(list(same))


def unbundled(bundle: Plain) -> Iterator[dict[str, Any]]:
    """The very rows again, in their order."""
    for values in bundle["rows"]:
        yield {**bundle["all"], **dict(zip(bundle["names"], values, strict=True))}


def _bundle(rows: list[Plain]) -> dict[str, Any]:
    first = rows[0]
    alike = {name for name, value in first.items() if all(row[name] == value for row in rows)}
    names = [name for name in first if name not in alike]
    return {
        "all": {name: first[name] for name in first if name in alike},
        "names": names,
        "rows": [[row[name] for name in names] for row in rows],
    }
