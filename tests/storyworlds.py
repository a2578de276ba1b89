"""Small worlds of articles whose fingerprints are given, and what their stories must be.

`expected` is the definition, worked out over the whole set with no regard for speed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

from storage import story_rules as rules
from storage.copies import write_fingerprint
from storage.database import Database, open_database
from storage.fillings import contrary_slots
from storage.judged_stories import unsettle
from storage.models import Fingerprint
from storage.story_rules import Judged, Member, Pair
from storage.text import FOLD_VERSION, fold
from storage.times import encode_time

FIRST = datetime(2026, 3, 1, tzinfo=UTC)
OUTLETS = ("ma_one", "ma_two", "iq_three", "bh_four", "iq_five")


@dataclass(frozen=True)
class Told:
    """An article of a world: who printed which fingerprints when."""

    id: int
    hours: int
    outlet: str
    values: frozenset[int]
    words: int = 60
    slots: frozenset[int] = frozenset()
    headline: str = "a headline"
    version: int = 3
    withdrawn: bool = False

    @property
    def at(self) -> datetime:
        return FIRST + timedelta(hours=self.hours)

    @property
    def day(self) -> int:
        return self.hours // 24

    @property
    def print(self) -> Fingerprint:
        said = (sorted(self.values), sorted(self.slots), self.words)
        exact = sha256(repr(said).encode()).hexdigest()
        values, slots = tuple(sorted(self.values)), tuple(sorted(self.slots))
        return Fingerprint(self.version, values, exact, self.words, slots)

    @property
    def member(self) -> Member:
        exact = self.print.exact.encode() if self.words >= 20 else None
        at = int(self.at.timestamp())
        return Member(self.id, at, self.outlet, f"url/{self.id}", exact)


def prepare(db: Database) -> None:
    """Know the outlets."""
    with db.write():
        for outlet in OUTLETS:
            values = {"id": outlet, "name": outlet, "country": "iq", "covers": "[]"}
            rest = {"kind": "portal", "alignment": "unknown", "timezone": "UTC"}
            db.insert("outlets", {**values, **rest, "languages": "[]", "domains": "[]"})


def write(db: Database, told: Told) -> None:
    """Store an article or change it, as saving does; nothing is said of stories."""
    moment = encode_time(told.at)
    with db.write():
        article = {
            **{"id": told.id, "outlet_id": told.outlet, "headline": told.headline},
            **{"published_at": moment, "published_precision": "minute"},
            **{"published_day": moment[:10], "words": told.words, "withdrawn": told.withdrawn},
        }
        if db.value("SELECT 1 FROM articles WHERE id = ?", (told.id,)):
            db.update("articles", told.id, article)
        else:
            _insert(db, article, told.id)
        write_fingerprint(db, told.id, told.print)


def _insert(db: Database, article: Mapping[str, object], number: int) -> None:
    late = encode_time(FIRST + timedelta(days=900))
    names = {"url_key": f"url/{number}", "url": f"https://x.test/{number}", "language": "en"}
    rest = {"first_seen_at": late, "fetched_at": late, "version": 1, "keep_rule": ""}
    db.insert("articles", {**article, **names, **rest, "story_id": number})
    text = {
        **{"article_id": number, "final_url": "", "text_complete": 1, "charset": "utf-8"},
        **{"language_score": 1.0, "methods": "{}", "content_hash": "", "reader_version": "1"},
    }
    db.insert("article_texts", {**text, "fold_version": FOLD_VERSION, "text": ""})


def judge(db: Database, kind: str, one: int, other: int) -> None:
    """Say that two articles are one story, or that the first is none of the second's."""
    said = {"at": "2026-03-01T00:00:00Z", "who": "w", "why": "w", "kind": kind}
    with db.write():
        db.insert("judgements", {**said, "article_id": one, "other_id": other})
        unsettle(db, one, other)


def open_world(path: Path) -> Database:
    """A database that knows the outlets."""
    db = open_database(path)
    prepare(db)
    return db


def stories(db: Database) -> dict[int, int]:
    """The story of each article."""
    return {row["id"]: row["story_id"] for row in db.all("SELECT id, story_id FROM articles")}


def made(db: Database) -> dict[str, Any]:
    """All that settling writes."""
    pairs = db.all("SELECT * FROM near_pairs ORDER BY later, earlier")
    rows = db.all("SELECT id, articles, outlets, first_at, last_at FROM stories ORDER BY id")
    return {
        "story of": stories(db),
        "pairs": {(row["later"], row["earlier"]): tuple(row)[2:] for row in pairs},
        "stories": [tuple(row) for row in rows],
    }


def expected(
    world: Iterable[Told], joined: Iterable[tuple[int, int]], parted: Iterable[tuple[int, int]]
) -> dict[str, Any]:
    """What settling must write of a world."""
    told = {one.id: one for one in world}
    pairs = _pairs(list(told.values()))
    judged = Judged(frozenset(joined), frozenset(parted))
    partition = rules.partition((one.member for one in told.values()), pairs, judged)
    groups = [[told[member.id] for member in group] for group in partition]
    story_of = {one.id: _name(group) for group in groups for one in group}
    kept = {key: (pair.jaccard, pair.containment, pair.contrary) for key, pair in pairs.items()}
    return {"story of": story_of, "pairs": kept, "stories": _rows(groups)}


def _name(group: list[Told]) -> int:
    return next((one for one in group if not one.withdrawn), group[0]).id


def _rows(groups: list[list[Told]]) -> list[tuple[object, ...]]:
    rows = []
    for group in groups:
        counted = [one for one in group if not one.withdrawn]
        if len(counted) > 1:
            times = [encode_time(one.at) for one in counted]
            outlets = len({one.outlet for one in counted})
            rows.append((counted[0].id, len(counted), outlets, min(times), max(times)))
    return sorted(rows)


def _pairs(world: list[Told]) -> dict[tuple[int, int], Pair]:
    days: defaultdict[int, set[int]] = defaultdict(set)
    for one in world:
        for value in one.values:
            days[value].add(one.day)
    found = {}
    for late in world:
        for early in world:
            order = (early.at, early.outlet, f"url/{early.id}")
            if order < (late.at, late.outlet, f"url/{late.id}"):
                pair = _pair(late, early, days)
                if pair is not None and rules.is_kept(late.member, early.member, pair):
                    found[late.id, early.id] = pair
    return found


def _pair(late: Told, early: Told, days: Mapping[int, set[int]]) -> Pair | None:
    if late.at - early.at > timedelta(hours=72):
        return None
    if late.words < 20 or early.words < 20:
        alike = fold(late.headline) == fold(early.headline) and late.headline
        return rules.SAME if alike and late.print.exact == early.print.exact else None
    if min(late.words, early.words) <= 20 or late.version != early.version:
        return None
    form = {
        value
        for value in late.values | early.values
        if len([day for day in days[value] if late.day - 30 <= day < late.day]) >= 3
    }
    one, other = late.values - form, early.values - form
    if len(one & other) < 2:
        return None
    shared = len(one & other)
    jaccard = shared / len(one | other)
    contrary = jaccard >= rules.RELATED and contrary_slots(late.slots, early.slots)
    return Pair(jaccard, shared / min(len(one), len(other)), contrary)


def moved(told: Told, **changes: Any) -> Told:
    """The article as it is after a change."""
    return replace(told, **changes)
