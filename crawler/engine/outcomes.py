"""Failures as values: what an exception or a status means for a candidate or a visit."""

from __future__ import annotations

import re
from typing import NamedTuple
from urllib.parse import urlsplit

from scrapy.core.downloader.handlers.http11 import TunnelError
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadTimeoutError,
    IgnoreRequest,
    ResponseDataLossError,
    UnsupportedURLSchemeError,
)

from crawler.egresses import DIRECT
from crawler.engine.guard import refused_address
from storage.finding import VisitOutcome
from storage.models import Outcome

BLOCKED_STATUS = frozenset({401, 402, 403, 407, 451})
GONE_STATUS = frozenset({404, 410})


class Ending(NamedTuple):
    """How something ended before it could be read, and why, in words for a person."""

    outcome: Outcome
    reason: str


class UnsafeAddress(IgnoreRequest):
    """The address or scheme is one that is never visited."""


class HostPaused(IgnoreRequest):
    """The host asked us to wait longer than a run waits, or does not answer at all."""


class HeadTooLong(Exception):
    """Status line and headers are longer than any honest server's."""


class EgressFailed(Exception):
    """What was asked for through an egress did not come."""


class BrowserMissing(IgnoreRequest):
    """The page needs a browser, and there is none: it waits."""


class PageRefused(IgnoreRequest):
    """A browser would not show what came as a page."""


class ForbiddenByRobots(IgnoreRequest):
    """robots.txt was read and forbids this URL."""


class RobotsUnreadable(IgnoreRequest):
    """robots.txt could not be read, so nothing may be fetched now; `ending` says why."""

    def __init__(self, ending: Ending) -> None:
        """Keep the cause: what failed in passing may be tried again, unlike what is forbidden."""
        super().__init__(f"robots.txt could not be read: {ending.reason}")
        self.ending = ending


_CAUSES = {
    "ConnectionLost": "the connection broke off",
    "ConnectionDone": "the connection was closed without an answer",
    "ConnectionAborted": "the connection broke off",
    "ParseError": "the answer is not HTTP",
    "BadHeaders": "the answer is not HTTP",
    "DownloadFailedError": "the connection broke off",
    "Error": "the certificate could not be verified",
}
"""What Twisted's and OpenSSL's exceptions mean to a person."""

_BY_TYPE: tuple[tuple[type[Exception], Outcome, str], ...] = (
    (UnsafeAddress, Outcome.UNSAFE_ADDRESS, ""),
    (HostPaused, Outcome.POSTPONED, ""),
    (BrowserMissing, Outcome.POSTPONED, ""),
    (PageRefused, Outcome.HTTP_ERROR, ""),
    (ForbiddenByRobots, Outcome.ROBOTS, ""),
    (DownloadTimeoutError, Outcome.TIMEOUT, "no whole answer within the time limit"),
    (UnsupportedURLSchemeError, Outcome.UNSAFE_ADDRESS, "neither http nor https"),
    (ResponseDataLossError, Outcome.NETWORK_ERROR, "the answer was cut short"),
    (DownloadConnectionRefusedError, Outcome.NETWORK_ERROR, "connection refused"),
    (DownloadCancelledError, Outcome.TOO_LARGE, "larger than the limit"),
    (CannotResolveHostError, Outcome.NETWORK_ERROR, "the host name does not resolve"),
    (TunnelError, Outcome.NETWORK_ERROR, "its proxy did not let us through"),
)


def why(wrong: BaseException | None) -> Ending:
    """The outcome that an exception of the fetch means; unexpected ones are network errors."""
    if isinstance(wrong, RobotsUnreadable):
        return Ending(wrong.ending.outcome, str(wrong))
    for kind, outcome, reason in _BY_TYPE:
        if isinstance(wrong, kind):
            return Ending(outcome, reason or str(wrong))
    if isinstance(wrong, ValueError):  # Scrapy's, for a redirect to what is no web address
        return Ending(Outcome.UNSAFE_ADDRESS, "led to something that is not the web")
    if isinstance(wrong, IgnoreRequest) and "max redirections" in str(wrong):
        return Ending(Outcome.HTTP_ERROR, "too many redirects")
    if isinstance(wrong, IgnoreRequest) and "exceeded DOWNLOAD_MAXSIZE" in str(wrong):
        return Ending(Outcome.TOO_LARGE, "larger than the limit once unpacked")
    return Ending(Outcome.NETWORK_ERROR, _in_words(wrong))


def _in_words(wrong: BaseException | None) -> str:
    """An exception in one line, without memory addresses or object dumps."""
    failures = getattr(getattr(wrong, "__cause__", None), "reasons", ())
    causes = [_CAUSES.get(type(failure.value).__name__, "") for failure in failures]
    text = re.sub(r"<[^>]*>|\bat 0x[0-9a-f]+", "", str(wrong)).strip(" []:,\n")
    said = next(filter(None, causes), "") or text[:200]
    return said or _CAUSES.get(type(wrong).__name__, type(wrong).__name__)


def guarded(wrong: Exception, url: str) -> Exception:
    """The exception that says what our own limits did: the guard's UnsafeAddress for a failed
    resolution, DownloadCancelledError for an endless head; any other one as it is."""
    host = urlsplit(url).hostname or ""
    if isinstance(wrong, CannotResolveHostError) and (ip := refused_address(host)):
        return UnsafeAddress(f"{host} leads to {ip}, which is not a public address")
    failures = getattr(wrong.__cause__, "reasons", ())
    if any(isinstance(failure.value, HeadTooLong) for failure in failures):
        return DownloadCancelledError("headers longer than the limit")
    return wrong


def through(egress: str, wrong: Exception) -> Exception:
    """The exception that names the egress, where a failure may be that of its proxy."""
    ending = why(wrong)
    if egress == DIRECT or ending.outcome is not Outcome.NETWORK_ERROR:
        return wrong
    return EgressFailed(f"through the egress {egress}: {ending.reason}")


def of_status(status: int, location: str | None = None) -> Ending | None:
    """The ending that a status means, or None for a page."""
    if status == 200:
        return None
    if status in BLOCKED_STATUS:
        return Ending(Outcome.BLOCKED, f"status {status}")
    if status in GONE_STATUS:
        return Ending(Outcome.GONE, f"status {status}")
    if 300 <= status < 400 and location and not location.startswith(("http:", "https:", "/")):
        return Ending(Outcome.UNSAFE_ADDRESS, "a redirect to something that is not the web")
    return Ending(Outcome.HTTP_ERROR, f"status {status}")


def visit_outcome(outcome: Outcome) -> VisitOutcome:
    """The same ending, said of a visit to a feed."""
    return VisitOutcome(outcome.value)
