"""Saving a search on its page, and the feed of new hits as a feed reader sees it."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import feedparser
import httpx
import pytest
from deskkit import Site
from lxml import etree

from storage.database import open_database

HOSTILE = '<script>alert("x")</script> & ]]> <b>عنوان</b> \u202eevil\u202c'


def _saved(site: Site, **fields: str) -> str:
    """Saves a search, and gives the key of its feed."""
    answer = site.post("/saved", **{"asked": "q=ميراث", "name": "ميراث", **fields})
    assert answer.status_code in (200, 303), answer.text
    key: str = site.rows("SELECT feed_key FROM saved_searches ORDER BY id DESC LIMIT 1")[0][0]
    return key


def _feed(site: Site, key: str) -> httpx.Response:
    """As a feed reader asks: without a cookie."""
    return httpx.get(f"{site.url}/saved/{key}.atom", trust_env=False)


def test_a_search_is_saved_listed_and_removed(own_site: Site) -> None:
    offered = own_site.get("/saved", q="ميراث", outlet="ma_sahifa", lang="en")
    assert 'name="asked" value="outlet=ma_sahifa&amp;q=' in offered.text
    key = _saved(own_site, asked="outlet=ma_sahifa&q=ميراث", name="Mirath <b>")
    (row,) = own_site.rows("SELECT name, who, asked FROM saved_searches")
    assert row[:2] == ("Mirath <b>", "tester")
    listed = own_site.get("/saved", lang="en").text
    assert "Mirath &lt;b&gt;" in listed and f"/saved/{key}.atom" in listed
    assert f"/search?{row[2]}".replace("&", "&amp;") in listed
    number = own_site.rows("SELECT id FROM saved_searches")[0][0]
    own_site.post("/saved", remove=str(number))
    assert f"/saved/{key}.atom" not in own_site.get("/saved").text
    assert _feed(own_site, key).status_code == 404


def test_a_form_without_its_token_saves_nothing(own_site: Site) -> None:
    answer = httpx.post(
        f"{own_site.url}/saved", data={"asked": "q=x", "name": "n"}, trust_env=False
    )
    assert answer.status_code == 403
    assert own_site.rows("SELECT count(*) FROM saved_searches") == [(0,)]


def test_who_is_not_known_has_to_say_so(
    serve: Callable[..., Site], world: Path, tmp_path: Path
) -> None:
    path = tmp_path / "marsad.db"
    shutil.copy(world, path)
    site = serve(path)
    refused = site.post("/saved", asked="q=x", name="n")
    assert refused.status_code == 400 and 'role="alert"' in refused.text
    assert 'value="n"' in refused.text, "what was typed is still there"
    _saved(site, who="Nora")
    assert site.rows("SELECT who FROM saved_searches") == [("Nora",)]


@pytest.mark.parametrize(
    "fields",
    [{"asked": "q=outlet:nowhere"}, {"asked": 'q="open'}, {"asked": "&".join(["q=a"] * 1_001)}],
)
def test_what_cannot_be_asked_is_not_saved(own_site: Site, fields: dict[str, str]) -> None:
    assert own_site.post("/saved", name="n", **fields).status_code == 400
    assert own_site.rows("SELECT count(*) FROM saved_searches") == [(0,)]
    assert own_site.post("/saved", remove="1 OR 1=1").status_code in (200, 303)


def _entries(answer: httpx.Response) -> list[Any]:
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("application/atom+xml")
    found = feedparser.parse(answer.content)
    assert not found.bozo, found.get("bozo_exception")
    assert found.version == "atom10"
    return list(found.entries)


def test_the_feed_tells_new_hits_without_a_session_and_stays_the_same(own_site: Site) -> None:
    key = _saved(own_site)
    answer = _feed(own_site, key)
    entries = _entries(answer)
    seen = own_site.rows(
        "SELECT id FROM articles WHERE id IN ("
        "SELECT rowid FROM article_fts WHERE article_fts MATCH 'folded : \"ميراث\"')"
        " ORDER BY first_seen_at DESC, id DESC LIMIT 50"
    )
    assert [int(one.id.rpartition(":")[2]) for one in entries] == [row[0] for row in seen]
    assert len(entries) == len({one.id for one in entries}) > 20
    assert [one.updated for one in entries] == sorted((e.updated for e in entries), reverse=True)
    assert _feed(own_site, key).content == answer.content
    assert all(one.id.startswith("tag:marsad.invalid,2026:") for one in entries)
    assert "127.0.0.1" not in answer.text and key not in answer.text


def test_the_feed_holds_a_snippet_and_never_the_text(own_site: Site) -> None:
    (long,) = own_site.rows(
        "SELECT article_id FROM article_texts ORDER BY length(text) DESC LIMIT 1"
    )
    with open_database(own_site.path) as db, db.write():
        db.execute("UPDATE article_texts SET text = text || ? WHERE article_id = ?",
                   (" ذيل طويل" * 200 + " النهاية", long[0]))  # fmt: skip
        db.execute(
            "UPDATE articles SET headline = ?, first_seen_at = '2027-01-01T00:00:00Z',"
            " url = 'javascript:alert(1)' WHERE id = ?",
            (HOSTILE + "\x0b\x1b", long[0]),
        )
    answer = _feed(own_site, _saved(own_site))
    first = _entries(answer)[0]
    assert first.title == HOSTILE.replace("\u202e", "").replace("\u202c", "")
    assert "النهاية" not in answer.text
    assert "links" not in first and "javascript:" not in answer.text
    tree = etree.fromstring(answer.content)
    assert not tree.xpath("//*[local-name()='script' ]")
    told = tree.xpath("//*[local-name()='summary' or local-name()='content']")
    assert len(told) > 20 and all(len(one.text or "") < 260 for one in told)


@pytest.mark.parametrize("key", ["x", "-", "a" * 32, "A" * 90])
def test_a_wrong_key_reads_nothing(site: Site, key: str) -> None:
    answer = _feed(site, key)
    assert answer.status_code == 404
    assert "xml" not in answer.headers["content-type"]
