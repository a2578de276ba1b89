"""The search page: the question, what it finds, what that is made of, and who was not looked at."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any

from datasette.utils.asgi import Response

from storage.connection import Connection
from storage.desk.answers import Answer, Rest, answer, rest
from storage.desk.forms import offered
from storage.desk.questions import Question
from storage.desk.results import Cursor
from storage.errors import SearchError
from storage.explorer import search_links, search_told
from storage.explorer.asking import Ask
from storage.explorer.rendering import Speaker, rendered
from storage.explorer.routing import Route
from storage.explorer.terms import term
from storage.explorer.told import published
from storage.query import as_read
from storage.query_fields import EXAMPLES
from storage.rows import dump
from storage.times import utc_now

_NAMES = """
SELECT id, name FROM outlets
UNION ALL SELECT id, name FROM actors
WHERE NOT suppress AND id IN (SELECT value FROM json_each(?))
"""
_LONGEST_OFFERED = 200
"""Of what is typed, for offering actors: no name is longer."""


@dataclass(frozen=True, slots=True)
class _Told:
    """All that was read for a page."""

    answer: Answer | None
    rest: Rest | None
    names: dict[str, str]


async def search_page(ask: Ask) -> Response:
    """One page of what a question finds; a question that is not understood is shown with why."""
    try:
        question = Question.of(_arguments(ask))
        cursor = Cursor.of(ask.args.get("from") or "")
        told = await ask.read(lambda db: _told(db, question, cursor, whole=_whole(ask)))
    except SearchError as error:
        return await _mistaken(ask, error)
    assert told.answer is not None, "only the part that follows is read without an answer"
    return await ask.page(
        "search.html",
        title=_title(ask, question),
        answer=told.answer,
        error=None,
        **_question_context(ask, question, told.names),
        **_rest_context(ask.speaker, question, told),
        follows=_follows(ask, question),
    )


async def rest_part(ask: Ask) -> Response:
    """The part of the page that follows: for a script that puts it there."""
    question = Question.of(_arguments(ask))
    told = await ask.read(
        lambda db: _Told(None, rest(db, question, utc_now().date()), _names(db, question))
    )
    context = {
        **_question_context(ask, question, told.names),
        **_rest_context(ask.speaker, question, told),
    }
    return Response.html(rendered("search_rest.html", ask.language, context))


async def offered_part(ask: Ask) -> Response:
    """The actors whom somebody may mean who types this: for a script that lists them."""
    typed = (ask.args.get("q") or "")[:_LONGEST_OFFERED]
    found = await ask.read(lambda db: offered(db, typed)) if ":" not in typed else ()
    context = {"offered": found, "term": partial(term, ask.speaker)}
    return Response.html(rendered("search_offered.html", ask.language, context))


def _arguments(ask: Ask) -> dict[str, list[str]]:
    return {name: ask.args.getlist(name) for name in ask.args.keys()}  # noqa: SIM118  # no Mapping


def _whole(ask: Ask) -> bool:
    return bool(ask.args.get("whole") == "1")


def _told(db: Connection, question: Question, cursor: Cursor, *, whole: bool) -> _Told:
    """The hits, and the rest where that is counted soon or somebody waits for it."""
    found = answer(db, question, cursor, whole=whole)
    told = rest(db, question, utc_now().date()) if found.sizes.soon or found.is_empty else None
    return _Told(found, told, _names(db, question))


def _names(db: Connection, question: Question) -> dict[str, str]:
    """Of all outlets, and of the actors that are asked for."""
    return dict(map(tuple, db.all(_NAMES, (dump(question.chosen("actor")),))))


def _title(ask: Ask, question: Question) -> str:
    t = ask.speaker.t
    return str(t("search.title_of", query=question.query) if question.query else t("search.title"))


def _question_context(ask: Ask, question: Question, names: dict[str, str]) -> dict[str, Any]:
    """What the form and the links need."""
    speaker = ask.speaker
    hidden = [pair for pair in question.parameters() if pair[0] in search_links.KEPT]
    return {
        "question": question,
        "hidden": hidden,
        "chips": list(search_links.chips(speaker, question, names)),
        "orders": [
            (one, search_links.address(question.ordered(one))) for one in search_links.ORDERS
        ],
        "address": partial(search_links.address, question),
        "address_of": search_links.address,
        "parameters": search_links.parameters(question),
        "examples": EXAMPLES,
        "term": partial(term, speaker),
        "published": partial(published, speaker),
    }


def _rest_context(speaker: Speaker, question: Question, told: _Told) -> dict[str, Any]:
    if told.rest is None:
        return {"rest": None}
    found = told.rest
    return {
        "rest": found,
        "drawn": search_told.chart(speaker, question, found),
        "coverage": search_told.coverage(speaker, found.coverage, told.names),
        "facets": [search_links.choices(speaker, question, one) for one in found.facets],
    }


def _follows(ask: Ask, question: Question) -> str:
    return search_links.part(question, lang=ask.language)


async def _mistaken(ask: Ask, error: SearchError) -> Response:
    """The page with the question as it was typed, what is wrong with it, and where."""
    typed = as_read(" ".join((ask.args.get("q") or "").split()))
    marks = []
    if error.position is not None and error.position < len(typed):
        marks = [(error.position, min(len(typed), error.position + max(1, len(error.piece))))]
    arguments = _arguments(ask)
    given = [(name, value) for name in search_links.KEPT for value in arguments.get(name, ())]
    context = _question_context(ask, Question(query=typed), {}) | {"hidden": sorted(given)}
    return await ask.page(
        "search.html",
        status=400,
        title=str(ask.speaker.t("search.title")),
        answer=None,
        error=error,
        marks=marks,
        follows="",
        rest=None,
        **context,
    )


ROUTES = (
    Route("/search", search_page),
    Route("/search/rest", rest_part),
    Route("/search/offered", offered_part),
)
