"""Whatever is read, matched and judged in whatever order: judgements hold, and leave no trace."""

from __future__ import annotations

import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hypothesis import given, settings
from hypothesis import strategies as st

from storage.judgements import JudgementStore
from storage.models import Mention, Precision, keep_rule, keep_rule_of
from storage.stems import stems

if TYPE_CHECKING:
    from tests.storage.conftest import Desk

MADE = {"who": "coding desk", "why": "read by a person"}
ACTORS = ("ma_jamiya", "iq_person", "term_activist")
ACTIONS = st.one_of(
    st.tuples(st.sampled_from(["save", "reread"]), st.integers(0, 7)),
    st.tuples(st.just("rematch"), st.integers(0, 7)),
    st.tuples(st.sampled_from(["not_this", "is_this"]), st.sampled_from(ACTORS)),
    st.tuples(st.just("date"), st.sampled_from(["2026-03-01", "2026-03-02T23:30", "unknown"])),
    st.tuples(st.just("language"), st.sampled_from(["ckb", "fr"])),
    st.tuples(st.just("leave_out"), st.none()),
    st.tuples(st.just("withdraw"), st.integers(0, 9)),
)
NOT_THE_READERS = {
    "id",
    "story_id",
    "url",
    "url_key",
    "final_url",
    "urls",
    "provenance",
    "judgements",
}


def mentions(variant: int) -> tuple[Mention, ...]:
    """For each bit an actor, the second one ambiguous now and then."""
    doubtful = {"iq_person": variant % 3 != 0}
    return tuple(
        Mention(actor, 2 * place, 2 * place + 2, "نص", "نص", "auto",
                ambiguous=doubtful.get(actor, False))
        for place, actor in enumerate(ACTORS)
        if variant >> place & 1
    )  # fmt: skip


def reading(variant: int) -> dict[str, Any]:
    """What a page says in one of its wordings."""
    found = mentions(variant)
    dated = variant % 4
    return {
        "text": f"نص الخبر والكتاب رقم {variant}",
        "headline": f"عنوان {variant % 2}",
        "mentions": found,
        "keep_rule": keep_rule(found),
        "language": "ar" if variant % 3 else "kmr",
        "published_at": datetime(2026, 11, dated, 23, 30, tzinfo=UTC) if dated else None,
        "published_precision": Precision.MINUTE if dated else Precision.UNKNOWN,
        "methods": (("published_at", "meta"),) if dated else (),
    }


class Twins:
    """Two articles that are read alike; people judge the first only."""

    def __init__(self, desk: Desk) -> None:
        self.desk, self.judge = desk, JudgementStore(desk.db, clock=desk.clock)
        for slug in "12":
            desk.store(slug, **reading(3))

    def do(self, action: tuple[str, Any]) -> None:
        verb, value = action
        if verb in ("save", "reread", "rematch"):
            for number in (1, 2):
                getattr(self, f"_{verb}")(number, value)
        elif verb == "withdraw":
            active = self.judge.list()
            if active:
                self.judge.withdraw(active[value % len(active)].id, **MADE)
        elif verb in ("not_this", "is_this"):
            if value in self._named():
                getattr(self.judge, verb)(1, value, **MADE)
        else:
            getattr(self.judge, verb)(1, *([] if value is None else [value]), **MADE)

    def _save(self, number: int, variant: int) -> None:
        run_id, candidate = self.desk.again(str(number))
        self.desk.save(run_id, candidate, **reading(variant))

    def _reread(self, number: int, variant: int) -> None:
        candidate = self.desk.candidate(str(number))
        self.desk.articles.reread(number, self.desk.reading(candidate, **reading(variant)))

    def _rematch(self, number: int, variant: int) -> None:
        self.desk.articles.rematch(number, mentions(variant), self.desk.now)

    def _named(self) -> set[str]:
        found: Any = self.desk.articles.get(1)
        return {mention["actor_id"] for mention in found["mentions"]}

    def seen(self, number: int) -> dict[str, Any]:
        """An article as shown, and the words and day by which it is found."""
        found: Any = self.desk.articles.get(number)
        sql = "SELECT stemmed FROM article_index WHERE id = ?"
        days = self.desk.db.all("SELECT day FROM candidates WHERE article_id = ?", (number,))
        shown = {key: value for key, value in found.items() if key not in NOT_THE_READERS}
        for version in shown["versions"]:
            del version["fetch_id"]
        for edit in shown["edits"]:
            for name in ("edit", "article_id", "evidence"):
                del edit[name]
        del shown["fetch_id"]
        index = self.desk.db.value(sql, (number,))
        return shown | {"index": index, "day": [row["day"] for row in days]}


def check(twins: Twins) -> None:
    """The judged article says what people said, and else what its twin says."""
    judged, plain = twins.seen(1), twins.seen(2)
    latest = {one.kind.value: one.value for one in twins.judge.active(1)}
    verdicts = {one.actor_id: one.kind.value for one in twins.judge.active(1) if one.actor_id}
    assert judged["language"] == latest.get("language", plain["language"])
    words = f"{judged['headline']}\n{judged['text']}"
    assert judged["index"] == stems(words, judged["language"])
    assert bool(judged["withdrawn"]) == ("leave_out" in latest)
    day = str(latest["date"])[:10] if "date" in latest else plain["published_day"]
    assert judged["published_day"] == (None if day == "unknown" else day)
    assert judged["day"] == [judged["published_day"] or "undated"]
    for mention in judged["mentions"]:
        plainly = not mention["ambiguous"]
        said = {"is_this": True, "not_this": False}.get(
            verdicts.get(mention["actor_id"], ""), plainly
        )
        assert bool(mention["counted"]) == (said and not judged["withdrawn"])
    counted = {one["actor_id"] for one in judged["mentions"] if one["counted"]}
    assert judged["keep_rule"] == keep_rule_of(counted)


@settings(max_examples=40, deadline=None)
@given(actions=st.lists(ACTIONS, max_size=12))
def test_judgements_hold_over_any_history_and_withdrawn_leave_no_trace(
    desk_type: type[Desk], actions: list[tuple[str, Any]]
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        desk = desk_type(Path(folder) / "marsad.db")
        twins = Twins(desk)
        judged = set()
        for action in actions:
            desk.later(minutes=1)
            twins.do(action)
            check(twins)
            judged |= {one.actor_id for one in twins.judge.active(1) if one.actor_id}
        for one in twins.judge.list():
            twins.judge.withdraw(one.id, **MADE)

        left, plain = twins.seen(1), twins.seen(2)
        for seen in (left, plain):
            # An edit says who was counted when it was seen: then people judged, and it stays so.
            seen["edits"] = [edit for edit in seen["edits"] if edit["actor_id"] not in judged]
        assert left == plain
        desk.db.close()
