"""Whether search finds the paragraph that answers a question, beside plain FTS5; and how fast.

`python -m bench.search` prints recall@10 and the mean reciprocal rank, for the shared question
sets; `--scale 100000` also makes a database of so many articles and times questions to it. With
--json the last line is one JSON object.
"""

from __future__ import annotations

import argparse
import json
import re
import sqlite3
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from bench.pages import SHARED
from bench.search_scale import build, timings
from bench.search_texts import Question, library
from storage.database import Database, open_database
from storage.indexing import Words, index
from storage.ranking import RANK
from storage.stopwords import is_stopword
from storage.text import fold, stem

TOP = 10
_WORD = re.compile(r"[^\W_]+")


class Score(NamedTuple):
    """Shares of the questions: answered within the first ten, and 1/rank on average."""

    recall: float
    mrr: float


Ask = Callable[[str], Sequence[int]]
"""From a question to the numbers of the first texts."""


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m bench.search")
    parser.add_argument("--data", type=Path, default=SHARED, help="the shared data")
    parser.add_argument("--scale", type=int, default=0, help="time so many made-up articles")
    parser.add_argument("--keep", type=Path, help="where to make that database, or to find it")
    parser.add_argument("--json", action="store_true", help="end with one line of JSON")
    options = parser.parse_args()
    data = options.data if options.data.is_dir() else None
    result = figures(data)
    if options.scale:
        result |= scale(options.scale, data, options.keep)
    _print(result)
    if options.json:
        print(json.dumps(result))


def figures(data: Path | None) -> dict[str, Any]:
    """Of each question set: recall and MRR by way of indexing, and the share of misses removed.

    All texts at hand are looked through, the same stop words are taken from all queries, and the
    other words are joined by OR. Without the shared data there are no questions.
    """
    if data is None:
        return {}
    sets, texts = library(data)
    numbers = {text: number for number, text in enumerate(texts, 1)}
    result: dict[str, Any] = {"texts": len(texts)}
    with tempfile.TemporaryDirectory(prefix="marsad-bench-") as folder:
        ways = _ways(Path(folder), texts)
        for name, questions in sets.items():
            scores = {way: _score(questions, numbers, ask) for way, ask in ways.items()}
            result |= _figures(name, len(questions), scores)
    return result


def scale(articles: int, data: Path | None, keep: Path | None) -> dict[str, Any]:
    """Milliseconds of a question, page and count and snippets, by kind of question."""
    with tempfile.TemporaryDirectory(prefix="marsad-bench-") as folder:
        path = keep or Path(folder) / "marsad.db"
        if not path.exists():
            build(path, articles, data)
        with open_database(path, readonly=True) as db:
            return timings(db)


def _ways(folder: Path, texts: Sequence[str]) -> dict[str, Ask]:
    db = open_database(folder / "marsad.db")
    with db.write():
        for number, text in enumerate(texts, 1):
            _store(db, number, text)
    return {
        "raw": _raw(texts),
        "folded": lambda question: _column(db, "folded", question, fold),
        "stemmed": lambda question: _column(db, "stemmed", question, lambda w: stem(fold(w))),
        "ours": lambda question: [
            hit.article_id for hit in db.search(question, limit=TOP, any_words=True)
        ],
    }


def _raw(texts: Sequence[str]) -> Ask:
    """FTS5 as it comes: no folding but that of Latin accents, which it has itself."""
    plain = sqlite3.connect(":memory:")
    plain.execute(
        "CREATE VIRTUAL TABLE t USING fts5 (text, tokenize = 'unicode61 remove_diacritics 2')"
    )
    plain.executemany("INSERT INTO t (text) VALUES (?)", ((text,) for text in texts))
    sql = f"SELECT rowid FROM t WHERE t MATCH ? ORDER BY bm25(t), rowid LIMIT {TOP}"
    return lambda question: [row[0] for row in plain.execute(sql, (_either(question, str),))]


def _column(db: Database, column: str, question: str, form: Callable[[str], str]) -> list[int]:
    """One of our columns alone."""
    sql = f"SELECT rowid FROM article_fts WHERE article_fts MATCH ? ORDER BY {RANK} LIMIT {TOP}"
    rows = db.all(sql, (f"{column} : ({_either(question, form)})",))
    return [row[0] for row in rows]


def _either(question: str, form: Callable[[str], str]) -> str:
    """The telling words of a question, any of them."""
    words = _WORD.findall(question)
    telling = [word for word in words if not is_stopword(fold(word))] or words
    return " OR ".join(f'"{form(word)}"' for word in telling)


def _store(db: Database, number: int, text: str) -> None:
    """Only what the search needs of an article."""
    moment, url = "2026-01-01T00:00:00Z", f"https://example.test/{number}"
    outlet = {"id": "xx_bench", "name": "Bench", "country": "xx", "covers": "[]", "kind": "portal"}
    rest = {"alignment": "unknown", "languages": "[]", "timezone": "UTC", "domains": "[]"}
    if number == 1:
        db.insert("outlets", {**outlet, **rest})
    article = {"id": number, "outlet_id": "xx_bench", "url_key": url, "url": url, "headline": ""}
    dates = {"published_precision": "unknown", "first_seen_at": moment, "fetched_at": moment}
    more = {"language": "ar", "words": 0, "version": 1, "keep_rule": ""}
    db.insert("articles", {**article, **dates, **more})
    kept = {"article_id": number, "final_url": url, "text_complete": 1, "charset": "utf-8"}
    read = {"language_score": 1.0, "methods": "{}", "content_hash": "", "reader_version": ""}
    db.insert("article_texts", {**kept, **read, "fold_version": 0, "text": text})
    index(db, number, Words("", text, "ar"))


def _score(questions: Sequence[Question], numbers: dict[str, int], ask: Ask) -> Score:
    ranks = []
    for question in questions:
        found = list(ask(question.text))
        wanted = numbers[question.answer]
        ranks.append(found.index(wanted) + 1 if wanted in found else 0)
    recall = sum(map(bool, ranks)) / len(ranks)
    return Score(recall, sum(1 / rank for rank in ranks if rank) / len(ranks))


def _figures(name: str, questions: int, scores: dict[str, Score]) -> dict[str, Any]:
    missed = {way: 1 - score.recall for way, score in scores.items()}
    removed = (missed["raw"] - missed["ours"]) / missed["raw"] if missed["raw"] else 0.0
    by_way = {
        f"{name}_{figure}_{way}": round(getattr(score, figure), 3)
        for way, score in scores.items()
        for figure in Score._fields
    }
    return {f"{name}_questions": questions, f"{name}_misses_removed": round(removed, 3), **by_way}


def _print(result: dict[str, Any]) -> None:
    if not result:
        print("no shared data: nothing to ask", file=sys.stderr)
    for name, value in result.items():
        print(f"{name:24} {value}")


if __name__ == "__main__":
    main()
