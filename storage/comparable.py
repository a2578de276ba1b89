"""What of a question is about actors, and since when its answer compares."""

from __future__ import annotations

from datetime import datetime

from storage.actors import Gap, gaps
from storage.connection import Connection
from storage.search import SearchFilters, actors_asked


def gaps_of(db: Connection, query: str, filters: SearchFilters | None = None) -> list[Gap]:
    """The actors that a search asks for and whose counts do not compare over the whole archive.

    They are asked for by a filter, or by actor:, term:, kind: or theme: in the query.
    """
    asked = actors_asked(db, query, filters)
    return list(gaps(db, asked).values()) if asked else []


def since(found: list[Gap]) -> datetime | None:
    """From when on an answer about all of them compares; None: over the whole archive."""
    return max((gap.since for gap in found), default=None)
