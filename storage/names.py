"""What outlets, agencies and actors are called in the languages of those who read about them.

Agencies stand among the outlets, as both may have said a story first.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal

from storage.connection import Connection

Kind = Literal["outlet", "actor"]
Names = Mapping[str, str]
"""Id -> name, of those that have one in the language."""
_EVERYWHERE = """
SELECT id, name FROM outlets UNION ALL SELECT id, name FROM actors WHERE NOT suppress
"""


def write(db: Connection, kind: Kind, named: Mapping[str, Iterable[tuple[str, str]]]) -> None:
    """Write down the names of these, pairs of language and name, in the place of earlier ones."""
    with db.write():
        for key, pairs in named.items():
            db.execute("DELETE FROM names WHERE kind = ? AND id = ?", (kind, key))
            db.executemany(
                "INSERT OR REPLACE INTO names (kind, id, language, name) VALUES (?, ?, ?, ?)",
                [(kind, key, language, name) for language, name in pairs],
            )


def of(db: Connection, kind: Kind, language: str) -> Names:
    """The names in a language, hidden actors left out."""
    rows = db.all(
        "SELECT n.id, n.name FROM names n LEFT JOIN actors w ON n.kind = 'actor' AND w.id = n.id "
        "WHERE n.kind = ? AND n.language = ? AND NOT coalesce(w.suppress, 0)",
        (kind, language),
    )
    return {row["id"]: row["name"] for row in rows}


def called(db: Connection, language: str) -> dict[str, str]:
    """What outlets and actors are called in a language; where not known, as everywhere."""
    everywhere = {row["id"]: row["name"] for row in db.all(_EVERYWHERE)}
    return {**everywhere, **of(db, "outlet", language), **of(db, "actor", language)}
