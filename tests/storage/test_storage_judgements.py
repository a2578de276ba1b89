from __future__ import annotations

import csv
import io
import sqlite3
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from storage import coverage, verdicts
from storage.errors import CannotJudge, UnknownArticle
from storage.exports import Export, export_articles, export_judgements, export_mentions
from storage.judgements import Judged, JudgementStore, Kind
from storage.models import Actor, Mention, Precision
from storage.search import SearchFilters

if TYPE_CHECKING:
    from tests.storage.conftest import Desk

NAMED = Mention("ma_jamiya", 0, 2, "نص", "نص", "auto", label="الجمعية", label_start=3)
DOUBTFUL = Mention("iq_person", 3, 8, "الخبر", "الخبر", "auto", ambiguous=True)
TERM = Mention("term_activist", 3, 8, "الخبر", "الخبر", "auto")
READ_AT = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
MADE = {"who": "coding desk", "why": "read by a person"}


@pytest.fixture
def judge(desk: Desk) -> JudgementStore:
    """An article that names an association, and a person ambiguously; and who judges it."""
    desk.store(
        "1",
        mentions=(NAMED, DOUBTFUL),
        keep_rule="actor",
        published_at=READ_AT,
        published_precision=Precision.MINUTE,
        methods=(("published_at", "meta"),),
        language_score=0.9,
    )
    return JudgementStore(desk.db, clock=desk.clock)


def counted(desk: Desk, actor: str = "ma_jamiya") -> dict[str, int]:
    """How often an actor is counted by every question that counts."""
    only = SearchFilters(actor=actor)
    out = io.StringIO(newline="")
    return {
        "search": len(desk.db.search("", filters=only)),
        "search_words": len(desk.db.search("الخبر", filters=only)),
        "count": desk.db.count("الخبر", filters=only),
        "articles": len(list(desk.db.articles(actor=actor))),
        "mentions": len(list(desk.db.mentions(actor=actor))),
        "attention": sum(int(str(row["count"])) for row in desk.db.attention(actor=actor)),
        "export_articles": export_articles(desk.db, out, Export(filters=only)),
        "export_mentions": export_mentions(desk.db, out, Export(filters=only)),
        "report": sum(n for one, _, n in desk.runs.report(1).actors if one == actor),
    }


def article(desk: Desk, article_id: int = 1) -> dict[str, Any]:
    found = desk.articles.get(article_id)
    assert found is not None
    return found


def rows_of(desk: Desk, export: Any) -> list[dict[str, str]]:
    out = io.StringIO(newline="")
    export(desk.db, out, Export())
    return list(csv.DictReader(io.StringIO(out.getvalue(), newline="")))


# ---------------------------------------------------------------- who is named


def test_not_this_takes_the_actor_out_of_every_count(desk: Desk, judge: JudgementStore) -> None:
    assert set(counted(desk).values()) == {1}

    judged = judge.not_this(1, "ma_jamiya", **MADE)

    assert set(counted(desk).values()) == {0}
    assert (judged.before.counted["ma_jamiya"], judged.after.counted["ma_jamiya"]) == (1, 0)
    assert (judged.before.keep_rule, judged.after.keep_rule) == ("actor", "")
    assert judged.actor == "جمعية الأمل المثالية"


def test_is_this_counts_what_was_ambiguous_everywhere(desk: Desk, judge: JudgementStore) -> None:
    assert set(counted(desk, "iq_person").values()) == {0}

    judge.is_this(1, "iq_person", **MADE)

    assert set(counted(desk, "iq_person").values()) == {1}
    (row,) = [row for row in rows_of(desk, export_mentions) if row["actor_id"] == "iq_person"]
    assert row["judged"] == "is_this"


def test_the_latest_judgement_on_an_actor_counts(desk: Desk, judge: JudgementStore) -> None:
    judge.not_this(1, "ma_jamiya", **MADE)
    judge.is_this(1, "ma_jamiya", **MADE)

    assert set(counted(desk).values()) == {1}


