"""The addresses on a search page: each filter added or taken away, each order, the next page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from markupsafe import Markup

from storage.desk.facets import Facet, Value
from storage.desk.questions import SEVERAL, Order, Question
from storage.explorer.rendering import Speaker, foreign, link
from storage.explorer.terms import term

KEPT = frozenset(SEVERAL)
"""What the form of a search page hands on unseen; everything else is a field of it."""
ORDERS: tuple[Order, ...] = ("newest", "oldest", "best")
GROUPS = {
    "country": "country",
    "alignment": "alignment",
    "kind": "actor_kind",
    "theme": "theme",
    "language": "language",
}
"""Facets whose values have words of our own."""


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter that is set, in words, and the address without it."""

    facet: str
    label: Markup
    address: str


@dataclass(frozen=True, slots=True)
class Choice:
    """A value of a facet in words; its address adds it, or takes it away where it is chosen."""

    label: Markup
    articles: int
    chosen: bool
    address: str


@dataclass(frozen=True, slots=True)
class Choices:
    """A facet as the page shows it: the first values, those behind them, and what has none."""

    name: str
    first: tuple[Choice, ...]
    others: tuple[Choice, ...]
    more: int
    without: int


def parameters(question: Question) -> dict[str, list[str]]:
    """A question as the parameters of a link."""
    found: dict[str, list[str]] = {}
    for name, value in question.parameters():
        found.setdefault(name, []).append(value)
    return found


def address(question: Question, **more: object) -> str:
    """The page of a question; further parameters take the place of its own."""
    return link("search", **{**parameters(question), **more})


def meant(question: Question, actor_id: str) -> str:
    """The same question with an actor in the place of its words, the other filters kept."""
    return address(replace(question, query="").with_value("actor", actor_id))


def part(question: Question, name: str, **more: object) -> str:
    """A part of the page by itself, for a script."""
    return address(question, **more).replace("/search", f"/search/{name}", 1)


def chips(speaker: Speaker, question: Question, names: dict[str, str]) -> Iterator[Chip]:
    """What is set, with `names` of outlets and actors."""
    for name in SEVERAL:
        for value in question.chosen(name):
            without = question.without_value(name, value)
            yield Chip(name, _label(speaker, name, value, names.get(value)), address(without))
    filters = question.filters
    if filters.after is not None:
        without = question.between(None, filters.before)
        yield Chip("after", speaker.day(filters.after), address(without))
    if filters.before is not None:
        without = question.between(filters.after, None)
        yield Chip("before", speaker.day(filters.before), address(without))


def choices(
    speaker: Speaker, question: Question, facet: Facet, names: dict[str, str], shown: int = 8
) -> Choices:
    """A facet with an address for each of its values."""
    found = [
        _choice(speaker, question, facet.name, replace(one, name=names.get(one.value, one.name)))
        for one in facet.values
    ]
    if facet.name == "month":
        found.reverse()  # the latest first, as the list itself
    return Choices(
        facet.name, tuple(found[:shown]), tuple(found[shown:]), facet.more, facet.without
    )


def _choice(speaker: Speaker, question: Question, name: str, value: Value) -> Choice:
    without = value.chosen and name != "month"
    change = question.without_value if without else question.narrowed
    label = _label(speaker, name, value.value, value.name)
    return Choice(label, value.articles, value.chosen, address(change(name, value.value)))


def _label(speaker: Speaker, facet: str, value: str, name: str | None) -> Markup:
    if facet in GROUPS:
        return term(speaker, GROUPS[facet], value)
    if facet == "month":
        return Markup('<bdi dir="ltr">{}</bdi>').format(value)
    return foreign(name or value)
