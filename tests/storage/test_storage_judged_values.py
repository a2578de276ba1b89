from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from judged import MADE, NAMED, READ_AT, article, counted, judged_desk

from storage import coverage
from storage.errors import CannotJudge
from storage.judgements import JudgementStore
from storage.models import OutletRecord, Precision
from storage.search import SearchFilters

if TYPE_CHECKING:
    from tests.storage.conftest import Desk

SAHIFA = OutletRecord(
    "ma_sahifa", "صحيفة المثال", "ma", ("ma",), "portal", "independent", ("ar",),
    "Africa/Casablanca",
)  # fmt: skip


@pytest.fixture
def judge(desk: Desk) -> JudgementStore:
    """Who judges an article that names an association, and a person ambiguously."""
    return judged_desk(desk)


# ---------------------------------------------------------------- dates


def test_a_judged_day_is_one_of_the_outlets_clocks(desk: Desk, judge: JudgementStore) -> None:
    desk.store("2", outlet="iq_rojname", published_at=READ_AT,
               published_precision=Precision.DAY)  # fmt: skip

    judged = judge.date(2, "2026-03-01", **MADE)

    assert judged.after.published_at == datetime(2026, 2, 28, 21, 0, tzinfo=UTC)
    assert (judged.after.published_precision, judged.after.published_day) == ("day", "2026-03-01")
    (row,) = desk.db.articles(outlet="iq_rojname")
    assert row["published_method"] == "judgement"


def test_a_judged_moment_is_one_of_the_outlets_clocks(desk: Desk, judge: JudgementStore) -> None:
    desk.store("2", outlet="iq_rojname")

    judged = judge.date(2, "2026-03-01 01:30", **MADE)

    assert judged.judgement.value == "2026-03-01T01:30"
    assert judged.after.published_at == datetime(2026, 2, 28, 22, 30, tzinfo=UTC)
    assert judged.after.published_precision == "minute"


def test_a_date_that_nobody_can_know_is_none(desk: Desk, judge: JudgementStore) -> None:
    judged = judge.date(1, "unknown", **MADE)

    assert (judged.after.published_at, judged.after.published_day) == (None, None)
    assert [row["date"] for row in desk.db.attention(actor="ma_jamiya")] == [None]
    overruled = article(desk)["overruled"]["published"]
    assert (overruled["published_at"], overruled["method"]) == ("2026-11-20T09:30:00Z", "meta")


def test_coverage_moves_to_the_judged_day_and_back(desk: Desk, judge: JudgementStore) -> None:
    coverage.refresh(desk.db)

    def days() -> dict[str, int]:
        return {str(row.day): row.stored for row in coverage.rows(desk.db, ["ma_sahifa"])}

    before = days()
    number = judge.date(1, "2026-03-01", **MADE).judgement.id
    moved = days()
    judge.withdraw(number, **MADE)

    assert (before, moved) == ({"2026-11-20": 1}, {"2026-03-01": 1})
    assert days() == before


def test_a_date_is_understood_from_any_keyboard(desk: Desk, judge: JudgementStore) -> None:
    judge.date(1, "\u200f۲۰۲۶-۰۳-۰۱ ", **MADE)

    assert article(desk)["published_day"] == "2026-03-01"
    assert judge.list()[0].value == "2026-03-01"


@pytest.mark.parametrize(
    ("value", "complaint"),
    [
        ("2026-13-01", "is no date"),
        ("yesterday", "is no date"),
        ("2026-03-²¹", "is no date"),
        ("20260301", "is no date"),
        ("0202-03-01", "is no date"),
        ("2026-11-23", "lies in the future"),
        ("2026-11-22T23:30", "lies in the future"),
    ],
)
def test_what_is_no_date_is_not_taken_down(
    desk: Desk, judge: JudgementStore, value: str, complaint: str
) -> None:
    with pytest.raises(CannotJudge, match=complaint):
        judge.date(1, value, **MADE)

    assert judge.list(everything=True) == []


def test_no_article_was_published_after_its_page_was_fetched(
    desk: Desk, judge: JudgementStore
) -> None:
    desk.later(days=5)

    with pytest.raises(CannotJudge, match="after the page was fetched"):
        judge.date(1, "2026-11-24", **MADE)


