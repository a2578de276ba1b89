"""Templates that an older learner made, learned anew from the captures of their day."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from itertools import islice

from crawler.engine.layout_lessons import Lessons
from crawler.engine.layout_rules import ENOUGH, FIRST
from crawler.reading.templates import LEARNER_VERSION
from storage.articles import ArticleStore
from storage.layout_samples import Sample
from storage.models import Hints, ReadingContext
from storage.templates import TemplateStore


async def renew_templates(
    lessons: Lessons,
    articles: ArticleStore,
    templates: TemplateStore,
    context: Callable[[str, Hints, datetime], ReadingContext],
    outlet_ids: Sequence[str] | None = None,
) -> int:
    """Have today's learner make anew what another version of it has made; says how many.

    Each period's template is learned from captures of that very period, and replaced at once:
    stopped, the next call goes on. Where too few captures are left, the old template stays.
    """
    done = 0
    for period in templates.made_by_others(LEARNER_VERSION, outlet_ids):
        kept = articles.captures([period.outlet_id], period.from_at)
        read = (one for one in kept if period.until_at is None or one.fetched_at < period.until_at)
        samples = [
            Sample(one.article_id, one.place, one.fetched_at) for one in islice(read, ENOUGH)
        ]
        if len(samples) < FIRST:
            continue
        known = context(period.outlet_id, Hints(), period.learned_at)
        template, pages = await lessons.learn(samples, known)
        if template.made_by == LEARNER_VERSION and pages >= FIRST:
            templates.replace(period, template)
            done += 1
    return done
