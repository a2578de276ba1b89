"""How much disk simulated months take: bytes per article by part, and GB per million articles.

Night after night goes through the real stores (`bench.month_nights`), with re-checks four times a
day, and each week the captures are tidied, backed up and verified as the shipped schedule says. At
the end the workspace is measured. A part of what is kept is kept for a time (captures of pages that
name nobody: 90 days; of looks without an edit: a week; logs: 60 days), so what a million articles
take depends on how long they took to come: it is told for several rates.

Measured: everything that our own code writes, for bodies and texts as long as those of real pages
(`bench.month_material`). Assumed: `Habits` in `bench.month_nights`.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from bench.areas import options_of
from bench.month_material import BODY_MEDIAN, Material
from bench.month_nights import Habits, Newsroom
from crawler.care.backups import back_up, listed
from crawler.care.retention import Retention
from crawler.care.tidying import tidy
from crawler.care.verifying import verify
from crawler.telling import sizes
from crawler.workspace import Workspace, WorkspaceSettings, create_workspace
from storage.database import Database, open_database
from storage.times import set_clock_ahead

MILLION = 1_000_000
TARGET_GB = 25
RATES = (1_000, 2_500, 5_000)
"""Articles a night for which the sum is told: a few dozen outlets, hundreds, many hundreds."""
WEEK = 7
TABLES = "SELECT name, sum(pgsize) AS bytes FROM dbstat GROUP BY name"
OWNERS = "SELECT name, tbl_name AS owner FROM sqlite_master"
CAPTURES = """
SELECT CASE WHEN f.visit_id IS NOT NULL THEN 'lists' WHEN r.kind = 'recheck' THEN 'looks'
  WHEN a.id IS NULL THEN 'no_article' WHEN a.keep_rule != '' THEN 'matching' ELSE 'others' END
  AS part, count(*) AS captures, sum(f.capture_length) AS bytes
