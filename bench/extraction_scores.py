"""What a reader's findings are worth on one page, and tables of them by set and language.

Headlines: exact is the same words and marks, whatever the case of letters, spaces and the shape
of quotes and dashes; loose is the same `\\w+` words without regard to case. Days: the same day.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from statistics import fmean, median
from typing import Any

from bench.extraction_days import decoded, stands
from bench.extraction_readers import Taken
from bench.extraction_sets import DAYS_OF_UTC, GoldPage
from bench.shingles import Overlap, best_overlap, overlap, rouge_l, score, tokens

_SHAPES = str.maketrans("‘’‚‛`´“”„‟«»–—‐‑−", "''''''" + '""""""' + "-----")


@dataclass(frozen=True, slots=True)
class Judged:
    """One page by one reader, judged; None: the page has no gold for that."""

    page: GoldPage
    taken: Taken
    overlap: Overlap | None = None
    rouge: float | None = None
    headline: bool | None = None
    headline_loose: bool | None = None
    days_off: int | None = None
    invented: bool = False

    def day(self, tolerance: int = 0) -> bool | None:
        """Whether the day is right, or so many days off at most; None without a gold day."""
        if self.page.day is None:
            return None
        return self.days_off is not None and self.days_off <= tolerance


def judged(page: GoldPage, taken: Taken, *, rouge: bool = True) -> Judged:
    """A reader's findings beside the gold."""
    return Judged(
        page,
        taken,
        overlap=text_overlap(page, taken.text) if page.text else None,
        rouge=rouge_l(page.text, taken.text) if page.text and rouge else None,
        headline=_plain(taken.headline) == _plain(page.headline) if page.headline else None,
        headline_loose=_words(taken.headline) == _words(page.headline) if page.headline else None,
        days_off=_days_off(page, taken) if page.day and taken.days else None,
        invented=is_invented(page, taken),
    )


def text_overlap(page: GoldPage, text: str) -> Overlap:
    """How a text overlaps with the page's; paragraphs that may be left out do no harm."""
    if page.optional:
        return best_overlap(page.paragraphs, page.optional, text)
    return overlap(page.text, text)


def _days_off(page: GoldPage, taken: Taken) -> int:
    """Days between the day found and the known one."""
    assert page.day is not None
    found = taken.days[-1] if page.set in DAYS_OF_UTC else taken.days[0]
    return abs((found - page.day).days)


def is_invented(page: GoldPage, taken: Taken) -> bool:
    """Whether the day stands nowhere in page or URL, in its own zone nor in UTC."""
    return bool(taken.days) and not any(_stands(page, day) for day in taken.days)


@lru_cache(maxsize=64)  # readers of the same page mostly say the same day
def _stands(page: GoldPage, day: date) -> bool:
    return stands(day, decoded(page.html), page.url)


def _plain(text: str) -> str:
    shaped = unicodedata.normalize("NFKC", text).translate(_SHAPES).casefold()
    return re.sub(r"\s+", " ", shaped).strip()


def _words(text: str) -> list[str]:
    return tokens(unicodedata.normalize("NFKC", text).casefold())


# ---------------------------------------------------------------- tables

Row = dict[str, float | int | None]


def summary(found: Sequence[Judged]) -> Row:
    """The figures of some pages by one reader."""
    texts = [one.overlap for one in found if one.overlap is not None]
    scored = score(texts)
    cpu = [one.taken.cpu for one in found]
    dated = found if any(one.taken.days for one in found) else ()  # some readers give no days
    return {
        "pages": len(texts),
        "f1": scored.f1 if texts else None,
        "p": scored.precision if texts else None,
        "r": scored.recall if texts else None,
        "rouge": _share(one.rouge for one in found),
        "below.5": _share(one.f1 < 0.5 for one in texts),
        "gold80": _share((one.recall or 0) >= 0.8 for one in texts),
        "headline": _share(one.headline for one in found),
        "loose": _share(one.headline_loose for one in found),
        "day": _share(one.day() for one in dated),
        "day±1": _share(one.day(1) for one in dated),
        "invented": sum(one.invented for one in found),
        "ms": fmean(cpu),
        "median": median(cpu),
    }


def _share(values: Iterable[float | None]) -> float | None:
    kept = [value for value in values if value is not None]
    return fmean(kept) if kept else None


def table(title: str, rows: Mapping[str, Row]) -> None:
    """Print figures, a line for each reader or group."""
    names = list(next(iter(rows.values()), {}))
    print(f"\n{title:32}" + "".join(f"{name:>9}" for name in names))
    for label, row in rows.items():
        print(f"{label[:32]:32}" + "".join(f"{_shown(row[name]):>9}" for name in names))


def _shown(value: float | None) -> str:
    if value is None:
        return "-"
    return (
        str(value) if isinstance(value, int) else f"{value:.3f}" if value < 1.5 else f"{value:.1f}"
    )


def grouped(found: Iterable[Judged], key: Callable[[Judged], Any]) -> dict[str, list[Judged]]:
    """Judged pages by a key, the largest groups first."""
    groups: defaultdict[str, list[Judged]] = defaultdict(list)
    for one in found:
        groups[str(key(one))].append(one)
    return dict(sorted(groups.items(), key=lambda item: (-len(item[1]), item[0])))
