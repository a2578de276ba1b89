"""Which parts of a sitemap index are worth a visit: those that may hold something new. Pure.

An index may list hundreds of parts for ten years, and one of them changes. Left alone are parts
that are older than the look reaches back (as their lastmod says, or the date in their name),
unchanged since they were read, dead, or of things that are no articles. Each is told.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from urllib.parse import unquote, urlsplit

from crawler.reading.sitemap_records import SitemapPart
from storage.finding import VISITED, Way
from storage.tombstones import may_rest

MAX_PARTS = 50
"""Parts that one look leads to; the others are taken up by the next."""
_CACHED = timedelta(days=1)  # an index may be made so long before it is served
_ZONES = timedelta(days=1)
_STAMPED, _STAMPED_SHARE = 5, 0.9  # of so many parts, as many changed within an hour
_ENDS = 2  # parts at each end of a list without dates: new pages come at one of them

_NO_ARTICLES = re.compile(
    r"(?:category|post_tag|tag|author|attachment|image|page|taxonomy|user)s?"
    r"[-_]?sitemap[-_]?\d*\.xml(?:\.gz)?"
    r"|(?:wp-)?sitemap-(?:taxonom\w+|tax|users|authors?|tags?|misc|categor\w+|images?"
    r"|(?:posts|pt)-page)(?:[-_].*)?\.xml(?:\.gz)?",
    re.IGNORECASE,
)
_DAY_OR_MONTH = re.compile(
    r"(?<!\d)(20\d\d)[-_/.]?(0[1-9]|1[0-2])(?:[-_/.]?(0[1-9]|[12]\d|3[01]))?(?!\d)"
)
_IN_QUERY = re.compile(r"yyyy=(20\d\d)(?:&mm=(\d\d?))?(?:&dd=(\d\d?))?")
_YEAR = re.compile(r"(?<!\d)(20\d\d)(?!\d)")
_OTHER_THINGS = "of tags, authors, images or fixed pages"
_NUMBER = re.compile(r"\d+")


@dataclass(frozen=True)
class Horizon:
    """How far a look reaches back. A `deep` one goes for what earlier looks may have left."""

    since: datetime
    now: datetime
    deep: bool = False


@dataclass
class PartsPlan:
    """The parts to visit, best first, and how many are left alone for which reason."""

    chosen: list[SitemapPart] = field(default_factory=list)
    left: Counter[str] = field(default_factory=Counter)
    waiting: int = 0  # wanted, and more than one look leads to
    missed: bool = False  # what waits has changed since it was read, as the index says
    settled: bool = True  # whether the index cannot stay as it is while a part changes
    leads_on: bool = False  # whether any part may hold articles, of whatever time

    def told(self) -> Iterator[str]:
        """What becomes of the parts, in words."""
        yield f"{len(self.chosen)} parts to visit"
        for why, number in self.left.most_common():
            yield f"{number} {why}"
        if self.waiting:
            yield f"{self.waiting} wait for the next look"


def plan_parts(
    parts: Sequence[SitemapPart], horizon: Horizon, known: Callable[[str], Way]
) -> PartsPlan:
    """Choose among the parts of an index; `known` gives what is remembered of an address."""
    plan = PartsPlan()
    stamped = _is_stamped(parts)
    ends = _name_dates(parts, horizon.now)
    wanted: list[tuple[SitemapPart, datetime | None]] = []
    for part in parts:
        until = None if stamped else part.changed_until
        # A day as lastmod is the same before and after the day's last article.
        plan.settled = plan.settled and until is not None and until + _CACHED < horizon.now
        why = _left_alone(part, (until, ends.get(part.url)), horizon, known(part.url))
        plan.leads_on = plan.leads_on or why != _OTHER_THINGS
        if why:
            plan.left[why] += 1
        else:
            wanted.append((part, until or ends.get(part.url)))
    ordered = _ordered(wanted, known)
    plan.chosen = [part for part, _ in ordered[:MAX_PARTS]]
    plan.waiting = len(ordered) - len(plan.chosen)
    plan.missed = any(at is not None for _, at in ordered[MAX_PARTS:])
    return plan


def _left_alone(
    part: SitemapPart,
    dates: tuple[datetime | None, datetime | None],
    horizon: Horizon,
    way: Way,
) -> str:
    """Why a part is not visited; "" for one that is. `dates`: by its lastmod, by its name."""
    changed, _ = dates
    if _NO_ARTICLES.fullmatch(urlsplit(part.url).path.rpartition("/")[2]):
        return _OTHER_THINGS
    if any(at is not None and at + _ZONES < horizon.since for at in dates):
        return f"older than {horizon.since:%Y-%m-%d}"
    if horizon.deep:
        return ""
    whole = way.last_outcome in VISITED and way.body_sha256  # forgotten of what was cut
    seen = way.visited_at if whole else None
    if changed and seen and changed + _CACHED < seen:
        return "unchanged"
    if may_rest(way, horizon.now) and not (changed and way.visited_at and changed > way.visited_at):
        return "dead"
    return ""


def _ordered(
    wanted: Sequence[tuple[SitemapPart, datetime | None]], known: Callable[[str], Way]
) -> list[tuple[SitemapPart, datetime | None]]:
    """The newest first; of those without date, new ones, both ends, then the longest unseen."""
    dated = [each for each in wanted if each[1] is not None]
    dated.sort(key=lambda each: each[1] or datetime.min.replace(tzinfo=UTC), reverse=True)
    undated = [part for part, at in wanted if at is None]
    last = len(undated) - _ENDS
    ranked = []
    for place, part in enumerate(undated):
        seen = known(part.url).visited_at
        inside = _ENDS <= place < last
        ranked.append((not part.is_new, inside, seen.timestamp() if seen else 0.0, place, part))
    ranked.sort(key=lambda rank: rank[:4])
    return [*dated, *((rank[4], None) for rank in ranked)]


def _is_stamped(parts: Iterable[SitemapPart]) -> bool:
    """Whether the index gives nearly all its parts one lastmod: that of the index itself."""
    hours = Counter(
        int(part.changed_until.timestamp() // 3600) for part in parts if part.changed_until
    )
    count = sum(hours.values())
    together = max((n + hours[hour + 1] for hour, n in hours.items()), default=0)
    return count >= _STAMPED and together >= _STAMPED_SHARE * count


def _name_dates(parts: Sequence[SitemapPart], now: datetime) -> dict[str, datetime]:
    """The end of the day, month or year in each part's name.

    A year alone may as well be the number of a page: it counts where all like it are years.
    """
    names = {part.url: _name(part.url) for part in parts}
    years: dict[str, list[int]] = {}
    for name in names.values():
        for number in _NUMBER.findall(name)[:20]:
            years.setdefault(_NUMBER.sub("#", name), []).append(int(number[:9]))
    dates: dict[str, datetime] = {}
    for url, name in names.items():
        like = years.get(_NUMBER.sub("#", name), [])
        end = _name_end(name, years=all(2000 <= year <= now.year for year in like))
        if end is not None and end.year <= now.year + 1:
            dates[url] = end
    return dates


def _name(url: str) -> str:
    parts = urlsplit(url)
    return unquote(parts.path) + ("?" + parts.query if parts.query else "")


def _name_end(name: str, *, years: bool) -> datetime | None:
    """The end of the time that a name speaks of."""
    found = _IN_QUERY.search(name) or _DAY_OR_MONTH.search(name)
    if found is None:
        year = _YEAR.search(name) if years else None
        return datetime(int(year[1]) + 1, 1, 1, tzinfo=UTC) if year else None
    try:
        return _after(int(found[1]), int(found[2] or 0), int(found[3] or 0))
    except ValueError:
        return None


def _after(year: int, month: int, day: int) -> datetime:
    """The first instant after a day, a month (`day` 0) or a year (`month` 0)."""
    if day:
        return datetime(year, month, day, tzinfo=UTC) + timedelta(days=1)
    return datetime(year + (month in (0, 12)), month % 12 + 1 if month else 1, 1, tzinfo=UTC)
