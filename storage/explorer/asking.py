"""One request as a page sees it: what was asked, by whom, in which language; and the answers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from http.cookies import CookieError, SimpleCookie
from typing import IO, Any, TypeVar
from urllib.parse import parse_qsl, urlencode

from datasette.utils.asgi import Request, Response
from markupsafe import Markup

from storage import names
from storage.database import Database
from storage.explorer.given import Given
from storage.explorer.reading import Desk
from storage.explorer.rendering import Speaker, chosen, foreign, rendered
from storage.explorer.streaming import Stream
from storage.explorer.terms import term
from storage.explorer.wording import LANGUAGES, Language

T = TypeVar("T")
COOKIE = "marsad_language"
Named = dict[str, Callable[[str | None, str], str]]
_IN_TERMS = {name: name for name in ("country", "language", "alignment", "theme")} | {
    "kind": "actor_kind"
}
_A_YEAR = 365 * 24 * 3600


class Forged(Exception):
    """A form was sent that is not one of ours."""


@dataclass(frozen=True)
class Ask:
    """A request and what a page needs to answer it."""

    request: Request
    desk: Desk
    given: Given
    language: Language

    @classmethod
    def of(cls, request: Request, desk: Desk, given: Given) -> Ask:
        """The language is the one just chosen, else chosen before, else the browser's."""
        wished = request.headers.get("accept-language", "")
        names = [piece.split(";")[0] for piece in wished.split(",")]
        names = [request.args.get("lang") or "", _cookie(request), *names]
        return cls(request, desk, given, chosen(names, given.language))

    @property
    def args(self) -> Any:
        """The parameters of the address: .get(name), .getlist(name)."""
        return self.request.args

    @property
    def path(self) -> dict[str, str]:
        """The parts of the address that the route names."""
        return dict(self.request.url_vars)

    @property
    def user(self) -> str:
        """Who is signed in, or was named when the site was started; "" for nobody."""
        actor = self.request.actor or {}
        return str(actor.get("id") or self.given.user)

    @property
    def speaker(self) -> Speaker:
        """For words outside of templates: ask.speaker.t("area.key")."""
        return Speaker(self.language)

    async def form(self) -> dict[str, str]:
        """The fields of a POST. Raises Forged where it does not come from a form of ours.

        The server lets a form without any cookies pass, as nobody is signed in then; but where
        nobody signs in at all, whoever asks from this machine may judge, and a page of another
        site could have the reader's browser send such a form.
        """
        fields = dict(await self.request.post_vars())
        token = self.request.cookies.get("ds_csrftoken")
        if not token or fields.get("csrftoken") != token:
            raise Forged
        return fields

    async def read(self, function: Callable[[Database], T]) -> T:
        """The answer of a function that reads. Raises TooSlow."""
        return await self.desk.read(function)

    async def write(self, function: Callable[[Database], T]) -> T:
        """The answer of a function that writes."""
        return await self.desk.write(function)

    async def page(self, template: str, *, status: int = 200, **context: object) -> Response:
        """One of our pages; `title` belongs into its context."""
        named = await self.read(partial(_named, self.language))
        frame = {
            **named,
            "asked_for": partial(_asked_for, self.speaker, named),
            "path": self.request.path,
            "in_language": self._in_language,
            "csrf_token": self.request.scope["csrftoken"],
            "user": self.user,
            "signs_in": bool(self.given.accounts),
            "workspace": self.given.workspace_name,
            "query": self.args.get("q") or "",
            "here": self.request.path.strip("/").split("/")[0] or "overview",
        }
        answer = Response.html(rendered(template, self.language, {**frame, **context}), status)
        if self.args.get("lang") in LANGUAGES:
            answer.set_cookie(
                COOKIE, self.language, max_age=_A_YEAR, httponly=True, samesite="strict"
            )
        return answer

    def redirect(self, path: str) -> Response:
        """Go on to another of our pages."""
        return Response.redirect(path, status=303)

    async def missing(self, words: object) -> Response:
        """There is no such thing: a page that says so."""
        return await self._trouble(404, words)

    async def wrong(self, words: object) -> Response:
        """What was asked cannot be understood: a page that says why."""
        return await self._trouble(400, words)

    async def forged(self) -> Response:
        """A form came from elsewhere: a page that says so."""
        return await self._trouble(403, self.speaker.t("site.forged"))

    async def late(self) -> Response:
        """The answer took too long: a page that says so."""
        return await self._trouble(503, self.speaker.t("site.too_slow"))

    async def failed(self, place: str) -> Response:
        """Something of ours broke: a page that says so and where."""
        return await self._trouble(500, self.speaker.t("site.failed", place=place))

    def stream(
        self,
        write: Callable[[Database, IO[bytes]], object],
        *,
        content_type: str,
        filename: str,
    ) -> Stream:
        """A file that is made while it is sent: `write(db, out)` runs on a thread of its own."""
        return Stream(self.desk.path, write, content_type, filename)

    async def _trouble(self, status: int, words: object) -> Response:
        title = self.speaker.t(f"site.trouble_{status}")
        return await self.page("trouble.html", status=status, title=title, words=words)

    def _in_language(self, language: str) -> str:
        """The address of this very page in another language."""
        pairs = parse_qsl(self.request.query_string, keep_blank_values=True)
        kept = [(key, value) for key, value in pairs if key != "lang"]
        return f"{self.request.path}?{urlencode([*kept, ('lang', language)])}"


def _named(language: Language, db: Database) -> Named:
    """For templates: what an outlet or actor is called in a language, else as everywhere."""
    outlets = {**names.of(db, "outlet", "en"), **names.of(db, "outlet", language)}
    actors = {**names.of(db, "actor", "en"), **names.of(db, "actor", language)}
    return {
        "outlet_name": lambda key, otherwise: outlets.get(key or "", otherwise),
        "actor_name": lambda key, otherwise: actors.get(key or "", otherwise),
    }


def _asked_for(speaker: Speaker, named: Named, name: str, value: str) -> Markup:
    """For templates: a value of a question in the reader's words, as in "outlet: Hespress"."""
    if name in ("outlet", "actor"):
        return foreign(named[f"{name}_name"](value, value))
    if name in _IN_TERMS:
        return term(speaker, _IN_TERMS[name], value)
    if name == "order":
        return speaker.t(f"search.order_{value}")
    return speaker.t("site.yes") if name == "fold" else foreign(value)


def _cookie(request: Request) -> str:
    try:
        jar = SimpleCookie(request.headers.get("cookie", ""))
    except CookieError:
        return ""
    return jar[COOKIE].value if COOKIE in jar else ""
