"""What was seen of a trouble, in one line for people."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from storage.coverage_words import duration

Evidence = Mapping[str, object]


def said(kind: str, subject: str, evidence: Evidence) -> str:
    """What an event tells: the figures where they matter, else the answer that came.

    >>> said("volume_drop", "", {"seen": 3, "usual": 40, "from": "2026-03-01", "to": "2026-03-02"})
    '3 articles from 2026-03-01 to 2026-03-02, where 40 are usual'
    """
    words = _WORDS.get(kind, _answer)(evidence)
    ways = evidence.get("ways")
    place = ", ".join(map(str, ways)) if isinstance(ways, list) else subject
    if words and (kind == "reading_worse" or "template" in evidence):
        place = ""  # the words name what fell, and no way is concerned
    if kind == "blocked":
        how = "read directly" if subject == "direct" else f"through {subject}"
        place = f"{how}: {place if isinstance(ways, list) else evidence.get('way', '')}"
    return ": ".join(filter(None, (place.removesuffix(": "), words)))


def _answer(evidence: Evidence) -> str:
    """The answer of the first visit that showed it."""
    signs = evidence.get("signs")
    noticed = [str(sign[1]) for sign in signs] if isinstance(signs, list) else []
    reason = str(evidence.get("reason") or "")
    outcome = str(evidence.get("outcome") or "").replace("_", " ")
    return reason or "; ".join(noticed) or outcome


def _offline(evidence: Evidence) -> str:
    return f"{evidence.get('unreachable')} of {evidence.get('asked')} outlets could not be reached"


def _frozen(evidence: Evidence) -> str:
    also = evidence.get("also")
    others = f"; so is {', '.join(map(str, also))}" if isinstance(also, list) else ""
    return (
        f"nothing newer than {evidence.get('newest')}, for {_long(evidence.get('hours'))}; up to "
        f"{_long(evidence.get('usual_hours'))} is usual{others}"
    )


def _long(hours: object) -> str:
    """Hours in words: three months of them say little as a number."""
    return duration(round(hours * 60)) if isinstance(hours, (int, float)) else "unknown"


def _overflow(evidence: Evidence) -> str:
    filled = evidence.get("repaired_by")
    left = "a gap is left" if evidence.get("not_repaired") else "no gap is left"
    how = f", filled from {filled}" if filled and filled != "?" else ""
    return f"its {evidence.get('shown')} entries did not reach back to the last visit; {left}{how}"


def _volume(evidence: Evidence) -> str:
    return (
        f"{evidence.get('seen')} articles from {evidence.get('from')} to {evidence.get('to')}, "
        f"where {evidence.get('usual')} are usual"
    )


def _moved(evidence: Evidence) -> str:
    return f"led to {evidence['to']}" if "to" in evidence else _answer(evidence)


def _pages(evidence: Evidence) -> str:
    if "template" in evidence:
        return (
            f"its pages are laid out anew: the learned template failed on {evidence.get('failed')} "
            f"of {evidence.get('of')} pages, so all are read without one until it is learned again"
        )
    if "pages" not in evidence:
        return _answer(evidence)
    ended = str(evidence.get("outcome", "")).replace("_", " ")
    return f"{evidence['pages']} of {evidence.get('of')} pages ended as {ended}"


_HAVE = {
    "headline": "have a headline",
    "date": "have a date",
    "length": "have a text of a plausible length",
    "template": "could be read by the learned template",
    "selectors": "were found by all selectors of the outlet's file",
}
"""What fewer articles have, see `storage.health_rules`."""


def _worse(evidence: Evidence) -> str:
    falls = evidence.get("falls")
    return "; ".join(
        f"{fall['found']} of {fall['of']} articles {_HAVE.get(fall['what'], fall['what'])}, "
        f"where {fall['usual']:.0%} is usual"
        for fall in (falls if isinstance(falls, list) else [])
    )


_WORDS: dict[str, Callable[[Evidence], str]] = {
    "offline": _offline,
    "frozen": _frozen,
    "overflow": _overflow,
    "volume_drop": _volume,
    "moved": _moved,
    "blocked": _pages,
    "robots": _pages,
    "foreign_links": _pages,
    "redesigned": _pages,
    "pages_failing": _pages,
    "reading_worse": _worse,
}
