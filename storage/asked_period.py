"""Which outlets a question asks, and over which days: from its filters and its query.

A country, an outlet or an alignment narrows the outlets; so does a field of the query that must
hold. An actor, a language or a word does not: every outlet might have had such an article. Without
outlets in the question, all are asked that a run ever registered.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from storage import watch_rows
from storage.connection import Connection
from storage.query import parse
from storage.query_fields import Field, no_day
from storage.query_sql import conjunction
from storage.search import SearchFilters, values
from storage.times import day_text
from storage.watch_rows import RegisteredOutlet, local_date
from storage.watching import WatchedOutlet, period_of

EARLIEST = date(1990, 1, 1)
"""Nothing was published on the web before, whatever day somebody asks for."""
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Asked:
    """The outlets that a question asks, and its first and last day; None: no whole day yet.

    `until` is the moment up to which time is counted: what is to come is not unwatched.
    """

    outlets: tuple[WatchedOutlet, ...]
    first: date | None
    last: date | None
    until: datetime


def asked(
    db: Connection,
    query: str = "",
    filters: SearchFilters | None = None,
    *,
    now: datetime,
    any_words: bool = False,
    edges: bool = False,
) -> Asked:
    """Whom and when a question asks. Raises SearchError for a query that is not understood.

    Days to come are left out. Where the question names no first day, it is the first whole day on
    which its outlets were watched; where it names no last day, the last day before that of the
    latest look at anything. With `edges`, the day of the first look counts too, and that of the
    latest one up to this look.
    """
    fields = [*_fields(query, any_words=any_words), *_of_filters(filters)]
    chosen = [one for one in watch_rows.registered(db) if _is_chosen(one, fields)]
    named = _days(fields)
    last, until = _end(named, watch_rows.last_look(db), chosen, now, edges=edges)
    outlets = _with_ways(db, [one.outlet for one in chosen], named[0], last)
    first = named[0] or _first_day(outlets, chosen, edges=edges)
    if first is None or last is None:
        return Asked(outlets, None, None, now)
    if named[0] is None and named[1] is not None:
        first = min(first, last)  # it ends before the first look
    # One day ahead is today already, somewhere.
    first, last = max(first, EARLIEST), min(last, now.date() + _DAY)
    if first > last:
        return Asked(outlets, None, None, now)
    return Asked(outlets, first, last, until)


def _with_ways(
    db: Connection, outlets: Sequence[WatchedOutlet], first: date | None, last: date | None
) -> tuple[WatchedOutlet, ...]:
    """The outlets with their ways, for looking at any of these days in any zone."""
    begin = max(first or EARLIEST, EARLIEST) - _DAY
    end = min(last or EARLIEST, date.max - 3 * _DAY) + _DAY
    return watch_rows.with_ways(db, outlets, period_of(begin, end, "UTC"))


def outlets_asked(
    db: Connection, query: str = "", filters: SearchFilters | None = None
) -> tuple[str, ...]:
    """The ids of the outlets that a question asks. Raises SearchError."""
    fields = [*_fields(query), *_of_filters(filters)]
    chosen = (one for one in watch_rows.registered(db) if _is_chosen(one, fields))
    return tuple(one.outlet.outlet_id for one in chosen)


def days_named(
    query: str, filters: SearchFilters | None = None, *, any_words: bool = False
) -> tuple[date | None, date | None]:
    """The first and the last day that a question allows; None where it names none."""
    return _days([*_fields(query, any_words=any_words), *_of_filters(filters)])


def check_days(
    query: str, filters: SearchFilters | None = None, *, any_words: bool = False
) -> None:
    """Raise SearchError where the days that a question names exclude each other.

    It would find nothing wherever it is asked: that is a slip of its author, and no finding.
    """
    first, last = days_named(query, filters, any_words=any_words)
    if first is not None and last is not None and last < first:
        raise no_day(first.isoformat(), (last + _DAY).isoformat())


def _fields(query: str, *, any_words: bool = False) -> list[Field]:
    """The fields of a query that every article in its answer meets."""
    understood = parse(query, any_words=any_words)
    if understood is None:
        return []
    return [node for node in conjunction(understood.node)[0] if isinstance(node, Field)]


def _of_filters(filters: SearchFilters | None) -> list[Field]:
    """The filters that narrow outlets or days, as fields: one way of asking for each."""
    wanted = filters or SearchFilters()
    some = {"outlet": wanted.outlet, "country": wanted.country, "alignment": wanted.alignment}
    fields = [Field(name, tuple(values(said))) for name, said in some.items() if said is not None]
    days = {"after": day_text(wanted.after), "before": day_text(wanted.before)}
    return fields + [Field(name, (day,)) for name, day in days.items() if day is not None]


def _is_chosen(one: RegisteredOutlet, fields: list[Field]) -> bool:
    has = {
        "outlet": {one.outlet.outlet_id},
        "country": one.covers,
        "alignment": {one.outlet.alignment},
    }
    narrowing = (field for field in fields if field.name in has)
    return not any(has[field.name].isdisjoint(field.values) for field in narrowing)


def _days(fields: list[Field]) -> tuple[date | None, date | None]:
    """The first and the last day that all of the fields allow."""
    named = {"after", "before", "date"}
    days = {name: [f.values for f in fields if f.name == name] for name in named}
    firsts = [days_of[0] for days_of in (*days["after"], *days["date"])]
    ends = [*(days_of[0] for days_of in days["before"]), *(two[1] for two in days["date"])]
    first = max((date.fromisoformat(day) for day in firsts), default=None)
    end = min((date.fromisoformat(day) for day in ends), default=None)
    return first, None if end is None else max(end, EARLIEST) - _DAY


def _end(
    named: tuple[date | None, date | None],
    look: datetime | None,
    chosen: list[RegisteredOutlet],
    now: datetime,
    *,
    edges: bool,
) -> tuple[date | None, datetime]:
    """The last day that is asked, and the moment up to which its time counts."""
    first, last = named
    if last is not None:
        return last, now
    found = _last_day(look, chosen, edges=edges)
    if look is None or found is None or (first is not None and first > found):
        return (None if first is None else now.date()), now  # it begins after the latest look
    return found, min(now, look)


def _last_day(look: datetime | None, chosen: list[RegisteredOutlet], *, edges: bool) -> date | None:
    """The last day before that of the latest look, or that day itself."""
    if look is None:
        return None
    days = [local_date(look, name) for name in {one.outlet.timezone for one in chosen} or {"UTC"}]
    return max(days) if edges else min(days) - _DAY


def _first_day(
    outlets: tuple[WatchedOutlet, ...], chosen: list[RegisteredOutlet], *, edges: bool
) -> date | None:
    """The first day that the outlets of the first night were covered from its beginning on.

    Not before their first visit: a feed may reach back for years, and nobody watched then. The
    first night may have crossed a midnight. With `edges`, the day of the first visit.
    """
    pairs = zip(outlets, chosen, strict=True)
    visited = [(outlet, one.first_visit) for outlet, one in pairs if one.first_visit is not None]
    if edges:
        return min((first_visit for _, first_visit in visited), default=None)
    days = [_first_of(outlet, first_visit) for outlet, first_visit in visited]
    return max((day for day in days if day <= min(days) + _DAY), default=None)


def _first_of(outlet: WatchedOutlet, visited: date) -> date:
    begun = [way.covered_from for way in outlet.ways if way.covered_from is not None]
    whole = bool(begun) and local_date(min(begun), outlet.timezone) < visited
    return visited if whole else visited + _DAY
