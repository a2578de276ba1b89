"""The pages of actors: lists, one actor, its written forms, and the concordance in a browser."""

import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from deskkit import Site

from storage import reindexing
from storage.actors import write_forms
from storage.database import open_database
from storage.models import Actor, Alias

WHOLE = {"first": "2020-01-01", "last": "2026-12-31"}
LANGUAGES = ("en", "fr", "ar")


def _plain(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "path",
    ["/actors", "/actors/ma_mirath", "/actors/ma_mirath/forms", "/actors/ma_mirath/concordance",
     "/actors/term_activist"],
)  # fmt: skip
def test_each_page_speaks_the_three_languages_without_scripts(
    site: Site, path: str, language: str
) -> None:
    answer = site.get(path, lang=language, **WHOLE)
    assert answer.status_code == 200
    assert f'<html lang="{language}" dir="{"rtl" if language == "ar" else "ltr"}"' in answer.text
    assert "style=" not in answer.text and answer.text.count("<h1") == 1


def test_the_list_counts_what_the_search_finds_and_keeps_terms_apart(site: Site) -> None:
    actors = site.get("/actors", lang="en", **WHOLE).text
    assert "ma_mirath" in actors and "iq_salim" in actors
    assert "term_activist" not in actors and "bh_hidden" not in actors
    (count,) = site.rows(
        "SELECT count(DISTINCT article_id) FROM mentions_v WHERE actor_id = 'ma_mirath'"
        " AND published_day NOT NULL"
    )
    row = actors[actors.index("ma_mirath</small>") :]
    assert f">{count[0]}</a>" in row[: row.index("</tr>")]
    terms = site.get("/actors", terms="1", lang="en", **WHOLE).text
    assert "term_activist" in terms and "ma_mirath" not in terms


@pytest.mark.parametrize(
    ("asked", "there"),
    [
        ({"kind": "person"}, {"iq_salim"}),
        ({"country": "ma"}, {"ma_mirath"}),
        ({"theme": "rights"}, {"ma_mirath", "iq_salim"}),
        ({"name": "جمعيه ميرا"}, {"ma_mirath"}),
        ({"name": "salim al"}, {"iq_salim"}),
        ({"name": "nobody at all"}, set()),
    ],
)
def test_the_list_narrows(site: Site, asked: dict[str, str], there: set[str]) -> None:
    html = site.get("/actors", lang="en", **WHOLE, **asked).text
    assert set(re.findall(r'<small dir="ltr">(\w+)</small>', html)) == there


def test_a_long_list_has_everybody_on_exactly_one_page(
    serve: Callable[..., Site], world: Path, tmp_path: Path
) -> None:
    path = tmp_path / "marsad.db"
    shutil.copy(world, path)
    with open_database(path) as db, db.write():
        for number in range(120):
            named = {"id": f"xx_{number}", "name": "The same name", "kind": "cso"}
            db.insert("actors", {**named, "countries": "[]", "themes": "[]", "suppress": 0})
    many = serve(path)
    for order in ("articles", "name", "latest"):
        seen: list[str] = []
        pages = [many.get("/actors", order=order, page=str(n), **WHOLE).text for n in (1, 2, 3)]
        for html in pages:
            assert "xx_" in html, html[-1500:]
            seen += re.findall(r'<small dir="ltr">(\w+)</small>', html)
        assert len(seen) == len(set(seen)) == 122
        assert ['rel="next"' in html for html in pages] == [True, True, False]


def test_one_actor_is_told_with_shares_by_outlet_and_neighbours(site: Site) -> None:
    html = site.get("/actors/ma_mirath", lang="en").text
    (found,) = site.rows(
        "SELECT count(*), count(DISTINCT story_id) FROM (SELECT DISTINCT article_id, story_id"
        " FROM mentions_v WHERE actor_id = 'ma_mirath')"
    )
    text = _plain(html)
    assert f"Articles {found[0]} Stories {found[1]}" in text
    assert 'class="chart"' in html and "Share" in text
    assert "La Dépêche Exemple" in text
    assert "سليم النموذجي" in text, "named in the same article"
    assert "bh_hidden" not in html and "مخفية" not in html


def test_days_and_a_country_narrow_everything(site: Site) -> None:
    asked = {"first": "2026-01-01", "last": "2026-03-31", "country": "iq"}
    html = site.get("/actors/ma_mirath", lang="en", **asked).text
    assert "وكالة النهر المثالية" in html and "La Dépêche Exemple" not in html
    (count,) = site.rows(
        "SELECT count(DISTINCT m.article_id) FROM mentions_v m JOIN outlets_v o USING (outlet_id)"
        " WHERE actor_id = 'ma_mirath' AND m.published_day BETWEEN '2026-01-01' AND '2026-03-31'"
        " AND o.covers LIKE '%iq%'"
    )
    assert f"Articles {count[0]} Stories" in _plain(html)
    assert "after=2026-01-01" in html and "before=2026-04-01" in html
    kept = "country=iq&amp;first=2026-01-01&amp;last=2026-03-31"
    assert f"/concordance?{kept}" in html and f"/forms?{kept}" in html


