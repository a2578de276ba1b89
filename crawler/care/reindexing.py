"""The search's words made anew in small transactions, where the way of folding has changed.

A kill at any moment loses nothing: the place in the archive is noted in the transaction that
changes it. Until it is through, articles not reached yet are found by words that both foldings
fold alike.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from crawler.engine.locks import alone
from storage import corpus, outdated, reindexing
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
    return outdated.is_unindexed(db)


def reindex(database: Path, progress: Callable[[int, int], None]) -> int:
    """Have every article found by today's folding; gives how many were not.

    Takes up where a stopped one left off; `progress` is told how many articles are looked at and
    how many there are. Raises AlreadyRunning beside another one.
    """
    with alone(database, JOB), open_database(database) as db:
        jobs = JobStore(db)
        position = jobs.start(JOB, KEY)
        total, done, renewed = corpus.size(db, position), 0, 0
        while step := _step(db, jobs, position):
            position, done = step.last_id, done + step.articles
            renewed += step.renewed
            progress(done, total)
        jobs.finish(JOB, KEY)
    return renewed


def _step(db: Connection, jobs: JobStore, after_id: int) -> reindexing.Reindexed | None:
    with db.write():
        step = reindexing.reindex(db, after_id, BATCH)
        if step:
            jobs.advance(JOB, KEY, step.last_id)
    return step
