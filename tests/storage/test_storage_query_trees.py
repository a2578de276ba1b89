"""Any tree of words and fields finds what a plain reading of it finds."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import pairwise, product
from typing import TYPE_CHECKING, NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from storage import ranking
from storage.database import Database
from storage.models import Actor, Mention, Precision
from storage.search import SearchFilters

if TYPE_CHECKING:
    from tests.storage.conftest import Desk

WORDS = ("حقوق", "صحافة", "منظمة", "droits", "presse", "water")
OFTEN = (9, 7, 2, 2, 1, 1)
OUTLETS = {"ma_sahifa": "ma", "iq_rojname": "iq", "bh_marsa": "bh"}
THEMES = {"ma_jamiya": {"women", "rights"}, "iq_person": {"rights"}, "bh_hidden": {"rights"}}
ACTORS = (
    Actor("ma_jamiya", "cso", name="جمعية", themes=("women", "rights")),
    Actor("iq_person", "person", name="Azad", themes=("rights",)),
    Actor("term_activist", "term", name="ناشط", themes=("rights",)),
    Actor("bh_hidden", "person", name="مخفي", themes=("rights",), suppress=True),
)


class Article(NamedTuple):
    """An article as the plain reading sees it."""

    headline: tuple[str, ...]
    text: tuple[str, ...]
    outlet: str
    language: str
    day: str | None
    mentions: tuple[tuple[str, str, bool], ...]  # actor, field, counted
    withdrawn: bool


class Leaf(NamedTuple):
    """A word, phrase, prefix or field."""

    kind: str
    value: str


class Tree(NamedTuple):
    """Leaves and trees: "and", "or", "not" (the first without the others), "headline"."""

    operator: str
    parts: tuple[Leaf | Tree, ...]


def some_article(rng: random.Random) -> Article:
    mentions = {
        (actor.id, rng.choice(["headline", "text"])): rng.random() < 0.7
        for actor in rng.sample(ACTORS, rng.randrange(4))
    }
    return Article(
        tuple(rng.choices(WORDS, OFTEN, k=rng.randrange(1, 3))),
        tuple(rng.choices(WORDS, OFTEN, k=rng.randrange(1, 5))),
        rng.choice(list(OUTLETS)),
        rng.choice(["ar", "fr"]),
        rng.choice([None, "2026-02-28", "2026-03-01", "2026-03-31", "2026-04-01"]),
        tuple((actor, field, counted) for (actor, field), counted in mentions.items()),
        rng.random() < 0.1,
    )


def stored(desk: Desk, article: Article, number: int) -> None:
    lines = {"headline": " ".join(article.headline), "text": " ".join(article.text)}
    mentions = tuple(
        Mention(actor, 0, 1, lines[field][0], "x", "auto", field=field, ambiguous=not counted)
        for actor, field, counted in article.mentions
    )
    dated = {}
    if article.day:
        moment = datetime.fromisoformat(f"{article.day}T12:00").replace(tzinfo=UTC)
        dated = {"published_at": moment, "published_precision": Precision.DAY}
    saved = desk.store(
        str(number), lines["text"], headline=lines["headline"], outlet=article.outlet,
        language=article.language, mentions=mentions, **dated,
    )  # fmt: skip
    assert saved.article_id == number
    if article.withdrawn:
        with desk.db.write():
            desk.db.update("articles", number, {"withdrawn": 1})


@pytest.fixture(scope="module", params=[(1, False), (2, True), (3, True)], ids=str)
def corpus(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, desk_type: type[Desk]
) -> Iterator[tuple[Database, list[Article]]]:
    """A small corpus, for which some words may pass for common, as in a large one."""
    seed, is_large = request.param
    rng = random.Random(seed)
    articles = [some_article(rng) for _ in range(24)]
    desk = desk_type(tmp_path_factory.mktemp("trees") / "marsad.db")
    desk.runs.close(desk.run(actors=ACTORS), "done")
    for number, article in enumerate(articles, 1):
        stored(desk, article, number)
    desk.runs.close(desk.run(actors=ACTORS), "done")
    with pytest.MonkeyPatch.context() as patch:
        if is_large:
            patch.setattr(ranking, "COMMON_FROM", 10)
            patch.setattr(ranking, "RECENT", 12)
        yield desk.db, articles
    desk.db.close()


def holds(tree: Leaf | Tree, article: Article, *, headline: bool = False) -> bool:
    """The plain reading of a tree."""
    if isinstance(tree, Leaf):
        return leaf_holds(tree, article, headline=headline)
    if tree.operator == "headline":
        return holds(tree.parts[0], article, headline=True)
    each = [holds(part, article, headline=headline) for part in tree.parts]
    if tree.operator == "not":
        return each[0] and not any(each[1:])
    return all(each) if tree.operator == "and" else any(each)


def leaf_holds(leaf: Leaf, article: Article, *, headline: bool) -> bool:
    words = article.headline if headline else article.headline + article.text
    if leaf.kind == "word":
        return leaf.value in words
    if leaf.kind == "prefix":
        return any(word.startswith(leaf.value) for word in words)
    if leaf.kind == "phrase":
        first, second = leaf.value.split(" ")
        return (first, second) in pairwise(words)
    return field_holds(leaf.kind, leaf.value.split(","), article, headline=headline)


def field_holds(name: str, values: list[str], article: Article, *, headline: bool) -> bool:
    if name in ("actor", "term", "theme"):
        return any(
            is_meant(name, values, actor)
            for actor, field, counted in article.mentions
            if counted and actor != "bh_hidden" and (field == "headline" or not headline)
        )
    if name in ("after", "before", "date"):
        return article.day is not None and day_holds(name, values[0], article.day)
    known = {
        "outlet": article.outlet,
        "country": OUTLETS[article.outlet],
        "language": article.language,
    }
    return known[name] in values


def is_meant(name: str, values: list[str], actor: str) -> bool:
    if name == "term":
        return actor == "term_activist" and bool({"activist", "term_activist"} & set(values))
    if name == "theme":
        return bool(THEMES.get(actor, set()) & set(values))
    return actor != "term_activist" and actor in values


def day_holds(name: str, value: str, day: str) -> bool:
    if name == "date":
        return day.startswith(value)
    first = value if len(value) == 10 else f"{value}-01"
    return day >= first if name == "after" else day < first


LEAVES = st.one_of(
    st.builds(Leaf, st.just("word"), st.sampled_from(WORDS)),
    st.builds(Leaf, st.just("prefix"), st.sampled_from(["حقو", "pres", "wat"])),
    st.builds(
        lambda one, two: Leaf("phrase", f"{one} {two}"),
        st.sampled_from(WORDS),
        st.sampled_from(WORDS),
    ),
    st.builds(Leaf, st.just("outlet"), st.sampled_from(["ma_sahifa", "iq_rojname,bh_marsa"])),
    st.builds(Leaf, st.just("country"), st.sampled_from(["ma", "bh,iq"])),
    st.builds(Leaf, st.just("language"), st.sampled_from(["ar", "fr", "ckb"])),
    st.builds(Leaf, st.just("actor"), st.sampled_from(["ma_jamiya", "ma_jamiya,iq_person"])),
    st.builds(Leaf, st.just("actor"), st.just("bh_hidden")),
    st.builds(Leaf, st.just("term"), st.sampled_from(["activist", "term_activist"])),
    st.builds(Leaf, st.just("theme"), st.sampled_from(["women", "rights"])),
    st.builds(Leaf, st.sampled_from(["after", "before", "date"]),
              st.sampled_from(["2026-03", "2026-03-01", "2026-04-01"])),
)  # fmt: skip
TREES: st.SearchStrategy[Leaf | Tree] = st.recursive(
    LEAVES,
    lambda parts: st.one_of(
        st.builds(
            Tree,
            st.sampled_from(["and", "or", "not"]),
            st.lists(parts, min_size=2, max_size=3).map(tuple),
        ),
        st.builds(Tree, st.just("headline"), parts.map(lambda part: (part,))),
    ),
    max_leaves=7,
)


def written(tree: Leaf | Tree) -> str:
    """The tree as a person would type it."""
    if isinstance(tree, Leaf):
        forms = {"word": "{}", "prefix": "{}*", "phrase": '"{}"'}
        return forms.get(tree.kind, tree.kind + ":{}").format(tree.value)
    parts = [written(part) for part in tree.parts]
    if tree.operator == "headline":
        return f"(in:headline {parts[0]})"
    joined = {"and": " ", "or": " OR ", "not": " NOT "}[tree.operator].join(parts)
    return f"({joined})"


def pages(db: Database, query: str, limit: int, *, newest: bool) -> list[int]:
    """All that a query finds, page by page."""
    found: list[int] = []
    while page := db.search(query, limit=limit, offset=len(found), newest=newest):
        found += [hit.article_id for hit in page]
    return found


@settings(
    max_examples=100,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(tree=TREES)
def test_a_query_finds_what_a_plain_reading_finds(
    corpus: tuple[Database, list[Article]], tree: Leaf | Tree
) -> None:
    db, articles = corpus
    query = written(tree)
    expected = {
        number
        for number, article in enumerate(articles, 1)
        if not article.withdrawn and holds(tree, article)
    }

    for limit, newest in product((100, 2), (False, True)):
        found = pages(db, query, limit, newest=newest)
        assert len(found) == len(expected)
        assert set(found) == expected
    assert db.count(query) == len(expected)
    assert {row["article_id"] for row in db.articles(query)} == expected


@given(tree=TREES, country=st.sampled_from(["ma", "bh"]))
@settings(max_examples=30, deadline=None)
def test_filters_beside_a_query_narrow_it_like_its_fields(
    corpus: tuple[Database, list[Article]], tree: Leaf | Tree, country: str
) -> None:
    db, _ = corpus
    query = written(tree)

    by_filter = db.search(query, filters=SearchFilters(country=country), limit=100)
    by_field = db.search(f"({query}) country:{country}", limit=100)

    assert {hit.article_id for hit in by_filter} == {hit.article_id for hit in by_field}
