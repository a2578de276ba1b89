"""Whom an actor is named beside, and what outlets print beside its name to say what it is."""

from __future__ import annotations

from dataclasses import dataclass

from storage.connection import Connection
from storage.desk.actors import TERM
from storage.rows import dump
from storage.search import SearchFilters, condition

MOST_ARTICLES = 20_000
"""Of an actor that is named in more, the articles stored last are looked at."""
TOP = 30
# The label says what an outlet calls somebody; where the outlet stands is another variable.
_ARTICLES = """
SELECT DISTINCT m.article_id AS id FROM mentions m
CROSS JOIN articles a INDEXED BY articles_facets ON a.id = m.article_id
WHERE m.actor_id = :named AND m.counted {condition}
ORDER BY m.article_id DESC LIMIT :most
"""
_BESIDE = """
SELECT w.id, w.name, w.kind, n.articles FROM (
  SELECT o.actor_id, count(DISTINCT o.article_id) AS articles
  FROM json_each(:articles) named CROSS JOIN mentions o ON o.article_id = named.value
  WHERE o.actor_id != :named AND o.counted GROUP BY o.actor_id
) n CROSS JOIN actors w ON w.id = n.actor_id
WHERE NOT w.suppress ORDER BY n.articles DESC, w.name, w.id
"""
_LABELS = """
SELECT m.label, o.id AS outlet_id, o.name AS outlet, o.alignment, count(*) AS places,
  count(DISTINCT m.article_id) AS articles
FROM mentions m
CROSS JOIN articles a INDEXED BY articles_facets ON a.id = m.article_id
CROSS JOIN outlets o ON o.id = a.outlet_id
WHERE m.actor_id = :named AND m.counted AND m.label != '' {condition}
GROUP BY m.label, o.id
"""


@dataclass(frozen=True, slots=True)
class Neighbour:
    """An actor that is named in so many of the same articles."""

    actor_id: str
    name: str
    kind: str
    articles: int


@dataclass(frozen=True, slots=True)
class Beside:
    """Those named most in the same articles; `of_articles` is how many were looked at.

    `all_of_them` is False where an actor is named in more articles than were looked at.
    """

    actors: tuple[Neighbour, ...]
    terms: tuple[Neighbour, ...]
    of_articles: int
    all_of_them: bool


@dataclass(frozen=True, slots=True)
class LabelOutlet:
    """An outlet that prints a label, and in how many articles."""

    outlet_id: str
    name: str
    alignment: str
    articles: int


@dataclass(frozen=True, slots=True)
class Label:
    """What is printed beside the name, as found; articles of one outlet are in no other one."""

    label: str
    places: int
    articles: int
    outlets: tuple[LabelOutlet, ...]  # all that print it, the most frequent first


@dataclass(frozen=True, slots=True)
class Labels:
    """The most frequent labels, and how many different ones there are."""

    rows: tuple[Label, ...]
    different: int


def beside(
    db: Connection,
    actor_id: str,
    filters: SearchFilters | None = None,
    *,
    top: int = TOP,
    most: int = MOST_ARTICLES,
) -> Beside:
    """Who else is named in the articles that name an actor, each article once; nobody hidden."""
    where = condition(filters)
    bound = {**where.parameters, "named": actor_id, "most": most + 1}
    rows = db.execute(_ARTICLES.format(condition=where.sql), bound)
    articles = [row["id"] for row in rows]
    looked = articles[:most]
    asked = {"articles": dump(looked), "named": actor_id}
    found = [Neighbour(*row) for row in db.execute(_BESIDE, asked)]
    actors = tuple(one for one in found if one.kind != TERM)[:top]
    terms = tuple(one for one in found if one.kind == TERM)[:top]
    return Beside(actors, terms, len(looked), len(articles) <= most)


def labels(
    db: Connection, actor_id: str, filters: SearchFilters | None = None, *, top: int = TOP
) -> Labels:
    """The words by which outlets say what an actor is, the most frequent first."""
    where = condition(filters)
    sql = _LABELS.format(condition=where.sql)
    found: dict[str, list[tuple[LabelOutlet, int]]] = {}
    for row in db.execute(sql, {**where.parameters, "named": actor_id}):
        outlet = LabelOutlet(row["outlet_id"], row["outlet"], row["alignment"], row["articles"])
        found.setdefault(row["label"], []).append((outlet, row["places"]))
    rows = sorted((_label(*one) for one in found.items()), key=_most)
    return Labels(tuple(rows[:top]), len(rows))


def _label(label: str, outlets: list[tuple[LabelOutlet, int]]) -> Label:
    told = sorted((outlet for outlet, _ in outlets), key=lambda one: (-one.articles, one.name))
    places = sum(number for _, number in outlets)
    return Label(label, places, sum(one.articles for one in told), tuple(told))


def _most(one: Label) -> tuple[int, int, str]:
    return -one.articles, -one.places, one.label
