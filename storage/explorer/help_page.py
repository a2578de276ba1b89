"""The page that tells how to use the others."""

from __future__ import annotations

from datasette.utils.asgi import Response

from storage.explorer.asking import Ask
from storage.explorer.routing import Route
from storage.query_fields import EXAMPLES


async def help_page(ask: Ask) -> Response:
    """How to search, read, count, export and cite, in the reader's language."""
    title = ask.speaker.t("help.title")
    return await ask.page("help.html", title=title, examples=EXAMPLES)


ROUTES = (Route("/help", help_page),)
