"""Learns where the parts of an article stand on an outlet's pages, from some of its captures.

The careful way is the teacher, page by page; what counts is what it takes on many pages from
elements with the same names. A second extractor beside it changed F1 by .003 at most, for the worse
(docs/benchmarks.md). Texts that stand on several pages are the frame of the site. Nobody has to
mark anything, and no text of an article is kept.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from crawler.reading.decode import Failure, decode, unpack
from crawler.reading.heads import head_of
from crawler.reading.markup import Markup, open_markup
from crawler.reading.page import read_page
from crawler.reading.template_learning import ENOUGH, enough_to_repeat, rules_from
from crawler.reading.template_views import Teacher, View, parts_of_line, view_of
from storage.models import Page, Reading, ReadingContext
from storage.template_records import Rules, Template, template_of

LEARNER_VERSION = "2"
"""Part of a template's id: the same pages may teach another learner something else."""
MOST_PAGES = 24
"""The last ones given are looked at: more tell nothing new of a layout."""

_CONTEXT = ReadingContext(outlet_id="", country="", languages=(), timezone="UTC")


def learn_template(
    pages: Sequence[Page],
    *,
    context: ReadingContext | None = None,
    readings: Sequence[Reading | None] = (),
) -> Template:
    """What an outlet's pages have in common, the last of them counting; never raises.

    `readings` are those of the same pages by the careful way, where they exist already. Where
    too little is agreed the template is not `usable`.
    """
    context = context or _CONTEXT
    views = _views(pages[-MOST_PAGES:], context, readings[-MOST_PAGES:])
    if len(views) < ENOUGH:
        evidence = (("articles", str(len(views))),)
        return template_of(
            Rules(), made_by=LEARNER_VERSION, pages=len(views), usable=False, evidence=evidence
        )
    rules, read = rules_from(views, context)
    return template_of(
        rules,
        made_by=LEARNER_VERSION,
        pages=len(views),
        usable=len(read) >= ENOUGH and len(read) * 2 >= len(views),
        evidence=_evidence(rules, views, read),
    )


def _evidence(
    rules: Rules, views: Sequence[View], read: Sequence[View]
) -> tuple[tuple[str, str], ...]:
    """What was seen, for people."""
    return (
        ("articles", str(len(views))),
        ("agreeing", str(len(read))),
        ("containers", " | ".join(rules.containers)[:300]),
        ("kinds of blocks", str(len(rules.blocks))),
        ("texts on several pages", str(len(rules.repeated))),
    )


@dataclass(frozen=True, slots=True)
class _Lesson:
    """A page that holds an article, and what the careful way took from it."""

    markup: Markup
    reading: Reading


def _views(
    pages: Sequence[Page], context: ReadingContext, readings: Sequence[Reading | None]
) -> list[View]:
    """The pages that hold different articles, as the learner looks at them."""
    given = readings if len(readings) == len(pages) else [None] * len(pages)
    lessons: list[_Lesson] = []
    known: list[Teacher] = []
    for page, reading in zip(pages, given, strict=True):
        lesson = _lesson(page, reading, context)
        if lesson is not None:
            teacher = Teacher(lesson.reading.text)
            if not any(map(teacher.resembles, known)):
                lessons.append(lesson)
                known.append(teacher)
    frame = _frame(lessons)
    return [view for lesson in lessons if (view := _view(lesson, frame)) is not None]


def _frame(lessons: Sequence[_Lesson]) -> set[str]:
    """The lines that were taken and of which most stands on several pages: no article's."""
    pages = [set(lesson.reading.text.splitlines()) for lesson in lessons]
    said = {line: tuple(parts_of_line(line)) for page in pages for line in page}
    times = Counter(part for page in pages for part in {p for line in page for p in said[line]})
    often = enough_to_repeat(len(lessons))
    return {
        line
        for line, parts in said.items()
        if sum(times[part] >= often for part in parts) * 2 > len(parts)
    }


def _view(lesson: _Lesson, frame: set[str]) -> View | None:
    tree = lesson.markup.tree
    own = [line for line in lesson.reading.text.splitlines() if line not in frame]
    return view_of(tree, head_of(tree), "\n".join(own), lesson.reading)


def _lesson(page: Page, reading: Reading | None, context: ReadingContext) -> _Lesson | None:
    """A page with what the careful way took; None if it holds no article."""
    markup = _markup(page, context)
    if markup is None:
        return None
    if reading is None:
        reading = read_page(page, replace(context, template=None, audit=False))
    if reading.outcome is not None or not reading.text:
        return None
    return _Lesson(markup, reading)


def _markup(page: Page, context: ReadingContext) -> Markup | None:
    body = unpack(page, context.max_bytes)
    if isinstance(body, Failure) or not body.strip():
        return None
    text = decode(body, page.header("content-type"))
    if isinstance(text, Failure):
        return None
    markup = open_markup(text.text, text.sent)
    return None if isinstance(markup, Failure) else markup
