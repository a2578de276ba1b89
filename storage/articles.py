"""Articles: saved with all that belongs to them in one transaction, read again, looked up."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from sqlite3 import Row
from typing import Literal

from storage import article_mentions, article_rows, article_view, books, identity, verdicts
from storage.article_rows import ReadAs
from storage.books import End, FetchOf
from storage.connection import Connection
from storage.identity import Alias, Arrival
from storage.models import (
    Candidate,
    CapturePlace,
    FetchRecord,
    Hints,
    Mention,
    Outcome,
    Reading,
    Saved,
)
from storage.rows import dump, load_hints
from storage.times import decode_time, encode_optional, encode_time, utc_now

Keep = Literal["all", "mentions"]
"""Whose text is kept: every article's, or that of articles which count for actors or terms."""
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
_TEXTS = """
SELECT a.id, a.outlet_id, a.language, a.headline, t.text, a.text_kept
FROM articles a CROSS JOIN article_texts t ON t.article_id = a.id
WHERE a.id > ? ORDER BY a.id LIMIT ?
"""


@dataclass(frozen=True, slots=True)
class StoredText:
    """What there is to look for actors in; an empty text where it was not kept."""

    article_id: int
    outlet_id: str
    language: str
    headline: str
    text: str
    text_kept: bool


@dataclass(frozen=True, slots=True)
class Rematched:
    """The actors that an article counts for now and did not before, and the other way round."""

    added: frozenset[str]
    removed: frozenset[str]


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