def test_what_is_counted_decides_why_the_article_is_kept(desk: Desk, judge: JudgementStore) -> None:
    desk.store("2", mentions=(NAMED, TERM), keep_rule="actor")

    judge.not_this(2, "ma_jamiya", **MADE)

    assert article(desk, 2)["keep_rule"] == "terms"


def test_an_article_is_named_by_its_number_or_any_address(
    desk: Desk, judge: JudgementStore
) -> None:
    by_url = judge.not_this("https://sahifa.test/1", "ma_jamiya", **MADE)

    assert by_url.judgement.article_id == 1
    with pytest.raises(UnknownArticle, match="no article 4711"):
        judge.not_this("4711", "ma_jamiya", **MADE)


def test_an_actor_that_the_article_does_not_name_cannot_be_judged(
    desk: Desk, judge: JudgementStore
) -> None:
    with pytest.raises(CannotJudge, match="named in it: iq_person, ma_jamiya"):
        judge.not_this(1, "term_activist", **MADE)

    assert judge.list(everything=True) == []


def test_a_hidden_actor_is_not_given_away(desk: Desk, judge: JudgementStore) -> None:
    desk.store("2", mentions=(Mention("bh_hidden", 0, 2, "نص", "نص", "auto"),))

    with pytest.raises(CannotJudge, match="it names nobody"):
        judge.is_this(2, "bh_hidden", **MADE)


# ---------------------------------------------------------------- surviving


def rematch(desk: Desk, *mentions: Mention) -> Any:
    desk.later(hours=1)
    return desk.articles.rematch(1, mentions, desk.now)


def test_a_judgement_survives_a_rematch(desk: Desk, judge: JudgementStore) -> None:
    judge.not_this(1, "ma_jamiya", **MADE)
    judge.is_this(1, "iq_person", **MADE)
    moved = Mention("ma_jamiya", 3, 8, "الخبر", "الخبر", "auto")

    changed = rematch(desk, moved, DOUBTFUL, TERM)

    assert set(counted(desk).values()) == {0}
    assert set(counted(desk, "iq_person").values()) == {1}
    assert (changed.added, changed.removed) == ({"term_activist"}, frozenset())
    assert article(desk)["keep_rule"] == "actor"


def test_a_judgement_holds_again_when_the_name_is_found_again(
    desk: Desk, judge: JudgementStore
) -> None:
    judge.not_this(1, "ma_jamiya", **MADE)

    rematch(desk, DOUBTFUL)
    rematch(desk, NAMED, DOUBTFUL)

    assert set(counted(desk).values()) == {0}
    assert [one.actor_id for one in judge.active(1)] == ["ma_jamiya"]


def test_judgements_survive_a_better_reader(desk: Desk, judge: JudgementStore) -> None:
    judge.not_this(1, "ma_jamiya", **MADE)
    judge.date(1, "2026-03-01", **MADE)
    judge.language(1, "ckb", **MADE)
    better = desk.reading(
        desk.candidate("1"),
        headline="عنوان أصح",
        mentions=(NAMED, DOUBTFUL),
        keep_rule="actor",
        language="fr",
        published_at=datetime(2026, 11, 19, 8, 0, tzinfo=UTC),
        published_precision=Precision.SECOND,
        reader_version="reader-2",
    )

    changed = desk.articles.reread(1, better)

    now = article(desk)
    assert changed == ("headline",)
    assert set(counted(desk).values()) == {0}
    assert (now["language"], now["published_day"]) == ("ckb", "2026-03-01")
    assert now["methods"] == {"published_at": "judgement", "language": "judgement"}
    assert now["keep_rule"] == ""


def test_what_a_better_reader_says_comes_back_when_the_judgement_goes(
    desk: Desk, judge: JudgementStore
) -> None:
    dated = judge.date(1, "unknown", **MADE).judgement.id
    told = judge.language(1, "ckb", **MADE).judgement.id
    later = datetime(2026, 11, 19, 8, 0, tzinfo=UTC)
    better = desk.reading(
        desk.candidate("1"), language="fr", published_at=later, language_score=0.7,
        published_precision=Precision.SECOND, methods=(("published_at", "jsonld"),),
    )  # fmt: skip
    desk.articles.reread(1, better)

    judge.withdraw(dated, **MADE)
    judge.withdraw(told, **MADE)

    now = article(desk)
    assert (now["published_at"], now["published_precision"]) == ("2026-11-19T08:00:00Z", "second")
    assert (now["language"], now["language_score"]) == ("fr", 0.7)
    assert (now["methods"], now["overruled"]) == ({"published_at": "jsonld"}, {})


