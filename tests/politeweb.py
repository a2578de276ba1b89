"""A made-up web on a clock of its own, which notes every breach of politeness it is shown.

Hours cost nothing: the event loop's clock jumps to whatever is due next. What a host answers is
planned; when it may be asked is worked out here anew, from nothing but what it answered before.
"""

from __future__ import annotations

import asyncio
import selectors
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.http import Response

EPOCH = 1_800_000_000.0
"""What the wall clock says, in seconds since 1970, when the loop's clock says 0."""
TIMEOUT = 20.0
"""Seconds after which a fetch is given up."""
CLOSE = 1e-5
"""Seconds: what is left of a sum of times that large."""
LONGEST = 86_400.0
"""Seconds: a Retry-After is obeyed for a day at most."""
HIGHEST_DELAY = 30.0
"""Seconds: a crawl-delay is followed up to here."""
SHORTEST = 0.5
"""Seconds: with a pause this long, what one run learns is written down before another's turn."""
AGAIN = {408, 429, 500, 502, 503, 504}


class _Jumping(selectors.DefaultSelector):
    """Waits for no time: tells its loop how long it would have waited."""

    waited = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        if timeout is None:
            raise AssertionError("everybody waits, and nothing is due")
        self.waited += max(timeout, 0.0)
        return super().select(0)


class VirtualLoop(asyncio.SelectorEventLoop):
    """An event loop whose clock jumps to the next thing that is due."""

    def __init__(self) -> None:
        self.jumping = _Jumping()
        super().__init__(self.jumping)

    def time(self) -> float:
        """Seconds since the loop was made."""
        return self.jumping.waited


def now() -> float:
    """The loop's clock."""
    return asyncio.get_running_loop().time()


class Steps:
    """When somebody sets the machine's clock, and by how many seconds."""

    at, by = 0.0, 0.0


def wall() -> float:
    """Seconds since 1970, as every process of this world sees them."""
    return EPOCH + now() + (Steps.by if now() >= Steps.at else 0.0)


def wall_clock() -> datetime:
    """The same as a time of day."""
    return datetime.fromtimestamp(wall(), UTC)


@dataclass(frozen=True)
class Answer:
    """One answer: `asks` is a Retry-After, in seconds, as a date so far off, or in words."""

    status: int = 200
    seconds: float = 0.2
    asks: int | str | None = None
    as_date: bool = False
    to: str = ""  # where a redirect leads
    delay: float = 0.0  # of a robots.txt: its crawl-delay
    forbids: tuple[str, ...] = ()  # of a robots.txt: what nobody may ask for
    breaks: bool = False  # the connection ends without an answer

    @property
    def rules(self) -> bytes:
        """The robots.txt that it is."""
        lines = ["User-agent: *", *(f"Disallow: {path}" for path in self.forbids)]
        return "\n".join([*lines, f"Crawl-delay: {self.delay:g}" if self.delay else ""]).encode()

    def retry_after(self) -> tuple[str, float]:
        """The header as sent now, and the seconds that it asks for; negative for none."""
        if isinstance(self.asks, str):
            return self.asks, -1.0
        if self.asks is None or not self.as_date:
            return str(self.asks or 0), -1.0 if self.asks is None else float(self.asks)
        until = int(wall() + self.asks)
        date = format_datetime(datetime.fromtimestamp(until, UTC), usegmt=True)
        return date, max(until - wall(), 0.0)


@dataclass
class Knows:
    """What one run has been told: robots.txt per host (None: not readable), pauses, its tries."""

    name: str
    robots: dict[str, Answer | None] = field(default_factory=dict)
    delay: dict[str, float] = field(default_factory=dict)
    tries: Counter[tuple[object, ...]] = field(default_factory=Counter)


