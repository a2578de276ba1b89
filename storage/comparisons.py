"""A known article seen again: what is held of it, and how the new look compares with it.

An edit by the outlet is told from two captures that one reader has read. Which of the stored ones
is the earlier of the two, and what may be said without it, is found out here; reading it again
and comparing is the work of others.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from sqlite3 import Row

from storage import article_mentions
from storage.article_rows import ReadAs, content_hash
from storage.connection import Connection
from storage.identity import Arrival
from storage.models import CapturePlace, FetchRecord, Reading
from storage.reasons import ANOTHER_PAGE
from storage.rows import dump
from storage.times import decode_time, encode_optional, encode_time

_CURRENT = "SELECT * FROM fetches WHERE id = ?"
_AT_ADDRESS = """
SELECT f.* FROM outcomes o JOIN fetches f ON f.id = o.fetch_id
WHERE o.article_id = :article AND f.capture_file IS NOT NULL
  AND (f.url = :url OR f.final_url = :final_url)
  AND NOT EXISTS (SELECT 1 FROM json_each(:another) WHERE instr(o.reason, value) = 1)
ORDER BY f.fetched_at DESC, f.id DESC LIMIT 1
"""
_NOT_MODIFIED = """
SELECT max(f.fetched_at) FROM outcomes o JOIN fetches f ON f.id = o.fetch_id
WHERE o.article_id = ?  -- "not modified", or the same bytes, which were not captured again
  AND (f.status = 304 OR f.capture_file IS NULL AND f.capture_removed_at IS NULL)
"""
_OTHER_WATCHLISTS = "SELECT 1 FROM actors WHERE watched_since > ? LIMIT 1"


@dataclass(frozen=True, slots=True)
class EarlierLook:
    """What is held of a known article whose page was read again.

    `place` is the capture to compare with: of the latest look at the same address, since other
    addresses of an article (a print view) show it differently. `stored` is what is held, read by
    whatever reader and matched with whatever watchlists there were.
    """

    article_id: int
    version: int
    fetch_id: int | None  # of the capture that `stored` was read from
    held_at: datetime  # … and when that was made
    same_address: bool  # False: `stored` was read at another one
    stored: Reading
    text_kept: bool
    same_watchlists: bool
    place: CapturePlace | None = None
    fetched_at: datetime | None = None  # when the capture at `place` was made
    compared_id: int | None = None  # its fetch

    def is_same_reading(self, reading: Reading) -> bool:
        """Whether the same reader found these very words: there is nothing to compare."""
        return self.stored.content_hash == content_hash(reading) and self.is_same_reader(reading)

    def is_same_reader(self, reading: Reading) -> bool:
        """Whether what is held was read by the reader and template that read this."""
        return _key(self.stored) == _key(reading)


@dataclass(frozen=True, slots=True)
class Compared:
    """How a look compares with the earlier one, told by whoever had both read by one reader.

    `look` is what was held then; None: the article was not known. Changed are headline and text
    where more than noise differs. `earlier` is the earlier capture as it is read now; without it
    nothing is known of the outlet's doings. `keep` says that what is held stays, and `reason` why
    the look is no version, in words for a person.
    """

    look: EarlierLook | None = None
    earlier: Reading | None = None
    headline: bool = False
    text: bool = False
    keep: bool = False
    reason: str = ""
    actors: bool = True  # both were matched with the same watchlists

    @property
    def changed(self) -> bool:
        """Whether the outlet edited the article between the two looks."""
        return self.earlier is not None and (self.headline or self.text)

    def is_of(self, before: Row) -> bool:
        """Whether the article is still as it was when it was compared."""
        look = self.look
        held = (before["id"], before["version"], before["fetch_id"])
        return look is not None and (look.article_id, look.version, look.fetch_id) == held


def earlier_look(db: Connection, before: Row, fetch: FetchRecord, matched_at: str) -> EarlierLook:
    """What is held of an article, and the capture that a new fetch of it compares with."""
    current = db.one(_CURRENT, (before["fetch_id"],))
    same_address = current is None or _is_at(current, fetch)
    row = current if same_address else _latest_at(db, before["id"], fetch)
    captured = row is not None and row["capture_file"] is not None
    return EarlierLook(
        article_id=before["id"],
        version=before["version"],
        fetch_id=before["fetch_id"],
        held_at=decode_time(before["fetched_at"]),
        same_address=same_address,
        stored=stored_reading(db, before),
        text_kept=bool(before["text_kept"]),
        same_watchlists=same_watchlists(db, before["matched_at"], matched_at),
        place=_place(row) if row is not None and captured else None,
        fetched_at=decode_time(row["fetched_at"]) if row is not None else None,
        compared_id=row["id"] if row is not None else None,
    )


def stored_reading(db: Connection, before: Row) -> Reading:
    """What is held of an article's words, as a reading."""
    return Reading(
        url=before["url"],
        final_url=before["final_url"],
        outcome=None,
        headline=before["headline"],
        text=before["text"],
        language=before["language"],
        text_complete=bool(before["text_complete"]),
        mentions=article_mentions.stored(db, before["id"]),
        content_hash=before["content_hash"],
        reader_version=before["reader_version"],
        template_id=before["template_id"],
    )


