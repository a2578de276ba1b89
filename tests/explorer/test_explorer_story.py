"""The page of a story: who carried a text, in which order, and what each one made of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from deskkit import Site
from shelf import Shelf

from storage.stories import settle

LINES = [
    f"وذكر تقرير رقم {n} أن جمعية الساقية البعيدة وزعت {n * 7} صندوقا من الكتب على {n + 2} مدارس "
    f"في {place}."
    for n, place in enumerate(("الوادي", "السهل", "الجبل", "الساحل", "البادية", "المدينة"), start=1)
]


def wire(site: Site) -> int:
    ((number,),) = site.rows("SELECT id FROM stories")
    return int(number)


def test_the_agency_is_told_to_be_the_first(site: Site) -> None:
    page = site.get(f"/stories/{wire(site)}", lang="en").text

    assert "3 articles name it as the source." in page
    assert '<span class="tag">said it first</span>' in page
    assert page.count('<li>\n<p class="line">') == 4


def test_any_of_its_articles_leads_to_it(site: Site) -> None:
    story = wire(site)
    for (number,) in site.rows("SELECT id FROM articles WHERE story_id = ?", story):
        answer = site.client.get(f"/stories/{number}", follow_redirects=True)
        assert answer.url.path == f"/stories/{story}"


@pytest.mark.parametrize("language", ["en", "fr", "ar"])
def test_what_each_one_changed_is_shown(serve: Any, tmp_path: Path, language: str) -> None:
    shelf = Shelf(tmp_path / "marsad.db")
    first = shelf.store("\n".join(LINES), outlet="iq_jisr")
    cut = shelf.store("\n".join(LINES[:-1]), outlet="ma_manara")
    shelf.store("\n".join([*LINES, *(f"سطر آخر رقم {n} عن غير ذلك كله." for n in range(60))]),
                outlet="bh_luul")  # fmt: skip
    settle(shelf.db)
    shelf.db.close()
    site = serve(shelf.path)

    page = site.get(f"/stories/{first}", lang=language).text
    lines = site.get(f"/stories/{first}?with={cut}&lang={language}").text

    assert f'<p dir="auto" lang="ar"><del>{LINES[-1]}</del></p>' in page
    assert f"<del>{LINES[-1]}</del>" in lines


def test_a_story_of_many_articles_comes_in_pages_with_every_article_once(
    serve: Any, tmp_path: Path
) -> None:
    shelf = Shelf(tmp_path / "marsad.db")
    outlets = ("ma_manara", "iq_jisr", "bh_luul")
    numbers = [shelf.store("\n".join(LINES), outlet=outlets[n % 3]) for n in range(60)]
    settle(shelf.db)
    shelf.db.close()
    site = serve(shelf.path)

    pages = [site.get(f"/stories/{numbers[0]}?page={page}&lang=en").text for page in (1, 2, 3)]

    for number in numbers:
        assert (
            sum(
                page.count(f'<h3 dir="auto" lang="ar"><a href="/articles/{number}">')
                for page in pages
            )
            == 1
        )
    assert site.get(f"/stories/{numbers[0]}?page=9&lang=en").status_code == 200


def test_there_is_no_such_story(site: Site) -> None:
    assert site.get("/stories/9999999", lang="en").status_code == 404
