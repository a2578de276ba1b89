"""Questions whose articles by day are counted ahead: of outlets and days, and of one actor at most.

The roll-ups know articles by outlet, actor and day. Where a question asks for anything else, its
articles are walked over instead; what is answered is the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from storage.asked_period import days_named
from storage.connection import Connection
from storage.desk.questions import Question
from storage.query import parse
from storage.query_fields import Field
from storage.query_sql import conjunction
from storage.query_terms import Node
from storage.rows import dump

_PLAIN = frozenset({"outlet", "country", "alignment", "after", "before", "date"})
_NAMED = frozenset({"actor", "term"})
_WALKED = ("language", "kind", "theme", "credit")
# What the views outlet_days_v and actor_days_v say, added up: the days that changed since they were
# counted are taken away and counted live. Looking for each day whether it changed takes longer.
_COUNTED = """
SELECT {day}, sum(articles), sum(stories) FROM outlet_days
WHERE {outlet} IN (SELECT value FROM json_each(:outlets)){narrower}{grouped}
"""
_CHANGED = """
SELECT {day}, sum(articles), sum(stories) FROM (
  SELECT d.day, -d.articles AS articles, -d.stories AS stories
  FROM json_each(:outlets) w CROSS JOIN days_dirty x ON x.outlet_id = w.value
  CROSS JOIN outlet_days d ON d.outlet_id = x.outlet_id AND d.day = x.day
  UNION ALL
  SELECT x.day, count(*), count(DISTINCT a.story_id)
  FROM json_each(:outlets) w CROSS JOIN days_dirty x ON x.outlet_id = w.value
  CROSS JOIN articles a ON a.outlet_id = x.outlet_id AND a.published_day IS nullif(x.day, '')
  WHERE NOT a.withdrawn GROUP BY x.outlet_id, x.day
) WHERE 1{narrower}{grouped}
"""
_NAMING = """
SELECT {day}, sum(articles), sum(stories) FROM (
  SELECT d.day, d.articles, d.stories
  FROM json_each(:outlets) w CROSS JOIN actor_days d
    ON d.actor_id = :actor AND d.outlet_id = w.value
  UNION ALL
  SELECT d.day, -d.articles, -d.stories
  FROM json_each(:outlets) w CROSS JOIN days_dirty x ON x.outlet_id = w.value
  CROSS JOIN actor_days d
    ON d.actor_id = :actor AND d.outlet_id = x.outlet_id AND d.day = x.day
  UNION ALL
  SELECT x.day, count(DISTINCT a.id), count(DISTINCT a.story_id)
  FROM json_each(:outlets) w CROSS JOIN days_dirty x ON x.outlet_id = w.value
  CROSS JOIN articles a ON a.outlet_id = x.outlet_id AND a.published_day IS nullif(x.day, '')
  CROSS JOIN mentions m ON m.actor_id = :actor AND m.article_id = a.id
  WHERE NOT a.withdrawn AND m.counted GROUP BY x.outlet_id, x.day
) WHERE NOT (SELECT suppress FROM actors WHERE id = :actor){narrower}{grouped}
"""
_BY_DAY = {"day": "day", "grouped": " GROUP BY day"}
_IN_ALL = {"day": "''", "grouped": ""}
_FEW = 20
"""Outlets, up to which their own days are looked up; of more, the days of all are walked over."""


@dataclass(frozen=True, slots=True)
class DayCount:
    """Articles of a day; `stories` counts each text once for each outlet and day.

    The day is "" for articles of which it is not known.
    """

    day: str
    articles: int
    stories: int


def is_counted(question: Question) -> bool:
    """Whether the roll-ups know the answer."""
    asked = parse(question.query)
    wanted, unwanted = conjunction(asked.node) if asked else ([], [])
    walked = any(question.chosen(name) for name in _WALKED)
    return not unwanted and not walked and _at_most_one_actor(wanted, question)


def of_question(db: Connection, question: Question, outlets: Iterable[str]) -> list[DayCount]:
    """The days of a question that `is_counted`, with their articles; `outlets` are those asked."""
    return _days(db, question, outlets, _actor(question), _BY_DAY)


def of_outlets(db: Connection, question: Question, outlets: Iterable[str]) -> list[DayCount]:
    """The days that a question asks for, with all articles of these outlets."""
    return _days(db, question, outlets, None, _BY_DAY)


def articles(db: Connection, question: Question, outlets: Iterable[str]) -> int:
    """How many articles a question that `is_counted` finds."""
    return sum(one.articles for one in _days(db, question, outlets, _actor(question), _IN_ALL))


def _actor(question: Question) -> str | None:
    """The one actor that is asked for, if any is."""
    asked = parse(question.query)
    fields = asked.fields if asked else ()
    named = [value for one in fields if one.name in _NAMED for value in one.values]
    return next(iter([*named, *question.chosen("actor")]), None)


def _days(
    db: Connection,
    question: Question,
    outlets: Iterable[str],
    actor: str | None,
    form: Mapping[str, str],
) -> list[DayCount]:
    """Only the days that the question names; where it names some, the undated are in no answer."""
    first, last = days_named(question.query, question.filters)
    bounds = {"first": first.isoformat() if first else "", "last": last.isoformat() if last else ""}
    narrower = " AND day >= :first AND day != ''" if first or last else ""
    narrower += " AND day <= :last" if last else ""
    asked = sorted(outlets)
    outlet = "outlet_id" if len(asked) <= _FEW else "+outlet_id"
    parts = (_COUNTED, _CHANGED) if actor is None else (_NAMING,)
    sums: dict[str, tuple[int, int]] = {}
    for part in parts:
        sql = part.format(narrower=narrower, outlet=outlet, **form)
        for row in db.execute(sql, {"outlets": dump(asked), "actor": actor, **bounds}):
            day, articles, stories = row[0], row[1] or 0, row[2] or 0
            before = sums.get(day, (0, 0))
            sums[day] = before[0] + articles, before[1] + stories
    return [DayCount(day, *both) for day, both in sums.items() if both[0]]


def _at_most_one_actor(wanted: list[Node], question: Question) -> bool:
    fields = [one for one in wanted if isinstance(one, Field)]
    named = [one for one in fields if one.name in _NAMED]
    plain = all(one.name in _PLAIN | _NAMED and not one.in_headline for one in fields)
    actors = len(question.chosen("actor")) + sum(len(one.values) for one in named)
    return plain and len(fields) == len(wanted) and actors <= 1
