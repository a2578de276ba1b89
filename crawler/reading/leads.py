"""A first sentence that says whose news it is: "ذكرت وكالة فرانس برس أن", ", rapporte la MAP."."""

from __future__ import annotations

import re

from crawler.reading.agencynames import AgencyNames, Named

_REACH = 400
_AT_START = re.compile(
    r"[\s\"«“]*(?:و?(?:ذكرت|أفادت|افادت|نقلت|أوردت|اوردت|بثت)\s|(?:بحسب|وفقا ل|وفقاً ل|حسب)\s?"
    r"|(?:selon|d['’]après|according to)\s|بە?\s?گوێرەی\s|بەپێی\s|li gorî\s)",
    re.IGNORECASE,
)
_GOES_ON = re.compile(
    r"\)?\s?(?:\([^()\n]{2,30}\)\s?)?(?:[,،:]|أن\b|ان\b|إن\b|عن\b|نقلا|نقلاً|اليوم|بأن\b|أمس|يوم\b)"
)
_OF_ITSELF = re.compile(
    r"(?:مقر|مكتب|مبنا|مراسلي|صحفيي|صحافيي|مصوري|موظفي|موقع|مدير|حساب)ها\b"
    r"|\b(?:its|their|ses|son|sa)\s(?:own\s)?(?:head|office|bureau|staff|journalist|reporter|photograph"
    r"|website|site|locaux|siège|correspondant|directeur|directrice)",
    re.IGNORECASE,
)
"""What an agency has: it is spoken of, and did not only report."""
_REPORTS = re.compile(
    r",\s(?:a\s)?(?:rapporte|rapporté|indique|indiqué)\s"
    r"(?:(?:lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche)\s)?",
    re.IGNORECASE,
)
_REPORTED = re.compile(r"\s(?:has\s)?reported(?:\s(?:on\s)?\w+day)?\s?[.,\n]")
_SENTENCE_END = re.compile(r"[.!?؟\n]")


def lead(names: AgencyNames, text: str) -> Named | None:
    """The agency to which the first sentence gives the news."""
    first = _SENTENCE_END.search(text, 60, _REACH)
    end = first.end() if first else min(len(text), _REACH)
    return _before_news(names, text, end) or _behind_news(names, text, end)


def _before_news(names: AgencyNames, text: str, end: int) -> Named | None:
    match = _AT_START.match(text, 0, end)
    if match is None:
        return None
    found = names.at_start(text, match.end(), end)
    if found is None or _OF_ITSELF.search(text, found.end, end):
        return None
    return found if _GOES_ON.match(text, found.end) else None


def _behind_news(names: AgencyNames, text: str, end: int) -> Named | None:
    """… as in ", rapporte l'AFP." and ", Reuters reported."."""
    for match in _REPORTS.finditer(text, 0, end):
        found = names.at_start(text, match.end(), end)
        if found is not None:
            return found
    for match in _REPORTED.finditer(text, 0, end):
        comma = text.rfind(",", 0, match.start())
        found = names.whole(text, comma + 1, match.start()) if comma > 0 else None
        if found is not None:
            return found
    return None
