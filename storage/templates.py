"""Templates as they are kept: which one reads an outlet's pages since when, and how it fares.

A template holds names of elements and what all pages of an outlet repeat, never an article's text.
Each row of `outlet_templates` is one lesson: the layout of an outlet was learned at a time, and
what came of it was in force from then until another lesson, or until the layout changed.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from sqlite3 import Row

from storage.connection import Connection
from storage.rows import dump
from storage.template_records import Template
from storage.template_standing import Standing
from storage.times import decode_optional, decode_time, encode_optional, encode_time, utc_now

LAYOUT = "template"
"""The subject of an event `redesigned` that a template noticed."""
REDESIGNED, AGAIN, OLDER = "redesigned", "learned again", "older learner"
"""Why a template is in force no more."""

_IN_FORCE = """
SELECT o.*, t.body FROM outlet_templates o JOIN templates t ON t.id = o.template_id
WHERE o.outlet_id = ? AND o.until_at IS NULL
"""
_OF_DAY = """
SELECT t.body FROM outlet_templates o JOIN templates t ON t.id = o.template_id
WHERE o.outlet_id = :outlet AND o.from_at <= :at AND (o.until_at IS NULL OR o.until_at > :at)
ORDER BY o.id DESC LIMIT 1
"""
_REPLACED = """
SELECT t.body FROM templates t
WHERE t.id = ? AND EXISTS (SELECT 1 FROM outlet_templates o WHERE o.template_id = t.id)
"""
_LAST = "SELECT * FROM outlet_templates WHERE outlet_id = ? ORDER BY id DESC LIMIT 1"
_CHANGED = """
SELECT max(until_at) FROM outlet_templates WHERE outlet_id = ? AND ended = ?
"""
_UNHEALED = """
SELECT id, outlet_id, template_id, reread_from FROM outlet_templates
WHERE reread_from IS NOT NULL
  AND outlet_id IN (SELECT value FROM json_each(?)) ORDER BY id
"""
_REREAD = """
UPDATE outlet_templates SET reread_from = min(coalesce(reread_from, :since), :since) WHERE id = :id
"""
_OUTLIVED = """
SELECT id FROM outlet_templates WHERE ended = ? AND id IN (SELECT value FROM json_each(?))
"""
_HEALED = "UPDATE outlet_templates SET reread_from = NULL WHERE id = ? AND reread_from >= ?"
_OUTDATED = """
SELECT o.*, t.body FROM outlet_templates o JOIN templates t ON t.id = o.template_id
WHERE t.made_by != :made_by AND (:all OR o.outlet_id IN (SELECT value FROM json_each(:outlets)))
ORDER BY o.id
"""


@dataclass(frozen=True, slots=True)
class InForce:
    """A template that reads an outlet's pages, from which fetch time on, and how it has fared."""

    id: int
    outlet_id: str
    template: Template
    from_at: datetime
    learned_at: datetime
    run_id: int | None
    pages: int
    standing: Standing
    until_at: datetime | None = None  # of a period that is past


@dataclass(frozen=True, slots=True)
class Lesson:
    """One attempt to learn an outlet's layout; `taught`: whether a template came of it."""

    learned_at: datetime
    run_id: int | None
    pages: int
    taught: bool


@dataclass(frozen=True, slots=True)
class Unhealed:
    """Pages that a template may have read wrongly since a time; to be read the careful way."""

    id: int
    outlet_id: str
    template_id: str
    since: datetime


