"""What stories cost: time of a lookup, memory of a month, room in the database, a night's work.

The archive is made of random fingerprints, as many as articles of 280 words have; the night that is
settled on top of it is made of texts, a third of them copies with an edit.
"""

from __future__ import annotations

import argparse
import json
import random
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from bench.story_archive import FIRST_DAY, Item, store
from storage import near, stories
from storage.database import Database, open_database
from storage.windows import Window

SIZES = (10_000, 100_000, 1_000_000)
DAYS = 30
WORDS = 280
PRINTS = 62
"""Fingerprints of an article of that many words, as measured."""
SLOTS = 8
LOOKUPS = 300
NIGHT = 10_000
OUTLETS = 100
COPIES = 0.33
"""Of a night's articles; as measured on real archives."""
_FIRST = int(FIRST_DAY.timestamp()) // 86_400


def build(db: Database, articles: int) -> None:
    """An archive of settled articles of thirty days, with nothing but what stories need."""
    rng = np.random.default_rng(7)
    common = rng.integers(0, 1 << 48, 20_000, dtype=np.uint64)
    db.execute("PRAGMA foreign_keys = OFF")
    names = [
        row["name"] for row in db.all("SELECT name FROM sqlite_master WHERE sql LIKE ?", (_ON,))
    ]
    for name in set(names) - {"articles_appeared", "articles_unsettled"}:
        db.execute(f"DROP INDEX {name}")
    for first in range(0, articles, 20_000):
        numbers = range(NIGHT + 1 + first, NIGHT + 1 + min(first + 20_000, articles))
        with db.write():
            db.executemany(_PRINT, _print_rows(numbers, rng, common))
            db.executemany(_ARTICLE, _article_rows(numbers, rng))


_ON = "CREATE INDEX % ON articles %"
_PRINT = (
    "INSERT INTO fingerprints (article_id, version, words, exact, hashes, slots) "
    f"VALUES (?, 3, {WORDS}, ?, ?, ?)"
)
_ARTICLE = (
    "INSERT INTO articles (id, outlet_id, url_key, url, headline, language, published_at, "
    "published_precision, published_day, first_seen_at, fetched_at, words, version, keep_rule, "
    "matched_at, text_kept, story_id, settled) VALUES "
    "(?, ?, ?, '', '', 'ar', ?, 'minute', '', '9', '9', 280, 1, '', '', 0, ?, 1)"
)


def _print_rows(
    numbers: Sequence[int], rng: np.random.Generator, common: Any
) -> Iterator[tuple[object, ...]]:
    values = rng.integers(0, 1 << 48, (len(numbers), PRINTS), dtype=np.uint64)
    often = rng.random(values.shape) < 0.05
    values[often] = common[(rng.random(int(often.sum())) ** 3 * len(common)).astype(np.int64)]
    values.sort(axis=1)
    packed = values.astype(">u8").view(np.uint8).reshape(len(numbers), PRINTS, 8)[:, :, 2:]
    for row, number in enumerate(numbers):
        yield number, rng.bytes(16), packed[row].tobytes(), rng.bytes(4 * SLOTS)


def _article_rows(numbers: Sequence[int], rng: np.random.Generator) -> Iterator[tuple[object, ...]]:
    seconds = rng.integers(0, DAYS * 86_400, len(numbers))
    base = np.datetime64(FIRST_DAY.replace(tzinfo=None), "s")
    for number, moment in zip(numbers, (base + seconds).astype(str).tolist(), strict=True):
        yield number, f"outlet_{number % OUTLETS}", f"example.test/{number}", f"{moment}Z", number


def _loaded(db: Database) -> Window:
    window = Window(db)
    for day in range(_FIRST - 1, _FIRST + DAYS + 4):
        window.day(day)
    return window


def lookups(db: Database, window: Window) -> list[float]:
    """Milliseconds of texts of the last day held against all; every third is a copy."""
    rng = np.random.default_rng(11)
    rows = db.all("SELECT id FROM articles ORDER BY appeared_at DESC LIMIT ?", (LOOKUPS,))
    taken = []
    for number, text in enumerate(near.texts(db, [row["id"] for row in rows])):
        hashes = np.sort(rng.integers(0, 1 << 48, PRINTS, dtype=np.uint64)).astype(">u8")
        fresh = hashes.view(np.uint8).reshape(PRINTS, 8)[:, 2:].tobytes()
        wanted = text if number % 3 == 0 else replace(text, hashes=fresh)
        # The best of three, for other work on the machine is not the question.
        taken.append(min(_milliseconds(db, window, wanted) for _ in range(3)))
    return sorted(taken)