class Web:
    """The hosts, and the watch over who asks them when."""

    def __init__(self, plans: Mapping[str, list[Answer]], pause: float) -> None:
        """`plans`: the answers of each address in order, the last for ever; `pause`: the least
        seconds between two requests to a host."""
        self.plans, self.pause = {url: list(answers) for url, answers in plans.items()}, pause
        self.breaches: list[str] = []
        self.requests: Counter[str] = Counter()
        self._open: dict[str, str] = {}
        self._ended: dict[str, float] = {}
        self._closed: defaultdict[str, float] = defaultdict(float)

    async def ask(self, run: Knows, request: Request) -> Response:
        """Answer one request as planned; raises TimeoutError and ConnectionError."""
        host = urlsplit(request.url).hostname or ""
        self._watch(run, request, host)
        self._open[host] = run.name
        answer = self._next(request.url)
        try:
            await asyncio.sleep(min(answer.seconds, TIMEOUT))
        finally:
            self._open.pop(host, None)
            self._ended[host] = now()
        failed = answer.breaks or answer.seconds > TIMEOUT
        self._learn(run, request, None if failed else answer)
        if failed:
            raise TimeoutError if answer.seconds > TIMEOUT else ConnectionError
        return self._response(request, answer, host)

    def _next(self, url: str) -> Answer:
        plan = self.plans.get(url, [])
        if not plan:
            return Answer()
        return plan.pop(0) if len(plan) > 1 else plan[0]

    def _response(self, request: Request, answer: Answer, host: str) -> Response:
        headers = {"Location": answer.to} if answer.to else {}
        if answer.asks is not None:
            headers["Retry-After"], seconds = answer.retry_after()
            if seconds >= 0 and answer.status in AGAIN:
                self._close(host, min(seconds, LONGEST))
        body = answer.rules if _of_robots(request) else b"page"
        return Response(
            request.url, status=answer.status, headers=headers, body=body, request=request
        )

    def _close(self, host: str, seconds: float) -> None:
        self._closed[host] = max(self._closed[host], now() + seconds)

    # --- what politeness is

    def _watch(self, run: Knows, request: Request, host: str) -> None:
        self.requests[host] += 1
        who = f"{run.name} asked {request.url} at {now():.3f}"
        if host in self._open:
            self.breaches.append(f"{who} while {self._open[host]} did")
        knows = 0.0 if _of_robots(request) and self.pause < SHORTEST else run.delay.get(host, 0.0)
        apart = max(self.pause, knows)
        since = now() - self._ended.get(host, -LONGEST)
        if since < apart - CLOSE:
            self.breaches.append(f"{who}: {since:.3f} s after the last one, of {apart:g}")
        if now() < self._closed[host] - CLOSE:
            self.breaches.append(f"{who}, closed until {self._closed[host]:.3f}")
        leads = request.meta.get("redirect_urls", [])
        key = (request.meta.get("asked"), *leads, request.url)
        run.tries[key] += 1
        if run.tries[key] > 3:
            self.breaches.append(f"{who} for the {run.tries[key]}th time")
        if not _of_robots(request) and not self._may(run, request.url):
            self.breaches.append(f"{who}, which robots.txt does not allow")

    def _may(self, run: Knows, url: str) -> bool:
        parts = urlsplit(url)
        rules = run.robots.get(parts.netloc)
        return rules is not None and not any(parts.path.startswith(p) for p in rules.forbids)

    def _learn(self, run: Knows, request: Request, answer: Answer | None) -> None:
        """What a run now knows of robots.txt, read at its host or where that led."""
        if not _of_robots(request):
            return
        first = urlsplit(request.meta.get("redirect_urls", [request.url])[0]).netloc
        run.robots[first] = _rules(answer)
        rules = run.robots[first]
        if rules is None or not rules.delay:
            return
        run.delay[first] = min(rules.delay, HIGHEST_DELAY)
        if self.pause >= SHORTEST:
            self._close(first, run.delay[first])


def _of_robots(request: Request) -> bool:
    return bool(request.meta.get("dont_obey_robotstxt"))


def _rules(answer: Answer | None) -> Answer | None:
    """What an answer for robots.txt means: its rules, none where there is no such file (any
    other 4xx), or None where it could not be read."""
    if answer is None or answer.status >= 500 or answer.status == 429 or answer.to:
        return None
    return answer if answer.status < 300 else Answer()
