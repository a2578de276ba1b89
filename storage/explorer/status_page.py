"""How the service fares: what `marsad status` tells, for those who have no command line."""

from __future__ import annotations

from datasette.utils.asgi import Response

from storage.explorer.asking import Ask
from storage.explorer.routing import Route
from storage.explorer.wording import number

_GIGA, _MEGA = 1e9, 1e6
_TEN = 10


async def status_page(ask: Ask) -> Response:
    """The state of the whole; without a workspace around the database, that there is none."""
    known = None if ask.given.status is None else await ask.read(ask.given.status)
    return await ask.page(
        "status.html",
        title=ask.speaker.t("status.title"),
        known=known,
        size=size,
    )


def size(value: float | None) -> str:
    """Bytes for people.

    >>> size(1_234_567), size(45_000_000_000), size(None)
    ('1.2 MB', '45 GB', '–')
    """
    if value is None:
        return "\u2013"
    scaled, unit = (value / _GIGA, "GB") if abs(value) >= _GIGA else (value / _MEGA, "MB")
    return f"{number(round(scaled) if abs(scaled) >= _TEN else round(scaled, 1))} {unit}"


ROUTES = (Route("/status", status_page),)