def test_judgements_survive_a_new_version_by_the_outlet(desk: Desk, judge: JudgementStore) -> None:
    judge.not_this(1, "ma_jamiya", **MADE)
    judge.date(1, "2026-03-01", **MADE)
    run_id, candidate = desk.again("1")

    saved = desk.save(run_id, candidate, "نص الخبر بعد تعديله", mentions=(NAMED, DOUBTFUL))

    now = article(desk)
    assert saved.outcome == "stored_changed"
    assert set(counted(desk).values()) == {0}
    assert (now["published_day"], now["version"]) == ("2026-03-01", 2)


def test_a_page_that_lost_its_date_does_not_take_a_judged_one_for_its_own(
    desk: Desk, judge: JudgementStore
) -> None:
    number = judge.date(1, "2026-03-01", **MADE).judgement.id
    run_id, candidate = desk.again("1")
    desk.save(run_id, candidate, "نص الخبر بعد تعديله")

    judge.withdraw(number, **MADE)

    assert article(desk)["published_at"] == "2026-11-20T09:30:00Z"


def test_judgements_survive_a_new_watchlist(desk: Desk, judge: JudgementStore) -> None:
    judge.not_this(1, "ma_jamiya", **MADE)
    desk.later(days=1)

    desk.run(actors=[Actor("ma_other", "cso")])
    rematch(desk, NAMED)

    assert set(counted(desk).values()) == {0}
    assert len(judge.active(1)) == 1


def test_judgements_survive_a_page_of_which_only_a_part_could_be_read(
    desk: Desk, judge: JudgementStore
) -> None:
    judge.date(1, "2026-03-01", **MADE)
    run_id, candidate = desk.again("1")

    desk.save(run_id, candidate, "نص", text_complete=False)

    assert article(desk)["published_day"] == "2026-03-01"


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
    def days() -> dict[str, int]:
        coverage.refresh(desk.db)
        return {str(row.day): row.stored for row in coverage.rows(desk.db, ["ma_sahifa"])}

    before = days()
    number = judge.date(1, "2026-03-01", **MADE).judgement.id
    moved = days()
    judge.withdraw(number, **MADE)

    assert (before, moved) == ({"2026-11-20": 1}, {"2026-03-01": 1})
    assert days() == before


