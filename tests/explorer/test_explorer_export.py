"""Exports from the site: every row, in every format, told before it is fetched."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import zipfile
from typing import Any

import openpyxl
import pytest
from deskkit import Site

from storage.exporting.columns import KINDS
from storage.formulas import restore

ARTICLES = "SELECT id FROM articles WHERE NOT withdrawn ORDER BY id"
NAME = "سليم النموذجي"


def packed(answer: Any) -> dict[str, bytes]:
    """The files of a ZIP."""
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/zip"
    with zipfile.ZipFile(io.BytesIO(answer.content)) as pack:
        assert pack.testzip() is None
        return {name: pack.read(name) for name in pack.namelist()}


def table(raw: bytes, delimiter: str = ",") -> list[dict[str, str]]:
    text = raw.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter))


@pytest.mark.parametrize("language", ["en", "fr", "ar"])
def test_the_pages_offer_every_kind_in_every_language(site: Site, language: str) -> None:
    listed = site.get("/export", lang=language)
    assert listed.status_code == 200
    for kind in KINDS:
        assert f'href="/export/{kind}?format=xlsx"' in listed.text
        page = site.get(f"/export/{kind}", lang=language)
        assert page.status_code == 200
        assert 'name="format" value="parquet"' in page.text
        assert ('value="ris"' in page.text) is (kind == "articles")


def test_a_zip_has_every_row_and_a_true_description(site: Site) -> None:
    files = packed(site.get("/export/articles", format="csv"))

    rows = table(files["articles.csv"])
    about = json.loads(files["articles.csv.about.json"])
    assert [(int(row["article_id"]),) for row in rows] == site.rows(ARTICLES)
    assert about["rows"] == len(rows)
    assert about["sha256"] == hashlib.sha256(files["articles.csv"]).hexdigest()
    assert len(about["columns"]) == len(rows[0])


def test_a_workbook_opens_as_it_comes(site: Site) -> None:
    answer = site.get("/export/articles", format="xlsx")

    book = openpyxl.load_workbook(io.BytesIO(answer.content), read_only=True)
    numbers = [
        (int(str(row[0])),) for row in book["articles"].iter_rows(min_row=2, values_only=True)
    ]
    assert numbers == site.rows(ARTICLES)
    assert 'filename="marsad-articles.xlsx"' in answer.headers["content-disposition"]
    assert book.sheetnames == ["articles", "about", "columns"]


def test_the_question_of_the_search_page_is_that_of_the_file(site: Site) -> None:
    asked = {"q": "conseil", "outlet": "ma_depeche", "after": "2026-01-01"}

    files = packed(site.get("/export/articles", format="csv", excel="fr", **asked))

    rows = table(files["articles.csv"], ";")
    assert (
        len(rows)
        == site.rows(
            "SELECT count(*) FROM articles a JOIN article_texts t ON t.article_id = a.id "
            "WHERE a.outlet_id = 'ma_depeche' AND a.published_day >= '2026-01-01' "
            "AND t.text LIKE '%conseil%'"
        )[0][0]
        > 0
    )
    shown = site.get("/export/articles", **asked).text
    assert "conseil" in shown and 'name="outlet" value="ma_depeche"' in shown


@pytest.mark.parametrize("format", ["jsonl", "csl", "ris", "bibtex"])
def test_the_file_alone_is_the_one_in_the_zip(site: Site, format: str) -> None:
    alone = site.get("/export/articles", format=format, **{"as": "file"})

    files = packed(site.get("/export/articles", format=format))
    assert alone.content == next(iter(files.values()))
    assert alone.headers["content-type"] != "application/zip"


def test_persons_are_named_only_on_demand(site: Site) -> None:
    def said(**how: str) -> str:
        files = packed(site.get("/export/mentions", format="csv", **how))
        return b"".join(files.values()).decode("utf-8", "replace")

    hidden, named, redacted = said(), said(persons="named"), said(persons="redacted", text="1")

    assert f'"{NAME}"' not in hidden and "person-" in hidden
    assert f'"{NAME}"' in named
    assert NAME not in redacted


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/export/people", 404),
        ("/export/articles?format=pdf", 400),
        ("/export/stories?format=ris", 400),
        ("/export/articles?format=csv&q=(", 400),
        ("/export/articles?format=csv&outlet=nobody", 400),
        ("/export/articles?format=csv&after=yesterday", 400),
        ("/export/coverage?format=csv&after=1995-01-01", 400),
        ("/export?q=%3Cscript%3Ealert(1)%3C/script%3E", 200),
    ],
)
def test_what_cannot_be_answered_is_told_before_a_file_begins(
    site: Site, path: str, status: int
) -> None:
    answer = site.client.get(path)

    assert answer.status_code == status
    assert answer.headers["content-type"].startswith("text/html")
    assert "<script>alert" not in answer.text


def test_a_hostile_headline_is_a_text_in_every_file(own_site: Site) -> None:
    import sqlite3

    hostile = '=HYPERLINK("http://away.test","x")\x01'
    with sqlite3.connect(own_site.path) as db:
        db.execute("UPDATE articles SET headline = ? WHERE id = 2", (hostile,))

    files = packed(own_site.get("/export/articles", format="csv"))
    for_excel = packed(own_site.get("/export/articles", format="csv", excel="en"))
    book = openpyxl.load_workbook(
        io.BytesIO(own_site.get("/export/articles", format="xlsx").content)
    )

    assert restore(table(files["articles.csv"])[1]["headline"]) == hostile
    (beside,) = for_excel["articles.csv.texts.jsonl"].splitlines()
    assert json.loads(beside)["text"] == hostile
    assert table(for_excel["articles.csv"])[1]["text_is_beside"] == "headline"
    assert book["texts"].max_row == 2
    assert all(cell.data_type != "f" for row in book["articles"].iter_rows() for cell in row)
    assert list((own_site.path.parent).glob("*.part")) == []


def test_export_to_excel_in_a_browser_in_arabic(site: Site, page: Any) -> None:
    page.goto(f"{site.url}/export?lang=ar")

    with page.expect_download() as waiting:
        page.get_by_role("link", name="المقالات: إكسل").click()

    book = openpyxl.load_workbook(io.BytesIO(waiting.value.path().read_bytes()))
    assert len(list(book["articles"].iter_rows())) == len(site.rows(ARTICLES)) + 1


def test_options_are_chosen_with_the_keyboard_alone(site: Site, page: Any) -> None:
    page.goto(f"{site.url}/export/mentions?lang=ar&country=bh")
    assert page.locator("html").get_attribute("dir") == "rtl"
    page.get_by_label("JSON Lines").focus()
    page.keyboard.press("Space")
    page.get_by_role("button", name="تنزيل").focus()

    with page.expect_download() as waiting:
        page.keyboard.press("Enter")

    assert waiting.value.suggested_filename == "marsad-mentions.zip"
