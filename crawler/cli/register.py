"""The shipped register as a page: who is read in which country, by which ways, and who is not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from crawler.gaps import ALIGNMENTS, Cell, gaps, reach
from crawler.outlets import Outlet
from crawler.workspace import load_config

COUNTRIES = {"iq": "Iraq", "ma": "Morocco", "bh": "Bahrain"}
LANGUAGES = ("ar", "ckb", "kmr", "fr", "en")
KURDISH = {"ckb", "kmr"}
INDEPENDENT = {"independent", "exile"}
AIMS = (15, 3, 4)
"""Outlets with a way per country; of these independent or in exile; in all, in Kurdish."""
_REACH = {"on": "on", "written": "off until a probe sees it work", "none": "no way known"}


def register() -> str:
    """Markdown: what was aimed at and what there is, then every outlet."""
    outlets = sorted(load_config(None).outlets.values(), key=lambda outlet: outlet.id)
    return "\n".join([*_aims(outlets), *_cells(outlets), *_lists(outlets), *_closed(outlets)])


def own(outlet: Outlet, country: str) -> bool:
    """Whether an outlet is read for the news of this country and of no other one of the three."""
    return {*outlet.covers} & {*COUNTRIES} == {country}


def _read(outlets: Iterable[Outlet]) -> list[Outlet]:
    """The enabled ones for which a way of finding is written down."""
    return [outlet for outlet in outlets if outlet.enabled and reach(outlet) != "none"]


def _aims(outlets: Sequence[Outlet]) -> Iterator[str]:
    yield "## What was aimed at, and what there is\n"
    yield "Outlets with a way of finding written down; in brackets those that are on as shipped.\n"
    yield f"| aim | {' | '.join(COUNTRIES.values())} |\n|---|{'---:|' * len(COUNTRIES)}"
    ours = {code: [o for o in _read(outlets) if code in o.covers] for code in COUNTRIES}
    alone = {code: [o for o in ours[code] if own(o, code)] for code in COUNTRIES}
    yield _row(f"at least {AIMS[0]} outlets", ours.values())
    yield _row("… of the country alone", alone.values())
    yield _row(f"at least {AIMS[1]} independent or in exile", map(_independent, ours.values()))
    yield _row("… of the country alone", map(_independent, alone.values()))
    kurdish = [outlet for outlet in _read(outlets) if KURDISH & {*outlet.languages}]
    yield f"\nPublishing in Kurdish (aim: at least {AIMS[2]}): {_count(kurdish)}.\n"
    yield from _missing(ours, alone)


def _independent(outlets: Iterable[Outlet]) -> list[Outlet]:
    return [outlet for outlet in outlets if outlet.alignment.label in INDEPENDENT]


def _count(outlets: Sequence[Outlet]) -> str:
    return f"{len(outlets)} ({sum(reach(outlet) == 'on' for outlet in outlets)})"


def _row(name: str, columns: Iterable[Sequence[Outlet]]) -> str:
    return f"| {name} | {' | '.join(map(_count, columns))} |"


def _missing(ours: dict[str, list[Outlet]], alone: dict[str, list[Outlet]]) -> Iterator[str]:
    """What the aims lack, in words; also where only outlets of several countries reach them."""
    for code, country in COUNTRIES.items():
        for aim, what, there, here in (
            (AIMS[0], "outlets", ours[code], alone[code]),
            (AIMS[1], "independent outlets", _independent(ours[code]), _independent(alone[code])),
        ):
            if len(there) < aim:
                yield f"- {country}: {aim - len(there)} {what} are missing."
            elif len(here) < aim:
                yield (
                    f"- {country}: the aim of {aim} {what} is reached only with those that cover "
                    f"other countries too; of its own there are {len(here)}."
                )
    yield ""


def _cells(outlets: Sequence[Outlet]) -> Iterator[str]:
    yield "## By country, language and alignment\n"
    yield "Outlets with a way that is on / with ways that are off / with none. **empty**: no outlet"
    yield "is known. An outlet counts for each of its countries and languages; `unknown` says that"
    yield "no published judgement was found, not that it has no leaning.\n"
    titles = " | ".join(name.replace("_", "-") for name in ALIGNMENTS)
    yield f"| country | language | {titles} |\n|---|---|{'---:|' * len(ALIGNMENTS)}"
    cells = gaps(outlets, tuple(COUNTRIES), LANGUAGES)
    for place, row in groupby(cells, lambda cell: (cell.country, cell.language)):
        yield f"| {' | '.join([*place, *map(_told, row)])} |"
    yield ""


def _told(cell: Cell) -> str:
    known = (len(cell.on), len(cell.written), len(cell.none))
    return "**empty**" if cell.empty else "/".join(map(str, known))


def _lists(outlets: Sequence[Outlet]) -> Iterator[str]:
    chosen = [outlet for outlet in outlets if outlet.enabled]
    for code, country in COUNTRIES.items():
        yield from _list(country, [outlet for outlet in chosen if own(outlet, code)])
    several = [o for o in chosen if not any(own(o, code) for code in COUNTRIES)]
    yield from _list("Several countries, or others", several)


def _list(title: str, outlets: Sequence[Outlet]) -> Iterator[str]:
    """One section: those with ways, and those without."""
    yield f"## {title}\n\n| outlet | id | covers | languages | alignment | ways, by grade | |"
    yield "|---|---|---|---|---|---|---|"
    for outlet in sorted(outlets, key=lambda outlet: (_ORDER[reach(outlet)], outlet.id)):
        cells = (
            outlet.display_name.replace("|", "\\|"),
            f"`{outlet.id}`",
            ", ".join(outlet.covers),
            ", ".join(outlet.languages),
            outlet.alignment.label.replace("_", "-"),
            _ways(outlet),
            _REACH[reach(outlet)],
        )
        yield f"| {' | '.join(cells)} |"
    yield ""


_ORDER = {how: place for place, how in enumerate(_REACH)}


def _ways(outlet: Outlet) -> str:
    """Its ways as "feed A, listing C ×2"."""
    tally = Counter((kind.value, way.grade) for kind, way in outlet.endpoints if way.enabled)
    return ", ".join(
        f"{kind} {grade}" + (f" ×{count}" if count > 1 else "")
        for (kind, grade), count in tally.items()
    )


def _closed(outlets: Sequence[Outlet]) -> Iterator[str]:
    yield "## Not read\n\n| outlet | id | why |\n|---|---|---|"
    for outlet in outlets:
        if not outlet.enabled:
            yield f"| {outlet.display_name} | `{outlet.id}` | {outlet.notes.replace('|', '/')} |"
    yield ""