@pytest.mark.parametrize(
    ("value", "complaint"),
    [
        ("2026-13-01", "is no date"),
        ("yesterday", "is no date"),
        ("20260301", "is no date"),
        ("0202-03-01", "is no date"),
        ("٢٠٢٦-٠٣-٠١", "is no date"),
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
    from dataclasses import replace

    from tests.storage.conftest import OUTLETS

    number = judge.date(1, "2026-03-01", **MADE).judgement.id

    desk.run(outlets=[replace(OUTLETS[0], timezone="Asia/Baghdad")])
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


# ---------------------------------------------------------------- on file


def test_withdrawing_brings_back_the_judgement_before(desk: Desk, judge: JudgementStore) -> None:
    judge.not_this(1, "ma_jamiya", **MADE)
    second = judge.is_this(1, "ma_jamiya", **MADE).judgement.id

    taken = judge.withdraw(second, **MADE)

    assert set(counted(desk).values()) == {0}
    assert (taken.judgement.kind, taken.judgement.withdraws) == (Kind.WITHDRAW, second)
    assert [one.id for one in judge.list()] == [1]
    assert [(one.id, one.withdrawn_by) for one in judge.list(everything=True)] == [
        (1, None),
        (2, 3),
        (3, None),
    ]


def test_withdrawing_everything_leaves_the_article_as_it_was_read(
    desk: Desk, judge: JudgementStore
) -> None:
    before = article(desk)
    made: list[Judged] = [
        judge.not_this(1, "ma_jamiya", **MADE),
        judge.is_this(1, "iq_person", **MADE),
        judge.date(1, "2026-03-01", **MADE),
        judge.date(1, "unknown", **MADE),
        judge.language(1, "ckb", **MADE),
        judge.leave_out(1, **MADE),
    ]

    for one in made:
        judge.withdraw(one.judgement.id, **MADE)

    after = article(desk)
    assert len(after.pop("judgements")) == 12
    assert {**after, "judgements": []} == before


@pytest.mark.parametrize(
    ("number", "complaint"),
    [(9, "no judgement 9"), (1, "withdrawn already, by judgement 2"), (2, "itself a withdrawal")],
)
def test_there_must_be_something_to_withdraw(
    judge: JudgementStore, number: int, complaint: str
) -> None:
    judge.withdraw(judge.leave_out(1, **MADE).judgement.id, **MADE)

    with pytest.raises(CannotJudge, match=complaint):
        judge.withdraw(number, **MADE)


@pytest.mark.parametrize("author", [("", "why"), ("who", " \n")])
def test_a_judgement_says_who_and_why(judge: JudgementStore, author: tuple[str, str]) -> None:
    who, why = author

    with pytest.raises(CannotJudge, match="who made it and why"):
        judge.leave_out(1, who=who, why=why)


def test_a_judgement_and_its_effect_are_one_transaction(
    desk: Desk, judge: JudgementStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = article(desk)

    def broken(*_: object) -> None:
        raise OSError("disk full")

    with monkeypatch.context() as patch, pytest.raises(OSError, match="disk full"):
        patch.setattr(verdicts, "_lay_verdicts", broken)
        judge.date(1, "2026-03-01", **MADE)

    assert judge.list(everything=True) == []
    assert article(desk) == before


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE judgements SET who = 'somebody else'",
        "DELETE FROM judgements",
        "INSERT OR REPLACE INTO judgements (id, at, who, why, kind, article_id) "
        "SELECT id, at, 'somebody else', why, kind, article_id FROM judgements",
        "REPLACE INTO judgements (at, who, why, kind, article_id, withdraws) "
        "SELECT at, 'somebody else', why, kind, article_id, withdraws FROM judgements "
        "WHERE withdraws IS NOT NULL",
    ],
)
def test_the_table_itself_refuses_to_change_a_judgement(
    desk: Desk, judge: JudgementStore, sql: str
) -> None:
    judge.withdraw(judge.leave_out(1, **MADE).judgement.id, **MADE)
    on_file = judge.list(everything=True)

    with (
        sqlite3.connect(desk.path) as connection,
        pytest.raises(sqlite3.IntegrityError, match="judgements are never"),
    ):
        connection.execute(sql)
    connection.close()

    assert judge.list(everything=True) == on_file


def test_judgements_are_exported_with_their_authors_and_reasons(
    desk: Desk, judge: JudgementStore
) -> None:
    judge.not_this(1, "ma_jamiya", who="coder 2", why="=1+1")
    judge.withdraw(1, **MADE)

    first, second = rows_of(desk, export_judgements)

    assert (first["who"], first["why"], first["actor_id"]) == ("coder 2", "'=1+1", "ma_jamiya")
    assert (first["withdrawn_by"], first["active"]) == ("2", "0")
    assert (second["kind"], second["withdraws"]) == ("withdraw", "1")
    assert first["at_utc"] == "2026-11-22T21:00:00Z"


def test_labels_in_print_are_shown_and_exported_as_found(desk: Desk, judge: JudgementStore) -> None:
    (row,) = rows_of(desk, export_mentions)
    shown = {one["actor_id"]: one for one in article(desk)["mentions"]}

    assert row["labels"] == "الجمعية"
    assert (shown["ma_jamiya"]["label"], shown["ma_jamiya"]["label_start"]) == ("الجمعية", 3)
    assert shown["iq_person"]["label"] == ""
