"""The researchers' site: Datasette with our pages, on one workspace's database.

Datasette brings the server's frame: routing, cookies, sign-in, tokens against forged forms. What
people look at are our own pages; it is given no database of its own, so that none of its pages
can show a table with what a person left out or an actor that is hidden (decision 021).
"""

from __future__ import annotations

import traceback
from collections.abc import Callable
from typing import Any

from datasette import hookimpl
from datasette.app import Datasette
from datasette.plugins import pm
from datasette.utils.asgi import Base400, Request, Response

from storage.connection import Interrupted
from storage.errors import SearchError
from storage.explorer import mistakes, pages
from storage.explorer.asking import Ask, Forged
from storage.explorer.given import Given
from storage.explorer.reading import Desk, TooSlow
from storage.explorer.rendering import STATIC
from storage.explorer.routing import Route

_SETTINGS = {"default_cache_ttl": 0, "num_sql_threads": 1}


def application(given: Given) -> Any:
    """The site as an ASGI application."""
    return server(given).app()


def server(given: Given) -> Datasette:
    """The site as a Datasette of its own, with plugins that no other one in this process has."""
    desk = Desk(given.database)
    site = Datasette(
        memory=False,
        secret=given.secret,
        settings=_SETTINGS,
        static_mounts=[("static", str(STATIC))],
    )
    if loud := pm.get_plugin("datasette.handle_exception"):
        pm.unregister(loud)  # it prints every error with all values, queries and names among them
    mine = _Site(site, desk, given)
    for plugin in (mine, *given.plugins):
        if not pm.is_registered(plugin):
            pm.register(plugin)
    return site


class _Site:
    """Our pages as a plugin of one server; hooks of other servers in the process pass it by."""

    def __init__(self, site: Datasette, desk: Desk, given: Given) -> None:
        self.__name__ = f"marsad_pages_{id(site)}"  # the server lists its plugins by name
        self._site, self._desk, self._given = site, desk, given

    @hookimpl  # type: ignore[untyped-decorator]  # pluggy's mark
    def register_routes(self, datasette: Datasette) -> list[tuple[str, Callable[..., Any]]]:
        """Our pages, before those of the server."""
        if datasette is not self._site:
            return []
        return [(f"{route.pattern}$", self._view(route)) for route in pages.routes()]

    @hookimpl  # type: ignore[untyped-decorator]  # pluggy's mark
    def handle_exception(self, datasette: Datasette, exception: Exception) -> Response | None:
        """What no page of ours caught goes up to the doors, which tell its kind and place alone."""
        if datasette is not self._site:
            return None
        if isinstance(exception, Base400):
            return Response.text("", status=exception.status)
        raise exception

    def _view(self, route: Route) -> Callable[..., Any]:
        async def view(request: Request) -> Any:
            return await self._answer(route, request)

        return view

    async def _answer(self, route: Route, request: Request) -> Any:
        ask = Ask.of(request, self._desk, self._given)
        if request.method not in (*route.methods, "HEAD"):
            return await ask.wrong(ask.speaker.t("site.wrong_method"))
        try:
            return await route.handler(ask)
        except SearchError as error:
            return await ask.wrong(mistakes.told(ask.speaker, error.message))
        except Forged:
            return await ask.forged()
        except (TooSlow, Interrupted):
            return await ask.late()
        except Exception as error:
            return await self._failed(ask, error)

    async def _failed(self, ask: Ask, error: Exception) -> Response:
        """What failed is told without its message, which may hold a name."""
        frame = traceback.extract_tb(error.__traceback__)[-1]
        place = f"{type(error).__name__} in {frame.name}, line {frame.lineno}"
        return await ask.failed(place)
