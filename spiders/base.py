"""What every spider shares: from a candidate to its page, or to the reason there is none."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from typing import Any

import scrapy
from scrapy import Request
from scrapy.http import Response
from twisted.python.failure import Failure

from crawler.engine.capture import page_of
from crawler.engine.crawl import Crawl, Order
from crawler.engine.outcomes import Ending, of_status, why
from crawler.engine.pipelines import Work, fetched
from storage.models import Candidate, Outcome


class ArticleSpider(scrapy.Spider):
    """A spider that ends every candidate in a `Work`."""

    order: Order

    def __init__(self, order: Order | None = None, **arguments: Any) -> None:
        """`order` comes from our own command line, the plain arguments from `scrapy crawl -a`."""
        super().__init__()
        self.order = order or order_from(arguments)

    @property
    def crawl(self) -> Crawl:
        """The run that this spider finds candidates for."""
        return Crawl.of(self.crawler)

    def article_request(self, candidate: Candidate) -> Request | Work:
        """The request for a candidate, or its end where --limit is reached."""
        if not self.crawl.may_fetch():
            return Work(candidate, ending=Ending(Outcome.POSTPONED, "--limit reached"))
        return Request(
            candidate.url,
            callback=self.parse_article,
            errback=self.article_failed,
            cb_kwargs={"candidate": candidate},
            meta={"wire": True},
            dont_filter=True,  # the database knows what is known
        )

    def parse_article(self, response: Response, candidate: Candidate) -> Iterator[Request | Work]:
        """Hand the page on, or what its status says."""
        page = page_of(response)
        yield fetched(candidate, page, of_status(page.status, page.header("Location")))

    def article_failed(self, failure: Failure) -> Iterator[Work]:
        """End a candidate whose page never came."""
        request: Request = failure.request  # type: ignore[attr-defined]  # set by Scrapy
        yield Work(request.cb_kwargs["candidate"], ending=why(failure.value))

    async def start(self) -> AsyncIterator[Any]:
        """First what earlier runs left, then what this way of finding brings."""
        for candidate in await self.crawl.carried():
            yield self.article_request(candidate)


def order_from(arguments: dict[str, Any]) -> Order:
    """The order that `scrapy crawl -a name=value` arguments spell; raises ValueError.

    outlets=ID,ID · country=ma · everything=1 · due=1 · since=2026-03-01 · limit=20 · urls=URL URL
    egress=relay
    """
    unknown = arguments.keys() - {
        "outlets", "country", "everything", "due", "since", "limit", "urls", "egress", "name",
    }  # fmt: skip
    if unknown:
        raise ValueError(f"unknown spider argument(s): {', '.join(sorted(unknown))}")
    since = arguments.get("since")
    limit = arguments.get("limit")
    return Order(
        outlets=tuple(filter(None, str(arguments.get("outlets", "")).split(","))),
        country=arguments.get("country"),
        everything=_truth(arguments.get("everything")),
        due=_truth(arguments.get("due")),
        since=_utc(datetime.fromisoformat(since)) if since else None,
        limit=int(limit) if limit else None,
        urls=tuple(str(arguments.get("urls", "")).split()),
        egress=arguments.get("egress"),
    )


def _utc(moment: datetime) -> datetime:
    """A time without zone is meant in UTC, as on our own command line."""
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _truth(value: Any) -> bool:
    return str(value).lower() in {"1", "true", "yes"}
