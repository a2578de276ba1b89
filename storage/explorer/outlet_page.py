"""The outlets, and one of them: what it prints, whom it names, what it copies, when it was down."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from itertools import groupby
from typing import Any

from datasette.utils.asgi import Response

from storage import names
from storage.bidi import harmless
from storage.database import Database
from storage.desk import calendars, outlet_news, outlet_reading, outlet_stories, outlets
from storage.desk.calendars import DarkDays
from storage.desk.outlet_news import Timeline
from storage.desk.outlets import OutletLine
from storage.edits import EditFilters, EditStore
from storage.explorer.asking import Ask
from storage.explorer.charts import Chart, Series, Span, shown
from storage.explorer.coverage_page import SIGNS, cell_words
from storage.explorer.periods import Period, WrongPeriod, period_of
from storage.explorer.rendering import Speaker
from storage.explorer.routing import Route
from storage.explorer.wording import Language
from storage.times import utc_now

A_YEAR = 365
MOST_DAYS = 3_660
"""Ten years, as everywhere where days are told one by one."""
EDITS = 10
GAPS = 20
FIRST_YEAR = 1990


@dataclass(frozen=True, slots=True)
class _Wanted:
    """Which outlet, over which days, and the year of its calendar."""

    outlet_id: str
    period: Period
    year: int
    now: datetime


async def outlets_page(ask: Ask) -> Response:
    """All of them, or those of a country."""
    now, country = utc_now(), ask.args.get("country") or ""
    told = await ask.read(lambda db: outlets.lines(db, now))
    return await ask.page(
        "outlets.html",
        title=ask.speaker.t("outlet.all"),
        told=[one for one in told if not country or country in one.covers],
        countries=sorted({name for one in told for name in one.covers}),
        country=country,
    )


async def outlet_page(ask: Ask) -> Response:
    """One outlet by its id."""
    now, t = utc_now(), ask.speaker.t
    try:
        period = period_of(ask.args, now.date(), A_YEAR, MOST_DAYS)
    except WrongPeriod as wrong:
        return await ask.wrong(t("coverage.wrong_period", said=str(wrong)))
    wanted = _Wanted(ask.path["outlet"], period, _year(ask.args.get("year"), now), now)
    outlet = await ask.read(lambda db: _outlet(db, wanted, ask.language))
    if outlet is None:
        return await ask.missing(t("outlet.no_such", outlet=wanted.outlet_id))
    told = await ask.read(lambda db: _told(db, wanted))
    chart = _chart(ask.speaker, outlet, told["timeline"], told["dark"])
    return await ask.page(
        "outlet.html",
        title=harmless(outlet.name),
        outlet=outlet,
        period=period,
        year=wanted.year,
        years=_years(wanted.year, now),
        spec=chart,
        signs=SIGNS,
        measures=outlet_reading.MEASURES,
        most_gaps=GAPS,
        states=calendars.STATES,
        words=partial(cell_words, ask.speaker),
        share=partial(shown, unit="share", language=ask.language),
        **told,
    )


def _outlet(db: Database, wanted: _Wanted, language: Language) -> OutletLine | None:
    """The outlet under its name in the language of the page."""
    found = outlets.outlet(db, wanted.outlet_id, wanted.now)
    name = names.of(db, "outlet", language).get(wanted.outlet_id)
    return replace(found, name=name) if found and name else found


def _told(db: Database, wanted: _Wanted) -> dict[str, Any]:
    """Everything that the page of an outlet shows."""
    outlet_id, now = wanted.outlet_id, wanted.now
    of = (db, outlet_id, wanted.period.first, wanted.period.last)
    # Days that are still to come say nothing; the outlet's clocks may be a day ahead of ours.
    soon = now.date() + timedelta(days=1)
    year = [one for one in calendars.year(db, outlet_id, wanted.year, now) if one.day <= soon]
    return {
        "timeline": outlet_news.timeline(*of),
        "dark": calendars.dark_days(*of, now),
        "actors": outlet_news.named_actors(*of),
        "labels": outlet_news.labels(*of),
        "parts": outlet_stories.parts(*of),
        "agency_texts": outlet_stories.agency_texts(*of),
        "edits": EditStore(db).list(EditFilters(outlet=outlet_id), EDITS),
        "outages": outlets.outages(*of),
        "months": [list(days) for _, days in groupby(year, lambda one: one.day.month)],
        "ways": outlets.ways(db, outlet_id),
        "readings": outlet_reading.nights(*of),
    }


def _chart(
    speaker: Speaker, outlet: OutletLine, timeline: Timeline, dark: Sequence[DarkDays]
) -> Chart:
    t = speaker.t
    spans = [Span(str(one.first), str(one.last), t(f"coverage.short_{one.state}")) for one in dark]
    return Chart(
        title=t(f"outlet.articles_by_{timeline.step}"),
        x=[day.isoformat() for day in timeline.starts],
        series=[Series(outlet.name, timeline.articles)],
        step=timeline.step,
        blind=spans,
        note=t("outlet.chart_note"),
        bars=True,
    )


def _year(asked: str | None, now: datetime) -> int:
    """The year of the calendar; what is none is the present one."""
    number = int(asked) if asked and asked.isascii() and asked.isdigit() else now.year
    return number if FIRST_YEAR <= number <= now.year else now.year


def _years(year: int, now: datetime) -> list[int]:
    """The years to which the calendar leads on."""
    return [one for one in (year - 1, year + 1) if FIRST_YEAR <= one <= now.year]


ROUTES = (
    Route("/outlets", outlets_page),
    Route(r"/outlets/(?P<outlet>[\w.-]{1,100})", outlet_page),
)
