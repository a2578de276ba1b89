"""An archive of made articles, settled into stories as after a night's run."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from crawler.reading.fingerprints import fingerprint
from storage import stories
from storage.copies import write_fingerprint
from storage.database import Database, open_database
from storage.text import FOLD_VERSION
from storage.times import encode_time

FIRST_DAY = datetime(2026, 3, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Item:
    """An article to store, and `truth`: what is the same there is the same text."""

    truth: str
    outlet: str
    headline: str
    text: str
    language: str
    hours: float
    note: str = ""

    @property
    def at(self) -> datetime:
        """When it came out."""
        return FIRST_DAY + timedelta(minutes=round(self.hours * 60))


@dataclass(frozen=True, slots=True)
class Settled:
    """The story of each item, and the pairs of items of which one holds much of the other."""

    story: list[int]
    related: set[tuple[int, int]]


def settled(items: Sequence[Item]) -> Settled:
    """Store the items in the order in which they came out, settle, and tell their stories."""
    with (
        TemporaryDirectory(prefix="marsad-bench-") as folder,
        open_database(Path(folder) / "marsad.db") as db,
    ):
        store(db, items)
        stories.settle(db)
        story = [row["story_id"] for row in db.all("SELECT story_id FROM articles ORDER BY id")]
        pairs = db.all("SELECT earlier, later FROM near_pairs WHERE containment >= 0.5")
        return Settled(story, {(row["earlier"] - 1, row["later"] - 1) for row in pairs})


def store(db: Database, items: Sequence[Item]) -> None:
    """Write the rows that saving an article writes, as far as stories are made of them."""
    with db.write():
        for outlet in sorted({item.outlet for item in items}):
            _outlet(db, outlet)
        for number, item in enumerate(items, start=1):
            _article(db, number, item)


def _outlet(db: Database, outlet: str) -> None:
    values = {"id": outlet, "name": outlet, "country": "iq", "covers": "[]", "kind": "portal"}
    rest = {"alignment": "unknown", "timezone": "UTC", "languages": "[]", "domains": "[]"}
    db.insert("outlets", values | rest)


def _article(db: Database, number: int, item: Item) -> None:
    moment, url = encode_time(item.at), f"https://{item.outlet}.test/{number}"
    mark = fingerprint(item.text)
    article = {
        **{"id": number, "outlet_id": item.outlet, "url_key": url, "url": url},
        **{"headline": item.headline, "language": item.language, "published_at": moment},
        **{"published_precision": "minute", "published_day": moment[:10], "version": 1},
        **{"first_seen_at": moment, "fetched_at": moment, "words": mark.words},
        **{"keep_rule": "", "story_id": number},
    }
    text = {
        **{"article_id": number, "final_url": url, "text_complete": 1, "charset": "utf-8"},
        **{"language_score": 1.0, "methods": "{}", "content_hash": "", "reader_version": "bench"},
        **{"fold_version": FOLD_VERSION, "text": item.text},
    }
    db.insert("articles", article)
    db.insert("article_texts", text)
    write_fingerprint(db, number, mark)


@dataclass(frozen=True, slots=True)
class Pairs:
    """Pairs of articles in one story, against the pairs that carry the same text."""

    both: int
    joined: int
    same: int

    @property
    def precision(self) -> float:
        """Of the pairs in one story, the share that carry the same text."""
        return self.both / self.joined if self.joined else 1.0

    @property
    def recall(self) -> float:
        """Of the pairs that carry the same text, the share in one story."""
        return self.both / self.same if self.same else 1.0

    @property
    def f1(self) -> float:
        """Both in one figure."""
        return 2 * self.both / (self.joined + self.same) if self.joined + self.same else 1.0


def pairs(items: Sequence[Item], story: Sequence[int]) -> Pairs:
    """Counted over all articles."""
    truths = [item.truth for item in items]
    return Pairs(_within(zip(truths, story, strict=True)), _within(story), _within(truths))


def _within(labels: Iterable[object]) -> int:
    return sum(count * (count - 1) // 2 for count in Counter(labels).values())


def members(items: Sequence[Item], story: Sequence[int]) -> list[list[Item]]:
    """The stories of two articles or more, the largest first."""
    found: defaultdict[int, list[Item]] = defaultdict(list)
    for item, name in zip(items, story, strict=True):
        found[name].append(item)
    return sorted((group for group in found.values() if len(group) > 1), key=len, reverse=True)
