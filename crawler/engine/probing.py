"""A probe of one outlet: every way in is tried, in order of likeliness, politely and bounded.

What stands in its file, what its front page names, what its readers are offered, the common
places, robots.txt, and at last what can be learned of its pages. Guessing ends with the first
good find. Nothing is followed to another host without being told.
"""

from __future__ import annotations

from urllib.parse import urljoin

from crawler.engine.crawl import Crawl
from crawler.engine.outcomes import Ending
from crawler.engine.probe_asking import Ask, Asker
from crawler.engine.probe_feeds import FeedFinder
from crawler.engine.probe_looks import Look
from crawler.engine.probe_notes import Probed
from crawler.engine.probe_pages import ListingFinder
from crawler.engine.probe_sitemaps import SitemapFinder
from crawler.outlets import Endpoint, Listing, Outlet
from crawler.probes import FoundIn
from storage.models import FoundBy, Outcome, Page

_LEADS_AWAY = "leads to a host that is not one of the outlet's"


async def probe_outlet(crawl: Crawl, outlet: Outlet, ask: Ask) -> Probed:
    """Try the ways into an outlet; tells what was seen."""
    site = Asker(crawl, outlet, ask)
    feeds, sitemaps, listings = FeedFinder(site), SitemapFinder(site), ListingFinder(site)
    for kind, endpoint in outlet.endpoints:
        found_in = _found_in(endpoint)
        if kind is FoundBy.FEED:
            await feeds.attempt(endpoint.url, found_in)
        elif kind is FoundBy.SITEMAP:
            await sitemaps.attempt(endpoint.url, found_in)
        elif isinstance(endpoint, Listing):
            await listings.attempt(endpoint.url, found_in, endpoint.article)
    await _look_at_front(site)
    await feeds.find()
    await sitemaps.find(crawl.named_sitemaps(outlet))
    await listings.find()
    site.notes.leave_frozen()
    return site.notes.seen


def _found_in(endpoint: Endpoint) -> FoundIn:
    """Who says that there is an address: the file, or whoever an earlier probe had it from."""
    earlier = endpoint.probe if endpoint.grade == "P" else None
    return earlier.found_in if earlier else "file"


async def _look_at_front(site: Asker) -> None:
    """Look at the front page; where nobody says more than its host, with http in the end."""
    address, is_told = front_address(site.outlet)
    if address and not await _is_front(site, address) and not is_told:
        address = address.replace("https://", "http://", 1)
        await _is_front(site, address)
    site.address = address


async def _is_front(site: Asker, url: str) -> bool:
    """Whether a front page answered; notes what it tells, or why it tells nothing."""
    page = await site.get("site", url, "file")
    if page is None:
        return False
    if site.outlet.owns(page.final_url):
        await _enter(site, url, page)
    else:
        site.notes.note("site", url, "file", Look(False, _LEADS_AWAY), page)
    return True


async def _enter(site: Asker, url: str, page: Page) -> None:
    """Note what a front page on the outlet's hosts tells of the site."""
    doors = await site.doors(page)
    wrong = doors.wall or doors.reason
    site.notes.note("site", url, "file", Look(not wrong, wrong), page)
    if wrong:
        site.notes.heard(Ending(Outcome.BLOCKED, wrong))
    else:
        site.notes.seen.doors, site.front = doors, page


def front_address(outlet: Outlet) -> tuple[str | None, bool]:
    """Where an outlet's front page is, and whether its file tells scheme and port: by the
    homepage, or by an address on its hosts."""
    if outlet.homepage:
        return outlet.homepage, True
    known = (way.url for _, way in outlet.endpoints if outlet.owns(way.url))
    if url := next(known, None):
        return urljoin(url, "/"), True
    return outlet.front_page(), False
