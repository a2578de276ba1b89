"""Actors as the TOML of a watchlist file, written for people to read."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

MARK = "# Written by `marsad actors`: add and import write this file anew each time."
"""The first line, by which a file that is ours is known."""

_HEAD = f"""\
{MARK}
# It lies over the other watchlists: tables merge by key, forms by text, suppress = true removes,
# false takes a name away, "" any other value. To keep something by hand, put it in another file.
"""
_CONTROL = str.maketrans({"\x7f": "\\u007f"})
_WIDE = 100
"""Characters of a line that is still read at a glance."""


def as_toml(entries: Iterable[Mapping[str, Any]]) -> str:
    """A watchlist file of these actors, in this order."""
    return "\n".join([_HEAD, *map(_entry, entries)])


def _entry(entry: Mapping[str, Any]) -> str:
    lines = ["[[actors]]"]
    lines += [f"{key} = {_value(value)}" for key, value in entry.items() if key != "forms"]
    for form in entry.get("forms", ()):
        lines.append("[[actors.forms]]")
        lines += [f"{key} = {_value(value)}" for key, value in form.items()]
    return "\n".join(lines) + "\n"


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Mapping):
        return f"{{ {', '.join(f'{key} = {_value(item)}' for key, item in value.items())} }}"
    if isinstance(value, str):
        # The strings of JSON are TOML's, but for one control character.
        return json.dumps(value, ensure_ascii=False).translate(_CONTROL)
    return _list(value)


def _list(values: Sequence[str]) -> str:
    line = f"[{', '.join(map(_value, values))}]"
    if len(line) <= _WIDE:
        return line
    return "".join(["[\n", *(f"  {_value(value)},\n" for value in values), "]"])
