"""What a browser made of a page, as a plain fetch would have brought it: response or failure."""

from __future__ import annotations

import re
from ipaddress import ip_address
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
)
from scrapy.http import HtmlResponse, Response, TextResponse

from crawler.engine.outcomes import PageRefused, UnsafeAddress
from crawler.engine.pageloads import PageLoad
from crawler.engine.passes import Pass, Trouble
from crawler.engine.proxyheads import GUARD_HEADER

_OF_THE_WIRE = ("Content-Encoding", "Content-Length", "Transfer-Encoding", GUARD_HEADER)
_TROUBLES: dict[Trouble, tuple[type[Exception], str]] = {
    "refused": (UnsafeAddress, "{} does not lead to a public address"),
    "unresolved": (CannotResolveHostError, "{}"),
    "unreachable": (DownloadConnectionRefusedError, "{}"),
    "broken": (DownloadFailedError, "the answer is not HTTP"),
    "timeout": (DownloadTimeoutError, "{}"),
    "spent": (DownloadCancelledError, "larger than the limit with all that it asks for"),
}


def note_how(request: Request, inner: Request, page: PageLoad) -> None:
    """Keep on the request what the browser sent, where that led and how long it took."""
    meta, led = request.meta, page.trail[:-1]
    meta["download_latency"] = inner.meta.get("download_latency", 0.0)
    if led:
        meta["redirect_urls"] = [*meta.get("redirect_urls", ()), *led]
        statuses = inner.meta.get("redirect_reasons", [])
        meta["redirect_reasons"] = [*meta.get("redirect_reasons", ()), *statuses]
    request.headers.clear()
    request.headers.update(page.sent)


def as_document(response: Response, url: str, pass_: Pass) -> Response:
    """The document in UTF-8 and headers that say so, under the address that brought it.

    What a script wrote into the browser's address line is nobody's word but the script's. Raises
    DownloadFailedError where the browser shows a page of its own.
    """
    if not response.url.startswith(("http://", "https://")):
        raise DownloadFailedError("the page broke down")
    body = response.body
    headers = response.headers.copy()
    for name in _OF_THE_WIRE:
        headers.pop(name, None)
    if isinstance(response, TextResponse):
        body = response.text.encode("utf-8", "replace")
        kind = (headers.get("Content-Type") or b"text/html").partition(b";")[0].strip()
        headers["Content-Type"] = kind + b"; charset=utf-8"
    ip = pass_.reached.get(urlsplit(url).hostname or "")
    return HtmlResponse(
        url,
        status=response.status,
        headers=headers,
        body=body,
        encoding="utf-8",
        ip_address=ip_address(ip) if ip else None,
    )


def redirect(request: Request, target: str) -> Response:
    """Leave it to Scrapy to go where the page led: guard, robots.txt and turns apply there."""
    return Response(request.url, status=302, headers={"Location": target})


async def led_away(page: PageLoad) -> str | None:
    """Where redirects led that the page may not go by itself, or None."""
    return page.trail[-1] if len(page.trail) > 1 and not await page.may_stay() else None


def failure(wrong: Exception, page: PageLoad, pass_: Pass) -> Exception:
    """What a plain fetch would have raised."""
    if isinstance(wrong, DownloadCancelledError):
        return wrong
    if isinstance(wrong, TimeoutError) or type(wrong).__name__ == "TimeoutError":
        return DownloadTimeoutError("no whole page within the time limit")
    if page.trail and (known := trouble(page.trail[-1], pass_)):
        return known
    said = str(wrong)
    if "ownload" in said or "net::ERR_ABORTED" in said:
        return PageRefused("a download, where a page should be")
    if "net::ERR_CERT" in said:
        return DownloadFailedError("the certificate could not be verified")
    code = re.search(r"net::(ERR_[A-Z_]{1,40})", said)
    return DownloadFailedError(f"the browser says {code[1]}" if code else "the page broke down")


def trouble(url: str, pass_: Pass) -> Exception | None:
    """What the guard proxy says of a host, as an exception."""
    host = urlsplit(url).hostname or ""
    known = pass_.troubles.get(host)
    if known is None:
        return None
    kind, text = _TROUBLES[known]
    return kind(text.format(host))
