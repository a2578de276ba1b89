"""How the visits to one made-up site go, night by night, when everything works as it should."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

from crawler.demo.records import Article, Feed, Listing, Site, Sitemap
from crawler.demo.sitemaps import parts_of
from storage.finding import VisitOutcome
from storage.models import FoundBy, Outcome

FIRST_DAYS = timedelta(days=3)
"""How far back the first look at a sitemap goes: nobody fetches an archive unasked."""
BEHIND = timedelta(days=2)
"""How far behind the night before every other one goes, for sitemaps are made late."""


@dataclass(slots=True)
class Look:
    """What one night brings of one site.

    `held` is what every night so far brought, by path, with when it changed last; `ways` how the
    last visit to each way ended, by path, with the kind of the way.
    """

    now: datetime
    before: datetime | None
    held: dict[str, datetime]
    ways: dict[str, tuple[str, str]]
    visits: Counter[str] = field(default_factory=Counter)
    outcomes: Counter[str] = field(default_factory=Counter)
    stored: set[str] = field(default_factory=set)
    gap: Literal["", "open", "repaired"] = ""

    def visit(self, kind: FoundBy, path: str, outcome: VisitOutcome) -> None:
        """Note how a visit ends."""
        self.visits[outcome] += 1
        self.ways[path] = (kind, outcome)

    def meet(self, article: Article) -> bool:
        """One entry of a list that was read; whether it was known by the night before."""
        changed, path = article.modified(self.now), article.path
        known = path in self.held
        if not known:
            self._end(article)
        elif self.held[path] != changed:
            self.outcomes[Outcome.STORED_CHANGED] += 1
        else:
            self.outcomes[Outcome.KNOWN] += 1
        self.held[path] = changed
        return known

    def _end(self, article: Article) -> None:
        self.outcomes[article.expect or Outcome.STORED_NEW] += 1
        if article.expect is None:
            self.stored.add(article.path)


def looks(site: Site, nights: Sequence[datetime]) -> Iterator[Look]:
    """The look at a site on each of these nights."""
    before, held, ways = None, dict[str, datetime](), dict[str, tuple[str, str]]()
    for now in nights:
        look = Look(now, before, held, ways)
        _visit(site, look)
        yield look
        before, held, ways = now, dict(look.held), dict(look.ways)


def _visit(site: Site, look: Look) -> None:
    """Visit every way that the outlet's file names."""
    for feed in site.feeds:
        _visit_feed(site, feed, look)
    if not site.feeds:
        for listing in site.listings:
            _visit_listing(site, listing, look)
    if site.sitemap is not None and site.sitemap.known:
        _visit_sitemap(site, site.sitemap, look)


def _turned(site: Site, look: Look, kind: FoundBy, path: str) -> bool:
    """Whether a site's turn has made its ways useless; notes the visit if so."""
    if site.turn is None or not site.turned(look.now):
        return False
    look.visit(kind, path, site.turn.expect)
    return True


def _visit_feed(site: Site, feed: Feed, look: Look) -> None:
    """A feed, and the sitemap where it shows nothing of what it showed before."""
    if _turned(site, look, FoundBy.FEED, feed.path):
        return
    if feed.expect is not None:
        look.visit(FoundBy.FEED, feed.path, feed.expect)
        return
    shown = site.offers(feed, look.now)
    if look.before is not None and _same(shown, site.offers(feed, look.before), look):
        look.visit(FoundBy.FEED, feed.path, VisitOutcome.NOT_MODIFIED)
        return
    look.visit(FoundBy.FEED, feed.path, VisitOutcome.READ)
    came_back = [look.meet(article) for article in shown]
    if look.before is not None and not any(came_back):
        _repair(site, look, look.before)


def _same(now: Sequence[Article], then: Sequence[Article], look: Look) -> bool:
    """Whether a feed is byte for byte what it was: the same items, none of them edited since."""
    assert look.before is not None
    before = look.before
    return [(a.path, a.modified(look.now)) for a in now] == [
        (a.path, a.modified(before)) for a in then
    ]


def _repair(site: Site, look: Look, since: datetime) -> None:
    """Fill a gap from the sitemap: the parts that changed since, and in them what is new."""
    if site.sitemap is None:
        look.gap = "open"
        return
    look.gap = "repaired"
    look.visit(FoundBy.SITEMAP, site.sitemap.path, VisitOutcome.READ)
    for path, articles in parts_of(site, site.sitemap, look.now):
        new = [each for each in articles if each.modified(look.now) > since]
        if new:
            look.visit(FoundBy.SITEMAP, path, VisitOutcome.READ)
            for article in new:
                look.meet(article)


def _visit_listing(site: Site, listing: Listing, look: Look) -> None:
    """A listing: its pages, up to the first that shows something known."""
    if _turned(site, look, FoundBy.LISTING, listing.path):
        return
    shown, before = site.shown(look.now), set(look.held)
    for number, start in enumerate(range(0, len(shown), listing.length), 1):
        look.visit(FoundBy.LISTING, listing.page_path(number), VisitOutcome.READ)
        page = shown[start : start + listing.length]
        beside = [each for each in site.most_read(look.now) if each not in page]
        for article in (*page, *beside):
            look.meet(article)
        if any(article.path in before for article in page):
            return


def _visit_sitemap(site: Site, sitemap: Sitemap, look: Look) -> None:
    """An index, and the parts of it that changed; in them what is young and was not there before.

    A part for news says when its articles were published, so it is read anew each time.
    """
    look.visit(FoundBy.SITEMAP, sitemap.path, VisitOutcome.READ)
    since = look.before - BEHIND if look.before else look.now - FIRST_DAYS
    listed = {each.path for each in site.shown(look.before)} if look.before else set()
    for path, articles in parts_of(site, sitemap, look.now):
        changed = max(each.modified(look.now) for each in articles)
        if look.before is None or changed > look.before:
            look.visit(FoundBy.SITEMAP, path, VisitOutcome.READ)
            for article in articles:
                young = article.modified(look.now) >= since
                if young and (path == sitemap.news or article.path not in listed):
                    look.meet(article)
