"""The books: how a run takes a candidate, and how the candidate ends in it.

A row of `outcomes` is written as `interrupted` in the very transaction that hands a candidate to
a run, and overwritten when it ends: so the books are closed at any instant, also after a kill.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from sqlite3 import Row

from storage.connection import Connection
from storage.errors import NotClaimed
from storage.models import PENDING, Candidate, FetchRecord, Outcome
from storage.rows import dump
from storage.times import encode_time, local_day

UNDATED = "undated"
MAX_ATTEMPTS = 5
"""After so many tries of its own, a candidate waits for `retry` instead of the next run."""
TRIED_AGAIN = frozenset(
    {Outcome.NETWORK_ERROR, Outcome.TIMEOUT, Outcome.HTTP_ERROR, Outcome.READER_FAILED}
)
"""Ends that may be different tomorrow; each costs one attempt."""
RECHECK = "recheck"
"""The kind of run that looks at articles again."""


@dataclass(frozen=True, slots=True)
class End:
    """How one candidate ended in one run."""

    outcome: Outcome
    reason: str
    at: datetime
    article_id: int | None = None
    fetch_id: int | None = None


def claim(db: Connection, run_id: int, candidate: Candidate, at: datetime) -> None:
    """Hand a pending candidate to a run, as `interrupted` until it ends."""
    db.insert(
        "outcomes",
        {
            "run_id": run_id,
            "candidate_id": candidate.id,
            "outlet_id": candidate.outlet_id,
            "outcome": Outcome.INTERRUPTED,
            "reason": "",
            "at": encode_time(at),
        },
    )
    db.execute("UPDATE candidates SET claimed_by = ? WHERE id = ?", (run_id, candidate.id))


def was_claimed(db: Connection, run_id: int, candidate_id: int) -> bool:
    """Whether the run has had this candidate in its hands."""
    sql = "SELECT 1 FROM outcomes WHERE run_id = ? AND candidate_id = ?"
    return db.value(sql, (run_id, candidate_id)) is not None


def end(db: Connection, run_id: int, candidate: Candidate, how: End) -> bool:
    """Write a candidate's end into the books; False when it had already ended in this run.

    Raises NotClaimed when the run never took the candidate.
    """
    current = db.value(
        "SELECT outcome FROM outcomes WHERE run_id = ? AND candidate_id = ?",
        (run_id, candidate.id),
    )
    if current is None:
        raise NotClaimed(run_id, candidate.url)
    if current not in PENDING:
        return False
    values = (how.outcome, how.reason, encode_time(how.at), how.article_id, how.fetch_id)
    db.execute(
        "UPDATE outcomes SET outcome = ?, reason = ?, at = ?, article_id = ?, fetch_id = ? "
        "WHERE run_id = ? AND candidate_id = ?",
        (*values, run_id, candidate.id),
    )
    if db.value("SELECT kind FROM runs WHERE id = ?", (run_id,)) != RECHECK:
        _settle(db, candidate, how)
    day = db.value("SELECT day FROM candidates WHERE id = ?", (candidate.id,))
    mark_dirty(db, candidate.outlet_id, day)
    return True


def _settle(db: Connection, candidate: Candidate, how: End) -> None:
    """Decide whether the candidate waits for a next run.

    Not after a look at what is stored: however that ends, the article stays stored, costs no
    attempt and is not fetched by the next crawl. When it is looked at again, `rechecks` says.
    """
    tried = how.outcome in TRIED_AGAIN
    attempts = db.value("SELECT attempts FROM candidates WHERE id = ?", (candidate.id,)) + tried
    waits = how.outcome in PENDING or (tried and attempts < MAX_ATTEMPTS)
    db.execute(
        "UPDATE candidates SET state = ?, attempts = ?, claimed_by = NULL, last_outcome = ?, "
        "article_id = coalesce(?, article_id) WHERE id = ?",
        ("pending" if waits else "done", attempts, how.outcome, how.article_id, candidate.id),
    )


def mark_dirty(db: Connection, outlet_id: str, day: str) -> None:
    """Ask for an outlet's day to be counted again by the next refresh of coverage."""
    db.execute("INSERT OR IGNORE INTO coverage_dirty VALUES (?, ?)", (outlet_id, day))


def move_to_day(db: Connection, article_id: int, day: str | None) -> None:
    """Count an article's candidates under its publication day from now on."""
    for row in db.all("SELECT * FROM candidates WHERE article_id = ?", (article_id,)):
        count_under(db, row, day or UNDATED)


def count_under(db: Connection, candidate: Row, day: str) -> None:
    """Move one candidate's row to another day of coverage, and have both counted again."""
    if candidate["day"] == day:
        return
    db.update("candidates", candidate["id"], {"day": day})
    mark_dirty(db, candidate["outlet_id"], candidate["day"])
    mark_dirty(db, candidate["outlet_id"], day)


def timezone_of(db: Connection, outlet_id: str) -> str:
    """The outlet's zone. Raises KeyError for an outlet that no run has registered."""
    name = db.value("SELECT timezone FROM outlets WHERE id = ?", (outlet_id,))
    if name is None:
        raise KeyError(outlet_id)
    return str(name)


def hinted_day(db: Connection, candidate: Candidate) -> str:
    """The day a candidate counts for before it is read: the finder's, if it was sure of one."""
    published = candidate.hints.published_at
    if published is None:
        return UNDATED
    return local_day(published, timezone_of(db, candidate.outlet_id))


@dataclass(frozen=True, slots=True)
class FetchOf:
    """What a fetch belongs to: a candidate or a visit, within a run."""

    run_id: int
    candidate_id: int | None = None
    visit_id: int | None = None
    outcome: Outcome | None = None


def insert_fetch(db: Connection, owner: FetchOf, fetch: FetchRecord) -> int:
    """Store one retrieval and give its id."""
    place = fetch.capture
    return db.insert(
        "fetches",
        {
            "run_id": owner.run_id,
            "candidate_id": owner.candidate_id,
            "visit_id": owner.visit_id,
            "url": fetch.url,
            "final_url": fetch.final_url,
            "fetched_at": encode_time(fetch.fetched_at),
            "outcome": owner.outcome or fetch.outcome,
            "reason": fetch.reason,
            "status": fetch.status,
            "elapsed": fetch.elapsed,
            "wire_bytes": fetch.wire_bytes,
            "payload_sha256": fetch.payload_sha256,
            "redirects": dump(fetch.redirects),
            "ip": fetch.ip,
            "tls_verified": fetch.tls_verified,
            "capture_file": place.file if place else None,
            "capture_offset": place.offset if place else None,
            "capture_length": place.length if place else None,
            "etag": fetch.etag,
            "last_modified": fetch.last_modified,
            "egress": fetch.egress,
        },
    )
