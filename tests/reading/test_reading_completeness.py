"""Whether the whole article was on the page, or what a paywall leaves of it."""

from __future__ import annotations

import json

import pytest

from crawler.reading.completeness import missing
from crawler.reading.heads import read_head
from crawler.reading.markup import open_markup

SENTENCE = "Les habitants de la vallée attendent depuis des mois la réouverture du marché couvert."
LONG = "\n".join([SENTENCE] * 30)
SHORT = "\n".join([SENTENCE] * 6)
PAID = {"isAccessibleForFree": False}
PART = {"hasPart": {"@type": "WebPageElement", "isAccessibleForFree": "False"}}
NEWSLETTER = "<p>Subscribe to our newsletter for the news of the day.</p>"


def why(text: str, facts: dict[str, object], more: str = "") -> str:
    """Why part of a text is missing from a page that states these facts."""
    told = {"@type": "NewsArticle", "headline": "Marché", **facts}
    markup = f'<script type="application/ld+json">{json.dumps(told)}</script>{more}<p>{text}</p>'
    return missing(read_head(open_markup(markup).document), text, markup.encode())


@pytest.mark.parametrize(
    ("text", "facts", "more"),
    [
        (SHORT, PAID, ""),
        (SHORT, PART, ""),
        (SHORT, {}, '<meta property="article:content_tier" content="locked">'),
        (LONG, PAID, "<div>La suite est réservée à nos abonnés</div>"),
        (LONG, PAID, "<div>هذا المقال متاح للمشتركين فقط</div>"),
        (LONG, PAID, "<div>Nur für Abonnenten</div>"),
        (f"{LONG} Et puis…", PAID, ""),
        (LONG, {**PAID, "wordCount": 2000}, ""),
        (f"{LONG}\nSubscribe to continue reading.", {}, ""),
        (f"{LONG}\nالمحتوى متاح للمشتركين", {}, ""),
        (f"{LONG}\nلمواصلة القراءة اشترك الآن", {}, ""),
        (f"{SENTENCE} Mais la mairie…", {}, ""),
    ],
)
def test_a_teaser_is_told(text: str, facts: dict[str, object], more: str) -> None:
    assert why(text, facts, more)


@pytest.mark.parametrize(
    ("text", "facts", "more"),
    [
        (SHORT, {}, NEWSLETTER),
        (f"{SHORT}\nSubscribe to our newsletter for the news of the day.", {}, ""),
        (SHORT, {"isAccessibleForFree": True}, ""),
        (LONG, {"isAccessibleForFree": True}, "<a>Réservé aux abonnés</a>"),  # another article
        (LONG, PAID, NEWSLETTER),  # sent whole, shown by script to those who pay
        (SHORT, {**PAID, "wordCount": len(SHORT.split())}, ""),
        (LONG, {"wordCount": 20_000}, ""),  # counts characters
        (f"{LONG} Affaire à suivre…", {}, ""),
        (LONG, {}, '<meta property="article:content_tier" content="metered">'),
    ],
)
def test_a_whole_article_is_not_called_incomplete(
    text: str, facts: dict[str, object], more: str
) -> None:
    assert why(text, facts, more) == ""


def test_odd_facts_are_no_facts() -> None:
    odd = {**PAID, "hasPart": [None, "x", {"isAccessibleForFree": {}}], "wordCount": [1]}

    assert why(LONG, odd) == ""
