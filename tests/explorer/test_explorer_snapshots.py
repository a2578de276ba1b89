"""Snapshots in the browser: freeze what a search found, cite it, take it away, check it."""

from __future__ import annotations

import io
import json
import re
import sqlite3
import zipfile
from contextlib import closing
from typing import Any

import pytest
from deskkit import Site

LANGUAGES = ("en", "fr", "ar")


def freeze(site: Site, name: str = "first", **fields: str) -> Any:
    return site.post("/snapshots", **{"name": name, "why": "دراسة <b>", "who": "باحثة"} | fields)


def download(site: Site, path: str, **asked: str) -> dict[str, bytes]:
    """The files of a ZIP that the site sends."""
    answer = site.get(path, **asked)
    assert answer.headers["content-type"] == "application/zip"
    with zipfile.ZipFile(io.BytesIO(answer.content)) as pack:
        return {name: pack.read(name) for name in pack.namelist()}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_search_leads_to_a_form_with_its_question(site: Site, language: str) -> None:
    found = site.get("/search", q="ميراث", country="ma", lang=language).text
    (address,) = re.findall(r'href="(/snapshots\?[^"]+)"', found)

    page = site.get(address.replace("&amp;", "&")).text

    assert '<input type="hidden" name="q" value="ميراث">' in page
    assert '<input type="hidden" name="country" value="ma">' in page


def test_what_a_search_found_is_frozen_and_shown_in_every_language(own_site: Site) -> None:
    number = len(own_site.rows("SELECT 1 FROM articles a JOIN outlets o ON o.id = a.outlet_id "
                               "WHERE a.language = 'ar' AND o.country = 'ma'"))  # fmt: skip

    answer = freeze(own_site, language="ar", country="ma")

    assert (answer.status_code, answer.headers["location"]) == (303, "/snapshots/first")
    assert own_site.rows("SELECT who, json_extract(facts, '$.rows.articles') FROM snapshots") == [
        ("tester", number)
    ]
    for language in LANGUAGES:
        page = own_site.get("/snapshots/first", lang=language).text
        assert "دراسة &lt;b&gt;" in page and "<b>" not in page
        assert own_site.rows("SELECT digest FROM snapshots")[0][0] in page
        assert '<a href="/snapshots/first">' in own_site.get("/snapshots", lang=language).text


def test_a_table_is_the_same_bytes_each_time_and_names_its_snapshot(own_site: Site) -> None:
    freeze(own_site, q="ميراث")

    one = download(own_site, "/snapshots/first/export/articles", format="csv")
    with closing(sqlite3.connect(own_site.path)) as later:
        later.execute("UPDATE articles SET headline = 'something else'")
        later.commit()
    two = download(own_site, "/snapshots/first/export/articles", format="csv")

    assert one["articles.csv"] == two["articles.csv"]
    about = json.loads(two["articles.csv.about.json"])
    assert about["snapshot"]["name"] == "first"
    assert own_site.get("/snapshots/first/export/mentions?format=xlsx").content[:2] == b"PK"


def test_citation_methods_and_datasheet_can_be_taken(own_site: Site) -> None:
    freeze(own_site, q="ميراث")

    digest = own_site.rows("SELECT digest FROM snapshots")[0][0]
    for text in ("bibtex", "csl", "datasheet"):
        answer = own_site.get(f"/snapshots/first/{text}")
        assert digest in answer.text
        assert "attachment" in answer.headers["content-disposition"]
    assert "First" not in own_site.get("/snapshots/first/methods", lang="fr").text
    assert "L'ensemble « first »" in own_site.get("/snapshots/first/methods", lang="fr").text
    assert "المجموعة «first»" in own_site.get("/snapshots/first/methods", lang="ar").text


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_set_is_checked_and_what_is_wrong_is_named(own_site: Site, language: str) -> None:
    freeze(own_site, q="ميراث")
    whole = own_site.get("/snapshots/first", verify="1", lang=language).text
    assert 'class="well"' in whole

    with closing(sqlite3.connect(own_site.path)) as by_hand:
        by_hand.execute("UPDATE snapshot_rows SET row = replace(row, 'a', 'b') WHERE position = 0")
        by_hand.commit()

    page = own_site.get("/snapshots/first", verify="1", lang=language).text
    assert 'class="well"' not in page and "not the words that were frozen" in page


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_changed_since_is_told(own_site: Site, language: str) -> None:
    freeze(own_site, q="ميراث")
    (number,) = own_site.rows(
        "SELECT article_id FROM snapshot_rows WHERE kind = 'articles' AND position = 0"
    )[0]
    own_site.post(f"/articles/{number}/judge", kind="leave_out", why="spam")

    changes = own_site.get("/snapshots/first/changes", lang=language).text
    page = own_site.get("/snapshots/first", lang=language).text

    assert f'<a href="/articles/{number}">' in changes
    words = {"en": "left out by a person", "fr": "écarté par", "ar": "استبعده شخص"}
    assert words[language] in changes
    assert '<p class="note">' in page


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"name": "with space"}, "name"),
        ({"name": "now"}, "name"),
        ({"why": " "}, "why"),
        ({"outlet": "nobody_at_all"}, "unknown"),
    ],
)
def test_what_cannot_be_frozen_is_said_and_the_form_keeps_what_was_typed(
    own_site: Site, language: str, fields: dict[str, str], why: str
) -> None:
    own_site.get("/snapshots", lang=language)

    answer = freeze(own_site, **({"q": "ميراث"} | fields))

    assert answer.status_code == 400
    assert 'role="alert" id="wrong"' in answer.text
    if why != "why":
        assert "دراسة &lt;b&gt;</textarea>" in answer.text
    assert own_site.rows("SELECT count(*) FROM snapshots") == [(0,)]


def test_a_name_is_given_once_and_a_wrong_one_is_not_found(own_site: Site) -> None:
    freeze(own_site, q="ميراث")

    assert freeze(own_site, q="ميراث").status_code == 400
    assert own_site.get("/snapshots/second").status_code == 404
    assert own_site.get("/snapshots/first/changes", **{"with": "second"}).status_code == 404
    assert own_site.get("/snapshots/first/export/judgements").status_code == 400


def test_a_set_is_frozen_and_cited_by_clicks_in_arabic(own_site: Site, page: Any) -> None:
    page.goto(own_site.url + "/search?q=ميراث")
    page.click('a[href^="/snapshots?"]')
    page.fill("#name", "mirath-2026")
    page.fill("#why", "دراسة")
    page.click(".freezing button")

    citation = page.input_value("#citation")
    assert page.url.endswith("/snapshots/mirath-2026")
    assert own_site.rows("SELECT digest FROM snapshots")[0][0] in citation
    assert page.evaluate("getComputedStyle(document.querySelector('main')).direction") == "rtl"
