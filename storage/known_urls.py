"""What is known of an outlet's addresses: those of stored articles, and which were met before."""

from __future__ import annotations

import json
from collections.abc import Collection
from datetime import datetime, timedelta

from storage.connection import Connection
from storage.rows import dump
from storage.times import encode_time

_ONE_LOOK = timedelta(minutes=10)
"""Within which a run visits the ways of one outlet, one after the other."""
_STORED = """
SELECT url FROM articles INDEXED BY articles_outlet_day
WHERE outlet_id = ? AND NOT withdrawn ORDER BY published_day DESC LIMIT ?
"""
_MET = """
WITH met AS (
  SELECT url_key AS key, found_at AS at FROM candidates
  WHERE outlet_id = :outlet AND url_key IN (SELECT value FROM json_each(:keys))
  UNION ALL
  SELECT url_key, first_seen_at FROM article_urls
  WHERE outlet_id = :outlet AND url_key IN (SELECT value FROM json_each(:keys))
)
SELECT DISTINCT key FROM met WHERE at <= :until
  OR (at <= :soon_after AND at < (SELECT started_at FROM runs WHERE id = :run))
"""
_SHOWN = """
SELECT DISTINCT c.url_key AS key FROM ways w JOIN sightings s ON s.way_id = w.id
  JOIN candidates c ON c.id = s.candidate_id
WHERE w.outlet_id = :outlet AND w.url != :page
  AND (w.url = :listing
       OR w.parent_id = (SELECT id FROM ways WHERE outlet_id = :outlet AND url = :listing))
  AND c.url_key IN (SELECT value FROM json_each(:keys))
"""
_SIGNS = """
SELECT v.signs FROM visits v JOIN ways w ON w.id = v.way_id LEFT JOIN ways p ON p.id = w.parent_id
WHERE v.outlet_id = :outlet AND (w.url = :url OR p.url = :url) AND v.signs != '[]'
  AND v.id >= (SELECT max(t.id) FROM visits t JOIN ways u ON u.id = t.way_id
               WHERE t.outlet_id = :outlet AND u.url = :url)
"""


def stored_urls(db: Connection, outlet_id: str, limit: int = 300) -> tuple[str, ...]:
    """Addresses of stored articles of an outlet, those of the newest days first."""
    return tuple(row["url"] for row in db.all(_STORED, (outlet_id, limit)))


def met_before(
    db: Connection, outlet_id: str, keys: Collection[str], until: datetime, run_id: int
) -> frozenset[str]:
    """Which of these url_keys of an outlet were met up to `until`, the time of a look.

    What the same run met soon after, through another way or page, counts; what this run did, never.
    """
    asked = {"outlet": outlet_id, "keys": dump(sorted(set(keys))), "run": run_id}
    times = {"until": encode_time(until), "soon_after": encode_time(until + _ONE_LOOK)}
    return frozenset(row["key"] for row in db.all(_MET, asked | times))


def shown_on_other_pages(
    db: Connection, outlet_id: str, pages: tuple[str, str], keys: Collection[str]
) -> frozenset[str]:
    """Which of these url_keys other pages of a listing have shown; `pages` is the listing's
    address and that of the page itself."""
    listing, page = pages
    asked = {"outlet": outlet_id, "listing": listing, "page": page, "keys": dump(sorted(set(keys)))}
    return frozenset(row["key"] for row in db.all(_SHOWN, asked))


def last_signs(db: Connection, outlet_id: str, url: str) -> frozenset[str]:
    """The kinds of signs that the last look at a way showed, on its further pages too."""
    rows = db.all(_SIGNS, {"outlet": outlet_id, "url": url})
    return frozenset(kind for row in rows for kind, _ in json.loads(row["signs"]))
