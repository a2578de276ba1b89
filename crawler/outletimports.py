"""From the rows of a list to new outlets: one for each site, nothing switched on, none changed."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from crawler.newcomers import NotAnOutlet, Said, draft, head_text, host_of
from crawler.outletlists import Listed, Refused, Row
from crawler.outlets import Outlet, Outlets
from crawler.outlettoml import quoted
from crawler.reading.urls import lies_on

_SERVICES = (
    "feedburner.com",
    "feedproxy.google.com",
    "news.google.com",
    "rsshub.app",
    "rss.app",
    "t.me",
    "facebook.com",
    "youtube.com",
    "twitter.com",
    "x.com",
)
"""Hosts that carry other people's feeds: an outlet is known by a site of its own."""


@dataclass(frozen=True)
class Proposal:
    """A new outlet, the rows that it was made of, and the text of its file."""

    outlet: Outlet
    rows: tuple[Row, ...]
    text: str


@dataclass
class SortedOut:
    """What becomes of the rows of a list."""

    taken: list[Proposal] = field(default_factory=list)
    known: list[tuple[Row, str]] = field(default_factory=list)  # with the outlet that has the host
    refused: list[Refused] = field(default_factory=list)


@dataclass(frozen=True)
class Defaults:
    """What holds for rows that do not say it."""

    source: str
    country: str = ""
    languages: tuple[str, ...] = ()


def sort_out(listed: Listed, outlets: Outlets, defaults: Defaults) -> SortedOut:
    """One proposal for each new site; the rows of known outlets and those that cannot be used."""
    found = SortedOut(refused=list(listed.refused))
    groups: dict[str, list[Row]] = {}
    seen: dict[str, int] = {}
    for row in listed.rows:
        known = outlets.of_url(_home(row)) or outlets.of_url(row.url)
        if row.url in seen:
            found.refused.append(Refused(row.line, row.url, f"the same as in line {seen[row.url]}"))
        elif known:
            found.known.append((row, known.id))
        elif _is_service(host_of(_home(row))):
            reason = "is at a service that carries many sites' feeds: name the site"
            found.refused.append(Refused(row.line, row.url, reason))
        else:
            groups.setdefault(host_of(_home(row)), []).append(row)
        seen.setdefault(row.url, row.line)
    taken = set(outlets)
    for rows in groups.values():
        _propose(found, rows, taken, defaults)
    found.refused.sort(key=lambda refused: refused.line)
    return found


def _home(row: Row) -> str:
    """An address on the site's own host."""
    return row.site or row.url


def _is_service(host: str) -> bool:
    return any(lies_on(host, service) for service in _SERVICES)


def _propose(
    found: SortedOut, rows: Sequence[Row], taken: Collection[str], defaults: Defaults
) -> None:
    """Make an outlet of the rows of one site, or refuse them all."""
    try:
        outlet = _outlet(rows, {*taken, *(one.outlet.id for one in found.taken)}, defaults)
    except NotAnOutlet as wrong:
        found.refused += [Refused(row.line, row.url, str(wrong)) for row in rows]
        return
    text = _text(outlet, rows, defaults.source)
    found.taken.append(Proposal(outlet, tuple(rows), text))


def _outlet(rows: Sequence[Row], taken: Collection[str], defaults: Defaults) -> Outlet:
    country = next((row.country for row in rows if row.country), defaults.country)
    if not country:
        raise NotAnOutlet("no country: name it in a column, or with --country")
    languages = tuple(dict.fromkeys(code for row in rows for code in row.languages))
    front = _home(rows[0])
    said = Said(
        url=f"{front.partition('://')[0]}://{urlsplit(front).netloc}/",
        country=country,
        languages=languages or defaults.languages,
        name=next((row.name for row in rows if row.name and row.kind == "site"), rows[0].name)
        or None,
    )
    return draft(said, taken)


def _text(outlet: Outlet, rows: Sequence[Row], source: str) -> str:
    """The file of an imported outlet: every address waits for a probe."""
    note = f"# Imported from a list. Nothing here is proven: marsad outlets probe {outlet.id}\n"
    tables = "".join(_table(row, source) for row in rows if row.kind != "site")
    return note + head_text(outlet) + tables


def _table(row: Row, source: str) -> str:
    return (
        f"[[{row.kind}s]]\n"
        f"url = {quoted(row.url)}\n"
        'grade = "C"\n'
        f"evidence = {quoted(f'unproven: {source}, line {row.line}')}\n"
    )
