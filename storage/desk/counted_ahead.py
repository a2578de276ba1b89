"""Questions whose articles by day are counted ahead: of outlets and days, and of one actor at most.

The roll-ups know articles by outlet, actor and day. Where a question asks for anything else, its
articles are walked over instead; what is answered is the same.
"""

from __future__ import annotations

from collections.abc import Iterable
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
_DAYS = """
SELECT day, sum(articles) AS articles, sum(stories) AS stories FROM {view}
WHERE outlet_id IN (SELECT value FROM json_each(:outlets)){narrower} GROUP BY day
"""


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
    asked = parse(question.query)
    fields = asked.fields if asked else ()
    named = [value for one in fields if one.name in _NAMED for value in one.values]
    actor = next(iter([*named, *question.chosen("actor")]), None)
    if actor is None:
        return of_outlets(db, question, outlets)
    return _days(db, question, outlets, actor)


def of_outlets(db: Connection, question: Question, outlets: Iterable[str]) -> list[DayCount]:
    """The days that a question asks for, with all articles of these outlets."""
    return _days(db, question, outlets, None)


def _days(
    db: Connection, question: Question, outlets: Iterable[str], actor: str | None
) -> list[DayCount]:
    """Only the days that the question names; where it names some, the undated are in no answer."""
    first, last = days_named(question.query, question.filters)
    bounds = {"first": first.isoformat() if first else "", "last": last.isoformat() if last else ""}
    conditions = {
        " AND day >= :first AND day != ''": bool(first or last),
        " AND day <= :last": bool(last),
        " AND actor_id = :actor": actor is not None,
    }
    narrower = "".join(sql for sql, holds in conditions.items() if holds)
    view = "outlet_days_v" if actor is None else "actor_days_v"
    asked = {"outlets": dump(sorted(outlets)), "actor": actor, **bounds}
    rows = db.all(_DAYS.format(view=view, narrower=narrower), asked)
    return [DayCount(*row) for row in rows]


def _at_most_one_actor(wanted: list[Node], question: Question) -> bool:
    fields = [one for one in wanted if isinstance(one, Field)]
    named = [one for one in fields if one.name in _NAMED]
    plain = all(one.name in _PLAIN | _NAMED and not one.in_headline for one in fields)
    actors = len(question.chosen("actor")) + sum(len(one.values) for one in named)
    return plain and len(fields) == len(wanted) and actors <= 1
