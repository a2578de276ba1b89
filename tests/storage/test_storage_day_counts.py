"""What is counted ahead is what counting says, after every kind of write to articles and mentions.

The same for the numbers that pages show (`storage/desk/counted_ahead.py`) as for the views.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from random import Random
from typing import TYPE_CHECKING, Any

import pytest

from storage import day_counts, rekeying, stories
from storage.desk import counted_ahead
from storage.desk.questions import Question
from storage.errors import CannotJudge
from storage.judgements import JudgementStore
from storage.models import Actor, Fingerprint, Mention, OutletRecord, Precision
from storage.search import SearchFilters

from .conftest import OUTLETS

if TYPE_CHECKING:
    from .conftest import Desk

LIVE_OUTLETS = """
SELECT outlet_id, coalesce(published_day, '') AS day, count(*), count(DISTINCT story_id)
FROM articles WHERE NOT withdrawn GROUP BY 1, 2 ORDER BY 1, 2
"""
LIVE_ACTORS = """
SELECT m.actor_id, a.outlet_id, coalesce(a.published_day, '') AS day, count(DISTINCT a.id),
  count(DISTINCT a.story_id)
FROM mentions m JOIN articles a ON a.id = m.article_id JOIN actors w ON w.id = m.actor_id
WHERE m.verdict IS NOT 'not_this' AND (NOT m.ambiguous OR m.verdict IS 'is_this')
  AND NOT a.withdrawn AND NOT w.suppress GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
