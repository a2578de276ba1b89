"""Plain SQL in the browser: rows, errors in words, every row as a file, and what columns mean."""

from __future__ import annotations

import csv
import io

from deskkit import Site

from storage.desk_views import NAMES


def test_a_statement_shows_its_rows_and_the_file_has_them_all(site: Site) -> None:
    sql = (
        "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1200) "
        "SELECT i, '=1+' || i AS said FROM n"
    )
    page = site.get("/sql", sql=sql, lang="en").text
    assert page.count('<td class="figure">') == 500
    assert "Only the first 500 rows are shown" in page

    file = site.get("/sql", sql=sql, format="csv")
    rows = list(csv.reader(io.StringIO(file.content.decode("utf-8-sig"))))
    assert file.headers["content-disposition"].startswith("attachment")
    assert rows[0] == ["i", "said"]
    assert len(rows) == 1201
    assert rows[-1] == ["1200", "'=1+1200"]


def test_what_is_wrong_is_said_in_words_also_of_a_file(site: Site) -> None:
    for how in ({}, {"format": "csv"}):
        page = site.get("/sql", sql="SELECT nonsuch FROM articles_v", lang="en", **how)
        assert page.status_code == 200
        assert "no such column: nonsuch" in page.text
        assert "text/html" in page.headers["content-type"]


def test_every_view_and_column_is_told_with_its_meaning(site: Site) -> None:
    for language, words in (("en", "Number of the article"), ("ar", "رقم المقال")):
        page = site.get("/sql", lang=language).text
        assert all(f">{name}</a>" in page for name in NAMES)
        assert words in page
