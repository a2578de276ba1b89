from __future__ import annotations

import signal
import sqlite3
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from judged import DOUBTFUL, MADE, NAMED, TERM, article, counted, judged_desk, rows_of

from storage import verdicts
from storage.errors import CannotJudge, DatabaseBusy, UnknownArticle
from storage.judgement_rows import Kind
from storage.judgements import Judged, JudgementStore
from storage.models import Actor, Mention, Precision

if TYPE_CHECKING:
    from tests.storage.conftest import Desk

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def judge(desk: Desk) -> JudgementStore:
    """Who judges an article that names an association, and a person ambiguously."""
    return judged_desk(desk)


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
    (row,) = [row for row in rows_of(desk, "mentions") if row["actor_id"] == "iq_person"]
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
    [
        (9, "no judgement 9"),
        (10**30, "no judgement 1000"),
        (1, "withdrawn already, by judgement 2"),
        (2, "itself a withdrawal"),
    ],
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


def test_a_reason_is_one_line_of_readable_length(desk: Desk, judge: JudgementStore) -> None:
    steering = "first\n\tline \u202e\u2066\x1b[2J\u0000نیم\u200cفاصله"

    made = judge.leave_out(1, who=" coder\r\n1", why=steering).judgement
    with pytest.raises(CannotJudge, match="at most 2,000 characters"):
        judge.leave_out(1, who="coder 1", why="word " * 500)
    with pytest.raises(CannotJudge, match="at most 2,000 characters"):
        judge.leave_out(1, who="coder " * 500, why="a reason")

    assert (made.who, made.why) == ("coder 1", "first line [2Jنیم\u200cفاصله")
    assert len(judge.list()) == 1


def test_of_several_on_one_matter_only_the_latest_is_active(
    desk: Desk, judge: JudgementStore
) -> None:
    first = judge.not_this(1, "ma_jamiya", **MADE)
    second = judge.is_this(1, "ma_jamiya", **MADE)
    judge.not_this(1, "iq_person", **MADE)
    judge.date(1, "2026-03-01", **MADE)
    judge.date(1, "unknown", **MADE)
    judge.language(1, "fr", **MADE)
    taken = judge.withdraw(5, **MADE)

    assert (first.other, second.other) == (None, first.judgement)
    assert taken.other is not None and taken.other.value == "2026-03-01"
    assert [one.id for one in judge.active(1)] == [2, 3, 4, 6]
    assert [row["active"] for row in rows_of(desk, "judgements")] == list("0111010")
    assert rows_of(desk, "judgements")[0]["superseded_by"] == "2"
    assert [row["active"] for row in article(desk)["judgements"]][:2] == [False, True]


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


KILLED_IN_BETWEEN = """
import os, signal, sys
from storage import verdicts
from storage.database import open_database
from storage.judgements import JudgementStore

verdicts.lay = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
JudgementStore(open_database(sys.argv[1])).leave_out(1, who="coding desk", why="killed")
"""


def test_a_kill_between_judgement_and_effect_leaves_neither(
    desk: Desk, judge: JudgementStore
) -> None:
    before = article(desk)

    command = [sys.executable, "-c", KILLED_IN_BETWEEN, str(desk.path)]
    killed = subprocess.run(command, cwd=ROOT, timeout=60, check=False)

    assert killed.returncode == -signal.SIGKILL
    assert judge.list(everything=True) == []
    assert article(desk) == before
    assert judge.leave_out(1, **MADE).after.left_out


def test_a_judgement_waits_for_its_turn_and_then_says_so(desk: Desk, judge: JudgementStore) -> None:
    other = sqlite3.connect(desk.path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    desk.db.execute("PRAGMA busy_timeout = 20")

    with pytest.raises(DatabaseBusy, match="another command keeps writing"):
        judge.leave_out(1, **MADE)

    other.execute("COMMIT")
    other.close()
    assert judge.leave_out(1, **MADE).judgement.id == 1


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

    first, second = rows_of(desk, "judgements")

    assert (first["who"], first["why"], first["actor_id"]) == ("coder 2", "'=1+1", "ma_jamiya")
    assert (first["withdrawn_by"], first["active"]) == ("2", "0")
    assert (second["kind"], second["withdraws"]) == ("withdraw", "1")
    assert first["at_utc"] == "2026-11-22T21:00:00Z"


def test_labels_in_print_are_shown_and_exported_as_found(desk: Desk, judge: JudgementStore) -> None:
    (row,) = rows_of(desk, "mentions")
    shown = {one["actor_id"]: one for one in article(desk)["mentions"]}

    assert row["labels"] == "الجمعية"
    assert (shown["ma_jamiya"]["label"], shown["ma_jamiya"]["label_start"]) == ("الجمعية", 3)
    assert shown["iq_person"]["label"] == ""
