"""A question as the desk's pages, exports, saved searches and frozen sets share it.

It is written as the parameters of an address, always in the same way, so that the same question
has one address: that of a search page, of a file's side-car and of a citation.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Literal

from storage.asked_period import check_days
from storage.errors import SearchError
from storage.ranking import Per
from storage.search import SearchFilters, values
from storage.times import day_text

SEVERAL = (
    "outlet",
    "country",
    "language",
    "alignment",
    "actor",
    "kind",
    "theme",
    "credit",
)
"""Filters that may be named several times; any of the values is enough."""
MOST_VALUES = 200
"""Of all filters together: an address holds no more."""
_MONTH = re.compile(r"\d{4}-\d{2}")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")

Order = Literal["newest", "oldest", "best"]
_TERM = "term_"
_TO_QUOTE = re.compile(r'[\s()",:]')
_ORDERS: dict[str, Order] = {
    "": "newest",
    "newest": "newest",
    "oldest": "oldest",
    "best": "best",
}
Arguments = Mapping[str, Sequence[str]]
"""The parameters of an address, each with all of its values."""


@dataclass(frozen=True, slots=True)
class Question:
    """What is looked for, in which order, and whether copies of one text are shown as one.

    The values of filters are tuples, in their order and each once. `newest`: by date, with
    `oldest` the other way round; the undated come last in either. Otherwise the best come first.
    """

    query: str = ""
    filters: SearchFilters = field(default_factory=SearchFilters)
    newest: bool = True
    per: Per = "article"
    oldest: bool = False

    @classmethod
    def of(cls, args: Arguments) -> Question:
        """The question that an address asks; parameters of other names are left alone.

        Raises SearchError, in words, for a day, order or query that cannot be understood, and for
        days that exclude each other. Whether the database knows its values is asked later.
        """
        several = {name: _several(args, name) for name in SEVERAL}
        if sum(len(some or ()) for some in several.values()) > MOST_VALUES:
            raise SearchError(f"a question has at most {MOST_VALUES} values of filters", None)
        after, before = _days(args)
        chosen = SearchFilters(**several)  # type: ignore[arg-type]  # SEVERAL names no day
        filters = replace(chosen, after=after, before=before)
        query = " ".join(_one(args, "q").split())
        check_days(query, filters)
        per: Per = "story" if _one(args, "fold") in ("1", "on") else "article"
        order = _order(_one(args, "order"))
        return cls(query, filters, order != "best", per, order == "oldest")

    def parameters(self) -> list[tuple[str, str]]:
        """The same as names and values of an address, sorted; what goes without saying is left."""
        days = {name: day_text(getattr(self.filters, name)) for name in ("after", "before")}
        said = {
            "q": self.query,
            **{name: day for name, day in days.items() if day is not None},
            "order": self.order if self.order != "newest" else "",
            "fold": "1" if self.per == "story" else "",
        }
        chosen = [(name, value) for name in SEVERAL for value in self.chosen(name)]
        return sorted(chosen + [(name, value) for name, value in said.items() if value])

    @property
    def order(self) -> Order:
        """As an address names it."""
        if not self.newest:
            return "best"
        return "oldest" if self.oldest else "newest"

    def ordered(self, order: Order) -> Question:
        """The same question in another order."""
        return replace(self, newest=order != "best", oldest=order == "oldest")

    def chosen(self, name: str) -> tuple[str, ...]:
        """The values of one filter of several values."""
        some = getattr(self.filters, name)
        return () if some is None else tuple(sorted(set(values(some))))

    def with_value(self, name: str, value: str) -> Question:
        """The same question with one more value of a filter."""
        return self._choosing(name, (*self.chosen(name), value))

    def without_value(self, name: str, value: str) -> Question:
        """The same question with one value of a filter less."""
        return self._choosing(name, [one for one in self.chosen(name) if one != value])

    def between(self, after: date | None, before: date | None) -> Question:
        """The same question of other days."""
        return replace(self, filters=replace(self.filters, after=after, before=before))

    def narrowed(self, name: str, value: str) -> Question:
        """The same question of fewer articles: those that have a value too, whatever is chosen.

        `name` is a filter of several values, or "month". Beside a value that was chosen already, a
        second one is asked in the query: as a filter, either of them would be enough.
        """
        if name == "month":
            first, end = _month(value)
            after, before = self.filters.after or first, self.filters.before or end
            return self.between(max(first, after), min(end, before))
        if not self.chosen(name):
            return self.with_value(name, value)
        field_name = "term" if value.startswith(_TERM) and name == "actor" else name
        written = f'{field_name}:"{value}"' if _TO_QUOTE.search(value) else f"{field_name}:{value}"
        return replace(self, query=f"({self.query}) {written}" if self.query else written)

    def _choosing(self, name: str, some: Sequence[str]) -> Question:
        chosen = {name: tuple(sorted(set(some))) or None}
        filters = replace(self.filters, **chosen)  # type: ignore[arg-type]  # as in of()
        return replace(self, filters=filters)


def _several(args: Arguments, name: str) -> tuple[str, ...] | None:
    given = (part.strip().lower() for value in args.get(name, ()) for part in value.split(","))
    return tuple(sorted({part for part in given if part})) or None


def _one(args: Arguments, name: str) -> str:
    """The value that counts where a parameter is given twice: the last one."""
    given = args.get(name, ())
    return given[-1].strip() if given else ""


def _order(written: str) -> Order:
    if written not in _ORDERS:
        raise SearchError("the order is newest, oldest or best", None, f"order={written}")
    return _ORDERS[written]


def _days(args: Arguments) -> tuple[date | None, date | None]:
    """The first day and the one after the last, of `after`, `before` and `month` together."""
    spans = list(_spans(args))
    firsts = [day for day, _ in spans if day is not None]
    ends = [day for _, day in spans if day is not None]
    return max(firsts, default=None), min(ends, default=None)


def _spans(args: Arguments) -> Iterator[tuple[date | None, date | None]]:
    yield _day("after", _one(args, "after")), _day("before", _one(args, "before"))
    if month := _one(args, "month"):
        yield _month(month)


def _month(written: str) -> tuple[date, date]:
    """The first day of a month and that of the next one."""
    first = _day("month", f"{written}-01") if _MONTH.fullmatch(written) else None
    if first is None:
        raise SearchError(f'"{written}" is no month; write 2026-03', None)
    try:
        return first, (first + timedelta(days=31)).replace(day=1)
    except OverflowError as far:
        raise SearchError(f'"{written}" is no month; write 2026-03', None) from far


def _day(name: str, written: str) -> date | None:
    """A day as forms and addresses write it; None for an empty one."""
    if not written:
        return None
    try:
        if not _DAY.fullmatch(written):
            raise ValueError(written)
        return date.fromisoformat(written)
    except ValueError as wrong:
        raise SearchError(f'{name}: "{written}" is no day; write 2026-03-01', None) from wrong
