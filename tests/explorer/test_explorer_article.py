"""The page of one article, as it is served and as a browser shows it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from deskkit import Site
from shelf import Shelf

from storage.judgements import JudgementStore
from storage.models import CapturePlace, Mention

MADE = {"who": "مكتب الترميز", "why": "قرأه شخص"}


def number_of(site: Site, headline: str) -> int:
    ((number,),) = site.rows("SELECT id FROM articles WHERE headline LIKE ?", f"%{headline}%")
    return int(number)


def test_it_says_what_it_rests_on(site: Site) -> None:
    number = number_of(site, "الحلاق")

    page = site.get(f"/articles/{number}", lang="en").text

    (content_hash,) = site.rows(
        "SELECT content_hash FROM article_texts WHERE article_id = ?", number
    )[0]
    for piece in (content_hash, "https://sahifa.test/rss", "stored as new", "jsonld", "200"):
        assert piece in page


def test_names_lead_to_their_actors(site: Site) -> None:
    page = site.get(f"/articles/{number_of(site, 'الحلاق')}", lang="en").text

    named = '<a class="named counted" href="/actors/iq_salim"><mark>سليم النموذجي</mark></a>'
    assert page.count(named) == 2


def test_the_live_link_tells_nobody_where_it_came_from(site: Site) -> None:
    page = site.get("/articles/1", lang="en").text

    assert 'href="https://sahifa.test/a/1" rel="noreferrer noopener external"' in page


def test_an_article_is_found_by_its_address(site: Site) -> None:
    answer = site.get("/articles", url="http://www.sahifa.test/a/1/")

    assert (answer.status_code, answer.headers["location"]) == (303, "/articles/1")


def test_an_address_that_is_not_held_is_said_to_be_so(site: Site) -> None:
    answer = site.get("/articles", url="https://nowhere.test/<script>alert(1)</script>", lang="en")

    assert answer.status_code == 404
    assert "No article is held under" in answer.text
    assert "<script>alert" not in answer.text


@pytest.mark.parametrize("path", ["/articles/99999999", "/articles/999999999999999999"])
def test_there_is_no_article_of_such_a_number(site: Site, path: str) -> None:
    answer = site.get(path, lang="fr")

    assert answer.status_code == 404
    assert "Il n&#39;y a pas d&#39;article" in answer.text


@pytest.mark.parametrize("language", ["en", "fr", "ar"])
def test_every_state_of_an_article_has_its_words(serve: Any, tmp_path: Path, language: str) -> None:
    site = serve(_states(tmp_path / "marsad.db"))

    for number in range(1, 6):
        answer = site.get(f"/articles/{number}", lang=language)
        assert answer.status_code == 200


def test_what_was_left_out_not_kept_or_removed_says_so(serve: Any, tmp_path: Path) -> None:
    site = serve(_states(tmp_path / "marsad.db"))

    pages = [site.get(f"/articles/{number}", lang="en").text for number in range(1, 5)]

    assert "Left out of the study" in pages[0]
    assert MADE["why"] in pages[0]
    assert "The text was not kept" in pages[1]
    assert "removed on" in pages[2]
    assert "2026-05-01" in pages[2]
    assert "a person&#39;s judgement" in pages[3]
    assert "people judged otherwise" in pages[3]


def test_hostile_words_show_as_text(serve: Any, tmp_path: Path, new_page: Any) -> None:
    shelf = Shelf(tmp_path / "marsad.db")
    evil = "<img src=x onerror=alert(1)>\u202e<script>alert(2)</script>"
    shelf.store(f"{evil}\n{evil}", evil, byline=evil, section=evil, image_url="javascript:alert(3)")
    shelf.db.close()
    page = new_page(locale="en-GB")

    page.goto(serve(shelf.path).url + "/articles/1")

    assert "<script>alert(2)</script>" in page.locator(".text").inner_text()
    assert page.locator("img").count() == 0
    assert "\u202e" not in page.content()
    assert page.locator('a[href^="javascript"]').count() == 0


def test_each_paragraph_runs_in_its_own_direction(
    serve: Any, tmp_path: Path, new_page: Any
) -> None:
    shelf = Shelf(tmp_path / "marsad.db")
    shelf.store("قال الناشط نعم.\nElle a dit oui.\n(12) نعم، 3.5% من الكتب.", "Titre عربي")
    shelf.db.close()
    page = new_page()

    page.goto(serve(shelf.path).url + "/articles/1")

    found = page.eval_on_selector_all(
        ".text p",
        "all => all.map(p => [getComputedStyle(p).direction, getComputedStyle(p).textAlign])",
    )
    assert found == [["rtl", "start"], ["ltr", "start"], ["rtl", "start"]]
    assert page.evaluate("getComputedStyle(document.querySelector('h1')).direction") == "ltr"


def test_a_mark_in_the_middle_of_a_word_does_not_part_its_letters(
    serve: Any, tmp_path: Path, new_page: Any
) -> None:
    """The word takes as much room with a mark in it as without."""
    shelf = Shelf(tmp_path / "marsad.db")
    shelf.store("بالساقيةهنا", extra=(Mention("ma_saqiya", 3, 8, "ساقية", "ساقية", "auto"),))
    shelf.db.close()
    page = new_page()
    width = (
        "() => { const range = document.createRange();"
        "range.selectNodeContents(document.querySelector('.text p'));"
        "return range.getBoundingClientRect().width }"
    )
    site = serve(shelf.path)

    page.goto(site.url + "/articles/1")
    assert page.locator(".text mark").inner_text() == "ساقية"
    marked = page.evaluate(width)
    page.evaluate("const p = document.querySelector('.text p'); p.textContent = p.textContent")

    assert page.evaluate(width) == pytest.approx(marked, abs=0.6)


def _states(path: Path) -> Path:
    """Articles left out, without text, without capture, judged, and without a date."""
    shelf = Shelf(path)
    text = "قالت لينا المثال الأزرق إن المطر قريب."
    capture = {"capture": CapturePlace("run-1.warc.gz", 1, 2)}
    numbers = [shelf.store(f"{text} {n}", fetch=capture) for n in range(4)]
    shelf.store(text, published_at=None, published_precision="unknown", text_complete=False)
    store = JudgementStore(shelf.db, clock=lambda: shelf.now)
    store.leave_out(numbers[0], **MADE)
    store.date(numbers[3], "2026-02-14", **MADE)
    store.language(numbers[3], "ckb", **MADE)
    store.not_this(numbers[3], "iq_lina", **MADE)
    store.withdraw(3, **MADE)
    with shelf.db.write():
        shelf.db.execute("UPDATE articles SET text_kept = 0 WHERE id = ?", (numbers[1],))
        shelf.db.execute(
            "UPDATE fetches SET capture_file = NULL, capture_removed_at = '2026-05-01T00:00:00Z' "
            "WHERE id = (SELECT fetch_id FROM article_texts WHERE article_id = ?)", (numbers[2],)
        )  # fmt: skip
    shelf.db.close()
    return path
