"""What a probe of one outlet has seen so far: its results, what was tried, what was offered."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import count

from pydantic import ValidationError

from crawler.engine.outcomes import Ending
from crawler.engine.probe_looks import Look
from crawler.outlets import Listing, Outlet
from crawler.probes import FoundIn, Kind, ProbeResult
from crawler.reading.common_paths import same_place
from crawler.reading.door_records import Doors
from storage.models import Hints, Outcome, Page

MOST_REQUESTS = 60
"""Per outlet and probe, its robots.txt apart: two minutes at the usual pause."""
MOST_REFUSALS = 3
"""Refusals in a row after which nothing more is guessed at a site."""
FRESH = timedelta(days=60)
"""How old the newest entry of a living way may be; weekly and monthly ones are younger."""
ALIKE = 0.8
"""Of all entries of two ways: with more in common they are one."""

_REFUSALS = frozenset({Outcome.BLOCKED, Outcome.NETWORK_ERROR, Outcome.TIMEOUT, Outcome.POSTPONED})


@dataclass
class Probed:
    """What a probe saw of an outlet. `offers` has the articles' addresses of each way that works,
    `hints` what these ways say of them, `doors` what its front page tells of the site."""

    outlet: Outlet
    results: list[ProbeResult] = field(default_factory=list)
    offers: dict[str, tuple[str, ...]] = field(default_factory=dict)
    hints: dict[str, Hints] = field(default_factory=dict)
    doors: Doors = field(default_factory=Doors)


class Notes:
    """Keeps the books of one probe."""

    def __init__(self, outlet: Outlet, egress: str, clock: Callable[[], datetime]) -> None:
        """Nothing was tried yet."""
        self.outlet, self.seen = outlet, Probed(outlet)
        self._egress, self._clock = egress, clock
        self._tried: dict[tuple[Kind, str], set[str]] = defaultdict(set)
        self._keys: dict[str, tuple[Kind, frozenset[str]]] = {}
        self._requests = count(1)
        self._refusals = 0

    def take_up(self, kind: Kind, url: str) -> bool:
        """Whether an address is to be tried as a way of a kind: until it works as it is written,
        with http or https, with a slash or without.

        What cannot stand in an outlet's file is never tried.
        """
        tried = self._tried[kind, same_place(url)]
        works = any(one.works for one in self.seen.results if one.url in tried)
        if url in tried or works or "#" in url:
            return False
        tried.add(url)
        return True

    def may_ask(self) -> bool:
        """Whether one more request may be made of the outlet; counts it."""
        return next(self._requests) <= MOST_REQUESTS

    def heard(self, answer: Page | Ending) -> None:
        """Count refusals in a row; any other answer ends the row."""
        refused = isinstance(answer, Ending) and answer.outcome in _REFUSALS
        self._refusals = self._refusals + 1 if refused else 0

    @property
    def may_guess(self) -> bool:
        """Whether the site still answers, so that another guess may be made."""
        return self._refusals < MOST_REFUSALS

    def failed(self, kind: Kind, url: str, found_in: FoundIn, reason: str) -> None:
        """Note a way that gave nothing."""
        self.note(kind, url, found_in, Look(False, reason))

    def note(
        self, kind: Kind, url: str, found_in: FoundIn, look: Look, page: Page | None = None
    ) -> None:
        """Note what a way showed; one that offers what an earlier one does is no second way."""
        same = self._same_offer(kind, url, look) if look.works else None
        look = look if _fits_a_file(url, look.article) else replace(look, works=False)
        self.seen.results.append(
            ProbeResult(
                url=url,
                kind=kind,
                works=look.works,
                reason=look.reason,
                seen_at=self._clock().isoformat(timespec="seconds"),
                entries=look.entries,
                newest=look.newest,
                found_in=found_in,
                newest_at=look.newest_at.isoformat() if look.newest_at else None,
                own_share=look.own_share,
                same_as=same,
                article=look.article,
                moved_to=page.final_url if page and self._is_away(page) else None,
                egress=self._egress,
            )
        )
        if look.works and same is None and look.urls:
            self.seen.offers[url] = look.urls
            self.seen.hints = {**look.hints, **self.seen.hints}

    def _same_offer(self, kind: Kind, url: str, look: Look) -> str | None:
        """The earlier way of the same kind that offers nearly the same articles, or None."""
        keys = frozenset(map(self.outlet.url_key, look.urls))
        for other, (of_kind, known) in self._keys.items():
            if of_kind == kind and keys and len(keys & known) >= ALIKE * len(keys | known):
                return other
        self._keys[url] = kind, keys
        return None

    def _is_away(self, page: Page) -> bool:
        return page.final_url != page.url and not self.outlet.owns(page.final_url)

    def has_good(self, *kinds: Kind) -> bool:
        """Whether a way of these kinds works and is not frozen."""
        return any(one.adds and one.kind in kinds and not frozen(one) for one in self.seen.results)

    def leave_frozen(self) -> None:
        """Where something fresh was found, what a probe found frozen is no way any more."""
        if not any(is_fresh(one) for one in self.seen.results):
            return
        self.seen.results = [
            replace(one, works=False, reason=f"frozen: nothing newer than {one.newest_at[:10]}")
            if one.newest_at and one.adds and one.found_in != "file" and frozen(one)
            else one
            for one in self.seen.results
        ]


def frozen(result: ProbeResult) -> bool:
    """Whether the newest entry of a way is surely too old for a living one."""
    return result.newest_at is not None and _age(result) > FRESH


def is_fresh(result: ProbeResult) -> bool:
    """Whether the newest entry of a way that works is surely young."""
    return result.adds and result.newest_at is not None and _age(result) <= FRESH


def _age(result: ProbeResult) -> timedelta:
    newest = datetime.fromisoformat(result.newest_at or result.seen_at)
    return datetime.fromisoformat(result.seen_at) - newest


def _fits_a_file(url: str, article: str | None) -> bool:
    """Whether an outlet's file may hold what was found: it comes from strangers."""
    try:
        Listing.model_validate({"url": url, "grade": "P", "article": article})
    except ValidationError:
        return False
    return True
