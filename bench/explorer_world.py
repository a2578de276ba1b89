"""A very large made-up archive for the researchers' site, written in bulk.

What crawls would have left of five years stands in it: articles with their index, addresses,
candidates and fetches, copies and stories, mentions at their places, versions and edits, visits,
coverage with blind days. The texts are short (60 to 90 words), so a million fits into ten
gigabytes; the counts that pages walk over are those of a real archive.
"""

from __future__ import annotations

import multiprocessing
import random
import sqlite3
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from hashlib import sha256
from itertools import accumulate
from pathlib import Path
from typing import Any

from bench import explorer_words as words
from storage import desk_schema
from storage.database import open_database
from storage.migrations import APPLICATION_ID
from storage.packed_words import pack
from storage.text import FOLD_VERSION, fold

CHUNK = 5_000
DAYS = 1_826
LAST = date(2026, 11, 20)
FIRST = LAST - timedelta(days=DAYS - 1)
DAY_NAMES = tuple((FIRST + timedelta(days=n)).isoformat() for n in range(-1, DAYS + 1))
"""From the day before the first on: local midnight may be yesterday in UTC."""
SHARES = {"ar": 0.62, "fr": 0.18, "en": 0.08, "ckb": 0.08, "kmr": 0.04}
COUNTRIES = (("iq", 180), ("ma", 0), ("bh", 180))
"""Country and minutes east of UTC."""
ALIGNMENTS = ("unknown", "unknown", "state", "party", "independent", "exile")
KINDS = ("portal", "daily", "agency", "broadcaster", "magazine")
ACTORS, TERMS = 260, 6
ACTOR_KINDS = ("cso", "person", "media", "network", "state_body")
THEMES = ("rights", "press", "women", "environment", "education", "minorities")
COPIES, UNDATED, DAY_ONLY, NAMED, EDITED = 0.22, 0.02, 0.12, 0.35, 0.01

Rows = dict[str, list[tuple[Any, ...]]]


