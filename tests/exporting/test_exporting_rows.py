"""Every row of every kind, compared with what plain SQL counts."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pytest
from exported import data, exported

from storage.database import Database
from storage.desk.questions import Question
from storage.errors import CannotExport, SearchError
from storage.exporting.columns import KINDS, Kind
from storage.exporting.orders import Export
from storage.exporting.rows import rows
from storage.formulas import restore
from storage.judgements import JudgementStore
from storage.search import SearchFilters

if TYPE_CHECKING:
    from tests.storage.conftest import Desk

LATE = datetime(2026, 11, 22, 22, 30, tzinfo=UTC)
COUNTED = {
    "articles": "SELECT count(*) FROM articles WHERE NOT withdrawn",
    "mentions": "SELECT count(DISTINCT m.article_id || ' ' || m.actor_id) FROM mentions m "
    "JOIN actors w ON w.id = m.actor_id JOIN articles a ON a.id = m.article_id "
    "WHERE m.counted AND NOT w.suppress AND NOT a.withdrawn",
    "attention": "SELECT sum(days) FROM (SELECT DISTINCT a.outlet_id, m.actor_id, (SELECT "
    "count(DISTINCT coalesce(d.published_day, '')) FROM articles d WHERE d.outlet_id = a.outlet_id "
    "AND NOT d.withdrawn) AS days FROM mentions m JOIN articles a ON a.id = m.article_id "
    "JOIN actors w ON w.id = m.actor_id "
    "WHERE m.counted AND NOT w.suppress AND NOT a.withdrawn)",
    "stories": "SELECT count(*) FROM (SELECT story_id FROM articles WHERE NOT withdrawn "
    "GROUP BY story_id HAVING count(*) > 1)",
    "edits": "SELECT count(*) FROM edits",
    "concordance": "SELECT count(*) FROM mentions m JOIN actors w ON w.id = m.actor_id "
    "JOIN articles a ON a.id = m.article_id "
    "WHERE m.counted AND NOT w.suppress AND NOT a.withdrawn",
    "outlets": "SELECT count(*) FROM outlets",
    "gaps": "SELECT count(*) FROM gaps",
    "judgements": "SELECT count(*) FROM judgements",
}


@pytest.fixture
def judged(archive: Database) -> Database:
    """The made-up archive, in which a person left one article out and rejected a mention."""
    store = JudgementStore(archive, clock=lambda: LATE)
    store.leave_out(1, who="tester", why="an advertisement")
    store.not_this(9, "iq_salim", who="tester", why="somebody else")
    archive.execute(
        "INSERT INTO gaps (way_id, outlet_id, from_at, to_at, noticed_at, visit_id) "
        "SELECT way_id, outlet_id, '2026-01-03T00:00:00Z', '2026-01-04T00:00:00Z', at, id "
        "FROM visits WHERE outlet_id = 'iq_nahr' LIMIT 1"
    )
    return archive


@pytest.fixture
def shelf(desk: Desk) -> Desk:
    """Two articles, one of them with mentions of three actors, and hidden ones."""
    desk.shelve()
    return desk


@pytest.mark.parametrize("kind", COUNTED)
def test_no_row_is_missing_and_none_too_much(judged: Database, kind: Kind) -> None:
    found = list(rows(judged, kind))

    assert len(found) == judged.value(COUNTED[kind])
    assert found


def test_coverage_has_a_row_for_every_outlet_and_day_watched_or_not(judged: Database) -> None:
    found = list(rows(judged, "coverage"))

    days = {row["day"] for row in found} - {None}
    first, last = min(map(str, days)), max(map(str, days))
    length = (date.fromisoformat(last) - date.fromisoformat(first)).days + 1
    assert len(days) == length
    assert len([row for row in found if row["day"]]) == 5 * length


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_database_gives_the_same_rows_in_the_same_order(
    judged: Database, kind: Kind
) -> None:
    assert list(rows(judged, kind)) == list(rows(judged, kind))


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "judgements"])
def test_an_export_is_narrowed_by_the_question_of_a_search_page(
    judged: Database, kind: Kind
) -> None:
    question = Question.of({"outlet": ["ma_depeche"], "after": ["2025-12-01"]})

    whole, part = list(rows(judged, kind)), list(rows(judged, kind, question))

    assert len(part) < len(whole)
    assert {row.get("outlet_id") for row in part} <= {"ma_depeche"}


def test_a_concordance_is_of_the_actor_and_the_words_asked_for(judged: Database) -> None:
    question = Question("المضخات OR مضخات", SearchFilters(actor="ma_mirath"))

    found = list(rows(judged, "concordance", question))

    assert {row["actor_id"] for row in found} == {"ma_mirath"}
    assert len(found) == 4  # the agency's text and its copies


def test_articles_say_outlet_country_alignment_and_both_times(shelf: Desk) -> None:
    first, second = exported(shelf.db, "articles")

    assert [first[name] for name in ("article_id", "outlet", "country", "alignment")] == [
        "1", "Rojnameya Nimûne", "iq", "party",
    ]  # fmt: skip
    assert first["published_at_utc"] == "2026-11-22T22:30:00Z"
    assert first["published_at_local"] == "2026-11-23T01:30:00+03:00"
    assert (first["published_day"], first["timezone"]) == ("2026-11-23", "Asia/Baghdad")
    assert second["published_at_utc"] == second["published_at_local"] == ""
    assert second["published_precision"] == "unknown"


def test_full_text_leaves_only_when_asked_for(shelf: Desk) -> None:
    plain, _ = data(shelf.db, "articles")
    full = exported(shelf.db, "articles", with_text=True)

    assert "نص الخبر" not in plain.decode()
    assert full[0]["text"] == "نص الخبر"


def test_mentions_have_one_row_for_each_article_and_actor(shelf: Desk) -> None:
    found = exported(shelf.db, "mentions")

    assert [(row["actor_id"], row["actor_kind"], row["mentions"]) for row in found] == [
        ("iq_person", "person", "2"),
        ("term_activist", "term", "1"),
    ]
    assert (found[0]["in_headline"], found[0]["surfaces"]) == ("1", "عنوان | نص")


def test_a_hidden_actor_is_in_no_export(judged: Database) -> None:
    for kind in KINDS:
        raw, _ = data(judged, kind)
        assert b"bh_hidden" not in raw


@pytest.mark.parametrize("kind", KINDS)
def test_a_question_that_cannot_be_understood_gives_no_row(judged: Database, kind: Kind) -> None:
    if kind == "judgements":
        return
    with pytest.raises(SearchError):
        list(rows(judged, kind, Question("(")))


def test_formulas_are_dead_and_nothing_is_lost(shelf: Desk) -> None:
    (_, row) = exported(shelf.db, "articles")

    assert row["headline"] == "'=HYPERLINK(1)"
    assert restore(row["headline"]) == "=HYPERLINK(1)"


def test_every_row_is_exported_while_the_database_grows(desk: Desk) -> None:
    run_id = desk.run()
    candidates = desk.find(run_id, *map(str, range(60)))
    for candidate in candidates[:50]:
        desk.save(run_id, candidate)
    found = rows(desk.db, "articles")
    first = next(found)
    desk.save(run_id, candidates[50])

    rest = [int(str(row["article_id"])) for row in found]

    assert [int(str(first["article_id"])), *rest] in (list(range(1, 51)), list(range(1, 52)))


@pytest.mark.parametrize(
    ("how", "complaint"),
    [
        ({"kind": "people"}, "no export"),
        ({"format": "pdf"}, "the format is one of"),
        ({"format": "xlsx", "excel": "fr"}, "is for CSV"),
        ({"kind": "stories", "format": "ris"}, "of articles only"),
        ({"kind": "stories", "with_text": True}, "no full text"),
        ({"redact": True, "with_persons": True}, "choose one"),
    ],
)
def test_what_does_not_go_together_is_said(how: dict[str, object], complaint: str) -> None:
    with pytest.raises(CannotExport, match=complaint):
        Export(**how)  # type: ignore[arg-type]  # wrong on purpose
