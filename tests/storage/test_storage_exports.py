from __future__ import annotations

import csv
import io
import json
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.errors import SearchError
from storage.exports import Export, export_articles, export_mentions, neutralise, restore
from storage.models import Mention, Precision
from storage.search import SearchFilters

if TYPE_CHECKING:
    from tests.storage.conftest import Desk

LATE = datetime(2026, 11, 22, 22, 30, tzinfo=UTC)


@pytest.fixture
def shelf(desk: Desk) -> Desk:
    """Two articles, one of them with three mentions of two actors, and hidden ones."""
    mentions = (
        Mention("iq_person", 0, 2, "نص", "نص", "auto"),
        Mention("iq_person", 0, 5, "عنوان", "عنوان", "auto", field="headline"),
        Mention("term_activist", 3, 5, "ال", "ال", "auto"),
        Mention("bh_hidden", 3, 5, "ال", "ال", "auto"),
        Mention("ma_jamiya", 3, 5, "ال", "ال", "auto", ambiguous=True),
    )
    desk.store("1", "نص الخبر", outlet="iq_rojname", mentions=mentions, published_at=LATE,
               published_precision=Precision.MINUTE)  # fmt: skip
    desk.store("2", "نص آخر", headline="=HYPERLINK(1)")
    return desk


def _csv(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


def _articles(desk: Desk, **how: Any) -> str:
    out = io.StringIO(newline="")
    export_articles(desk.db, out, Export(**how))
    return out.getvalue()


def test_a_file_for_excel_is_the_same_and_says_that_it_is_unicode(shelf: Desk) -> None:
    assert _articles(shelf, format="excel") == "\ufeff" + _articles(shelf)


def test_articles_say_outlet_country_alignment_and_both_times(shelf: Desk) -> None:
    first, second = _csv(_articles(shelf))

    assert (first["article_id"], first["outlet"], first["country"], first["alignment"]) == (
        "1",
        "Rojnameya Nimûne",
        "iq",
        "party",
    )
    assert first["published_at_utc"] == "2026-11-22T22:30:00Z"
    assert first["published_at_local"] == "2026-11-23T01:30:00+03:00"
    assert first["published_day"] == "2026-11-23"
    assert second["published_at_utc"] == second["published_at_local"] == ""
    assert second["published_precision"] == "unknown"


def test_full_text_leaves_only_when_asked_for(shelf: Desk) -> None:
    plain, full = _articles(shelf), _articles(shelf, with_text=True)

    assert "text" not in _csv(plain)[0] and "نص الخبر" not in plain
    assert _csv(full)[0]["text"] == "نص الخبر"


def test_json_lines_hold_ids_as_text_and_texts_as_they_are(shelf: Desk) -> None:
    lines = [json.loads(line) for line in _articles(shelf, format="jsonl").splitlines()]

    assert [line["article_id"] for line in lines] == ["1", "2"]
    assert lines[1]["headline"] == "=HYPERLINK(1)"
    assert lines[1]["copy_of"] is None


def test_mentions_have_one_row_for_each_article_and_actor(shelf: Desk) -> None:
    out = io.StringIO(newline="")

    count = export_mentions(shelf.db, out, Export())

    rows = _csv(out.getvalue())
    assert count == 2
    assert [(row["actor_id"], row["actor_kind"], row["mentions"]) for row in rows] == [
        ("iq_person", "person", "2"),
        ("term_activist", "term", "1"),
    ]
    assert (rows[0]["in_headline"], rows[0]["surfaces"]) == ("1", "عنوان | نص")
    assert rows[0]["article_id"] == "1"


def test_an_export_is_narrowed_by_query_and_filters(shelf: Desk) -> None:
    assert [row["article_id"] for row in _csv(_articles(shelf, query="آخر"))] == ["2"]
    filters = SearchFilters(country="iq", after=date(2026, 11, 23))
    assert [row["article_id"] for row in _csv(_articles(shelf, filters=filters))] == ["1"]


def test_a_wrong_query_writes_nothing(shelf: Desk) -> None:
    out = io.StringIO()

    with pytest.raises(SearchError):
        export_articles(shelf.db, out, Export(query="("))

    assert out.getvalue() == ""


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+1",
        "-1",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "  =1",
        "＝1＋1",
        "\u00a0=1",
        "|calc",
        "%0A=1",
    ],
)
def test_no_cell_is_a_formula(shelf: Desk, text: str) -> None:
    assert neutralise(text) == f"'{text}"
    assert restore(neutralise(text)) == text


def test_formulas_in_exports_are_dead_and_nothing_is_lost(shelf: Desk) -> None:
    (_, row) = _csv(_articles(shelf))

    assert row["headline"] == "'=HYPERLINK(1)"
    assert restore(row["headline"]) == "=HYPERLINK(1)"


@given(text=st.text())
def test_any_text_is_restored_and_never_starts_a_formula(text: str) -> None:
    cell = neutralise(text)

    assert restore(cell) == text
    assert not cell.lstrip().startswith(("=", "+", "-", "@"))


def test_separators_and_line_breaks_do_not_break_a_cell(desk: Desk) -> None:
    headline = 'a;b,"c"\r\n=1+1\td'
    desk.store("1", headline=headline)

    (row,) = _csv(_articles(desk))

    assert row["headline"] == headline


def test_every_row_is_exported_while_the_database_grows(desk: Desk) -> None:
    run_id = desk.run()
    candidates = desk.find(run_id, *map(str, range(60)))
    for candidate in candidates[:50]:
        desk.save(run_id, candidate)
    rows = desk.db.articles()
    first = next(rows)
    desk.save(run_id, candidates[50])

    rest = [row["article_id"] for row in rows]

    assert [first["article_id"], *rest] in (list(range(1, 51)), list(range(1, 52)))


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
