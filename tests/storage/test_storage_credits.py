"""Credits as they are stored: with their place, through rereading and fetching again."""

from __future__ import annotations

import json
from typing import Any

from storage.models import Credit

TEXT = "الرباط (و م ع) - نص الخبر"
DATELINE = Credit("map", "text", 8, 13, "و م ع", "dateline")
BYLINE = Credit("afp", "byline", 0, 3, "AFP", "byline")


def row(desk: Any) -> dict[str, Any]:
    sql = "SELECT a.credit, t.credit_evidence FROM articles a JOIN article_texts t"
    return dict(desk.db.one(f"{sql} ON t.article_id = a.id"))


def test_a_credit_is_stored_with_its_place(desk: Any) -> None:
    desk.store("1", TEXT, credit=DATELINE)

    assert row(desk)["credit"] == "map"
    assert json.loads(row(desk)["credit_evidence"]) == {
        "agency": "map",
        "field": "text",
        "start": 8,
        "end": 13,
        "surface": "و م ع",
        "rule": "dateline",
    }
    assert TEXT[8:13] == "و م ع"


def test_an_article_without_credit_has_none(desk: Any) -> None:
    desk.store("1")

    assert row(desk) == {"credit": None, "credit_evidence": None}


def test_rereading_tells_that_the_credit_changed(desk: Any) -> None:
    saved = desk.store("1", TEXT)
    better = desk.reading(desk.candidate("1"), TEXT, credit=DATELINE, reader_version="reader-2")

    assert desk.articles.reread(saved.article_id, better) == ("credit",)
    assert row(desk)["credit"] == "map"
    assert desk.articles.reread(saved.article_id, better) == ()


def test_the_credit_of_a_byline_stays_with_it_when_a_later_fetch_knows_none(desk: Any) -> None:
    desk.store("1", byline="AFP", credit=BYLINE)

    desk.save(*desk.again("1"))

    assert row(desk)["credit"] == "afp"


def test_the_credit_of_another_byline_goes_with_it(desk: Any) -> None:
    desk.store("1", byline="AFP", credit=BYLINE)

    desk.save(*desk.again("1"), byline="سالم القنديل")

    assert row(desk)["credit"] is None
