"""Articles: saved with all that belongs to them in one transaction, read again, looked up."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from sqlite3 import Row
from typing import Literal

from storage import (
    article_mentions,
    article_rows,
    article_view,
    books,
    comparisons,
    credits,
    edit_events,
    edits,
    health,
    identity,
    layout_samples,
    same_text,
    verdicts,
)
from storage.article_rows import ReadAs
from storage.books import End, FetchOf
from storage.comparisons import Compared, EarlierLook
from storage.connection import Connection
from storage.edits import Edit
from storage.errors import SeenMeanwhile
from storage.identity import Alias, Arrival
from storage.models import (
    STORED,
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
_SAME_TEXT = "the same article under another address; what is held of it stays"
_BATCH = 200
_CAPTURES = """
SELECT a.id, a.url, t.final_url, a.outlet_id, t.reader_version, f.fetched_at,
       f.capture_file, f.capture_offset, f.capture_length, coalesce(c.hints, '{}') AS hints,
       f.id AS fetch_id, a.version, t.template_id, a.version > 1 AS has_history
FROM articles a
CROSS JOIN article_texts t ON t.article_id = a.id
CROSS JOIN fetches f ON f.id = t.fetch_id
LEFT JOIN candidates c ON c.id = f.candidate_id
WHERE a.id > :after AND f.capture_file IS NOT NULL
  AND (:all OR a.outlet_id IN (SELECT value FROM json_each(:outlets)))
  AND (:since IS NULL OR f.fetched_at >= :since)
ORDER BY a.id LIMIT :batch
"""
_HISTORY = """
SELECT a.id, a.url, coalesce(f.final_url, f.url) AS final_url, a.outlet_id, v.reader_version,
       f.fetched_at, f.capture_file, f.capture_offset, f.capture_length,
       coalesce(c.hints, '{}') AS hints, f.id AS fetch_id, v.version, v.template_id,
       1 AS has_history
FROM article_versions v
JOIN articles a ON a.id = v.article_id
JOIN fetches f ON f.id = v.fetch_id
LEFT JOIN candidates c ON c.id = f.candidate_id
WHERE v.article_id IN (SELECT value FROM json_each(?)) AND v.version < a.version
  AND f.capture_file IS NOT NULL
ORDER BY v.article_id, v.version
"""
_READ_BY = """
SELECT a.id, a.url, t.final_url, a.outlet_id, t.reader_version, f.fetched_at,
       f.capture_file, f.capture_offset, f.capture_length, coalesce(c.hints, '{}') AS hints,
       f.id AS fetch_id, a.version, t.template_id, a.version > 1 AS has_history
FROM runs r
CROSS JOIN fetches f ON f.run_id = r.id
CROSS JOIN candidates c ON c.id = f.candidate_id
CROSS JOIN article_texts t ON t.article_id = c.article_id AND t.fetch_id = f.id
CROSS JOIN articles a ON a.id = t.article_id
WHERE coalesce(r.ended_at, :since) >= :since AND f.fetched_at >= :since
  AND f.capture_file IS NOT NULL AND t.template_id = :template AND a.outlet_id = :outlet
