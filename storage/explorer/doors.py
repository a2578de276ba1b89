"""The doors of the desk: everything that comes in or goes out passes here first and last.

Who may not come in sees one page that says why and what to do, and no page of the desk is asked.
"""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Awaitable, Callable, Iterable, Mapping, MutableMapping
from dataclasses import dataclass, field, replace
from typing import Any

from storage.explorer import accesslog
from storage.explorer.doors_asked import Asked, House, Scope
from storage.explorer.doors_checks import MOST_BODY, MOST_FIELDS, Refusal, refusal
from storage.explorer.doors_entry import LOGIN, LOGOUT, Admitted, Entry, SendOn
from storage.explorer.doors_headers import headers
from storage.explorer.rendering import chosen, rendered
from storage.explorer.wording import Language

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

BODY_SECONDS = 20.0
"""For a form to arrive."""
CHUNK_SECONDS = 120.0
"""For a reader to take one piece of an answer."""
HEAVY_AT_ONCE = 6
"""Long answers under way or waiting; more are asked to come back."""
_STATIC = re.compile(r"/static/([\w./-]+)", re.ASCII)
_HEAVY = re.compile(r"/(export|snapshots)/.+|/sql(/.*)?")
_KEPT_COOKIES = ("ds_csrftoken", "marsad_language")
ENTRY, SESSION = "marsad.entry", "marsad.session"
"""Where a page finds the entry and the session that it came with, in its scope."""
_ROBOTS = b"User-agent: *\nDisallow: /\n"


@dataclass
class _Answer:
    """What went out of one answer so far."""

    send: Send
    house: House
    asked: Asked
    status: int = 0
    began: float = field(default_factory=time.monotonic)

    async def __call__(self, message: Message) -> None:
        """Pass a message on, the first one with our headers. Raises TimeoutError."""
        if message["type"] == "http.response.start":
            self.status = message["status"]
            message = {**message, "headers": self._headers(message.get("headers", ()))}
        await asyncio.wait_for(self.send(message), CHUNK_SECONDS)

    def _headers(self, given: Iterable[Any]) -> list[tuple[bytes, bytes]]:
        static = bool(_STATIC.fullmatch(self.asked.path)) and self.status in (200, 304)
        return headers(
            [(bytes(name), bytes(value)) for name, value in given],
            secure=self.house.secure,
            static=static,
            by_version="v=" in self.asked.query,
        )


