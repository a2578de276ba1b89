"""When an outlet's layout is learned, and which pages are audited."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from crawler.engine.layout_rules import UNKNOWN, Layout, Situation, is_audited, lesson_due
from storage.models import ReadingContext
from storage.template_records import Template
from storage.template_standing import Standing
from storage.templates import InForce, Lesson

NOW = datetime(2026, 11, 23, 22, tzinfo=UTC)
YESTERDAY = NOW - timedelta(days=1)
TEMPLATE = Template("t1", usable=True)
IN_FORCE = InForce(1, "iq_relaid", TEMPLATE, YESTERDAY, YESTERDAY, 7, 6, Standing())
NEW = Situation(run_id=8, now=NOW, samples=0)


def test_the_first_lesson_waits_for_six_articles() -> None:
    assert [lesson_due(replace(NEW, samples=n)) for n in (5, 6)] == [None, "first"]


def test_a_changed_layout_is_learned_from_five_pages() -> None:
    changed = replace(NEW, changed_at=NOW - timedelta(minutes=2))

    assert [lesson_due(replace(changed, samples=n)) for n in (4, 5)] == [None, "redesigned"]


def test_a_lesson_that_taught_nothing_is_given_again_with_twice_the_pages() -> None:
    failed = replace(NEW, last=Lesson(NOW, 8, 6, taught=False))

    assert [lesson_due(replace(failed, samples=n)) for n in (11, 12)] == [None, "first"]
    whole = replace(NEW, samples=40, last=Lesson(NOW, 8, 20, taught=False))
    assert lesson_due(whole) is None
    assert lesson_due(replace(whole, now=NOW + timedelta(days=2))) == "first"


def test_a_template_of_few_pages_is_learned_again_in_another_run_when_nothing_fails() -> None:
    few = replace(NEW, in_force=IN_FORCE, samples=20)

    assert lesson_due(few) == "more pages"
    assert lesson_due(replace(few, samples=19)) is None
    assert lesson_due(replace(few, run_id=7)) is None
    assert lesson_due(replace(few, failing=True)) is None


def test_a_template_is_learned_again_in_time() -> None:
    whole = replace(IN_FORCE, pages=20)
    old = replace(whole, learned_at=NOW - timedelta(days=31))
    known = replace(NEW, samples=40, in_force=whole)

    assert lesson_due(known) is None
    assert lesson_due(replace(known, in_force=old)) == "in time"


def test_an_outlet_whose_templates_never_hold_is_left_alone_for_the_night() -> None:
    assert lesson_due(replace(NEW, samples=40, lessons=4)) is None


def test_one_page_in_twenty_is_audited_and_always_the_same_one() -> None:
    keys = [f"relaid.test/a/{number}" for number in range(4000)]
    audited = {key for key in keys if is_audited(key, "t1", 20)}

    assert 150 < len(audited) < 250
    assert audited == {key for key in keys if is_audited(key, "t1", 20)}
    assert audited != {key for key in keys if is_audited(key, "t2", 20)}


def test_a_young_template_is_audited_more_often() -> None:
    context = ReadingContext("iq_relaid", "iq", ("en",), "UTC")
    keys = [f"relaid.test/a/{number}" for number in range(100)]

    young, old = (
        sum(Layout(TEMPLATE, young=age).applied_to(context, key).audit for key in keys)
        for age in (True, False)
    )

    assert young > 30
    assert old < 15
    assert UNKNOWN.applied_to(context, "any") is context


def test_once_an_audit_has_said_otherwise_the_next_pages_are_all_read_both_ways() -> None:
    context = ReadingContext("iq_relaid", "iq", ("en",), "UTC")

    assert all(
        Layout(TEMPLATE, doubted=True).applied_to(context, f"relaid.test/a/{number}").audit
        for number in range(20)
    )
