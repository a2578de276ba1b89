"""The table of outlets by days: what each cell says to the eye, the ear and the keyboard."""

from __future__ import annotations

import re
from typing import Any

import pytest
from deskkit import Site

from storage.database import open_database
from storage.desk.calendars import STATES
from storage.explorer.coverage_page import SIGNS
from storage.explorer.wording import catalogue

SPRING = {"first": "2026-04-01", "last": "2026-04-30", "lang": "en"}


def test_a_line_for_each_outlet_and_a_column_for_each_day(site: Site) -> None:
    html = site.get("/coverage", **SPRING).text

    assert len(re.findall(r'<th scope="row">', html)) == 5
    assert len(re.findall(r"<td class=\"day-", html)) == 5 * 30
    assert 'datetime="2026-04-30"' in html


def test_every_state_has_a_sign_of_its_own_and_words() -> None:
    words = catalogue()

    assert len({SIGNS[state] for state in STATES}) == len(STATES)
    assert all(f"coverage.state_{state}" in words for state in STATES)
    assert all(f"coverage.short_{state}" in words for state in STATES)


def test_a_cell_says_its_state_without_colour_or_sight(site: Site, page: Any) -> None:
    page.goto(site.url + "/coverage?first=2026-04-01&last=2026-04-07&lang=en")
    row = page.get_by_role("row").filter(has_text="La Dépêche Exemple")
    cell = row.get_by_role("cell").nth(1)

    assert cell.locator("[aria-hidden]").inner_text() == SIGNS["complete"]
    assert "complete" in cell.text_content()
    assert re.match(r"2026-04-01: complete", cell.get_attribute("title"))


def test_the_first_column_and_the_days_stay_when_one_scrolls(site: Site, page: Any) -> None:
    page.set_viewport_size({"width": 500, "height": 700})
    page.goto(site.url + "/coverage?first=2026-03-01&last=2026-05-31&lang=ar")
    name = page.get_by_role("rowheader").first
    before = name.bounding_box()["x"]
    page.locator(".days").evaluate("one => one.scrollBy(-600, 0)")

    assert page.locator(".days").evaluate("one => one.scrollLeft") < -100
    assert abs(name.bounding_box()["x"] - before) < 3


def test_the_table_can_be_reached_and_scrolled_by_keyboard(site: Site, page: Any) -> None:
    page.set_viewport_size({"width": 500, "height": 700})
    page.goto(site.url + "/coverage?first=2026-03-01&last=2026-05-31&lang=en")
    page.locator(".days").focus()
    for _ in range(5):
        page.keyboard.press("ArrowRight")

    days = page.locator(".days")
    # The policy of the doors lets no test wait by a function of its own.
    waited = (
        page.wait_for_timeout(50) or days.evaluate("one => one.scrollLeft") for _ in range(99)
    )
    assert any(left > 50 for left in waited)


def test_a_country_and_a_period_are_kept_when_one_goes_on(site: Site, page: Any) -> None:
    page.goto(site.url + "/coverage?country=iq&first=2026-04-01&last=2026-04-30&lang=fr")
    page.get_by_role("link", name="Jours suivants").click()
    page.wait_for_url("**first=2026-05-01**")

    assert "country=iq" in page.url
    assert "last=2026-05-30" in page.url
    assert page.get_by_role("rowheader").count() == 2


@pytest.mark.parametrize(
    "period", [{"first": "yesterday"}, {"first": "2026-05-01", "last": "2026-04-01"},
               {"last": "9999-12-31"}, {"first": "0001-01-01", "last": "0001-02-01"}]
)  # fmt: skip
def test_what_is_no_period_is_said(site: Site, period: dict[str, str]) -> None:
    answer = site.get("/coverage", **period, lang="en")

    assert answer.status_code == 400
    assert "no period" in answer.text


def test_more_days_than_a_table_holds_are_cut_and_that_is_said(site: Site) -> None:
    html = site.get("/coverage", first="2025-01-01", last="2026-04-30", lang="en").text

    assert "at most 92 days" in html
    assert len(re.findall(r"<td class=\"day-", html)) == 5 * 92


@pytest.mark.parametrize("page", ["0", "-1", "99999999999999999999", "x", "٣"])
def test_a_page_that_is_none_is_one_that_there_is(site: Site, page: str) -> None:
    assert site.get("/coverage", **SPRING, page=page).status_code == 200


def test_declared_days_show_as_such(own_site: Site) -> None:
    with open_database(own_site.path) as db, db.write():
        db.execute(
            "UPDATE outlets SET blind_since = '2026-04-10', blind_until = '2026-04-12', "
            "blind_reason = 'x' WHERE id = 'ma_sahifa'"
        )
    html = own_site.get("/coverage", **SPRING, country="ma").text

    assert html.count('class="day-declared"') == 3
