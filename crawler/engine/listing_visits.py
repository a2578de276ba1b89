"""Reading a listing's answer: its entries become candidates."""

from __future__ import annotations

from dataclasses import replace

from crawler.engine.visits import Found, Visiting
from storage.finding import VisitOutcome


async def read_listing_visit(visiting: Visiting) -> Found:
    """Nothing is read yet."""
    return Found(replace(visiting.plain, outcome=VisitOutcome.BROKEN))
