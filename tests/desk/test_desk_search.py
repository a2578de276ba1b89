"""What a search page tells, held against a plain reading: lists, facets, attention."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from storage import day_counts, ranking, search
from storage.coverage_records import Spell
from storage.database import Database, open_database
from storage.date_order import Place
from storage.desk import counted_ahead, results
from storage.desk.answers import Answer, answer, named
from storage.desk.attention import Attention, attention, dark
from storage.desk.facets import Facet, facets
from storage.desk.questions import Order, Question
from storage.desk.results import Cursor, sizes
from storage.errors import SearchError
from storage.models import Actor, Alias
from storage.watching import Sight
from tests.stored import Story, fill

TODAY = date(2026, 6, 1)
OUTLETS = {"ma_manara": "independent", "ma_souk": "state", "iq_sada": "exile", "bh_mina": "exile"}
ACTORS = (
    Actor("ma_rimal", "cso", ("ma",), ("rights", "women"), "Rimal",
          (Alias("Rimal Society", "en"),)),
    Actor("bh_salwa", "person", ("bh",), ("press",), "Salwa", (Alias("Salwa Naddafi", "en"),)),
    Actor("iq_naji", "person", ("iq",), ("rights",), "Naji", (Alias("Naji Misali", "en"),)),
    Actor("term_activist", "term", (), ("rights",), "activist", (Alias("activist", "en"),)),
    Actor("bh_hidden", "person", (), ("press",), "Hidden", (Alias("Hidden Name", "en"),),
          suppress=True),
)  # fmt: skip
KINDS = {one.id: one.kind for one in ACTORS if not one.suppress}
THEMES = {one.id: set(one.themes) for one in ACTORS if one.kind != "term" and not one.suppress}
NAMES = {"ma_rimal": "Rimal Society", "bh_salwa": "Salwa Naddafi", "iq_naji": "Naji Misali",
         "term_activist": "activist", "bh_hidden": "Hidden Name"}  # fmt: skip
WORDS = ("bridge", "school", "water")
# Few different times, so that many articles share one; None: not dated.
TIMES = (None, None, "2025-11-30T23:30:00Z", "2026-01-05T00:00:00Z", "2026-01-05T10:00:00Z",
         "2026-01-19T10:00:00Z", "2026-03-02T00:00:00Z", "2026-05-11T08:00:00Z")  # fmt: skip


@dataclass(frozen=True)
class Row:
    """An article as a plain reading sees it."""

    id: int
    outlet: str
    language: str
    at: str | None
    day: str
    story: int
    words: frozenset[str]
    actors: frozenset[str]


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Database, list[Row]]]:
    """Some ninety articles with many ties; some withdrawn; days counted ahead but for a few."""
    path = tmp_path_factory.mktemp("desk") / "marsad.db"
    rng = random.Random(5)
    pieces = []
    for number in range(90):
        said = [*rng.sample(WORDS, rng.randrange(3)), *rng.sample(list(NAMES), rng.randrange(3))]
        text = f"Piece {number}. " + " ".join(
            f"They met {NAMES.get(one, one)} there." for one in said
        )
        outlet, language = rng.choice(list(OUTLETS)), rng.choice(["en", "fr"])
        pieces.append(Story(text, outlet=outlet, language=language, headline=f"Head {number}"))
    fill(path, pieces, ACTORS)
    with open_database(path) as db:
        with db.write():
            _rearrange(db, rng)
        day_counts.recount(db)
        with db.write():  # days that wait to be counted again are counted live
            db.execute("UPDATE articles SET withdrawn = 1 WHERE id IN (9, 18)")
            db.execute("UPDATE articles SET outlet_id = 'ma_souk' WHERE id = 12")
        yield db, [_row(db, number) for number in range(1, 91) if number % 9]


def _rearrange(db: Database, rng: random.Random) -> None:
    for outlet, alignment in OUTLETS.items():
        db.execute("UPDATE outlets SET alignment = ? WHERE id = ?", (alignment, outlet))
    for number in range(1, 91):
        at, story = rng.choice(TIMES), rng.randint(max(1, number - 6), number)
        values = {"published_at": at, "published_day": at and at[:10], "story_id": story}
        precision = "unknown" if at is None else "minute"
        db.update("articles", number, {**values, "published_precision": precision})
    db.execute("UPDATE articles SET withdrawn = 1 WHERE id % 9 = 0 AND id > 18")


def _row(db: Database, number: int) -> Row:
    row = db.one(
        "SELECT a.*, t.text FROM articles a JOIN article_texts t ON t.article_id = a.id "
        "WHERE a.id = ?",
        (number,),
    )
    assert row is not None
    text = row["text"]
    named = frozenset(one for one, name in NAMES.items() if name in text and one != "bh_hidden")
    return Row(
        number,
        row["outlet_id"],
        row["language"],
        row["published_at"],
        row["published_day"] or "",
        row["story_id"],
        frozenset(word for word in WORDS if word in text),
        named,
    )


def holds(row: Row, question: Question) -> bool:
    """The plain reading of a question of these tests: one word or none, and filters."""
    f = question.filters
    days = [f.after is None or row.day >= f.after.isoformat(),
            f.before is None or row.day < f.before.isoformat(),
            row.day != "" or not (f.after or f.before)]  # fmt: skip
    values = {
        "outlet": {row.outlet},
        "country": {row.outlet[:2]},
        "language": {row.language},
        "alignment": {OUTLETS[row.outlet]},
        "actor": row.actors,
        "kind": {KINDS[one] for one in row.actors},
        "theme": {theme for one in row.actors for theme in THEMES.get(one, ())},
    }
    fits = [
        not question.chosen(name) or values[name] & set(question.chosen(name)) for name in values
    ]
    return all(days) and all(fits) and (not question.query or question.query in row.words)


FILTERS = {
    "outlet": [["ma_manara"], ["ma_souk", "iq_sada"]],
    "country": [["ma"], ["iq", "bh"]],
    "language": [["fr"]],
    "alignment": [["exile"]],
    "actor": [["ma_rimal"], ["bh_salwa", "iq_naji"], ["term_activist"]],
    "kind": [["person"], ["cso", "term"]],
    "theme": [["rights"], ["press", "women"]],
    "after": [["2026-01-01"], ["2026-01-05"]],
    "before": [["2026-03-02"], ["2026-12-01"]],
    "q": [["bridge"], ["water"]],
}
ASKED = st.fixed_dictionaries(
    {}, optional={name: st.sampled_from(some) for name, some in FILTERS.items()}
).map(Question.of)
SOME = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def expected(rows: list[Row], question: Question) -> list[Row]:
    """What is found, newest or oldest first, the undated last; ties by number."""
    found = [row for row in rows if holds(row, question)]
    found.sort(key=lambda row: (row.at or "", row.id), reverse=not question.oldest)
    return [row for row in found if row.at] + [row for row in found if not row.at]


def walked(db: Database, question: Question, limit: int) -> list[int]:
    """Every page of a question from the first to the last."""
    found: list[int] = []
    cursor: Cursor | None = Cursor()
    while cursor is not None:
        page = results.results(db, question, Cursor.of(str(cursor)), limit)
        assert page.first == len(found) + 1
        found += [hit.article_id for hit in page.hits]
        cursor = page.following
    return found


@SOME
@given(
    question=ASKED,
    order=st.sampled_from(["newest", "oldest", "best"]),
    limit=st.integers(1, 7),
    recent=st.sampled_from([2, 500]),
)
def test_pages_give_each_article_exactly_once(
    archive: tuple[Database, list[Row]],
    question: Question,
    order: Order,
    limit: int,
    recent: int,
) -> None:
    db, rows = archive
    question = question.ordered(order)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ranking, "RECENT", recent)  # as in an archive that is far larger
        found = walked(db, question, limit)
    wanted = [row.id for row in expected(rows, question)]
    assert found == wanted if order != "best" else sorted(found) == sorted(wanted)


@SOME
@given(question=ASKED, order=st.sampled_from(["newest", "oldest"]), limit=st.integers(1, 5))
def test_pages_of_stories_give_each_story_once_by_its_first_article(
    archive: tuple[Database, list[Row]], question: Question, order: Order, limit: int
) -> None:
    db, rows = archive
    question = Question(question.query, question.filters, per="story").ordered(order)
    first: dict[int, int] = {}
    for row in expected(rows, question):
        first.setdefault(row.story, row.id)
    assert walked(db, question, limit) == list(first.values())


@SOME
@given(question=ASKED)
def test_sizes_are_exact_whichever_way_they_are_counted(
    archive: tuple[Database, list[Row]], question: Question
) -> None:
    db, rows = archive
    found = expected(rows, question)
    told = sizes(db, question)
    assert (told.articles, told.stories) == (len(found), len({row.story for row in found}))
    assert told.soon
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(results, "MANY", 3)
        patch.setattr(results, "WALKED", 5)
        large = sizes(db, question)
        whole = sizes(db, question, whole=True)
    assert large.articles in (None, len(found))
    assert large.articles is not None or len(found) > 3 or question.query
    assert (whole.articles, whole.soon) == (len(found), True)


@SOME
@given(question=ASKED)
def test_facets_count_what_their_links_find(
    archive: tuple[Database, list[Row]], question: Question
) -> None:
    db, rows = archive
    found = expected(rows, question)
    told = {facet.name: facet for facet in facets(db, question)}

    assert counted(told["outlet"]) == Counter(row.outlet for row in found)
    assert counted(told["alignment"]) == Counter(OUTLETS[row.outlet] for row in found)
    assert counted(told["actor"]) == Counter(actor for row in found for actor in row.actors)
    assert counted(told["month"]) == Counter(row.day[:7] for row in found if row.day)
    assert told["month"].without == sum(not row.day for row in found)
    assert told["actor"].without == sum(not row.actors for row in found)
    for facet in told.values():
        for value in facet.values:
            narrowed = question.narrowed(facet.name, value.value)
            if not value.chosen:
                assert search.count(db, narrowed.query, narrowed.filters) == value.articles


def counted(facet: Facet) -> dict[str, int]:
    return {value.value: value.articles for value in facet.values if value.articles}


@SOME
@given(question=ASKED, fold=st.booleans())
def test_attention_has_the_same_rule_above_and_below_the_line(
    archive: tuple[Database, list[Row]], question: Question, fold: bool
) -> None:
    db, rows = archive
    question = Question(question.query, question.filters, per="story" if fold else "article")
    told = told_attention(db, question)
    outlets_only = {name: question.chosen(name) for name in ("outlet", "country", "alignment")}
    asked = Question.of({name: list(some) for name, some in outlets_only.items()})
    every = asked.between(question.filters.after, question.filters.before)

    def tally(of: Question) -> int:
        found = [row for row in rows if holds(row, of) and row.day]
        return len({(row.outlet, row.day, row.story) for row in found} if fold else found)

    assert sum(point.count for point in told.points) == tally(question)
    assert sum(point.total for point in told.points) == tally(every)
    assert told.elsewhere == 0
    assert all(point.count <= point.total for point in told.points)
    undated = [row for row in rows if holds(row, every) and not row.day]
    assert (told.undated is not None) == bool(undated)


def told_attention(db: Database, question: Question, today: date = TODAY) -> Attention:
    coverage = db.coverage(question.query, filters=question.filters)
    return attention(db, question, coverage, today)


@SOME
@given(question=ASKED)
def test_what_is_counted_ahead_is_what_a_walk_counts(
    archive: tuple[Database, list[Row]], question: Question
) -> None:
    db, _ = archive
    if not counted_ahead.is_counted(question):
        return
    coverage = db.coverage(question.query, filters=question.filters)
    ahead = {
        one.day: one.articles for one in counted_ahead.of_question(db, question, coverage.outlets)
    }
    sought = search.sought(db, question.query, question.filters)
    sql = f"SELECT coalesce(a.published_day, ''), count(*) {sought.of_articles} GROUP BY 1"
    assert ahead == dict(map(tuple, db.all(sql, sought.parameters)))


@pytest.mark.parametrize(
    ("query", "ahead"),
    [
        ("", True),
        ("actor:ma_rimal", True),
        ("term:activist country:ma after:2026-01", True),
        ("bridge", False),
        ("actor:ma_rimal,bh_salwa", False),
        ("NOT actor:ma_rimal", False),
        ("in:headline actor:ma_rimal", False),
        ("actor:ma_rimal OR country:iq", False),
    ],
)
def test_only_plain_questions_are_counted_ahead(query: str, ahead: bool) -> None:
    if query.startswith("NOT"):
        query = f"country:ma {query}"
    assert counted_ahead.is_counted(Question(query)) is ahead


def test_a_field_of_an_actor_is_answered_ahead_as_by_a_walk(
    archive: tuple[Database, list[Row]],
) -> None:
    db, rows = archive
    told = told_attention(db, Question("actor:ma_rimal alignment:exile"))
    wanted = [row for row in rows if "ma_rimal" in row.actors and OUTLETS[row.outlet] == "exile"]
    assert sum(point.count for point in told.points) == sum(bool(row.day) for row in wanted)
    assert told.outlets == 2


@pytest.mark.parametrize(
    ("days", "step", "points"),
    [(("2026-01-05", "2026-01-20"), "day", 15), (("2026-01-01", "2026-03-03"), "week", 10),
     (("2025-11-15", "2026-06-01"), "month", 7)],
)  # fmt: skip
def test_points_are_days_weeks_or_months_without_holes(
    archive: tuple[Database, list[Row]], days: tuple[str, str], step: str, points: int
) -> None:
    told = told_attention(archive[0], Question.of({"after": [days[0]], "before": [days[1]]}))

    assert (told.step, len(told.points)) == (step, points)
    firsts = [point.first for point in told.points]
    assert firsts == sorted(set(firsts))
    if step == "week":
        assert {first.weekday() for first in firsts} == {0}
    assert any(point.share is None for point in told.points)  # nothing there is no share of 0


def test_days_to_come_are_not_drawn_and_counted_as_elsewhere(
    archive: tuple[Database, list[Row]],
) -> None:
    db, rows = archive
    told = told_attention(db, Question(), date(2026, 2, 1))
    assert (told.step, told.points[-1].first) == ("week", date(2026, 1, 19))
    assert told.elsewhere == sum(row.day > "2026-02-01" for row in rows)


def spell(first: int, last: int, *outlets: str, minutes: int = 10**6) -> Spell:
    days = date(2026, 3, first), date(2026, 3, last)
    return Spell(Sight.BLIND, *days, outlets, minutes, whole=minutes > 10**5)


def test_days_are_dark_where_half_of_the_outlets_were_not_seen() -> None:
    spells = [spell(1, 10, "a"), spell(4, 6, "b"), spell(20, 20, "a", "b", minutes=120)]

    assert list(dark(spells, 4)) == [(date(2026, 3, 4), date(2026, 3, 6))]
    assert list(dark(spells, 2)) == [(date(2026, 3, 1), date(2026, 3, 10))]
    assert list(dark([], 0)) == []


def test_what_the_database_never_heard_of_is_said_with_what_may_be_meant(
    archive: tuple[Database, list[Row]],
) -> None:
    db, _ = archive
    asked = Question.of({"alignment": ["exil"], "kind": ["persn"], "theme": ["rights"]})
    with pytest.raises(SearchError, match=r'"exil" \(did you mean exile\?\) and no kind "persn"'):
        answer(db, asked)


def test_nobody_who_is_hidden_is_named_by_a_mistake(archive: tuple[Database, list[Row]]) -> None:
    db, _ = archive
    for asked in (Question("actor:bh_hiden"), Question.of({"actor": ["bh_hiden"]})):
        with pytest.raises(SearchError) as mistake:
            answer(db, asked)
        assert "bh_hidden" not in str(mistake.value)
    assert answer(db, Question("actor:bh_hidden")).is_empty


def test_where_nothing_has_all_words_some_may_help(archive: tuple[Database, list[Row]]) -> None:
    db, rows = archive
    some = sum(bool(row.words & {"bridge"}) for row in rows)
    told = answer(db, Question.of({"q": ["bridge zzzz"]}))
    assert isinstance(told, Answer)
    assert (told.is_empty, told.any_words, told.some) == (True, "bridge OR zzzz", some)
    assert answer(db, Question.of({"q": ['"bridge zzzz"']})).any_words == ""


def test_actors_are_offered_by_any_form_and_told_by_form(
    archive: tuple[Database, list[Row]],
) -> None:
    db, rows = archive
    assert [one.actor_id for one in answer(db, Question("salwa naddafi")).offered] == ["bh_salwa"]
    assert answer(db, Question("hidden name")).offered == ()

    told = named(db, Question.of({"actor": ["bh_salwa"]}))

    assert told is not None
    assert told.forms.articles == sum("bh_salwa" in row.actors for row in rows)
    assert named(db, Question()) is None


@pytest.mark.parametrize("written", ["x", "2026-01-01~1~2", "~~", "~1~-3", "~٣~1"])
def test_a_place_that_is_none_is_refused_in_words(written: str) -> None:
    with pytest.raises(SearchError, match="no place in a list"):
        Cursor.of(written)


def test_a_place_is_written_as_it_is_read() -> None:
    for cursor in (Cursor(Place("2026-01-01T00:00:00Z", 7), 20), Cursor(Place(None, 7), 40),
                   Cursor(None, 60)):  # fmt: skip
        assert Cursor.of(str(cursor)) == cursor
