"""What an order would visit, told without asking anybody."""

from __future__ import annotations

from dataclasses import dataclass

from crawler.engine.crawl import Crawl, Order, ways_on
from crawler.engine.due import is_due
from crawler.outlets import WAYS
from crawler.workspace import Workspace, load_config
from storage.candidates import CandidateStore
from storage.database import open_database
from storage.ways import overflowing


@dataclass(frozen=True)
class PlannedOutlet:
    """One outlet of a plan: ways switched on, those of them due, and articles waiting."""

    outlet_id: str
    ways: int
    due: int
    pending: int


def planned(workspace: Workspace, order: Order) -> list[PlannedOutlet]:
    """The plan of an order. Raises ConfigErrors, UnknownOutlet."""
    crawl = Crawl(workspace, load_config(workspace), order)
    with open_database(workspace.database) as database:
        store, busy = CandidateStore(database), overflowing(database, crawl.clock())
        known, waiting = store.ways(list(crawl.outlets)), store.pending(list(crawl.outlets))
    now = crawl.clock()
    rows = []
    for outlet in crawl.outlets.values():
        kinds = [kind for kind in WAYS if not order.found_by or kind in order.found_by]
        ways = [way for kind in kinds for way in ways_on([outlet], known, kind)]
        if order.overflowing:
            ways = [way for way in ways if (way.outlet_id, way.url) in busy]
        due = sum(is_due(way, now) for way in ways)
        rows.append(PlannedOutlet(outlet.id, len(ways), due, waiting.get(outlet.id, 0)))
    return rows
