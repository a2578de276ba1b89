"""Outlets whose pages are known: templates learned from some of an outlet's pages, used on others.

Learning gets pages and never their gold. Four ways: on the pages learned from themselves (a night's
batch), on one page learned from all the others, on one half learned from the other half (every
split), and on an outlet's newest page learned from its older ones (its layout may have changed).
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import combinations
from statistics import fmean

from bench.careful_folds import trees_unseen
from bench.extraction_readers import OURS, TRAFILATURA, Taken, marsad, trafilatura
from bench.extraction_scores import Judged, grouped, judged, summary, table
from bench.extraction_sets import GoldPage, by_outlet
from bench.shingles import score
from crawler.reading.fingerprints import fingerprint
from crawler.reading.languages import identify
from crawler.reading.templates import learn_template
from storage.template_records import Template

SETS = ("fundus_eval", "aed", "fundus_res")
"""With several pages of one outlet."""
KNOWN = "by template"
EQUAL, MUCH = 0.005, 0.02
"""F1 that makes no difference, and F1 that no outlet may lose."""
Told = dict[str, list[Judged]]


@dataclass(frozen=True)
class Lesson:
    """Pages of one outlet to learn from, and those to use it on."""

    outlet: str
    learned: Sequence[GoldPage]
    tested: Sequence[GoldPage]


def batch(outlets: Mapping[str, Sequence[GoldPage]]) -> Iterator[Lesson]:
    """Learn from all pages of an outlet, use it on the same."""
    for name, pages in outlets.items():
        yield Lesson(name, pages, pages)


def one_left_out(outlets: Mapping[str, Sequence[GoldPage]]) -> Iterator[Lesson]:
    """Learn from all pages but one, use it on that one; each page once."""
    for name, pages in outlets.items():
        for page in pages:
            others = [other for other in pages if other is not page]
            if others:
                yield Lesson(name, others, [page])


def halves(outlets: Mapping[str, Sequence[GoldPage]]) -> Iterator[Lesson]:
    """Learn from half of the pages, use it on the others: every split of outlets with four."""
    for name, pages in outlets.items():
        for half in combinations(pages, len(pages) // 2) if len(pages) >= 4 else ():
            yield Lesson(name, half, [page for page in pages if page not in half])


def newest(outlets: Mapping[str, Sequence[GoldPage]]) -> Iterator[Lesson]:
    """Learn from the older pages, use it on the newest."""
    for name, pages in outlets.items():
        *old, last = sorted(pages, key=lambda page: (page.fetched_at, page.id))
        if old:
            yield Lesson(name, old, [last])


@dataclass
class Classroom:
    """Lessons in a row; what needs no template is asked once for each page and kept."""

    order: random.Random
    kept: dict[tuple[str, str], Judged]
    learning: list[float]  # milliseconds of CPU for a page learned from

    def told(self, lessons: Iterable[Lesson]) -> Told:
        """Each tested page by template, without one, and by trafilatura."""
        told: Told = {KNOWN: [], OURS: [], TRAFILATURA: []}
        for lesson in lessons:
            with trees_unseen(lesson.tested[0]):
                template = self._learn(lesson)
                for page in lesson.tested:
                    for name, one in self._read(page, template).items():
                        told[name].append(one)
        return told

    def _learn(self, lesson: Lesson) -> Template:
        started = time.process_time()
        template = learn_template([page.page() for page in lesson.learned])
        spent = (time.process_time() - started) * 1000
        self.learning.append(spent / len(lesson.learned))
        return template

    def _read(self, page: GoldPage, template: Template) -> dict[str, Judged]:
        readers: dict[str, Callable[[GoldPage], Taken]] = {
            KNOWN: partial(marsad, template=template),
            OURS: marsad,
            TRAFILATURA: trafilatura,
        }
        found: dict[str, Judged] = {}
        for name in self.order.sample(list(readers), len(readers)):
            key = (name, f"{page.set}/{page.id}")
            if name == KNOWN or key not in self.kept:
                self.kept[key] = judged(page, readers[name](page), rouge=False)
            found[name] = self.kept[key]
        return found


def classroom(seed: int) -> Classroom:
    """An empty one; each reader reads a page first, to warm up."""
    return Classroom(random.Random(seed), {}, [])


def ways(found: Sequence[GoldPage]) -> dict[str, list[Lesson]]:
    """The lessons of the sets with several pages of one outlet."""
    of = {
        name: by_outlet(page for page in found if page.set == name and page.text) for name in SETS
    }
    several = {name: {k: v for k, v in pages.items() if len(v) > 1} for name, pages in of.items()}
    return {
        "fundus_eval, its own pages": list(batch(of["fundus_eval"])),
        "fundus_eval, all pages but one": list(one_left_out(several["fundus_eval"])),
        "fundus_eval, halves": list(halves(several["fundus_eval"])),
        "aed, its own pages": list(batch(several["aed"])),
        "fundus_res, older pages": list(newest(several["fundus_res"])),
    }


# ---------------------------------------------------------------- figures


def share_fallen_back(found: Sequence[Judged]) -> float:
    """The share of pages that were not read by template."""
    return fmean(one.taken.template_id is None for one in found) if found else 0.0


def extraction_ms(found: Sequence[Judged]) -> float:
    """Milliseconds of CPU a page without language and fingerprint, which no extractor works out.

    Those two are measured again on the same texts and taken off.
    """
    return fmean(one.taken.cpu - _findings_ms(one) for one in found)


def _findings_ms(one: Judged) -> float:
    words = f"{one.taken.headline}\n{one.taken.text}"
    languages = one.page.context().languages
    started = time.process_time()
    identify(words, prior=next(iter(languages), None), expected=languages)
    fingerprint(one.taken.text)
    return (time.process_time() - started) * 1000 if one.taken.text else 0.0


def by_outlets(told: Told) -> list[tuple[str, int, float, float]]:
    """Outlet, pages, F1 by template and trafilatura's, the greatest loss first."""
    groups = {
        name: grouped(told[name], lambda one: one.page.outlet) for name in (KNOWN, TRAFILATURA)
    }
    rows = [
        (outlet, len(found), _f1(found), _f1(groups[TRAFILATURA][outlet]))
        for outlet, found in groups[KNOWN].items()
    ]
    return sorted(rows, key=lambda row: row[2] - row[3])


def _f1(found: Sequence[Judged]) -> float:
    return score(one.overlap for one in found if one.overlap is not None).f1


def tell(name: str, told: Told) -> None:
    """Print one way of learning: figures, and outlets better, equal and worse."""
    table(name, {reader: summary(found) for reader, found in told.items()})
    rows = by_outlets(told)
    deltas = [known - theirs for _, _, known, theirs in rows]
    better, worse = sum(d > EQUAL for d in deltas), sum(d < -EQUAL for d in deltas)
    print(
        f"outlets beside trafilatura: {better} better, {len(rows) - better - worse} equal,"
        f" {worse} worse, {sum(d < -MUCH for d in deltas)} worse by more than {MUCH}"
    )
    print(f"fallen back: {share_fallen_back(told[KNOWN]):.0%} of the pages", end="; ")
    ours, theirs = extraction_ms(told[KNOWN]), fmean(one.taken.cpu for one in told[TRAFILATURA])
    print(f"extraction alone {ours:.1f} ms, {theirs / ours:.1f} times below trafilatura")
    for outlet, pages, known, other in rows[:6]:
        print(f"    {outlet[:50]:50} {pages:3} {known:.3f} {other:.3f} {known - other:+.3f}")
