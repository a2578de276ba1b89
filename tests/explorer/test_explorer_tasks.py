"""Eight tasks of a researcher who reads Arabic, in a browser, none of more than six actions.

An action is a click, a field that is filled, or a choice; opening the site is none. What is found
is compared with what plain SQL says of the archive.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import openpyxl
import pytest
from deskkit import Site
from deskworld import SPELLINGS

MOST = 6
NAMED = "SELECT count(DISTINCT article_id) FROM mentions WHERE actor_id = 'ma_mirath' AND counted"


class Hands:
    """What somebody does in a browser, counted; it begins at the overview."""

    def __init__(self, page: Any, site: Site) -> None:
        self.page, self.site, self.actions = page, site, 0
        page.goto(site.url + "/")

    def click(self, name: str, role: str = "link") -> None:
        """Click the first thing of that name in the main part or else in the header."""
        self._act()
        self._follow(self._named(name, role).click)

    def press(self, where: str) -> None:
        """Click what a selector names."""
        self._act()
        self._follow(self.page.locator(where).first.click)

    def download(self, name: str) -> Any:
        """Click a button that leads to no page but to a file."""
        self._act()
        with self.page.expect_download() as coming:
            self._named(name, "button").click()
        return coming.value

    def fill(self, field: str, words: str) -> None:
        """Type words into a field, in place of what stands there."""
        self._act()
        self.page.locator(f"main [name={field}]").first.fill(words)

    def find(self, words: str) -> None:
        """Type into the box at the top and send it: two actions."""
        self._act()
        self.page.locator("header [name=q]").fill(words)
        self._act()
        self._follow(lambda: self.page.locator("header [name=q]").press("Enter"))

    @property
    def text(self) -> str:
        """What can be read in the main part."""
        return str(self.page.locator("main").inner_text())

    def _named(self, name: str, role: str) -> Any:
        for place in (self.page.locator("main"), self.page.locator("header")):
            found = place.get_by_role(role, name=name)
            if found.count():
                return found.first
        raise AssertionError(f"no {role} {name!r} on {self.page.url}: {self.text[:1500]}")

    def _follow(self, act: Callable[[], None]) -> None:
        """Do what asks for a page, and wait until it is there: a click returns before that."""
        with self.page.expect_navigation(wait_until="load"):
            act()
        self.page.wait_for_load_state("networkidle")

    def _act(self) -> None:
        self.actions += 1
        assert self.actions <= MOST, "too many actions"


@pytest.fixture
def hands(page: Any, site: Site) -> Hands:
    return Hands(page, site)


@pytest.fixture
def own_hands(page: Any, own_site: Site) -> Hands:
    return Hands(page, own_site)


def test_find_all_about_one_organisation_in_three_spellings(hands: Hands) -> None:
    hands.find("Mirath al-Waha")
    hands.click(SPELLINGS[0])

    [(articles,)] = hands.site.rows(NAMED)
    assert str(articles) in hands.page.locator("[role=status]").inner_text()
    assert all(spelling in hands.text for spelling in SPELLINGS)


def test_its_share_of_each_outlet_in_a_year(hands: Hands) -> None:
    hands.click("الفاعلون")
    hands.click(SPELLINGS[0])
    hands.fill("first", "2025-12-01")
    hands.fill("last", "2026-11-30")
    hands.click("عرض", "button")

    table = hands.page.locator("table", has_text="صحيفة المثال").first.inner_text()
    [(named, total)] = hands.site.rows(
        "SELECT count(DISTINCT m.article_id), (SELECT count(*) FROM articles "
        "WHERE outlet_id = 'ma_sahifa') FROM mentions m JOIN articles a ON a.id = m.article_id "
        "WHERE m.actor_id = 'ma_mirath' AND m.counted AND a.outlet_id = 'ma_sahifa'"
    )
    line = next(line for line in table.splitlines() if "صحيفة المثال" in line)
    assert str(named) in line
    assert str(total) in line
    assert f"{100 * named / total:.1f}" in line


def test_what_one_outlet_changed_after_publication(hands: Hands) -> None:
    hands.click("وسائل الإعلام")
    hands.click("وكالة النهر المثالية")
    hands.click("البلدية تتحدث عن تأخر الجسر المثالي")

    assert "جمعية ميراث الواحة" in hands.page.locator("main del").all_inner_texts()
    assert "الشركة المكلفة" in hands.page.locator("main ins").all_inner_texts()


def test_who_copied_an_agency_text(hands: Hands) -> None:
    hands.find("مضخات")
    hands.press(".hits .line a[href^='/stories/']")

    told = hands.text
    assert all(name in told for name in ("صحيفة المثال", "مرسى المثال", "Rojnameya Nimûne"))
    assert told.index("2026-02-09") < told.index("2026-02-16")
    assert told.index("وكالة النهر المثالية") < told.index("Rojnameya Nimûne")


def test_export_what_was_found_to_excel(hands: Hands, tmp_path: Any) -> None:
    hands.find("ميراث")
    hands.press("main a[href^='/export/articles']")
    hands.download("تنزيل").save_as(tmp_path / "found.xlsx")

    book = openpyxl.load_workbook(tmp_path / "found.xlsx", read_only=True)
    rows = max(sum(1 for _ in sheet.iter_rows()) for sheet in book.worksheets)
    book.close()
    [(articles,)] = hands.site.rows(
        "SELECT count(*) FROM articles a JOIN article_texts t ON t.article_id = a.id "
        "WHERE a.headline LIKE '%ميراث%' OR t.text LIKE '%ميراث%'"
    )
    assert rows >= articles + 1


def test_cite_a_frozen_set(own_hands: Hands) -> None:
    hands = own_hands
    hands.find("ميراث")
    hands.press("main a[href^='/snapshots']")
    hands.fill("name", "mirath-2026")
    hands.fill("why", "دراسة عن التغطية")
    hands.click("تجميد", "button")

    [(name, digest)] = hands.site.rows("SELECT name, digest FROM snapshots")
    assert name in hands.text
    assert digest[:12] in hands.text


def test_see_when_an_outlet_was_down(hands: Hands) -> None:
    hands.click("وسائل الإعلام")
    hands.click("La Dépêche Exemple")

    down = hands.page.locator("section", has_text="متى كان").last.inner_text()
    assert "2026-04-20" in down


def test_reject_a_wrong_mention(own_hands: Hands) -> None:
    hands = own_hands
    hands.find("الحلاق")
    hands.click("سليم النموذجي الحلاق يفتح دكانا")
    hands.click("ليس المقصود سليم النموذجي")
    hands.fill("why", "حلاق بالاسم نفسه")
    hands.press("main form.judging button")

    assert hands.site.rows("SELECT kind, actor_id, who FROM judgements") == [
        ("not_this", "iq_salim", "tester")
    ]
    counted = hands.site.rows(
        "SELECT sum(counted) FROM mentions m JOIN articles a ON a.id = m.article_id "
        "WHERE a.headline LIKE '%الحلاق%' AND m.actor_id = 'iq_salim'"
    )
    assert counted == [(0,)]
