"""The search's words made anew in small transactions: of another folding, or not there at all.

A kill at any moment loses nothing: the place in the archive is noted in the transaction that
changes it. Until it is through, articles not reached yet are found by words that both foldings
fold alike, and those of a restored backup not at all.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from crawler.engine.locks import alone
from storage import corpus, reindexing
from storage.connection import Connection
from storage.database import open_database
from storage.jobs import JobStore
from storage.text import FOLD_VERSION

JOB = "reindex"
KEY = f"fold {FOLD_VERSION}"
BATCH = 100
"""Articles of one transaction: a crawl beside it waits for a fraction of a second at most."""


def is_due(db: Connection) -> bool:
    """Whether the search knows some article by another folding's words, or not at all."""
    return reindexing.unindexed(db) != 0


def reindex(database: Path, progress: Callable[[int, int], None], *, wait: bool = False) -> int:
    """Have every article found by today's folding; gives how many were not.

    Takes up where a stopped one left off; `progress` is told how many articles are looked at and
    how many there are. With `wait` another one is waited for, else raises AlreadyRunning.
    """
    with alone(database, JOB, wait=wait), open_database(database) as db:
        jobs = JobStore(db)
        position = _begun(db, jobs)
        total, done, renewed = corpus.size(db, position), 0, 0
        while step := _step(db, jobs, position):
            position, done = step.last_id, done + step.articles
            renewed += step.renewed
            progress(done, total)
        jobs.finish(JOB, KEY)
    return renewed


def _begun(db: Connection, jobs: JobStore) -> int:
    """The place to go on after; a backup that was made midway leaves out what was indexed."""
    position = jobs.start(JOB, KEY)
    if reindexing.unindexed(db, position):
        jobs.finish(JOB, KEY)
        position = jobs.start(JOB, KEY)
    return position


def _step(db: Connection, jobs: JobStore, after_id: int) -> reindexing.Reindexed | None:
    with db.write():
        step = reindexing.reindex(db, after_id, BATCH)
        if step:
            jobs.advance(JOB, KEY, step.last_id)
    return step
