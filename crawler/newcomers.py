"""New outlets: from a web address to a draft that can be probed, and to the text of its file."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

from pydantic import ValidationError

from crawler.countries import zones_of
from crawler.outlets import Outlet, Outlets
from crawler.outlettoml import outlet_toml, tables_of
from crawler.probes import ProbeResult
from crawler.reading.urls import clean_url
from crawler.sentences import sentence

UNKNOWN_LANGUAGE = "und"

_SECOND_LEVEL = frozenset("co com org net gov edu ac press info news media".split())
_SLUG = re.compile(r"[^a-z0-9]+")


class NotAnOutlet(Exception):
    """What was given cannot be made an outlet; the text says why, for a person."""


@dataclass(frozen=True)
class Said:
    """What a person says of a new outlet; what is None is worked out, or missing."""

    url: str
    country: str
    id: str | None = None
    timezone: str | None = None
    languages: tuple[str, ...] = ()
    covers: tuple[str, ...] = ()
    kind: str = "portal"
    name: str | None = None


def address(text: str) -> str:
    """A web address as a person types it, made whole; raises NotAnOutlet.

    >>> address("example.ma")
    'https://example.ma/'
    """
    typed = text.strip()
    url = clean_url(typed if "://" in typed else f"https://{typed}")
    host = urlsplit(url).hostname or "" if url else ""
    if url is None or "." not in host or host.replace(".", "").isdigit():
        raise NotAnOutlet(f'"{text}" is not the web address of a site, such as https://example.ma')
    return url


def refuse_known(outlets: Outlets, url: str) -> None:
    """Raise NotAnOutlet where an outlet has the host of an address already."""
    if known := outlets.of_url(url):
        host = urlsplit(url).hostname
        raise NotAnOutlet(f"{host} is a host of {known.id} ({known.display_name}) already")


def draft(said: Said, taken: Collection[str]) -> Outlet:
    """The outlet as far as it is known before anybody asked its site; raises NotAnOutlet."""
    host = host_of(said.url)
    values = {
        "id": said.id or new_id(host, said.country, taken),
        "name": {"en": said.name or host},
        "country": said.country,
        "covers": said.covers or (said.country,),
        "timezone": said.timezone or zone_of(said.country),
        "languages": said.languages or (UNKNOWN_LANGUAGE,),
        "kind": said.kind,
        "domains": (host,),
        "homepage": said.url.partition("#")[0],
    }
    try:
        made = Outlet.model_validate(values)
    except ValidationError as wrong:
        errors = wrong.errors(include_url=False)
        told = (f"{error['loc'][0]}: {sentence(Outlet, error)}" for error in errors if error["loc"])
        raise NotAnOutlet("; ".join(dict.fromkeys(told))) from None
    _check_id(made.id, taken)
    return made


def _check_id(outlet_id: str, taken: Collection[str]) -> None:
    if outlet_id in taken:
        raise NotAnOutlet(f"there is an outlet {outlet_id} already; give another id with --id")
    if not re.match(r"[a-z]{2}_", outlet_id):
        raise NotAnOutlet(f'"{outlet_id}" must begin with a country and _, as in ma_example')


def host_of(url: str) -> str:
    """The host of an address without www."""
    return (urlsplit(url).hostname or "").removeprefix("www.")


def zone_of(country: str) -> str:
    """The time zone of a country that has one; raises NotAnOutlet."""
    zones = zones_of(country)
    if len(zones) == 1:
        return zones[0]
    if not zones:
        raise NotAnOutlet(f'"{country}" is no country in two small letters, such as ma')
    few = ", ".join(zones[:6]) + (" …" if len(zones) > 6 else "")
    raise NotAnOutlet(f"{country} has {len(zones)} time zones; say --timezone: {few}")


def new_id(host: str, country: str, taken: Collection[str]) -> str:
    """An id that is free, after the name of a host.

    >>> new_id("news.al-example.co.uk", "gb", {"gb_al-example"})
    'gb_news-al-example'
    """
    labels = host.split(".")[:-1]
    if len(labels) > 1 and labels[-1] in _SECOND_LEVEL:
        labels = labels[:-1]
    short, long = labels[-1], "-".join(labels)
    names = [short, long, *(f"{long}-{number}" for number in range(2, 100))]
    ids = (f"{country}_{_SLUG.sub('-', name).strip('-') or 'site'}" for name in names)
    return next(each for each in ids if each not in taken)


def file_of(outlets_dir: Path, outlet_id: str) -> Path:
    """Where the file of a new outlet belongs."""
    country, _, slug = outlet_id.partition("_")
    return outlets_dir / country / f"{slug}.toml"


SELECTORS = """\
# Is a field read wrongly? Say where it stands (docs/how-to-read-pages.md), and try it with
# `marsad read page.html --url … --explain`:
# [selectors]
# headline = "h1.title"
# text = "div.article-body > p"
# drop = ["aside", ".read-also"]
"""
"""What a new file says of the selectors that it may have."""


def file_text(outlet: Outlet, results: Iterable[ProbeResult], today: date) -> str:
    """The whole file of a new outlet, as `marsad outlets add` shows and writes it."""
    note = f"# Added by `marsad outlets add` on {today}. Kind and alignment: nobody looked yet.\n"
    return note + head_text(outlet) + tables_of(results) + SELECTORS


def head_text(outlet: Outlet) -> str:
    """The plain values and names of an outlet's file."""
    said: Mapping[str, str | Sequence[str]] = {
        "country": outlet.country,
        "covers": outlet.covers,
        "timezone": outlet.timezone,
        "languages": outlet.languages,
        "kind": outlet.kind,
        "domains": outlet.domains,
        "homepage": outlet.homepage or "",
    }
    return outlet_toml(said, outlet.name)
