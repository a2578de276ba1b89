"""One set of planted faults from beginning to end: what was planted, and what was named."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path

from tests.newsroom.faultplan import plant
from tests.newsroom.faultrig import Named, Rig
from tests.newsroom.faulttruth import NAMES, Truth, truth_of
from tests.newsroom.faultworld import DAY, Fault, Habits, World

BEFORE, NIGHTS = 14, 14
"""Nights before anything goes wrong, and the fortnight in which it does."""
ONE_VISIT = timedelta(hours=30)
"""From one visit to the next, at the most."""
ONE_RUN = timedelta(hours=1)
"""A run is told by its beginning; within it, the visits are minutes later."""


@dataclass(frozen=True)
class Scene:
    """When a world plays, what rests in it, and how its outlets publish."""

    seed: int
    first: date
    holidays: frozenset[tuple[str, date]] = frozenset()  # that the calendar knows
    quiet: frozenset[tuple[str, date]] = frozenset()  # that it does not know
    off: tuple[int, ...] = (17, 18)  # nights on which our machine was off
    offline: tuple[int, ...] = ()  # nights on which our line was down
    habits: Habits = field(default_factory=Habits)

    def world(self) -> World:
        world = World(self.seed, self.first, BEFORE + NIGHTS, self.habits)
        world.holidays, world.quiet = set(self.holidays), set(self.quiet)
        world.off = {self.first + DAY * night for night in self.off}
        return world

    def dark(self) -> frozenset[date]:
        return frozenset(self.first + DAY * night for night in self.offline)


@dataclass(frozen=True)
class Verdict:
    """What became of one planted fault."""

    fault: Fault
    truth: Truth
    events: tuple[Named, ...]
    next_visit: datetime | None  # after the one at which it could be known

    @property
    def once(self) -> bool:
        """Named, under its right name, once."""
        return len(self.events) == 1

    @property
    def in_time(self) -> bool:
        """Not before it began, and at the visit at which it could be known, or the next one."""
        assert self.truth.known is not None
        latest = self.next_visit or self.truth.known
        return self.once and self.fault.start - ONE_RUN <= self.events[0].told <= latest

    @property
    def first_seen(self) -> bool:
        """Since the first visit that met it, or the first of its days: not when it was named."""
        assert self.truth.known is not None
        return self.once and self.fault.start <= self.events[0].event.opened_at <= self.truth.known

    @property
    def ended(self) -> bool:
        """Open while it lasted; closed before long after a visit could know of its end."""
        if not self.once:
            return False
        end, over = self.events[0].ended, self.truth.over
        if over is None or self.fault.end is None:
            return end is None
        return end is not None and self.fault.end - ONE_RUN <= end <= over + ONE_VISIT


@dataclass(frozen=True)
class Outcome:
    """A set of faults, each with its verdict, and what else was named."""

    verdicts: tuple[Verdict, ...]
    false: tuple[Named, ...]


def prepare(scene: Scene, folder: Path) -> dict[int, datetime]:
    """Let the quiet fortnight before pass, in `folder`; gives when each run was."""
    folder.mkdir(parents=True)
    rig = Rig(scene.world(), folder)
    rig.pass_nights(0, BEFORE)
    rig.close()
    return rig.times


def play(
    scene: Scene, seed: int, prepared: Path, times: dict[int, datetime], folder: Path
) -> Outcome:
    """Plant the faults of a seed, let the fortnight pass, and compare."""
    world = scene.world()
    plant(world, seed, BEFORE)
    shutil.copytree(prepared, folder)
    rig = Rig(world, folder, offline=scene.dark())
    rig.times = dict(times)
    rig.pass_nights(BEFORE, BEFORE + NIGHTS)
    named = rig.named()
    rig.close()
    verdicts = tuple(_verdict(world, fault, named) for fault in world.faults)
    right = {one.event.id for verdict in verdicts for one in verdict.events}
    return Outcome(verdicts, tuple(one for one in named if one.event.id not in right))


def _verdict(world: World, fault: Fault, named: list[Named]) -> Verdict:
    truth = truth_of(world, fault)
    assert truth.known is not None, "such a fault is not planted"
    later = [at for at in world.visits(world.site(fault.site)) if at > truth.known]
    events = tuple(
        one
        for one in named
        if (one.event.outlet_id, one.event.kind) == (fault.site, NAMES[fault.kind])
    )
    return Verdict(fault, truth, events, later[0] if later else None)
