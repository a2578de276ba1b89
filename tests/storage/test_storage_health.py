"""An outlet that is read worse than before is named; chance, and what never was, is not."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from storage import troubles
from storage.events import Event, EventStore
from storage.health import Counts, NightRead, counted
from storage.health_rules import FEW, Worse, worse
from storage.models import Outcome, Precision, Reading
from storage.trouble_words import said

if TYPE_CHECKING:
    from tests.storage.conftest import Desk

FIRST = datetime(2026, 4, 1, 2, tzinfo=UTC)
DAY = timedelta(days=1)


def dated(*nights: tuple[int, int]) -> list[NightRead]:
    """Nights with so many dated articles of so many; all else is as it should be."""
    return [
        NightRead(night, FIRST + DAY * night, Counts(of, of, found, of, of))
        for night, (found, of) in enumerate(nights)
    ]


def judged(
    reads: Sequence[NightRead], before: tuple[datetime, Sequence[str]] | None = None
) -> Worse | None:
    """What is said an hour after the last run."""
    return worse(reads, reads[-1].at + timedelta(hours=1), before)


def reading(**changes: object) -> Reading:
    values: dict[str, object] = {
        "url": "https://sahifa.test/1",
        "final_url": "https://sahifa.test/1",
        "outcome": None,
        "headline": "عنوان الخبر",
        "text": "كلمة " * 100,
        "published_precision": Precision.DAY,
        **changes,
    }
    return Reading(**values)  # type: ignore[arg-type]  # a test says which fields


@pytest.mark.parametrize(
    ("changes", "name", "value"),
    [
        ({}, "articles", 1),
        ({}, "with_headline", 1),
        ({"headline": ""}, "with_headline", 0),
        ({"published_precision": Precision.MONTH}, "with_date", 0),
        ({}, "plausible", 1),
        ({"text": "كلمة " * 12}, "plausible", 0),
        ({"text": "كلمة " * 9_000}, "plausible", 0),
        ({"text_complete": False}, "plausible", 0),
        ({"template_id": "t1"}, "by_template", 1),
        ({"methods": (("fallback", "no text"),)}, "fallbacks", 1),
        ({"methods": (("unselected", "byline"),)}, "unselected", 1),
        ({"methods": (("audit", "agrees"),)}, "audits", 1),
        ({"methods": (("audit", "agrees"),)}, "differing", 0),
        ({"methods": (("audit", "differs: text"),)}, "differing", 1),
        ({"outcome": Outcome.NO_TEXT}, "articles", 0),
    ],
)
def test_what_an_article_counts_for(changes: dict[str, object], name: str, value: int) -> None:
    assert getattr(counted(reading(**changes)), name) == value


def test_dates_that_are_gone_are_noticed_in_the_first_night() -> None:
    well = [(10, 10)] * 10

    told = judged(dated(*well, (1, 10)))

    assert told is not None
    assert (told.since, [fall.what for fall in told.falls]) == (FIRST + DAY * 10, ["date"])
    assert (told.falls[0].found, told.falls[0].of, told.falls[0].usual) == (1, 10, 1.0)
    assert judged(dated(*well, (10, 10))) is None


@pytest.mark.parametrize("usual", [0, 1, 4])
def test_an_outlet_that_hardly_ever_prints_dates_has_not_become_worse(usual: int) -> None:
    assert judged(dated(*[(usual, 20)] * 10, (0, 20))) is None


def test_few_articles_prove_nothing_until_the_nights_together_do() -> None:
    well = [(4, 4)] * 15

    assert judged(dated(*well, (0, 4))) is None
    assert judged(dated(*well, (0, FEW - 1))) is None
    told = judged(dated(*well, (0, 4), (0, 4)))
    assert told is not None
    assert told.since == FIRST + DAY * 15


def test_a_new_outlet_has_no_past_to_be_worse_than() -> None:
    assert judged(dated(*[(20, 20)] * 4, (0, 20))) is None
    assert judged(dated(*[(3, 3)] * 10, (0, 20))) is None


def test_an_outlet_whose_nights_differ_needs_two_bad_ones() -> None:
    uneven = [(20, 20), (15, 20)] * 7

    assert judged(dated(*uneven, (0, 20))) is None
    assert judged(dated(*uneven, (0, 20), (0, 20))) is not None


def test_what_was_as_bad_before_is_no_news() -> None:
    assert judged(dated(*[(20, 20)] * 6, (8, 20), *[(20, 20)] * 6, (8, 20), (8, 20))) is None


def test_runs_of_one_night_are_judged_together() -> None:
    well = dated(*[(12, 12)] * 10)
    at = well[-1].at + DAY
    parts = [NightRead(100 + n, at + timedelta(hours=n), Counts(4, 4, 0, 4, 4)) for n in range(3)]

    assert judged([*well, parts[0]]) is None
    told = judged([*well, *parts])
    assert told is not None
    assert told.since == at


def test_it_is_over_when_it_is_seen_to_be_well_and_not_when_nothing_is_seen() -> None:
    began, bad = FIRST + DAY * 10, dated(*[(10, 10)] * 10, (0, 10), (1, 10))
    before = (began, ["date"])

    def then(*nights: tuple[int, int]) -> Worse | None:
        return judged(dated(*[(10, 10)] * 10, (0, 10), (1, 10), *nights), before)

    assert judged(bad, before) is not None
    assert then((0, 0)) is not None
    assert then((1, 1)) is not None  # one article is no proof
    assert then((10, 10)) is None
    still = then(*[(1, 10)] * 20)
    assert still is not None
    assert still.since == began
    assert still.falls[0].usual == 1.0  # the bad weeks are not what is usual


def test_a_fall_back_from_the_template_is_told_of_the_pages_that_it_was_tried_on() -> None:
    well = [NightRead(n, FIRST + DAY * n, Counts(10, 10, 10, 10, 10, 0)) for n in range(10)]
    fallen = NightRead(10, FIRST + DAY * 10, Counts(10, 10, 10, 10, 1, 9))
    unlearned = NightRead(10, FIRST + DAY * 10, Counts(10, 10, 10, 10, 0, 0))

    told = judged([*well, fallen])

    assert told is not None
    assert [fall.what for fall in told.falls] == ["template"]
    assert judged([*well, unlearned]) is None


def test_chance_alone_raises_no_alarm_in_three_thousand_nights() -> None:
    """27 outlets in 120 nights, four shares each; chance is a fixed one."""
    dice = random.Random(20260301)

    def chances(size: int, usual: float) -> Iterable[tuple[int, int]]:
        for _ in range(120):
            yield sum(dice.random() < usual for _ in range(size)), size

    alarms = 0
    for size in (8, 15, 40):
        for usual in (0.5, 0.8, 0.95) * 3:
            reads = dated(*chances(size, usual))
            alarms += sum(judged(reads[:end][-60:]) is not None for end in range(6, 121))

    assert alarms == 0


def test_the_event_opens_with_the_first_bad_night_and_closes_with_the_first_good_one(
    desk: Desk,
) -> None:
    for number in range(7):
        night(desk, number, "day")
    assert events(desk) == []
    bad = night(desk, 7, "unknown")
    (event,) = events(desk)
    night(desk, 8, "unknown")
    assert events(desk) == [event]
    good = night(desk, 9, "day")

    (closed,) = events(desk)
    assert (event.kind, event.subject, event.evidence["run"]) == ("reading_worse", "date", bad)
    assert said(event.kind, event.subject, event.evidence) == (
        "0 of 9 articles have a date, where 100% is usual"
    )
    assert closed.closing is not None
    assert closed.closing["run"] == good
    assert closed.closing["shares"]["date"] == [9, 9]  # type: ignore[index]  # JSON


def night(desk: Desk, number: int, precision: str) -> int:
    """One run that stores nine articles, dated so precisely; then the judgement."""
    desk.later(days=1)
    run_id = desk.run()
    found = desk.find(run_id, *(f"{number}-{each}" for each in range(9)))
    for candidate in found:
        text = f"{candidate.url} " + "كلمة " * 80
        desk.save(run_id, candidate, text, published_precision=Precision(precision))
    troubles.judge(desk.db, run_id, desk.now)
    desk.runs.close(run_id, "done")
    return run_id


def events(desk: Desk) -> list[Event]:
    return [one for one in EventStore(desk.db).history() if one.kind == "reading_worse"]
