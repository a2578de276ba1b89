"""How far two people agree on pages, and our reading with each of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations
from zoneinfo import ZoneInfo

from crawler.gold.records import OURS, GoldPage, Mark
from crawler.gold.shingles import harmonic, overlap, score
from storage.models import Reading
from storage.text import fold
from storage.times import DATED

Read = Callable[[GoldPage], Reading]


@dataclass(frozen=True, slots=True)
class Agreement:
    """How one side's marks compare with another's, which are held for right.

    Counts are (right, of how many). Text: F1 of mean precision and mean recall of shingles, over
    the pages that the second side holds for articles.
    """

    found: str
    known: str
    pages: int
    precision: float
    recall: float
    article: tuple[int, int]  # both say that it is one, or that it is none
    headline: tuple[int, int]  # the same words
    day: tuple[int, int]  # of the pages that tell one
    no_day: tuple[int, int]  # no day is given of those that tell none

    @property
    def f1(self) -> float:
        """Of the text."""
        return harmonic(self.precision, self.recall)


def agreements(marks: Sequence[Mark], pages: Iterable[GoldPage], read: Read) -> list[Agreement]:
    """Ours with each person's, then each two people's; over the pages that both have."""
    marked = {mark.page for mark in marks}
    ours = [mark_of(page, read(page)) for page in pages if page.id in marked]
    people = sorted({mark.marker for mark in marks})
    by = {who: {mark.page: mark for mark in marks if mark.marker == who} for who in people}
    mine = {mark.page: mark for mark in ours}
    found = [agreement(mine, by[who]) for who in people]
    found += [agreement(by[one], by[other]) for one, other in combinations(people, 2)]
    return [one for one in found if one is not None]


def agreement(found: Mapping[str, Mark], known: Mapping[str, Mark]) -> Agreement | None:
    """How marks compare with those that are held for right; None where no page has both."""
    pairs = [(found[page], known[page]) for page in known if page in found]
    if not pairs:
        return None
    articles = [(one, other) for one, other in pairs if other.article]
    text = score(overlap(other.text, one.text) for one, other in articles)
    dated = [(one, other) for one, other in articles if other.day]
    undated = [one for one, other in articles if not other.day]
    return Agreement(
        found=pairs[0][0].marker,
        known=pairs[0][1].marker,
        pages=len(pairs),
        precision=text.precision,
        recall=text.recall,
        article=_count(one.article == other.article for one, other in pairs),
        headline=_count(same_words(one.headline, other.headline) for one, other in articles),
        day=_count(one.day == other.day for one, other in dated),
        no_day=_count(one.day is None for one in undated),
    )


def mark_of(page: GoldPage, reading: Reading) -> Mark:
    """What a reading says of a page, as a person would have marked it."""
    article = reading.outcome is None
    return Mark(
        page=page.id,
        outlet=page.outlet,
        url=page.url,
        marker=OURS,
        article=article,
        headline=reading.headline if article else "",
        day=_day(reading, page.timezone) if article else None,
        text=reading.text if article else "",
    )


def same_words(one: str, other: str) -> bool:
    """Whether two headlines say the same, whatever their quotation marks, dashes and marks.

    >>> same_words("«مدرسة» صيفية", "مدرسة صيفيّة")
    True
    """
    return _plain(one) == _plain(other)


def _plain(text: str) -> str:
    return " ".join("".join(char if char.isalnum() else " " for char in fold(text)).split())


def _day(reading: Reading, timezone: str) -> date | None:
    """The day of publication where its readers live; None where none is known to the day."""
    if reading.published_at is None or reading.published_precision not in DATED:
        return None
    return reading.published_at.astimezone(ZoneInfo(timezone)).date()


def _count(rights: Iterable[bool]) -> tuple[int, int]:
    found = list(rights)
    return sum(found), len(found)