FROM fetches f JOIN runs r ON r.id = f.run_id
LEFT JOIN candidates c ON c.id = f.candidate_id LEFT JOIN articles a ON a.id = c.article_id
WHERE f.capture_file IS NOT NULL GROUP BY part
"""


@dataclass(frozen=True, slots=True)
class Kept:
    """What is kept for how long, as the shipped weekly schedule has it."""

    captures_days: int = 90
    looks_days: int = 7
    logs_days: int = 60
    backups: int = 3


def simulated(
    place: Workspace, nights: int, material: Material, habits: Habits, kept: Kept
) -> dict[str, Any]:
    """Play the nights in a workspace, and measure it."""
    started, looks = time.monotonic(), 0
    with open_database(place.database) as db:
        newsroom = Newsroom(place, db, material, habits)
        for night in range(nights):
            looks += _day(newsroom, night)
            if night % WEEK == WEEK - 1:
                _week(place, kept)
            print(f"\rnight {night + 1} of {nights}", end="", file=sys.stderr)
        print(file=sys.stderr)
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        found = _figures(db)
    found |= asdict(sizes.measured(place))
    backups = listed(place.backups_dir)
    found |= {"backup": backups[0].bytes, "backups_kept": len(backups)}
    found |= {"looks": looks, "nights": nights, "seconds": round(time.monotonic() - started)}
    return found


def _day(newsroom: Newsroom, night: int) -> int:
    """A night, and the day after it; gives the looks."""
    habits, looks = newsroom.habits, 0
    set_clock_ahead(timedelta(days=night))
    newsroom.night()
    for visit in range(habits.feeds_a_day):
        set_clock_ahead(timedelta(days=night, hours=3 + 4 * visit))
        newsroom.daytime()
    for look in range(habits.looks_a_day):
        set_clock_ahead(timedelta(days=night, hours=3.5 + 5 * look))
        looks += newsroom.look_again()
    return looks


def _week(place: Workspace, kept: Kept) -> None:
    """What the weekly schedule does."""
    verify(place)
    tidy(
        place,
        Retention(
            captures_days=kept.captures_days,
            captures="matching",
            looks_days=kept.looks_days,
            logs_days=kept.logs_days,
        ),
    )
    back_up(place, keep=kept.backups)


def _figures(db: Database) -> dict[str, Any]:
    owners = {row["name"]: row["owner"] for row in db.all(OWNERS)}
    tables: dict[str, int] = {}
    for row in db.all(TABLES):
        name = owners.get(row["name"], row["name"])
        family = "article_fts" if name.startswith("article_fts") else name
        tables[family] = tables.get(family, 0) + row["bytes"]
    captures = {row["part"]: (row["captures"], row["bytes"]) for row in db.all(CAPTURES)}
    matching = "SELECT count(*) FROM articles WHERE keep_rule != ''"
    referred = (
        "SELECT count(*) FROM article_texts t JOIN fetches f ON f.id = t.fetch_id "
        "JOIN runs r ON r.id = f.run_id WHERE r.kind = 'recheck'"
    )
    return {
        "articles": db.value("SELECT count(*) FROM articles"),
        "matching": db.value(matching),
        "referred_looks": db.value(referred),
        "words": round(db.value("SELECT avg(words) FROM articles")),
        "tables": dict(sorted(tables.items(), key=lambda one: -one[1])),
        "capture_parts": captures,
        "capture_mean": round(db.value(
            "SELECT avg(capture_length) FROM fetches WHERE candidate_id IS NOT NULL"
        )),
    }  # fmt: skip


def at_a_million(found: Mapping[str, Any], habits: Habits, kept: Kept, rate: int) -> dict[str, Any]:
    """GB by part that a million articles take which came at so many a night.

    The database, and captures that are kept for ever, grow with the articles. The others are what
    the days of their keeping brought: each week's tidying lets them grow half a week beyond.
    """
    articles, page = found["articles"], found["capture_mean"]
    nights = MILLION / rate
    fetched = 1 / (1 - habits.no_article)  # pages for each article
    captured_looks = found["looks"] / articles * (1 - habits.same_bytes)
    parts = found["capture_parts"]
    lists = parts["lists"][1] / parts["lists"][0] if "lists" in parts else 0
    visits = 1 + habits.feeds_a_day * habits.feed_again
    window, week = (min(days + WEEK / 2, nights) for days in (kept.captures_days, kept.looks_days))
    held = found["matching"] / articles
    referred = found["referred_looks"] / articles  # what the text was read from is kept
    stays = held * (1 + referred + habits.edits * captured_looks) * page * MILLION
    database = found["database"] / articles * MILLION
    logs_of_a_night = found["logs"] / min(found["nights"], kept.logs_days + WEEK / 2)
    bytes_of = {
        "database": database,
        "backups": kept.backups * found["backup"] / articles * MILLION,
        "captures_matching": stays,
        "captures_others": window * rate * (fetched - held + (1 - held) * referred) * page,
        "captures_looks": week * rate * captured_looks * page,
        "captures_lists": window * rate * visits * lists * habits.outlets / habits.per_night,
        "logs": logs_of_a_night * rate / habits.per_night * min(kept.logs_days, nights),
    }
    told = {name: round(size / 1e9, 2) for name, size in bytes_of.items()}
    return told | {"all": round(sum(bytes_of.values()) / 1e9, 1)}


def levers(found: Mapping[str, Any], habits: Habits, kept: Kept, rate: int) -> dict[str, float]:
    """GB in all that a million articles would take, with one thing at a time done otherwise."""
    tables = found["tables"]
    changes: dict[str, tuple[Mapping[str, Any], Kept]] = {
        "as it is": (found, kept),
        "captures_days = 30": (found, replace(kept, captures_days=30)),
        "looks_days = 1": (found, replace(kept, looks_days=1)),
        "backups = 1": (found, replace(kept, backups=1)),
        "no capture of an unchanged look stays": ({**found, "referred_looks": 0}, kept),
        "no look at all": ({**found, "referred_looks": 0, "looks": 0}, kept),
        "pages of their median size": ({**found, "capture_mean": BODY_MEDIAN}, kept),
        "without the packed copy of the indexed words": (
            {**found, "database": found["database"] - tables.get("article_words", 0)},
            kept,
        ),
    }
    return {
        name: at_a_million(one, habits, keeps, rate)["all"]
        for name, (one, keeps) in changes.items()
    }


def figures(data: Path | None, asked: argparse.Namespace) -> dict[str, Any]:
    """The figures of the simulation, and of a million articles at several rates."""
    habits = replace(Habits(), per_night=asked.per_night, named=asked.named)
    kept = Kept(asked.captures_days, asked.looks_days, backups=asked.backups)
    material = Material(data, random.Random(7), asked.words, asked.page)
    with TemporaryDirectory(prefix="marsad-bench-") as folder:
        settings = WorkspaceSettings(contact="bench@marsad.test", shipped=False)
        place = create_workspace(Path(folder) / "watch", settings)
        found = simulated(place, asked.nights, material, habits, kept)
    rates = {rate: at_a_million(found, habits, kept, rate) for rate in RATES}
    everything = sum(found[part] for part in asdict(sizes.Sizes()))
    return found | {
        **material.measured,
        "bytes_per_article": round(everything / found["articles"]),
        "gb_per_million_here": round(everything / found["articles"] / 1e3, 1),
        "million": rates,
        "levers": levers(found, habits, kept, 2_500),
        "months_gb_per_million": rates[2_500]["all"],
        "target_gb": TARGET_GB,
    }


def _told(found: Mapping[str, Any]) -> None:
    articles = found["articles"]
    print(f"{found['nights']} nights, {articles:,} articles of {found['words']} words on average,")
    print(f"{found['looks']:,} looks; bytes per article as the workspace stands at the end:\n")
    for part in ("database", "captures", "backups", "logs", "reports", "other"):
        print(f"  {part:24} {found[part] / articles:10,.0f}")
    print(f"  {'all':24} {found['bytes_per_article']:10,}\n\nof the database:\n")
    for name, size in list(found["tables"].items())[:14]:
        print(f"  {name:24} {size / articles:10,.0f}")
    print("\nof the captures (number, bytes per article):\n")
    for part, (number, size) in found["capture_parts"].items():
        print(f"  {part:24} {number:10,} {size / articles:10,.0f}")
    print("\nGB for a million articles that came at so many a night:\n")
    names = list(next(iter(found["million"].values())))
    print("  a night " + " ".join(f"{name.removeprefix('captures_'):>9}" for name in names))
    for rate, told in found["million"].items():
        print(f"  {rate:7,} " + " ".join(f"{told[name]:9.1f}" for name in names))
    print("\nGB in all at 2,500 a night, with one thing done otherwise:\n")
    for name, size in found["levers"].items():
        print(f"  {name:40} {size:6.1f}")


def main() -> None:
    """Simulate, print the tables, and with --json the figures in one line."""
    parser = options_of(__doc__)
    parser.add_argument("--nights", type=int, default=120)
    parser.add_argument("--per-night", type=int, default=Habits().per_night, help="articles")
    parser.add_argument("--page", type=int, help="median bytes of a packed page (else measured)")
    parser.add_argument("--words", type=int, help="median words of an article (default: measured)")
    parser.add_argument("--named", type=float, default=Habits().named, help="share that matches")
    parser.add_argument("--captures-days", type=int, default=Kept().captures_days)
    parser.add_argument("--looks-days", type=int, default=Kept().looks_days)
    parser.add_argument("--backups", type=int, default=Kept().backups, help="how many are kept")
    asked = parser.parse_args()
    found = figures(asked.data, asked)
    _told(found)
    if asked.json:
        print(json.dumps(found))


if __name__ == "__main__":
    main()
