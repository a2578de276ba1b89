"""Between records and rows: clean text, JSON columns, candidates."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from sqlite3 import Row
from typing import Any

from storage.models import Candidate, FoundBy, Hints
from storage.times import decode_optional, encode_optional

# NUL ends a string early for SQLite's own functions; lone surrogates have no UTF-8 form and
# make the driver refuse the whole row.
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


def clean(text: str) -> str:
    """A text without NUL and lone surrogates; everything else stays as published.

    >>> clean("حقوق" + chr(0) + " الإنسان")
    'حقوق الإنسان'
    """
    if text.isascii() and "\0" not in text:  # most of what is stored, in a third of the time
        return str(text)
    return _UNSTORABLE.sub("", text)


def clean_parameters(
    parameters: Iterable[object] | Mapping[str, object],
) -> list[object] | dict[str, object]:
    """The same SQL parameters with every string made storable."""
    if isinstance(parameters, Mapping):
        return {key: _clean_value(value) for key, value in parameters.items()}
    return [_clean_value(value) for value in parameters]


def _clean_value(value: object) -> object:
    return clean(value) if isinstance(value, str) else value


def dump(value: object) -> str:
    """JSON as stored: readable Arabic, sorted keys, nothing unstorable inside."""
    return json.dumps(_clean_tree(value), ensure_ascii=False, sort_keys=True)


def _clean_tree(value: object) -> object:
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, Mapping):
        return {clean(str(key)): _clean_tree(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_clean_tree(item) for item in value]
    return value


def dump_hints(hints: Hints) -> str:
    """Hints as one JSON column; what the finder did not know is left out."""
    values = asdict(hints) | {"published_at": encode_optional(hints.published_at)}
    return dump({key: value for key, value in values.items() if value is not None})


def load_hints(text: str) -> Hints:
    """Hints from their JSON column."""
    values: dict[str, Any] = json.loads(text)
    return Hints(**(values | {"published_at": decode_optional(values.get("published_at"))}))


def candidate_from(row: Row) -> Candidate:
    """A candidate from its row."""
    return Candidate(
        url=row["url"],
        url_key=row["url_key"],
        outlet_id=row["outlet_id"],
        found_by=FoundBy(row["found_by"]),
        found_in=row["found_in"],
        hints=load_hints(row["hints"]),
        entry_hash=row["entry_hash"],
        id=row["id"],
    )
