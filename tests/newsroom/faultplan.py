"""Faults planted at random in a made-up press, and the ordinary noise around them."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from random import Random

from tests.newsroom.faulttruth import NAMES, OF_BUSY, truth_of
from tests.newsroom.faultworld import DAY, Fault, Site, World

FEWEST, MOST = 2, 8
LASTING = frozenset({"frozen_body", "frozen_304", "volume_drop"})
NOISE = ("503", "timeout", "reset")
_BUSY = 8.0
_VERY_BUSY = 14.0


def plant(world: World, seed: int, after: int) -> None:
    """Plant two to eight faults, each in a site of its own, from night `after` on; then noise.

    A fault of which nobody could have known while we looked is planted anew.
    """
    random = Random(f"faults {seed}")
    kinds = random.sample(sorted(NAMES), random.randint(FEWEST, MOST))
    free = list(world.sites)
    for kind in kinds:
        for _ in range(200):
            site = random.choice([one for one in free if _suits(kind, one)])
            fault = _fault(world, kind, site, after, random)
            world.faults.append(fault)
            world.forget()
            truth = truth_of(world, fault)
            if truth.known is not None and (fault.end is None or truth.over is not None):
                free.remove(site)
                break
            world.faults.pop()
        else:
            raise AssertionError(f"no place for {kind}")
    _disturb(world, after, random)


def _suits(kind: str, site: Site) -> bool:
    if kind == "volume_drop":
        return site.rate >= _VERY_BUSY
    return site.rate >= _BUSY if kind in OF_BUSY else True


def _fault(world: World, kind: str, site: Site, after: int, random: Random) -> Fault:
    lasting = kind in LASTING
    first = world.first + DAY * (after + random.randint(0, 2 if lasting else 6))
    last = first + DAY * (random.randint(7, 9) if lasting else random.randint(3, 6))
    for_good = random.random() < 0.25
    if kind == "volume_drop":
        start, end = site.midnight(first), site.midnight(last)
    else:
        start, end = (_moment(site, day, random) for day in (first, last))
    return Fault(kind, site.id, start, None if for_good else end)


def _moment(site: Site, day: date, random: Random) -> datetime:
    return site.midnight(day) + timedelta(hours=random.uniform(1, 20))


def _disturb(world: World, after: int, random: Random) -> None:
    """Single visits that fail for nothing; never two in a row, and none at a fault's edges."""
    for site in world.sites:
        fault = world.fault_of(site)
        for before, night in zip(world.nights, world.nights[1:], strict=False):
            if random.random() >= world.habits.hiccups or (site.id, before) in world.hiccups:
                continue
            if fault is None:
                world.hiccups[site.id, night] = random.choice(NOISE)
