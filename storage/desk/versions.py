"""What an outlet changed in an article: any two of its versions held against each other.

Only versions that the same reader has read compare: else a better reader would pass for an edit.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from storage.connection import Connection
from storage.desk.changes import Block, Compare, blocks
from storage.edits import EditFilters, EditStore, ToldEdit, VersionText

Obstacle = Literal["", "missing", "not_kept", "other_readers"]
"""Why two versions do not compare: one is not there any more, a text was not kept, or they were
read by different readers. "" where they do."""


@dataclass(frozen=True, slots=True)
class Heading:
    """What the page of an article's versions says of the article itself."""

    id: int
    headline: str
    outlet_id: str
    outlet: str
    timezone: str
    language: str
    url: str
    withdrawn: bool


@dataclass(frozen=True, slots=True)
class VersionsTold:
    """The versions of an article, and two of them compared.

    `headline` and `text` are empty where `obstacle` says why; `edits` are what was told of the
    versions after the earlier one, up to the later one.
    """

    article: Heading
    versions: tuple[VersionText, ...]
    earlier: VersionText | None
    later: VersionText | None
    obstacle: Obstacle
    headline: tuple[Block, ...] = ()
    text: tuple[Block, ...] = ()
    edits: tuple[ToldEdit, ...] = ()


_HEADING = """
SELECT a.id, a.headline, a.outlet_id, o.name AS outlet, o.timezone, a.language, a.url, a.withdrawn
FROM articles a JOIN outlets o ON o.id = a.outlet_id WHERE a.id = ?
"""


def versions(
    db: Connection,
    article_id: int,
    compare: Compare,
    pair: tuple[int, int] | None = None,
) -> VersionsTold | None:
    """The versions of an article, the `pair` of numbers compared: else the last two.

    None where there is no such article. The smaller number of a pair is the earlier one.
    """
    row = db.one(_HEADING, (article_id,))
    if row is None:
        return None
    article = Heading(**{**dict(row), "withdrawn": bool(row["withdrawn"])})
    store = EditStore(db)
    held = store.versions(article_id)
    first, last = sorted(pair or (held[-1].version - 1, held[-1].version))
    by_number = {one.version: one for one in held}
    earlier, later = by_number.get(first), by_number.get(last)
    why = obstacle([one for one in (earlier, later) if one is not None])
    if earlier is None or later is None or why:
        return VersionsTold(article, held, earlier, later, why)
    return VersionsTold(
        article,
        held,
        earlier,
        later,
        why,
        blocks(compare, earlier.headline, later.headline),
        blocks(compare, earlier.text, later.text),
        _edits(store, article_id, (first, last)),
    )


def obstacle(texts: Sequence[VersionText]) -> Obstacle:
    """Why an earlier and a later version do not compare; "" where they do."""
    if len(texts) < 2:
        return "missing"
    before, after = texts
    if not (before.text_kept and after.text_kept):
        return "not_kept"
    return "" if before.reader == after.reader else "other_readers"


def _edits(store: EditStore, article_id: int, pair: tuple[int, int]) -> tuple[ToldEdit, ...]:
    told = store.list(EditFilters(article=article_id))
    between = [one for one in told if pair[0] < one.edit.version <= pair[1]]
    return tuple(sorted(between, key=lambda one: (one.edit.at, one.id)))
