"""The first page: how the last nights were watched, who is in the news, which outlets are down."""

from __future__ import annotations

from functools import partial

from datasette.utils.asgi import Response

from storage.desk.overview import Overview, overview
from storage.explorer.asking import Ask
from storage.explorer.charts import shown
from storage.explorer.routing import Route
from storage.explorer.terms import term
from storage.times import utc_now


async def overview_page(ask: Ask) -> Response:
    """Where a visit begins."""
    now = utc_now()
    told = await ask.read(lambda db: overview(db, now))
    return await ask.page(
        "overview.html",
        title=ask.speaker.t("overview.title"),
        told=told,
        days=_days(told),
        share=partial(shown, unit="share"),
        term=partial(term, ask.speaker),
    )


def _days(told: Overview) -> list[str]:
    """The days of the table of nights, of all countries."""
    return sorted({one.day.isoformat() for country in told.nights for one in country.days})


ROUTES = (Route("/", overview_page),)
