"""The actors, and one of them: over time, by outlet, beside whom, under which labels and forms."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Any

from datasette.utils.asgi import Response

from storage import names
from storage.database import Database
from storage.desk import actor_counts, actors, beside, kwic
from storage.desk.actors import ORDERS, ActorFacts, Listed, Order, Wanted
from storage.desk.attention import Attention, attention
from storage.desk.forms import forms_found, offered
from storage.desk.near_forms import near_forms
from storage.desk.questions import Question
from storage.explorer.asking import Ask
from storage.explorer.charts import Chart, Line, Series, Span, shown
from storage.explorer.periods import Period, WrongPeriod, period_of
from storage.explorer.rendering import Speaker
from storage.explorer.routing import Route
from storage.search import SearchFilters
from storage.times import utc_now

ON_A_PAGE = 50
LATELY = 92
"""Days of the list, where nobody asks for others."""
MOST_DAYS = 3_660
_MATCHES = 60
"""Actors that a typed name may narrow the list to."""
_RIGHT_TO_LEFT = frozenset(("ar", "ckb", "fa", "ur"))


async def actors_page(ask: Ask) -> Response:
    """All actors, or the terms; those of a kind, country, theme or name, a page of them."""
    try:
        period = period_of(ask.args, utc_now().date(), LATELY, MOST_DAYS)
    except WrongPeriod as wrong:
        return await ask.wrong(ask.speaker.t("coverage.wrong_period", said=str(wrong)))
    wanted, order, name = _wanted(ask), _order(ask.args.get("order")), ask.args.get("name") or ""
    filters = SearchFilters(after=period.first, before=period.before)
    found = await ask.read(lambda db: actors.actors(db, wanted, filters, order))
    rows = await ask.read(lambda db: _called(db, found.rows, name))
    return await ask.page(
        "actors.html",
        title=ask.speaker.t("actor.terms" if wanted.terms else "actor.all"),
        found=found,
        wanted=wanted,
        order=order,
        orders=ORDERS,
        name=name,
        period=period,
        share=partial(shown, unit="share", language=ask.language),
        **_part(rows, _number(ask.args.get("page"))),
    )


def _called(db: Database, rows: Sequence[Listed], name: str) -> list[Listed]:
    """Those of whom a written form was typed, or its beginning; all where nothing was."""
    if not name.strip():
        return list(rows)
    meant = {one.actor_id for one in offered(db, name, _MATCHES)}
    return [one for one in rows if one.facts.actor_id in meant]


def _part(rows: Sequence[Listed], page: int) -> dict[str, Any]:
    """One page of the rows, and which one of how many it is."""
    pages = max(1, -(-len(rows) // ON_A_PAGE))
    page = min(max(page, 1), pages)
    shown_rows = rows[(page - 1) * ON_A_PAGE : page * ON_A_PAGE]
    return {"rows": shown_rows, "count": len(rows), "page": page, "pages": pages}


async def actor_page(ask: Ask) -> Response:
    """One actor by its id."""
    asked = await _asked(ask)
    if not isinstance(asked, _Asked):
        return asked
    now = utc_now()
    told = await ask.read(lambda db: _told(db, asked, now))
    charts = _charts(ask.speaker, asked.facts, told["attention"])
    share = partial(shown, unit="share", language=ask.language)
    more = {"charts": charts, "share": share, "country": asked.parameters.get("country")}
    return await _page(ask, "actor.html", asked.facts.name, asked, {**told, **more})


async def forms_page(ask: Ask) -> Response:
    """The written forms of an actor, how often each was found, and what comes near them."""
    asked = await _asked(ask)
    if not isinstance(asked, _Asked):
        return asked
    of = (asked.facts.actor_id, asked.filters)
    forms = await ask.read(lambda db: forms_found(db, *of))
    near = await ask.read(lambda db: near_forms(db, *of))
    title = ask.speaker.t("actor.forms_of", actor=asked.facts.name)
    return await _page(ask, "actor_forms.html", title, asked, {"forms": forms, "near": near})


async def concordance_page(ask: Ask) -> Response:
    """Every place where an actor is named, with the words around it."""
    asked = await _asked(ask)
    if not isinstance(asked, _Asked):
        return asked
    beyond, newest = ask.args.get("beyond") or "", ask.args.get("order") != "oldest"
    of = (asked.facts.actor_id, asked.filters)
    page = await ask.read(lambda db: kwic.page(db, *of, after=beyond, newest=newest))
    title = ask.speaker.t("actor.concordance_of", actor=asked.facts.name)
    told = {"page": page, "newest": newest, "beyond": beyond, "direction_of": _direction}
    return await _page(ask, "concordance.html", title, asked, told)


@dataclass(frozen=True, slots=True)
class _Asked:
    """An actor, the outlets and days that are asked for (None: all), and how an address says so."""

    facts: ActorFacts
    filters: SearchFilters
    period: Period | None
    parameters: Mapping[str, str]
    countries: Sequence[str]


async def _asked(ask: Ask) -> _Asked | Response:
    """What is asked for; else the page that says what is wrong with it."""
    facts = await ask.read(lambda db: _named(db, ask.path["actor"], ask.language))
    if facts is None:
        return await ask.missing(ask.speaker.t("actor.no_such", actor=ask.path["actor"]))
    given = {name: ask.args.get(name) or "" for name in ("country", "first", "last")}
    try:
        dated = given["first"] or given["last"]
        today = utc_now().date()
        period = period_of(ask.args, today, MOST_DAYS, MOST_DAYS) if dated else None
    except WrongPeriod as wrong:
        return await ask.wrong(ask.speaker.t("coverage.wrong_period", said=str(wrong)))
    after, before = (period.first, period.before) if period else (None, None)
    filters = SearchFilters(country=given["country"] or None, after=after, before=before)
    known = await ask.read(actors.countries)
    return _Asked(facts, filters, period, {k: v for k, v in given.items() if v}, known)


def _named(db: Database, actor_id: str, language: str) -> ActorFacts | None:
    """The actor under its name in a language."""
    facts = actors.actor(db, actor_id)
    called = names.of(db, "actor", language).get(actor_id) if facts else None
    return replace(facts, name=called) if facts and called else facts


async def _page(
    ask: Ask, template: str, title: object, asked: _Asked, told: Mapping[str, object]
) -> Response:
    frame: dict[str, Any] = {"facts": asked.facts, "period": asked.period}
    frame |= {"asked": asked.parameters, "countries": asked.countries, "title": title, **told}
    return await ask.page(template, **frame)


def _told(db: Database, asked: _Asked, now: datetime) -> dict[str, Any]:
    """Everything that the page of an actor shows."""
    of = (db, asked.facts.actor_id, asked.filters)
    question = Question(filters=replace(asked.filters, actor=asked.facts.actor_id))
    coverage = db.coverage(filters=asked.filters)
    return {
        "counted": actor_counts.counted(*of),
        "attention": attention(db, question, coverage, now.date()),
        "outlets": actor_counts.by_outlet(*of),
        "ends": actor_counts.first_and_last(*of),
        "beside": beside.beside(*of),
        "labels": beside.labels(*of),
    }


def _charts(speaker: Speaker, facts: ActorFacts, told: Attention) -> tuple[Chart, Chart]:
    """The share of all articles, and the articles themselves; where counts compare from on."""
    t = speaker.t
    since = facts.comparable_since
    share = Chart(
        title=t(f"actor.chart_{told.step}"),
        x=[point.first.isoformat() for point in told.points],
        series=[Series(facts.name, [point.share for point in told.points], "share")],
        step=told.step,
        blind=[Span(str(a), str(b), t("actor.chart_blind")) for a, b in told.dark],
        since=Line(since.date().isoformat(), t("actor.chart_since")) if since else None,
        note=t("actor.chart_note", count=told.outlets),
    )
    counts = [
        Series(facts.name, [point.count for point in told.points]),
        Series(t("actor.all_articles"), [point.total for point in told.points]),
    ]
    title = t(f"actor.counts_{told.step}")
    return share, replace(share, title=title, series=counts, note="", bars=True)


def _wanted(ask: Ask) -> Wanted:
    chosen = {name: ask.args.get(name) or "" for name in ("kind", "country", "theme")}
    terms = ask.args.get("terms") == "1"
    if terms:
        chosen["kind"] = ""
    return Wanted(**chosen, terms=terms)


def _order(asked: str | None) -> Order:
    return next((order for order in ORDERS if order == asked), "articles")


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 7 else 1


def _direction(language: str) -> str:
    """Of a line of the concordance; by the letters themselves where the language is not known."""
    if language in _RIGHT_TO_LEFT:
        return "rtl"
    return "auto" if language == "und" else "ltr"


_ACTOR = r"/actors/(?P<actor>[\w.-]{1,100})"
ROUTES = (
    Route("/actors", actors_page),
    Route(_ACTOR, actor_page),
    Route(f"{_ACTOR}/forms", forms_page),
    Route(f"{_ACTOR}/concordance", concordance_page),
)
