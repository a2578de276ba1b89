"""The rows of every kind of export: plain values in a total order, every row, one by one.

A row holds texts, whole numbers, floats, booleans, lists of texts, counts by name, and None for
what is not known; times are ISO 8601. So a row is JSON as it stands, and a frozen set of rows can
be written again later. Nothing is hidden yet: storage.exporting.redaction does that.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime

from storage import concordance, coverage_days, judgement_rows, research, story_list, watch_rows
from storage.asked_period import Asked, asked
from storage.connection import Connection
from storage.coverage_rows import coverage_row
from storage.desk.questions import Question
from storage.edits import EditStore
from storage.exporting.columns import NAMES, TEXTS, Kind
from storage.rows import dump
from storage.search import SearchFilters, matching, values
from storage.story_list import Story, StoryFilters
from storage.times import utc_now
from storage.watching import period_of

Row = dict[str, object]
_IDS = ("article_id", "copy_of", "story_id")
_NUMBERS = ("judgement", "article_id", "withdraws", "withdrawn_by", "superseded_by", "other_id")
_MOMENTS = ("published_at", "modified_at", "first_seen_at", "fetched_at", "appeared_at")
_ACTORS = """
SELECT id, name, kind FROM actors WHERE NOT suppress
AND (:all OR id IN (SELECT value FROM json_each(:wanted))) ORDER BY id
"""
_OUTLETS = """
SELECT o.id AS outlet_id, o.name AS outlet, o.country, o.covers, o.kind, o.alignment, o.languages,
  o.timezone, o.domains, o.blind_since, o.blind_until, o.blind_reason,
  (SELECT count(*) FROM articles a WHERE a.outlet_id = o.id{found}) AS articles
