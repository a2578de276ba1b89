"""The first page: how the last nights were watched, who is in the news, which outlets are down."""

from __future__ import annotations

from datetime import date
from functools import partial

from datasette.utils.asgi import Response

from storage.desk.overview import CountryDay, CountryNights, Overview, overview
from storage.explorer.asking import Ask
from storage.explorer.charts import shown
from storage.explorer.routing import Route
from storage.times import utc_now


async def overview_page(ask: Ask) -> Response:
    """Where a visit begins."""
    now = utc_now()
    told = await ask.read(lambda db: overview(db, now))
    return await ask.page(
        "overview.html",
        title=ask.speaker.t("overview.title"),
        told=told,
        days=(days := _days(told)),
        nights=[(one.country, _by_day(one, days)) for one in told.nights],
        share=partial(shown, unit="share", language=ask.language),
    )


def _days(told: Overview) -> list[date]:
    """The days of the table of nights, of all countries."""
    return sorted({one.day for country in told.nights for one in country.days})


def _by_day(country: CountryNights, days: list[date]) -> list[CountryDay | None]:
    """A country's days in the columns of the table; outlets of other zones may be a day ahead."""
    found = {one.day: one for one in country.days}
    return [found.get(day) for day in days]


ROUTES = (Route("/", overview_page),)
