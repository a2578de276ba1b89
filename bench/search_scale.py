"""A database of very many made-up articles, and how long questions to it take.

The articles are sentences of real texts in a new order, the common ones far oftener than the
others; nobody will read them. Three of ten carry the text of another one, as in the collections of
the region. Without the shared data, the sentences are the demo's.
"""

from __future__ import annotations

import random
import re
import sys
import time
from collections import deque
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from pathlib import Path
from typing import NamedTuple

from bench.search_texts import sentences
from storage.database import Database, open_database
from storage.packed_words import pack
from storage.ranking import Per
from storage.stems import stems
from storage.text import FOLD_VERSION, fold

WORDS = 300
"""Of an article, about."""
OUTLETS = {"ar": 40, "fr": 15, "en": 10, "kmr": 5}
COUNTRIES = ("ma", "iq", "bh", "eg")
ACTORS = 200
BATCH = 5_000
DAYS = 1_000
COPIES = 0.3
"""Share of articles that carry the text of another one."""
RECENT = 300
"""Texts that a copy is drawn from: a few are taken by many."""
STORIES = """
INSERT INTO stories (id, articles, outlets, first_at, last_at, origin, origin_evidence)
SELECT story_id, count(*), count(DISTINCT outlet_id), min(appeared_at), max(appeared_at), '', '{}'
FROM articles GROUP BY story_id HAVING count(*) > 1
"""
ROUNDS = 100
"""Questions of each kind."""
COMMON = ("في", "من على", "the of", "في country:ma", "في after:2025-06", "de la actor:actor_3")
"""Of words that stand in a great part of all articles."""
FIRST_DAY = datetime(2024, 1, 1, tzinfo=UTC)


class Sentence(NamedTuple):
    """A sentence with its index forms, made once for the many articles that have it."""

    text: str
    folded: str
    stemmed: str


def build(path: Path, articles: int, data: Path | None) -> None:
    """Make the database; a few minutes for a hundred thousand articles."""
    rng = random.Random(7)
    texts = sentences(data)
    pools = {name: _pool(texts[name], name) for name in OUTLETS if name in texts}
    recent: deque[_Drawn] = deque(maxlen=RECENT)
    with open_database(path) as db:
        with db.write():
            _register(db, list(pools))
        for first in range(1, articles + 1, BATCH):
            with db.write():
                for number in range(first, min(first + BATCH, articles + 1)):
                    _store(db, number, rng, _next(rng, pools, recent, number))
            print(f"\r{number} of {articles} articles", end="", file=sys.stderr)
        with db.write():
            db.execute(STORIES)
            db.execute("INSERT INTO article_fts (article_fts) VALUES ('optimize')")
    print(file=sys.stderr)


class _Pool(NamedTuple):
    sentences: list[Sentence]
    weights: list[float]


def _pool(texts: Sequence[str], language: str) -> _Pool:
    """Sentences of a language, with weights that fall as those of words in a text do."""
    chosen = [Sentence(text, fold(text), stems(text, language)) for text in texts]
    random.Random(3).shuffle(chosen)
    return _Pool(chosen, list(accumulate(1 / (rank + 10) ** 0.8 for rank in range(len(chosen)))))


def _register(db: Database, languages: Sequence[str]) -> None:
    for language in languages:
        for number in range(OUTLETS[language]):
            country = COUNTRIES[number % len(COUNTRIES)]
            values = {"name": f"Outlet {number}", "country": country, "covers": "[]"}
            kinds = {"kind": "portal", "alignment": "unknown", "timezone": "UTC"}
            lists = {"languages": "[]", "domains": "[]"}
            db.insert("outlets", {"id": f"{language}_{number}", **values, **kinds, **lists})
    for number in range(ACTORS):
        values = {"name": f"Actor {number}", "kind": "cso", "countries": "[]"}
        db.insert("actors", {"id": f"actor_{number}", **values, "themes": "[]", "suppress": 0})


class _Drawn(NamedTuple):
    """A text, of the story that its first article began, and when it came out."""

    story_id: int
    language: str
    headline: Sentence
    body: list[Sentence]
    day: datetime


def _next(
    rng: random.Random, pools: dict[str, _Pool], recent: deque[_Drawn], number: int
) -> _Drawn:
    """What the next article carries: a text of its own, or a recent one some minutes later."""
    if recent and rng.random() < COPIES:
        story = rng.choice(recent)
        return story._replace(day=story.day + timedelta(minutes=rng.randrange(1_440)))
    language = rng.choices(list(pools), [OUTLETS[name] for name in pools])[0]
    headline, body = _drawn(rng, pools[language])
    day = FIRST_DAY + timedelta(days=rng.randrange(DAYS), minutes=rng.randrange(1_440))
    recent.append(_Drawn(number, language, headline, body, day))
    return recent[-1]


