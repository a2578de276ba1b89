"""Countries and their time zones, as the `tzdata` package has them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files


def zones_of(country: str) -> tuple[str, ...]:
    """The time zones of a country (two small letters); none for a code that is no country's.

    >>> zones_of("ma"), zones_of("iq"), zones_of("qq")
    (('Africa/Casablanca',), ('Asia/Baghdad',), ())
    """
    return _zones().get(country, ())


def country_of_host(host: str) -> str | None:
    """The country whose domain a host lies in: a guess to be asked about, and no fact.

    >>> country_of_host("news.example.iq"), country_of_host("example.com")
    ('iq', None)
    """
    last = host.rpartition(".")[2].lower()
    code = {"uk": "gb"}.get(last, last)
    return code if code in _zones() else None


@lru_cache(maxsize=1)
def _zones() -> Mapping[str, tuple[str, ...]]:
    table = files("tzdata").joinpath("zoneinfo", "zone.tab").read_text(encoding="utf-8")
    found: dict[str, list[str]] = defaultdict(list)
    for line in table.splitlines():
        if line and not line.startswith("#"):
            code, _, zone = line.split("\t")[:3]
            found[code.lower()].append(zone)
    return {code: tuple(zones) for code, zones in found.items()}
