"""Where a value of an article is from, in words; the reader's own name for it stands behind them.

Exports and the database hold the names alone: docs/how-to-read-pages.md lists them.
"""

from __future__ import annotations

from markupsafe import Markup

from storage.explorer.rendering import Speaker, foreign
from storage.explorer.wording import catalogue

_CHECKED = "audit"
_DIFFERS = "differs: "
_AS_SAID = frozenset({"fallback", "unselected", "page", "replaced_characters"})
"""What a reading notes beside its fields: text of the reader, not the name of a method."""


def told(speaker: Speaker, field: str, method: str) -> Markup:
    """The words for a method of a field: told(speaker, "text", "template@1f0c") and the like."""
    if method == "judgement":
        return speaker.t("article.by_judgement")
    if field in _AS_SAID:
        return foreign(method, "en")
    if field == _CHECKED:
        return _checked(speaker, method)
    name, _, form = method.partition(":")
    words = _words(speaker, method) or _words(speaker, name.partition("@")[0])
    if words is None:
        return foreign(method, "en")
    how = _words(speaker, f"form_{form}")
    said = Markup("{}, {}").format(words, how) if how else words
    return Markup('{} <span class="mild">({})</span>').format(said, foreign(method, "en"))


def _checked(speaker: Speaker, method: str) -> Markup:
    """How the page was read that was read both ways."""
    if not method.startswith(_DIFFERS):
        return speaker.t("terms.method_agrees")
    return speaker.t("terms.method_differs", why=foreign(method.removeprefix(_DIFFERS), "en"))


def _words(speaker: Speaker, name: str) -> Markup | None:
    key = f"terms.method_{name.replace(':', '_')}"
    return speaker.t(key) if key in catalogue() else None
