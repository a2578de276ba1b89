"""Answers as plain dictionaries: what notebooks, exports and pages rest on."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pytest

from storage.models import Mention, Precision

if TYPE_CHECKING:
    from tests.storage.conftest import Desk

LATE = datetime(2026, 11, 22, 22, 30, tzinfo=UTC)


@pytest.fixture
def shelf(desk: Desk) -> Desk:
    """Two articles, one of them with three mentions of two actors, and hidden ones."""
    desk.shelve()
    return desk


def test_notebooks_get_datetimes_and_lists(shelf: Desk) -> None:
    (article,) = shelf.db.articles(country="iq")
    mention = next(shelf.db.mentions(actor="iq_person", with_text=True))

    assert article["published_at"] == LATE
    assert article["published_local"] == LATE
    assert str(article["published_local"]).endswith("+03:00")
    assert (mention["surfaces"], mention["text"]) == (["عنوان", "نص"], "نص الخبر")


def test_a_filter_that_does_not_exist_is_an_error(shelf: Desk) -> None:
    with pytest.raises(TypeError):
        shelf.db.articles(contry="iq")


def test_attention_has_a_row_for_every_day_with_articles_zeros_included(desk: Desk) -> None:
    named = (Mention("ma_jamiya", 0, 2, "نص", "نص", "auto"),)
    run_id = desk.run()
    plan = [(20, named), (20, ()), (21, ()), (None, named)]
    for (day, mentions), candidate in zip(plan, desk.find(run_id, *"1234"), strict=True):
        published = datetime(2026, 11, day, 12, tzinfo=UTC) if day else None
        precision = Precision.DAY if day else Precision.UNKNOWN
        desk.save(run_id, candidate, f"نص {candidate.url}", mentions=mentions,
                  published_at=published, published_precision=precision)  # fmt: skip

    rows = list(desk.db.attention())

    assert [(row["date"], row["count"], row["total_count"], row["ratio"]) for row in rows] == [
        ("2026-11-20", 1, 2, 0.5),
        ("2026-11-21", 0, 1, 0.0),
        (None, 1, 1, 1.0),
    ]
    assert list(desk.db.attention(actor="ma_jamiya")) == rows
    assert list(desk.db.attention(actor="iq_person")) == []
    assert [row["total_count"] for row in desk.db.attention(after=date(2026, 11, 21))] == []
