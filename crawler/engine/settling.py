"""Articles are put into stories: after each run, after a judgement, or all of them anew."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from crawler.engine.locks import alone
from crawler.reading.fingerprints import VERSION, fingerprint
from crawler.workspace import Workspace
from storage import copies, day_counts, stories
from storage.connection import Connection
from storage.database import open_database
from storage.jobs import JobStore
from storage.stories import Settled

WORK = "settling"
JOB = "fingerprints"
BATCH = 200
"""Texts of one transaction, fingerprinted before it begins."""

Progress = Callable[[Settled], None]


def settle_stories(workspace: Workspace, progress: Progress = lambda done: None) -> Settled:
    """Give every article that asks for it its place among the stories.

    Waits for another process that does the same, for it may not know our latest articles.
    """
    return _alone(workspace, partial(stories.settle, progress=progress))


def try_to_settle(workspace: Workspace) -> str:
    """Settle stories after work that stands whatever becomes of them; why that failed, or "".

    What was not settled is left to the next run.
    """
    try:
        settle_stories(workspace)
    except Exception as wrong:
        return f"{type(wrong).__name__}: {wrong}"
    return ""


def rebuild_stories(workspace: Workspace, progress: Progress = lambda done: None) -> Settled:
    """Work all stories out anew. Stopped, it is finished by the next settling or rebuilding."""
    return _alone(workspace, partial(stories.rebuild, progress=progress))


def _alone(workspace: Workspace, work: Callable[[Connection], Settled]) -> Settled:
    with alone(workspace.database, WORK, wait=True), open_database(workspace.database) as db:
        renew_fingerprints(db)
        done = work(db)
        day_counts.recount(db)
        return done


def renew_fingerprints(db: Connection) -> None:
    """Make the fingerprints of an older recipe new, as far as their texts are kept.

    Once for each recipe: whatever was saved since has today's.
    """
    jobs, key = JobStore(db), f"recipe {VERSION}"
    if jobs.is_finished(JOB, key):
        return
    position = jobs.start(JOB, key)
    while batch := copies.outdated(db, VERSION, position, BATCH):
        made = [(number, text, fingerprint(text)) for number, text in batch]
        position = batch[-1][0]
        with db.write():
            for number, text, print_ in made:
                copies.renew(db, number, text, print_)
            jobs.advance(JOB, key, position)
    jobs.finish(JOB, key)
