"""Whatever an outlet prints, a person is called or somebody types is shown as text and no more."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from html.parser import HTMLParser
from typing import Any
from urllib.parse import quote, urlsplit

import pytest
from deskkit import Serve, Site
from deskworld import OUTLETS, Piece, store

from storage.explorer.rendering import plain

HOSTILE = (
    "<script>alert(1)</script>",
    "</title><script>alert(1)</script>",
    "<img src=http://192.0.2.1/x onerror=alert(1)>",
    '"><svg onload=alert(1)>',
    "' onmouseover='alert(1)",
    '" autofocus onfocus="alert(1)',
    "<a href=javascript:alert(1)>here</a>",
    "javascript:alert(1)",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<base href=http://192.0.2.1/>",
    "<meta http-equiv=refresh content='0;url=http://192.0.2.1/'>",
    "<link rel=stylesheet href=http://192.0.2.1/a.css>",
    "<style>body{background:url(http://192.0.2.1/b)}</style>",
    "<form action=http://192.0.2.1/><button>x",
    "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 "
    "onerror=alert(1)&gt;'>",
    "<!-- <b>",
    "--> ]]> </textarea></select></details>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "&#60;script&#62; %3Cscript%3E \\u003cscript\\u003e",
    "{{ 7 * 7 }} {% raw %} ${7*7} #{7*7} <%= 7*7 %>",
    "{{ csrf_token() }} {{ self.__init__.__globals__ }}",
    "مرحبا <b>عالم</b> <script>alert('ع')</script>",
    "\u202egnissim si siht\u202c \u2066a\u2069 \u200f(\u200e",
    "a\u200bb\u200cc\u200dd\ufeffe",
    "Ẑ̴͎a̷͓͐l̶̰̚g̸͉̀o̴͙̊ " + "\u0301" * 40,
    "=HYPERLINK(\"http://192.0.2.1/\";\"x\")",
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "' OR 1=1 -- ; DROP TABLE articles;",
    '" OR NEAR( AND ) *',
    "\\\\192.0.2.1\\share %s %n %00 \\x00",
    "line\u2028break\u2029and\u0085more\x0bhere",
    "W" * 900,
    "😀\U0001f1ee\U0001f1f6\U0010ffff\ufffe",
)  # fmt: skip
WORST = (0, 1, 2, 3, 5, 8, 10, 14)
NAMED = tuple(
    replace(outlet, name=HOSTILE[n * 3]) for n, outlet in enumerate(OUTLETS)
)  # outlets whose very names are hostile
PIECES = tuple(
    Piece("ma_sahifa", "ar", said, f"{said}\nوقالت جمعية ميراث الواحة {said} في الحي {number}.", 0)
    for number, said in enumerate(HOSTILE)
) + tuple(Piece(outlet.id, "fr", "Une nuit", f"Texte de {outlet.name}.", 0) for outlet in NAMED[1:])
PAGES = (
    "/", "/search", "/outlets", "/outlets/ma_sahifa", "/outlets/iq_nahr", "/coverage", "/actors",
    "/actors/ma_mirath", "/actors/ma_mirath/concordance", "/status", "/export", "/export/articles",
    "/snapshots", "/saved", "/sql", "/search?q=ميراث", "/search/rest?q=ميراث",
)  # fmt: skip
ASKED = (
    "/search?q={}", "/search?outlet={}", "/search?after={}", "/search?from={}", "/search?order={}",
    "/search?q=ميراث&language={}", "/search/rest?q={}", "/search/offered?q={}", "/actors?name={}",
    "/actors/{}", "/outlets/{}", "/coverage?first={}", "/sql?sql={}", "/saved?name={}&q={}",
    "/snapshots?q={}&name={}", "/snapshots/{}", "/export/articles?q={}", "/export/{}", "/help?{}",
    "/articles?url={}", "/{}", "/articles/{}",
)  # fmt: skip


class Parts(HTMLParser):
    """What of a page could do something: scripts, handlers, and every address that it names."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.bad: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("iframe", "object", "embed", "base", "style", "svg", "math", "img"):
            self.bad.append(tag)
        if tag == "script" and not (dict(attrs).get("src") or "").startswith("/static/"):
            self.bad.append("script of its own")
        for name, value in attrs:
            self._attribute(tag, name, value or "")

    def _attribute(self, tag: str, name: str, value: str) -> None:
        if name.startswith("on") or name in ("style", "srcdoc", "http-equiv"):
            self.bad.append(f"{tag} {name}")
        if name in ("href", "src", "action", "formaction") and not _is_ours(tag, value):
            self.bad.append(f"{tag} {name}={value}")


