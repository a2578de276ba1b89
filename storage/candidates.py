"""Candidates: found by a visit or named by a person, handed to runs, and ended without article."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from sqlite3 import Row

from storage import books, chains, identity, known_urls, looks, ways
from storage.books import End, FetchOf
from storage.connection import Connection
from storage.finding import VISITED, Follow, Visit, VisitResult, Way
from storage.models import (
    FAILED,
    PENDING,
    STORED,
    Candidate,
    CapturePlace,
    FetchRecord,
    FoundBy,
    Outcome,
)
from storage.rows import candidate_from, dump, dump_hints
from storage.times import (
    decode_time,
    encode_optional,
    encode_time,
    local_day,
    utc_now,
)

# Pending, in nobody's hands that still work, and not yet tried by this very run.
_FREE = """
SELECT c.*, row_number() OVER (PARTITION BY c.outlet_id ORDER BY c.id) AS place
FROM candidates c LEFT JOIN runs r ON r.id = c.claimed_by
WHERE c.state = 'pending'
  AND c.outlet_id IN (SELECT value FROM json_each(:outlets))
  AND (c.claimed_by IS NULL OR r.status != 'running')
  AND NOT EXISTS (SELECT 1 FROM outcomes o WHERE o.run_id = :run AND o.candidate_id = c.id)
"""
_UNREAD = frozenset(
    {Outcome.NO_TEXT, Outcome.NOT_ARTICLE, Outcome.UNREADABLE, Outcome.READER_FAILED}
)
_CAPTURED = """
SELECT c.*, max(f.id) AS fetch_id, f.url AS fetch_url, f.final_url, f.fetched_at, f.status,
       f.elapsed, f.wire_bytes, f.payload_sha256, f.ip, f.tls_verified,
       f.capture_file, f.capture_offset, f.capture_length
FROM candidates c JOIN fetches f ON f.candidate_id = c.id
WHERE c.state = 'done' AND c.article_id IS NULL AND f.capture_file IS NOT NULL
  AND c.last_outcome IN (SELECT value FROM json_each(:ends))
  AND (:all OR c.outlet_id IN (SELECT value FROM json_each(:outlets)))
  AND (:since IS NULL OR f.fetched_at >= :since)
GROUP BY c.id ORDER BY c.id
"""
# A subquery, because a window's row_number cannot be used in its own WHERE.
_CLAIMABLE = f"SELECT * FROM ({_FREE}) WHERE place <= :most ORDER BY id"  # noqa: S608
_NO_LIMIT = 2**62


@dataclass(frozen=True, slots=True)
class UnreadCapture:
    """A candidate without an article, and the fetch whose capture may be read again."""

    candidate: Candidate
    fetch: FetchRecord


@dataclass(frozen=True, slots=True)
class _Sight:
    """The moment in which candidates come to us: which run, through which way, when."""

    run_id: int
    at: datetime
    way_id: int | None = None
    back_to: datetime | None = None  # found until then, a candidate was known before this visit


@dataclass(frozen=True, slots=True)
class Leads:
    """What a visit leads to: follow-up visits, repairs if it shows a gap, a sitemap's memory."""

    follows: tuple[Follow, ...] = ()
    repairs: tuple[Follow, ...] = ()
    keys: bytes | None = None  # undated entries of a sitemap; see `sitemap_keys`


NO_LEADS = Leads()


