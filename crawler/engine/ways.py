"""How each kind of way is read."""

from __future__ import annotations

from scrapy.http import Response

from crawler.engine.crawl import Crawl
from crawler.engine.feed_visits import read_feed_visit
from crawler.engine.listing_visits import read_listing_visit
from crawler.engine.sitemap_visits import read_sitemap_visit
from crawler.engine.visits import WayReader, record_visit
from crawler.reading.sitemap_records import MAX_BYTES
from storage.finding import Follow, VisitResult, Way
from storage.models import FoundBy

WAY_READERS: dict[FoundBy, WayReader] = {
    FoundBy.FEED: read_feed_visit,
    FoundBy.SITEMAP: read_sitemap_visit,
    FoundBy.LISTING: read_listing_visit,
}


def size_limit(way: Way) -> dict[str, int]:
    """The request's meta for a way whose answers may be larger than pages are."""
    return {"download_maxsize": MAX_BYTES} if way.found_by is FoundBy.SITEMAP else {}


async def visit_way(
    crawl: Crawl, way: Way, follow: Follow | None, response: Response
) -> VisitResult:
    """Read a way's answer as its kind asks for, and save the visit."""
    return await record_visit(crawl, way, follow, response, WAY_READERS[way.found_by])