FROM json_each(:asked) wanted CROSS JOIN outlets o ON o.id = wanted.value ORDER BY o.id
"""


@dataclass(frozen=True, slots=True)
class Wanted:
    """How the rows of a kind are told.

    `text`: with full text. `per_outlet`: attention of each outlet, not of all as one. `width`:
    characters on either side of a name in a concordance. `doubtful`: its mentions that are not
    counted as well. `now`: up to when coverage is told (default: the present).
    """

    text: bool = False
    per_outlet: bool = True
    width: int = concordance.WIDTH
    doubtful: bool = False
    now: datetime | None = None


def rows(
    db: Connection, kind: Kind, question: Question | None = None, wanted: Wanted | None = None
) -> Iterator[Row]:
    """Every row of a kind that a question asks for, in an order that never changes by itself.

    Judgements are all told, whatever is asked. Raises SearchError for a question that cannot be
    understood, before the first row, and ValueError for coverage of more than ten years.
    """
    how = wanted or Wanted()
    names = [*NAMES[kind], *(TEXTS.get(kind, ()) if how.text else ())]
    found = _KINDS[kind](db, question or Question(), how)
    return ({name: row[name] for name in names} for row in found)


def _articles(db: Connection, question: Question, how: Wanted) -> Iterable[Row]:
    return map(_told, research.articles(db, question.query, question.filters, text=how.text))


def _mentions(db: Connection, question: Question, how: Wanted) -> Iterable[Row]:
    return map(_told, research.mentions(db, question.query, question.filters, text=how.text))


def _attention(db: Connection, question: Question, how: Wanted) -> Iterable[Row]:
    found = research.attention(db, question.query, question.filters, per_outlet=how.per_outlet)
    return ({**row, "comparable_since": _iso(row["comparable_since"])} for row in found)


def _stories(db: Connection, question: Question, how: Wanted) -> Iterable[Row]:
    wanted = StoryFilters(question.query, question.filters)
    return map(_story, story_list.stories(db, wanted))


def _edits(db: Connection, question: Question, how: Wanted) -> Iterable[Row]:
    """Of the articles that are found; the newest first."""
    asked_for = question != Question()
    found = matching(db, question.query, question.filters) if asked_for else None
    return map(_edit, EditStore(db).plain(text=how.text, of=found))


def _concordance(db: Connection, question: Question, how: Wanted) -> Iterable[Row]:
    """Of the actors in the filters, else of all of them."""
    only = question.filters.actor
    wanted = {"all": only is None, "wanted": dump(values(only or ()))}
    for actor in db.all(_ACTORS, wanted):
        named = {"actor_id": actor["id"], "actor": actor["name"], "actor_kind": actor["kind"]}
        for line in concordance.lines(
            db,
            actor["id"],
            replace(question.filters, actor=None),
            query=question.query,
            doubtful=how.doubtful,
            width=how.width,
        ):
            yield {**asdict(line), **named, "article_id": str(line.article_id),
                   "published_day": line.day}  # fmt: skip


def _coverage(db: Connection, question: Question, how: Wanted) -> Iterable[Row]:
    return map(coverage_row, coverage_days.days(db, _asked(db, question, how)))


def _gaps(db: Connection, question: Question, how: Wanted) -> Iterator[Row]:
    wanted = _asked(db, question, how)
    if wanted.first is None or wanted.last is None:
        return
    period = period_of(wanted.first, wanted.last, "UTC")
    outlets = [one.outlet_id for one in wanted.outlets]
    yield from map(gap_row, watch_rows.gaps_in(db, outlets, period))


def _outlets(db: Connection, question: Question, how: Wanted) -> Iterator[Row]:
    found = matching(db, question.query, question.filters)
    outlets = [one.outlet_id for one in _asked(db, question, how).outlets]
    sql = _OUTLETS.format(found=found.sql)
    for row in db.execute(sql, {**found.parameters, "asked": dump(outlets)}):
        yield {**dict(row), **{name: json.loads(row[name])
                               for name in ("covers", "languages", "domains")}}  # fmt: skip


def _judgements(db: Connection, question: Question, how: Wanted) -> Iterable[Row]:
    return map(_judgement, judgement_rows.rows(db))


_KINDS: Mapping[Kind, Callable[[Connection, Question, Wanted], Iterable[Row]]] = {
    "articles": _articles,
    "mentions": _mentions,
    "attention": _attention,
    "stories": _stories,
    "edits": _edits,
    "concordance": _concordance,
    "coverage": _coverage,
    "gaps": _gaps,
    "outlets": _outlets,
    "judgements": _judgements,
}


def _asked(db: Connection, question: Question, how: Wanted) -> Asked:
    now = how.now or utc_now()
    filters = question.filters or SearchFilters()
    return asked(db, question.query, filters, now=now, edges=True)


def gap_row(gap: watch_rows.GapFound) -> Row:
    """One stretch in which a way did not show what was published; times in UTC."""
    times = {"from_utc": gap.from_at, "to_utc": gap.to_at, "noticed_at_utc": gap.noticed_at,
             "repaired_at_utc": gap.repaired_at}  # fmt: skip
    return asdict(gap) | {name: _iso(moment) for name, moment in times.items()}


def _told(row: Mapping[str, object]) -> Row:
    """Times as ISO 8601 in UTC and outlet time, numbers of things as text."""
    times = {f"{name}_utc": _iso(row[name]) for name in _MOMENTS}
    if "comparable_since" in row:
        times["comparable_since"] = _iso(row["comparable_since"])
    ids = {name: _text_of(row[name]) for name in _IDS}
    flags = {"in_headline": bool(row["in_headline"])} if "in_headline" in row else {}
    return {**row, **times, **ids, **flags, "published_at_local": _iso(row["published_local"])}


def _story(story: Story) -> Row:
    return {
        **asdict(story),
        "story_id": str(story.id),
        "outlets": len(story.outlets),
        "outlet_ids": list(story.outlets),
        "articles": len(story.articles),
        "article_ids": [str(number) for number in story.articles],
        "languages": list(story.languages),
        "origin_article": _text_of(story.origin_article),
        "first_at_utc": _iso(story.first_at),
        "last_at_utc": _iso(story.last_at),
    }


def _edit(row: Mapping[str, object]) -> Row:
    ids = {name: str(row[name]) for name in ("edit", "article_id", "story_id")}
    return {**row, **ids, "since_utc": _iso(row["since"]), "at_utc": _iso(row["at"])}


def _judgement(row: Mapping[str, object]) -> Row:
    return {**row, **{name: _text_of(row[name]) for name in _NUMBERS}}


def _text_of(number: object) -> str | None:
    return None if number is None else str(number)


def _iso(moment: object) -> str | None:
    """In UTC with Z, in an outlet's zone with its offset from UTC."""
    if not isinstance(moment, datetime):
        return None
    text = moment.isoformat()
    return text.removesuffix("+00:00") + "Z" if moment.tzinfo is UTC else text
