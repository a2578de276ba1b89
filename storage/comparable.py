"""What of a question is about actors, and since when its answer compares."""

from __future__ import annotations

from datetime import datetime

from storage.actors import Gap, gaps
from storage.connection import Connection
from storage.query import parse
from storage.rows import dump
from storage.search import SearchFilters

_ABOUT = """
SELECT id FROM actors WHERE NOT suppress AND (
  id IN (SELECT value FROM json_each(:ids))
  OR kind != 'term' AND EXISTS (
    SELECT 1 FROM json_each(themes) WHERE value IN (SELECT value FROM json_each(:themes))
  )
)
"""


def gaps_of(db: Connection, query: str, filters: SearchFilters | None = None) -> list[Gap]:
    """The actors that a search asks for and whose counts do not compare over the whole archive.

    They are asked for by a filter, or by actor:, term: or theme: in the query.
    """
    asked, wanted = parse(query), (filters or SearchFilters()).actor
    named = [wanted] if isinstance(wanted, str) else list(wanted or ())
    themes: list[str] = []
    for field in asked.fields if asked else ():
        named += field.values if field.name in ("actor", "term") else ()
        themes += field.values if field.name == "theme" else ()
    if not named and not themes:
        return []
    rows = db.all(_ABOUT, {"ids": dump(named), "themes": dump(themes)})
    return list(gaps(db, [row["id"] for row in rows]).values())


def since(found: list[Gap]) -> datetime | None:
    """From when on an answer about all of them compares; None: over the whole archive."""
    return max((gap.since for gap in found), default=None)
