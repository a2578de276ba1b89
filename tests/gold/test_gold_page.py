"""The page on which people mark articles, in a real browser: it works, and asks nobody anything."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from gold.test_gold_marks import BODY, HOSTILE, gold_page

from crawler.gold.page import LANGUAGES, marking_page, words
from crawler.gold.records import read_marks

CHROMIUM = "/usr/bin/chromium"
PAGES = [gold_page(HOSTILE.encode()), gold_page(BODY.replace(b"<p>", b"<p>a</p><p>b</p><p>"))]


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """A headless Chromium."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"]
        )
        yield chromium
        chromium.close()


def test_every_word_is_there_in_each_language() -> None:
    for name, said in words().items():
        assert set(said) == set(LANGUAGES), name
        holes = [
            sorted(part.split("}")[0] for part in text.split("{")[1:]) for text in said.values()
        ]
        assert holes[0] == holes[1] == holes[2], name


def test_data_cannot_end_the_element_that_it_stands_in() -> None:
    page = replace(PAGES[0], url="https://a.test/</script><script>alert(1)</script>")
    made = marking_page("A </title><script>alert(2)</script>", "ma_a", [page], "en")

    assert made.count("<script") == 2
    assert made.count("</script") == 2


def test_a_person_marks_pages_and_saves_them_and_no_request_leaves(
    browser: Any, tmp_path: Path
) -> None:
    file = tmp_path / "ma_a.html"
    file.write_text(marking_page("مرآة", "ma_a", PAGES, "ar"), encoding="utf-8")
    asked, wrong = [], []
    context = browser.new_context(accept_downloads=True)
    context.set_default_timeout(15_000)
    page = context.new_page()
    page.on("request", lambda request: asked.append(request.url))
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda message: wrong.append(message.text))

    page.goto(file.as_uri())
    assert page.evaluate("document.documentElement.dir") == "rtl"
    assert "Good words" in page.frame_locator("#view").locator("body").inner_text()
    assert page.locator("#lines input:checked").count() == 0  # nothing is marked for anybody
    page.click("#save")
    assert page.inner_text("#told") == words()["need_initials"]["ar"]
    page.fill("#initials", "AB")
    page.check("input[name=article][value=no]")
    page.click("#next")
    page.check("input[name=article][value=yes]")
    page.locator("#lines button").first.click()
    page.locator("#lines label").nth(1).click()
    page.locator("#lines label").nth(3).click(modifiers=["Shift"])
    page.locator("#lines label").nth(2).click()
    page.fill("#day", "2026-03-01")
    page.select_option("#language", "fr")
    assert page.evaluate("document.documentElement.dir") == "ltr"
    assert page.inner_text("#done") == "Pages complètes : 2 sur 2"
    with page.expect_download() as download:
        page.click("#save")
    saved = tmp_path / download.value.suggested_filename
    download.value.save_as(saved)
    page.reload()
    page.set_input_files("#go_on", saved)
    page.click("#next")
    assert page.locator("#lines input:checked").count() == 2

    assert saved.name == "ma_a.AB.marks.jsonl"
    no, yes = read_marks([saved])
    assert (no.article, no.text, no.page) == (False, "", PAGES[0].id)
    assert (yes.article, yes.headline, str(yes.day)) == (True, "خبر", "2026-03-01")
    assert yes.text == "a\nنص الخبر القصير هنا"
    assert {url.partition("#")[0] for url in asked if not url.startswith("blob:")} == {
        file.as_uri()
    }
    assert wrong == []
    assert "lines" in json.loads(saved.read_text(encoding="utf-8").splitlines()[0])
    context.close()
