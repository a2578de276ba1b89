"""The layouts of outlets within a run: learned beside the crawl, held against pages, and mended.

Pages are read by the template that is in force for their outlet; until one is, and again when the
layout has changed, all of them are read the careful way. Learning goes on in a worker while the
run fetches further pages; it never stops a run, and whoever kills it leaves the old state.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from crawler.engine.comparisons import Call, read_again
from crawler.engine.layout_lessons import Lessons
from crawler.engine.layout_rules import ENOUGH, UNKNOWN, YOUNG, Layout, Situation, lesson_due
from crawler.engine.pool import Readers
from storage import layout_samples
from storage.articles import ArticleStore
from storage.connection import Connection
from storage.events import EventStore
from storage.models import STORED, Hints, Reading, ReadingContext, Saved
from storage.template_standing import WINDOW, Standing, Verdict, is_denied, reason_of, verdict_of
from storage.templates import LAYOUT, REDESIGNED, InForce, Lesson, TemplateStore, Unhealed
from storage.times import decode_time, encode_time

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Tools:
    """What the layouts need of their run. `nobodys` is the outlet of pages of no known outlet."""

    run_id: int
    readers: Readers
    folder: Path  # of captures
    call: Call
    db: Connection  # to be used through `call` only
    clock: Callable[[], datetime]
    context: Callable[[str, Hints, datetime], ReadingContext]
    nobodys: str = ""


@dataclass
class _Outlet:
    """What a run knows of one outlet's layout."""

    id: str
    in_force: InForce | None
    last: Lesson | None
    changed_at: datetime | None
    samples: int
    standing: Standing
    lessons: int = 0
    doubts: int = 0  # pages to be read both ways since the careful way said otherwise of one
    learning: asyncio.Task[None] | None = None
    noted: bool = True  # the standing is in the database
    reasons: deque[str] = field(default_factory=lambda: deque(maxlen=WINDOW))

    def is_of_today(self, at: datetime) -> bool:
        """Whether a page fetched at a time has today's layout; in the second of a change: unsure.

        The database knows seconds.
        """
        return self.changed_at is None or decode_time(encode_time(at)) > self.changed_at


