"""The door between the crawl process and its workers: tasks by name.

The crawl process imports this module only; what reading needs (trafilatura, language models) is
imported by the fork server, once, and never by the crawl.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from multiprocessing.connection import Connection
from typing import Any, Literal

from storage.models import Actor, Agency

Task = Literal[
    "record", "page", "article", "learn", "feed", "doors", "listing", "sitemap", "difference"
]


def start(
    actors: Sequence[Actor], agencies: Sequence[Agency], megabytes: int, lifeline: Connection
) -> None:
    """Prepare a fresh worker process."""
    from crawler.engine import worker

    worker.start(actors, agencies, megabytes, lifeline)


def perform(task: Task, arguments: tuple[Any, ...]) -> Any:
    """Run one task of `crawler.engine.worker` in this process."""
    from crawler.engine import worker

    tasks: dict[Task, Callable[..., Any]] = {
        "record": worker.record,
        "page": worker.page,
        "article": worker.article,
        "learn": worker.learn,
        "feed": worker.feed,
        "doors": worker.doors,
        "listing": worker.listing,
        "sitemap": worker.sitemap,
        "difference": worker.difference,
    }
    return tasks[task](*arguments)