def _is_ours(tag: str, address: str) -> bool:
    """A path of this site, or for links the address of an article as the archive has it."""
    parts = urlsplit(address)
    if parts.scheme or parts.netloc:
        return tag == "a" and parts.scheme in ("http", "https") and parts.netloc[-5:] == ".test"
    return True


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory, serve: Serve) -> Site:
    path = tmp_path_factory.mktemp("hostile") / "marsad.db"
    store(path, PIECES, NAMED)
    return serve(path, user='<img src=x onerror="alert(1)">', workspace_name=HOSTILE[2])


def _pages() -> Iterator[str]:
    yield from PAGES
    for number in range(1, len(HOSTILE) + 1):
        yield f"/articles/{number}"
    yield from ("/articles/1/versions", "/articles/1/judge?kind=leave_out", "/stories/1")


def test_no_page_of_a_hostile_archive_holds_anything_that_acts(hostile: Site) -> None:
    for path in _pages():
        answer = hostile.get(path)

        assert answer.status_code in (200, 404), path
        assert Parts(answer.text).bad == [], path
        _locked(answer.headers, path)


def _locked(headers: Any, path: str) -> None:
    """Even what slipped through could not run or call home."""
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy, path
    assert "unsafe" not in policy, path
    assert "*" not in policy, path
    assert headers["referrer-policy"] == "no-referrer", path
    assert headers["x-content-type-options"] == "nosniff", path


@pytest.mark.parametrize("said", HOSTILE, ids=[f"string-{n}" for n in range(len(HOSTILE))])
def test_whatever_is_asked_is_answered_with_text(hostile: Site, said: str) -> None:
    for address in ASKED:
        path = address.replace("{}", quote(said, safe=""))

        answer = hostile.get(path)

        assert answer.status_code < 500, (path, answer.text[-900:])
        if answer.headers["content-type"].startswith("text/html"):
            assert Parts(answer.text).bad == [], path


@pytest.mark.parametrize("number", WORST)
def test_a_browser_shows_a_hostile_article_and_runs_nothing(
    hostile: Site, page: Any, number: int
) -> None:
    page.goto(f"{hostile.url}/articles/{number + 1}")

    shown = _words(page.locator("h1").inner_text())
    text = _words(page.locator("article .text").inner_text())

    assert shown == _words(plain(HOSTILE[number]))
    assert text.startswith(shown)
    assert page.title().startswith(shown[:20])


def test_a_browser_shows_hostile_lists_and_runs_nothing(hostile: Site, page: Any) -> None:
    shown = ""
    for path in PAGES:
        page.goto(hostile.url + path)
        shown += page.locator("main").inner_text() if "/rest" not in path else ""

    assert "<script>alert(1)</script>" in shown
    assert "{{ 7 * 7 }}" in shown


@pytest.mark.parametrize("number", WORST)
def test_a_browser_shows_a_hostile_question_and_runs_nothing(
    hostile: Site, page: Any, number: int
) -> None:
    page.goto(f"{hostile.url}/search?q={quote(HOSTILE[number], safe='')}")
    page.wait_for_load_state("networkidle")

    typed = page.locator("main input[name=q]").input_value()

    assert _words(typed) == _words(HOSTILE[number])


def test_marks_that_turn_the_order_around_do_not_leave_their_place(hostile: Site) -> None:
    turning = next(n for n, said in enumerate(HOSTILE, start=1) if "\u202e" in said)

    page = hostile.get(f"/articles/{turning}").text

    assert not set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069") & set(page)


def _words(text: str) -> str:
    return " ".join(text.split())
