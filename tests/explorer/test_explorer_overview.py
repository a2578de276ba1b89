"""The first page, as a researcher opens it: in three languages, on an empty archive, hostile."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from deskkit import Site

from storage.database import open_database
from storage.events import EventStore

HOSTILE = "<script>alert(1)</script>\u202egnp"


def test_the_first_page_says_what_there_is(site: Site) -> None:
    html = site.get("/", lang="en").text

    assert "218 articles" in html
    assert "Morocco" in html
    assert "جمعية ميراث الواحة" in html
    assert "No outlet is in trouble." in html


@pytest.mark.parametrize(("language", "word"), [("fr", "Maroc"), ("ar", "المغرب")])
def test_it_speaks_the_language_that_was_asked_for(site: Site, language: str, word: str) -> None:
    html = site.get("/", lang=language).text

    assert word in html
    assert "Morocco" not in html


def test_a_hidden_actor_is_nowhere(site: Site) -> None:
    assert "مخفية المثالية" not in site.get("/", lang="ar").text


def test_an_outlet_in_trouble_leads_to_when_it_was_down(own_site: Site, new_page: Any) -> None:
    with open_database(own_site.path) as db:
        store = EventStore(db)
        store.open("blocked", "ma_depeche", "direct", {"way": "https://depeche.test/rss"})
    page = new_page()
    page.goto(own_site.url + "/?lang=ar")
    page.get_by_role("link", name="La Dépêche Exemple").first.click()
    page.wait_for_url("**/outlets/ma_depeche#down")

    assert page.locator("#down").is_visible()
    assert page.get_by_text("يحجبنا").first.is_visible()


def test_when_any_outlet_was_down_is_two_steps_from_the_first_page(
    site: Site, new_page: Any
) -> None:
    page = new_page()
    page.goto(site.url + "/?lang=ar")
    page.get_by_role("link", name="التغطية", exact=True).click()
    page.wait_for_url("**/coverage*")  # the first page has a link of that name too
    page.get_by_role("link", name="La Dépêche Exemple").click()
    page.wait_for_url("**/outlets/ma_depeche?*#down")

    assert page.get_by_role("heading", name="متى كان متعطلًا").is_visible()


def test_an_archive_without_a_run_says_what_to_expect(
    serve: Callable[..., Site], tmp_path: Path
) -> None:
    path = tmp_path / "marsad.db"
    open_database(path).close()
    empty = serve(path)

    for address in ("/", "/coverage", "/outlets", "/status"):
        for language in ("en", "fr", "ar"):
            assert empty.get(address, lang=language).status_code == 200
    assert "Nothing was collected yet" in empty.get("/", lang="en").text


def test_names_and_headlines_of_others_are_text(own_site: Site, new_page: Any) -> None:
    with open_database(own_site.path) as db, db.write():
        db.execute("UPDATE outlets SET name = ?", (HOSTILE,))
        db.execute("UPDATE articles SET headline = ?", (HOSTILE,))
        db.execute("UPDATE actors SET name = ?", (HOSTILE,))
        db.execute("UPDATE mentions SET label = ?", (HOSTILE,))
        db.execute("UPDATE events SET closed_at = NULL")
    page = new_page()
    for address in ("/", "/coverage", "/outlets", "/outlets/ma_sahifa"):
        page.goto(own_site.url + address)

        assert "<script>alert(1)</script>" in page.locator("main").inner_text()
        assert "\u202e" not in page.content()


@pytest.mark.parametrize("address", ["/", "/coverage", "/outlets", "/outlets/ma_sahifa", "/status"])
def test_a_telephone_shows_every_page_under_the_policy_of_the_doors(
    site: Site, new_page: Any, address: str
) -> None:
    page = new_page(viewport={"width": 400, "height": 800})
    policy = page.goto(site.url + address).headers["content-security-policy"]
    page.wait_for_load_state("networkidle")
    wide = page.evaluate("document.documentElement.scrollWidth > innerWidth")

    assert "default-src 'none'" in policy
    assert not wide
    assert page.locator("h1").count() == 1
