"""The head of a text: "الرباط (و م ع) -", "PARIS, 3 mars (AFP) —", "المنامة في 3 مارس / بنا /"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from crawler.reading.agencynames import AgencyNames, Named
from storage.text import fold

HEAD = 500
"""Characters in which a dateline stands."""
SHORT_LINE = 90
"""A longer line is a paragraph, no line of its own for byline, day or credit."""
_LINES = 3
_REACH = 140
"""Characters of one line in which its dateline ends."""

_LINE = re.compile(r"[^\n]+")
_PICTURE = re.compile(
    r"\b(?:photos?|photograph\w*|pictures?|images?|getty|caption|legende|credits?|ph|watch|listen|regarder|illustrations?|videos?"
    r"|infograph\w*|camera|courtesy|shutterstock|screenshot|capture|wene\w*|فوتو)\b"
    r"|صوره|الصور|صور\s?[:/(]|تصوير|عدسه|ارشيف|فيديو|شاهد|وينه"
)
_MARK = re.compile(
    r"(?P<group>[(\[{][^()\[\]{}\n]{1,90}[)\]}])|(?P<mark>[/\\|:–—•,،*]|[-ـ]+|\.(?=\s))"
    r"|(?P<end>[!?؟]\s)"
)
_AFTER_GROUP = re.compile(r"\s*(?:(?P<mark>[-–—ـ:/،,.|*])|(?P<end>\n|$))")
_PLACE_AND_AGENCY = re.compile(r"\s*[A-Z][a-z]{3,}-[A-Z]{2,5}\s*$")
"""A whole line of two words, as in "Baghdad-INA"."""
_CAPTION = re.compile(rf"\s*\n[^\n]{{1,{SHORT_LINE}}}(?<![.!?؟:])\n")
"""A second short line, before the text begins."""
_SECTION = re.compile(r"\s*\w+(?:\s\w+)?\s?(?:\.{2,}|…)\s*$")
"""What ends a line that begins with an agency and a slash: a place or section, and dots."""
_NO_PLACE = re.compile(
    r"وكال|انباء|\bagenc|\bpress|\bpresse|ازانس|\bnews\b|صحيفه|قناه|\bajans"
    r"|\b(?:قال|قالت|اعلن|اعلنت|ذكر|ذكرت|تلقت|بيان|نقلت|افاد|said|told|party|group|company)\b"
)
_WORD = re.compile(r"\w+")
_WORDS = 5
"""A place and whatever stands with it: state, paper, reporter; a day does not count."""
_FEW = 2
"""… where a caption looks the same: at the end of a line, or before a text without a dash."""


def first_lines(text: str) -> Iterator[tuple[int, int]]:
    """The lines in which a byline or dateline may stand: up to the first paragraph."""
    for number, match in enumerate(_LINE.finditer(text, 0, HEAD), start=1):
        yield match.span()
        if number == _LINES or match.end() - match.start() > SHORT_LINE or _is_told(match.group()):
            return


def _is_told(line: str) -> bool:
    """Whether a short line is a paragraph all the same: a sentence of several words."""
    return line.rstrip().endswith((".", "!", "?", "؟")) and len(_WORD.findall(line)) > _WORDS + 3


def shows_picture(words: str) -> bool:
    """Whether words speak of a picture, whose credit is not the text's."""
    return bool(_PICTURE.search(fold(words)))


def place_words(piece: str) -> int:
    """How many words a piece has beside a day: those next to a number belong to it.

    >>> place_words("المنامة في 3 مارس"), place_words("RABAT, 3 mars")
    (1, 1)
    """
    found = _WORD.findall(piece)
    near = {
        n + step
        for n, word in enumerate(found)
        if any(char.isdigit() for char in word)
        for step in (-1, 0, 1)
    }
    return sum(n not in near for n in range(len(found)))


def dateline(names: AgencyNames, text: str, start: int, end: int) -> Named | None:
    """The agency in the dateline that a line begins with."""
    named = _Walk(names, text, start, end).read()
    if named is None:
        return None
    said = text[start : end if end - start <= SHORT_LINE else named.end + 15]
    return None if "©" in said or shows_picture(said) else named


