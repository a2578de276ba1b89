"""An actor that was hidden after it had been found is named on no page, in no file and no feed."""

from __future__ import annotations

import html
import io
import re
import shutil
import sqlite3
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

import httpx
import pytest
from deskkit import Site

from storage.database import open_database
from storage.desk.questions import Question
from storage.frozen.creating import Freeze, create
from storage.frozen.records import KINDS

HIDDEN = "iq_salim"
PLANTED = ("plantedname", "plantedform", "plantedlabel", "plantedalias", "plantededit")
"""Words that stand with the hidden actor alone, and in no headline or text."""
_LINK = re.compile(r'(?:href|src|action)="(/[^"#]*)')
_OF_ONE_KIND = 2
_MOST = 150
Serve = Callable[..., Site]


def hide(path: Path) -> None:
    """Hide an actor as a watchlist with suppress = true does, when traces of it are everywhere."""
    plant(path)
    with open_database(path) as db:
        every = Question.of({})
        create(db, Freeze("before", every, who="tester", why="what was known before it was hidden"))
        with db.write():
            db.execute("UPDATE actors SET suppress = 1 WHERE id = ?", (HIDDEN,))


def plant(path: Path) -> None:
    """Put words of its own everywhere where something of the actor stands."""
    with sqlite3.connect(path) as db:
        db.execute("UPDATE actors SET name = 'plantedname' WHERE id = ?", (HIDDEN,))
        db.execute(
            "INSERT INTO actor_forms (actor_id, form, folded, language, mode, generated) "
            "VALUES (?, 'plantedform', 'plantedform', 'en', 'auto', 0)", (HIDDEN,),
        )  # fmt: skip
        db.execute(
            "UPDATE mentions SET label = 'plantedlabel', alias = 'plantedalias' "
            "WHERE actor_id = ?", (HIDDEN,),
        )  # fmt: skip
        article = db.execute(
            "SELECT article_id FROM mentions WHERE actor_id = ?", (HIDDEN,)
        ).fetchone()[0]
        for kind in ("actor_added", "actor_removed", "label"):
            db.execute(
                "INSERT INTO edits "
                "(article_id, version, kind, since, at, actor_id, before, after, evidence) "
                "SELECT ?, 1, ?, since, at, ?, 'plantededit', 'plantededit', evidence "
                "FROM edits LIMIT 1",
                (article, kind, HIDDEN),
            )
    db.close()


@pytest.fixture(scope="module")
def hidden(serve: Serve, world: Path, tmp_path_factory: pytest.TempPathFactory) -> Site:
    path = tmp_path_factory.mktemp("hidden") / "marsad.db"
    shutil.copy(world, path)
    hide(path)
    return serve(path, user="tester")


@pytest.fixture(scope="module")
def unhidden_articles(hidden: Site) -> list[int]:
    rows = hidden.rows("SELECT DISTINCT article_id FROM mentions WHERE actor_id = ?", HIDDEN)
    return [row[0] for row in rows]


def contents(answer: httpx.Response) -> str:
    """What an answer says, also where it is packed."""
    if answer.headers.get("content-type") == "application/zip":
        with zipfile.ZipFile(io.BytesIO(answer.content)) as packed:
            return "".join(packed.read(one).decode("utf-8", "replace") for one in packed.namelist())
    return answer.content.decode("utf-8", "replace")


def leaks(text: str, *, asked: str = "") -> list[str]:
    """What a page tells of the hidden actor, besides what was asked for."""
    told = html.unescape(text).lower()
    words = [*PLANTED, HIDDEN]
    return [word for word in words if word in told and word not in asked.lower()]


def test_no_page_that_links_lead_to_names_it(hidden: Site, unhidden_articles: list[int]) -> None:
    begun = ["/", "/help", "/sql", *(f"/articles/{one}" for one in unhidden_articles[:3])]
    found: dict[str, list[str]] = {}
    kinds: Counter[str] = Counter()

    for path, text in _walk(hidden, begun, kinds):
        if told := leaks(text):
            found[path] = told

    assert found == {}
    assert {"/search", "/articles/N", "/actors", "/outlets", "/coverage"} <= {
        kind.partition("?")[0] for kind in kinds
    }


