"""A question that cannot be understood is told so in the reader's language."""

from __future__ import annotations

import re

import pytest
from markupsafe import Markup

from storage.desk.questions import Question
from storage.errors import SearchError
from storage.explorer import mistakes
from storage.explorer.rendering import Speaker
from storage.query import parse
from storage.query_fields import no_day

WRONG = (
    "harbour AND",
    "OR harbour",
    "NOT harbour",
    "(harbour",
    "harbour)",
    '"harbour',
    "harbour -country:ma",
    "h*",
    "***",
    "in:headline",
    "harbour in:text",
    "harbour NOT in:headline boat",
    "outlets:ma_depeche",
    "country:ma, iq",
    "country:",
    "story:first",
    "after:2026-01,2026-02",
    "after:soon",
    "(" * 200 + "harbour" + ")" * 200,
    "harbour " * 200,
    "harbour " * 2000,
)
QUESTIONS = ({"order": ["random"]}, {"after": ["soon"]}, {"month": ["soon"]})
FROM_THE_DATABASE = (
    'the database knows no actor "seven_lamp"; did you mean seven_lamps?',
    'the database knows no actor "seven_lamp" (did you mean seven_lamps?)',
    'the database knows no country "xx"; it knows iq, ma',
    'the database knows no outlet "none"',
    "there is no article 17",
    no_day("2026-03-01", "2026-02-01").message,
)


def english(told: Markup) -> list[str]:
    """Three English words in a row, outside of what is shown as it was typed."""
    return re.findall(r"\b[a-z]{2,} [a-z]{2,} [a-z]{2,}\b", re.sub(r"<bdi.*?</bdi>", "", told))


def message_of(query: str) -> str:
    with pytest.raises(SearchError) as caught:
        parse(query)
    return caught.value.message


@pytest.mark.parametrize("query", WRONG, ids=lambda query: query[:30])
def test_what_is_wrong_with_a_query_is_told_in_arabic(query: str) -> None:
    told = mistakes.told(Speaker("ar"), message_of(query))
    assert not english(told), told
    assert re.search("[\u0621-\u064a]{3}", told)


@pytest.mark.parametrize("asked", QUESTIONS, ids=str)
def test_what_is_wrong_with_an_address_is_told_in_arabic(asked: dict[str, list[str]]) -> None:
    with pytest.raises(SearchError) as caught:
        Question.of(asked)
    assert not english(mistakes.told(Speaker("ar"), caught.value.message))


@pytest.mark.parametrize("message", FROM_THE_DATABASE)
def test_what_the_database_does_not_know_is_told_in_arabic(message: str) -> None:
    told = mistakes.told(Speaker("ar"), message)
    assert not english(told), told
    assert ("seven_lamps" in told) == ("seven_lamps" in message)


def test_what_was_typed_stays_text() -> None:
    told = mistakes.told(Speaker("en"), message_of('"<script>alert(1)</script>":x "'))
    unknown = mistakes.told(Speaker("ar"), 'the database knows no outlet "<script>"')
    assert "<script>" not in told + unknown


def test_a_sentence_that_nobody_knows_is_shown_as_it_is() -> None:
    told = mistakes.told(Speaker("ar"), "something new is wrong with this")
    assert "something new is wrong with this" in told
    assert 'lang="en"' in told
