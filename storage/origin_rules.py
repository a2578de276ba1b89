"""Who said it first, decided from what is known of a story's articles; pure.

Credits outweigh clocks: an agency that the articles name said it before any of them. Where they
name nobody, the earliest publication decides, if the times that we know can tell which it is:
two articles of one day without an hour cannot.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

from storage.models import Precision

Kind = Literal["credited", "disputed", "unnamed", "earliest", "undecided", "unknown"]
"""credited: by articles · disputed: as many name one agency as another · unnamed: "agencies" ·
earliest: by the clock · undecided: several could have been · unknown: nothing is left to ask."""
_WIDTH = {
    Precision.SECOND: timedelta(seconds=1),
    Precision.MINUTE: timedelta(minutes=1),
    Precision.DAY: timedelta(days=1),
}
"""How long a publication may have taken place after the time that is given for it."""


@dataclass(frozen=True, slots=True)
class Appearance:
    """What an article says of where its text is from; `speaks_for` is its outlet's own agency."""

    article_id: int
    outlet_id: str
    first_seen_at: datetime
    published_at: datetime | None = None
    precision: Precision = Precision.UNKNOWN
    credit: str | None = None
    rule: str = ""
    speaks_for: str | None = None
    day: str | None = None  # of publication, in the outlet's zone

    @property
    def dated(self) -> bool:
        """Whether the outlet's own time can be believed: we cannot have seen it before."""
        known = self.published_at is not None and self.precision in _WIDTH
        return known and self.published_at <= self.first_seen_at  # type: ignore[operator]  # known

    @property
    def earliest(self) -> datetime:
        """No later than this was it out; of an undated one, when we saw it."""
        return self.published_at if self.dated and self.published_at else self.first_seen_at

    @property
    def latest(self) -> datetime:
        """At this moment it was out for certain."""
        if not self.dated:
            return self.first_seen_at
        end = self.earliest + _WIDTH[self.precision] - timedelta(seconds=1)
        return min(end, self.first_seen_at)

    @property
    def says(self) -> str | None:
        """The agency whose text it is: the credited one, else the one that the outlet is."""
        return self.credit or self.speaks_for


@dataclass(frozen=True, slots=True)
class Origin:
    """Who said it first (`origin` is '' where that is not known), and how we know."""

    origin: str
    article: int | None
    kind: Kind
    credits: Mapping[str, Sequence[int]] = field(default_factory=dict)
    candidates: Sequence[str] = ()  # outlets that could have been first
    undated: Sequence[str] = ()  # outlets whose time of publication nobody gave
    at: datetime | None = None
    precision: Precision = Precision.UNKNOWN
    day: str | None = None


def decide(articles: Collection[Appearance], unnamed: Collection[str] = ()) -> Origin:
    """The origin of a story; `unnamed` are credits that name no agency in particular."""
    ordered = sorted(articles, key=lambda one: (one.earliest, one.outlet_id, one.article_id))
    if not ordered:
        return Origin("", None, "unknown")
    credits = _credits(ordered, unnamed)
    return _credited(ordered, credits, unnamed) if credits else _by_clock(ordered)


def _credits(articles: Sequence[Appearance], unnamed: Collection[str]) -> dict[str, list[int]]:
    """The articles that credit each agency; a weak word counts where no strong one has a name."""
    said = [one for one in articles if one.credit]
    strong = [one for one in said if one.rule != "lead"]
    credits: dict[str, list[int]] = defaultdict(list)
    for one in strong if any(one.credit not in unnamed for one in strong) else said:
        credits[str(one.credit)].append(one.article_id)
    return dict(credits)


def _credited(
    articles: Sequence[Appearance],
    credits: Mapping[str, Sequence[int]],
    unnamed: Collection[str],
) -> Origin:
    """The agency that most outlets name; nobody where as many name another one."""
    named = {agency: ids for agency, ids in credits.items() if agency not in unnamed}
    voices = _voices(articles, named)
    most = max(map(len, voices.values()), default=0)
    best = [agency for agency, outlets in voices.items() if len(outlets) == most]
    held = {agency: _own_article(articles, agency, unnamed) for agency in best}
    if len(best) > 1:  # the one whose own text we hold
        best = [agency for agency in best if held[agency]] or best
    if len(best) != 1:
        return Origin("", None, "disputed" if named else "unnamed", credits)
    own = held[best[0]]
    return Origin(best[0], own.article_id if own else None, "credited", credits)


def _voices(
    articles: Sequence[Appearance], named: Mapping[str, Sequence[int]]
) -> dict[str, set[str]]:
    """The outlets that stand for each agency: those that credit it, or one that it took over.

    An agency that publishes the text and credits nobody says that it is its own.
    """
    sources = _sources(articles, named)
    voices: dict[str, set[str]] = defaultdict(set)
    for agency, ids in named.items():
        voices[_first_source(agency, sources)] |= _outlets(articles, ids)
    for one in articles:
        if one.speaks_for and not one.credit:
            voices[one.speaks_for].add(one.outlet_id)
    return dict(voices)


def _sources(articles: Sequence[Appearance], named: Mapping[str, Sequence[int]]) -> dict[str, str]:
    """Whom an agency itself credits with the text that others have from it."""
    by_article = {id_: agency for agency, ids in named.items() for id_ in ids}
    return {
        one.speaks_for: by_article[one.article_id]
        for one in reversed(articles)  # its first article outweighs later ones
        if one.speaks_for and one.article_id in by_article
    }


def _first_source(agency: str, sources: Mapping[str, str]) -> str:
    """The agency at the end of the chain; itself, where agencies credit each other in a ring."""
    seen, last = {agency}, agency
    while last in sources:
        last = sources[last]
        if last in seen:
            return agency
        seen.add(last)
    return last


def _outlets(articles: Iterable[Appearance], ids: Collection[int]) -> set[str]:
    return {one.outlet_id for one in articles if one.article_id in set(ids)}


def _own_article(
    articles: Iterable[Appearance], agency: str, unnamed: Collection[str]
) -> Appearance | None:
    """The first article by which an agency speaks itself, and names no other one."""
    own = (one for one in articles if one.speaks_for == agency)
    return next((one for one in own if one.says == agency or one.credit in unnamed), None)


def _by_clock(articles: Sequence[Appearance]) -> Origin:
    """The outlet that published first, or all that could have.

    Of those that nobody dated we know when we saw them: a later sight says nothing about two of
    them, since one run sees the outlets in the order of its own visits.
    """
    first_out = min(one.latest for one in articles)
    could = [one for one in articles if one.earliest <= first_out]
    undated = [one for one in articles if not one.dated]
    if not any(one.dated for one in could):
        could += [one for one in undated if one not in could]
    outlets = sorted({one.outlet_id for one in could})
    unsure = sorted({one.outlet_id for one in undated})
    voices = {one.speaks_for or one.outlet_id for one in could}
    if len(voices) > 1:
        return Origin("", None, "undecided", candidates=outlets, undated=unsure)
    first = min(could, key=lambda one: (one.latest, one.article_id))
    return Origin(
        voices.pop(),
        first.article_id,
        "earliest",
        candidates=outlets,
        undated=unsure,
        at=first.earliest,
        precision=first.precision if first.dated else Precision.UNKNOWN,
        day=first.day if first.dated else None,
    )
