"""What a page in the browser may ask for, and what its failures mean; no browser is needed."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any

import pytest
from scrapy import Request
from scrapy.http import HtmlResponse

from crawler.engine.outcomes import why
from crawler.engine.pageloads import MAX_HOSTS, MAX_REQUESTS, PageLoad
from crawler.engine.passes import Allowance, Pass
from crawler.engine.rendered import as_document, failure, led_away, redirect
from crawler.outlets import Outlet
from storage.models import Outcome

OUTLET = Outlet.model_validate(
    {
        "id": "iq_own",
        "name": {"en": "Own"},
        "country": "iq",
        "covers": ["iq"],
        "timezone": "Asia/Baghdad",
        "languages": ["ar"],
        "kind": "portal",
        "domains": ["own.example"],
    }
)
URL = "https://own.example/a"


@dataclass
class Asked:
    """A request as Playwright would show it."""

    url: str
    resource_type: str = "fetch"
    method: str = "GET"
    redirected_from: Any = None

    def is_navigation_request(self) -> bool:
        return self.resource_type == "document"

    async def all_headers(self) -> dict[str, str]:
        return {}


def allowed(*requests: Asked, forbidden: str = "") -> list[bool]:
    """What a page gets of what it asks for, in this order."""

    async def may_ask(url: str) -> bool:
        return not forbidden or forbidden not in url

    async def ask() -> list[bool]:
        page = PageLoad(URL, OUTLET, may_ask, (10.0, 1000))
        return [await page._allows(request) for request in requests]

    return asyncio.run(ask())


def test_the_page_is_loaded_once_and_no_other() -> None:
    page = Asked(URL, "document")
    assert allowed(page, page) == [True, False]
    assert allowed(Asked("https://own.example/b", "document")) == [False]
    assert allowed(Asked(URL + "#part", "document")) == [True]


@pytest.mark.parametrize(
    "asked",
    [
        Asked("https://own.example/x.png", "image"),
        Asked("https://own.example/x.woff", "font"),
        Asked("https://own.example/x.mp4", "media"),
        Asked("https://own.example/x", "eventsource"),
        Asked("https://own.example/x", "ping"),
        Asked("https://own.example/x", method="DELETE"),
        Asked("https://ads.example/x"),
        Asked("https://own.example.evil.example/x"),
        Asked("https://notown.example/x"),
        Asked("http://127.0.0.1/x"),
        Asked("file:///etc/passwd"),
        Asked("ftp://own.example/x"),
        Asked("https://own.example/forbidden/x"),
    ],
)
def test_what_no_text_comes_from_is_not_asked_for(asked: Asked) -> None:
    assert allowed(asked, forbidden="/forbidden/") == [False]


def test_requests_and_hosts_of_a_page_are_bounded() -> None:
    many = allowed(*[Asked(f"https://own.example/{n}") for n in range(MAX_REQUESTS + 5)])
    assert many.count(True) == MAX_REQUESTS
    hosts = allowed(*[Asked(f"https://n{n}.own.example/x", "xhr") for n in range(MAX_HOSTS + 5)])
    assert hosts.count(True) == MAX_HOSTS - 1, "the page's own host is one of them"


def ended(wrong: Exception, trail: list[str], **troubles: Any) -> tuple[Outcome, str]:
    """The end that a failure of the browser means."""

    async def judge() -> Exception:
        page = _page(trail)
        pass_ = Pass("page-1", "secret", lambda host, port: True, Allowance(1, 1))
        pass_.troubles.update({"own.example": troubles["trouble"]} if troubles else {})
        return failure(wrong, page, pass_)

    return why(asyncio.run(judge()))


def _page(trail: list[str]) -> PageLoad:
    async def may_ask(url: str) -> bool:
        return "unknown" not in url

    page = PageLoad(URL, OUTLET, may_ask, (10.0, 1000))
    page.trail = trail
    return page


TUNNEL = Exception("Page.goto: net::ERR_TUNNEL_CONNECTION_FAILED at https://own.example/a?q=x")


@pytest.mark.parametrize(
    ("trouble", "outcome"),
    [
        ("refused", Outcome.UNSAFE_ADDRESS),
        ("unresolved", Outcome.NETWORK_ERROR),
        ("unreachable", Outcome.NETWORK_ERROR),
        ("broken", Outcome.NETWORK_ERROR),
        ("timeout", Outcome.TIMEOUT),
        ("spent", Outcome.TOO_LARGE),
    ],
)
def test_what_the_guard_proxy_says_is_told_as_of_a_plain_fetch(
    trouble: str, outcome: Outcome
) -> None:
    assert ended(TUNNEL, [URL], trouble=trouble)[0] is outcome


def test_failures_of_the_browser_say_what_they_are_and_no_address() -> None:
    assert ended(TimeoutError(), [URL])[0] is Outcome.TIMEOUT
    told = ended(Exception("net::ERR_CERT_DATE_INVALID at https://own.example/a?q=x"), [URL])
    assert told == (Outcome.NETWORK_ERROR, "the certificate could not be verified")
    assert ended(TUNNEL, [URL])[1] == "the browser says ERR_TUNNEL_CONNECTION_FAILED"
    assert ended(Exception("Page crashed"), [])[1] == "the page broke down"
    assert ended(Exception("Download is starting"), [URL])[0] is Outcome.HTTP_ERROR


@pytest.mark.parametrize(
    ("trail", "elsewhere"),
    [
        ([URL], None),
        ([URL, "https://own.example/b"], None),
        ([URL, "https://ads.example/"], "https://ads.example/"),
        ([URL, "http://127.0.0.1/"], "http://127.0.0.1/"),
        ([URL, "https://own.example:8443/unknown"], "https://own.example:8443/unknown"),
    ],
)
def test_where_a_page_may_not_go_by_itself_scrapy_goes(
    trail: list[str], elsewhere: str | None
) -> None:
    async def led() -> str | None:
        return await led_away(_page(trail))

    assert asyncio.run(led()) == elsewhere
    response = redirect(Request(URL), elsewhere or URL)
    assert (response.status, response.headers["Location"]) == (302, (elsewhere or URL).encode())


def test_the_document_is_utf_8_whatever_the_page_said_of_itself() -> None:
    text = '<meta charset="windows-1256"><p>خبر</p>'
    headers = {
        "Content-Type": "text/html; charset=windows-1256",
        "Content-Encoding": "gzip",
        "X-Marsad-Guard": "forged",
    }
    found = HtmlResponse(
        "https://own.example/pushed", body=text.encode("cp1256"), encoding="cp1256", headers=headers
    )
    pass_ = Pass("page-1", "secret", lambda host, port: True, Allowance(1, 1))
    pass_.reached["own.example"] = "192.0.2.1"
    made = as_document(found, URL, pass_)
    assert made.body == text.encode() and made.url == URL and str(made.ip_address) == "192.0.2.1"
    assert made.headers.to_unicode_dict() == {"Content-Type": "text/html; charset=utf-8"}
