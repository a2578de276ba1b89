"""Saved searches: the list, saving and removing, and the feed of what is new to each."""

from __future__ import annotations

from urllib.parse import parse_qs, urlencode

from datasette.utils.asgi import Response

from storage.database import Database
from storage.desk import saved
from storage.desk.questions import Question
from storage.desk.saved import CannotSave, Saved
from storage.errors import CannotWrite, DatabaseBusy, SearchError
from storage.explorer.asking import Ask
from storage.explorer.rendering import link
from storage.explorer.routing import Route
from storage.explorer.saved_feed import atom
from storage.reported import SearchHit
from storage.times import utc_now


async def saved_page(ask: Ask) -> Response:
    """All of them; when something is sent, one more is saved or one is removed."""
    if ask.request.method != "POST":
        return await _list(ask)
    fields = await ask.form()
    try:
        if number := fields.get("remove", ""):
            await ask.write(lambda db: _removed(db, number))
        else:
            question = Question.of(_parameters(fields.get("asked", "")))
            who = ask.user or fields.get("who", "")
            name = fields.get("name", "")
            await ask.write(lambda db: saved.save(db, question, name, who=who, now=utc_now()))
    except CannotSave as error:
        return await _list(ask, wrong=error.why, fields=fields)
    except (CannotWrite, DatabaseBusy):
        return await _list(ask, wrong="busy", fields=fields)
    return ask.redirect(link("saved"))


async def feed(ask: Ask) -> Response:
    """The newest hits of one saved search; its key is all that it takes to read them."""
    key = ask.path["key"]
    found = await ask.read(lambda db: _new(db, key))
    if found is None:
        return await ask.missing(ask.speaker.t("saved.no_such"))
    # Nobody's cache keeps it, and it may not be shown as a page of this site.
    headers = {"Cache-Control": "private, no-cache", "X-Content-Type-Options": "nosniff"}
    body = atom(*found, language=ask.given.language)
    return Response(body, headers=headers, content_type="application/atom+xml; charset=utf-8")


async def _list(ask: Ask, wrong: str = "", fields: dict[str, str] | None = None) -> Response:
    given = fields or {}
    question = _brought(ask, given)
    return await ask.page(
        "saved.html",
        status=400 if wrong else 200,
        title=ask.speaker.t("saved.title"),
        rows=[(one, _question(one)) for one in await ask.read(saved.every)],
        wrong=wrong,
        question=question,
        asked=urlencode(question.parameters()),
        name=given.get("name") or question.query,
        who=given.get("who", ""),
    )


def _brought(ask: Ask, fields: dict[str, str]) -> Question:
    """The question that a form or the address brings along, to be saved."""
    if fields.get("asked"):
        return Question.of(_parameters(fields["asked"]))
    return Question.of({name: ask.args.getlist(name) for name in ask.args})


def _parameters(asked: str) -> dict[str, list[str]]:
    try:
        return parse_qs(asked.removeprefix("?"), max_num_fields=1_000)
    except ValueError as many:
        raise SearchError("a question has at most 1,000 parameters", None) from many


def _question(one: Saved) -> Question | None:
    """What it asks; None where this version does not understand it any more."""
    try:
        return one.question
    except SearchError:
        return None


def _removed(db: Database, number: str) -> bool:
    there = number.isascii() and number.isdigit() and len(number) <= 18
    return there and saved.remove(db, int(number), utc_now())


def _new(db: Database, key: str) -> tuple[Saved, list[SearchHit]] | None:
    one = saved.by_key(db, key)
    return None if one is None else (one, saved.new_hits(db, one.question))


ROUTES = (
    Route("/saved", saved_page, ("GET", "POST")),
    Route(r"/saved/(?P<key>[\w-]{1,100})\.atom", feed),
)
