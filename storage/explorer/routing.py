"""From an address to the page that answers it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from datasette.utils.asgi import Response

from storage.explorer.asking import Ask
from storage.explorer.streaming import Stream

Handler = Callable[[Ask], Awaitable[Response | Stream]]


@dataclass(frozen=True, slots=True)
class Route:
    """One address, as a pattern for the whole path, and its page."""

    pattern: str
    handler: Handler
    methods: tuple[str, ...] = ("GET",)
