"""The same article under another address, told by its words alone.

Some outlets show one article under addresses that no rule joins: a number and a slug, two
sections, a reposted item. One outlet, one headline, one day and one beginning make it the same
article, if the rest differs by no more than an edit would. What is printed under one headline day
by day (prices, weather, a column) is never joined so.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from itertools import pairwise

from storage import books
from storage.connection import Connection
from storage.copies import exact_bytes
from storage.identity import Arrival
from storage.models import Reading
from storage.text import fold, words
from storage.times import decode_time, local_day, publication_day

START_WORDS = 40
"""Folded words that must be the same at the beginning; a shorter text is never joined."""
MIN_KEPT = 0.6
"""Of the pairs of words behind the beginning of the shorter text, how many the longer one has.
One word in ten replaced leaves 0.8 (in texts of 100 words 0.66 at least), a cut or a live page's
addition 1, another text next to nothing."""
DAYS_AROUND = 14
"""A headline that stands over another article within these days is that of a column."""
_UNDATED = 300
"""Articles without a day that are looked at, the newest: nothing else tells when they appeared."""
_OF_DAY = "SELECT id, headline FROM articles WHERE outlet_id = ? AND published_day = ? ORDER BY id"
_WITHOUT_DAY = (
    "SELECT id, headline, first_seen_at FROM articles "
    "WHERE outlet_id = ? AND published_day IS NULL ORDER BY id DESC LIMIT ?"
)
_AROUND = (
    "SELECT headline FROM articles "
    "WHERE outlet_id = ? AND published_day BETWEEN ? AND ? AND published_day != ?"
)
_TEXT = (
    "SELECT t.text, a.text_kept, f.exact FROM articles a "
    "JOIN article_texts t ON t.article_id = a.id "
    "LEFT JOIN fingerprints f ON f.article_id = a.id WHERE a.id = ?"
)


def twin(db: Connection, arrival: Arrival) -> int | None:
    """The article of the outlet that a page shows under another address, or None."""
    reading, headline = arrival.reading, _folded(arrival.reading.headline)
    if not headline:
        return None
    shelf = _Shelf.of(db, arrival)
    near = shelf.of_day(headline)
    if not near or shelf.repeats(headline):
        return None
    ours = words(fold(reading.text))
    if len(ours) < START_WORDS:
        return None
    return next((number for number in near if _is_same(db, number, reading, ours)), None)


@dataclass(frozen=True, slots=True)
class _Shelf:
    """Where to look: the outlet's articles of about one day."""

    db: Connection
    outlet_id: str
    zone: str
    day: str

    @classmethod
    def of(cls, db: Connection, arrival: Arrival) -> _Shelf:
        """That of a page's day of publication, or else of the day on which it was seen."""
        outlet_id, reading = arrival.candidate.outlet_id, arrival.reading
        zone = books.timezone_of(db, outlet_id)
        day = publication_day(reading.published_at, reading.published_precision, zone)
        return cls(db, outlet_id, zone, day or local_day(arrival.fetch.fetched_at, zone))

    def of_day(self, headline: str) -> list[int]:
        """The articles of that day under a headline."""
        rows = self.db.all(_OF_DAY, (self.outlet_id, self.day))
        dated = [row["id"] for row in rows if _folded(row["headline"]) == headline]
        undated = [number for number, day in self._undated(headline) if day == self.day]
        return sorted(dated + undated)

    def repeats(self, headline: str) -> bool:
        """Whether the outlet prints this headline on other days too."""
        day, around = date.fromisoformat(self.day), timedelta(days=DAYS_AROUND)
        span = ((day - around).isoformat(), (day + around).isoformat())
        rows = self.db.all(_AROUND, (self.outlet_id, *span, self.day))
        if any(_folded(row["headline"]) == headline for row in rows):
            return True
        return any(day != self.day for _, day in self._undated(headline))

    def _undated(self, headline: str) -> Iterator[tuple[int, str]]:
        """The newest articles without a day under a headline, and when each was first seen."""
        for row in self.db.all(_WITHOUT_DAY, (self.outlet_id, _UNDATED)):
            if _folded(row["headline"]) == headline:
                yield row["id"], local_day(decode_time(row["first_seen_at"]), self.zone)


def _is_same(db: Connection, article_id: int, reading: Reading, ours: list[str]) -> bool:
    row = db.one(_TEXT, (article_id,))
    assert row is not None, "articles have their texts"
    mark = reading.fingerprint
    if mark is not None and exact_bytes(mark) == row["exact"]:
        return True
    return bool(row["text_kept"]) and is_edit_of(words(fold(row["text"])), ours)


def is_edit_of(stored: list[str], ours: list[str]) -> bool:
    """Whether two texts, in folded words, begin alike and differ by no more than an edit would.

    Every number of the shorter one must stand in the longer: a bulletin's next edition has other
    numbers in the same words.
    """
    if min(len(stored), len(ours)) < START_WORDS or stored[:START_WORDS] != ours[:START_WORDS]:
        return False
    short, long = sorted((stored, ours), key=len)
    if Counter(filter(_is_number, short)) - Counter(filter(_is_number, long)):
        return False
    pairs, others = (Counter(_pairs(text[START_WORDS:])) for text in (short, long))
    return (pairs & others).total() >= MIN_KEPT * pairs.total()


def _is_number(word: str) -> bool:
    return any(map(str.isdigit, word))


def _pairs(text: list[str]) -> Iterator[tuple[str, str]]:
    return pairwise(text)


@lru_cache(maxsize=20_000)
def _folded(headline: str) -> str:
    """A folded headline without its punctuation: some views write quotation marks otherwise."""
    return " ".join(words(fold(headline)))
