"""The fingerprints of settled articles by day, in memory: who else has them, on how many days.

A day is a sorted numpy array of fingerprints and beside it the article of each: twelve bytes a
fingerprint. Days are read when they are first asked for; those longest unused make room.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from storage.connection import Connection
from storage.copies import HASH_BYTES

Hashes = NDArray[np.uint64]
Flags = NDArray[np.bool_]
Numbers = NDArray[np.int64]

KEPT_DAYS = 70
"""Days in memory: those that tell how common a fingerprint is, for a month of articles' days."""
_EPOCH = date(1970, 1, 1).toordinal()
# The world as stories were last made of it: settled articles, and others as they stood then. One
# statement, so that a crawl that writes meanwhile cannot have one counted neither here nor there.
_DAY = """
SELECT f.article_id, f.hashes FROM articles a CROSS JOIN fingerprints f ON f.article_id = a.id
WHERE a.appeared_at >= :first AND a.appeared_at < :next AND a.settled
UNION ALL
SELECT article_id, hashes FROM story_traces WHERE appeared_at >= :first AND appeared_at < :next
"""


def unpack(blobs: Sequence[bytes]) -> Hashes:
    """The fingerprints of texts, one text after the other, from the form they are stored in."""
    raw = np.frombuffer(b"".join(blobs), dtype=np.uint8).reshape(-1, HASH_BYTES)
    wide = np.zeros((len(raw), 8), dtype=np.uint8)
    wide[:, -HASH_BYTES:] = raw
    return wide.view(">u8").ravel().astype(np.uint64)


def lengths(blobs: Sequence[bytes]) -> Numbers:
    """How many fingerprints each text has."""
    return np.fromiter((len(blob) // HASH_BYTES for blob in blobs), np.int64, len(blobs))


class Day(NamedTuple):
    """Fingerprints in order, and beside each the article that has it."""

    hashes: Hashes
    owners: NDArray[np.uint32]

    def has(self, hashes: Hashes) -> Flags:
        """Which of these any article of the day has."""
        if not len(self.hashes):
            return np.zeros(len(hashes), dtype=np.bool_)
        places = np.searchsorted(self.hashes, hashes)
        places[places == len(self.hashes)] = 0
        found: Flags = self.hashes[places] == hashes
        return found

    def ranges(self, hashes: Hashes) -> tuple[Numbers, Numbers]:
        """Where in the day each of these begins, and how often it is there."""
        first = np.searchsorted(self.hashes, hashes)
        return first, np.searchsorted(self.hashes, hashes, side="right") - first

    def holders(self, hashes: Hashes) -> NDArray[np.uint32]:
        """The articles that have any of these."""
        first, counts = self.ranges(hashes)
        return np.unique(self.owners[spread(first, counts)])


def spread(first: Numbers, counts: Numbers) -> Numbers:
    """The places of several ranges, one range after the other.

    >>> spread(np.array([7, 20]), np.array([2, 3])).tolist()
    [7, 8, 20, 21, 22]
    """
    ends = np.cumsum(counts)
    within = np.arange(ends[-1] if len(ends) else 0) - np.repeat(ends - counts, counts)
    places: Numbers = np.repeat(first, counts) + within
    return places


def made_of(ids: Sequence[int], blobs: Sequence[bytes]) -> Day:
    """A day of these articles."""
    return _sorted(unpack(blobs), np.repeat(np.array(ids, dtype=np.uint32), lengths(blobs)))


class Window:
    """The days of one database, by their number since 1970; what is put or taken stays in memory.

    `put` and `take` tell it what a transaction is about to change. One that failed leaves a window
    behind that is of no more use.
    """

    def __init__(self, db: Connection) -> None:
        self._db = db
        self._days: OrderedDict[int, Day] = OrderedDict()

    def day(self, number: int) -> Day:
        """The settled articles of a day."""
        found = self._days.get(number)
        if found is None:
            found = self._days[number] = self._read(number)
        self._days.move_to_end(number)
        return found

    def trim(self) -> None:
        """Let the days go that were not asked for lately; never amid a transaction."""
        while len(self._days) > KEPT_DAYS:
            self._days.popitem(last=False)

    def put(self, number: int, ids: Sequence[int], blobs: Sequence[bytes]) -> None:
        """Add articles to a day."""
        day, more = self.day(number), made_of(ids, blobs)
        hashes = np.concatenate([day.hashes, more.hashes])
        self._days[number] = _sorted(hashes, np.concatenate([day.owners, more.owners]))

    def take(self, number: int, ids: Sequence[int]) -> None:
        """Take articles out of a day."""
        day = self.day(number)
        stay = ~np.isin(day.owners, np.array(ids, dtype=np.uint32))
        self._days[number] = Day(day.hashes[stay], day.owners[stay])

    def days_with(self, hashes: Hashes, first: int, last: int) -> Numbers:
        """On how many of the days from `first` to `last` each of these was printed."""
        counts = np.zeros(len(hashes), dtype=np.int64)
        for number in range(first, last + 1):
            counts += self.day(number).has(hashes)
        return counts

    @property
    def size(self) -> int:
        """Bytes of the days in memory."""
        return sum(day.hashes.nbytes + day.owners.nbytes for day in self._days.values())

    def _read(self, number: int) -> Day:
        between = {"first": _date(number), "next": _date(number + 1)}
        rows = self._db.all(_DAY, between)
        return made_of([row["article_id"] for row in rows], [row["hashes"] for row in rows])


def _sorted(hashes: Hashes, owners: NDArray[np.uint32]) -> Day:
    order = np.argsort(hashes, kind="stable")
    return Day(hashes[order], owners[order])


def _date(number: int) -> str:
    """A day as the times of the database begin, within the calendar."""
    ordinal = min(max(_EPOCH + number, date.min.toordinal()), date.max.toordinal())
    return date.fromordinal(ordinal).isoformat()
