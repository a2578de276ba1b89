"""Articles: saved with all that belongs to them in one transaction, read again, looked up."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from sqlite3 import Row

from storage import article_rows, article_view, books
from storage.article_rows import ReadAs
from storage.books import End, FetchOf
from storage.connection import Connection
from storage.models import (
    Candidate,
    CapturePlace,
    FetchRecord,
    Hints,
    Outcome,
    Reading,
    Saved,
)
from storage.rows import dump, load_hints
from storage.text import fold
from storage.times import decode_time, encode_optional, utc_now

Alias = tuple[str, str, str]
"""Another address of the article: (url_key, url, kind); kind: final, canonical, redirect, amp …"""
FETCHED = frozenset({"found", "redirect"})
"""Kinds of addresses at which the article's page was seen with our own eyes."""
_OWNER = (
    "SELECT article_id, kind FROM article_urls WHERE url_key = ? AND outlet_id = ? "
    "ORDER BY kind IN ('found', 'redirect') DESC LIMIT 1"
)
_BATCH = 200
_CAPTURES = """
SELECT a.id, a.url, t.final_url, a.outlet_id, t.reader_version, f.fetched_at,
       f.capture_file, f.capture_offset, f.capture_length, coalesce(c.hints, '{}') AS hints
FROM articles a
CROSS JOIN article_texts t ON t.article_id = a.id
CROSS JOIN fetches f ON f.id = t.fetch_id
LEFT JOIN candidates c ON c.id = f.candidate_id
WHERE a.id > :after AND f.capture_file IS NOT NULL
  AND (:all OR a.outlet_id IN (SELECT value FROM json_each(:outlets)))
  AND (:since IS NULL OR f.fetched_at >= :since)
ORDER BY a.id LIMIT :batch
"""


@dataclass(frozen=True, slots=True)
class StoredCapture:
    """The evidence an article was read from: enough to read it again."""

    article_id: int
    url: str
    final_url: str
    outlet_id: str
    hints: Hints
    fetched_at: datetime
    place: CapturePlace
    reader_version: str


@dataclass(frozen=True, slots=True)
class _Arrival:
    """A reading on its way into the database."""

    run_id: int
    candidate: Candidate
    reading: Reading
    fetch: FetchRecord
    fetch_id: int
    aliases: tuple[Alias, ...]

    def read_as(self) -> ReadAs:
        """The reading with the capture it came from."""
        return ReadAs(self.reading, self.fetch_id, self.fetch.fetched_at)


