"""The list of outlets and the page of one, as HTML and in a browser."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from deskkit import Site

from storage.database import open_database
from storage.times import utc_now

YEAR = {"first": "2025-11-24", "last": "2026-11-23"}


def test_the_list_narrows_to_a_country(site: Site) -> None:
    everything = site.get("/outlets", lang="en").text
    some = site.get("/outlets", lang="en", country="bh").text

    assert [len(re.findall('<th scope="row">', html)) for html in (everything, some)] == [5, 1]
    assert "In exile" in some


def test_label_and_alignment_are_said_to_differ(site: Site) -> None:
    assert "something else" in site.get("/outlets", lang="en").text
    assert "say nothing of its alignment" in site.get("/outlets/ma_sahifa", **YEAR, lang="en").text


def test_the_page_of_an_outlet_names_actors_with_share(site: Site) -> None:
    html = site.get("/outlets/ma_sahifa", **YEAR, lang="en").text
    (counted,) = site.rows(
        "SELECT count(DISTINCT m.article_id), (SELECT count(*) FROM articles "
        "WHERE outlet_id = 'ma_sahifa' AND published_day IS NOT NULL) FROM mentions m "
        "JOIN articles a ON a.id = m.article_id WHERE a.outlet_id = 'ma_sahifa' "
        "AND m.actor_id = 'ma_mirath' AND m.counted"
    )
    row = re.search(r'<tr><th scope="row"><a href="/actors/ma_mirath">.*?</tr>', html, re.S)

    assert row is not None
    assert f">{counted[0]}</a>" in row[0]
    assert f'<td class="figure">{counted[1]}</td>' in row[0]
    assert f"{100 * counted[0] / counted[1]:.1f}%" in row[0]


def test_a_count_leads_to_the_search_for_these_very_articles(site: Site, page: Any) -> None:
    page.goto(site.url + "/outlets/ma_sahifa?first=2025-11-24&last=2026-11-23")
    row = page.locator("#actors ~ .wide tr").filter(has_text="جمعية ميراث الواحة")
    link = row.locator("td a").get_attribute("href")
    asked = parse_qs(urlsplit(link).query)

    assert asked == {
        "actor": ["ma_mirath"],
        "outlet": ["ma_sahifa"],
        "after": ["2025-11-24"],
        "before": ["2026-11-24"],
    }


def test_the_outage_is_told_with_its_days(site: Site) -> None:
    html = site.get("/outlets/ma_depeche", **YEAR, lang="en").text

    assert "Cannot be reached" in html
    assert "2026-04-20 21:00 UTC" in html
    assert "2026-05-11 21:00 UTC" in html


def test_an_edit_leads_to_the_versions(site: Site) -> None:
    html = site.get("/outlets/iq_nahr", **YEAR, lang="en").text

    assert "A name was taken out" in html
    assert re.search(r'href="/articles/\d+/versions"', html)


def test_who_carried_the_agency_first_is_told(site: Site) -> None:
    html = site.get("/outlets/iq_rojname", **YEAR, lang="en").text

    assert "3 of 3" in html
    assert "مرسى المثال" in html


def test_the_chart_is_drawn_and_its_unwatched_days_are_hatched(site: Site, page: Any) -> None:
    page.goto(site.url + "/outlets/ma_depeche?first=2025-11-24&last=2026-11-23&lang=ar")
    page.locator(".chart.drawn svg").wait_for()

    assert page.locator(".chart-hatched").count() > 0
    assert "غير متابَع" in page.locator(".chart-notes").inner_text()


def test_the_calendar_goes_to_the_year_before(site: Site, page: Any) -> None:
    page.goto(site.url + "/outlets/ma_sahifa?year=2026&lang=en")
    page.get_by_role("link", name="2025").click()
    page.wait_for_url("**year=2025**")

    assert page.get_by_role("heading", name="Coverage in 2025").is_visible()
    assert page.locator(".calendar.year td").count() == 365


@pytest.mark.parametrize("year", ["x", "0", "99999", "2099", "²"])
def test_a_year_that_is_none_is_this_year(site: Site, year: str) -> None:
    assert site.get("/outlets/ma_sahifa", year=year).status_code == 200


def test_the_calendar_ends_today(site: Site) -> None:
    page = site.get("/outlets/ma_depeche", lang="en").text
    months = re.findall(
        r'<bdi dir="ltr">(\d{4}-\d{2})</bdi></th>', page.partition('id="calendar"')[2]
    )
    assert months
    assert max(months) <= f"{utc_now() + timedelta(days=1):%Y-%m}"


def test_each_night_says_how_well_its_pages_were_read(site: Site) -> None:
    page = site.get("/outlets/ma_sahifa", lang="en").text
    section = page.partition('id="reading"')[2].partition("</section>")[0]
    sql = "SELECT sum(articles), sum(with_headline) FROM reading_counts WHERE outlet_id = ?"
    with open_database(site.path, readonly=True) as db:
        (articles, headed) = tuple(db.one(sql, ("ma_sahifa",)) or ())

    assert articles and articles == headed
    assert "Plausible length" in section
    assert "100%" in section


def test_days_are_typed_as_they_are_shown(site: Site, page: Any) -> None:
    """The browser's own field would show them in the order of its language: 03/04 of what?"""
    page.goto(site.url + "/outlets/ma_depeche?lang=fr")
    box = page.locator("input[name=first]")
    assert re.fullmatch(r"\d{4}-\d{2}-\d{2}", box.input_value())
    box.fill("03/04/2026")
    assert not box.evaluate("box => box.checkValidity()")
    assert "2026-03-01" in box.get_attribute("title")


def test_an_outlet_that_is_none_is_said_to_be(site: Site) -> None:
    answer = site.get("/outlets/xx_nobody", lang="en")

    assert answer.status_code == 404
    assert "xx_nobody" in answer.text


def test_a_declared_blindness_heads_the_page(own_site: Site) -> None:
    with open_database(own_site.path) as db, db.write():
        db.execute(
            "UPDATE outlets SET blind_since = '2026-04-10', blind_reason = 'the <b>feed</b> lies' "
            "WHERE id = 'ma_sahifa'"
        )
    html = own_site.get("/outlets/ma_sahifa", lang="en").text

    assert "until further notice" in html
    assert "the &lt;b&gt;feed&lt;/b&gt; lies" in html


@pytest.mark.parametrize("language", ["en", "fr", "ar"])
def test_no_entity_of_ours_is_shown_as_text(site: Site, page: Any, language: str) -> None:
    page.goto(f"{site.url}/outlets/ma_depeche?first=2025-11-24&last=2026-11-23&lang={language}")
    page.locator(".chart.drawn svg").wait_for()

    assert not re.search(r"&#?\w+;", page.locator("body").inner_text())
    titles = page.locator("[title]").evaluate_all("all => all.map(one => one.title).join()")
    assert not re.search(r"&#?\w+;", titles)
