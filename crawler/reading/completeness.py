"""Whether a page holds the whole text of its article, or the beginning that a paywall leaves.

Many sites call all their articles paid for and send them whole nonetheless, so what a page says of
payment counts only beside a short text or a prompt to subscribe. A prompt for a newsletter is none.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from crawler.reading.heads import Head
from crawler.reading.jsonld import texts_of
from crawler.reading.patterns import compile_pattern
from storage.text import fold

SHORT = 250
"""Words: with fewer, the text of an article that is to be paid for is its beginning."""
BRIEF = 100
"""Words: with fewer, a text that ends in dots is cut off; opinions may end so as well."""

_ENOUGH = 0.8  # of the words that are stated, for a text to be whole
_TAIL = 3  # lines in which a prompt may end a text
_LONGEST_PROMPT = 300  # characters of such a line
_MOST_MARKUP = 1_000_000  # bytes in which a prompt is looked for
_LONGEST_CUT = 8  # characters of the dots at a text's end and what may stand behind them
_CUT = re.compile(r"(?:\u2026|\.\.\.|\[\.\.\.\])[\"'\u201d\u00bb]?\s*$")
_TAGS = re.compile(r"<[^<>]{0,2000}>")
_PROMPT = re.compile(  # over folded text
    r"subscribe (?:now |today )?to (?:continue|keep|read|unlock|access|view)"
    r"|(?:sign (?:in|up)|log ?in|register) to (?:continue|keep|read)"
    r"|to (?:continue|keep) reading|to read the (?:full|rest|whole)|unlock this (?:article|story)"
    r"|this (?:article|content|story) is (?:only |exclusively |reserved )?for (?:our )?subscribers"
    r"|(?:for )?subscribers only"
    r"|reservee?s? (?:a nos|aux) abonne|abonnez vous pour (?:lire|continuer|acceder)"
    r"|il vous reste [0-9.,]{1,6} ?% de cet article|pour lire la suite"
    r"|(?:nur|exklusiv) fur abonnent|jetzt weiterlesen|weiterlesen mit|artikel ist abonnent"
    r"|للمشتركين فقط|(?:خاص|حصري|متاح) (?:فقط )?(?:ب|ل)المشتركين|(?:خاص|متاح|متاحه) للمشتركين"
    r"|اشترك(?:وا)? (?:الان )?(?:لقراه|للاطلاع|لمتابعه|لمواصله)|لمواصله القراه|لمتابعه القراه"
)
_SIGN = (  # of which each prompt has one
    "(?i)subscri|to continue|to keep|to read|unlock this|abonn|il vous reste|lire la suite"
    "|weiterlesen|مشترك|اشترك|القراءة|القراءه|المتابعة|لمتابعه"
)
_FOLDED_SIGNS = (
    *("subscri", "to continue", "to keep", "to read", "unlock this", "abonn", "il vous reste"),
    *("lire la suite", "weiterlesen", "مشترك", "اشترك", "القراه"),
)
"""The same, over folded text."""
_MOST_PLACES, _AROUND = 12, 240  # of each sign; bytes
_NOT_FREE = re.compile(r"(?:.*/)?false|no|0")


def missing(head: Head, text: str, markup: bytes) -> str:
    """Why part of the article seems to be missing from `text`; "" where it seems whole.

    `markup` is the page in UTF-8: what asks readers to subscribe stands beside the text, not in it.
    """
    last = text.rstrip().splitlines()[-_TAIL:]
    if any(len(line) <= _LONGEST_PROMPT and _prompts(line) for line in last):
        return "ends in a prompt to subscribe"
    cut = _CUT.search(text.rstrip()[-_LONGEST_CUT:]) is not None
    if not _is_paid(head):
        return "ends in dots" if cut and len(text.split()) < BRIEF else ""
    words = len(text.split())
    stated = max(_stated_words(head), default=0)
    if stated and words >= stated * _ENOUGH:
        return ""
    if stated > words * 2:
        return f"{words} of {stated} words"
    if words < SHORT or cut:
        return "the page says that it is to be paid for, and the text is short or ends in dots"
    prompted = any(_prompts(_TAGS.sub(" ", part)) for part in _near_signs(markup))
    return "the page says that it is to be paid for, and asks to subscribe" if prompted else ""


def _prompts(text: str) -> bool:
    """Whether a text asks readers to subscribe."""
    folded = fold(text)
    return any(sign in folded for sign in _FOLDED_SIGNS) and bool(_PROMPT.search(folded))


def _near_signs(markup: bytes) -> Iterator[str]:
    """The parts of a page in which a prompt may stand: folding all of it takes too long."""
    sent = markup[:_MOST_MARKUP]
    times: Counter[bytes] = Counter()
    for match in compile_pattern(_SIGN).finditer(sent):
        times[sign := match[0].lower()] += 1
        if times[sign] <= _MOST_PLACES:
            place = match.start()
            yield sent[max(0, place - _AROUND) : place + _AROUND].decode("utf-8", "ignore")


def _is_paid(head: Head) -> bool:
    """Whether the page says of the article, or of a part of it, that it is to be paid for."""
    parts = head.data.article.get("hasPart")
    parts = parts[:20] if isinstance(parts, list) else [parts]
    told = [head.data.article, *(part for part in parts if isinstance(part, dict))]
    values = (str(node.get("isAccessibleForFree", "")).strip().lower() for node in told)
    tiers = ("article:content_tier", "article:content-tier", "content_tier")
    return any(map(_NOT_FREE.fullmatch, values)) or head.meta(*tiers).lower() == "locked"


def _stated_words(head: Head) -> Iterator[int]:
    """The words that the whole article has by what the page says."""
    count = str(head.data.article.get("wordCount", "")).strip()
    if count.isascii() and count.isdigit() and len(count) < 7:
        yield int(count)
    for body in texts_of(head.data.article.get("articleBody")):
        yield len(body.split())