def test_a_judged_day_stays_when_the_outlets_zone_is_corrected(
    desk: Desk, judge: JudgementStore
) -> None:
    number = judge.date(1, "2026-03-01", **MADE).judgement.id

    desk.run(outlets=[replace(SAHIFA, timezone="Asia/Baghdad")])
    held = article(desk)
    judge.withdraw(number, **MADE)

    assert (held["published_day"], held["published_at"]) == ("2026-03-01", "2026-02-28T21:00:00Z")
    assert article(desk)["published_at"] == "2026-11-20T09:30:00Z"


# ---------------------------------------------------------------- language, leaving out


def test_a_judged_language_is_what_filters_and_exports_say(
    desk: Desk, judge: JudgementStore
) -> None:
    judge.language(1, "ckb", **MADE)

    assert [row["article_id"] for row in desk.db.articles(language="ckb")] == [1]
    assert list(desk.db.articles(language="ar")) == []
    assert desk.db.count("الخبر", filters=SearchFilters(language="ckb")) == 1
    assert article(desk)["overruled"]["language"]["language"] == "ar"


@pytest.mark.parametrize("code", ["", "Arabic", "a", "عربي", "ar; DROP"])
def test_what_is_no_language_code_is_not_taken_down(judge: JudgementStore, code: str) -> None:
    with pytest.raises(CannotJudge, match="no language code"):
        judge.language(1, code, **MADE)


def test_an_article_left_out_is_in_no_answer_and_still_shown(
    desk: Desk, judge: JudgementStore
) -> None:
    number = judge.leave_out(1, who="coding desk", why="a page of advertisements").judgement.id

    shown = article(desk)
    assert set(counted(desk).values()) == {0}
    assert (desk.db.count("الخبر"), list(desk.db.articles()), desk.db.search("")) == (0, [], [])
    assert (shown["withdrawn"], shown["text"]) == (1, "نص الخبر")
    assert [row["why"] for row in shown["judgements"]] == ["a page of advertisements"]

    judge.withdraw(number, **MADE)
    assert set(counted(desk).values()) == {1}


def test_mentions_of_an_article_left_out_are_counted_by_nobody(
    desk: Desk, judge: JudgementStore
) -> None:
    def plain() -> int:
        return int(desk.db.value("SELECT count(*) FROM mentions WHERE counted"))

    before = plain()
    judge.is_this(1, "iq_person", **MADE)
    judge.leave_out(1, **MADE)
    left_out = plain()
    changed = desk.articles.rematch(1, (NAMED,), desk.now)
    still = plain()
    judge.withdraw(2, **MADE)

    assert (before, left_out, still, plain()) == (1, 0, 0, 1)
    assert (changed.added, changed.removed) == (frozenset(), frozenset())
    assert article(desk)["keep_rule"] == "actor"


def test_an_article_left_out_is_in_no_denominator(desk: Desk, judge: JudgementStore) -> None:
    desk.store("2", published_at=READ_AT, published_precision=Precision.MINUTE)
    judge.leave_out(2, **MADE)
    coverage.refresh(desk.db)

    (attention,) = desk.db.attention()
    stored = {row.day: (row.seen, row.stored, row.failed) for row in coverage.rows(desk.db)}

    assert (attention["count"], attention["total_count"]) == (1, 1)
    assert list(stored.values()) == [(2, 1, 0)]


def test_the_earliest_of_the_copies_is_one_that_is_in_the_study(
    desk: Desk, judge: JudgementStore, fingerprint_of: Any
) -> None:
    for slug in "234":
        desk.store(slug, fingerprint=fingerprint_of("same"))
        desk.later(minutes=1)

    number = judge.leave_out(2, **MADE).judgement.id
    without = [article(desk, n)["copy_of"] for n in (2, 3, 4)]
    judge.withdraw(number, **MADE)

    assert without == [3, None, 3]
    assert [article(desk, n)["copy_of"] for n in (2, 3, 4)] == [None, 2, 2]


def test_an_article_left_out_stays_out_when_it_is_read_again(
    desk: Desk, judge: JudgementStore
) -> None:
    judge.leave_out(1, **MADE)
    run_id, candidate = desk.again("1")

    desk.save(run_id, candidate, "نص آخر", mentions=(NAMED,), keep_rule="actor")

    assert desk.db.count("") == 0