class CandidateStore:
    """URLs somebody found, and what has become of each."""

    def __init__(self, db: Connection, *, clock: Callable[[], datetime] = utc_now) -> None:
        self._db = db
        self._clock = clock

    def ways(self, outlet_ids: Collection[str]) -> dict[tuple[str, str], Way]:
        """The ways of these outlets that were ever visited, by (outlet id, URL)."""
        return ways.load(self._db, outlet_ids)

    def record_visit(
        self,
        run_id: int,
        visit: Visit,
        candidates: Sequence[Candidate],
        fetch: FetchRecord | None = None,
        leads: Leads = NO_LEADS,
    ) -> VisitResult:
        """Store a visit: validators, tallies, fetch, and its new candidates, handed to the run.

        A candidate is fresh when its URL was never seen, or when this same way says something
        else of it than last time (an edit) and it is not waiting anyway. The others are `known`.
        With it goes what it leads to, and what it tells of coverage; see `storage.chains`.
        """
        unique = list(_once(candidates))
        with self._db.write():
            sight = self._sight(run_id, visit)
            overlap, trusted = self._overlap(sight, visit, unique)
            met = [self._meet(sight, candidate) for candidate in unique]
            fresh = tuple(candidate for candidate in met if candidate is not None)
            known = len(candidates) - len(fresh)
            visit_id = self._insert_visit(sight, visit, (len(fresh), known), overlap)
            if fetch is not None:
                books.insert_fetch(self._db, FetchOf(run_id, visit_id=visit_id), fetch)
            went = self._lead_on(sight, visit, (visit_id, overlap, trusted), leads)
        return VisitResult(visit_id, fresh, known, overlap, went.follows, went.gap_id)

    def _sight(self, run_id: int, visit: Visit) -> _Sight:
        """The visit's way, brought up to date, and what the visit has to come back to."""
        looks.set_right(self._db, ways.find(self._db, visit.outlet_id, visit.url), visit.at)
        before = ways.find(self._db, visit.outlet_id, visit.url)
        known_to = looks.known_to(self._db, before, visit.at)
        back_to = chains.back_to(self._db, visit, known_to)
        return _Sight(run_id, visit.at, ways.remember(self._db, visit), back_to)

    def _lead_on(
        self, sight: _Sight, visit: Visit, saved: tuple[int, bool | None, bool], leads: Leads
    ) -> chains.Advanced:
        assert sight.way_id is not None, "a visit is to a way"
        visit_id, overlap, trusted = saved
        if leads.keys is not None:
            ways.keep_keys(self._db, sight.way_id, leads.keys)
        led_to = (leads.follows, leads.repairs)
        shown = chains.Shown(sight.way_id, overlap, *led_to, sight.back_to, trusted)
        return chains.advance(self._db, visit, visit_id, shown)

    def open_follows(self, outlet_ids: Collection[str]) -> list[Follow]:
        """The follow-up visits of these outlets that earlier visits asked for."""
        return chains.open_follows(self._db, outlet_ids)

    def note_switched(self, on: Mapping[str, Collection[str]]) -> None:
        """Keep which ways of these outlets are on, as outlet id -> addresses."""
        with self._db.write():
            ways.note_switched(self._db, on, self._clock())

    def sitemap_keys(self, outlet_id: str, url: str) -> bytes | None:
        """The undated entries that a sitemap listed at the last look; see `Leads`."""
        return ways.keys(self._db, outlet_id, url)

    def claim_pending(
        self, run_id: int, outlet_ids: Collection[str], per_outlet: int | None = None
    ) -> list[Candidate]:
        """Hand the run what earlier runs left: oldest first, at most `per_outlet` of an outlet."""
        with self._db.write():
            rows = self._db.all(
                _CLAIMABLE,
                {
                    "outlets": dump(list(outlet_ids)),
                    "run": run_id,
                    "most": _NO_LIMIT if per_outlet is None else per_outlet,
                },
            )
            claimed = [candidate_from(row) for row in rows]
            self._claim_all(run_id, claimed, "carried")
        return claimed

    def claim_unread(
        self, run_id: int, outlet_ids: Collection[str] | None = None, since: datetime | None = None
    ) -> list[UnreadCapture]:
        """Hand the run what was captured and could not be read, to be read again from evidence.

        Only candidates without an article, each with its newest capture.
        """
        parameters = {
            "ends": dump(sorted(_UNREAD)),
            "all": outlet_ids is None,
            "outlets": dump(list(outlet_ids or ())),
            "since": encode_optional(since),
        }
        with self._db.write():
            unread = [_unread_from(row) for row in self._db.all(_CAPTURED, parameters)]
            self._claim_all(run_id, [each.candidate for each in unread], "carried")
        return unread

    def add(self, run_id: int, candidates: Sequence[Candidate]) -> tuple[Candidate, ...]:
        """Hand the run URLs that a person named; they are read again even when known."""
        sight = _Sight(run_id, self._clock())
        with self._db.write():
            wanted = [self._want(sight, candidate) for candidate in _once(candidates)]
            added = tuple(candidate for candidate in wanted if candidate is not None)
            self._claim_all(run_id, added, "added")
        return added

    def finish(
        self,
        run_id: int,
        candidate: Candidate,
        outcome: Outcome,
        reason: str,
        fetch: FetchRecord | None = None,
    ) -> None:
        """End a candidate without an article (or `unchanged`, where none had to be read).

        Raises ValueError for outcomes that need a reading, NotClaimed for a foreign candidate.
        """
        if outcome in STORED or outcome is Outcome.KNOWN:
            raise ValueError(f"{outcome} is not an end without a reading")
        at = fetch.fetched_at if fetch else self._clock()
        with self._db.write():
            article_id = self._held_article(candidate, outcome)
            owner = FetchOf(run_id, candidate.id, outcome=outcome)
            fetch_id = books.insert_fetch(self._db, owner, fetch) if fetch else None
            how = End(outcome, reason, at, article_id, fetch_id)
            books.end(self._db, run_id, candidate, how)

    def retry(
        self, outcomes: Collection[Outcome], outlet_ids: Collection[str] | None = None
    ) -> int:
        """Make candidates that ended so pending again, with all their attempts; says how many."""
        refused = set(outcomes) - FAILED - PENDING
        if refused:
            raise ValueError(f"nothing to try again in {', '.join(sorted(refused))}")
        with self._db.write():
            cursor = self._db.execute(
                "UPDATE candidates SET state = 'pending', attempts = 0, claimed_by = NULL "
                "WHERE state = 'done' AND last_outcome IN (SELECT value FROM json_each(:ends)) "
                "AND (:all OR outlet_id IN (SELECT value FROM json_each(:outlets)))",
                {
                    "ends": dump(sorted(outcomes)),
                    "all": outlet_ids is None,
                    "outlets": dump(list(outlet_ids or ())),
                },
            )
        return cursor.rowcount

    def pending(self, outlet_ids: Collection[str] | None = None) -> dict[str, int]:
        """How many candidates wait, by outlet id."""
        rows = self._db.all(
            "SELECT outlet_id, count(*) AS n FROM candidates WHERE state = 'pending' "
            "AND (:all OR outlet_id IN (SELECT value FROM json_each(:outlets))) "
            "GROUP BY outlet_id ORDER BY outlet_id",
            {"all": outlet_ids is None, "outlets": dump(list(outlet_ids or ()))},
        )
        return {row["outlet_id"]: row["n"] for row in rows}

    def endings(self) -> Iterator[dict[str, object]]:
        """Every candidate: its `url`, last `outcome` and, where there is an article, its `text`."""
        cursor = self._db.execute(
            "SELECT c.url, c.last_outcome AS outcome, t.text FROM candidates c "
            "LEFT JOIN article_texts t ON t.article_id = c.article_id ORDER BY c.id"
        )
        return (dict(row) for row in cursor)

    def _held_article(self, candidate: Candidate, outcome: Outcome) -> int | None:
        if outcome is not Outcome.UNCHANGED:
            return None
        sql = "SELECT article_id FROM candidates WHERE id = ?"
        article_id: int | None = self._db.value(sql, (candidate.id,))
        if article_id is None:
            raise ValueError(f"{candidate.url} has no article that could be unchanged")
        return article_id

    def _claim_all(self, run_id: int, candidates: Sequence[Candidate], counter: str) -> None:
        for candidate in candidates:
            books.claim(self._db, run_id, candidate, self._clock())
        # S608: the counter is one of two literals above.
        sql = f"UPDATE runs SET {counter} = {counter} + ? WHERE id = ?"  # noqa: S608
        self._db.execute(sql, (len(candidates), run_id))

    def _meet(self, sight: _Sight, candidate: Candidate) -> Candidate | None:
        """The candidate with its id when it is fresh, now in the run's hands; else None."""
        row = self._row(candidate)
        if row is None:
            if identity.is_known(self._db, candidate):
                return None
            saved = self._insert(sight, candidate)
        elif self._is_edited(sight, candidate, row):
            saved = self._renew(candidate, row)
        else:
            return None
        self._note_sighting(sight, saved)
        books.claim(self._db, sight.run_id, saved, sight.at)
        return saved

    def _overlap(
        self, sight: _Sight, visit: Visit, candidates: Sequence[Candidate]
    ) -> tuple[bool | None, bool]:
        """Whether what a visit shows comes back to what was known at its `back_to`, and whether
        its dates may be trusted."""
        if sight.back_to is None or not candidates:
            return None, True
        asked = (candidates[0].outlet_id, {candidate.url_key for candidate in candidates})
        met = known_urls.met_before(self._db, *asked, sight.back_to, sight.run_id)
        if visit.chain is None and sight.way_id is not None:
            met = looks.without_edited(self._db, sight.way_id, met, candidates)
            when = (sight.way_id, sight.back_to)
            if looks.contradicted(self._db, when, met, candidates):
                return False, False
        told = [(each.url_key in met, each.hints.published_at) for each in candidates]
        return chains.overlaps(told), True

    def _is_edited(self, sight: _Sight, candidate: Candidate, row: Row) -> bool:
        """Whether this way words the entry differently than last time, and nobody is on to it."""
        sighted: str | None = self._db.value(
            "SELECT entry_hash FROM sightings WHERE candidate_id = ? AND way_id = ?",
            (row["id"], sight.way_id),
        )
        known = replace(candidate, id=row["id"])
        if not sighted:
            self._note_sighting(sight, known)
            return False
        if not candidate.entry_hash or sighted == candidate.entry_hash:
            return False
        if row["state"] == "pending":
            self._note_sighting(sight, known)
            return False
        # Ended in this very run: the sighting stays old, so that the next run sees the edit.
        return not books.was_claimed(self._db, sight.run_id, row["id"])

    def _note_sighting(self, sight: _Sight, candidate: Candidate) -> None:
        if sight.way_id is None:
            return
        self._db.upsert(
            "sightings",
            ("candidate_id", "way_id"),
            {
                "candidate_id": candidate.id,
                "way_id": sight.way_id,
                "entry_hash": candidate.entry_hash,
            },
        )

    def _want(self, sight: _Sight, candidate: Candidate) -> Candidate | None:
        """The candidate with its id, pending; None when this run has had it already."""
        row = self._row(candidate)
        if row is None:
            return self._insert(sight, candidate)
        if books.was_claimed(self._db, sight.run_id, row["id"]):
            return None
        return self._renew(candidate, row)

    def _insert(self, sight: _Sight, candidate: Candidate) -> Candidate:
        day = books.hinted_day(self._db, candidate)
        candidate_id = self._db.insert(
            "candidates",
            {
                "url_key": candidate.url_key,
                "outlet_id": candidate.outlet_id,
                "url": candidate.url,
                "found_by": candidate.found_by,
                "found_in": candidate.found_in,
                "found_at": encode_time(sight.at),
                "hints": dump_hints(candidate.hints),
                "entry_hash": candidate.entry_hash,
                "state": "pending",
                "day": day,
            },
        )
        books.mark_dirty(self._db, candidate.outlet_id, day)
        return replace(candidate, id=candidate_id)

    def _renew(self, candidate: Candidate, row: Row) -> Candidate:
        """Make a known candidate pending again; a person's bare URL keeps the finder's hints."""
        found = candidate if candidate.found_by is not FoundBy.MANUAL else candidate_from(row)
        self._db.update(
            "candidates",
            row["id"],
            {
                "hints": dump_hints(found.hints),
                "entry_hash": found.entry_hash,
                "state": "pending",
                "attempts": 0,
            },
        )
        if row["article_id"] is None:
            books.count_under(self._db, row, books.hinted_day(self._db, found))
        return replace(candidate, id=row["id"], hints=found.hints, entry_hash=found.entry_hash)

    def _row(self, candidate: Candidate) -> Row | None:
        sql = "SELECT * FROM candidates WHERE url_key = ? AND outlet_id = ?"
        return self._db.one(sql, (candidate.url_key, candidate.outlet_id))

    def _insert_visit(
        self, sight: _Sight, visit: Visit, tallies: tuple[int, int], overlap: bool | None
    ) -> int:
        fresh, known = tallies
        day = local_day(visit.at, books.timezone_of(self._db, visit.outlet_id))
        if visit.outcome not in VISITED:
            books.mark_dirty(self._db, visit.outlet_id, day)
        return self._db.insert(
            "visits",
            {
                "run_id": sight.run_id,
                "way_id": sight.way_id,
                "outlet_id": visit.outlet_id,
                "at": encode_time(visit.at),
                "day": day,
                "outcome": visit.outcome,
                "reason": visit.reason,
                "status": visit.status,
                "conditional": visit.conditional,
                "seen": fresh + known + visit.ignored,
                "fresh": fresh,
                "known": known,
                "ignored": visit.ignored,
                "newest_raw": visit.newest_raw,
                "newest_at": encode_optional(visit.newest_at),
                "shows_since": encode_optional(visit.shows_since),
                "overlap": overlap,
                "egress": visit.egress,
                "signs": dump([list(sign) for sign in visit.signs]),
            },
        )


def _unread_from(row: Row) -> UnreadCapture:
    fetch = FetchRecord(
        url=row["fetch_url"],
        fetched_at=decode_time(row["fetched_at"]),
        reason="read again from its capture",
        final_url=row["final_url"],
        status=row["status"],
        elapsed=row["elapsed"],
        wire_bytes=row["wire_bytes"],
        payload_sha256=row["payload_sha256"],
        ip=row["ip"],
        tls_verified=row["tls_verified"],
        capture=CapturePlace(row["capture_file"], row["capture_offset"], row["capture_length"]),
    )
    return UnreadCapture(candidate_from(row), fetch)


def _once(candidates: Sequence[Candidate]) -> list[Candidate]:
    """Each URL once: of an entry that a feed lists twice, the first wording counts."""
    first: dict[tuple[str, str], Candidate] = {}
    for candidate in candidates:
        first.setdefault((candidate.outlet_id, candidate.url_key), candidate)
    return list(first.values())
