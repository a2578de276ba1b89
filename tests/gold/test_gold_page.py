"""The page on which people mark articles, in a real browser: it works, and asks nobody anything."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from browsers import chromium
from goldpages import BODY, HOSTILE, gold_page

import crawler.gold.page
from crawler.gold.page import LANGUAGES, marking_page, words
from crawler.gold.records import read_marks

PAGES = [gold_page(HOSTILE.encode()), gold_page(BODY.replace(b"<p>", b"<p>a</p><p>b</p><p>"))]


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """A headless Chromium."""
    with chromium() as running:
        yield running


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


class Watched:
    """A browser's page with what it asked for and what went wrong on it."""

    def __init__(self, browser: Any, file: Path) -> None:
        self.asked: list[str] = []
        self.stopped: set[str] = set()  # by the page's own policy, before anything left
        self.wrong: list[str] = []
        self.page = browser.new_context(accept_downloads=True).new_page()
        self.page.set_default_timeout(15_000)
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.on("requestfailed", self._failed)
        self.page.on("pageerror", lambda error: self.wrong.append(str(error)))
        self.page.on("console", lambda message: self.wrong.append(message.text))
        self.page.goto(file.as_uri())

    def _failed(self, request: Any) -> None:
        if request.failure == "csp":
            self.stopped.add(request.url)

    def elsewhere(self) -> set[str]:
        """What it asked of others: not of its own file, nor of what it made itself."""
        own = {self.page.url, *(url for url in self.asked if url.startswith("blob:"))}
        return {*self.asked} - own - self.stopped

    def mark(self) -> None:
        """Say no to the first page; of the second, mark headline, day and two lines."""
        page = self.page
        page.check("input[name=article][value=no]")
        page.click("#next")
        page.check("input[name=article][value=yes]")
        page.locator("#lines button").first.click()
        page.locator("#lines label").nth(1).click()
        page.locator("#lines label").nth(3).click(modifiers=["Shift"])
        page.locator("#lines label").nth(2).click()
        page.fill("#day", "2026-03-01")

    def save(self, folder: Path) -> Path:
        """Save the marks; gives the file that came."""
        with self.page.expect_download() as download:
            self.page.click("#save")
        saved: Path = folder / download.value.suggested_filename
        download.value.save_as(saved)
        return saved


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """The page as it lies on somebody's disk."""
    file = tmp_path / "ma_a.html"
    file.write_text(marking_page("مرآة", "ma_a", PAGES, "ar"), encoding="utf-8")
    return file


def test_a_person_marks_pages_saves_them_and_goes_on_later(
    browser: Any, file: Path, tmp_path: Path
) -> None:
    seen = Watched(browser, file)
    page = seen.page
    assert page.locator("#lines input:checked").count() == 0  # nothing is marked for anybody
    page.click("#save")
    assert page.inner_text("#told") == words()["need_initials"]["ar"]
    page.fill("#initials", "AB")
    seen.mark()
    saved = seen.save(tmp_path)
    page.reload()
    page.set_input_files("#go_on", saved)
    page.get_by_text(words()["done"]["ar"].format(n=2, all=2)).wait_for()
    page.press("#next", "Enter")  # while frames are made anew, Chromium loses a mouse's click
    page.get_by_text(words()["marked"]["ar"].format(n=2)).wait_for()

    assert page.locator("#lines input:checked").count() == 2
    assert saved.name == "ma_a.AB.marks.jsonl"
    no, yes = read_marks([saved])
    assert (no.article, no.text, no.page) == (False, "", PAGES[0].id)
    assert (yes.article, yes.headline, str(yes.day)) == (True, "خبر", "2026-03-01")
    assert yes.text == "a\nنص الخبر القصير هنا"
    assert (seen.elsewhere(), seen.stopped, seen.wrong) == (set(), set(), [])


def test_the_page_speaks_three_languages_each_in_its_direction(browser: Any, file: Path) -> None:
    seen = Watched(browser, file)

    told = {}
    for language in LANGUAGES:
        seen.page.select_option("#language", language)
        direction = seen.page.evaluate("document.documentElement.dir")
        told[language] = (direction, seen.page.inner_text("#save"))

    assert told["ar"] == ("rtl", words()["save"]["ar"])
    assert told["fr"] == ("ltr", words()["save"]["fr"])
    assert told["en"] == ("ltr", words()["save"]["en"])


def test_even_a_page_that_was_not_made_harmless_can_ask_nobody_and_run_nothing(
    browser: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(crawler.gold.page, "harmless_html", lambda markup: markup)
    file = tmp_path / "ma_a.html"
    file.write_text(marking_page("A", "ma_a", PAGES, "en"), encoding="utf-8")

    seen = Watched(browser, file)
    shown = seen.page.frame_locator("#view").locator("body").inner_text()
    seen.page.wait_for_timeout(300)

    assert "Good words" in shown
    assert seen.elsewhere() == set()
