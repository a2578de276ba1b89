"""Stories are settled: every article gets its place among those that carry the same text.

Which articles are one story is a function of the whole set of articles and judgements
(`storage.story_rules`), whatever the order they came in. So what a chunk of new or changed
articles can touch is worked out anew, whole, in one transaction: their pairs, those of every text
whose evidence they change (a phrase that is now known as a form's, or no longer), and each group of
articles that any of these pairs is or was in.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import astuple, dataclass, replace
from itertools import chain
from sqlite3 import Row

import numpy as np

from storage import judged_stories, near, origins
from storage import story_rules as rules
from storage.connection import Connection
from storage.copies import COPY_WORDS
from storage.near import REACH
from storage.stories_schema import UNSETTLING
from storage.story_rules import Judged, Pair
from storage.windows import Hashes, Window, unpack

CHUNK = 500
"""Articles of one transaction: a crawl beside it waits for a second or two at most."""
_SPAN = 30
"""Days from a chunk's first article to its last: what is kept in memory is enough for them."""
_UNSETTLED = """
SELECT id, unixepoch(appeared_at) / 86400 AS day FROM articles INDEXED BY articles_unsettled
WHERE NOT settled ORDER BY appeared_at, outlet_id, url_key LIMIT ?
"""
_TRACES = """
SELECT article_id AS id, unixepoch(appeared_at) / 86400 AS day, exact, hashes FROM story_traces
WHERE article_id IN (SELECT value FROM json_each(?))
"""
_COMING = """
SELECT a.id, unixepoch(a.appeared_at) / 86400 AS day, f.hashes
FROM articles a JOIN fingerprints f ON f.article_id = a.id
WHERE a.id IN (SELECT value FROM json_each(?))
"""
_PAIRED = """
SELECT later, earlier, jaccard, containment, contrary FROM near_pairs
WHERE later IN (SELECT value FROM json_each(:ids))
UNION
SELECT later, earlier, jaccard, containment, contrary FROM near_pairs
WHERE earlier IN (SELECT value FROM json_each(:ids))
"""
_MEMBERS = """
SELECT a.id, unixepoch(a.appeared_at) AS at, a.outlet_id, a.url_key, a.withdrawn, a.story_id,
  coalesce(f.words, 0) AS words, f.exact
FROM articles a LEFT JOIN fingerprints f ON f.article_id = a.id
WHERE a.id IN (SELECT value FROM json_each(?)) AND a.settled
"""
_SETTLE = "UPDATE articles SET settled = 1 WHERE id IN (SELECT value FROM json_each(?))"
_FORGET = "DELETE FROM story_traces WHERE article_id IN (SELECT value FROM json_each(?))"
_UNPAIR = """
DELETE FROM near_pairs
WHERE (later, earlier) IN (SELECT value ->> 0, value ->> 1 FROM json_each(?))
"""
_PAIR = (
    "INSERT INTO near_pairs (later, earlier, jaccard, containment, contrary) VALUES (?, ?, ?, ?, ?)"
)
_CARRIERS = "SELECT article_id FROM fingerprints WHERE exact = ? AND words >= ?"
_CLEAR = "DELETE FROM stories WHERE id IN (SELECT value FROM json_each(?))"
_SEVERAL = "SELECT id FROM stories WHERE id IN (SELECT value FROM json_each(?))"
_ROWS = """
INSERT INTO stories
  (id, articles, outlets, first_at, last_at, origin, origin_article, origin_evidence)
SELECT story_id, count(*), count(DISTINCT outlet_id), min(appeared_at), max(appeared_at),
  '', NULL, '{}'
FROM articles WHERE story_id IN (SELECT value FROM json_each(?)) AND NOT withdrawn
GROUP BY story_id HAVING count(*) > 1
"""


@dataclass(frozen=True, slots=True)
class Settled:
    """How many articles were settled, the stories of several articles that were written, and
    the articles that are of another story than before."""

    articles: int = 0
    stories: int = 0
    changed: int = 0


