"""The same pages in Latin, Arabic and Sorani letters: what difference the script makes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from statistics import fmean

from bench.careful_folds import trees_unseen, unseen
from bench.extraction_known import batch
from bench.extraction_readers import Taken, marsad, trafilatura
from bench.extraction_scores import Judged, judged, summary, table
from bench.extraction_sets import GoldPage, by_outlet
from bench.shingles import overlap
from bench.transplants import (
    ZWNJ,
    Script,
    arabic,
    dictionary,
    sorani,
    transplanted,
    zwnj_kept,
)
from crawler.reading.templates import learn_template

SETS = ("fundus_eval", "scrapinghub", "aed")
"""Where people wrote the gold."""
SPACED_LATIN = frozenset("en de fr es it pt nl sv no da pl tr".split())
"""Languages whose words can be replaced one by one."""
ORIGINAL = "original"


@dataclass(frozen=True)
class InScript:
    """A reader's judged pages by script, and its words with a ZWNJ: kept, and found at all."""

    told: Mapping[str, Sequence[Judged]]
    zwnj: tuple[int, int]

    def f1(self, script: str) -> float:
        """The F1 in a script."""
        return float(summary(self.told[script])["f1"] or 0.0)


def told(found: Sequence[GoldPage]) -> dict[str, InScript]:
    """Marsad, Marsad by template, and trafilatura, on each page in each script."""
    pages = [page for page in found if page.set in SETS and page.text]
    pages = [page for page in pages if page.language in SPACED_LATIN]
    known = by_outlet(page for page in pages if page.set == "fundus_eval")
    scripts = (arabic(), sorani())
    by_script = {ORIGINAL: pages} | {one.name: _all(pages, one) for one in scripts}
    outlets = {ORIGINAL: known} | {one.name: _outlets(known, one) for one in scripts}
    return {
        "marsad": _read(by_script, unseen(marsad)),
        "trafilatura": _read(by_script, trafilatura),
        "marsad by template": _by_template(outlets),
    }


def _all(pages: Sequence[GoldPage], script: Script) -> list[GoldPage]:
    return [made for page in pages if (made := transplanted(page, script))]


def _outlets(
    outlets: Mapping[str, Sequence[GoldPage]], script: Script
) -> dict[str, list[GoldPage]]:
    """An outlet's pages by one dictionary, so that what they repeat stays repeated."""
    made: dict[str, list[GoldPage]] = {}
    for name, pages in outlets.items():
        shared = dictionary(script, pages[0].language, *(page.text for page in pages))
        found = (transplanted(page, script, shared) for page in pages)
        made[name] = [page for page in found if page]
    return made


def _read(
    by_script: Mapping[str, Sequence[GoldPage]], read: Callable[[GoldPage], Taken]
) -> InScript:
    found = {
        name: [judged(page, read(page), rouge=False) for page in pages]
        for name, pages in by_script.items()
    }
    return InScript(found, _zwnj(found["sorani"]))


def _by_template(by_script: Mapping[str, Mapping[str, Sequence[GoldPage]]]) -> InScript:
    found: dict[str, list[Judged]] = {name: [] for name in by_script}
    for name, outlets in by_script.items():
        for lesson in batch(outlets):
            with trees_unseen(lesson.tested[0]):
                template = learn_template([page.page() for page in lesson.learned])
                read = partial(marsad, template=template)
                found[name] += [judged(page, read(page), rouge=False) for page in lesson.tested]
    return InScript(found, _zwnj(found["sorani"]))


def _zwnj(found: Sequence[Judged]) -> tuple[int, int]:
    pairs = [zwnj_kept(one.page.text, one.taken.text) for one in found]
    return sum(kept for kept, _ in pairs), sum(seen for _, seen in pairs)


def tell(found: Mapping[str, InScript]) -> None:
    """Print each reader's figures by script."""
    for name, one in found.items():
        table(f"{name}, by script", {script: summary(rows) for script, rows in one.told.items()})
        kept, seen = one.zwnj
        print(f"zero-width non-joiners kept in {kept} of {seen} words that have one")
    bare = fmean(_without_zwnj(one) for one in found["trafilatura"].told["sorani"])
    print(f"trafilatura in Sorani letters, ZWNJ not counted: mean F1 of a page {bare:.3f}")


def _without_zwnj(one: Judged) -> float:
    return overlap(one.page.text.replace(ZWNJ, ""), one.taken.text.replace(ZWNJ, "")).f1