def by_hash(db: Connection, before: Row, reading: Reading, matched_at: str) -> Compared:
    """How a reading compares with what is held, where nobody compared the captures.

    Any difference of the words counts, noise too. Read by another reader, it tells nothing.
    """
    stored = stored_reading(db, before)
    if _key(stored) != _key(reading) or stored.content_hash == content_hash(reading):
        return Compared()
    headline = stored.headline != reading.headline
    text = stored.text != reading.text if before["text_kept"] else not headline
    actors = same_watchlists(db, before["matched_at"], matched_at)
    return Compared(earlier=stored, headline=headline, text=text, actors=actors)


def same_watchlists(db: Connection, before: str, after: str) -> bool:
    """Whether what was matched at these two times was matched with the same forms of actors."""
    earliest = min(before, after)
    return bool(earliest) and db.one(_OTHER_WATCHLISTS, (earliest,)) is None


def why_kept(before: Row, arrival: Arrival, told: Compared) -> str:
    """Why what is held stays as it is, whatever the new look showed; empty where it does not."""
    if before["text_complete"] and not arrival.reading.text_complete:
        return "only a part could be read; the whole text that we hold was kept"
    if encode_time(arrival.fetch.fetched_at) < before["fetched_at"]:
        return "an earlier look than the one that we hold"
    return told.reason if told.keep else ""


def evidence(
    db: Connection, before: Row, read_as: ReadAs, told: Compared
) -> tuple[datetime, dict[str, object]]:
    """When the earlier state was seen last (also as "not modified"), and what an edit rests on."""
    look, reading = told.look, read_as.reading
    compared_at = encode_optional(look.fetched_at) if look else None
    compared_id = look.compared_id if look else None
    not_modified: str | None = db.value(_NOT_MODIFIED, (before["id"],))
    since = max(compared_at or before["fetched_at"], not_modified or "")
    return decode_time(since), {
        "fetches": [compared_id or before["fetch_id"], read_as.fetch_id],
        "reader_version": reading.reader_version,
        "template_id": reading.template_id,
    }


def _key(reading: Reading) -> tuple[str, str | None]:
    return reading.reader_version, reading.template_id


def _is_at(row: Row, fetch: FetchRecord) -> bool:
    final = fetch.final_url is not None and row["final_url"] == fetch.final_url
    return bool(row["url"] == fetch.url or final)


def _latest_at(db: Connection, article_id: int, fetch: FetchRecord) -> Row | None:
    """The latest look there that showed the article, and not another page in its place."""
    where = {"article": article_id, "url": fetch.url, "final_url": fetch.final_url}
    return db.one(_AT_ADDRESS, {**where, "another": dump(ANOTHER_PAGE)})


def _place(row: Row) -> CapturePlace:
    return CapturePlace(row["capture_file"], row["capture_offset"], row["capture_length"])