def _milliseconds(db: Database, window: Window, text: near.Text) -> float:
    started = time.perf_counter()
    near.pairs_of(db, window, [text])
    return (time.perf_counter() - started) * 1000


def _room(db: Database) -> dict[str, float]:
    """Megabytes of the tables that stories need."""
    sql = "SELECT name, sum(pgsize) / 1e6 AS mb FROM dbstat GROUP BY name"
    found = {row["name"]: row["mb"] for row in db.all(sql)}
    prints = found["fingerprints"] + found["fingerprints_exact"]
    pairs = found["near_pairs"] + found["near_pairs_earlier"] + found["stories"]
    return {"fingerprints": prints, "pairs": pairs}


def _resident() -> float:
    """Megabytes of this process in memory."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * 4096 / 1e6


@contextmanager
def _scratch() -> Iterator[Database]:
    with (
        TemporaryDirectory(prefix="marsad-bench-") as folder,
        open_database(Path(folder) / "marsad.db") as db,
    ):
        yield db


def measured(articles: int) -> dict[str, float]:
    """One size of archive: a lookup, the window, the room on disk."""
    with _scratch() as db:
        build(db, articles)
        room, before, started = _room(db), _resident(), time.process_time()
        window = _loaded(db)
        load, resident = time.process_time() - started, _resident() - before
        taken = lookups(db, window)
    return {
        "articles": articles,
        "lookup_ms_p50": round(taken[len(taken) // 2], 2),
        "lookup_ms_p95": round(taken[int(len(taken) * 0.95)], 2),
        "window_mb": round(window.size / 1e6, 1),
        "resident_mb": round(resident, 1),
        "load_cpu_s": round(load, 1),
        "db_mb": round(room["fingerprints"], 1),
    }


def night(articles: int = 100_000) -> dict[str, float]:
    """CPU seconds to settle ten thousand new articles on top of a month."""
    with _scratch() as db:
        build(db, articles)
        store(db, list(_night()))
        started = time.process_time()
        done = stories.settle(db)
        taken = time.process_time() - started
        room = _room(db)
        return {
            "settled": done.articles,
            "stories": done.stories,
            "cpu_s": round(taken, 1),
            "pairs": db.value("SELECT count(*) FROM near_pairs"),
            "pairs_mb": round(room["pairs"], 2),
        }


def _night() -> Iterator[Item]:
    dice = random.Random(5)
    vocabulary = [f"w{number}" for number in range(30_000)]
    weights = [1 / (rank + 3) for rank in range(len(vocabulary))]
    words = dice.choices(vocabulary, weights, k=NIGHT * WORDS)
    own: list[list[str]] = []
    for number in range(NIGHT):
        text = words[number * WORDS : (number + 1) * WORDS]
        if own and dice.random() < COPIES:
            text = _edited(own[int(len(own) * dice.random() ** 2)], text, dice)
        else:
            own.append(text)
        hours = DAYS * 24 + 24 * number / NIGHT
        outlet = f"outlet_{dice.randrange(OUTLETS)}"
        yield Item(str(number), outlet, f"headline {number}", " ".join(text), "ar", hours)


def _edited(text: list[str], other: list[str], dice: random.Random) -> list[str]:
    """What outlets do to a dispatch: nothing, a cut, words around it, other words in it."""
    kind = dice.randrange(4)
    if kind == 0:
        return text
    if kind == 1:
        return text[: len(text) // 2]
    if kind == 2:
        return [*other[:40], *text, *other[40:100]]
    return [word if dice.random() < 0.9 else new for word, new in zip(text, other, strict=False)]


def figures(data: Path | None, sizes: Sequence[int] = SIZES) -> dict[str, Any]:
    """The figures of every size and of the night; the shared data is not needed."""
    table = [measured(articles) for articles in sizes]
    by_size = {int(row["articles"]): row for row in table}
    found = night()
    return {
        "sizes": table,
        "night": found,
        "lookup_ms_1m": by_size.get(1_000_000, {}).get("lookup_ms_p95"),
        "window_mb_100k": by_size.get(100_000, {}).get("window_mb"),
        "db_mb_per_1m": by_size.get(1_000_000, {}).get("db_mb"),
        "night_10k_cpu_s": found["cpu_s"],
    }


def main() -> None:
    """Print the tables, or with --json the figures in one line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--json", action="store_true", help="the figures as one line")
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES, help="of archives, articles")
    asked = parser.parse_args()
    found = figures(None, asked.sizes)
    if asked.json:
        print(json.dumps(found))
        return
    for row in (*found["sizes"], found["night"]):
        print("  ".join(f"{name} {value:,}" for name, value in row.items()))


if __name__ == "__main__":
    main()
