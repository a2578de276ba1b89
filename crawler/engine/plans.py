"""What an order would visit, told without asking anybody."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from crawler.engine.crawl import Crawl, Order
from crawler.engine.due import is_due
from crawler.workspace import Workspace, load_config
from storage.candidates import CandidateStore
from storage.database import open_database
from storage.models import FoundBy, Way


@dataclass(frozen=True)
class PlannedOutlet:
    """One outlet of a plan: feeds switched on, those of them due, and articles waiting."""

    outlet_id: str
    ways: int
    due: int
    pending: int


def planned(workspace: Workspace, order: Order) -> list[PlannedOutlet]:
    """The plan of an order. Raises ConfigErrors, UnknownOutlet."""
    crawl = Crawl(workspace, load_config(workspace), order)
    database = open_database(workspace.database)
    store = CandidateStore(database)
    known, waiting = store.ways(list(crawl.outlets)), store.pending(list(crawl.outlets))
    database.close()
    now = datetime.now(UTC)
    rows = []
    for outlet in crawl.outlets.values():
        urls = [way.url for way in outlet.ways(FoundBy.FEED) if way.on]
        due = [
            url
            for url in urls
            if is_due(known.get((outlet.id, url), Way(outlet.id, FoundBy.FEED, url)), now)
        ]
        rows.append(PlannedOutlet(outlet.id, len(urls), len(due), waiting.get(outlet.id, 0)))
    return rows
