"""Which settled texts share so much that they may be one story: all the pairs of some articles."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from sqlite3 import Row
from typing import NamedTuple

import numpy as np

from storage import story_rules as rules
from storage.connection import Connection
from storage.copies import COPY_WORDS
from storage.fillings import Worded, contrary, contrary_slots, worded
from storage.story_rules import SAME, Member, Pair
from storage.text import fold
from storage.windows import Flags, Hashes, Numbers, Window, lengths, spread, unpack

Pairs = dict[tuple[int, int], Pair]
"""By the numbers of the later and the earlier article."""
DAY = 86_400
SECONDS = rules.WINDOW_HOURS * 3600
REACH = -(-rules.WINDOW_HOURS // 24)
"""Days back on which an article may lie with which one of today is a pair."""
_AT_ONCE = 2_000_000
"""Places of fingerprints that are looked at together: a few tens of megabytes."""
_TEXTS = """
SELECT a.id, unixepoch(a.appeared_at) AS at, a.outlet_id, a.url_key, a.headline,
  coalesce(f.version, 0) AS version, coalesce(f.words, 0) AS words,
  coalesce(f.exact, x'') AS exact, coalesce(f.hashes, x'') AS hashes,
  coalesce(f.slots, x'') AS slots
FROM articles a LEFT JOIN fingerprints f ON f.article_id = a.id
WHERE a.id IN (SELECT value FROM json_each(?)) AND a.settled
"""
_KEPT = """
SELECT article_id, text FROM article_texts
WHERE article_id IN (SELECT value FROM json_each(?)) AND text != ''
"""
_CARRIERS = "SELECT article_id FROM fingerprints WHERE exact = ?"


@dataclass(frozen=True)
class Text:
    """A settled article with what its pairs are made of."""

    member: Member
    version: int
    words: int
    digest: bytes  # of its words
    hashes: bytes
    slots: bytes
    headline: str

    @property
    def places(self) -> list[int]:
        """Its numbers and days, each with where it stands."""
        places: list[int] = np.frombuffer(self.slots, dtype=">u4").tolist()
        return places

    @property
    def day(self) -> int:
        """The day on which it appeared, since 1970."""
        return self.member.at // DAY


def texts(db: Connection, ids: Iterable[int]) -> list[Text]:
    """Those of these articles that are settled."""
    return [_text_from(row) for row in db.all(_TEXTS, (json.dumps(sorted(ids)),))]


def pairs_of(db: Connection, window: Window, wanted: Collection[Text]) -> Pairs:
    """Every pair of settled articles that one of these is in, and that is worth keeping."""
    found: Pairs = {}
    by_day: defaultdict[int, list[Text]] = defaultdict(list)
    for text in wanted:
        if text.words > rules.NEAR_WORDS and text.hashes:
            by_day[text.day].append(text)
    nearness = _Nearness(db, window, {text.member.id: text for text in wanted})
    for day, some in sorted(by_day.items()):
        for part in _parts(some):
            nearness.add(found, day, part)
    found = _tell_fillings(db, found, nearness.known)
    short = [text for text in wanted if 0 < text.words < COPY_WORDS]
    found.update(_short_pairs(db, short))
    return found


def _parts(some: Sequence[Text], size: int = 250) -> Iterator[Sequence[Text]]:
    for start in range(0, len(some), size):
        yield some[start : start + size]


class _Candidates(NamedTuple):
    """Pairs by the places of their texts in two lists, and how many fingerprints each shares."""

    mine: Numbers
    theirs: Numbers
    shared: Numbers

    def only(self, flags: Flags) -> _Candidates:
        return _Candidates(self.mine[flags], self.theirs[flags], self.shared[flags])


class _Prints:
    """The fingerprints of some texts, each once, and who has which."""

    def __init__(self, some: Sequence[Text]) -> None:
        blobs = [text.hashes for text in some]
        self.values, self.which = np.unique(unpack(blobs), return_inverse=True)
        self.owner = np.repeat(np.arange(len(some)), lengths(blobs))
        self.number = len(some)

    def sizes(self, evident: Flags) -> Numbers:
        """How many of each text's fingerprints are evidence."""
        return np.bincount(self.owner[evident[self.which]], minlength=self.number)


