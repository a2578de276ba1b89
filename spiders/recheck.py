"""Looks at stored articles again: whether they still say what they said, and are still there."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from typing import Any

from scrapy import Request
from scrapy.http import Response

from crawler.engine.capture import page_of
from crawler.engine.pipelines import Work
from crawler.engine.rechecks import NOT_MODIFIED, brought_nothing_new, request_headers
from crawler.engine.visits import fetch_record
from spiders.base import ArticleSpider
from storage.books import RECHECK
from storage.models import Candidate
from storage.recheck_plan import DEFAULT_PLAN, Wanted
from storage.rechecks import Look


class RecheckSpider(ArticleSpider):
    """Finds nothing new: its candidates are articles whose next look is due.

    What crawls left pending stays theirs. What an earlier run of this kind left is still due,
    so it needs no carrying over.
    """

    name = "recheck"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """From `scrapy crawl` as well: what is due, by the default plan."""
        super().__init__(*args, **kwargs)
        if self.order.again is None:
            most = self.order.limit or DEFAULT_PLAN.most_per_run
            again = Wanted(plan=replace(DEFAULT_PLAN, most_per_run=most))
            self.order = replace(self.order, kind=RECHECK, again=again, limit=None)
        self._looks: dict[int | None, Look] = {}

    async def start(self) -> AsyncIterator[Any]:
        """Ask for every article that is due, with validators where they may be trusted."""
        for look in await self.crawl.looks():
            self._looks[look.candidate.id] = look
            yield self.look_request(look)

    def look_request(self, look: Look, *, whole: bool = False) -> Request | Work:
        """One look; `whole` asks without validators."""
        request = self.article_request(look.candidate)
        if isinstance(request, Request) and not whole:
            request.headers.update(request_headers(look))
        return request

    def parse_article(self, response: Response, candidate: Candidate) -> Iterator[Request | Work]:
        """Hand a page on that may say something new; one that does not is unchanged."""
        page, look = page_of(response), self._looks[candidate.id]
        fetch = fetch_record(page)
        if (ending := brought_nothing_new(look, page, fetch)) is not None:
            yield Work(candidate, fetch, ending=ending)
        elif page.status == NOT_MODIFIED and request_headers(look):
            # Said of another page, that the article leads to now: ask what is there.
            self._looks[candidate.id] = whole = replace(look, etag=None, last_modified=None)
            yield self.look_request(whole, whole=True)
        else:
            yield from super().parse_article(response, candidate)
