"""A database of very many made-up articles, and how long questions to it take.

The articles are sentences of real texts in a new order, the common ones far oftener than the
others; nobody will read them. Without the shared data, the sentences are the demo's.
"""

from __future__ import annotations

import gc
import random
import re
import statistics
import sys
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from pathlib import Path
from typing import Any, NamedTuple

from bench.search_texts import sentences
from storage.database import Database, open_database
from storage.search import SearchFilters
from storage.stems import stems
from storage.text import FOLD_VERSION, fold

WORDS = 300
"""Of an article, about."""
OUTLETS = {"ar": 40, "fr": 15, "en": 10, "kmr": 5}
COUNTRIES = ("ma", "iq", "bh", "eg")
ACTORS = 200
BATCH = 5_000
DAYS = 1_000
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
    with open_database(path) as db:
        with db.write():
            _register(db, list(pools))
        for first in range(1, articles + 1, BATCH):
            with db.write():
                for number in range(first, min(first + BATCH, articles + 1)):
                    _store(db, number, rng, pools)
            print(f"\r{number} of {articles} articles", end="", file=sys.stderr)
        with db.write():
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


def _store(db: Database, number: int, rng: random.Random, pools: dict[str, _Pool]) -> None:
    """One article with its texts, index rows and mentions."""
    language = rng.choices(list(pools), [OUTLETS[name] for name in pools])[0]
    headline, body = _drawn(rng, pools[language])
    day = FIRST_DAY + timedelta(days=rng.randrange(DAYS), minutes=rng.randrange(1_440))
    moment = day.strftime("%Y-%m-%dT%H:%M:%SZ")
    url = f"https://example.test/{number}"
    article = {
        **{"id": number, "outlet_id": f"{language}_{rng.randrange(OUTLETS[language])}"},
        **{"url_key": url, "url": url, "headline": headline.text, "language": language},
        **{"published_at": moment, "published_precision": "minute", "published_day": moment[:10]},
        **{"first_seen_at": moment, "fetched_at": moment, "words": WORDS, "version": 1},
        "keep_rule": "",
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
    db.insert("article_index", {"id": number, "fold_version": FOLD_VERSION, **row})
    db.insert("article_fts", {"rowid": number, **row})


def _mention(db: Database, number: int, actor: int) -> None:
    row = {"actor_id": f"actor_{actor}", "article_id": number, "field": "text", "start": 0}
    found = {"end": 1, "surface": "x", "alias": "x", "rule": "auto", "ambiguous": 0}
    db.insert(
        "mentions", {name if name != "end" else '"end"': v for name, v in {**row, **found}.items()}
    )