def settle(db: Connection, progress: Callable[[Settled], None] = lambda done: None) -> Settled:
    """Give every article that asks for it its place among the stories; nobody else may beside.

    Can be stopped at any moment: what is left to do is marked in the database. `progress` is told
    after each transaction what was done so far.
    """
    window, done = Window(db), Settled()
    while ids := _next(db, window):
        with db.write():
            chunk = _Chunk(db, window, ids)
            chunk.settle()
        done = Settled(
            done.articles + len(ids), done.stories + chunk.stories, done.changed + chunk.changed
        )
        progress(done)
    return done


def rebuild(db: Connection, progress: Callable[[Settled], None] = lambda done: None) -> Settled:
    """Work out all stories anew; what was stopped on the way is finished by the next settling."""
    with db.write():
        db.execute("DROP TRIGGER articles_unsettling")  # what all articles were is of no more use
        db.execute("UPDATE articles SET settled = 0 WHERE settled")
        db.execute(UNSETTLING)
        for table in ("near_pairs", "stories", "story_traces"):
            db.execute(f"DELETE FROM {table}")  # noqa: S608  # literals
    done = settle(db, progress)
    return replace(done, stories=db.value("SELECT count(*) FROM stories"))  # each of them once


def _next(db: Connection, window: Window) -> list[int]:
    """The next articles to settle, by the time they appeared; their days are read by now.

    So the transaction does not wait for the disk. Another process may take one of them back
    meanwhile, by writing to it: it is settled as it stands then.
    """
    window.trim()
    rows = db.all(_UNSETTLED, (CHUNK,))
    chosen = [row for row in rows if row["day"] <= rows[0]["day"] + _SPAN]
    for day in sorted({row["day"] for row in chosen}):
        for number in range(day - rules.FILTER_DAYS - REACH, day + REACH + 1):
            window.day(number)
    return [row["id"] for row in chosen]


