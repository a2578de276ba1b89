"""What is wrong with a value, in words for the person who wrote the file."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from difflib import SequenceMatcher, get_close_matches
from typing import Any, get_args

from pydantic import BaseModel
from pydantic_core import ErrorDetails

_LONGEST_QUOTE = 60
_MUCH_LESS_ALIKE = 0.1


def sentence(model: type[BaseModel], error: ErrorDetails) -> str:
    """One error of a check against `model`, without the checker's own words."""
    kind = error["type"]
    if kind == "extra_forbidden":
        return _unknown_key(model, error["loc"])
    if kind in _WANTED:
        return f"must be {_WANTED[kind]}, but is {described(error['input'])}"
    if kind in _SENTENCES:
        return _SENTENCES[kind](error.get("ctx") or {}, error["input"])
    return error["msg"]


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """A hint at the nearest known words, or nothing.

    >>> did_you_mean("feedz", ["feeds", "sitemaps"])
    '; did you mean feeds?'
    """
    near = get_close_matches(word, list(known), n=3, cutoff=0.6)
    nearest = max((_likeness(word, other) for other in near), default=0.0)
    near = [other for other in near if _likeness(word, other) > nearest - _MUCH_LESS_ALIKE]
    return f"; did you mean {' or '.join(near)}?" if near else ""


def _likeness(word: str, other: str) -> float:
    """From 0 to 1."""
    return SequenceMatcher(None, word, other).ratio()


def described(value: Any) -> str:
    """A value as its author wrote it, shortened."""
    if isinstance(value, str):
        cut = value if len(value) <= _LONGEST_QUOTE else value[:_LONGEST_QUOTE] + "…"
        return f'the text "{cut}"'
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        return f"the number {value}"
    if isinstance(value, date):
        return f"the date {value}"
    return "a table" if isinstance(value, dict) else "a list"


def _unknown_key(model: type[BaseModel], loc: tuple[str | int, ...]) -> str:
    known = sorted(_fields(model, loc[:-1]))
    hint = did_you_mean(str(loc[-1]), known)
    return f"is not a known key{hint or '; known are ' + ', '.join(known)}"


def _fields(model: type[BaseModel], way: tuple[str | int, ...]) -> Iterable[str]:
    """The names of the keys that the table at `way` may have."""
    for part in way:
        if isinstance(part, str) and part in model.model_fields:
            model = _inner_model(model.model_fields[part].annotation) or model
    return [name for name in model.model_fields if name != "id" or not way]


def _inner_model(annotation: Any) -> type[BaseModel] | None:
    """The record inside an annotation such as `tuple[Feed, ...]`."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    inner = (_inner_model(part) for part in get_args(annotation))
    return next((found for found in inner if found), None)


_TABLE = "a table"
_LIST = "a list in square brackets"
_DATE = "a date without quotes, such as 2026-11-22"
_WHOLE = "a whole number"
_WANTED = {
    "string_type": "text in quotes",
    "int_type": _WHOLE,
    "int_from_float": _WHOLE,
    "float_type": "a number",
    "finite_number": "a finite number",
    "bool_type": "true or false",
    "tuple_type": _LIST,
    "list_type": _LIST,
    "dict_type": _TABLE,
    "model_type": _TABLE,
    "model_attributes_type": _TABLE,
    "date_type": _DATE,
    "date_from_datetime_inexact": _DATE,
}


def _one_of(context: dict[str, Any], value: Any) -> str:
    choices = context["expected"].replace("'", "").replace(" or ", ", ").split(", ")
    hint = did_you_mean(value, choices) if isinstance(value, str) else ""
    return f"must be one of {', '.join(choices)}, but is {described(value)}{hint}"


def _too_few(context: dict[str, Any], value: Any) -> str:
    if not value:
        return "is empty"
    return f"must have {context['min_length']} entries, but has {len(value)}"


_SENTENCES: dict[str, Callable[[dict[str, Any], Any], str]] = {
    "missing": lambda context, value: "is missing",
    "value_error": lambda context, value: str(context["error"]),
    "literal_error": _one_of,
    "too_short": _too_few,
    "too_long": lambda context, value: (
        f"must have at most {context['max_length']} entries, but has {len(value)}"
    ),
    "greater_than_equal": lambda context, value: (
        f"must be {context['ge']} or more, but is {described(value)}"
    ),
    "less_than_equal": lambda context, value: (
        f"must be {context['le']} or less, but is {described(value)}"
    ),
    "greater_than": lambda context, value: (
        f"must be more than {context['gt']}, but is {described(value)}"
    ),
    "less_than": lambda context, value: (
        f"must be less than {context['lt']}, but is {described(value)}"
    ),
}
