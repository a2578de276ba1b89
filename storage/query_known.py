"""Whether the database has ever heard of what a query asks for; if not, what was meant."""

from __future__ import annotations

from collections.abc import Callable

from storage.connection import Connection
from storage.errors import SearchError
from storage.query_fields import Field, did_you_mean
from storage.text import fold

# What our reader tells apart by itself; another one is known once an article is written in it.
_LANGUAGES = frozenset({"ar", "fr", "en", "ckb", "kmr", "und"})
_COVERED = "SELECT value FROM outlets, json_each(outlets.covers) UNION SELECT country FROM outlets"

_FEW = 12

Known = dict[str, str]
"""Each known value, and what it is called."""


def slips(db: Connection, field: Field, called: str) -> list[str]:
    """The values of a filter that stand in no table, each with what may have been meant."""
    if _is_plain_language(field):
        return []
    known = _KNOWN[field.name](db)
    unknown = [value for value in field.values if value not in known]
    known = _told(db, known)
    return [f'{called} "{value}"{_in_brackets(did_you_mean(value, known))}' for value in unknown]


def _in_brackets(question: str) -> str:
    return f" ({question.removeprefix('; ')})" if question else ""


def _is_plain_language(field: Field) -> bool:
    """Whether looking through all articles can wait until it is needed."""
    return field.name == "language" and _LANGUAGES.issuperset(field.values)


def check(db: Connection, fields: tuple[Field, ...]) -> None:
    """Raise SearchError for a value that stands in no table, with those that are near it."""
    for field in fields:
        if field.name in _KNOWN:
            _check(db, field)
        elif field.name == "story":
            _check_story(db, field)


def _check(db: Connection, field: Field) -> None:
    if _is_plain_language(field):
        return
    known = _KNOWN[field.name](db)
    for value in field.values:
        if value not in known:
            raise _unknown(field, value, _told(db, known))


def _told(db: Connection, known: Known) -> Known:
    """What may be told of what is known: an actor that is hidden is named nowhere."""
    hidden = {row[0] for row in db.all("SELECT id FROM actors WHERE suppress")}
    return {value: name for value, name in known.items() if value not in hidden}


def _check_story(db: Connection, field: Field) -> None:
    for value in field.values:
        if not db.value("SELECT EXISTS (SELECT 1 FROM articles WHERE id = ?)", (int(value),)):
            raise SearchError(f"there is no article {value}", field.at, f"story:{value}")


def _unknown(field: Field, value: str, known: Known) -> SearchError:
    """The error, with ids whose spelling is near, or whose name is what was asked for."""
    asked = fold(value)
    named = [key for key, name in known.items() if len(asked) > 2 and asked in fold(name)]
    meant = did_you_mean(value, known) or _question(named[:3]) or _all(known)
    if field.name == "term":
        value, meant = value.removeprefix("term_"), meant.replace("term_", "")
    message = f'the database knows no {field.name} "{value}"{meant}'
    return SearchError(message, field.at, f"{field.name}:{value}")


def _question(ids: list[str]) -> str:
    return f"; did you mean {', '.join(ids)}?" if ids else ""


def _all(known: Known) -> str:
    """All known values, where they are so few that they help."""
    return f"; it knows {', '.join(sorted(known))}" if 0 < len(known) <= _FEW else ""


def _actors(db: Connection) -> Known:
    return dict(map(tuple, db.all("SELECT id, name FROM actors WHERE kind != 'term'")))


def _terms(db: Connection) -> Known:
    return dict(map(tuple, db.all("SELECT id, name FROM actors WHERE kind = 'term'")))


def _kinds(db: Connection) -> Known:
    return {row[0]: row[0] for row in db.all("SELECT DISTINCT kind FROM actors")}


def _alignments(db: Connection) -> Known:
    return {row[0]: row[0] for row in db.all("SELECT DISTINCT alignment FROM outlets")}


def _outlets(db: Connection) -> Known:
    return dict(map(tuple, db.all("SELECT id, name FROM outlets")))


def _themes(db: Connection) -> Known:
    rows = db.all("SELECT DISTINCT value FROM actors, json_each(actors.themes)")
    return {row[0]: row[0] for row in rows}


def _countries(db: Connection) -> Known:
    return {row[0]: row[0] for row in db.all(_COVERED)}


def _languages(db: Connection) -> Known:
    rows = db.all("SELECT DISTINCT language FROM articles")
    return {language: language for language in (*_LANGUAGES, *(row[0] for row in rows))}


def _agencies(db: Connection) -> Known:
    rows = db.all("SELECT DISTINCT credit FROM articles WHERE credit IS NOT NULL")
    named = dict(map(tuple, db.all("SELECT id, name FROM agencies")))
    return {row[0]: row[0] for row in rows} | named


_KNOWN: dict[str, Callable[[Connection], Known]] = {
    "actor": _actors,
    "term": _terms,
    "theme": _themes,
    "kind": _kinds,
    "outlet": _outlets,
    "country": _countries,
    "alignment": _alignments,
    "language": _languages,
    "credit": _agencies,
    "named": lambda db: _actors(db) | _terms(db),
}
