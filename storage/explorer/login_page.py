"""Where one signs in and out, on a desk that more than one machine can reach."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from datasette.utils.asgi import Response

from storage.explorer.asking import Ask
from storage.explorer.doors import ENTRY, SESSION
from storage.explorer.doors_entry import LOGIN, LOGOUT, AccountEntry, TooManyAtOnce
from storage.explorer.routing import Route


async def login_page(ask: Ask) -> Response:
    """A form for a name and a password; with the right ones, to where one came from."""
    entry = ask.request.scope.get(ENTRY)
    if not isinstance(entry, AccountEntry):
        return ask.redirect("/")
    if ask.request.method != "POST":
        said = "" if ask.args.get("out") is None else "signed_out_now"
        return await _form(ask, 200, said, {"next": ask.args.get("next") or "/"})
    form = await ask.form()
    name, password = form.get("name", "").strip(), form.get("password", "")
    try:
        cookie = await entry.sign_in(name, password, (ask.request.scope.get("client") or ("",))[0])
    except TooManyAtOnce:
        return await _form(ask, 503, "busy_signing_in", form)
    if cookie is None:
        return await _form(ask, 403, "wrong_password", form)
    return _with_cookie(ask.redirect(inside(form.get("next", ""))), cookie)


async def logout_page(ask: Ask) -> Response:
    """End the session, here and in the browser."""
    entry = ask.request.scope.get(ENTRY)
    if not isinstance(entry, AccountEntry) or ask.request.method != "POST":
        return ask.redirect("/")
    gone = entry.sign_out(str(ask.request.scope.get(SESSION, "")))
    answer = _with_cookie(ask.redirect(f"{LOGIN}?out=1"), gone)
    answer.headers["Clear-Site-Data"] = '"cache"'
    return answer


def inside(path: str) -> str:
    r"""An address of the desk itself; the first page where it leads anywhere else.

    >>> [inside(path) for path in ("/search?q=a", "//other.test", "https://other.test", "/\\x")]
    ['/search?q=a', '/', '/', '/']
    """
    try:
        parts = urlsplit(path)
    except ValueError:
        return "/"
    plain = path.startswith("/") and not parts.scheme and not parts.netloc
    odd = "\\" in path or not path.isprintable() or not path.isascii()
    return "/" if not plain or path.startswith("//") or odd else path


async def _form(ask: Ask, status: int, said: str, fields: Mapping[str, str]) -> Any:
    """The form, with what was filled in but the password; it tells strangers no study's name."""
    already = bool((ask.request.actor or {}).get("id"))
    return await ask.page(
        "login.html",
        status=status,
        title=ask.speaker.t("doors.sign_in"),
        said=said,
        name=fields.get("name", ""),
        next=inside(fields.get("next", "")),
        already=already,
        workspace=ask.given.workspace_name if already else "",
    )


def _with_cookie(answer: Response, cookie: str) -> Response:
    answer._set_cookie_headers.append(cookie)  # its own way knows no cookies that end at once
    return answer


ROUTES = (
    Route(LOGIN, login_page, ("GET", "POST")),
    Route(LOGOUT, logout_page, ("GET", "POST")),
)