class Doors:
    """An ASGI application around another one."""

    def __init__(
        self,
        app: App,
        house: House,
        entry: Entry,
        patterns: Iterable[str],
        language: Language = "en",
    ) -> None:
        """`patterns`: the addresses that there are; nothing else of the application is reached."""
        self._app, self._house, self._entry, self._language = app, house, entry, language
        known = [*patterns, _STATIC.pattern, "/robots.txt"]
        self._patterns = [re.compile(one) for one in known]
        self._heavy = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request; what breaks on the way is told without its words."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
        if scope["type"] != "http":
            return
        asked = Asked.of(scope)
        answer = _Answer(send, self._house, asked)
        page = accesslog.kind(asked.path, self._patterns)
        try:
            await self._answer(asked, scope, receive, answer)
        except Exception as error:
            accesslog.broke(page, error)
            if not answer.status:
                await self._say(Refusal(500, "broken"), asked, answer)
        finally:
            seconds = time.monotonic() - answer.began
            accesslog.answered(asked.method, page, answer.status, seconds)

    async def _answer(self, asked: Asked, scope: Scope, receive: Receive, answer: _Answer) -> None:
        if refused := refusal(asked, self._house, self._patterns):
            await self._say(refused, asked, answer)
            return
        if asked.path == "/robots.txt":
            await _send(answer, 200, _ROBOTS, {"content-type": "text/plain"})
            return
        asked = replace(asked, address=self._address(asked))
        way = self._entry.admit(asked)
        if isinstance(way, SendOn):
            kept = {"set-cookie": way.cookie} if way.cookie else {}
            await _send(answer, 303, b"", {"location": way.path, **kept})
        elif isinstance(way, Admitted):
            await self._inside(asked, way, scope, receive, answer)
        else:
            await self._say(Refusal(403, way.words), asked, answer)

    async def _inside(
        self, asked: Asked, way: Admitted, scope: Scope, receive: Receive, answer: _Answer
    ) -> None:
        """Ask the application, with a form that came whole, and no more at once than we bear."""
        if not asked.reads:
            form = await _whole(receive)
            if isinstance(form, Refusal):
                await self._say(form, asked, answer)
                return
            receive = _again(form, receive)
        if not _HEAVY.fullmatch(asked.path):
            await self._app(self._scope(asked, way, scope), receive, answer)
        elif self._heavy >= HEAVY_AT_ONCE:
            await self._say(Refusal(503, "busy"), asked, answer)
        else:
            self._heavy += 1
            try:
                await self._app(self._scope(asked, way, scope), receive, answer)
            finally:
                self._heavy -= 1

    def _scope(self, asked: Asked, way: Admitted, scope: Scope) -> Scope:
        """The request as the application sees it: without our cookies, and with who asks.

        One cookie is always there: without any, the token of a form would not be checked.
        """
        kept = [f"{one}={asked.cookies[one]}" for one in _KEPT_COOKIES if one in asked.cookies]
        hidden = (b"cookie", b"authorization", b"x-csrftoken")
        told = [(name, value) for name, value in scope["headers"] if name.lower() not in hidden]
        told.append((b"cookie", "; ".join([*kept, "marsad=1"]).encode()))
        actor = {"actor": {"id": way.user}} if way.user else {}
        client = (asked.address, 0)
        return {**scope, **actor, "headers": told, "client": client,
                ENTRY: self._entry, SESSION: way.session}  # fmt: skip

    def _address(self, asked: Asked) -> str:
        """Who asks: where a proxy asks for others, the last address that it adds."""
        if not self._house.proxies:
            return asked.address
        return asked.headers.get("x-forwarded-for", "").rpartition(",")[2].strip()

    async def _say(self, refused: Refusal, asked: Asked, answer: _Answer) -> None:
        """A page of the doors' own, in the reader's language."""
        wishes = asked.headers.get("accept-language", "").split(",")
        wishes = [asked.cookies.get("marsad_language", ""), *(one.split(";")[0] for one in wishes)]
        context = {"words": refused.words, "status": refused.status, "again": _again_at(asked)}
        page = rendered("door.html", chosen(wishes, self._language), context).encode()
        more = {"retry-after": "10"} if refused.status == 503 else {}
        kind = {"content-type": "text/html; charset=utf-8", **more}
        await _send(answer, refused.status, page, kind)


def paths_of_entry() -> tuple[str, ...]:
    """The addresses where one signs in and out."""
    return (LOGIN, LOGOUT)


def _again_at(asked: Asked) -> str:
    """Where to try again from a page of ours: a link of another site brings no cookie along."""
    came_from_elsewhere = asked.headers.get("sec-fetch-site") in ("cross-site", "same-site")
    if not asked.reads or not came_from_elsewhere or "key=" in asked.query:
        return ""
    path = "/" + asked.path.lstrip("/")
    return path + (f"?{asked.query}" if asked.query else "")


async def _whole(receive: Receive) -> bytes | Refusal:
    """A form's bytes, if they are not too many, plain, and come in time."""
    body: bytes = b""
    try:
        async with asyncio.timeout(BODY_SECONDS):
            while True:
                message = await receive()
                if message["type"] != "http.request":
                    return Refusal(400, "cut_off")
                body += message.get("body", b"")
                if len(body) > MOST_BODY:
                    return Refusal(413, "too_large")
                if not message.get("more_body"):
                    break
    except TimeoutError:
        return Refusal(408, "too_late")
    if body.count(b"&") >= MOST_FIELDS or not body.isascii():
        return Refusal(400, "too_many_fields")
    return body


def _again(body: bytes, receive: Receive) -> Receive:
    """The same form once more, for the application."""
    messages: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def once_more() -> Message:
        return messages.pop() if messages else await receive()

    return once_more


async def _send(answer: _Answer, status: int, body: bytes, told: Mapping[str, str]) -> None:
    lines = [(name.encode(), value.encode("latin-1")) for name, value in told.items()]
    lines.append((b"content-length", str(len(body)).encode()))
    await answer({"type": "http.response.start", "status": status, "headers": lines})
    await answer({"type": "http.response.body", "body": body})
