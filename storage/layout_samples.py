"""The newest articles of each outlet, whose captures its layout is learned from.

Only their numbers are kept here; the pages lie in the captures, for as long as those are kept.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from sqlite3 import Row

from storage.connection import Connection
from storage.models import CapturePlace, Precision, Reading
from storage.times import decode_optional, decode_time, encode_optional

KEPT = 40
"""Articles of one outlet that are remembered."""

_FORGET = """
DELETE FROM layout_samples WHERE outlet_id = :outlet AND article_id <= (
  SELECT article_id FROM layout_samples WHERE outlet_id = :outlet
  ORDER BY article_id DESC LIMIT 1 OFFSET :kept)
"""
# A judged value is not what the page says.
_NEWEST = """
SELECT a.id, a.url, a.headline, a.language, a.published_at, a.published_precision, a.text_kept, t.*,
  f.fetched_at AS captured_at, f.capture_file, f.capture_offset, f.capture_length,
  EXISTS (SELECT 1 FROM overruled o WHERE o.article_id = a.id) AS judged
FROM layout_samples s
CROSS JOIN articles a ON a.id = s.article_id
CROSS JOIN article_texts t ON t.article_id = a.id
CROSS JOIN fetches f ON f.id = t.fetch_id
WHERE s.outlet_id = :outlet AND f.capture_file IS NOT NULL
  AND (:since IS NULL OR f.fetched_at > :since)
ORDER BY f.fetched_at DESC, a.id DESC LIMIT :most
"""


@dataclass(frozen=True, slots=True)
class Sample:
    """A captured page, and what the careful way has read off it where that is known."""

    article_id: int
    place: CapturePlace
    fetched_at: datetime
    reading: Reading | None = None


def add(db: Connection, outlet_id: str, article_id: int) -> None:
    """Remember an article, within the transaction that stores it; the oldest is forgotten."""
    db.execute("INSERT OR IGNORE INTO layout_samples VALUES (?, ?)", (outlet_id, article_id))
    db.execute(_FORGET, {"outlet": outlet_id, "kept": KEPT})


def newest(
    db: Connection, outlet_id: str, most: int, since: datetime | None = None
) -> list[Sample]:
    """The newest captured articles of an outlet, fetched after a time, newest first.

    What was fetched in the very second of a change may be of either layout, and is left out.
    """
    asked = {"outlet": outlet_id, "most": most, "since": encode_optional(since)}
    return [_sample(row) for row in db.all(_NEWEST, asked)]


def _sample(row: Row) -> Sample:
    known = row["template_id"] is None and row["text_kept"] and not row["judged"]
    return Sample(
        article_id=row["id"],
        place=CapturePlace(row["capture_file"], row["capture_offset"], row["capture_length"]),
        fetched_at=decode_time(row["captured_at"]),
        reading=_reading(row) if known else None,
    )


def _reading(row: Row) -> Reading:
    return Reading(
        url=row["url"],
        final_url=row["final_url"],
        outcome=None,
        canonical_url=row["canonical_url"],
        headline=row["headline"],
        text=row["text"],
        language=row["language"],
        byline=row["byline"],
        section=row["section"],
        image_url=row["image_url"],
        published_at=decode_optional(row["published_at"]),
        published_precision=Precision(row["published_precision"]),
        published_raw=row["published_raw"],
        text_complete=bool(row["text_complete"]),
        reader_version=row["reader_version"],
    )
