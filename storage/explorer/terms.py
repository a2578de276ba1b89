"""What values of data files and tables are called on pages: countries, alignments, kinds, states.

`words/terms.toml` has `<group>_<value>` for those that we know; others are shown as they are.
"""

from __future__ import annotations

from collections.abc import Iterable

from markupsafe import Markup, escape

from storage.explorer.rendering import Speaker, foreign
from storage.explorer.wording import catalogue


def term(speaker: Speaker, group: str, value: str | None) -> Markup:
    """The words for a value: term(speaker, "country", "ma") is Morocco, Maroc or المغرب.

    Groups: country, alignment, outlet_kind, actor_kind, theme, language, trouble, way, run.
    """
    key = f"terms.{group}_{value}"
    return speaker.t(key) if key in catalogue() else foreign(value)


def listed(speaker: Speaker, group: str, values: Iterable[str]) -> Markup:
    """Several of them, with the comma of the language between them."""
    comma = "، " if speaker.language == "ar" else ", "
    return escape(comma).join(term(speaker, group, value) for value in values)
