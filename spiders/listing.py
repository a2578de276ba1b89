"""Reads pages that list articles: front pages and sections of outlets without feeds."""

from __future__ import annotations

from spiders.ways import WaysSpider
from storage.models import FoundBy


class ListingSpider(WaysSpider):
    """Finds candidates on pages that list articles."""

    name = "listing"
    kinds = (FoundBy.LISTING,)
