"""When an outlet's layout is learned, and which of the pages read by template are audited."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import blake2b

from storage.models import ReadingContext
from storage.template_records import Template
from storage.template_standing import WINDOW
from storage.templates import InForce, Lesson

FIRST = 6
"""Articles of an outlet that are read the careful way before its layout is learned …"""
AFTER_CHANGE = WINDOW
"""… and after it has changed."""
ENOUGH = 20
"""Pages of a whole lesson: a template made of fewer is learned again in a later run."""
IN_TIME = timedelta(days=30)
"""Age at which a template is learned again though nothing is wrong with it."""
ANOTHER_TRY = timedelta(days=1)
"""After a whole lesson that taught nothing."""
MOST_LESSONS = 4
"""Of one outlet and run: where no template holds, pages are read the careful way."""
AUDITED = 20
"""One page in so many is read the careful way as well …"""
AUDITED_YOUNG, YOUNG = 3, 6
"""… and of a template's first pages more."""


@dataclass(frozen=True, slots=True)
class Layout:
    """What is known of the layout of an outlet's pages when one of them is read."""

    template: Template | None = None
    young: bool = False
    doubted: bool = (
        False  # the careful way has just said otherwise of a page: all are read both ways
    )

    def applied_to(self, context: ReadingContext, url_key: str) -> ReadingContext:
        """The context of a page that is read by the template, if there is one."""
        if self.template is None:
            return context
        every = 1 if self.doubted else AUDITED_YOUNG if self.young else AUDITED
        audit = is_audited(url_key, self.template.id, every)
        return replace(context, template=self.template, audit=audit)


UNKNOWN = Layout()
"""Nothing is known: the careful way."""


def is_audited(url_key: str, template_id: str, every: int) -> bool:
    """Whether a page is one of those read both ways; by its address, so always the same ones."""
    digest = blake2b(f"{template_id}\n{url_key}".encode(errors="replace"), digest_size=8).digest()
    return int.from_bytes(digest) % every == 0


@dataclass(frozen=True, slots=True)
class Situation:
    """What decides whether an outlet's layout is to be learned now.

    `samples` are captured articles of today's layout, which stands since `changed_at` (None: no
    change is known); `lessons` were given in this run. `failing`: the template in force failed on
    one of the last pages, so that the newest captures may be of several layouts.
    """

    run_id: int
    now: datetime
    samples: int
    in_force: InForce | None = None
    last: Lesson | None = None
    changed_at: datetime | None = None
    lessons: int = 0
    failing: bool = False


def lesson_due(at: Situation) -> str | None:
    """Why the layout is to be learned now, as `outlet_templates.why` says it; None: not now."""
    if at.lessons >= MOST_LESSONS:
        return None
    if at.in_force is None or at.in_force.from_at > at.now:  # of a clock that was ahead
        why = "redesigned" if at.changed_at else "first"
        return why if at.samples >= _least(at) else None
    if not at.in_force.template.usable:
        return "older learner" if at.samples >= FIRST else None
    if at.failing or at.in_force.run_id == at.run_id:
        return None
    if at.in_force.pages < ENOUGH <= at.samples:
        return "more pages"
    old = abs(at.now - at.in_force.learned_at) > IN_TIME
    return "in time" if old and at.samples >= ENOUGH else None


def _least(at: Situation) -> float:
    """How many pages a lesson takes that would be the first about this layout, or the next one."""
    last = at.last
    least = AFTER_CHANGE if at.changed_at else FIRST
    if last is None or last.taught or (at.changed_at and last.learned_at < at.changed_at):
        return least
    if last.pages < ENOUGH:
        return min(max(2 * last.pages, least), ENOUGH)
    return ENOUGH if abs(at.now - last.learned_at) > ANOTHER_TRY else float("inf")
