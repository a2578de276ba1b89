"""Where the watch has no eyes: outlets by country, language and alignment, and their ways in."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from itertools import product
from typing import Any, get_args

from crawler.outlets import Outlet, Stance

ALIGNMENTS: tuple[str, ...] = get_args(Stance)


@dataclass(frozen=True, slots=True)
class Cell:
    """The outlets that cover a country in a language and stand somewhere, by how they are reached.

    `on` has a way of finding that is on, `written` only ways that are off until a probe sees them
    work, `none` has no way at all. An outlet stands in a cell for each country and language.
    """

    country: str
    language: str
    alignment: str
    on: tuple[str, ...] = ()
    written: tuple[str, ...] = ()
    none: tuple[str, ...] = ()

    @property
    def empty(self) -> bool:
        """Whether no outlet is known here at all."""
        return not (self.on or self.written or self.none)

    @property
    def unread(self) -> bool:
        """Whether nothing is read here, known or not."""
        return not self.on

    def as_json(self) -> dict[str, Any]:
        """The same for machines."""
        return asdict(self) | {"empty": self.empty}


def reach(outlet: Outlet) -> str:
    """How an outlet is reached: `on`, `written` or `none`, as in a Cell."""
    ways = [way for _, way in outlet.endpoints if way.enabled]
    if any(way.on for way in ways):
        return "on"
    return "written" if ways else "none"


def gaps(
    outlets: Iterable[Outlet], countries: Sequence[str], languages: Sequence[str]
) -> list[Cell]:
    """Every cell of country, language and alignment, in that order; disabled outlets left out."""
    found: dict[tuple[str, str, str], dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for outlet in outlets:
        if outlet.enabled:
            for country, language in product(outlet.covers, outlet.languages):
                place = (country, language, outlet.alignment.label)
                found[place][reach(outlet)].append(outlet.id)
    return [
        Cell(*place, *(tuple(found[place][how]) for how in ("on", "written", "none")))
        for place in product(countries, languages, ALIGNMENTS)
    ]


def reached(outlets: Iterable[Outlet], country: str) -> dict[str, list[str]]:
    """The enabled outlets that cover a country, each once, by how they are reached."""
    found: dict[str, list[str]] = {"on": [], "written": [], "none": []}
    for outlet in outlets:
        if outlet.enabled and country in outlet.covers:
            found[reach(outlet)].append(outlet.id)
    return found
