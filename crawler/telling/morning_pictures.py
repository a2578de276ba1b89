"""Bars of the last nights, drawn as SVG within the page: shapes first, colour beside them."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from itertools import pairwise

from storage.night_records import CountryDay

STEP, HIGH, FOOT = 10, 44, 8
"""Of one night: its width, the height of the tallest bar, and the room below for a mark."""
LEGEND = (
    '<span class="key bar"></span> new articles of a night '
    '<span class="key dark"></span> nobody looked, or all were blind '
    '<span class="key dot"></span> some outlets blind'
)


def svg(days: Sequence[CountryDay], title: str) -> str:
    """A picture of so many nights, the last one at the end, with its title."""
    most = tallest(days) or 1
    shapes = "".join(_night(number, day, most) for number, day in enumerate(days))
    width, height = STEP * len(days), HIGH + FOOT
    return (
        f'<svg class="bars" viewBox="0 0 {width} {height}" role="img" '
        f'aria-label="{escape(title)}" preserveAspectRatio="none" direction="ltr">'
        f'<line class="floor" x1="0" y1="{HIGH}" x2="{width}" y2="{HIGH}"></line>{shapes}</svg>'
    )


def tallest(days: Sequence[CountryDay]) -> int:
    """What the tallest bar stands for: not the first night, which brings what was there before.

    Whatever is more is as tall as that.
    """
    later = [day.new for before, day in pairwise(days) if before.begun]
    return max(later, default=0) or max((day.new for day in days), default=0)


def _night(number: int, day: CountryDay, most: int) -> str:
    if not day.begun:
        return ""
    left = number * STEP
    said = f"<title>{day.day.isoformat()}: {_said(day)}</title>"
    if day.outlets == day.blind:
        shape = (
            f'<rect class="dark" x="{left + 1}" y="1" width="{STEP - 2}" height="{HIGH - 1}"/>'
            f'<path class="cross" d="M{left + 2} {HIGH / 2 - 3}l6 6m0 -6l-6 6"></path>'
        )
        return f"<g>{said}{shape}</g>"
    tall = round((HIGH - 2) * min(day.new / most, 1), 1)
    shape = (
        f'<rect class="bar" x="{left + 1}" y="{HIGH - tall}" width="{STEP - 2}" '
        f'height="{tall}"></rect>'
    )
    if day.blind:
        shape += f'<circle class="dot" cx="{left + STEP / 2}" cy="{HIGH + 4}" r="2"></circle>'
    return f"<g>{said}{shape}</g>"


def _said(day: CountryDay) -> str:
    if day.outlets == day.blind:
        return "nobody looked" if not day.outlets else f"all {day.outlets} outlets blind"
    blind = f", {day.blind} of {day.outlets} outlets blind" if day.blind else ""
    return f"{day.new:,} new{blind}"