class _Walk:
    """Reads a line from mark to mark, until an agency or something that is no place and day."""

    def __init__(self, names: AgencyNames, text: str, start: int, end: int) -> None:
        self.names, self.text, self.start, self.end = names, text, start, end
        self.words = self.pieces = 0
        self.left = ""  # the mark before the present piece
        self.spelled: Named | None = None  # a name with brackets behind it
        self.stopped = False

    def read(self) -> Named | None:
        """The agency, if the line begins with a dateline that names one."""
        place = self.start
        for match in _MARK.finditer(self.text, place, min(self.end, place + _REACH)):
            if match["mark"] and not self._parts_words(match):
                continue
            named = self._piece(place, match.start(), "(" if match["group"] else match.group()[0])
            if named is None and match["group"] and not self.stopped:
                named = self._group(match)
            if named is not None or self.stopped or match["end"]:
                return named
            place, self.left = match.end(), match.group()[-1]
        return self._piece(place, self.end, "") if self.end - self.start <= _REACH else None

    def _parts_words(self, match: re.Match[str]) -> bool:
        """Whether a hyphen or stretch stands between two things, and not inside a word."""
        mark, (start, end) = match.group()[0], match.span()
        if mark not in "-ـ":
            return True
        before, after = self.text[start - 1 : start], self.text[end : end + 1]
        if not before.strip() or not after.strip() or before in ")]/" or after in "([/":
            return True
        if mark == "-" and _is_arabic(before) and _is_arabic(after):
            return True
        return bool(_PLACE_AND_AGENCY.match(self.text, self.start, self.end))

    def _piece(self, start: int, end: int, right: str) -> Named | None:
        """The agency between two marks."""
        if not self.text[start:end].strip():
            return None
        named = self.names.whole(self.text, start, end)
        if named is None and (named := self._behind_day(start, end)) is not None:
            self.left = "day"
        if named is None:
            self._pass_over(self.text[start:end], right)
        elif right == "(":
            self.spelled = named
        elif self._stands_alone(named, end, right):
            return named
        else:
            self.stopped = True
        return None

    def _pass_over(self, piece: str, right: str) -> None:
        """Take a piece for place and day; stop where it can be neither, or ends a sentence."""
        self.pieces += 1
        self.words += place_words(piece)
        ends = right == "." and len(_WORD.findall(piece)[-1:][0]) > 5 if piece.strip() else False
        capitals = piece.isascii() and piece == piece.upper()
        too_long = self.words > (_WORDS + 3 if capitals else _WORDS)
        self.stopped = ends or too_long or bool(_NO_PLACE.search(fold(piece)))

    def _behind_day(self, start: int, end: int) -> Named | None:
        """The agency that closes a piece of place and day: "الرياض 3 مارس 2026 م واس"."""
        if not any(char.isdigit() for char in self.text[start:end]):
            return None
        named = self.names.at_end(self.text, start, end)
        before = self.text[start : named.start] if named else ""
        return named if re.search(r"\d", before) and place_words(before) <= 3 else None

    def _stands_alone(self, named: Named, end: int, right: str) -> bool:
        """Whether an agency between two marks is a credit, and not a word of the text."""
        following = self.text[end + 1 : end + 2]
        if right == "/" and following.isascii() and following.isalpha():
            return False  # the photographer of a picture
        if self._heads_line(named, end, right):
            return False
        if right in ("-", "–", "—") and self.text[end + 1 : end + 9].lstrip()[:1].islower():
            return False  # a text begins with a capital letter
        if not self.left and named.mode == "word":
            return right == "/" and bool(_SECTION.match(self.text, end + 1, self.end))
        if not self.left:
            return not right or right not in ":,،*."
        if right == "":
            return self.words <= (_WORDS if self.left == "/" and self.pieces > 1 else _FEW)
        return right not in ",،*" and (right != "." or self.left in "-–—/")

    def _heads_line(self, named: Named, end: int, right: str) -> bool:
        """Whether what follows in a short line makes it a headline or the credit of a picture."""
        if self.end - self.start > SHORT_LINE:
            return False
        said = self.text[end + 1 : self.end]
        if len(_WORD.findall(said)) < _FEW:
            return False
        if named.mode == "word":
            untold = not said.rstrip().endswith((".", "…", '"', "»"))
            return bool(right) and untold and len(_WORD.findall(said)) > _FEW
        below = _CAPTION.match(self.text, self.end)
        return right == "/" and not self.left and below is not None and "/" not in said

    def _group(self, match: re.Match[str]) -> Named | None:
        """The agency in brackets, where what stands around it makes a dateline."""
        after = _AFTER_GROUP.match(self.text, match.end())
        named = self.names.among(self.text, match.start() + 1, match.end() - 1, _is_place)
        if named is None:
            place = after is not None and _is_place(match.group())
            return self.spelled if place and self.spelled and self._may_lead(self.spelled) else None
        same = self.spelled is None or (self.spelled.agency == named.agency and after is not None)
        alone = named.mode != "name" and not self.pieces and after is None
        headline = after is not None and self._heads_line(
            named, after.end() - 1, after["mark"] or ""
        )
        if same and not alone and not headline and self.words <= self._most(match.end(), after):
            return named
        self.stopped = True
        return None

    def _may_lead(self, named: Named) -> bool:
        return named.mode != "word" or bool(self.left)

    def _most(self, end: int, after: re.Match[str] | None) -> int:
        """How many words beside a day may stand before brackets with an agency."""
        if after is None and self.text[end : end + 9].lstrip()[:1].islower():
            return -1
        return _WORDS if after is not None and after["mark"] else _FEW


def _is_arabic(char: str) -> bool:
    return "\u0620" <= char <= "\u06d5"


def _is_place(part: str) -> bool:
    """What may stand beside an agency in the same brackets: a place, a day, initials."""
    return place_words(part) <= _FEW