class ArticleStore:
    """The articles, each one canonical document of one outlet, with all its versions."""

    def __init__(
        self,
        db: Connection,
        *,
        clock: Callable[[], datetime] = utc_now,
        keep: Keep = "all",
    ) -> None:
        """With keep = "mentions", the text of an article that counts for nobody is not kept.

        Its headline, addresses, counts, hashes and fingerprint are, so it is known, recognised
        as a copy or an edit, and counted as any other. What was kept once stays kept. Captures
        are not touched: reading them again brings a text back when the watchlists grow.
        """
        self._db = db
        self._clock = clock
        self._keep = keep

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
            matched_at = self._started(run_id)
            known_as = tuple(aliases)
            arrival = Arrival(run_id, candidate, reading, fetch, fetch_id, known_as, matched_at)
            saved, reason = self._store(arrival)
            self._db.update("fetches", fetch_id, {"outcome": saved.outcome})
            how = End(saved.outcome, reason, fetch.fetched_at, saved.article_id, fetch_id)
            books.end(self._db, run_id, candidate, how)
            if saved.article_id is not None:
                verdicts.lay(self._db, saved.article_id)
        return saved

    def reread(
        self, article_id: int, reading: Reading, matched_at: datetime | None = None
    ) -> tuple[str, ...]:
        """Replace an article's reading by a better reader's; names the fields that changed.

        Never a version: the outlet changed nothing. A reading without article changes nothing.
        `matched_at` is the start of the job, which its actors are registered with; without it
        the article counts as matched when it was before. What a person judged is no change.
        Raises KeyError when there is no such article.
        """
        reading = article_rows.storable(reading)
        with self._db.write():
            verdicts.lift(self._db, article_id)
            before = article_rows.current(self._db, article_id)
            if reading.outcome is not None:
                verdicts.lay(self._db, article_id)
                return ()
            read_as = self._read_again(before, reading, matched_at)
            changed = article_rows.differences(self._db, before, read_as)
            article_rows.replace_reading(self._db, before, read_as)
            verdicts.lay(self._db, article_id)
            judged = verdicts.judged_fields(self._db, article_id)
        return tuple(name for name in changed if name not in judged)

    def texts(self, after_id: int = 0) -> Iterator[StoredText]:
        """Headlines and texts by article id, from after `after_id` on.

        Read in batches, so that the caller may write between two of them.
        """
        while rows := self._db.all(_TEXTS, (after_id, _BATCH)):
            yield from map(_text_from, rows)
            after_id = rows[-1]["id"]

    def rematch(
        self, article_id: int, mentions: Sequence[Mention], matched_at: datetime
    ) -> Rematched:
        """Replace an article's mentions by those that today's watchlists find in it.

        `matched_at` is the start of the job, which its actors are registered with. Judgements
        hold, and the search finds the article by today's folding. Without a text only the
        headline can be matched: what was found in the text stays, and so does `matched_at`.
        Raises KeyError when there is no such article.
        """
        with self._db.write():
            before = article_rows.current(self._db, article_id)
            counted = article_mentions.counted(self._db, article_id)
            fields = article_mentions.FIELDS if before["text_kept"] else ("headline",)
            if not article_mentions.are(self._db, article_id, mentions, fields):
                article_mentions.write(self._db, article_id, mentions, fields)
                article_mentions.update_keep_rule(self._db, article_id)
                verdicts.lay(self._db, article_id)
            if before["text_kept"]:
                self._db.update("articles", article_id, {"matched_at": encode_time(matched_at)})
            article_rows.refresh_index(self._db, before)
            now = article_mentions.counted(self._db, article_id)
        return Rematched(added=now - counted, removed=counted - now)

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

    def _store(self, arrival: Arrival) -> tuple[Saved, str]:
        article_id = identity.known_article(self._db, arrival)
        reading = arrival.reading
        if reading.outcome is not None:
            # Its last good text stays; the candidate's end is all there is to tell.
            return Saved(reading.outcome), reading.reason
        if article_id is None:
            return self._store_new(arrival), reading.reason
        if identity.is_common_ground(self._db, article_id, arrival):
            return Saved(Outcome.NOT_ARTICLE), "led to a page that other headlines lead to as well"
        self._add_urls(article_id, arrival)
        return self._store_again(article_id, arrival)

    def _store_new(self, arrival: Arrival) -> Saved:
        candidate = arrival.candidate
        sql = "SELECT found_at FROM candidates WHERE id = ?"
        first_seen_at = self._db.value(sql, (candidate.id,))
        if first_seen_at is None:
            raise ValueError(f"{candidate.url} was never recorded as a candidate")
        address = article_rows.Address(
            candidate.outlet_id, candidate.url_key, candidate.url, first_seen_at
        )
        text_kept = self._keep == "all" or bool(arrival.reading.keep_rule)
        read_as = arrival.read_as(text_kept=text_kept)
        article_id = article_rows.insert_article(self._db, address, read_as)
        self._add_urls(article_id, arrival)
        copy_of = self._copy_of(article_id)
        outcome = Outcome.STORED_NEW if copy_of is None else Outcome.COPY
        return Saved(outcome, article_id, copy_of)

    def _store_again(self, article_id: int, arrival: Arrival) -> tuple[Saved, str]:
        verdicts.lift(self._db, article_id)
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
        store(self._db, before, arrival.read_as(text_kept=self._keeps_text(before, reading)))
        outcome = Outcome.STORED_CHANGED if edited else Outcome.UNCHANGED
        return Saved(outcome, article_id, self._copy_of(article_id)), reading.reason

    def _copy_of(self, article_id: int) -> int | None:
        sql = "SELECT copy_of FROM articles WHERE id = ?"
        copy_of: int | None = self._db.value(sql, (article_id,))
        return copy_of

    def _add_urls(self, article_id: int, arrival: Arrival) -> None:
        candidate = arrival.candidate
        own = (candidate.url_key, candidate.url, "found")
        for alias in (own, *arrival.aliases):
            article_rows.add_url(
                self._db, article_id, (candidate.outlet_id, alias, arrival.fetch.fetched_at)
            )

    def _read_again(self, before: Row, reading: Reading, matched_at: datetime | None) -> ReadAs:
        return ReadAs(
            reading,
            before["fetch_id"],
            decode_time(before["fetched_at"]),
            encode_optional(matched_at) or before["matched_at"],
            self._keeps_text(before, reading),
        )

    def _keeps_text(self, before: Row, reading: Reading) -> bool:
        """Whether a text is kept; one that was kept once is not given up by a later reading."""
        if self._keep == "all" or before["text_kept"]:
            return True
        return bool(verdicts.counted_rule(self._db, before["id"], reading))

    def _started(self, run_id: int) -> str:
        """When the run began: its watchlists are those of that moment."""
        return str(self._db.value("SELECT started_at FROM runs WHERE id = ?", (run_id,)))


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


def _text_from(row: Row) -> StoredText:
    return StoredText(
        article_id=row["id"],
        outlet_id=row["outlet_id"],
        language=row["language"],
        headline=row["headline"],
        text=row["text"],
        text_kept=bool(row["text_kept"]),
    )


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