class TemplateStore:
    """The templates of all outlets."""

    def __init__(self, db: Connection, *, clock: Callable[[], datetime] = utc_now) -> None:
        self._db = db
        self._clock = clock

    def in_force(self, outlet_id: str) -> InForce | None:
        """The template that reads an outlet's pages now; None: they are read the careful way."""
        row = self._db.one(_IN_FORCE, (outlet_id,))
        return None if row is None else _in_force(row)

    def of_day(self, outlet_id: str, at: datetime) -> Template | None:
        """The template that was in force when a page was fetched."""
        row = self._db.one(_OF_DAY, {"outlet": outlet_id, "at": encode_time(at)})
        return None if row is None else _loaded(row["body"])

    def read_by(self, template_id: str, outlet_id: str, at: datetime) -> Template | None:
        """What is to read a page, fetched at a time, that a template has read.

        That template, or what was put in its place since a newer learner was there.
        """
        row = self._db.one(_REPLACED, (template_id,))
        return self.of_day(outlet_id, at) if row is None else _loaded(row["body"])

    def last_lesson(self, outlet_id: str) -> Lesson | None:
        """The last time that an outlet's layout was learned, whatever came of it."""
        row = self._db.one(_LAST, (outlet_id,))
        if row is None:
            return None
        taught = row["template_id"] is not None
        return Lesson(decode_time(row["learned_at"]), row["run_id"], row["pages"], taught)

    def changed_at(self, outlet_id: str) -> datetime | None:
        """Since when an outlet's pages have the layout of today; None: no change is known.

        Not later than now, whatever a clock that was ahead has left.
        """
        found = decode_optional(self._db.value(_CHANGED, (outlet_id, REDESIGNED)))
        return min(found, self._clock()) if found else None

    def unhealed(self, outlet_ids: Sequence[str]) -> list[Unhealed]:
        """What a killed run did not read again after a layout had changed."""
        rows = self._db.all(_UNHEALED, (dump(list(outlet_ids)),))
        return [
            Unhealed(
                row["id"], row["outlet_id"], row["template_id"], decode_time(row["reread_from"])
            )
            for row in rows
        ]

    def made_by_others(
        self, made_by: str, outlet_ids: Sequence[str] | None = None
    ) -> list[InForce]:
        """The periods (past ones too) whose template another version of the learner made."""
        asked = {"all": outlet_ids is None, "outlets": dump(list(outlet_ids or ()))}
        rows = self._db.all(_OUTDATED, {**asked, "made_by": made_by})
        return [_in_force(row) for row in rows]

    # --- what changes it

    def learned(
        self,
        outlet_id: str,
        template: Template,
        *,
        why: str,
        run_id: int | None,
        pages: int,
        since: datetime | None = None,
    ) -> bool:
        """Note a lesson; a usable template is in force from now on, in the place of any other.

        Where there is no other, it holds for pages fetched `since` (None: now): for those of the
        lesson, and for those that have waited for it.

        One transaction: whoever is killed leaves the old template or the new one. A template
        that is in force already stays, and counts as learned now. False: nothing was taught.
        """
        now = encode_time(self._clock())
        with self._db.write():
            row = self._db.one(_IN_FORCE, (outlet_id,))
            if row is not None and row["template_id"] == template.id and template.usable:
                again = {"learned_at": now, "pages": pages, "from_at": min(row["from_at"], now)}
                self._db.update("outlet_templates", row["id"], again)
                return True
            lesson: dict[str, object] = {
                "outlet_id": outlet_id,
                "from_at": encode_time(since) if since and template.usable and row is None else now,
                "until_at": None if template.usable else now,
                "why": why,
                "learned_at": now,
                "run_id": run_id,
                "pages": pages,
            }
            if template.usable:
                self._keep(template, now)
                lesson["template_id"] = template.id
                if row is not None:
                    ended = {"until_at": now, "ended": AGAIN}
                    self._db.update("outlet_templates", row["id"], ended)
            self._db.insert("outlet_templates", lesson)
        return template.usable

    def retire(self, in_force: InForce, standing: Standing, since: datetime) -> bool:
        """End a template whose layout is gone; what it read `since` then is to be read anew.

        False where another run has ended it already; this one went on reading by it, so that
        there is something to be read anew in any case.
        """
        changed = standing.changed_at or self._clock()
        with self._db.write():
            sql = "SELECT 1 FROM outlet_templates WHERE id = ? AND until_at IS NULL"
            is_first = self._db.value(sql, (in_force.id,)) is not None
            if is_first:
                until = encode_time(max(changed, in_force.from_at))
                ended = {"until_at": until, "ended": REDESIGNED, **_columns(standing)}
                self._db.update("outlet_templates", in_force.id, ended)
            self._db.execute(_REREAD, {"id": in_force.id, "since": encode_time(since)})
        return is_first

    def outlived(self, used: Sequence[Unhealed]) -> list[Unhealed]:
        """Those of the templates that a run has read by whose layout has turned out to be gone."""
        rows = self._db.all(_OUTLIVED, (REDESIGNED, dump([one.id for one in used])))
        gone = {row["id"] for row in rows}
        return [one for one in used if one.id in gone]

    def healed(self, left: Unhealed) -> None:
        """Note that what a retired template read last has been read the careful way."""
        with self._db.write():
            self._db.execute(_HEALED, (left.id, encode_time(left.since)))

    def note(self, lesson_id: int, standing: Standing) -> None:
        """Keep how a template has fared up to now."""
        with self._db.write():
            self._db.update("outlet_templates", lesson_id, _columns(standing))

    def replace(self, period: InForce, template: Template) -> None:
        """Put what today's learner makes of a period's captures in the place of its template.

        Where it makes nothing of them, the pages of that period are read the careful way.
        """
        now = encode_time(self._clock())
        with self._db.write():
            if template.usable:
                self._keep(template, now)
                self._db.update("outlet_templates", period.id, {"template_id": template.id})
                return
            sql = (
                "UPDATE outlet_templates SET template_id = NULL, ended = coalesce(ended, ?), "
                "until_at = coalesce(until_at, ?) WHERE id = ?"
            )
            self._db.execute(sql, (OLDER, now, period.id))

    def _keep(self, template: Template, now: str) -> None:
        values = {
            "id": template.id,
            "body": template.to_json(),
            "made_by": template.made_by,
            "pages": template.pages,
            "learned_at": now,
        }
        self._db.upsert("templates", ("id",), values)


def _columns(standing: Standing) -> dict[str, object]:
    return {
        "uses": standing.uses,
        "failures": standing.failures,
        "recent": dump([[encode_time(at), held] for at, held in standing.recent]),
        "proven_at": encode_optional(standing.proven_at),
    }


def _in_force(row: Row) -> InForce:
    recent = _recent(row["recent"])
    template = _loaded(row["body"]) or Template(id=row["template_id"])
    proven_at = decode_optional(row["proven_at"])
    return InForce(
        id=row["id"],
        outlet_id=row["outlet_id"],
        template=template,
        from_at=decode_time(row["from_at"]),
        learned_at=decode_time(row["learned_at"]),
        run_id=row["run_id"],
        pages=row["pages"],
        standing=Standing(row["uses"], row["failures"], recent, proven_at),
        until_at=decode_optional(row["until_at"]),
    )


def _recent(told: str) -> tuple[tuple[datetime, bool], ...]:
    """How a template fared on its last pages; a damaged row tells nothing, and stops no run."""
    try:
        return tuple((decode_time(at), bool(held)) for at, held in json.loads(told))
    except (ValueError, TypeError):
        return ()


def _loaded(body: str) -> Template | None:
    """A kept template; None where it is damaged or of a form that is not known any more."""
    try:
        return Template.from_json(body)
    except ValueError:
        return None
