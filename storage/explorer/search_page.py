"""The search page: the question, what it finds, what that is made of, and who was not looked at."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any

from datasette.utils.asgi import Response

from storage import names
from storage.connection import Connection
from storage.desk.answers import (
    Answer,
    Named,
    Rest,
    answer,
    is_small,
    named,
    only_actor,
    refuse_unknown,
    rest,
)
from storage.desk.facets import Facet, facets
from storage.desk.forms import offered
from storage.desk.questions import Question
from storage.desk.results import Cursor
from storage.errors import SearchError
from storage.explorer import mistakes, search_links, search_told
from storage.explorer.asking import Ask
from storage.explorer.rendering import Speaker, rendered
from storage.explorer.routing import Route
from storage.explorer.terms import term
from storage.explorer.told import published
from storage.explorer.wording import Language
from storage.query import as_read
from storage.query_fields import EXAMPLES
from storage.times import utc_now

_LONGEST_OFFERED = 200
"""Of what is typed, for offering actors: no name is longer."""


PARTS = ("rest", "forms", "facets")
"""What a page tells beside its list, each by a template of its own, at once or a little later."""


@dataclass(frozen=True, slots=True)
class _Part:
    """A part of the page: its template and where it is asked for."""

    name: str
    address: str


async def search_page(ask: Ask) -> Response:
    """One page of what a question finds; a question that is not understood is shown with why."""
    whole = bool(ask.args.get("whole") == "1")
    try:
        question = Question.of(_arguments(ask))
        cursor = Cursor.of(ask.args.get("from") or "")
        found, told = await ask.read(
            lambda db: _answer(db, ask.language, question, cursor, whole=whole)
        )
    except SearchError as error:
        return await _mistaken(ask, error)
    return await ask.page(
        "search.html",
        title=_title(ask, question),
        answer=found,
        error=None,
        soon=told.complete,
        parts=_parts(ask, question),
        **_question_context(ask, question, told.names),
        **_told_context(ask.speaker, question, told),
    )


async def one_part(ask: Ask) -> Response:
    """A part of the page that takes long to count: for a script that puts it there."""
    question, part = Question.of(_arguments(ask)), ask.path["part"]
    told = await ask.read(lambda db: _read(db, ask.language, question, (part,)))
    context = {
        **_question_context(ask, question, told.names),
        **_told_context(ask.speaker, question, told),
    }
    return Response.html(rendered(f"search_{part}.html", ask.language, context))


async def offered_part(ask: Ask) -> Response:
    """The actors whom somebody may mean who types this: for a script that lists them."""
    typed = (ask.args.get("q") or "")[:_LONGEST_OFFERED]
    found, called = await ask.read(
        lambda db: (offered(db, typed) if ":" not in typed else (), names.called(db, ask.language))
    )
    context = {
        "offered": found,
        "called": called,
        "meant": partial(search_links.meant, _filters(ask)),
        "term": partial(term, ask.speaker),
    }
    return Response.html(rendered("search_offered.html", ask.language, context))


def _filters(ask: Ask) -> Question:
    """What else stands in the form while words are typed; nothing where it is half typed too."""
    try:
        return Question.of({**_arguments(ask), "q": []})
    except SearchError:
        return Question(query="")


def _arguments(ask: Ask) -> dict[str, list[str]]:
    return {name: ask.args.getlist(name) for name in ask.args.keys()}  # noqa: SIM118  # no Mapping


@dataclass(frozen=True, slots=True)
class _Told:
    """What was read for the parts of a page; `complete`: for all of them."""

    names: dict[str, str]
    complete: bool = True
    rest: Rest | None = None
    named: Named | None = None
    facets: tuple[Facet, ...] = ()


def _answer(
    db: Connection, language: Language, question: Question, cursor: Cursor, *, whole: bool
) -> tuple[Answer, _Told]:
    """The hits, and the parts where these are counted soon or somebody waits for them."""
    found = answer(db, question, cursor, whole=whole)
    if whole or (is_small(db) and (found.sizes.soon or found.is_empty)):
        return found, _read(db, language, question, PARTS)
    return found, _Told(names.called(db, language), complete=False)


def _read(db: Connection, language: Language, question: Question, parts: tuple[str, ...]) -> _Told:
    refuse_unknown(db, question)
    return _Told(
        names=names.called(db, language),
        rest=rest(db, question, utc_now().date()) if "rest" in parts else None,
        named=named(db, question) if "forms" in parts else None,
        facets=facets(db, question) if "facets" in parts else (),
    )


def _title(ask: Ask, question: Question) -> str:
    t = ask.speaker.t
    return t("search.title_of", query=question.query) if question.query else t("search.title")


def _question_context(ask: Ask, question: Question, called: dict[str, str]) -> dict[str, Any]:
    """What the form and the links need."""
    speaker = ask.speaker
    hidden = [pair for pair in question.parameters() if pair[0] in search_links.KEPT]
    return {
        "question": question,
        "hidden": hidden,
        "called": called,
        "chips": list(search_links.chips(speaker, question, called)),
        "orders": [
            (one, search_links.address(question.ordered(one))) for one in search_links.ORDERS
        ],
        "address": partial(search_links.address, question),
        "meant": partial(search_links.meant, question),
        "parameters": search_links.parameters(question),
        "examples": EXAMPLES,
        "term": partial(term, speaker),
        "published": partial(published, speaker),
    }


def _told_context(speaker: Speaker, question: Question, told: _Told) -> dict[str, Any]:
    context: dict[str, Any] = {
        "rest": told.rest,
        "named": told.named,
        "facets": [search_links.choices(speaker, question, one, told.names) for one in told.facets],
    }
    if told.rest is not None:
        context["drawn"] = search_told.chart(speaker, question, told.rest)
        context["coverage"] = search_told.coverage(speaker, told.rest.coverage, told.names)
    return context


def _parts(ask: Ask, question: Question) -> list[_Part]:
    wanted = [one for one in PARTS if one != "forms" or only_actor(question)]
    return [_Part(one, search_links.part(question, one, lang=ask.language)) for one in wanted]


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
        title=ask.speaker.t("search.title"),
        answer=None,
        error=error,
        mistake=mistakes.told(ask.speaker, error.message),
        marks=marks,
        **context,
    )


ROUTES = (
    Route("/search", search_page),
    Route("/search/(?P<part>rest|forms|facets)", one_part),
    Route("/search/offered", offered_part),
)