def _walk(site: Site, begun: list[str], kinds: Counter[str]) -> Iterator[tuple[str, str]]:
    """Every kind of page a few times, by following links."""
    waiting, seen = list(begun), set(begun)
    while waiting and sum(kinds.values()) < _MOST:
        path = waiting.pop(0)
        answer = site.client.get(path)
        kinds[_kind(path)] += 1
        assert answer.status_code < 500, path
        text = contents(answer)
        yield path, text
        if "html" not in answer.headers.get("content-type", ""):
            continue
        for link in map(html.unescape, _LINK.findall(text)):
            if link not in seen and not link.startswith("/static/") and "lang=" not in link:
                seen.add(link)
                if (
                    kinds[_kind(link)] + sum(_kind(one) == _kind(link) for one in waiting)
                    < _OF_ONE_KIND
                ):
                    waiting.append(link)


def _kind(path: str) -> str:
    parts = urlsplit(path)
    place = re.sub(r"/\d+", "/N", unquote(parts.path))
    place = re.sub(r"^/(actors|outlets|snapshots|saved)/[^/.]+", r"/\1/X", place)
    names = sorted({name for name, _ in parse_qsl(parts.query)})
    return f"{place}?{'&'.join(names)}"


@pytest.mark.parametrize(
    "path",
    [
        f"/actors/{HIDDEN}", f"/actors/{HIDDEN}/concordance", f"/search?actor={HIDDEN}",
        f"/search?q=actor:{HIDDEN}", "/search?q=plantedform", "/search?q=planted",
        "/search?q=سليم+النموذجي", "/actors?q=planted", "/actors?q=سليم",
        f"/export/mentions?actor={HIDDEN}", f"/export/attention?actor={HIDDEN}",
    ],
)  # fmt: skip
def test_whoever_asks_for_it_learns_nothing(hidden: Site, path: str) -> None:
    answer = hidden.client.get(path)

    assert answer.status_code < 500
    assert leaks(contents(answer), asked=unquote(path)) == []


@pytest.mark.parametrize(
    "kind",
    ["articles", "mentions", "attention", "coverage", "stories", "edits", "concordance"],
)
@pytest.mark.parametrize("options", ["format=csv", "format=jsonl"])
def test_no_file_names_it(hidden: Site, kind: str, options: str) -> None:
    answer = hidden.client.get(f"/export/{kind}?{options}&persons=named")

    assert answer.status_code == 200
    assert leaks(contents(answer)) == []


@pytest.mark.parametrize(
    "path",
    ["", "/datasheet", "/methods", "/bibtex", "/csl", "/changes"]
    + [f"/export/{kind}?format=jsonl&persons=named" for kind in KINDS],
)
def test_no_set_that_was_frozen_before_names_it(hidden: Site, path: str) -> None:
    answer = hidden.client.get(f"/snapshots/before{path}")

    assert answer.status_code == 200
    assert leaks(contents(answer)) == []


def test_no_view_names_it(hidden: Site) -> None:
    from storage.desk_views import NAMES
    from storage.explorer.analysts import answer

    for name in NAMES:
        assert leaks(repr(answer(hidden.path, f"SELECT * FROM {name}", rows=100_000).rows)) == []


def test_a_saved_search_and_its_feed_do_not_name_it(
    serve: Serve, world: Path, tmp_path: Path
) -> None:
    path = tmp_path / "marsad.db"
    shutil.copy(world, path)
    hide(path)
    site = serve(path, user="tester")
    site.post("/saved", name="weekly", q="السوق", title="weekly")
    keys = site.rows("SELECT * FROM saved_searches")
    assert keys

    feeds = re.findall(r"/saved/[^\"/]+\.atom", site.client.get("/saved").text)
    assert feeds
    for feed in feeds:
        answer = site.client.get(feed)
        assert answer.status_code == 200
        assert leaks(answer.text) == []
