"""Reads outlets' feeds: RSS, Atom and JSON Feed, all chosen outlets in one crawl."""

from __future__ import annotations

from spiders.ways import WaysSpider
from storage.models import FoundBy


class FeedSpider(WaysSpider):
    """Finds candidates in feeds."""

    name = "feed"
    kinds = (FoundBy.FEED,)
