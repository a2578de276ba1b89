"""Reads outlets' sitemaps: indexes with their parts, news sitemaps and plain ones."""

from __future__ import annotations

from spiders.ways import WaysSpider
from storage.models import FoundBy


class SitemapSpider(WaysSpider):
    """Finds candidates in sitemaps."""

    name = "sitemap"
    kinds = (FoundBy.SITEMAP,)
