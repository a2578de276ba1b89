"""Whole months of nights over a site that deletes articles, breaks down and comes back."""

from __future__ import annotations

import random
from datetime import timedelta
from typing import Any

import pytest
from recheck_site import BLOCKED, BROKEN, FRONT, GONE, SAME, SOFT, THERE, TIMEOUT, Answer, Site

OUTAGES = (GONE, FRONT, SOFT, BLOCKED, BROKEN, TIMEOUT)
DAYS = 50


class Month:
    """A site of a few articles a day, one in ten of which is taken down some day."""

    def __init__(self, desk: Any, seed: int) -> None:
        self.dice = random.Random(seed)
        self.site = Site(desk, 8)
        self.deleted: dict[str, float] = {}
        self.outages = sorted(self.dice.sample(range(3, 32), 4))

    def answers(self, day: float) -> dict[str, Answer]:
        """How each page answers on a day: many servers say "not modified", some never."""
        if any(start <= day < start + 1 + start % 3 for start in self.outages):
            return dict.fromkeys(self.site.answers, OUTAGES[int(day) % len(OUTAGES)])
        return {slug: self.answer(slug, day) for slug in self.site.answers}

    def answer(self, slug: str, day: float) -> Answer:
        if self.deleted.get(slug, DAYS) <= day:
            return (GONE, FRONT, SOFT)[len(slug) % 3]
        return SAME if self.dice.random() < 0.5 else THERE

    def publish(self, day: int) -> None:
        self.site.go(day - 0.3)
        slugs = [f"d{day}n{n}" for n in range(self.dice.randrange(1, 5))]
        self.site.add(*slugs)
        for slug in slugs:
            if day < 30 and self.dice.random() < 0.1:
                self.deleted[slug] = day + self.dice.uniform(1, 12)

    def run(self, per_day: int) -> None:
        for hour in range(DAYS * per_day):
            day = 1 + hour / per_day
            if hour % per_day == 0:
                self.publish(int(day))
            self.site.answers = self.answers(day)
            self.site.night(day)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("per_day", [1, 5])
def test_a_month_with_outages_tells_every_deletion_and_no_other(
    desk: Any, seed: int, per_day: int
) -> None:
    month = Month(desk, seed)

    month.run(per_day)

    told = month.site.told()
    assert {slug for kind, slug in told if kind == "gone"} == set(month.deleted)
    assert [kind for kind, _ in told].count("gone") == len(month.deleted)
    assert all(not still_open for _, still_open in month.site.events())
    assert month.deleted
    assert desk.now - month.site.start > timedelta(days=DAYS - 1)