def _store(db: Database, number: int, rng: random.Random, drawn: _Drawn) -> None:
    """One article with its texts, index rows and mentions."""
    story_id, language, headline, body, day = drawn
    moment = day.strftime("%Y-%m-%dT%H:%M:%SZ")
    url = f"https://example.test/{number}"
    article = {
        **{"id": number, "outlet_id": f"{language}_{rng.randrange(OUTLETS[language])}"},
        **{"url_key": url, "url": url, "headline": headline.text, "language": language},
        **{"published_at": moment, "published_precision": "minute", "published_day": moment[:10]},
        **{"first_seen_at": moment, "fetched_at": moment, "words": WORDS, "version": 1},
        **{"keep_rule": "", "story_id": story_id, "settled": 1},
    }
    text = {
        **{"article_id": number, "final_url": url, "text_complete": 1, "charset": "utf-8"},
        **{"language_score": 1.0, "methods": "{}", "content_hash": "", "reader_version": "bench"},
        **{"fold_version": FOLD_VERSION, "text": " ".join(piece.text for piece in body)},
    }
    db.insert("articles", article)
    db.insert("article_texts", text)
    _index(db, number, headline, body)
    for actor in {min(int(rng.expovariate(0.05)), ACTORS - 1) for _ in range(rng.randrange(3))}:
        _mention(db, number, actor)


def _drawn(rng: random.Random, pool: _Pool) -> tuple[Sentence, list[Sentence]]:
    """A headline and as many sentences as make an article."""
    headline = rng.choice(pool.sentences)
    body, words = [], 0
    while words < WORDS:
        (sentence,) = rng.choices(pool.sentences, cum_weights=pool.weights)
        body.append(sentence)
        words += sentence.folded.count(" ") + 1
    return headline, body


def _index(db: Database, number: int, headline: Sentence, body: list[Sentence]) -> None:
    """As storage does it, from forms made before."""
    whole = [headline, *body]
    row = {
        "folded": " ".join(piece.folded for piece in whole),
        "stemmed": " ".join(piece.stemmed for piece in whole),
        "headline_folded": headline.folded,
        "headline_stemmed": headline.stemmed,
    }
    learned = {"id": number, "fold_version": FOLD_VERSION, "packed": pack(**row)}
    db.insert("article_words", learned)
    db.insert("article_fts", {"rowid": number, **row})


def _mention(db: Database, number: int, actor: int) -> None:
    place = {"actor_id": f"actor_{actor}", "article_id": number, "field": "text", "start": 0}
    found = {'"end"': 1, "surface": "x", "alias": "x", "rule": "auto", "ambiguous": 0}
    db.insert("mentions", place | found)


def timings(db: Database) -> dict[str, float]:
    """Median and 95th percentile, in milliseconds, of what the search command does."""
    rng = random.Random(11)
    result: dict[str, float] = {"scale_articles": db.count("")}
    for kind, queries in _queries(db, rng).items():
        db.search(queries[0])  # the first one of a process also prepares it
        per: Per = "story" if kind == "per_story" else "article"
        taken = sorted(_milliseconds(db, query, per) for query in queries)
        result[f"{kind}_p50_ms"] = round(taken[len(taken) // 2], 1)
        result[f"{kind}_p95_ms"] = round(taken[int(len(taken) * 0.95)], 1)
    return result


def _milliseconds(db: Database, query: str, per: Per) -> float:
    """The best of three, for other work on the machine is not the question."""
    return min(_once(db, query, per) for _ in range(3))


def _once(db: Database, query: str, per: Per) -> float:
    started = time.perf_counter()
    db.search(query, per=per)
    db.totals(query)
    return (time.perf_counter() - started) * 1000


def _queries(db: Database, rng: random.Random) -> dict[str, list[str]]:
    """Questions made of words that stand together in some article."""
    samples = [_some_words(db, rng) for _ in range(ROUNDS)]
    fields = ("country:ma", "after:2025-06", "language:ar date:2025", "actor:actor_3")
    return {
        "one_word": [words[0] for words in samples],
        "and": [" ".join(rng.sample(words, rng.choice((2, 3)))) for words in samples],
        "phrase": [f'"{" ".join(words[: rng.choice((2, 3))])}"' for words in samples],
        "field": [f"{rng.choice(words)} {rng.choice(fields)}" for words in samples],
        "headline": [f"in:headline {words[1]}" for words in samples],
        "prefix": [f"{max(words, key=len)[:6]}*" for words in samples],
        "per_story": [rng.choice(words) for words in samples],
        "common": [query for query in COMMON for _ in range(5)],
    }


def _some_words(db: Database, rng: random.Random) -> list[str]:
    """Five words in a row of a random article, without signs."""
    number = rng.randrange(1, db.value("SELECT max(id) FROM articles") + 1)
    text = str(db.value("SELECT text FROM article_texts WHERE article_id = ?", (number,)))
    words = [word for word in re.findall(r"[^\W\d_]+", text) if len(word) > 1]
    start = rng.randrange(max(1, len(words) - 5))
    return words[start : start + 5]
