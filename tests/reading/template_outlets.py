"""Pages of made-up outlets in four languages, each with one layout and other articles on each."""

from __future__ import annotations

import random
from dataclasses import dataclass

from reading.reading_pages import NOW

from storage.models import Page, ReadingContext

PLANTED = {
    "ar": "بسمة الرفّاف",
    "fr": "Basma Voisine",
    "en": "Basma Sideboard",
    "ckb": "بەسمە لاته‌نیشت",
}
"""Named in every page's chrome, and in no article."""
_WORDS = {
    "ar": "المجلس المدرسة الميناء النهر المعلمات الصيادون التقرير المكتبة الجمعية السوق الحديقة"
    " المخابز الطريق الشتاء الميزانية الرسالة الاجتماع الأطفال الممرضات العمال البستان المتحف",
    "fr": "le conseil une école du port la rivière des enseignantes aux pêcheurs un rapport"
    " bibliothèque association marché jardin boulangers route hiver budget lettre réunion enfants"
    " infirmières ouvriers verger musée",
    "en": "the council a school of harbour river teachers fishermen report library union market"
    " garden bakers road winter budget letter meeting children nurses workers orchard museum",
    "ckb": "ئەنجوومەن قوتابخانە بەندەر ڕووبار مامۆستایان ماسیگران ڕاپۆرت کتێبخانە ڕێکخراو"
    " بازاڕ باخچە ڕێگا زستان بودجە نامە کۆبوونەوە منداڵان پەرستاران کرێکاران مۆزەخانە ده‌ڵێن",
}
_ALSO = {"ar": "اقرأ أيضا", "fr": "À lire aussi", "en": "Read also", "ckb": "هەروەها بخوێنەوە"}
_RIGHTS = {
    "ar": "جميع الحقوق محفوظة لصحيفة المثال، ويكتب القراء إلى مكتب التحرير في أي يوم من الأسبوع",
    "fr": "Tous droits réservés au journal L'Exemple, à qui les lecteurs écrivent chaque jour",
    "en": "All rights reserved by The Example, to whom readers may write on any day of the week",
    "ckb": "هەموو مافەکان بۆ ڕۆژنامەی نموونە پارێزراون، خوێنەران دەتوانن هەموو ڕۆژێک بنووسن",
}
LANGUAGES = tuple(_WORDS)


@dataclass(frozen=True)
class Article:
    """What a page should be read as."""

    language: str
    headline: str
    paragraphs: tuple[str, ...]
    teasers: tuple[str, ...]
    day: str

    @property
    def text(self) -> str:
        """Its paragraphs, one a line."""
        return "\n".join(self.paragraphs)


def article(language: str, number: int) -> Article:
    """The article of that number; no other has its sentences."""
    dice = random.Random(f"{language}{number}")
    words = _WORDS[language].split()
    lines = [" ".join(dice.choices(words, k=30 + dice.randrange(20))) + "." for _ in range(6)]
    teasers = [" ".join(dice.choices(words, k=8)) + f" {PLANTED[language]}" for _ in range(5)]
    title = " ".join(dice.choices(words, k=6)) + f" {number}"
    return Article(language, title, tuple(lines), tuple(teasers), f"2026-03-{1 + number % 28:02}")


def markup(found: Article, layout: str = "first") -> str:
    """Its page in a layout: first, opinion (another kind of page) or second (a redesign)."""
    inside = {"first": _first, "opinion": _opinion, "second": _second}[layout](found)
    planted, rights = PLANTED[found.language], _RIGHTS[found.language]
    return (
        f'<!DOCTYPE html><html lang="{found.language}"><head><meta charset="utf-8">'
        f"<title>{found.headline} | Example</title>"
        f'<meta property="og:title" content="{found.headline}">'
        f'<meta property="article:published_time" content="{found.day}T08:00:00Z"></head><body>'
        f'<nav><a href="/">A</a> <a href="/b">B</a></nav>{inside}'
        f'<div class="rail"><ul>{_teasers(found)}</ul><p>{planted}: {rights}, {found.teasers[0]}.'
        f"</p></div><footer><p>{rights}.</p></footer></body></html>"
    )


def _teasers(found: Article) -> str:
    return "".join(f'<li><a href="/{i}">{text}</a></li>' for i, text in enumerate(found.teasers))


def _first(found: Article) -> str:
    lines = [f"<p>{line}</p>" for line in found.paragraphs]
    link = f'<p><a href="/x">{found.teasers[1]}</a></p>'
    also = f'<div class="also-box"><h4>{_ALSO[found.language]}</h4>{link}</div>'
    notice = f'<p class="note">{_RIGHTS[found.language]} {PLANTED[found.language]}.</p>'
    return (
        f'<div class="main"><h1 class="title">{found.headline}</h1><span class="day">{found.day}'
        f'</span><div class="story post-{len(found.headline)}">{"".join(lines[:3])}{also}'
        f'{"".join(lines[3:])}{notice}</div><div class="comments"><p>{PLANTED[found.language]}: '
        f"{found.teasers[2]} {found.teasers[3]} {found.teasers[4]}.</p></div></div>"
    )


def _opinion(found: Article) -> str:
    lines = "".join(f"<p>{line}</p>" for line in found.paragraphs)
    title = f"<h1>{found.headline}</h1>"
    return f'<section class="column">{title}<div class="view">{lines}</div></section>'


def _second(found: Article) -> str:
    lines = "".join(f"<div class='par'>{line}</div>" for line in found.paragraphs)
    return (
        f'<main><article class="entry"><h1>{found.headline}</h1><section>{lines}</section>'
        "</article>"
        f'<div class="main"><div class="story post-7"><p>{found.teasers[1]}.</p><p>'
        f"{found.teasers[2]}.</p></div></div></main>"
    )


def page(found: Article, layout: str = "first") -> Page:
    """The page as it was fetched."""
    return page_of(markup(found, layout), found.headline)


def page_of(text: str, name: str = "a") -> Page:
    """Any markup as a fetched page."""
    url = f"https://almithal.test/{abs(hash(name)) % 10**6}"
    return Page(url, url, 200, (("Content-Type", "text/html; charset=utf-8"),), text.encode(), NOW)


def pages(language: str, numbers: range, layout: str = "first") -> list[Page]:
    """The pages of those articles."""
    return [page(article(language, number), layout) for number in numbers]


def context(language: str) -> ReadingContext:
    """What is known of the outlet."""
    return ReadingContext(
        outlet_id="ma_almithal",
        country="ma",
        languages=(language,),
        timezone="Africa/Casablanca",
        domains=("almithal.test",),
        now=NOW,
    )
