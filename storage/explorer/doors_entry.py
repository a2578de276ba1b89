"""Who comes in: on one machine whoever has the key of the workspace, beyond it named accounts."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import re
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import parse_qsl, quote, urlencode

from storage.explorer.accounts import LiveAccounts, fits
from storage.explorer.doors_asked import Asked
from storage.explorer.doors_guesses import Guesses

SESSION_SECONDS = 12 * 3600.0
SESSIONS_OF_ONE = 20
"""Open at once for one account; then the oldest ends."""
WAITING_AT_ONCE = 20
"""Sign-ins under way at once; more are asked to try again."""
WAITING_FROM_ONE = 3
LOGIN, LOGOUT = "/-/login", "/-/logout"
_OPEN = re.compile(r"/static/.*|/saved/[^/]+\.atom")
"""For everybody: what looks the same in every workspace, and feeds, whose address is their key."""


@dataclass(frozen=True, slots=True)
class Admitted:
    """Come in: under a name, where there are names."""

    user: str = ""
    session: str = ""
    """What `sign_out` ends."""


@dataclass(frozen=True, slots=True)
class SendOn:
    """Go to another address, perhaps with a cookie."""

    path: str
    cookie: str = ""


@dataclass(frozen=True, slots=True)
class Stay:
    """Stay outside; words/doors.toml has the reason."""

    words: str


Way = Admitted | SendOn | Stay


class Entry(Protocol):
    """What decides who comes in."""

    def admit(self, asked: Asked) -> Way:
        """Where a request goes."""
        ...


def cookie(name: str, value: str, *, secure: bool, seconds: int | None = None) -> str:
    """A cookie that no script reads, that no other site sends along."""
    age = "" if seconds is None else f"; Max-Age={seconds}"
    return f"{name}={value}; Path=/; HttpOnly; SameSite=Strict{age}{'; Secure' if secure else ''}"


def is_open(path: str) -> bool:
    """Whether an address is for everybody."""
    return bool(_OPEN.fullmatch(path))


class KeyEntry:
    """On this machine: a port is open to all its users, so the address has a key in it.

    The key lies with the workspace, for its owner's eyes; the browser keeps a cookie that is made
    from it, so bookmarks hold over restarts. A new key shuts out every browser.
    """

    def __init__(self, key: str) -> None:
        """The cookie's name tells workspaces apart: browsers do not tell ports apart."""
        self._key = key
        self._name = "marsad_" + self._made("name")[:8]
        self._value = self._made("cookie")

    def address(self, base: str) -> str:
        """The address to open, key included."""
        return f"{base}/?key={self._key}"

    def admit(self, asked: Asked) -> Way:
        """In with the cookie; with the key, to the same page without it, and with the cookie."""
        if is_open(asked.path):
            return Admitted()
        given = asked.parameter("key")
        if given and asked.reads and hmac.compare_digest(given.encode(), self._key.encode()):
            return SendOn(_without_key(asked), cookie(self._name, self._value, secure=False))
        kept = asked.cookies.get(self._name, "")
        if hmac.compare_digest(kept.encode(), self._value.encode()):
            return Admitted()
        return Stay("wrong_key" if given else "no_key")

    def _made(self, purpose: str) -> str:
        return hmac.new(self._key.encode(), purpose.encode(), hashlib.sha256).hexdigest()


def _without_key(asked: Asked) -> str:
    pairs = [(k, v) for k, v in parse_qsl(asked.query, keep_blank_values=True) if k != "key"]
    path = "/" + asked.path.lstrip("/")
    return path + (f"?{urlencode(pairs)}" if pairs else "")


@dataclass(frozen=True, slots=True)
class Session:
    """Somebody who signed in: until when, and with which password's hash."""

    name: str
    password: str
    ends_at: float


class TooManyAtOnce(Exception):
    """So many sign in that this one is asked to try again."""


class AccountEntry:
    """Beyond this machine: whoever signs in with a name and its password, for twelve hours.

    Sessions are kept in memory, so a restart ends them. One ends also with its account, when the
    password changes, and at sign-out.
    """

    def __init__(
        self,
        accounts: LiveAccounts,
        *,
        secure: bool,
        clock: Callable[[], float] = time.monotonic,
        wait: Callable[[float], object] = asyncio.sleep,
    ) -> None:
        """`secure`: readers come by TLS, so the cookie goes no other way."""
        self._accounts, self._secure, self._clock, self._wait = accounts, secure, clock, wait
        self._name = "__Host-marsad" if secure else "marsad_session"
        self._sessions: dict[str, Session] = {}
        self._guesses = Guesses(clock)
        self._trying: list[str] = []

    def admit(self, asked: Asked) -> Way:
        """In with a session; else to the page where one signs in, and back from there."""
        session = _digest(asked.cookies.get(self._name, ""))
        user = self._user(session)
        if user or is_open(asked.path) or asked.path == LOGIN:
            return Admitted(user, session)
        if not asked.reads:
            return Stay("signed_out")
        back = asked.path + (f"?{asked.query}" if asked.query else "")
        return SendOn(LOGIN if back == "/" else f"{LOGIN}?next={quote(back, safe='')}")

    async def sign_in(self, name: str, password: str, address: str) -> str | None:
        """The cookie of a new session; None where the name or the password is wrong.

        Guessing makes it slow. Raises TooManyAtOnce.
        """
        if len(self._trying) >= WAITING_AT_ONCE or self._trying.count(address) >= WAITING_FROM_ONE:
            raise TooManyAtOnce
        self._trying.append(address)
        try:
            if seconds := self._guesses.seconds(address, name):
                await self._wait(seconds)  # type: ignore[misc]  # a test may hand in any coroutine
            kept = self._accounts.hashes().get(name)
            right = await asyncio.to_thread(fits, password, kept)
        finally:
            self._trying.remove(address)
        if kept is None or not right:
            self._guesses.wrong(address, name)
            return None
        self._guesses.right(address)
        return self._begin(name, kept)

    def sign_out(self, session: str) -> str:
        """End a session; gives the cookie that takes the browser's away."""
        self._sessions.pop(session, None)
        return cookie(self._name, "", secure=self._secure, seconds=0)

    def _begin(self, name: str, password: str) -> str:
        token = secrets.token_urlsafe(32)
        self._forget(name)
        ends_at = self._clock() + SESSION_SECONDS
        self._sessions[_digest(token)] = Session(name, password, ends_at)
        return cookie(self._name, token, secure=self._secure, seconds=int(SESSION_SECONDS))

    def _forget(self, name: str) -> None:
        """Sessions that ended, and the oldest of somebody who has many."""
        ended = [key for key in self._sessions if not self._user(key)]
        own = [key for key, one in self._sessions.items() if one.name == name and key not in ended]
        for key in (*ended, *own[: 1 - SESSIONS_OF_ONE]):
            self._sessions.pop(key, None)

    def _user(self, key: str) -> str:
        """Whose session it is, if it still holds."""
        session = self._sessions.get(key)
        if session is None or session.ends_at <= self._clock():
            return ""
        holds = self._accounts.hashes().get(session.name) == session.password
        return session.name if holds else ""


def _digest(token: str) -> str:
    """What is kept of a token: looked up by it, time tells nothing about the token itself."""
    return hashlib.sha256(token.encode()).hexdigest() if token else ""
