"""The last lines of a text: "(AFP)", "المصدر: رويترز", "Le360 avec AFP", "© 2026 AFP"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from crawler.reading.agencynames import LONGEST, AgencyNames, Named
from crawler.reading.datelines import SHORT_LINE, place_words, shows_picture
from storage.text import fold, words

TAIL = 900
"""Characters in which closing lines stand."""
_LINES = 4
_LONG = 100
"""The last bracket of a shorter line that ends without a full stop is that of a caption."""

_LINE = re.compile(r"[^\n]+")
_LETTER = re.compile(r"[^\W\d_]")
_SOURCE = re.compile(
    r"(?:^|[.!?؟…»”\"(\[*|])[\s*_\-–—•]*"
    r"(?:sources?|المصدر|المصادر|مصدر الخبر|سەرچاوە|çavkanî|kaynak|fuente|quelle|agence|وكالة)"
    r"\s?[:/：]\s*",
    re.IGNORECASE,
)
_OUTLET = (
    r"(?:(?:(?-i:[A-ZÉ0-9][\w.'’]{0,19}|[Ll]es?|[Ll]a|du)\s?[-–—|/,]?\s){0,3}"
    r"|[\u0620-\u06d5]{2,20}\s?[-–—|/,]?\s)"
)
_WITH = re.compile(
    rf"(?:^|[.!?؟…»”\"(\[*])[\s*_\-–—/|]*(?:{_OUTLET}"
    r"(?:avec|mit|with(?:\s(?:inputs?|reporting|files|information|reports?)\s(?:from|by))?|مع"
    r"|لەگەڵ|ligel|con|بالاتفاق مع)|par|by|نقلا عن|نقلاً عن|d['’]après)\s+(?:l['’]|la\s|the\s)?",
    re.IGNORECASE,
)
_RIGHTS = re.compile(
    r"^[\s(\[*]*(?:©|\(c\)|copyright|حقوق النشر)[\s©:،,]*(?:\(c\)\s*)?"
    r"(?P<year>(?:19|20)\d\d)?[\s,–-]*(?:the\s)?(?P<who>[^.،,|©]{2,60})",
    re.IGNORECASE,
)
_COPYRIGHT = re.compile(r"©|\(c\)|copyright|حقوق النشر", re.IGNORECASE)
"""A line with it says whose rights: of a text or a picture, which only a year tells."""
_ALL_RIGHTS = re.compile(
    r"all rights|tous droits|droits reserves|جميع الحقوق|كل الحقوق|كافه الحقوق"
)
_SENTENCE_END = re.compile(r"[.!?؟…][»”\"')\]]*\s+|[»”\"]\s+")
_BRACKETS = re.compile(r"[(\[{]\s*(?P<who>[^()\[\]{}]{2,90}?)\s*[)\]}][.\s]*$")
_DASH = re.compile(r"(?:\s?[–—/|]\s?|\s[-ـ]+\s?|[-ـ]+\s)(?P<who>[^–—/|()]{2,60}?)[\s/.*_–—-]*$")
_ENDED = re.compile(r"[.!?؟…»”\"'*]\s*$|(?:^|\s)\w{1,3}\.?\s?[/.-]\s?\w{1,3}\.?(?:\w{1,2})?\s*$")
_SPOKEN_OF = re.compile(
    r"وكال|انباء|\bagenc|\bpresse?\b|ازانس|\bnews\b|\b(?:نقل|نقلت|ذكر|ذكرت|قال|قالت|افاد|افادت"
    r"|بحسب|حسب|وفق|وفقا|مكتب|مدير|مراسل|صحفي|صحافي|موقع|تصريح|selon|rapporte|told|by|of|to|at|for"
    r"|the|a|de|du|chez|reporter|journalist|office)\b"
)
"""What stands before an agency in brackets that is spoken of."""


def closing(names: AgencyNames, text: str) -> Named | None:
    """The agency that the last lines of a text credit."""
    for start, end in _last_lines(text):
        line = text[start:end]
        if shows_picture(line if len(line) <= SHORT_LINE else line[-_LONG:]):
            continue
        found = _in_line(names, text, start, end)
        if found is not None:
            listed = _is_listed(names, text, found.agency, start) or _is_item(text, found, end)
            return None if listed else found
    return None


def _is_listed(names: AgencyNames, text: str, agency: str, start: int) -> bool:
    """Whether the line above names another agency and nothing else: a list of links."""
    above = text.rfind("\n", 0, max(0, start - 1)) + 1
    other = names.whole(text, above, start) if 0 < above < start else None
    return other is not None and other.agency != agency


def _is_item(text: str, found: Named, end: int) -> bool:
    """Whether a bare word has lines of words below: it is one of them, and signs nothing."""
    above = text.rfind("\n", 0, found.start) + 1
    bare = found.mode == "word" and text[above:end].strip() == text[found.start : found.end]
    return bare and bool(_LETTER.search(text, end))


def _last_lines(text: str) -> Iterator[tuple[int, int]]:
    begin = max(0, len(text) - TAIL)
    spans = [match.span() for match in _LINE.finditer(text, begin) if match.group().strip()]
    yield from reversed(spans[-_LINES:])


def _in_line(names: AgencyNames, text: str, start: int, end: int) -> Named | None:
    near = max(start, end - 2 * LONGEST)
    alone = start > 0 and end - start <= SHORT_LINE and not _COPYRIGHT.search(text, start, end)
    found = (
        (names.among(text, start, end, _may_sign) if alone else None)
        or labelled(names, text, start, end)
        or _rights(names, text, start, end)
    )
    if found is not None or (end - start < _LONG and text[end:].strip()):
        return found  # a short line before the last one may be a caption
    return _bracketed(names, text, near, end) or (
        _dashed(names, text, near, end) or _last_sentence(names, text, near, end)
        if end - start >= _LONG
        else None
    )


def labelled(names: AgencyNames, text: str, start: int, end: int) -> Named | None:
    """The agency behind "Source:" or "with" in a line."""
    near = max(start, end - 2 * LONGEST)
    return _behind(_SOURCE, names, text, (start, near, end)) or _behind(
        _WITH, names, text, (start, near, end)
    )


def _may_sign(part: str) -> bool:
    """What may stand beside an agency in a line of its own: initials, or a day."""
    return _is_initials(part) or not place_words(part)


def _is_initials(part: str) -> bool:
    names = words(part)
    return len(names) <= 3 and all(len(name) <= 3 for name in names)


def _is_short(part: str) -> bool:
    return len(part.split()) <= 3


def _behind(
    label: re.Pattern[str], names: AgencyNames, text: str, line: tuple[int, int, int]
) -> Named | None:
    """The agency behind a label, up to the end of the line."""
    start, near, end = line
    for match in label.finditer(text[start:end], near - start):
        begin = start + match.end()
        stop = end - len(text[begin:end]) + len(text[begin:end].rstrip(" \t.)]*_"))
        if 1 < stop - begin <= LONGEST:
            found = names.among(text, begin, stop, _is_short)
            if found is not None:
                return found
    return None


def _rights(names: AgencyNames, text: str, start: int, end: int) -> Named | None:
    """Whose copyright the line reserves: with a year or all rights it is that of the text."""
    match = _RIGHTS.match(text[start : min(end, start + 200)])
    if match is None:
        return None
    line = fold(text[start:end])
    if match["year"] is None and not _ALL_RIGHTS.search(line):
        return None
    return names.whole(text, start + match.start("who"), start + match.end("who"))


def _bracketed(names: AgencyNames, text: str, near: int, end: int) -> Named | None:
    match = _BRACKETS.search(text[near:end])
    if match is None:
        return None
    found = names.among(text, near + match.start("who"), near + match.end("who"), _is_initials)
    return found if found and _ends_text(text[near : near + match.start()]) else None


def _dashed(names: AgencyNames, text: str, near: int, end: int) -> Named | None:
    match = _DASH.search(text[near:end])
    if match is None:
        return None
    found = names.whole(text, near + match.start("who"), near + match.end("who"))
    return found if found and _ENDED.search(text[near : near + match.start()]) else None


def _ends_text(before: str) -> bool:
    """Whether a bracket behind these words closes a text, and explains no word or picture."""
    if _ENDED.search(before):
        return True
    return len(before) >= _LONG and not _SPOKEN_OF.search(fold(before[-30:]))


def _last_sentence(names: AgencyNames, text: str, near: int, end: int) -> Named | None:
    """The agency that stands alone behind the last full stop."""
    ends = [near + match.end() for match in _SENTENCE_END.finditer(text[near:end].rstrip(" .*_"))]
    return names.whole(text, ends[-1], end) if ends and ends[-1] < end else None
