"""Pages that stand in the place of another one, by their titles: challenges, requests, errors."""

from __future__ import annotations

import re
from collections.abc import Iterable

from crawler.reading.decode import Failure
from crawler.reading.kind_words import (
    BARE_CHALLENGES,
    BARE_ERRORS,
    BARE_LOGINS,
    BARE_MISSING,
    CHALLENGES,
    CONSENTS,
    MISSING,
)
from storage.models import Outcome
from storage.reasons import CHALLENGE, CONSENT, ERROR_PAGE, LOGIN, SOFT_404
from storage.text import fold

FEW_WORDS = 120
"""A wall or error page never says more; with more words the page is taken for what was asked."""
MOST_OF_A_TITLE = 300

_SEPARATED = re.compile(r" ?[|\u00b7\u00bb\u00ab\u2022\u203a:] ?| (?:[-\u2013\u2014]|::|//) ")
_ENDS = " .!?\u2026\u061f,-\"'()[]"


def wall(title: str, headline: str, words: int) -> Failure | None:
    """What a page with these titles and so many words is instead of the one asked for, or None.

    BLOCKED for a challenge; NOT_ARTICLE, with its reason, for a consent, login or error page.
    """
    if words >= FEW_WORDS:
        return None
    shown = f"{title[:MOST_OF_A_TITLE]} \n {headline[:MOST_OF_A_TITLE]}"
    whole, parts = fold(shown), parts_of(title) | parts_of(headline)
    if _CHALLENGE.search(whole) or parts & _BARE_CHALLENGES:
        return Failure(Outcome.BLOCKED, f"{CHALLENGE}: {title[:80]}")
    if _CONSENT.search(whole):
        return Failure(Outcome.NOT_ARTICLE, CONSENT)
    if _MISSING.search(whole) or parts & _BARE_MISSING:
        return Failure(Outcome.NOT_ARTICLE, SOFT_404)
    if parts & _BARE_ERRORS:
        return Failure(Outcome.NOT_ARTICLE, ERROR_PAGE)
    return Failure(Outcome.NOT_ARTICLE, LOGIN) if parts & _BARE_LOGINS else None


def says_missing(text: str) -> bool:
    """Whether a text says that the page which was asked for is not there."""
    return bool(_MISSING.search(fold(text)))


def parts_of(title: str) -> set[str]:
    """A title's parts, such as its headline and the site's name, as they are compared."""
    pieces = _SEPARATED.split(" ".join(title[:MOST_OF_A_TITLE].split()))
    return {fold(piece).strip(_ENDS) for piece in pieces} - {""}


def anywhere(phrases: Iterable[str]) -> re.Pattern[str]:
    """A pattern for any of the phrases as whole words of a folded text."""
    words = sorted({re.escape(fold(phrase)) for phrase in phrases})
    return re.compile(rf"(?<!\w)(?:{'|'.join(words)})(?!\w)")


def _folded(phrases: Iterable[str]) -> frozenset[str]:
    return frozenset(fold(phrase).strip(_ENDS) for phrase in phrases)


_CHALLENGE, _CONSENT, _MISSING = anywhere(CHALLENGES), anywhere(CONSENTS), anywhere(MISSING)
_BARE_CHALLENGES = _folded(BARE_CHALLENGES)
_BARE_MISSING = _folded(
    shown for said in BARE_MISSING for shown in (said, f"404 {said}", f"{said} 404", f"404: {said}")
)
_BARE_ERRORS, _BARE_LOGINS = _folded(BARE_ERRORS), _folded(BARE_LOGINS)
