"""What a page of a search tells: its hits and how many there are; and what may follow later."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from storage import coverage_summary, reindexing, search, story_list
from storage.comparable import gaps_of, since
from storage.connection import Connection
from storage.coverage_records import CoverageSummary
from storage.desk.attention import Attention, attention
from storage.desk.forms import Forms, Offered, forms_found, offered
from storage.desk.near_forms import NearForms, near_forms
from storage.desk.questions import Question
from storage.desk.results import Cursor, Results, Sizes, results, sizes
from storage.errors import SearchError

_WORDS = re.compile(r'[^\s()":*]+(?: [^\s()":*]+)+')
_OPERATORS = re.compile(r"\b(AND|OR|NOT)\b")
_SECONDS = 0.5
"""For spellings that are almost a name."""
_SMALL = 100_000
"""Articles, up to which the parts of a page are counted before it is shown."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One page: its hits, how much there is, and actors who may be meant by the words.

    `any_words` is the query that one of the words is enough for, and `some` how many articles have
    one, where none has all of them. `unsettled` articles wait for their story.
    """

    results: Results
    sizes: Sizes
    offered: tuple[Offered, ...]
    any_words: str
    some: int
    unsettled: int

    @property
    def is_empty(self) -> bool:
        """Whether nothing at all is found."""
        return not self.results.hits and self.results.first == 1


@dataclass(frozen=True, slots=True)
class Rest:
    """How complete an answer is, and attention over time; `since` is from when on it compares.

    `unindexed` articles wait for being found by words.
    """

    coverage: CoverageSummary
    attention: Attention
    since: date | None
    unindexed: int


@dataclass(frozen=True, slots=True)
class Named:
    """By which written forms the one actor was found who is asked for, and what is almost one."""

    forms: Forms
    near: NearForms


def is_small(db: Connection) -> bool:
    """Whether all articles together, which every chart is drawn beside, are counted in a moment."""
    return int(db.value("SELECT coalesce(max(id), 0) FROM articles")) <= _SMALL


def answer(
    db: Connection, question: Question, cursor: Cursor | None = None, *, whole: bool = False
) -> Answer:
    """One page of a question. Raises SearchError, also for values that the database never heard of.

    With `whole`, everything is counted, however long that takes.
    """
    refuse_unknown(db, question)
    found = results(db, question, cursor)
    query, some = "", 0
    if not found.hits:
        query = _any_of(question.query)
        some = search.count(db, query, question.filters) if query else 0
    return Answer(
        results=found,
        sizes=sizes(db, question, whole=whole),
        offered=_offered(db, question),
        any_words=query if some else "",
        some=some,
        unsettled=story_list.unsettled(db),
    )


def rest(db: Connection, question: Question, today: date) -> Rest:
    """What belongs to any answer. Raises SearchError as `answer` does."""
    refuse_unknown(db, question)
    query, filters = question.query, question.filters
    coverage = coverage_summary.summary(db, query, filters)
    compares = since(gaps_of(db, query, filters))
    return Rest(
        coverage=coverage,
        attention=attention(db, question, coverage, today),
        since=compares.date() if compares else None,
        unindexed=reindexing.unindexed(db) if query else 0,
    )


def named(db: Connection, question: Question) -> Named | None:
    """The written forms of an actor, where the question is about one. Raises SearchError."""
    actor = only_actor(question)
    if actor is None:
        return None
    refuse_unknown(db, question)
    forms = forms_found(db, actor, question.filters, question.query)
    return Named(forms, near_forms(db, actor, question.filters, seconds=_SECONDS))


def only_actor(question: Question) -> str | None:
    """The one actor whom the filters of a question name; None for more than one."""
    chosen = question.chosen("actor")
    return chosen[0] if len(chosen) == 1 else None


def refuse_unknown(db: Connection, question: Question) -> None:
    """Raise SearchError where filters name what the database has never heard of."""
    if slips := search.unknown(db, question.filters):
        raise SearchError(f"the database knows no {' and no '.join(slips)}", None)


def _offered(db: Connection, question: Question) -> tuple[Offered, ...]:
    """Who may be meant by the words, but for those who are asked for already."""
    if ":" in question.query:
        return ()
    chosen = question.chosen("actor")
    return tuple(one for one in offered(db, question.query) if one.actor_id not in chosen)


def _any_of(query: str) -> str:
    """A query of plain words side by side as one that any of them is enough for; else nothing."""
    if not _WORDS.fullmatch(query) or _OPERATORS.search(query):
        return ""
    return " OR ".join(query.split())