class _Chunk:
    """One transaction: some articles come in or change, and all they touch is made right."""

    def __init__(self, db: Connection, window: Window, ids: Sequence[int]) -> None:
        self.db, self.window, self.ids = db, window, ids
        self._mine = frozenset(ids)
        self.judged = Judged(*judged_stories.pairs(db))
        self.stories = self.changed = 0

    def settle(self) -> None:
        """Bring the window, the pairs and the stories up to date."""
        traces = self.db.all(_TRACES, _json(self.ids))
        touched = set(self.ids) | self._move(traces)
        self._mark_settled()
        around = self._repair(touched)
        lost = {row["exact"] for row in traces if row["exact"] is not None}
        self._place(self._group(touched | around | self._carriers(lost)))

    def _move(self, traces: Collection[Row]) -> set[int]:
        """Take out what the articles were and put in what they are, a day at a time.

        Gives the articles of which other fingerprints are evidence now. (Days are read as they
        were before this transaction, so it has to come first.)
        """
        gone, come = _by_day(traces), _by_day(self.db.all(_COMING, _json(self.ids)))
        flipped: set[int] = set()
        for day in sorted(gone.keys() | come.keys()):
            rows = gone[day] + come[day]
            hashes = np.unique(unpack([row["hashes"] for row in rows]))
            before = self.window.day(day).has(hashes)
            self.window.take(day, [row["id"] for row in gone[day]])
            self.window.put(
                day, [row["id"] for row in come[day]], [row["hashes"] for row in come[day]]
            )
            after = self.window.day(day).has(hashes)
            flipped |= self._flipped(hashes[after & ~before], day, rules.FILTER_TIMES)
            flipped |= self._flipped(hashes[before & ~after], day, rules.FILTER_TIMES - 1)
        return flipped

    def _flipped(self, hashes: Hashes, day: int, times: int) -> set[int]:
        """Articles to which one of these matters that came to this day, or went from it.

        On the days after it, a fingerprint becomes part of a form where it is now known from as
        many days as that takes, or is none any more where it is from one less.
        """
        later = range(day + 1, day + rules.FILTER_DAYS + 1)
        days = [number for number in later if len(self.window.day(number).hashes)]
        if not days or not len(hashes):
            return set()
        first, last = day - rules.FILTER_DAYS + 1, days[-1] - 1
        printed = [self.window.day(number).has(hashes) for number in range(first, last + 1)]
        totals = np.cumsum([np.zeros(len(hashes), dtype=np.int64), *printed], axis=0)
        holders: set[int] = set()
        for number in days:
            end = number - first
            counts = totals[end] - totals[max(end - rules.FILTER_DAYS, 0)]
            for around in range(number - REACH, number + 1):
                holders.update(self.window.day(around).holders(hashes[counts == times]).tolist())
        return holders

    def _mark_settled(self) -> None:
        self.db.execute(_SETTLE, _json(self.ids))
        self.db.execute(_FORGET, _json(self.ids))

    def _repair(self, ids: Collection[int]) -> set[int]:
        """Make the pairs of these articles anew; gives all that were in one with any of them."""
        known = [_ends(row) for row in self.db.all(_PAIRED, {"ids": _json(ids)[0]})]
        found = near.pairs_of(self.db, self.window, near.texts(self.db, ids))
        self.db.execute(_UNPAIR, (json.dumps(known),))
        rows = ((*key, *astuple(pair)) for key, pair in sorted(found.items()))
        self.db.executemany(_PAIR, rows)
        return set(chain.from_iterable(known))

    def _carriers(self, texts: Collection[bytes]) -> set[int]:
        """The articles that carry one of these texts word for word."""
        rows = chain.from_iterable(
            self.db.all(_CARRIERS, (text, COPY_WORDS)) for text in sorted(texts)
        )
        return {row["article_id"] for row in rows}

    def _group(self, ids: set[int]) -> _Group:
        """Some articles and all that are connected with any of them."""
        group, seen, texts = _Group({}, {}), set[int](), set[bytes]()
        while ids:
            seen |= ids
            rows = self.db.all(_MEMBERS, _json(ids))
            group.rows.update((row["id"], row) for row in rows)
            new = {row["exact"] for row in rows if row["words"] >= COPY_WORDS} - texts
            texts |= new
            pairs = self.db.all(_PAIRED, {"ids": _json(ids)[0]})
            group.pairs.update((_ends(row), row) for row in pairs)
            joined = (pair for pair in self.judged.joined if not ids.isdisjoint(pair))
            ends = chain.from_iterable(chain(map(_ends, pairs), joined))
            ids = (set(ends) | self._carriers(new)) - seen
        return group

    def _place(self, group: _Group) -> None:
        """Write down which article is of which story, and what there is to tell of each story."""
        members = map(near.member_from, group.rows.values())
        rewritten: set[int] = set()
        for story in rules.partition(members, group.evidence(), self.judged):
            rows = [group.rows[member.id] for member in story]
            name = next((row["id"] for row in rows if not row["withdrawn"]), rows[0]["id"])
            moved = [row for row in rows if row["story_id"] != name]
            for row in moved:
                self.db.update("articles", row["id"], {"story_id": name})
            rewritten.update(row["story_id"] for row in moved)
            if moved or not self._mine.isdisjoint(row["id"] for row in rows):
                rewritten.add(name)
            self.changed += len(moved)
        self._write_stories(rewritten)

    def _write_stories(self, ids: Collection[int]) -> None:
        self.db.execute(_CLEAR, _json(ids))
        self.stories = self.db.execute(_ROWS, _json(ids)).rowcount
        several = self.db.all(_SEVERAL, _json(ids))
        origins.refresh(self.db, [row["id"] for row in several])


@dataclass(frozen=True, slots=True)
class _Group:
    """Articles by number, and the pairs among them and others by theirs."""

    rows: dict[int, Row]
    pairs: dict[tuple[int, int], Row]

    def evidence(self) -> dict[tuple[int, int], Pair]:
        """The pairs of which both articles are settled."""
        return {
            key: Pair(row["jaccard"], row["containment"], bool(row["contrary"]))
            for key, row in self.pairs.items()
            if self.rows.keys() >= set(key)
        }


def _by_day(rows: Iterable[Row]) -> defaultdict[int, list[Row]]:
    found: defaultdict[int, list[Row]] = defaultdict(list)
    for row in rows:
        found[row["day"]].append(row)
    return found


def _ends(row: Row) -> tuple[int, int]:
    return (row["later"], row["earlier"])


def _json(ids: Iterable[int]) -> tuple[str]:
    return (json.dumps(sorted(ids)),)
