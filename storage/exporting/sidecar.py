"""What stands beside every export: what was asked, how complete it can be, and what is in it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import date, datetime
from typing import TYPE_CHECKING

from storage import reindexing, search, story_list
from storage.actors import gaps
from storage.connection import Connection
from storage.coverage_summary import summary
from storage.coverage_words import header
from storage.desk.questions import Question
from storage.exporting.orders import Export
from storage.exporting.redaction import Shield, privacy
from storage.exporting.writers import told
from storage.migrations import migrations
from storage.program import program_version
from storage.times import encode_time, utc_now

if TYPE_CHECKING:
    from storage.coverage_records import CoverageSummary

ENDING = ".about.json"
"""What the name of a side-car ends with, after the whole name of its file."""
TEXTS_ENDING = ".texts.jsonl"
"""The same of the file with texts that do not fit into a cell."""
_WATCHED = "SELECT id, forms_digest FROM actors WHERE forms_digest != '' ORDER BY id"
_ORDERS = {
    "articles": "by article_id",
    "mentions": "by article_id and actor_id",
    "attention": "by outlet_id, actor_id and date, the undated last",
    "stories": "by story_id",
    "edits": "by at_utc, the newest first; then article_id, version and edit",
    "concordance": "by actor_id, day (undated last), article_id, field and place",
    "coverage": "by outlet_id and day, the undated last",
    "gaps": "by from_utc, outlet_id and number",
    "outlets": "by outlet_id",
    "judgements": "by judgement",
}


def facts(db: Connection, export: Export, question: Question, shield: Shield) -> dict[str, object]:
    """What can be said before a row is written, all of it from the database as it stands.

    Nothing in it depends on the clock but the coverage of days that are not over.
    """
    now = export.wanted.now or utc_now()
    coverage = summary(db, question.query, question.filters, now=now)
    counts = search.totals(db, question.query, question.filters)
    return {
        "kind": export.kind,
        "question": [[name, shield.said(value)] for name, value in question.parameters()],
        "snapshot": None,
        "coverage": header(coverage),
        "coverage_figures": _figures(coverage),
        "articles_found": counts.articles,
        "stories_found": counts.stories,
        "not_comparable": _not_comparable(db, shield),
        "waiting": {"for_stories": story_list.unsettled(db), "for_index": reindexing.unindexed(db)},
        **versions(db),
    }


def versions(db: Connection) -> dict[str, object]:
    """With what the archive was made: the program, the shape of the database, the watchlists."""
    watched = db.all(_WATCHED)
    forms = "\n".join(sorted(f"{row['id']} {row['forms_digest']}" for row in watched))
    readers = db.all(
        "SELECT reader_version, count(*) FROM article_texts GROUP BY reader_version ORDER BY 1"
    )
    return {
        "software": f"marsad {program_version()}",
        "schema": max(step.name for step in migrations.applied(db.tables)),
        "watchlists": {
            "actors": len(watched),
            "digest": hashlib.sha256(forms.encode()).hexdigest()[:32],
        },
        "reader_versions": {str(row[0]): row[1] for row in readers},
    }


def described(export: Export, known: Mapping[str, object]) -> dict[str, object]:
    """What is known of a file before it is closed: its facts, and how it was written."""
    return {
        **known,
        "format": export.format,
        "excel": export.excel,
        "order": _ORDERS[export.kind],
        "privacy": privacy(export),
    }


def about_file(
    export: Export, name: str, known: Mapping[str, object], counted: Mapping[str, object]
) -> str:
    """The side-car of a file, as JSON; `counted` is what its writer says of it."""
    said = {
        "file": name,
        **counted,
        "written_at": encode_time(utc_now()),
        **described(export, known),
        "columns": told(export.columns),
    }
    return json.dumps(said, ensure_ascii=False, indent=2, default=str) + "\n"


def _figures(found: CoverageSummary) -> dict[str, object]:
    """The summary of coverage as JSON holds it: the outlets asked, the blind days, completeness."""
    plain: dict[str, object] = json.loads(json.dumps(asdict(found), default=_plain))
    return plain


def _plain(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime | date) else str(value)


def _not_comparable(db: Connection, shield: Shield) -> dict[str, str]:
    """The actors whose counts do not compare over the whole archive, and since when they do."""
    return {
        shield.actor(actor_id): encode_time(gap.since) for actor_id, gap in sorted(gaps(db).items())
    }