class _Nearness:
    """Compares texts of a day with those of the days around it."""

    def __init__(self, db: Connection, window: Window, known: dict[int, Text]) -> None:
        self.db, self.window = db, window
        self.known: dict[int, Text | None] = dict(known)

    def add(self, found: Pairs, day: int, mine: Sequence[Text]) -> None:
        """Add all pairs of these texts of one day."""
        prints = _Prints(mine)
        for late in range(day, day + REACH + 1):
            evident = self._evident(prints.values, late)
            sizes = prints.sizes(evident)
            days = range(day - REACH, day + 1) if late == day else (late,)
            for other in days:
                for held, candidates in self._sharing(prints, evident, other, mine):
                    self._judge(found, late, (mine, held), (sizes, candidates))

    def _evident(self, values: Hashes, day: int) -> Flags:
        """Which fingerprints are evidence on a day: those that are no part of a form by then."""
        if not len(self.window.day(day).hashes):
            return np.zeros(len(values), dtype=np.bool_)
        before = self.window.days_with(values, day - rules.FILTER_DAYS, day - 1)
        evident: Flags = before < rules.FILTER_TIMES
        return evident

    def _sharing(
        self, prints: _Prints, evident: Flags, day: int, mine: Sequence[Text]
    ) -> Iterator[tuple[list[Text], _Candidates]]:
        """Articles of a day that share enough with these texts, a part of the texts at a time."""
        held = self.window.day(day)
        if not len(held.hashes) or not evident.any():
            return
        first, counts = held.ranges(prints.values)
        counts[~evident] = 0
        each = counts[prints.which]
        for start, end in _bounded(each, prints.owner):
            chosen = prints.which[start:end]
            owners = held.owners[spread(first[chosen], counts[chosen])].astype(np.int64)
            texts_of = np.repeat(prints.owner[start:end], each[start:end])
            keys, shared = np.unique(texts_of << 32 | owners, return_counts=True)
            keys, shared = keys[shared >= rules.SHARED], shared[shared >= rules.SHARED]
            yield self._with_texts(keys >> 32, keys & 0xFFFFFFFF, shared, mine)

    def _with_texts(
        self, mine_at: Numbers, ids: Numbers, shared: Numbers, mine: Sequence[Text]
    ) -> tuple[list[Text], _Candidates]:
        """The texts of these articles, and the candidates that may be a pair by all but words."""
        unique, theirs = np.unique(ids, return_inverse=True)
        found = self._texts(unique.tolist())
        held = [text for text in found if text is not None]
        place = np.cumsum([text is not None for text in found]) - 1
        live = np.array([text is not None for text in found], dtype=np.bool_)
        candidates = _Candidates(mine_at, theirs, shared).only(live[theirs] if len(ids) else live)
        candidates = candidates._replace(theirs=place[candidates.theirs].astype(np.int64))
        return held, candidates.only(_comparable(mine, held, candidates))

    def _texts(self, ids: Sequence[int]) -> list[Text | None]:
        missing = [number for number in ids if number not in self.known]
        if missing:
            self.known.update(dict.fromkeys(missing))
            self.known.update((text.member.id, text) for text in texts(self.db, missing))
        return [self.known[number] for number in ids]

    def _judge(
        self,
        found: Pairs,
        late: int,
        sides: tuple[Sequence[Text], Sequence[Text]],
        measured: tuple[Numbers, _Candidates],
    ) -> None:
        """Add those candidates that share enough of what is evidence."""
        mine, held = sides
        sizes, (at, theirs, shared) = measured
        if not len(shared):
            return
        prints = _Prints(held)
        others = prints.sizes(self._evident(prints.values, late))[theirs]
        own = sizes[at]
        jaccard, containment = shared / (own + others - shared), shared / np.minimum(own, others)
        enough = (jaccard >= rules.RELATED) | (containment >= rules.CONTAINS)
        for n in np.flatnonzero(enough).tolist():
            pair = Pair(float(jaccard[n]), float(containment[n]))
            one, other = mine[int(at[n])].member, held[int(theirs[n])].member
            if rules.is_kept(one, other, pair):
                found[_key(one, other)] = pair


def _tell_fillings(db: Connection, found: Pairs, known: Mapping[int, Text | None]) -> Pairs:
    """The pairs, with what their texts say of them: whether they are fillings of one form."""
    fillings = _Fillings(db, {number for key in found for number in key}, known)
    return {
        key: replace(pair, contrary=fillings.contrary(*key))
        if pair.jaccard >= rules.RELATED
        else pair
        for key, pair in found.items()
    }


