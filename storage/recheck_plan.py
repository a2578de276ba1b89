"""When articles are looked at again, and what a look tells: plain arithmetic, no database."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from storage.models import STORED, Outcome
from storage.reasons import ANOTHER_PAGE, NOT_THERE

AGES = (
    timedelta(minutes=15),
    timedelta(hours=1),
    timedelta(hours=6),
    *(timedelta(days=days) for days in (1, 3, 7, 14, 30)),
)
"""The ages at which an article is looked at again: outlets correct within hours, and quietly
take things back for weeks."""
CONFIRMED_AFTER = timedelta(hours=6)
"""A page that was not there is called gone when it is still not there so much later."""
MISSING_EVERY = timedelta(days=7)
"""What is not there is looked at so often at least, since it may come back."""
MOST_SAME = 2
"""Validators lie (one ETag for ever): after so many "not modified", a look without them."""
RETRY_AFTER = timedelta(hours=1)
"""A look that told nothing is made again after this long, then after twice as long, and so on
up to the next age: soon after a short outage, and seldom where a site never answers."""
MOST_FAILURES = 8
"""After so many looks in a row that told nothing, what has no further age is given up."""
_EARLY_SHARE = 10
_EARLY_AT_MOST = timedelta(hours=6)
_MOST_DOUBLINGS = 12


@dataclass(frozen=True, slots=True)
class Plan:
    """The ages at which articles are looked at again, and how many a run looks at."""

    ages: tuple[timedelta, ...] = AGES
    most_per_host: int = 500
    most_per_run: int = 10_000

    def next_look(self, born: datetime, looked_at: datetime) -> datetime | None:
        """When an article is due that was last looked at then; None: its plan is over.

        Ages that have passed meanwhile fall together into one look.
        """
        age = looked_at - born
        due = (when for when in map(due_age, self.ages) if when > age)
        first = next(due, None)
        return None if first is None else born + first


DEFAULT_PLAN = Plan()


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a run is to look at again.

    `outlets` None: of any outlet. With `anyway` also what is not due; with `articles` only
    these; what falls due after `due_by` waits for the next run.
    """

    outlets: tuple[str, ...] | None = None
    articles: tuple[int, ...] = ()
    plan: Plan = DEFAULT_PLAN
    anyway: bool = False
    due_by: datetime | None = None


def due_age(age: timedelta) -> timedelta:
    """The age from which a look counts for a planned one: a tenth earlier, six hours at most.

    Nights do not begin to the second, and an outlet's turn comes now early, now late.

    >>> due_age(timedelta(days=1)), due_age(timedelta(days=14))
    (datetime.timedelta(seconds=77760), datetime.timedelta(days=13, seconds=64800))
    """
    return age - min(age / _EARLY_SHARE, _EARLY_AT_MOST)


def born(first_seen_at: datetime, appeared_at: datetime) -> datetime:
    """From when on an article's age counts.

    What was fresh when we found it counts from that moment, since a date of publication may be
    a bare day; what was found in an archive counts from its publication.
    """
    fresh = first_seen_at - appeared_at < timedelta(days=1)
    return first_seen_at if fresh else appeared_at


class Sight(StrEnum):
    """What a look saw."""

    READ = "read"  # the article, whole
    SAME = "same"  # the site says that nothing has changed
    MISSING = "missing"  # the page is not there
    NOTHING = "nothing"  # a wall, a fault, another page: not a word about the article
    NOT_TRIED = "not_tried"


def sight(outcome: Outcome, reason: str, status: int | None) -> Sight:
    """What a look saw that ended so."""
    if outcome is Outcome.UNCHANGED and status == 304:
        return Sight.SAME
    if outcome in STORED or outcome is Outcome.UNCHANGED:
        return Sight.NOTHING if reason.startswith(ANOTHER_PAGE) else Sight.READ
    not_there = outcome is Outcome.NOT_ARTICLE and reason.startswith(NOT_THERE)
    if outcome is Outcome.GONE or not_there:
        return Sight.MISSING
    waits = outcome in (Outcome.POSTPONED, Outcome.INTERRUPTED)
    return Sight.NOT_TRIED if waits else Sight.NOTHING


@dataclass(frozen=True, slots=True)
class Watch:
    """What is known of an article that is looked at again; a row of `rechecks`."""

    born: datetime
    checked_at: datetime
    next_at: datetime | None
    fetch_id: int | None = None
    same: int = 0
    failures: int = 0
    missing: int = 0
    missing_since: datetime | None = None
    vouched_since: datetime | None = None
    gone_at: datetime | None = None

    @property
    def suspect(self) -> bool:
        """Whether it was missed and is not told as gone yet."""
        return self.missing > 0 and self.gone_at is None

    @property
    def may_be_conditional(self) -> bool:
        """Whether validators may be sent: not to confirm, and not for ever."""
        return not self.missing and self.same < MOST_SAME


def after_seen(watch: Watch, at: datetime, plan: Plan, fetch_id: int | None) -> Watch:
    """After a look that saw the article; `fetch_id` is None where it was "not modified"."""
    return Watch(
        born=watch.born,
        checked_at=at,
        next_at=plan.next_look(watch.born, at),
        fetch_id=watch.fetch_id if fetch_id is None else fetch_id,
        same=watch.same + 1 if fetch_id is None else 0,
    )


def after_nothing(watch: Watch, at: datetime, plan: Plan) -> Watch:
    """After a look that told nothing: soon again, later each time, and not for ever."""
    failures, later = watch.failures + 1, _later(watch, at, plan)
    again = at + RETRY_AFTER * 2 ** min(failures - 1, _MOST_DOUBLINGS)
    given_up = later is None and failures >= MOST_FAILURES
    next_at = None if given_up else min(again, later or again)
    return replace(watch, failures=failures, next_at=next_at)


def after_missing(watch: Watch, at: datetime, plan: Plan, *, vouched: bool) -> Watch:
    """After a look at which the page was not there; `vouched`: while the rest of its site was.

    `gone_at` is set by the look that confirms it.
    """
    since = watch.missing_since or at
    watch = replace(watch, missing=watch.missing + 1, missing_since=since)
    if watch.gone_at is not None:
        return replace(watch, failures=0, next_at=_later(watch, at, plan))
    if not vouched:
        return after_nothing(watch, at, plan)
    first = watch.vouched_since or at
    watch = replace(watch, vouched_since=first, failures=0)
    if at - first < CONFIRMED_AFTER:
        return replace(watch, next_at=first + CONFIRMED_AFTER)
    watch = replace(watch, gone_at=at)
    return replace(watch, next_at=_later(watch, at, plan))


def _later(watch: Watch, at: datetime, plan: Plan) -> datetime | None:
    """The next age; for what is not there at least weekly, for as long as a plan lasts."""
    planned = plan.next_look(watch.born, at)
    if watch.missing_since is None:
        return planned
    weekly = at + due_age(MISSING_EVERY)
    if weekly > watch.missing_since + plan.ages[-1]:
        return planned
    return min(weekly, planned or weekly)
