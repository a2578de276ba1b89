"""What the articles that a question finds are made of: by outlet, country, language … and month.

Everything is counted, nothing estimated: one walk over the articles and one over the places where
actors are named. An article counts once for each actor, kind and theme, however often it has them;
numbers are of articles also where copies are folded into stories.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import groupby
from operator import itemgetter

from storage import search
from storage.connection import Connection
from storage.desk.questions import Question
from storage.ranking import Sought

NAMES = ("outlet", "country", "language", "alignment", "actor", "kind", "theme", "month")
MOST = 200
"""Values of one facet that are told; how many more there are is told too."""
_ARTICLES = "SELECT a.outlet_id, a.language, substr(a.published_day, 1, 7) "
_NAMED = """
SELECT m.article_id, m.actor_id FROM (SELECT a.id {source}) f
CROSS JOIN mentions m ON m.article_id = f.id
WHERE m.counted
"""
"""The places of each article stand together: the articles drive."""
_OUTLETS = "SELECT id, name, country, covers, alignment FROM outlets"
_ACTORS = "SELECT id, name, kind, themes FROM actors WHERE NOT suppress"
_TERM = "term"


@dataclass(frozen=True, slots=True)
class Value:
    """One value and how many of the articles found have it; `name` is how people call it."""

    value: str
    name: str
    articles: int
    chosen: bool


@dataclass(frozen=True, slots=True)
class Facet:
    """One way of telling articles apart; the most first, months in order of time.

    `more` values are not told, and `without` articles have none: no known day, nobody named.
    """

    name: str
    values: tuple[Value, ...]
    more: int = 0
    without: int = 0


def facets(db: Connection, question: Question) -> tuple[Facet, ...]:
    """All of them, in the order of NAMES. Raises SearchError as a search does."""
    sought = search.sought(db, question.query, question.filters)
    counts = _Counts()
    counts.add_articles(db, sought)
    counts.add_named(db, sought)
    return tuple(_facet(name, counts, question) for name in NAMES)


@dataclass(slots=True)
class _Counts:
    articles: int = 0
    of: dict[str, Counter[str]] = field(default_factory=lambda: {name: Counter() for name in NAMES})
    names: dict[str, Mapping[str, str]] = field(default_factory=dict)
    without: Counter[str] = field(default_factory=Counter)

    def add_articles(self, db: Connection, sought: Sought) -> None:
        """Count by what an article says of itself, and by what is known of its outlet."""
        outlets = {row["id"]: row for row in db.all(_OUTLETS)}
        rows = db.execute(_ARTICLES + sought.of_articles, sought.parameters)
        for (outlet_id, language, month), number in Counter(map(tuple, rows)).items():
            outlet = outlets[outlet_id]
            self.articles += number
            self.of["outlet"][outlet_id] += number
            self.of["language"][language] += number
            self.of["alignment"][outlet["alignment"]] += number
            for country in json.loads(outlet["covers"]) or [outlet["country"]]:
                self.of["country"][country] += number
            if month is None:
                self.without["month"] += number
            else:
                self.of["month"][month] += number
        self.names["outlet"] = {outlet_id: row["name"] for outlet_id, row in outlets.items()}

    def add_named(self, db: Connection, sought: Sought) -> None:
        """Count by the actors that are named, each article once for each of what they are."""
        actors = {row["id"]: row for row in db.all(_ACTORS)}
        themes = {actor_id: _themes(row["kind"], row["themes"]) for actor_id, row in actors.items()}
        naming = 0
        rows = db.execute(_NAMED.format(source=sought.of_articles), sought.parameters)
        # A few thousand sets of actors, each with the number of its articles.
        for named, number in Counter(_sets(rows)).items():
            known = named & actors.keys()
            naming += number if known else 0
            found = {
                "actor": known,
                "kind": {actors[one]["kind"] for one in known},
                "theme": {theme for one in known for theme in themes[one]},
            }
            for name, those in found.items():
                self.of[name].update(dict.fromkeys(those, number))
        self.names["actor"] = {actor_id: row["name"] for actor_id, row in actors.items()}
        self.without["actor"] = self.articles - naming


def _sets(rows: Iterable[tuple[int, str]]) -> Iterator[frozenset[str]]:
    """The actors of each article, of rows by article."""
    for _, those in groupby(rows, key=itemgetter(0)):
        yield frozenset([one[1] for one in those])


def _themes(kind: str, themes: str) -> frozenset[str]:
    """A generic word has no theme, as the query language sees it."""
    return frozenset() if kind == _TERM else frozenset(json.loads(themes))


def _facet(name: str, counts: _Counts, question: Question) -> Facet:
    chosen = set(question.chosen(name)) if name != "month" else set()
    called = counts.names.get(name, {})
    found = counts.of[name]
    ordered = sorted(found.items(), key=_by_time if name == "month" else _by_number)
    shown = ordered[-MOST:] if name == "month" else ordered[:MOST]
    values = [Value(one, called.get(one, one), number, one in chosen) for one, number in shown]
    # A chosen value stays in sight, for taking it away.
    values += [Value(one, called.get(one, one), found[one], True)
               for one in sorted(chosen - {value.value for value in values})]  # fmt: skip
    return Facet(name, tuple(values), len(ordered) - len(shown), counts.without[name])


def _by_number(pair: tuple[str, int]) -> tuple[int, str]:
    return -pair[1], pair[0]


def _by_time(pair: tuple[str, int]) -> str:
    return pair[0]
