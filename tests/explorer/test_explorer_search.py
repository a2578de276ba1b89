"""The search page over HTTP, as a browser without scripts sees it."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest
from deskkit import Site

NAME = "جمعية ميراث الواحة"
ALL = "SELECT count(*) FROM articles WHERE NOT withdrawn"


def said(page: str) -> str:
    """The words of a page, as they are read."""
    main = page[page.index("<main") : page.index("</main>")]
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", main)))


def articles_in(page: str) -> list[int]:
    """The articles of the list, in its order."""
    listed = page[page.index('class="hits"') : page.index("</ol>")]
    return [int(number) for number in re.findall(r'<h3><a href="/articles/(\d+)"', listed)]


def following(page: str) -> str | None:
    found = re.search(r'<a href="([^"]+)" rel="next"', page)
    return html.unescape(found[1]) if found else None


@pytest.mark.parametrize("order", ["newest", "oldest", "best"])
@pytest.mark.parametrize("fold", ["", "1"])
def test_all_pages_together_have_everything_once(site: Site, order: str, fold: str) -> None:
    of = "DISTINCT story_id" if fold else "*"
    ((every,),) = site.rows(ALL.replace("*", of))
    found: list[int] = []
    path: str | None = f"/search?order={order}&fold={fold}"
    while path is not None:
        page = site.client.get(path).text
        assert f'<ol class="hits" start="{len(found) + 1}">' in page
        found += articles_in(page)
        path = following(page)
    assert len(found) == len(set(found)) == every


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "articles"), ("fr", "Attention au fil du temps"), ("ar", "الاهتمام عبر الزمن")],
)
def test_a_page_is_in_the_language_that_is_asked(site: Site, language: str, words: str) -> None:
    page = site.get("/search", q=NAME, lang=language).text
    assert f'<html lang="{language}"' in page
    assert words in said(page)
    assert "<mark>جمعية</mark>" in page or "<mark>جمعيّة</mark>" in page


def test_typing_any_form_offers_the_actor(site: Site) -> None:
    for typed in ("ميراث", "Mirath al-Waha", "جمعيّه ميراث الواحه", "میراسی"):
        page = site.get("/search/offered", q=typed).text
        assert 'href="/search?actor=ma_mirath"' in page
    assert "ma_mirath" in site.get("/search", q="Mirath").text
    assert site.get("/search/offered", q="مخفية المثالية").text.strip() == ""


def test_choosing_the_offered_actor_keeps_the_days_and_filters(site: Site) -> None:
    kept = {"after": "2025-06-01", "country": "ma"}
    for path in ("/search", "/search/offered"):
        page = html.unescape(site.get(path, q="Mirath", **kept).text)
        assert 'href="/search?actor=ma_mirath&after=2025-06-01&country=ma"' in page, path
    half_typed = site.get("/search/offered", q="Mirath", after="2025-0").text
    assert 'href="/search?actor=ma_mirath"' in half_typed


def test_an_actor_is_told_by_written_form_with_none_left_out(site: Site) -> None:
    page = site.get("/search", actor="ma_mirath", lang="en").text
    ((union,),) = site.rows(
        "SELECT count(DISTINCT article_id) FROM mentions WHERE actor_id = 'ma_mirath' AND counted"
    )
    table = page[page.index('class="forms"') :]
    rows = re.findall(r'<th scope="row">(.*?)</th><td class="figure">(\d+)</td>', table)
    forms = {re.sub("<[^>]+>", "", form): int(number) for form, number in rows}
    assert f"{union} articles have at least one of these forms" in said(page)
    assert f"{union} articles · in" in said(page)
    assert forms["ڕێکخراوی میراسی واحە"] == 0
    assert sum(forms.values()) >= union > max(forms.values())


def test_each_value_of_a_facet_finds_as_many_as_it_says(site: Site) -> None:
    page = site.get("/search", q="الماء", lang="en").text
    facets = page[page.index('class="facets"') :]
    links = re.findall(r'<li><a href="([^"]+)">.*?</a> <span class="figure">(\d+)</span>', facets)
    assert len(links) > 8
    for address, number in links[:14]:
        narrowed = said(site.client.get(html.unescape(address)).text)
        assert re.search(rf"\b{number} articles?\b", narrowed), address


def test_where_an_actor_is_asked_for_its_places_are_marked(site: Site) -> None:
    page = site.get("/search", actor="iq_salim", kind="person").text
    assert "<mark>سليم النموذجي</mark>" in page
    assert "<mark>سليم النموذجي</mark>" in site.get("/search", q="theme:rights kind:person").text


def test_this_very_question_goes_on_to_export_save_and_freeze(site: Site) -> None:
    page = site.get("/search", q="الماء", country="ma", order="best").text
    taken = page[page.index('class="take"') :]
    links = [html.unescape(one) for one in re.findall(r'href="([^"]+)"', taken)][:4]
    assert len(links) == 4
    for address in links:
        answer = site.client.get(address)
        assert answer.status_code == 200
        assert "الماء" in html.unescape(answer.text)


def test_a_filter_that_is_set_can_be_taken_away(site: Site) -> None:
    page = site.get("/search", q="الماء", country="ma", after="2026-01-01").text
    chips = page[page.index('class="chips"') : page.index("</ul>", page.index('class="chips"'))]
    addresses = [html.unescape(one) for one in re.findall(r'href="([^"]+)"', chips)]
    assert len(addresses) == 2
    assert not any("country" in one and "after" in one for one in addresses)


def test_the_form_hands_on_what_is_not_in_it(site: Site) -> None:
    page = site.get("/search", actor="ma_mirath", order="oldest", fold="1").text
    assert '<input type="hidden" name="actor" value="ma_mirath">' in page
    assert '<option value="oldest" selected>' in page
    assert 'name="fold" value="1" checked' in page


@pytest.mark.parametrize(
    ("asked", "words", "marked"),
    [
        ({"q": 'ماء "مفتوح'}, "never closed", "&#34;مفتوح"),
        ({"q": "actr:x"}, "did you mean", "actr:"),
        ({"q": "alignment:exil"}, "did you mean exile", "alignment:exil"),
        ({"outlet": "ma_sahif"}, "did you mean ma_sahifa", ""),
        ({"after": "2026-05-01", "before": "2026-03-01"}, "No day is both", ""),
        ({"q": "after:2026-05 before:2026-03"}, "No day is both", ""),
        ({"order": "worst"}, "newest, oldest or best", ""),
        ({"from": "nowhere"}, "no place in a list", ""),
    ],
)
def test_a_mistake_is_told_in_words_and_at_its_place(
    site: Site, asked: dict[str, str], words: str, marked: str
) -> None:
    answer = site.get("/search", lang="en", **asked)
    assert answer.status_code == 400
    assert words in said(answer.text)
    assert not marked or f"<mark>{marked}</mark>" in answer.text
    assert html.escape(asked.get("q", ""), quote=True).replace("&quot;", "&#34;") in answer.text


def test_nothing_found_says_whether_anybody_looked_and_what_may_help(site: Site) -> None:
    page = said(site.get("/search", q="الماء ggggg", country="ma", lang="en").text)
    assert "Nothing found" in page
    assert "have at least one of the words" in page or "has one of the words" in page
    assert "Ask again without" in page
    assert "2 outlets asked" in page


@pytest.mark.parametrize(
    "hostile",
    [
        '"><script>alert(1)</script>',
        "<img src=x onerror=alert(1)>",
        "{{ 7 * 7 }}",
        "\u202e\u2066 حقوق \u202b",
        "%00'; DROP TABLE articles; --",
        "a" * 3000,
        "((((((((((((((((((((",
        "NEAR(a b)",
        "name:*",
    ],
)
def test_hostile_questions_are_text(site: Site, hostile: str) -> None:
    for asked in ({"q": hostile}, {"outlet": hostile}, {"after": hostile}, {"from": hostile}):
        answer = site.get("/search", **asked)
        assert answer.status_code in (200, 400), asked
        assert "<script>alert" not in answer.text
        assert "<img" not in answer.text
        main = answer.text[answer.text.index("<main") :]
        shown = re.sub(r' value="[^"]*"', "", main)
        assert "\u202e" not in shown
    assert site.rows(ALL) != [(0,)]


def test_a_large_archive_is_told_of_in_two_steps(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, few in (("MANY", 5), ("WALKED", 10), ("LARGE", 20)):
        monkeypatch.setattr(f"storage.desk.results.{name}", few)
    page = site.get("/search", q="الماء", language="ar", lang="en").text
    assert "More than" in said(page)
    assert 'class="facets"' not in page
    follows = [html.unescape(one) for one in re.findall(r'data-follows="([^"]+)"', page)]
    parts = [site.client.get(one).text for one in follows]
    assert 'class="attention"' in parts[0]
    assert 'class="facets"' in parts[1]
    whole = site.get("/search", q="الماء", language="ar", lang="en", whole="1").text
    assert 'class="facets"' in whole
    assert "More than" not in said(whole)


def test_what_follows_is_put_there_and_drawn_by_the_script(
    site: Site, page: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storage.desk.results.LARGE", 20)
    tab: Any = page
    tab.goto(site.url + "/search?actor=ma_mirath")
    tab.wait_for_selector(".facets")
    tab.wait_for_selector("figure.drawn svg")
    tab.fill("#q", "Mirath")
    tab.wait_for_selector("#offers a[href='/search?actor=ma_mirath']")


def test_the_words_of_the_page_name_every_field() -> None:
    from storage.explorer.wording import LANGUAGES, say
    from storage.query_fields import EXAMPLES

    for language in LANGUAGES:
        assert all(say(language, f"search.field_{name}") for name in EXAMPLES)
