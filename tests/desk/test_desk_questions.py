"""A question as an address: read, written, changed, and refused in words."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.desk.questions import MOST_VALUES, SEVERAL, Question
from storage.errors import SearchError
from storage.search import SearchFilters


def _args(question: Question) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, value in question.parameters():
        found.setdefault(name, []).append(value)
    return found


def test_an_address_is_read_and_written_in_one_way() -> None:
    asked = {
        "q": ["  حقوق   الإنسان "],
        "outlet": ["ma_b", "ma_a", "ma_b"],
        "country": ["MA,bh"],
        "after": ["2026-03-01"],
        "order": ["best"],
        "fold": ["1"],
        "lang": ["ar"],
    }

    question = Question.of(asked)

    filters = SearchFilters(outlet=("ma_a", "ma_b"), country=("bh", "ma"), after=date(2026, 3, 1))
    assert question == Question("حقوق الإنسان", filters, newest=False, per="story")
    assert question.parameters() == [
        ("after", "2026-03-01"),
        ("country", "bh"),
        ("country", "ma"),
        ("fold", "1"),
        ("order", "best"),
        ("outlet", "ma_a"),
        ("outlet", "ma_b"),
        ("q", "حقوق الإنسان"),
    ]


def test_no_parameters_ask_for_everything_newest_first() -> None:
    assert Question.of({}) == Question()
    assert Question().parameters() == []


VALUES = st.text("abcdefgh_", min_size=1, max_size=6)
DAYS = st.dates(date(2000, 1, 1), date(2030, 1, 1))
ASKED = st.fixed_dictionaries(
    {},
    optional={
        **{name: st.lists(VALUES, max_size=3) for name in SEVERAL},
        "q": st.lists(st.text("ab حق", max_size=12), max_size=1),
        "after": st.lists(DAYS.map(str), max_size=1),
        "order": st.lists(st.sampled_from(["", "newest", "oldest", "best"]), max_size=2),
        "fold": st.lists(st.sampled_from(["", "0", "1", "on"]), max_size=1),
        "from": st.lists(VALUES, max_size=1),
    },
)


@given(ASKED)
def test_what_is_written_is_read_as_the_same_question(asked: dict[str, list[str]]) -> None:
    question = Question.of(asked)
    assert Question.of(_args(question)) == question
    assert Question.of(_args(question)).parameters() == question.parameters()


@pytest.mark.parametrize(
    ("asked", "days"),
    [
        ({"month": ["2026-02"]}, (date(2026, 2, 1), date(2026, 3, 1))),
        ({"month": ["2026-12"]}, (date(2026, 12, 1), date(2027, 1, 1))),
        ({"month": ["2026-02"], "after": ["2026-02-10"]}, (date(2026, 2, 10), date(2026, 3, 1))),
        ({"month": ["2026-02"], "before": ["2026-02-10"]}, (date(2026, 2, 1), date(2026, 2, 10))),
        ({"after": ["2026-02-10", "2026-02-11"]}, (date(2026, 2, 11), None)),
        ({"after": [""], "before": [" "]}, (None, None)),
    ],
)
def test_months_and_days_narrow_each_other(
    asked: dict[str, list[str]], days: tuple[date | None, date | None]
) -> None:
    filters = Question.of(asked).filters
    assert (filters.after, filters.before) == days


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"after": ["2026-3-1"]}, 'after: "2026-3-1" is no day'),
        ({"after": ["2026-02-30"]}, "is no day"),
        ({"before": ["١٢٣٤-٠١-٠١"]}, "is no day"),
        ({"month": ["2026-13"]}, "is no"),
        ({"month": ["9999-12"]}, "is no month"),
        ({"order": ["worst"]}, "newest, oldest or best"),
        ({"after": ["2026-05-01"], "before": ["2026-03-01"]}, "no day is both"),
        ({"after": ["2026-05-01"], "before": ["2026-05-01"]}, "no day is both"),
        ({"q": ["after:2026-05 before:2026-03"]}, "no day is both"),
        ({"q": ["date:2026-05"], "month": ["2026-03"]}, "no day is both"),
        ({"q": ['"open']}, "never closed"),
        ({"outlet": [str(number) for number in range(MOST_VALUES + 1)]}, "at most"),
    ],
)
def test_what_cannot_be_meant_is_said_in_words(asked: dict[str, list[str]], words: str) -> None:
    with pytest.raises(SearchError, match=words):
        Question.of(asked)


def test_days_that_exclude_each_other_within_or_are_no_mistake() -> None:
    assert Question.of({"q": ["after:2026-05 OR before:2026-03"]}).query


def test_values_are_added_and_taken_away() -> None:
    question = Question.of({"outlet": ["a"], "after": ["2026-01-01"]})

    more = question.with_value("outlet", "b").with_value("theme", "women")

    assert more.chosen("outlet") == ("a", "b")
    assert more.without_value("theme", "women").without_value("outlet", "b") == question
    assert more.filters.after == date(2026, 1, 1)


def test_a_second_value_narrows_by_the_query() -> None:
    question = Question.of({"actor": ["a"], "q": ["x OR y"]})

    assert question.narrowed("actor", "b").query == "(x OR y) actor:b"
    assert question.narrowed("actor", "term_c").query == "(x OR y) term:term_c"
    assert question.narrowed("kind", "cso").chosen("kind") == ("cso",)
    spaced = Question().with_value("theme", "one").narrowed("theme", "two words")
    assert spaced.query == 'theme:"two words"'