ORDER BY a.id
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
    fetch_id: int
    version: int
    template_id: str | None  # by which it was read; None: the careful way
    has_history: bool = False  # whether the article has several versions


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
        earlier: Compared | None = None,
    ) -> Saved:
        """Save what was read off a candidate's page, and end the candidate; one transaction.

        A first reading is version 1. When any of the `aliases` or the candidate's own address
        belongs to an article of the outlet, the reading is of that article, and `earlier` says how
        it compares with the capture before it (`earlier_capture`): where the outlet edited the
        article, the earlier text and this one are versions, `stored_changed`; else this reading
        takes the place of the stored one, and is `unchanged`. Without `earlier`, another content
        counts as an edit where the stored one was read by the same reader. A reading without
        article leaves a stored one as it was. Raises SeenMeanwhile where another run has read the
        article since it was compared.
        """
        reading = article_rows.storable(reading)
        with self._db.write():
            owner = FetchOf(run_id, candidate.id, outcome=reading.outcome)
            fetch_id = books.insert_fetch(self._db, owner, fetch)
            matched_at = self._started(run_id)
            known_as = tuple(aliases)
            arrival = Arrival(run_id, candidate, reading, fetch, fetch_id, known_as, matched_at)
            saved, reason = self._store(arrival, earlier)
            self._db.update("fetches", fetch_id, {"outcome": saved.outcome})
            how = End(saved.outcome, reason, fetch.fetched_at, saved.article_id, fetch_id)
            books.end(self._db, run_id, candidate, how)
            if saved.article_id is not None:
                verdicts.lay(self._db, saved.article_id)
                self._count(run_id, candidate.outlet_id, reading, saved)
        return saved

    def earlier_capture(
        self,
        run_id: int,
        candidate: Candidate,
        reading: Reading,
        fetch: FetchRecord,
        aliases: Sequence[Alias] = (),
    ) -> EarlierLook | None:
        """What is held of the article that a page is of, and the capture to compare it with.

        None where no such article is known, or nothing was read. Nothing is written.
        """
        if reading.outcome is not None:
            return None
        matched_at = self._started(run_id)
        seen = Arrival(run_id, candidate, reading, fetch, 0, tuple(aliases), matched_at)
        article_id = identity.known_article(self._db, seen)
        if article_id is None:
            return None
        before = article_rows.current(self._db, article_id)
        return comparisons.earlier_look(self._db, before, fetch, matched_at)

    def reread(
        self,
        article_id: int,
        reading: Reading,
        matched_at: datetime | None = None,
        fetch_id: int | None = None,
    ) -> tuple[str, ...]:
        """Replace an article's reading by a better reader's; names the fields that changed.

        Never a version: the outlet changed nothing. A reading without article changes nothing.
        `matched_at` is the start of the job, which its actors are registered with; without it
        the article counts as matched when it was before. What a person judged is no change.
        `fetch_id` is the fetch whose capture was read: nothing changes where a run has read a
        newer one since. Raises KeyError when there is no such article.
        """
        reading = article_rows.storable(reading)
        with self._db.write():
            verdicts.lift(self._db, article_id)
            before = article_rows.current(self._db, article_id)
            overtaken = fetch_id not in (None, before["fetch_id"])
            if reading.outcome is not None or overtaken:
                verdicts.lay(self._db, article_id)
                return ()
            read_as = self._read_again(before, reading, matched_at)
            changed = article_rows.differences(self._db, before, read_as)
            article_rows.replace_reading(self._db, before, read_as)
            verdicts.lay(self._db, article_id)
            judged = verdicts.judged_fields(self._db, article_id)
        return tuple(name for name in changed if name not in judged)

    def reread_version(self, capture: StoredCapture, reading: Reading) -> None:
        """Have an earlier version say what a better reader reads off its capture.

        Versions compare where one reader has read them. What was not kept stays so, and so does
        what this reader cannot read whole.
        """
        if reading.outcome is not None or not reading.text_complete:
            return
        reading, version = article_rows.storable(reading), (capture.article_id, capture.version)
        with self._db.write():
            before = article_rows.current(self._db, capture.article_id)
            text = reading.text if before["text_kept"] else ""
            article_rows.set_version(self._db, version, reading, text)

    def history(self, article_ids: Collection[int]) -> list[StoredCapture]:
        """The captures that earlier versions of these articles were first seen in."""
        rows = self._db.all(_HISTORY, (dump(list(article_ids)),))
        return list(map(_capture_from, rows))

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

    def read_by(self, outlet_id: str, template_id: str, since: datetime) -> list[StoredCapture]:
        """The captures of an outlet, fetched since a time, that a template has read."""
        asked = {"outlet": outlet_id, "template": template_id, "since": encode_time(since)}
        return list(map(_capture_from, self._db.all(_READ_BY, asked)))

    def get(self, article_id: int) -> dict[str, object] | None:
        """All that is known of an article: text, mentions, versions, addresses, provenance."""
        return article_view.article(self._db, article_id)

    def find(self, url_or_id: str) -> dict[str, object] | None:
        """The article with this id, URL (any of its variants) or url_key."""
        return article_view.find(self._db, url_or_id)

    def _count(self, run_id: int, outlet_id: str, reading: Reading, saved: Saved) -> None:
        """Count how well the page was read, and keep a new article's to learn its layout from."""
        health.add(self._db, run_id, outlet_id, reading)
        if saved.article_id is not None and saved.outcome in STORED:
            layout_samples.add(self._db, outlet_id, saved.article_id)

    def _store(self, arrival: Arrival, earlier: Compared | None) -> tuple[Saved, str]:
        article_id = identity.known_article(self._db, arrival)
        reading = arrival.reading
        if reading.outcome is not None:
            # Its last good text stays; the candidate's end is all there is to tell.
            return Saved(reading.outcome), reading.reason
        if article_id is None and (twin := same_text.twin(self._db, arrival)):
            identity.add_addresses(self._db, twin, arrival, same_text=True)
            return Saved(Outcome.UNCHANGED, twin, self._copy_of(twin)), _SAME_TEXT
        if article_id is None:
            return self._store_new(arrival), reading.reason
        if identity.is_common_ground(self._db, article_id, arrival):
            return Saved(Outcome.NOT_ARTICLE), "led to a page that other headlines lead to as well"
        identity.add_addresses(self._db, article_id, arrival)
        return self._store_again(article_id, arrival, earlier)

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
        identity.add_addresses(self._db, article_id, arrival)
        copy_of = self._copy_of(article_id)
        outcome = Outcome.STORED_NEW if copy_of is None else Outcome.COPY
        return Saved(outcome, article_id, copy_of)

    def _store_again(
        self, article_id: int, arrival: Arrival, earlier: Compared | None
    ) -> tuple[Saved, str]:
        verdicts.lift(self._db, article_id)
        before = article_rows.current(self._db, article_id)
        if earlier is not None and not earlier.is_of(before):
            raise SeenMeanwhile(article_id)
        reading = _with_what_was_known(arrival.reading, before)
        arrival = replace(arrival, reading=reading)
        told = earlier or comparisons.by_hash(self._db, before, reading, arrival.matched_at)
        if kept := comparisons.why_kept(before, arrival, told):
            return Saved(Outcome.UNCHANGED, article_id, before["copy_of"]), kept
        said = [reading] if told.earlier is None else [reading, told.earlier]
        text_kept = any(self._keeps_text(before, one) for one in said)
        read_as = arrival.read_as(text_kept=text_kept)
        if told.changed:
            self._add_version(before, read_as, told)
        else:
            article_rows.replace_reading(self._db, before, read_as)
        outcome = Outcome.STORED_CHANGED if told.changed else Outcome.UNCHANGED
        return Saved(outcome, article_id, self._copy_of(article_id)), told.reason or reading.reason

    def _add_version(self, before: Row, read_as: ReadAs, told: Compared) -> None:
        """Keep both texts, and write down what the outlet changed in between."""
        assert told.earlier is not None, "a version is made of two readings"
        earlier = article_rows.storable(told.earlier)
        article_rows.add_version(self._db, before, read_as, earlier)
        since, evidence = comparisons.evidence(self._db, before, read_as, told)
        version = before["version"] + 1
        made = edit_events.Made(
            Edit(before["id"], version, "text", read_as.fetched_at, since, evidence=evidence),
            replace(told, earlier=earlier),
            read_as.reading,
            verdicts.confirmed(self._db, before["id"]),
        )
        for edit in edit_events.events(made):
            edits.record(self._db, edit)

    def _copy_of(self, article_id: int) -> int | None:
        sql = "SELECT copy_of FROM articles WHERE id = ?"
        copy_of: int | None = self._db.value(sql, (article_id,))
        return copy_of

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
    if "byline" in kept and reading.credit is None:
        kept["credit"] = credits.of_byline(before["credit_evidence"])
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
        fetch_id=row["fetch_id"],
        version=row["version"],
        template_id=row["template_id"],
        has_history=bool(row["has_history"]),
    )
