"""Pages that stand in the place of another one: challenges, requests for consent, soft errors."""

from __future__ import annotations

import re

from crawler.reading.decode import Failure
from storage.models import Outcome
from storage.reasons import SOFT_404
from storage.text import fold

FEW_WORDS = 120
"""A wall or error page never says more; with more words the page is taken for what was asked."""

_WALL = re.compile(
    r"just a moment|attention required|checking your browser|verify you are (?:a )?human"
    r"|are you a robot|pardon our interruption|access (?:to this page has been )?denied"
    r"|ddos.guard|request unsuccessful|security check|un instant|لحظه|تحقق من انك انسان"
)
_CONSENT = re.compile(
    r"before you continue|avant de continuer|cookie consent|we value your privacy"
    r"|your privacy choices|vos choix concernant|قبل المتابعه"
)
_MISSING = re.compile(
    r"\b404\b|page (?:was )?not found|page introuvable|n'existe pas|does not exist"
    r"|no longer available|الصفحه غير موجوده|غير موجوده|لم يتم العثور|خطا 404"
    r"|نهدوزرايهوه|nehat ditin"
)


def wall(title: str, headline: str, words: int) -> Failure | None:
    """What a page with these titles and so many words is instead of the one asked for, or None.

    BLOCKED for a challenge; NOT_ARTICLE, with its reason, for a consent or error page.
    """
    if words >= FEW_WORDS:
        return None
    titles = fold(f"{title} \n {headline}")
    if _WALL.search(titles):
        return Failure(Outcome.BLOCKED, f"challenge page: {title[:80]}")
    if _CONSENT.search(titles):
        return Failure(Outcome.NOT_ARTICLE, "consent page")
    if _MISSING.search(titles):
        return Failure(Outcome.NOT_ARTICLE, f"{SOFT_404}: {title[:80]}")
    return None