"""
COLUMNS = (
    "outlet_id, url_key, url, headline, language, published_precision, first_seen_at, fetched_at, "
    "words, version, keep_rule"
)
LIVE_STORIES = """
SELECT s.id, count(*), count(DISTINCT a.outlet_id), min(a.appeared_at), max(a.appeared_at)
FROM stories s JOIN articles a ON a.story_id = s.id WHERE NOT a.withdrawn
GROUP BY s.id HAVING count(*) > 1 ORDER BY s.id
"""
TOLD_STORIES = """
SELECT story_id, articles, outlets, first_at_utc, last_at_utc FROM stories_v ORDER BY story_id
"""
LEFT_OUT_ORIGINS = """
SELECT * FROM stories_v WHERE origin_article IN (SELECT id FROM articles WHERE withdrawn)
"""
TEXTS = tuple(" ".join(f"كلمة{n}{k}" for k in range(30)) for n in range(4))
NAMES = ("ma_jamiya", "iq_person", "term_activist")
WHO = {"who": "a reader", "why": "read by a person"}
OTHER_ZONES = ("Africa/Casablanca", "Asia/Baghdad", "Pacific/Kiritimati", "Etc/GMT+12")


class Writer:
    """Writes at random, as crawls, jobs and people do."""

    def __init__(self, desk: Desk, seed: int) -> None:
        self.desk, self.random, self.slugs = desk, Random(seed), 0
        self.judgements = JudgementStore(desk.db, clock=desk.clock)
        self.zones = {outlet.id: outlet.timezone for outlet in OUTLETS}

    def ids(self) -> list[int]:
        return [row[0] for row in self.desk.db.all("SELECT id FROM articles")]

    def one(self) -> int:
        return self.random.choice(self.ids())

    def outlets(self) -> tuple[OutletRecord, ...]:
        return tuple(replace(outlet, timezone=self.zones[outlet.id]) for outlet in OUTLETS)

    def mentions(self) -> tuple[Mention, ...]:
        names = self.random.sample(NAMES, self.random.randrange(4))
        return tuple(
            Mention(name, n, n + 2, "نص", "نص", "auto", ambiguous=self.random.random() < 0.3)
            for n, name in enumerate(names)
        )

    def said(self) -> dict[str, Any]:
        number = self.random.randrange(len(TEXTS))
        at = self.desk.now - timedelta(hours=self.random.randrange(1, 72))
        dated = self.random.random() < 0.8
        return {
            "text": TEXTS[number],
            "mentions": self.mentions(),
            "published_at": at if dated else None,
            "published_precision": Precision.MINUTE if dated else Precision.UNKNOWN,
            "fingerprint": Fingerprint(3, (1, 2, 3 + number), str(number) * 64, 40, ()),
        }

    def save(self) -> None:
        self.slugs += 1
        run_id = self.desk.run(outlets=self.outlets())
        outlet = self.random.choice(OUTLETS).id
        (candidate,) = self.desk.find(run_id, f"a{self.slugs}", outlet=outlet)
        self.desk.save(run_id, candidate, **self.said())
        self.desk.runs.close(run_id, "done")

    def edit(self) -> None:
        row = self.desk.db.one("SELECT url, outlet_id FROM articles WHERE id = ?", (self.one(),))
        assert row is not None
        run_id, candidate = self.desk.again(row["url"].rpartition("/")[2], row["outlet_id"])
        self.desk.save(run_id, candidate, **self.said())
        self.desk.runs.close(run_id, "done")

    def correct_zone(self) -> None:
        self.zones[self.random.choice(OUTLETS).id] = self.random.choice(OTHER_ZONES)
        self.desk.runs.close(self.desk.run(outlets=self.outlets()), "done")

    def rematch(self) -> None:
        self.desk.articles.rematch(self.one(), self.mentions(), self.desk.now)

    def reread(self) -> None:
        article_id = self.one()
        row = self.desk.db.one("SELECT url, outlet_id FROM articles WHERE id = ?", (article_id,))
        assert row is not None
        candidate = self.desk.candidate(row["url"].rpartition("/")[2], row["outlet_id"])
        self.desk.articles.reread(article_id, self.desk.reading(candidate, **self.said()))

    def judge_mention(self) -> None:
        act = self.random.choice((self.judgements.is_this, self.judgements.not_this))
        act(self.one(), self.random.choice(NAMES), **WHO)

    def judge_date(self) -> None:
        self.judgements.date(self.one(), self.random.choice(("2026-11-02", "unknown")), **WHO)

    def leave_out(self) -> None:
        self.judgements.leave_out(self.one(), **WHO)

    def take_back(self) -> None:
        rows = self.desk.db.all("SELECT id FROM judgements")
        self.judgements.withdraw(self.random.choice(rows)["id"] if rows else 0, **WHO)

    def judge_pair(self) -> None:
        act = self.random.choice((self.judgements.same_story, self.judgements.other_story))
        act(self.one(), self.one(), **WHO)

    def settle(self) -> None:
        stories.settle(self.desk.db)

    def rebuild(self) -> None:
        stories.rebuild(self.desk.db)

    def rekey(self) -> None:
        outlet, digest = self.random.choice(OUTLETS).id, str(self.random.random())
        rekeying.rekey(self.desk.db, outlet, digest, lambda url: url[: self.random.choice((9, 99))])

    def hide(self) -> None:
        hidden = self.random.random() < 0.5
        person = Actor("iq_person", "person", name="فلان", suppress=hidden)
        self.desk.runs.close(self.desk.run(actors=(person,)), "done")

    def count_anew(self) -> None:
        day_counts.recount(self.desk.db)

    def interrupted(self) -> None:
        """Whatever a write did that was rolled back is no change."""
        with suppress(RuntimeError), self.desk.db.write():
            self.leave_out_now()
            raise RuntimeError

    def leave_out_now(self) -> None:
        with suppress(CannotJudge):
            self.leave_out()

    def acts(self) -> Sequence[Callable[[], None]]:
        return (
            *(self.save, self.edit, self.correct_zone, self.rematch, self.reread),
            *(self.judge_mention, self.judge_date, self.leave_out, self.take_back),
            *(self.judge_pair, self.settle, self.rebuild, self.rekey, self.hide),
            *(self.count_anew, self.interrupted),
        )


def _rows(desk: Desk, sql: str) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in desk.db.all(sql)]


def _check_stories(desk: Desk, done: Sequence[str]) -> None:
    """Also between a judgement and the next settling."""
    assert _rows(desk, TOLD_STORIES) == _rows(desk, LIVE_STORIES), done
    assert _rows(desk, LEFT_OUT_ORIGINS) == [], done


def _check(desk: Desk, done: Sequence[str]) -> None:
    outlets = _rows(desk, LIVE_OUTLETS)
    said = _rows(desk, "SELECT * FROM outlet_days_v ORDER BY 1, 2")
    assert [row for row in said if row[2]] == outlets, done
    actors = _rows(desk, "SELECT * FROM actor_days_v ORDER BY 1, 2, 3")
    assert actors == _rows(desk, LIVE_ACTORS), done
    asked, every = Question(), [outlet.id for outlet in OUTLETS]
    sums: dict[str, int] = {}
    for _, day, articles, _ in outlets:
        sums[day] = sums.get(day, 0) + articles
    told = counted_ahead.of_outlets(desk.db, asked, every)
    assert {one.day: one.articles for one in told} == sums, done
    for name in NAMES:
        one_actor = Question(filters=SearchFilters(actor=(name,)))
        days = counted_ahead.of_question(desk.db, one_actor, every)
        named = sum(row[3] for row in actors if row[0] == name)
        assert sum(day.articles for day in days) == named, (name, done)


@pytest.mark.parametrize("seed", range(6))
def test_whatever_is_written_the_days_are_counted(desk: Desk, seed: int) -> None:
    writer, done = Writer(desk, seed), []
    for _ in range(4):
        writer.save()
    for _ in range(45):
        act = writer.random.choice(writer.acts())
        done.append(act.__name__)
        with suppress(CannotJudge):
            act()
        desk.later(minutes=7)
        _check(desk, done)
        _check_stories(desk, done)
    day_counts.recount(desk.db)
    assert day_counts.waiting(desk.db) == 0
    _check(desk, [*done, "and counted at the end"])


@pytest.mark.parametrize(
    "write",
    [
        "UPDATE OR ABORT articles SET withdrawn = 1 - withdrawn",
        "UPDATE OR ABORT articles SET published_day = '2026-11-03'",
        "UPDATE OR ABORT mentions SET verdict = 'not_this'",
        "UPDATE mentions SET actor_id = 'term_activist'",
        "UPDATE mentions SET article_id = 2",
        f"INSERT INTO articles (id, {COLUMNS}) SELECT id, {COLUMNS} FROM articles WHERE true "
        "ON CONFLICT (id) DO UPDATE SET withdrawn = 1 - withdrawn",
        'INSERT OR ABORT INTO mentions (actor_id, article_id, field, start, "end", surface, '
        "alias, rule, ambiguous) SELECT 'term_activist', article_id, field, start, \"end\", "
        "surface, alias, rule, ambiguous FROM mentions",
        "DELETE FROM mentions",
    ],
)
@pytest.mark.parametrize("waiting", [False, True])
def test_a_day_that_waits_already_ends_no_write(desk: Desk, write: str, *, waiting: bool) -> None:
    """What the outer statement does in a conflict holds in triggers too: these must meet none."""
    for slug in ("1", "2"):
        mention = Mention("ma_jamiya", 0, 2, "نص", "نص", "auto")
        days = timedelta(days=int(slug))
        desk.store(
            slug,
            mentions=(mention,) if slug == "1" else (),
            published_at=desk.now - days,
            published_precision=Precision.MINUTE,
        )
    if not waiting:
        day_counts.recount(desk.db)
    with desk.db.write():
        desk.db.execute(write)
    _check(desk, [write])
