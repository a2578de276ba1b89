"""The plan of looks: when an article is due, for any ages, births and delays."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from crawler.engine.outcomes import of_status
from storage.deletions import MOST_WITNESSES, vouches, witnesses_wanted
from storage.models import Outcome
from storage.recheck_plan import (
    AGES,
    CONFIRMED_AFTER,
    Plan,
    Sight,
    Watch,
    after_missing,
    after_nothing,
    after_seen,
    born,
    due_age,
    sight,
)

BIRTH = datetime(2026, 3, 1, 4, 30, tzinfo=UTC)
PLANS = st.sets(st.integers(5, 60 * 24 * 400), min_size=1, max_size=12).map(
    lambda minutes: Plan(tuple(timedelta(minutes=one) for one in sorted(minutes)))
)
DELAYS = st.lists(st.integers(0, 60 * 24 * 20).map(lambda one: timedelta(minutes=one)), max_size=60)


@given(PLANS, st.integers(-500, 10**6))
def test_the_next_look_lies_ahead_and_a_plan_ends(plan: Plan, minutes: int) -> None:
    looked_at = BIRTH + timedelta(minutes=minutes)

    due = plan.next_look(BIRTH, looked_at)

    if due is None:
        assert looked_at - BIRTH >= due_age(plan.ages[-1])
    else:
        assert looked_at < due <= BIRTH + plan.ages[-1]


@given(PLANS, DELAYS)
def test_looks_are_never_more_than_ages_and_each_age_is_covered(
    plan: Plan, delays: list[timedelta]
) -> None:
    looks, at = [], BIRTH
    for delay in [*delays, *[timedelta(0)] * len(plan.ages)]:
        due = plan.next_look(BIRTH, at)
        if due is None:
            break
        at = due + delay
        looks.append(at - BIRTH)

    assert len(looks) <= len(plan.ages)
    assert all(any(look >= due_age(age) for look in looks) for age in plan.ages)


@given(st.floats(0, 2.5), st.lists(st.floats(0, 2), min_size=32, max_size=32))
def test_a_nightly_service_looks_on_nights_1_3_7_14_and_30_however_its_hours_wander(
    found_after: float, late: list[float]
) -> None:
    begun = BIRTH - timedelta(hours=found_after)  # of the night that found it; looks come later
    read_at, looked = BIRTH, []

    for night in range(1, 32):
        due_by = begun + timedelta(days=night)
        due = Plan().next_look(BIRTH, read_at)
        if due is not None and due <= due_by:
            looked.append(night)
            read_at = due_by + timedelta(hours=found_after + late[night])

    assert looked == [1, 3, 7, 14, 30]


@given(st.integers(-(10**5), 10**5))
def test_age_counts_from_first_sight_of_what_was_fresh_and_from_publication_else(
    minutes: int,
) -> None:
    appeared = BIRTH - timedelta(minutes=minutes)

    since = born(BIRTH, appeared)

    assert since == (appeared if minutes >= 24 * 60 else BIRTH)


@given(PLANS, st.lists(st.sampled_from(["seen", "nothing", "missing", "vouched"]), max_size=80))
def test_looks_that_fail_for_ever_stay_bounded_and_gone_needs_two_vouched_misses(
    plan: Plan, looks: list[str]
) -> None:
    watch = Watch(BIRTH, BIRTH, plan.next_look(BIRTH, BIRTH))
    made, vouched = 0, []

    for what in looks:
        if watch.next_at is None:
            break
        at, made = watch.next_at, made + 1
        before = watch
        if what == "seen":
            watch = after_seen(watch, at, plan, 7)
            vouched = []
        elif what == "nothing":
            watch = after_nothing(watch, at, plan)
        else:
            watch = after_missing(watch, at, plan, vouched=what == "vouched")
            vouched += [at] if what == "vouched" and before.gone_at is None else []
        assert watch.next_at is None or watch.next_at > at
        told = watch.gone_at is not None and before.gone_at is None
        assert told == (
            what == "vouched"
            and before.gone_at is None
            and len(vouched) > 1
            and vouched[-1] - vouched[0] >= CONFIRMED_AFTER
        )


@given(PLANS)
def test_a_site_that_never_answers_costs_few_looks_beyond_those_of_the_plan(plan: Plan) -> None:
    watch, looks = Watch(BIRTH, BIRTH, plan.next_look(BIRTH, BIRTH)), 0

    while watch.next_at is not None:
        watch, looks = after_nothing(watch, watch.next_at, plan), looks + 1

    assert looks <= len(plan.ages) + 15  # doubling reaches any age in so many


@given(st.integers(0, 300), st.integers(0, 300))
def test_the_mass_of_a_site_is_never_called_gone(missing: int, alive: int) -> None:
    assert not vouches(missing, alive, 0)
    if missing > alive:
        assert not vouches(missing, alive, alive)
    if missing > 5 and vouches(missing, alive, 1):
        assert missing * 2 <= alive


@given(st.integers(1, MOST_WITNESSES // 2))
def test_the_witnesses_that_are_called_suffice(suspects: int) -> None:
    called = witnesses_wanted(suspects)

    assert vouches(suspects, called, called)


def test_what_a_look_saw() -> None:
    gone = of_status(404)
    assert gone is not None

    seen = {
        Sight.READ: (Outcome.UNCHANGED, "", 200),
        Sight.SAME: (Outcome.UNCHANGED, "not modified", 304),
        Sight.MISSING: (*gone, 404),
        Sight.NOTHING: (Outcome.NOT_ARTICLE, "consent page", 200),
        Sight.NOT_TRIED: (Outcome.POSTPONED, "", None),
    }

    assert {what: sight(*ended) for what, ended in seen.items()} == {what: what for what in seen}
    assert AGES[0] == timedelta(minutes=15)