class Layouts:
    """Which template reads which outlet's pages, in one run."""

    def __init__(self, tools: Tools) -> None:
        """Nothing is asked of the database before the first page of an outlet."""
        self._tools = tools
        self._store = TemplateStore(tools.db, clock=tools.clock)
        self._lessons = Lessons(tools.readers, tools.folder)
        self._outlets: dict[str, _Outlet] = {}
        self._loading = asyncio.Lock()
        self._tasks: set[asyncio.Task[None]] = set()
        self._begun_at = tools.clock()
        self._used: dict[int, Unhealed] = {}  # what is read again where it turns out to be gone

    # --- for a page

    async def of(self, outlet_id: str, fetched_at: datetime) -> Layout:
        """What is known of an outlet's layout for a page that was fetched at a time."""
        if outlet_id == self._tools.nobodys:
            return UNKNOWN
        async with self._loading:
            known = self._outlets.get(outlet_id) or await self._load(outlet_id)
        in_force = known.in_force
        if in_force is None or decode_time(encode_time(fetched_at)) < in_force.from_at:
            return UNKNOWN
        return Layout(in_force.template, known.standing.uses < YOUNG, known.doubts > 0)

    def lesson_of(self, outlet_id: str) -> asyncio.Task[None] | None:
        """The lesson that is under way about an outlet none of whose pages can be read yet but
        the careful way; None where there is nothing to wait for."""
        known = self._outlets.get(outlet_id)
        return known.learning if known and known.in_force is None else None

    async def saw(
        self, outlet_id: str, layout: Layout, reading: Reading, saved: Saved, at: datetime
    ) -> None:
        """Take note of a page that was read and saved; may begin a lesson or end a template."""
        known = self._outlets.get(outlet_id)
        if known is None:
            return
        known.samples += saved.outcome in STORED and known.is_of_today(at)
        verdict = verdict_of(reading)
        in_force = known.in_force
        if verdict and in_force and layout.template is in_force.template:
            await self._judge(known, in_force, reading, verdict, at)
        self._learn_if_due(known)

    async def _load(self, outlet_id: str) -> _Outlet:
        known = await self._tools.call(self._loaded, outlet_id)
        self._outlets[outlet_id] = known
        self._use(known)
        for left in await self._tools.call(self._store.unhealed, [outlet_id]):
            self._begin(self._heal(left, is_last=True))
        return known

    def _use(self, known: _Outlet) -> None:
        """Remember what reads an outlet's pages in this run."""
        if (now := known.in_force) and now.id not in self._used:
            self._used[now.id] = Unhealed(now.id, known.id, now.template.id, self._begun_at)

    def _loaded(self, outlet_id: str) -> _Outlet:
        """In the thread of the database."""
        store = self._store
        in_force, changed_at = store.in_force(outlet_id), store.changed_at(outlet_id)
        last = store.last_lesson(outlet_id)
        samples = self._samples(outlet_id, changed_at)
        standing = in_force.standing if in_force else Standing()
        return _Outlet(outlet_id, in_force, last, changed_at, samples, standing)

    def _samples(self, outlet_id: str, since: datetime | None) -> int:
        return len(layout_samples.newest(self._tools.db, outlet_id, layout_samples.KEPT, since))

    # --- held against pages

    async def _judge(
        self, known: _Outlet, in_force: InForce, reading: Reading, verdict: Verdict, at: datetime
    ) -> None:
        """Note how the template did on a page; a layout that has changed ends it."""
        known.standing = known.standing.after(verdict, at)
        known.doubts = WINDOW if is_denied(reading) else max(0, known.doubts - 1)
        known.noted = False
        if verdict is Verdict.FAILED:
            known.reasons.append(reason_of(reading))
        if known.standing.is_outdated:
            await self._retire(known, in_force)
        elif verdict is not Verdict.HELD:
            known.noted = True
            await self._tools.call(self._store.note, in_force.id, known.standing)

    async def _retire(self, known: _Outlet, in_force: InForce) -> None:
        """End a template; what it has read since it was last proven right is read again."""
        standing, call = known.standing, self._tools.call
        proven = standing.proven_at
        since = proven if proven and proven <= self._tools.clock() else in_force.from_at
        known.in_force, known.noted = None, True
        known.doubts = known.samples = 0  # until they are counted anew nothing is learned
        ended = await call(self._store.retire, in_force, standing, since)
        known.changed_at = await call(self._store.changed_at, known.id)
        known.samples = await call(self._samples, known.id, known.changed_at)
        left = Unhealed(in_force.id, known.id, in_force.template.id, since)
        self._used[left.id] = left
        self._begin(self._heal(left))
        if not ended:  # a run beside this one has, and may have learned what came after it
            await self._put_in_force(known)
            return
        log.warning(
            "layout outlet=%s changed: template %s failed on %d of the last %d pages",
            *(known.id, in_force.template.id, standing.failed_lately, len(standing.recent)),
        )
        await call(self._tell, known, in_force, standing)

    async def _put_in_force(self, known: _Outlet) -> None:
        """Read an outlet's pages by what the database says from now on."""
        known.in_force = await self._tools.call(self._store.in_force, known.id)
        known.standing = known.in_force.standing if known.in_force else Standing()
        self._use(known)

    def _tell(self, known: _Outlet, in_force: InForce, standing: Standing) -> None:
        """Open the event, with what shows that the layout has changed."""
        evidence = {
            "run": self._tools.run_id,
            "template": in_force.template.id,
            "failed": standing.failed_lately,
            "of": len(standing.recent),
            "reasons": sorted(set(known.reasons)),
        }
        events = EventStore(self._tools.db, clock=self._tools.clock)
        events.open(REDESIGNED, known.id, LAYOUT, evidence, standing.changed_at)

    async def _heal(self, left: Unhealed, *, is_last: bool = False) -> None:
        """Read the careful way what an outdated template may have read wrongly.

        Pages that are being read by it at this moment are left; hence once more when a run ends.
        """
        tools = self._tools
        articles = ArticleStore(tools.db, clock=tools.clock)
        asked = (left.outlet_id, left.template_id, left.since)
        captures = await tools.call(articles.read_by, *asked)
        for one in captures:
            context = tools.context(one.outlet_id, one.hints, one.fetched_at)
            reading = await read_again(tools.readers, tools.folder, one.place, context)
            if isinstance(reading, Reading):
                await tools.call(articles.reread, one.article_id, reading, None, one.fetch_id)
        if is_last:
            await tools.call(self._store.healed, left)
        log.info("layout outlet=%s read again=%d", left.outlet_id, len(captures))

    # --- learned

    def _learn_if_due(self, known: _Outlet) -> None:
        if known.learning is not None:
            return
        situation = Situation(
            self._tools.run_id,
            self._tools.clock(),
            known.samples,
            known.in_force,
            known.last,
            known.changed_at,
            known.lessons,
            known.standing.failed_lately > 0,
        )
        if why := lesson_due(situation):
            known.lessons += 1
            known.learning = self._begin(self._learn(known, why))

    async def _learn(self, known: _Outlet, why: str) -> None:
        try:
            await self._lesson(known, why)
        finally:
            known.learning = None
        self._learn_if_due(known)

    async def _lesson(self, known: _Outlet, why: str) -> None:
        """Learn a layout; whatever comes of it is noted, and counts from the next page on."""
        call, db = self._tools.call, self._tools.db
        changed_at = known.changed_at
        samples = await call(layout_samples.newest, db, known.id, ENOUGH, changed_at)
        context = self._tools.context(known.id, Hints(), self._tools.clock())
        template, pages = await self._lessons.learn(samples, context)
        if known.changed_at != changed_at or (known.in_force and known.standing.failed_lately):
            return  # the layout changes at this moment: what was learned is of the old one
        run_id, since = self._tools.run_id, min((one.fetched_at for one in samples), default=None)
        learned = partial(self._store.learned, why=why, run_id=run_id, pages=pages, since=since)
        taught = await call(learned, known.id, template)
        known.last = await call(self._store.last_lesson, known.id)
        log.info("layout outlet=%s learned=%s pages=%d why=%s", known.id, taught, pages, why)
        if not taught:
            return
        await self._put_in_force(known)
        closing = {"run": run_id, "template": template.id, "pages": pages}
        events = EventStore(db, clock=self._tools.clock)
        await call(events.close, REDESIGNED, known.id, LAYOUT, closing)

    # --- beside the crawl

    def _begin(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        """Have work done beside the crawl; what goes wrong in it is logged, and costs no page."""
        task = asyncio.ensure_future(_logged(work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def finish(self, *, stopping: bool) -> None:
        """Wait for what is under way, unless the run is stopping, and note how templates fared."""
        if stopping:
            for task in self._tasks:
                task.cancel()
        else:
            self._begin(self._heal_all())
        while self._tasks:
            await asyncio.wait(self._tasks)
        for known in self._outlets.values():
            if known.in_force is not None and not known.noted:
                known.noted = True
                await self._tools.call(self._store.note, known.in_force.id, known.standing)

    async def _heal_all(self) -> None:
        """Read again whatever templates have read in this run that it, or another one, ended."""
        while waiting := self._tasks - {asyncio.current_task()}:
            await asyncio.wait(waiting)
        for left in await self._tools.call(self._store.outlived, list(self._used.values())):
            await self._heal(left, is_last=True)


async def _logged(work: Coroutine[Any, Any, None]) -> None:
    try:
        await work
    except Exception:
        log.exception("the layout of an outlet could not be learned or mended")