class _Fillings:
    """Compares texts that are near each other, each once whoever carries them."""

    def __init__(
        self, db: Connection, ids: Collection[int], known: Mapping[int, Text | None]
    ) -> None:
        self.held = {number: text for number in ids if (text := known[number]) is not None}
        self.worded: dict[int, Worded] = {}
        ready: dict[bytes, Worded] = {}
        for row in db.execute(_KEPT, (json.dumps(sorted(self.held)),)):
            number, digest = row["article_id"], self.held[row["article_id"]].digest
            if digest not in ready:
                ready[digest] = worded(row["text"])
            self.worded[number] = ready[digest]
        self.known: dict[tuple[bytes, bytes, bool], bool] = {}

    def contrary(self, late: int, early: int) -> bool:
        """Whether two texts are fillings of one form, as their words say or else their slots."""
        one, other = self.held[late], self.held[early]
        own = one.member.outlet_id == other.member.outlet_id
        if not self.worded.keys() >= {late, early}:
            return contrary_slots(one.places, other.places)
        key = (one.digest, other.digest, own)
        if key not in self.known:
            texts = self.worded[late], self.worded[early]
            self.known[key] = contrary(*texts, one_outlet=own)
        return self.known[key]


def _bounded(each: Numbers, owner: Numbers) -> Iterator[tuple[int, int]]:
    """Parts of the fingerprints, whole texts each, that are at about `_AT_ONCE` places together."""
    start, total = 0, np.cumsum(each)
    while start < len(each):
        before = total[start - 1] if start else 0
        end = int(np.searchsorted(total, before + _AT_ONCE, side="right"))
        last = owner[min(max(end, start), len(each) - 1)]
        if end < len(each) and last != owner[start]:
            end = int(np.searchsorted(owner, last))
        elif end < len(each):
            end = int(np.searchsorted(owner, last, side="right"))
        yield start, end
        start = end


def _comparable(mine: Sequence[Text], held: Sequence[Text], candidates: _Candidates) -> Flags:
    """Which candidates are two articles near each other in time, long enough, of one recipe."""

    def column(some: Sequence[Text], name: str) -> Numbers:
        return np.array([_value(text, name) for text in some], dtype=np.int64)

    at, theirs = candidates.mine, candidates.theirs
    apart = np.abs(column(mine, "at")[at] - column(held, "at")[theirs])
    same = column(mine, "id")[at] == column(held, "id")[theirs]
    recipe = column(mine, "version")[at] == column(held, "version")[theirs]
    long = column(held, "words")[theirs] > rules.NEAR_WORDS
    flags: Flags = (apart <= SECONDS) & ~same & recipe & long
    return flags


def _value(text: Text, name: str) -> int:
    value: int = getattr(text if name in ("version", "words") else text.member, name)
    return value


def _short_pairs(db: Connection, short: Sequence[Text]) -> Pairs:
    """Pairs of texts too short for more: the same words under the same headline."""
    found: Pairs = {}
    wanted: defaultdict[bytes, list[Text]] = defaultdict(list)
    for text in short:
        wanted[text.digest].append(text)
    for exact, some in wanted.items():
        others = texts(db, (row[0] for row in db.all(_CARRIERS, (exact,))))
        by_headline: defaultdict[str, list[Text]] = defaultdict(list)
        for text in others:
            by_headline[fold(text.headline)].append(text)
        for text in some:
            for other in by_headline.get(fold(text.headline), ()):
                one, two = text.member, other.member
                if one.id != two.id and text.headline and abs(one.at - two.at) <= SECONDS:
                    found[_key(one, two)] = SAME
    return found


def _key(one: Member, other: Member) -> tuple[int, int]:
    return (one.id, other.id) if one.place > other.place else (other.id, one.id)


def member_from(row: Row) -> Member:
    """An article as the rules see it, from its row."""
    return Member(
        id=row["id"],
        at=row["at"],
        outlet_id=row["outlet_id"],
        url_key=row["url_key"],
        exact=row["exact"] if row["words"] >= COPY_WORDS else None,
    )


def _text_from(row: Row) -> Text:
    return Text(
        member=member_from(row),
        version=row["version"],
        words=row["words"],
        digest=row["exact"],
        hashes=row["hashes"],
        slots=row["slots"],
        headline=row["headline"],
    )
