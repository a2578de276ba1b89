"""Outlets by days at a glance: which days were watched, and which figures rest on little."""

from __future__ import annotations

from functools import partial
from itertools import groupby

from datasette.utils.asgi import Response
from markupsafe import Markup, escape

from storage.desk import calendars
from storage.desk.calendars import Cell, CoverageTable, State
from storage.explorer.asking import Ask
from storage.explorer.charts import shown
from storage.explorer.periods import WrongPeriod, period_of
from storage.explorer.rendering import Speaker
from storage.explorer.routing import Route
from storage.times import utc_now

USUAL = 31
SIGNS: dict[State, str] = {
    "complete": "\u25cf",
    "missing": "\u25c9",
    "partial": "\u25d0",
    "hardly": "\u25d4",
    "blind": "\u2715",
    "unwatched": "\u00b7",
    "declared": "\u2298",
    "open": "\u2026",
}
"""What stands in a day's place: a state is never told by its colour alone."""


async def coverage_page(ask: Ask) -> Response:
    """The outlets of a country, or all of them, page by page."""
    now, t = utc_now(), ask.speaker.t
    try:
        period = period_of(ask.args, now.date(), USUAL, calendars.MOST_DAYS)
    except WrongPeriod as wrong:
        return await ask.wrong(t("coverage.wrong_period", said=str(wrong)))
    country, number = ask.args.get("country") or "", ask.args.get("page") or "1"
    told = await ask.read(
        lambda db: calendars.table(
            db,
            period.first,
            period.last,
            country=country,
            page=int(number) if number.isascii() and number.isdigit() else 1,
            now=now,
        )
    )
    return await ask.page(
        "coverage.html",
        title=t("coverage.title"),
        told=told,
        period=period,
        country=country,
        months=_months(told),
        signs=SIGNS,
        states=calendars.STATES,
        words=partial(cell_words, ask.speaker),
        most=calendars.MOST_DAYS,
    )


def cell_words(speaker: Speaker, cell: Cell) -> Markup:
    """A day in words: its state, what we hold of it, and how much of it was seen."""
    words = [speaker.t(f"coverage.state_{cell.state}")]
    if cell.seen:
        words.append(speaker.t("coverage.stored_of", stored=cell.stored, seen=cell.seen))
    if cell.failed or cell.waiting:
        words.append(speaker.t("coverage.failed_waiting", failed=cell.failed, waiting=cell.waiting))
    if cell.share is not None and cell.state in ("partial", "hardly", "open"):
        words.append(
            speaker.t("coverage.part_seen", share=shown(cell.share, "share", speaker.language))
        )
    between = "؛ " if speaker.language == "ar" else "; "
    return Markup("{}{}{}").format(cell.day, speaker.t("site.colon"), escape(between).join(words))


def _months(told: CoverageTable) -> list[tuple[str, int]]:
    """Each month of the table and how many of its days are there."""
    months = groupby(told.days, key=lambda day: f"{day:%Y-%m}")
    return [(month, len(list(days))) for month, days in months]


ROUTES = (Route("/coverage", coverage_page),)
