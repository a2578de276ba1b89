"""Actors in lists and one by one: counts, shares, neighbours, labels, and every place once."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from storage import day_counts, stories
from storage.database import Database, open_database
from storage.desk import actor_counts, kwic
from storage.desk.actors import Wanted, actor, actors, countries
from storage.desk.attention import attention
from storage.desk.beside import beside, labels
from storage.desk.questions import Question
from storage.errors import SearchError
from storage.judgements import JudgementStore
from storage.models import Actor, Alias
from storage.runs import RunStore
from storage.search import SearchFilters
from tests.stored import NIGHT, Story, fill


def _actor(number: str, kind: str, name: str, *more: str, suppress: bool = False) -> Actor:
    themes = ("rights",) if kind != "term" else ()
    aliases = tuple(Alias(text) for text in (name, *more))
    return Actor(number, kind, (number[:2],), themes, name, aliases, suppress=suppress)


RIMAL = _actor("ma_rimal", "cso", "Rimal Rights Association")
SALWA = _actor("bh_salwa", "person", "Salwa Naddafi")
NOBODY = _actor("iq_nobody", "media", "Never Named Paper")
HIDDEN = _actor("ma_hidden", "person", "Hidden Harbour Man", suppress=True)
TERM = _actor("term_activist", "term", "activist")
ACTORS = (RIMAL, SALWA, NOBODY, HIDDEN, TERM)
WIRE = "The Rimal Rights Association opened " + " ".join(f"school {n} there" for n in range(20))
ARCHIVE = [
    Story("Rimal Rights Association and activist Salwa Naddafi.", headline=RIMAL.name, days=3),
    Story(WIRE, outlet="ma_manara", days=2),
    Story(WIRE, outlet="iq_sada", days=2),
    Story("Salwa Naddafi and Hidden Harbour Man. Salwa Naddafi again.", outlet="iq_sada", days=400),
    Story("Nobody at all.", outlet="iq_sada", days=2),
    Story("Rimal Rights Association of no day.", dated=False),
]  # fmt: skip
LATELY = SearchFilters(
    after=(NIGHT - timedelta(days=30)).date(), before=(NIGHT + timedelta(days=1)).date()
)


@pytest.fixture(params=["counted", "dirty"])
def db(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """The same answers whether the days were counted ahead or are still to be counted."""
    fill(tmp_path / "a.db", ARCHIVE, ACTORS)
    with open_database(tmp_path / "a.db") as opened:
        stories.settle(opened)
        if request.param == "counted":
            day_counts.recount(opened)
        yield opened


def _rows(db: Database, wanted: Wanted, filters: SearchFilters | None = None) -> dict[str, int]:
    return {one.facts.actor_id: one.articles for one in actors(db, wanted, filters).rows}


def test_the_list_counts_each_actor_and_keeps_terms_and_hidden_ones_apart(db: Database) -> None:
    assert _rows(db, Wanted()) == {"ma_rimal": 4, "bh_salwa": 2, "iq_nobody": 0}
    assert list(_rows(db, Wanted())) == ["ma_rimal", "bh_salwa", "iq_nobody"]
    assert _rows(db, Wanted(terms=True)) == {"term_activist": 1}
    assert _rows(db, Wanted(), LATELY) == {"ma_rimal": 3, "bh_salwa": 1, "iq_nobody": 0}
    for filters in (None, LATELY, SearchFilters(outlet="iq_sada"), SearchFilters(country="ma")):
        found = actors(db, Wanted(), filters)
        assert found.total == db.count("", filters=filters)
        for one in found.rows:
            assert one.articles == db.count(f"actor:{one.facts.actor_id}", filters=filters)
            assert one.share == one.articles / found.total


def test_the_list_narrows_and_sorts(db: Database) -> None:
    assert list(_rows(db, Wanted(kind="person"))) == ["bh_salwa"]
    assert list(_rows(db, Wanted(country="iq"))) == ["iq_nobody"]
    assert list(_rows(db, Wanted(theme="women"))) == []
    found = actors(db, Wanted(), order="name")
    assert [one.facts.actor_id for one in found.rows] == ["iq_nobody", "ma_rimal", "bh_salwa"]
    latest = actors(db, Wanted(), order="latest")
    assert [one.facts.actor_id for one in latest.rows] == ["ma_rimal", "bh_salwa", "iq_nobody"]
    assert (found.kinds, found.themes) == (("cso", "media", "person"), ("rights",))
    assert countries(db) == ("iq", "ma")


def test_one_actor_and_why_its_counts_do_not_compare(db: Database) -> None:
    facts = actor(db, "ma_rimal")
    assert facts is not None and (facts.name, facts.kind, facts.gap) == (RIMAL.name, "cso", None)
    assert actor(db, "ma_hidden") is actor(db, "zz") is None
    later = replace(RIMAL, aliases=(*RIMAL.aliases, Alias("Rimal Group")))
    RunStore(db, clock=lambda: NIGHT + timedelta(days=2)).open("crawl", actors=[later, SALWA])
    facts = actor(db, "ma_rimal")
    assert facts is not None and facts.comparable_since == NIGHT
    dropped = actor(db, "iq_nobody")
    assert dropped is not None and dropped.gap is not None and dropped.gap.dropped


def test_articles_stories_and_headlines(db: Database) -> None:
    found = actor_counts.counted(db, "ma_rimal")
    assert (found.articles, found.stories, found.copies) == (4, 3, 1)
    assert (found.headlines, found.headline_share, found.places) == (1, 0.25, 5)
    nothing = actor_counts.counted(db, "iq_nobody")
    assert (nothing.articles, nothing.headline_share) == (0, None)


def test_each_outlet_with_its_share_of_the_same_days(db: Database) -> None:
    found = {one.outlet_id: one for one in actor_counts.by_outlet(db, "ma_rimal")}
    assert {name: (one.articles, one.total) for name, one in found.items()} == {
        "ma_manara": (3, 3), "iq_sada": (1, 3),
    }  # fmt: skip
    assert found["iq_sada"].share == pytest.approx(1 / 3)
    lately = {
        one.outlet_id: (one.articles, one.total)
        for one in actor_counts.by_outlet(db, "ma_rimal", LATELY)
    }
    assert lately == {"ma_manara": (2, 2), "iq_sada": (1, 2)}
    with pytest.raises(ValueError, match="language"):
        actor_counts.by_outlet(db, "ma_rimal", SearchFilters(language="ar"))


def test_over_time_the_counts_add_up_to_all_dated_articles(db: Database) -> None:
    question = Question(filters=SearchFilters(actor="bh_salwa"))
    told = attention(db, question, db.coverage(), NIGHT.date())
    assert sum(point.count for point in told.points) == 2


def test_the_first_and_the_last_naming(db: Database) -> None:
    ends = actor_counts.first_and_last(db, "bh_salwa")
    assert ends is not None and [one.article_id for one in ends] == [4, 1]
    late = actor_counts.first_and_last(db, "bh_salwa", LATELY)
    assert late is not None and [one.article_id for one in late] == [1, 1]
    assert actor_counts.first_and_last(db, "iq_nobody") is None


def test_whom_an_actor_is_named_beside_never_tells_of_hidden_ones(db: Database) -> None:
    found = beside(db, "bh_salwa")
    assert [(one.actor_id, one.articles) for one in found.actors] == [("ma_rimal", 1)]
    assert [(one.actor_id, one.articles) for one in found.terms] == [("term_activist", 1)]
    assert (found.of_articles, found.all_of_them) == (2, True)
    some = beside(db, "bh_salwa", most=1)
    assert (some.of_articles, some.all_of_them, some.actors) == (1, False, ())
    assert len(beside(db, "ma_rimal", SearchFilters(outlet="iq_sada")).actors) == 0


def test_a_rejected_mention_leaves_every_count(db: Database) -> None:
    JudgementStore(db).not_this(1, "bh_salwa", who="N", why="another")
    assert actor_counts.counted(db, "bh_salwa").articles == 1
    assert _rows(db, Wanted())["bh_salwa"] == 1
    assert beside(db, "ma_rimal").actors == ()


def test_labels_are_told_as_printed_with_the_outlets_that_print_them(db: Database) -> None:
    with db.write():
        for number, label in ((1, "so-called “defender”"), (4, "the defender")):
            db.execute("UPDATE mentions SET label = ? WHERE article_id = ? AND actor_id = ?",
                       (label, number, "bh_salwa"))  # fmt: skip
    found = labels(db, "bh_salwa")
    told = {one.label: (one.places, one.articles) for one in found.rows}
    assert told == {"the defender": (2, 1), "so-called “defender”": (1, 1)}
    assert found.different == 2
    assert [one.outlet_id for one in found.rows[0].outlets] == ["iq_sada"]
    assert len(labels(db, "bh_salwa", top=1).rows) == 1


@pytest.mark.parametrize("newest", [True, False])
@pytest.mark.parametrize("limit", [1, 2, 3, 7])
def test_the_concordance_has_every_place_once_on_any_size_of_page(
    tmp_path: Path, newest: bool, limit: int
) -> None:
    many = [
        Story(f"Salwa Naddafi {n}. Salwa Naddafi. {n}", f"Salwa Naddafi {n}",
              days=n % 3, dated=n % 4 > 0)
        for n in range(6)
    ]  # fmt: skip
    fill(tmp_path / "a.db", many, ACTORS)
    seen, days, cursor = [], [], ""
    with open_database(tmp_path / "a.db") as db:
        while True:
            page = kwic.page(db, "bh_salwa", after=cursor, newest=newest, limit=limit)
            seen += [(line.article_id, line.field, line.before, line.after) for line in page.lines]
            days += [line.day or "" for line in page.lines]
            assert page.total == 18
            if page.following is None:
                break
            cursor = page.following
    assert len(seen) == len(set(seen)) == 18
    assert days == sorted(days, reverse=newest)


def test_a_concordance_goes_on_where_it_was_when_more_is_stored_meanwhile(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    fill(path, [Story(f"Salwa Naddafi {n}.", days=5 + n) for n in range(4)], ACTORS)
    with open_database(path) as db:
        first = kwic.page(db, "bh_salwa", limit=2)
        fill(path, [Story("Salwa Naddafi, new.", days=0)], ACTORS)
        second = kwic.page(db, "bh_salwa", after=first.following or "", limit=2)
    assert [line.article_id for line in (*first.lines, *second.lines)] == [1, 2, 3, 4]


@pytest.mark.parametrize("cursor", ["x", "~~~", "2026-01-01~1~text~-1", "a~b~c~d", "~1~text~²"])
def test_a_cursor_that_no_page_gave_is_refused(db: Database, cursor: str) -> None:
    with pytest.raises(SearchError):
        kwic.page(db, "bh_salwa", after=cursor)


def test_lines_are_in_reading_order_and_tell_what_is_printed(db: Database) -> None:
    page = kwic.page(db, "bh_salwa", SearchFilters(before=date(2025, 6, 1)), newest=False)
    (first, second) = page.lines
    assert (first.before, first.match) == ("", "Salwa Naddafi")
    assert second.before.endswith("Harbour Man. ") and second.after == " again."
    assert kwic.page(db, "ma_hidden").lines == ()