class ArticleStore:
    """The articles, each one canonical document of one outlet, with all its versions."""

    def __init__(self, db: Connection, *, clock: Callable[[], datetime] = utc_now) -> None:
        self._db = db
        self._clock = clock

    def save(
        self,
        run_id: int,
        candidate: Candidate,
        reading: Reading,
        fetch: FetchRecord,
        aliases: Sequence[Alias] = (),
    ) -> Saved:
        """Save what was read off a candidate's page, and end the candidate; one transaction.

        A first reading is version 1. Another content read by the same reader version is an edit
        by the outlet: a new version, `stored_changed`. Another content read by another reader
        version says nothing about the outlet: it replaces the reading and is `unchanged`. When
        any of the `aliases` or the candidate's own address belongs to an article of the outlet,
        the reading is of that article. A reading without article leaves a stored one as it was.
        """
        reading = article_rows.storable(reading)
        with self._db.write():
            owner = FetchOf(run_id, candidate.id, outcome=reading.outcome)
            fetch_id = books.insert_fetch(self._db, owner, fetch)
            arrival = _Arrival(run_id, candidate, reading, fetch, fetch_id, tuple(aliases))
            saved, reason = self._store(arrival)
            self._db.update("fetches", fetch_id, {"outcome": saved.outcome})
            how = End(saved.outcome, reason, fetch.fetched_at, saved.article_id, fetch_id)
            books.end(self._db, run_id, candidate, how)
            if saved.article_id is not None:
                self._count_under_its_day(saved.article_id)
        return saved

    def reread(self, article_id: int, reading: Reading) -> tuple[str, ...]:
        """Replace an article's reading by a better reader's; names the fields that changed.

        Never a version: the outlet changed nothing. A reading without article changes nothing.
        Raises KeyError when there is no such article.
        """
        reading = article_rows.storable(reading)
        with self._db.write():
            before = article_rows.current(self._db, article_id)
            if reading.outcome is not None:
                return ()
            changed = article_rows.differences(self._db, before, reading)
            fetched_at = decode_time(before["fetched_at"])
            article_rows.replace_reading(
                self._db, before, ReadAs(reading, before["fetch_id"], fetched_at)
            )
            self._count_under_its_day(article_id)
        return changed

    def captures(
        self,
        outlet_ids: Collection[str] | None = None,
        since: datetime | None = None,
        after_id: int = 0,
    ) -> Iterator[StoredCapture]:
        """The captures that articles were read from, by article id, from after `after_id` on.

        Read in batches, so that the caller may write between two of them.
        """
        parameters = {
            "all": outlet_ids is None,
            "outlets": dump(list(outlet_ids or ())),
            "since": encode_optional(since),
            "batch": _BATCH,
        }
        while rows := self._db.all(_CAPTURES, {**parameters, "after": after_id}):
            yield from map(_capture_from, rows)
            after_id = rows[-1]["id"]

    def get(self, article_id: int) -> dict[str, object] | None:
        """All that is known of an article: text, mentions, versions, addresses, provenance."""
        return article_view.article(self._db, article_id)

    def find(self, url_or_id: str) -> dict[str, object] | None:
        """The article with this id, URL (any of its variants) or url_key."""
        return article_view.find(self._db, url_or_id)

    def _store(self, arrival: _Arrival) -> tuple[Saved, str]:
        article_id = self._known_article(arrival)
        reading = arrival.reading
        if reading.outcome is not None:
            # Its last good text stays; the candidate's end is all there is to tell.
            return Saved(reading.outcome), reading.reason
        if article_id is None:
            return self._store_new(arrival), reading.reason
        if self._is_common_ground(article_id, arrival):
            return Saved(Outcome.NOT_ARTICLE), "led to a page that other headlines lead to as well"
        self._add_urls(article_id, arrival)
        return self._store_again(article_id, arrival)

    def _known_article(self, arrival: _Arrival) -> int | None:
        """The article that one of the page's addresses belongs to, its own address first.

        An address that was fetched is the article's. One that is only claimed (rel=canonical) is
        believed where text or headline are the same as well: some sites claim one section page
        for everything, and would shrink to a single article with many invented edits.
        """
        own = [(arrival.candidate.url_key, "found")]
        for key, kind in [*own, *((key, kind) for key, _, kind in arrival.aliases)]:
            row = self._db.one(_OWNER, (key, arrival.candidate.outlet_id))
            if row is None:
                continue
            fetched = kind in FETCHED and row["kind"] in FETCHED
            if fetched or self._same_words(row["article_id"], arrival.reading):
                return int(row["article_id"])
        return None

    def _same_words(self, article_id: int, reading: Reading) -> bool:
        """Whether an article has this very text or headline, however it is spelled."""
        sql = (
            "SELECT a.headline, f.exact FROM articles a "
            "LEFT JOIN fingerprints f ON f.article_id = a.id WHERE a.id = ?"
        )
        row = self._db.one(sql, (article_id,))
        assert row is not None, "addresses belong to articles"
        mark = reading.fingerprint
        if mark is not None and mark.exact == row["exact"]:
            return True
        return bool(reading.headline) and fold(row["headline"]) == fold(reading.headline)

    def _is_common_ground(self, article_id: int, arrival: _Arrival) -> bool:
        """Whether this address was redirected to a page that another one led to, and neither the
        feed nor the page gives them one headline: a notice or a front page, not an article."""
        told = fold(arrival.candidate.hints.headline or "")
        if not told or self._has_address(article_id, arrival.candidate.url_key):
            return False
        sql = "SELECT headline FROM articles WHERE id = ?"
        held = fold(str(self._db.value(sql, (article_id,))))
        return told not in held and held not in told and told not in fold(arrival.reading.headline)

    def _has_address(self, article_id: int, url_key: str) -> bool:
        sql = "SELECT 1 FROM article_urls WHERE article_id = ? AND url_key = ?"
        return self._db.value(sql, (article_id, url_key)) is not None

    def _store_new(self, arrival: _Arrival) -> Saved:
        candidate = arrival.candidate
        sql = "SELECT found_at FROM candidates WHERE id = ?"
        first_seen_at = self._db.value(sql, (candidate.id,))
        if first_seen_at is None:
            raise ValueError(f"{candidate.url} was never recorded as a candidate")
        address = article_rows.Address(
            candidate.outlet_id, candidate.url_key, candidate.url, first_seen_at
        )
        article_id = article_rows.insert_article(self._db, address, arrival.read_as())
        self._add_urls(article_id, arrival)
        copy_of = self._copy_of(article_id)
        outcome = Outcome.STORED_NEW if copy_of is None else Outcome.COPY
        return Saved(outcome, article_id, copy_of)

    def _store_again(self, article_id: int, arrival: _Arrival) -> tuple[Saved, str]:
        before = article_rows.current(self._db, article_id)
        if before["text_complete"] and not arrival.reading.text_complete:
            kept = Saved(Outcome.UNCHANGED, article_id, before["copy_of"])
            return kept, "only a part could be read; the whole text that we hold was kept"
        reading = _with_what_was_known(arrival.reading, before)
        arrival = replace(arrival, reading=reading)
        edited = (
            before["content_hash"] != article_rows.content_hash(reading)
            and before["reader_version"] == reading.reader_version
        )
        store = article_rows.add_version if edited else article_rows.replace_reading
        store(self._db, before, arrival.read_as())
        outcome = Outcome.STORED_CHANGED if edited else Outcome.UNCHANGED
        return Saved(outcome, article_id, self._copy_of(article_id)), reading.reason

    def _copy_of(self, article_id: int) -> int | None:
        sql = "SELECT copy_of FROM articles WHERE id = ?"
        copy_of: int | None = self._db.value(sql, (article_id,))
        return copy_of

    def _add_urls(self, article_id: int, arrival: _Arrival) -> None:
        candidate = arrival.candidate
        own = (candidate.url_key, candidate.url, "found")
        for alias in (own, *arrival.aliases):
            article_rows.add_url(
                self._db, article_id, (candidate.outlet_id, alias, arrival.fetch.fetched_at)
            )

    def _count_under_its_day(self, article_id: int) -> None:
        sql = "SELECT published_day FROM articles WHERE id = ?"
        books.move_to_day(self._db, article_id, self._db.value(sql, (article_id,)))


def _with_what_was_known(reading: Reading, before: Row) -> Reading:
    """Facts that an earlier fetch knew (from a feed, perhaps) and this one does not contradict."""
    kept = {
        name: before[name]
        for name in ("byline", "section", "image_url")
        if getattr(reading, name) is None
    }
    reading = replace(reading, **kept)
    if reading.published_at is not None or before["published_at"] is None:
        return reading
    return article_rows.with_date_of(reading, before)


def _capture_from(row: Row) -> StoredCapture:
    return StoredCapture(
        article_id=row["id"],
        url=row["url"],
        final_url=row["final_url"],
        outlet_id=row["outlet_id"],
        hints=load_hints(row["hints"]),
        fetched_at=decode_time(row["fetched_at"]),
        place=CapturePlace(row["capture_file"], row["capture_offset"], row["capture_length"]),
        reader_version=row["reader_version"],
    )