@pytest.mark.parametrize("page", ["", "/forms", "/concordance"])
@pytest.mark.parametrize("who", ["bh_hidden", "nobody", "%3Cscript%3E"])
def test_hidden_and_unknown_actors_cannot_be_told_apart(site: Site, who: str, page: str) -> None:
    answer = site.get(f"/actors/{who}{page}", lang="en")
    assert answer.status_code in (302, 404)
    assert "مخفية" not in answer.text and "<script>" not in answer.text


@pytest.mark.parametrize(
    "wrong", ["first=2026-02-30", "first=2026-03-01&last=2026-01-01", "last=0001-01-01"]
)
def test_days_that_are_none_are_told_so(site: Site, wrong: str) -> None:
    assert site.get("/actors/ma_mirath/concordance", beyond="x").status_code == 400
    for path in ("/actors", "/actors/ma_mirath", "/actors/ma_mirath/forms"):
        assert site.client.get(f"{path}?{wrong}").status_code == 400


def test_the_forms_show_hits_per_spelling_those_with_none_and_what_is_near(
    serve: Callable[..., Site], world: Path, tmp_path: Path
) -> None:
    path = tmp_path / "marsad.db"
    shutil.copy(world, path)
    salim = Actor("iq_salim", "person", name="سليم النموذجي", aliases=(
        Alias("سليم النموذجي", "ar"), Alias("Salim Namoodhajy", "en"),
        Alias("Selim Nemoudaji", "en", generated=True),
    ))  # fmt: skip
    with open_database(path) as db:
        write_forms(db, [salim])
        with db.write():
            db.execute("UPDATE article_texts SET text = replace(text, 'البحر', 'سليم النموزجي')"
                       " WHERE article_id IN (SELECT id FROM articles WHERE outlet_id = 'bh_marsa')"
                       " AND article_id NOT IN (SELECT article_id FROM mentions)")  # fmt: skip
            db.execute("UPDATE article_words SET fold_version = 0")
        reindexing.reindex(db, 0, 1_000)
    html = serve(path).get("/actors/iq_salim/forms", lang="en").text
    text = _plain(html)
    assert "Salim Namoodhajy 0 0" in text
    assert "Salim al-Namouthaji not on the watchlist any more 1 1" in text
    assert "1 spelling made by rule was found nowhere Selim Nemoudaji" in text
    near = text[text.index("Spellings that the watchlist lacks") :]
    assert "سليم النموزجي سليم النموذجي a letter of one word" in near


def test_the_concordance_pages_through_every_place_once(site: Site) -> None:
    (places,) = site.rows("SELECT count(*) FROM places_v WHERE actor_id = 'ma_mirath' AND counted")
    seen, path = 0, "/actors/ma_mirath/concordance"
    for _ in range(10):
        html = site.client.get(path).text
        seen += html.count('class="kwic-line"')
        following = re.search(r'rel="next" href="([^"]+)"', html)
        if following is None:
            break
        path = following[1].replace("&amp;", "&")
    assert seen == places[0] > 50


def _boxes(row: Any) -> dict[str, dict[str, float]]:
    return {
        name: row.locator(selector).bounding_box()
        for name, selector in (("before", ".before span"), ("name", "mark"), ("after", ".after"))
    }


def test_lines_run_in_the_direction_of_their_language_around_the_name(
    site: Site, page: Any
) -> None:
    page.goto(f"{site.url}/actors/ma_mirath/concordance?lang=en")
    arabic = page.locator("tr", has=page.locator("td.line[lang=ar]")).filter(has_text="وحضر اللقاء")
    line = arabic.first.locator(".kwic-line")
    boxes = _boxes(line)
    assert boxes["before"]["x"] >= boxes["name"]["x"] + boxes["name"]["width"] - 1
    assert boxes["after"]["x"] + boxes["after"]["width"] <= boxes["name"]["x"] + 1
    assert line.evaluate("e => getComputedStyle(e).direction") == "rtl"
    french = page.locator("td.line[lang=fr] .kwic-line").first
    boxes = _boxes(french)
    assert boxes["after"]["x"] >= boxes["name"]["x"] + boxes["name"]["width"] - 1
    assert french.evaluate("e => getComputedStyle(e).direction") == "ltr"
    assert french.locator("mark").inner_text() == "Association Mirath al-Waha"
