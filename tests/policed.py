"""Any ASGI application under the headers that the desk's doors put on every answer."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from storage.explorer.doors_headers import headers

App = Callable[[Any, Any, Any], Awaitable[None]]


def policed(app: App) -> App:
    """The same application, whose pages a browser treats as those behind the doors."""

    async def answer(scope: Any, receive: Any, send: Any) -> None:
        async def say(message: dict[str, Any]) -> None:
            if message["type"] == "http.response.start":
                given = headers(message["headers"], secure=False, static=False, by_version=False)
                message = {**message, "headers": given}
            await send(message)

        await app(scope, receive, say)

    return answer


def pages(made: dict[str, str], otherwise: App) -> App:
    """Pages of our own at some addresses, before those of another application."""

    async def answer(scope: Any, receive: Any, send: Any) -> None:
        html = made.get(scope.get("path", "")) if scope["type"] == "http" else None
        if html is None:
            await otherwise(scope, receive, send)
            return
        kind = [(b"content-type", b"text/html; charset=utf-8")]
        await send({"type": "http.response.start", "status": 200, "headers": kind})
        await send({"type": "http.response.body", "body": html.encode()})

    return answer
