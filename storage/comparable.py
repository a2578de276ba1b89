"""What of a question is about actors, and since when its answer compares."""

from __future__ import annotations

from datetime import datetime

from storage.actors import Gap, gaps
from storage.connection import Connection
from storage.query import parse
from storage.rows import dump
from storage.search import SearchFilters, values

_ABOUT = """
SELECT id FROM actors WHERE NOT suppress AND (
  id IN (SELECT value FROM json_each(:ids))
  OR kind IN (SELECT value FROM json_each(:kinds))
  OR kind != 'term' AND EXISTS (
    SELECT 1 FROM json_each(themes) WHERE value IN (SELECT value FROM json_each(:themes))
  )
)
"""

_SAID_BY = {"actor": "ids", "term": "ids", "kind": "kinds", "theme": "themes"}
"""Fields about actors, and as which parameter of the statement they are asked."""


def gaps_of(db: Connection, query: str, filters: SearchFilters | None = None) -> list[Gap]:
    """The actors that a search asks for and whose counts do not compare over the whole archive.

    They are asked for by a filter, or by actor:, term:, kind: or theme: in the query.
    """
    asked, wanted = parse(query), filters or SearchFilters()
    said = {
        "ids": values(wanted.actor or ()),
        "kinds": values(wanted.kind or ()),
        "themes": values(wanted.theme or ()),
    }
    for field in asked.fields if asked else ():
        if field.name in _SAID_BY:
            said[_SAID_BY[field.name]] += field.values
    if not any(said.values()):
        return []
    rows = db.all(_ABOUT, {name: dump(those) for name, those in said.items()})
    return list(gaps(db, [row["id"] for row in rows]).values())


def since(found: list[Gap]) -> datetime | None:
    """From when on an answer about all of them compares; None: over the whole archive."""
    return max((gap.since for gap in found), default=None)
