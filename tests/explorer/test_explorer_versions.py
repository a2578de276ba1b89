"""The page on which two versions of an article are held against each other."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from deskkit import Site
from shelf import Shelf


def edited(site: Site) -> int:
    ((number,),) = site.rows("SELECT id FROM articles WHERE version = 2")
    return int(number)


def test_what_is_gone_and_what_is_new_are_marked(site: Site) -> None:
    page = site.get(f"/articles/{edited(site)}/versions", lang="ar").text

    assert "<del>جمعية ميراث الواحة</del> <ins>الشركة المكلفة</ins>" in page


def test_it_says_who_is_no_longer_named(site: Site) -> None:
    page = site.get(f"/articles/{edited(site)}/versions", lang="en").text

    assert '<bdi dir="auto">جمعية ميراث الواحة</bdi> is no longer named' in page


def test_the_pair_of_the_address_is_shown(site: Site) -> None:
    answer = site.get(f"/articles/{edited(site)}/versions?from=2&to=1&lang=en")

    assert "Version 1 and version 2" in answer.text


def test_versions_that_are_not_there_are_said_to_be_so(site: Site) -> None:
    number = edited(site)

    assert "is not there" in site.get(f"/articles/{number}/versions?from=1&to=9&lang=en").text
    assert site.get(f"/articles/{number}/versions?from=x&lang=en").status_code == 400
    assert site.get(f"/articles/{number}/versions?to={'9' * 40}&lang=en").status_code == 400
    assert site.get("/articles/9999999/versions?lang=en").status_code == 404


def test_one_version_has_nothing_to_compare_with(site: Site) -> None:
    assert "only one version" in site.get("/articles/1/versions", lang="en").text


@pytest.mark.parametrize("language", ["en", "fr", "ar"])
def test_versions_of_different_readers_are_shown_and_not_compared(
    serve: Any, tmp_path: Path, language: str
) -> None:
    shelf = Shelf(tmp_path / "marsad.db")
    number = shelf.store("كان هنا نص أول.\nوسطر ثان.")
    shelf.again(number, "صار هنا نص آخر تماما.\nوسطر ثان.")
    with shelf.db.write():
        shelf.db.execute("UPDATE article_versions SET reader_version = '0' WHERE version = 1")
    shelf.db.close()

    page = serve(shelf.path).get(f"/articles/{number}/versions", lang=language).text

    assert "<ins" not in page
    assert "كان هنا نص أول." in page
    assert "صار هنا نص آخر تماما." in page
    assert "marsad reread" in page


def test_a_word_of_the_other_direction_stands_where_it_was(
    serve: Any, tmp_path: Path, new_page: Any
) -> None:
    """In an Arabic line the word that was there comes first, from the right, also in Latin."""
    shelf = Shelf(tmp_path / "marsad.db")
    number = shelf.store("نشرت قناة BBC الخبر مساء أمس في القرية البعيدة.")
    shelf.again(number, "نشرت قناة CNN الخبر مساء أمس في القرية البعيدة.")
    shelf.db.close()
    page = new_page()

    page.goto(serve(shelf.path).url + f"/articles/{number}/versions")

    was, now = page.locator(".diff del").bounding_box(), page.locator(".diff ins").bounding_box()
    assert was["x"] > now["x"]
    assert page.locator(".diff del").inner_text() == "BBC"


def test_a_line_that_is_wholly_new_or_gone_runs_in_its_own_direction(
    serve: Any, tmp_path: Path, new_page: Any
) -> None:
    shelf = Shelf(tmp_path / "marsad.db")
    number = shelf.store("هذا السطر يبقى كما هو.\nوهذا سطر يذهب كله.")
    shelf.again(number, "هذا السطر يبقى كما هو.\nToute cette ligne est nouvelle.")
    shelf.db.close()
    page = new_page()

    page.goto(serve(shelf.path).url + f"/articles/{number}/versions")

    directions = page.eval_on_selector_all(
        ".diff p:has(del), .diff p:has(ins)", "all => all.map(p => getComputedStyle(p).direction)"
    )
    assert directions == ["rtl", "ltr"]
