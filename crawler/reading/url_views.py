"""Views of one document: AMP, mobile and print pages, as hosts and paths show them.

A view is only taken for one where another document can hardly have the address that is left:
`/m/123` may be a numbering of its own and stays, `/m/news/123` is the mobile page of `/news/123`.
"""

from __future__ import annotations

import re
from functools import lru_cache

_PLAIN_LABEL = re.compile(r"www\d{0,2}|ww\d")
_VIEW_LABELS = {
    **dict.fromkeys(("m", "mobile", "wap", "mob", "mobi", "touch"), "mobile"),
    "amp": "amp",
}
_SECOND_LEVEL = frozenset("ac co com edu gov info mil net news or org press sch".split())
"""Under these and a country stand other people's names: `m.com.bh` is a name, not a view."""
_EDGES = {
    **dict.fromkeys(("amp", "amphtml"), "amp"),
    **dict.fromkeys(
        ("print-version", "printversion", "print-view", "printview", "printer-friendly"),
        "print",
    ),
    **dict.fromkeys(
        ("print", "imprimer", "imprimir", "printable", "printer", "%d8%b7%d8%a8%d8%a7%d8%b9%d8%a9"),
        "print",
    ),
}
_AT_END = _EDGES | {
    **{f"amp.{ending}": "amp" for ending in ("html", "htm", "php")},
    **{f"print.{ending}": "print" for ending in ("html", "htm")},
}
_AT_FRONT = _EDGES | dict.fromkeys(("m", "mobile", "wap", "touch", "mob"), "mobile")
_MAYBE = re.compile(
    r"(?:amp|print|imprim|m$|mob|wap$|touch$|comment-page|%d8%b7%d8%a8)", re.IGNORECASE
)
"""How any of these begin: most paths hold none, and are let go soon."""
_NEED_TWO = frozenset(("m", "mobile", "wap", "touch", "mob"))
_SUFFIX = re.compile(r"(?<=.)\.(amp|print)(?=\.[a-z]{3,5}$|$)", re.IGNORECASE)
_SCRIPT = re.compile(r"\.(?:php|aspx?|jsp|cgi)$", re.IGNORECASE)
_NUMBER = re.compile(r"\d{5}")
_LANGUAGE = re.compile(r"[a-z]{2}|ckb|kmr|kur", re.IGNORECASE)
_LISTS = frozenset(
    "tag tags topic topics search category categories author authors keyword keywords hashtag "
    "label theme themes cat rubrique mot section sections".split()
)
"""Behind one of these stands a name that somebody chose: `/tag/amp` is a page on amplifiers."""
_COMMENTS = re.compile(r"comment-page-\d{1,4}")


@lru_cache(maxsize=4096)
def desktop_host(host: str) -> tuple[str, str]:
    """A host without its labels for views and `www`, and which view they were of, or "".

    >>> desktop_host("www.example.ma"), desktop_host("ar.m.example.ma"), desktop_host("m.com.bh")
    (('example.ma', ''), ('ar.example.ma', 'mobile'), ('m.com.bh', ''))
    """
    labels = host.lower().split(".")
    second = len(labels) > 2 and len(labels[-1]) == 2 and labels[-2] in _SECOND_LEVEL
    name = labels[-3:] if second else labels[-2:]
    before = labels[: -len(name)]
    views = [_VIEW_LABELS[label] for label in before if label in _VIEW_LABELS]
    kept = [x for x in before if x not in _VIEW_LABELS and not _PLAIN_LABEL.fullmatch(x)]
    return ".".join([*kept, *name]), views[0] if views else ""


def whole_view(segments: list[str]) -> tuple[list[str], str]:
    """The segments of a path without those that only choose a view, and which view it was.

    >>> whole_view(["a", "B", "amp"]), whole_view(["ar", "amp", "B"]), whole_view(["tag", "amp"])
    ((['a', 'B'], 'amp'), (['ar', 'B'], 'amp'), (['tag', 'amp'], ''))
    """
    found = ""
    if not any(map(_MAYBE.match, segments)) and not _SUFFIX.search(
        segments[-1] if segments else ""
    ):
        return segments, ""
    while len(segments) > 1 or (segments and _SUFFIX.search(segments[-1])):
        place, kind = _view(segments)
        if not kind:
            break
        found = found or kind
        if place is None:
            segments = [*segments[:-1], _SUFFIX.sub("", segments[-1], count=1)]
        else:
            segments = segments[:place] + segments[place + 1 :]
    return segments, found if found != "comments" else ""


def _view(segments: list[str]) -> tuple[int | None, str]:
    """Which segment chooses a view, and the view; None for the ending of the last segment."""
    last = segments[-1].lower()
    if len(segments) > 1 and segments[-2].lower() not in _LISTS:
        if kind := _AT_END.get(last, ""):
            return len(segments) - 1, kind
        if _COMMENTS.fullmatch(last):
            return len(segments) - 1, "comments"
    if suffix := _SUFFIX.search(segments[-1]):
        return None, suffix[1].lower()
    for place in range(len(segments) - 1):
        if kind := _view_at(segments, place):
            return place, kind
    return 0, ""


def _view_at(segments: list[str], place: int) -> str:
    """The view that a segment chooses which is not the last."""
    name = segments[place].lower()
    kind = _AT_FRONT.get(name, "")
    if not kind:
        return ""
    behind = segments[place + 1 :]
    at_front = place == 0 or (place == 1 and _LANGUAGE.fullmatch(segments[0]))
    if at_front and (len(behind) > 1 or name not in _NEED_TWO or _SCRIPT.search(behind[0])):
        return kind
    numbered = place > 0 and _NUMBER.match(behind[0]) and segments[place - 1].lower() not in _LISTS
    return kind if numbered else ""
