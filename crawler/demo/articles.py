"""Reading the demo newsroom's data files into records."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

from crawler.demo.records import Site

HERE = Path(__file__).parent
OUTLETS = HERE / "outlets"
WATCHLISTS = HERE / "watchlists"
AGENCIES = HERE / "agencies.toml"


@cache
def sites() -> tuple[Site, ...]:
    """Every site of the newsroom, by slug; raises pydantic's ValidationError for a bad file."""
    return tuple(_site(path) for path in sorted((HERE / "articles").glob("*.toml")))


def _site(path: Path) -> Site:
    """One site: its articles' file joined with its outlet file."""
    slug = path.stem
    outlet_file = next(OUTLETS.glob(f"*/{slug}.toml"))
    outlet = tomllib.loads(outlet_file.read_text(encoding="utf-8"))
    names = outlet["name"]
    first = outlet["languages"][0]
    return Site(
        id=f"{outlet_file.parent.name}_{slug}",
        slug=slug,
        name=names.get(first) or names["en"],
        timezone=outlet["timezone"],
        languages=outlet["languages"],
        **tomllib.loads(path.read_text(encoding="utf-8")),
    )
