"""Where frozen rows come from: the rows that exports write, of one question and one instant."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from storage.connection import Connection
from storage.desk.questions import Question
from storage.errors import CannotFreeze
from storage.exporting.columns import Kind
from storage.exporting.rows import Wanted
from storage.exporting.rows import rows as exported
from storage.frozen.bundles import bundled

TEXT = "text"


@dataclass(frozen=True, slots=True)
class Found:
    """A row, and the article whose it is; None where it is of no single one."""

    row: dict[str, Any]
    article_id: int | None


def rows(db: Connection, kind: Kind, question: Question, now: datetime) -> Iterator[Found]:
    """The rows of a kind, those of articles with their full text.

    Raises CannotFreeze for coverage of more than ten years.
    """
    how = Wanted(text=kind == "articles", now=now)
    try:
        found: Iterable[dict[str, Any]] = exported(db, kind, question, how)
        for row in bundled(found) if kind == "attention" else found:
            yield Found(row, _article_of(kind, row))
    except ValueError as wrong:
        raise CannotFreeze(f"{wrong}: choose fewer with after and before", "long") from wrong


def _article_of(kind: Kind, row: dict[str, Any]) -> int | None:
    """Whose words a row holds: a story shows the headline of its origin, or of its first."""
    if kind == "stories":
        return int(row["origin_article"] or row["article_ids"][0])
    return int(row["article_id"]) if "article_id" in row else None