@dataclass(frozen=True)
class Plan:
    """How large the archive is to be; everything else follows from it."""

    articles: int

    @property
    def outlets(self) -> int:
        """250 for a large one; a small one has few, so that each has something to say."""
        return max(15, min(250, self.articles // 400))


@dataclass(frozen=True, slots=True)
class Watched:
    """An actor, with sentences that name it, by language."""

    id: str
    kind: str
    forms: tuple[tuple[str, str], ...]
    sentences: dict[str, list[words.Sentence]]


def build(path: Path, articles: int, said: bool = True) -> None:
    """Make the archive; a minute for a hundred thousand articles."""
    plan, started = Plan(articles), time.monotonic()
    making = path.with_suffix(".making")
    making.unlink(missing_ok=True)
    with open_database(making):
        pass
    db = sqlite3.connect(making, isolation_level=None)
    for pragma in ("journal_mode = OFF", "synchronous = OFF", "cache_size = -512000"):
        db.execute(f"PRAGMA {pragma}")
    aside = _put_aside(db)
    _register(db, plan)
    for done, rows in enumerate(_chunks(plan), start=1):
        _write(db, rows)
        if said:
            count = min(done * CHUNK, articles)
            print(
                f"\r{count} articles, {time.monotonic() - started:.0f} s", end="", file=sys.stderr
            )
    _finish(db, aside)
    db.close()
    with open_database(making):
        pass  # closing it leaves statistics for the query planner, as every crawl does
    making.rename(path)
    if said:
        print(f"\r{articles} articles in {time.monotonic() - started:.0f} s", file=sys.stderr)


def _put_aside(db: sqlite3.Connection) -> list[str]:
    """Drop indexes and triggers while rows come in; they are made again from the same words."""
    found = db.execute(
        "SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL "
        "AND type IN ('index', 'trigger') AND name NOT LIKE 'idx\\_\\_%' ESCAPE '\\'"
    ).fetchall()
    for kind, name, _ in found:
        db.execute(f"DROP {kind} {name}")
    db.execute("INSERT INTO article_fts (article_fts, rank) VALUES ('automerge', 0)")
    return [sql for kind, _, sql in sorted(found)]


def watched() -> list[Watched]:
    """The actors, the often named first."""
    return [_actor(number) for number in range(ACTORS + TERMS)]


def _actor(number: int) -> Watched:
    dice = random.Random(f"actor {number}")
    is_term = number >= ACTORS
    kind = "term" if is_term else ACTOR_KINDS[number % len(ACTOR_KINDS)]
    arabic, latin, kurdish = (words.places(name)[300 + number] for name in ("ar", "fr", "ckb"))
    heads = ("جمعية", "Association", "کۆمەڵەی") if kind != "person" else ("سليم", "Salim", "سەلیم")
    named = (f"{heads[0]} {arabic}", f"{heads[1]} {latin}", f"{heads[2]} {kurdish}")
    by_language = dict(zip(("ar", "fr", "ckb"), named, strict=True))
    by_language |= {"en": named[1], "kmr": named[1]}
    sentences = {name: words.naming(form, name) for name, form in by_language.items()}
    forms = tuple(zip(named, ("ar", "fr", "ckb"), strict=True))
    country = COUNTRIES[dice.randrange(3)][0]
    return Watched(
        f"term_{number}" if is_term else f"{country}_{number:03}", kind, forms, sentences
    )


def outlets(plan: Plan) -> list[tuple[str, str, str, int]]:
    """Id, language, country and minutes east of each outlet."""
    made, languages = [], list(SHARES)
    for number in range(plan.outlets):
        language = languages[number % 5] if number % 3 else "ar"
        country, east = COUNTRIES[number % 3]
        made.append((f"{country}_o{number:03}", language, country, east))
    return made


def _register(db: sqlite3.Connection, plan: Plan) -> None:
    db.execute("BEGIN")
    for number, (id, language, country, east) in enumerate(outlets(plan)):
        zone = "Africa/Casablanca" if east == 0 else "Asia/Baghdad"
        name = f"{words.places(language)[number]} {number}"
        values = (id, name, country, f'["{country}"]', KINDS[number % 5], ALIGNMENTS[number % 6],
                  f'["{language}"]', zone, f'["{id[3:]}.test"]')  # fmt: skip
        db.execute(_into("outlets", _OUTLET), values)
        way = (number + 1, id, f"https://{id[3:]}.test/rss", "feed")
        span = (f"{DAY_NAMES[1]}T02:00:00Z", f"{DAY_NAMES[-1]}T02:00:00Z")
        db.execute("INSERT INTO ways (id, outlet_id, url, found_by, covered_from, covered_to, "
                   "visited_at) VALUES (?, ?, ?, ?, ?, ?, ?)", (*way, *span, span[1]))  # fmt: skip
    for one in watched():
        themes = f'["{THEMES[int(one.id[-3:].lstrip("_") or 0) % 6]}"]'
        entry = (one.id, one.forms[0][0], one.kind, f'["{one.id[:2]}"]', themes, 0)
        db.execute(_into("actors", _ACTOR), entry)
        for form, language in one.forms:
            written = (one.id, form, fold(form), language, "auto", 0)
            db.execute(_into("actor_forms", _FORM), written)
    for number in range(DAYS):
        began, ended = (f"{DAY_NAMES[number + 1]}T{hour:02}:00:00Z" for hour in (2, 3))
        db.execute("INSERT INTO runs (id, kind, status, started_at, ended_at, pid, process, argv, "
                   "outlets) VALUES (?, 'crawl', 'done', ?, ?, 1, '', '[]', '[]')",
                   (number + 1, began, ended))  # fmt: skip
    db.execute("COMMIT")


_OUTLET = "id, name, country, covers, kind, alignment, languages, timezone, domains"
_ACTOR = "id, name, kind, countries, themes, suppress"
_FORM = "actor_id, form, folded, language, mode, generated"


def _into(table: str, columns: str) -> str:
    marks = ", ".join("?" * (columns.count(",") + 1))
    return f"INSERT INTO {table} ({columns}) VALUES ({marks})"


def _chunks(plan: Plan) -> Iterator[Rows]:
    """The rows of the articles, made by two processes, in the order of their numbers."""
    firsts = range(1, plan.articles + 1, CHUNK)
    context = multiprocessing.get_context("fork")
    with context.Pool(2, _warm, (plan,)) as pool:
        yield from pool.imap(_chunk, firsts)


_STATE: dict[str, Any] = {}


def _warm(plan: Plan) -> None:
    """Make what all chunks of this process draw from."""
    _STATE["plan"], _STATE["watched"], _STATE["outlets"] = plan, watched(), outlets(plan)
    _STATE["pools"] = {name: words.pool(name) for name in SHARES}
    _STATE["ranks"] = list(accumulate(1 / (rank + 4) for rank in range(ACTORS + TERMS)))
    by_language: dict[str, list[int]] = {name: [] for name in SHARES}
    for number, outlet in enumerate(_STATE["outlets"]):
        by_language[outlet[1]].append(number)
    _STATE["by_language"] = by_language


@dataclass(frozen=True, slots=True)
class _Text:
    """What an article and its copies say."""

    first: int
    language: str
    headline: words.Sentence
    body: tuple[words.Sentence, ...]
    actors: tuple[tuple[int, int], ...]
    """Which actor is named in which sentence of the body (-1: the headline)."""

    @property
    def text(self) -> str:
        middle = len(self.body) // 2
        halves = (self.body[:middle], self.body[middle:])
        return "\n".join(" ".join(one.text for one in half) for half in halves)


TABLES = {
    "articles": "id, outlet_id, url_key, url, headline, language, published_at, "
    "published_precision, published_day, first_seen_at, fetched_at, words, version, copy_of, "
    "keep_rule, matched_at, story_id, settled, credit",
    "article_texts": "article_id, final_url, text_complete, charset, language_score, methods, "
    "content_hash, reader_version, fold_version, fetch_id, text",
    "article_versions": "article_id, version, seen_at, headline, content_hash, reader_version, "
    "fetch_id, text",
    "article_urls": "url_key, outlet_id, url, article_id, kind, first_seen_at, proven",
    "article_words": "id, fold_version, packed",
    "article_fts": "rowid, folded, stemmed, headline_folded, headline_stemmed",
    "mentions": 'actor_id, article_id, field, start, "end", surface, alias, rule, ambiguous',
    "candidates": "id, url_key, outlet_id, url, found_by, found_in, found_at, hints, entry_hash, "
    "state, attempts, last_outcome, article_id, day",
    "fetches": "id, run_id, candidate_id, url, final_url, fetched_at, outcome, reason, status, "
    "elapsed, redirects, capture_file, capture_offset, capture_length",
    "outcomes": "run_id, candidate_id, outlet_id, outcome, reason, at, article_id, fetch_id",
    "edits": "article_id, version, at, since, kind, before, after, evidence",
}
"""What is written of each article, by table."""
METHODS = '{"headline":"jsonld","published_at":"jsonld","text":"body"}'


def _chunk(first: int) -> Rows:
    """The rows of some thousand articles of neighbouring days."""
    plan: Plan = _STATE["plan"]
    dice = random.Random(f"chunk {first}")
    rows: Rows = {name: [] for name in TABLES}
    recent: list[_Text] = []
    for number in range(first, min(first + CHUNK, plan.articles + 1)):
        if recent and dice.random() < COPIES:
            text = recent[-1 - min(int(dice.expovariate(0.05)), len(recent) - 1)]
        else:
            text = _text(dice, number)
            recent.append(text)
        _article(rows, dice, number, text, plan)
    return rows


def _text(dice: random.Random, number: int) -> _Text:
    language = dice.choices(list(SHARES), list(SHARES.values()))[0]
    pool: words.Pool = _STATE["pools"][language]
    headline, *body = pool.draw(dice, dice.choice((7, 8, 8, 9)))
    actors: list[tuple[int, int]] = []
    if dice.random() < NAMED:
        chosen = dice.choices(range(ACTORS + TERMS), cum_weights=_STATE["ranks"], k=2)
        for actor in set(chosen[: dice.choice((1, 1, 2))]):
            place = dice.randrange(-1 if not actors else 0, len(body))
            said = dice.choice(_STATE["watched"][actor].sentences[language])
            if place < 0:
                headline = said
            else:
                body[place] = said
            actors = [old for old in actors if old[1] != place]
            actors.append((actor, place))
    return _Text(number, language, headline, tuple(body), tuple(actors))


def _moment(dice: random.Random, number: int, plan: Plan, east: int) -> tuple[Any, ...]:
    """Published, its precision and local day, and first seen; all four as stored."""
    day = min(DAYS - 1, (number - 1) * DAYS // plan.articles + dice.randrange(2))
    at_once = dice.random() < 0.4  # feeds of whole editions bear one time
    minute = dice.choice((360, 720, 1080)) if at_once else dice.randrange(1440)
    seen = f"{DAY_NAMES[min(day + 2, DAYS + 1)]}T02:{number % 60:02}:00Z"
    kind = dice.random()
    if kind < UNDATED:
        return None, "unknown", None, seen
    if kind < UNDATED + DAY_ONLY:
        minute, precision = 0, "day"
    else:
        precision = "minute"
    utc = minute - east
    name = DAY_NAMES[day + 1 + (utc < 0) * -1]
    at = f"{name}T{utc % 1440 // 60:02}:{utc % 60:02}:00Z"
    return at, precision, DAY_NAMES[day + 1], seen


def _article(rows: Rows, dice: random.Random, number: int, text: _Text, plan: Plan) -> None:
    """One article in all its tables."""
    outlet, _, _, east = _STATE["outlets"][dice.choice(_STATE["by_language"][text.language])]
    key = f"{outlet[3:]}.test/a/{number}"
    at, precision, day, seen = _moment(dice, number, plan, east)
    url, body = f"https://{key}", text.text
    digest = sha256(body.encode()).hexdigest()
    folded = " ".join([text.headline.folded, *(one.folded for one in text.body)])
    stemmed = " ".join([text.headline.stemmed, *(one.stemmed for one in text.body)])
    index = (folded, stemmed, text.headline.folded, text.headline.stemmed)
    version = 2 if dice.random() < EDITED else 1
    run = min(DAYS, (number - 1) * DAYS // plan.articles + 1)
    rows["articles"].append((
        number, outlet, key, url, text.headline.text, text.language, at, precision, day, seen, seen,
        folded.count(" ") + 1, version, text.first if text.first != number else None,
        "actor" if text.actors else "", seen, text.first, 1, None,
    ))  # fmt: skip
    rows["article_texts"].append(
        (number, url, 1, "utf-8", 0.98, METHODS, digest, "1", FOLD_VERSION, number, body)
    )
    _versions(rows, number, version, seen, (text.headline.text, digest, body))
    rows["article_urls"].append((key, outlet, url, number, "found", seen, 1))
    rows["article_words"].append((number, FOLD_VERSION, pack(*index)))
    rows["article_fts"].append((number, *index))
    rows["mentions"] += _mentions(number, text)
    found_in = f"https://{outlet[3:]}.test/rss"
    rows["candidates"].append(
        (number, key, outlet, url, "feed", found_in, seen, "{}", "", "done", 1, "stored_new",
         number, day or "undated")
    )  # fmt: skip
    capture = (f"run-{run:06}.warc.gz", number * 20_000 % 10**9, 20_000)
    rows["fetches"].append(
        (number, run, number, url, url, seen, "stored_new", "", 200, 0.4, "[]", *capture)
    )
    rows["outcomes"].append((run, number, outlet, "stored_new", "", seen, number, number))


def _versions(rows: Rows, number: int, version: int, seen: str, said: tuple[str, str, str]) -> None:
    """The versions of an article; of an edited one the first had another last sentence."""
    headline, digest, body = said
    if version == 2:
        before = body.rpartition(" ")[0]
        old = (number, 1, seen, headline, digest[::-1], "1", None, before)
        rows["article_versions"].append(old)
        rows["edits"].append((number, 2, seen, seen, "text", "", "", "{}"))
    rows["article_versions"].append((number, version, seen, headline, digest, "1", number, None))


def _mentions(number: int, text: _Text) -> Iterator[tuple[Any, ...]]:
    """Where each actor stands, in code points of headline or text."""
    offsets = list(accumulate((len(one.text) + 1 for one in text.body), initial=0))
    for actor, place in text.actors:
        one = text.headline if place < 0 else text.body[place]
        shift = 0 if place < 0 else offsets[place]
        surface = one.text[one.start : one.end]
        field = "headline" if place < 0 else "text"
        name = _STATE["watched"][actor].id
        where = (one.start + shift, one.end + shift)
        yield name, number, field, *where, surface, surface, "auto", 0


def _write(db: sqlite3.Connection, rows: Rows) -> None:
    db.execute("BEGIN")
    for table, columns in TABLES.items():
        db.executemany(_into(table, columns), rows[table])
    db.execute("COMMIT")


_STORIES = """
INSERT INTO stories (id, articles, outlets, first_at, last_at, origin, origin_evidence)
SELECT story_id, count(*), count(DISTINCT outlet_id), min(appeared_at), max(appeared_at), '', '{}'
FROM articles GROUP BY story_id HAVING count(*) > 1
"""
# Two of a hundred that were offered could not be read; some outlets were out of reach for days.
_COVERAGE = """
INSERT INTO coverage (outlet_id, day, seen, stored, failed, blind, waiting, failed_by)
SELECT outlet_id, coalesce(published_day, 'undated'), count(*) + count(*) / 50, count(*),
  count(*) / 50, 0, 0, CASE WHEN count(*) >= 50 THEN '{"timeout":' || count(*) / 50 || '}'
  ELSE '{}' END
FROM articles GROUP BY outlet_id, coalesce(published_day, 'undated')
"""
_VISITS = """
INSERT INTO visits (run_id, way_id, outlet_id, at, day, outcome, reason, conditional, seen, fresh,
  known, ignored)
SELECT r.id, w.id, w.outlet_id, r.started_at, substr(r.started_at, 1, 10),
  CASE WHEN (w.id * 37 + r.id) % 400 < 3 THEN 'network_error' ELSE 'read' END, '', 0, 40, 3, 37, 0
FROM runs r CROSS JOIN ways w
"""
_BLIND = """
INSERT INTO coverage (outlet_id, day, seen, stored, failed, blind)
SELECT outlet_id, day, 0, 0, 0, count(*) FROM visits WHERE outcome = 'network_error'
GROUP BY outlet_id, day ON CONFLICT DO UPDATE SET blind = excluded.blind
"""
_EVENTS = """
INSERT INTO events (kind, outlet_id, subject, opened_at, closed_at, evidence)
SELECT 'unreachable', outlet_id, way_id, min(at), max(at), '{}' FROM visits
WHERE outcome = 'network_error' GROUP BY outlet_id, way_id, run_id / 400
"""


def _finish(db: sqlite3.Connection, aside: Sequence[str]) -> None:
    """Indexes, what is counted ahead (as the schema's seventh step does it), and the search."""
    for sql in (_VISITS, _STORIES, _COVERAGE, _BLIND, _EVENTS):
        db.execute(sql)
    for sql in aside:
        db.execute(sql)
    _, found, counted = desk_schema.COUNTS.partition("INSERT INTO outlet_days")
    db.executescript(found + counted)
    db.execute("INSERT INTO article_fts (article_fts) VALUES ('optimize')")
    db.execute("INSERT INTO article_fts (article_fts, rank) VALUES ('automerge', 4)")
    db.execute("UPDATE sqlite_sequence SET seq = (SELECT max(id) FROM articles) "
               "WHERE name = 'articles'")  # fmt: skip
    assert db.execute("PRAGMA application_id").fetchone()[0] == APPLICATION_ID
    db.execute("PRAGMA journal_mode = WAL")
