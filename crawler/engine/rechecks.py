"""A look at an article again: what is asked for, and whether the answer brings anything new."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from crawler.engine.crawl import Crawl, Order
from crawler.engine.due import validators
from crawler.engine.outcomes import Ending
from crawler.workspace import Workspace, load_config
from storage.database import open_database
from storage.models import FetchRecord, Outcome, Page
from storage.rechecks import Look, RecheckStore

NOT_MODIFIED = 304


def request_headers(look: Look) -> dict[str, str]:
    """The validators of the page as we read it last, where they may be sent."""
    return validators(look.etag, look.last_modified)


def brought_nothing_new(look: Look, page: Page, fetch: FetchRecord) -> Ending | None:
    """The end of a look whose answer is the page that we hold; else None.

    A "not modified" counts only at the very address that was read: a deleted article often
    leads to a front page that has not been modified either. A body that is byte for byte the
    one we hold is not captured again; a better reader finds it in the first capture.
    """
    if page.final_url != look.final_url:
        return None
    if page.status == NOT_MODIFIED and request_headers(look):
        return Ending(Outcome.UNCHANGED, "not modified")
    if page.status == 200 and page.body and fetch.payload_sha256 == look.payload_sha256:
        return Ending(Outcome.UNCHANGED, "same body")
    return None


@dataclass(frozen=True)
class PlannedLooks:
    """One outlet of a plan: articles due, those of them that may be gone, and witnesses."""

    outlet_id: str
    due: int
    missing: int
    witnesses: int


def planned(workspace: Workspace, order: Order) -> list[PlannedLooks]:
    """What an order would look at, told without asking anybody.

    Raises ConfigErrors, UnknownOutlet.
    """
    crawl = Crawl(workspace, load_config(workspace), order)
    with open_database(workspace.database) as database:
        chosen = RecheckStore(database, clock=crawl.clock).choose(crawl.wanted)
    due = Counter(known.outlet_id for known in chosen.due)
    missing = Counter(known.outlet_id for known in chosen.due if known.watch.suspect)
    witnesses = Counter(known.outlet_id for known in chosen.witnesses)
    return [PlannedLooks(one, due[one], missing[one], witnesses[one]) for one in sorted(due)]
