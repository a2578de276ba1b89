"""Reads outlets by every way that is on: what `marsad crawl` runs."""

from __future__ import annotations

from crawler.outlets import WAYS
from spiders.ways import WaysSpider


class OutletsSpider(WaysSpider):
    """Finds candidates in feeds, sitemaps and listings."""

    name = "outlets"
    kinds = WAYS
