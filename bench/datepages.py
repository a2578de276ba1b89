"""Web pages of our own whose day of publication is known, with all that misleads a reader of dates.

Made-up outlets in five languages; each page is one way to state the date (or none) and one lie or
noise around it. Dates are written with the demo's tables, not with those that are measured.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from html import escape
from itertools import product
from zoneinfo import ZoneInfo

from crawler.demo.dates import ARABIC_DIGITS, MONTHS, in_words
from storage.models import ReadingContext

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
"""The visit."""


@dataclass(frozen=True)
class Outlet:
    """An outlet's language, style of months, place and words."""

    language: str
    style: str
    country: str
    zone: str
    headline: str
    sentence: str
    section: str
    by: str
    published: str
    updated: str
    comments: str
    related: str
    other: str  # another article's headline


OUTLETS = (
    Outlet(
        "ar", "iraqi", "iq", "Asia/Baghdad", "سكان حي الزيتون يطالبون بمدرسة ثانية",
        "قال سكان الحي إنهم ينتظرون منذ سنوات بناء مدرسة ثانية قرب السوق القديم وإن"
        " الصفوف باتت مكتظة"
        " بالتلاميذ في كل فصل شتاء، وطالبوا مديرية التربية بجواب مكتوب.",
        "بيئة", "كتب: سالم الرافدي", "نشر في", "آخر تحديث", "التعليقات", "اقرأ أيضا",
        "افتتاح مكتبة جديدة للأطفال في المدينة القديمة",
    ),
    Outlet(
        "ar", "moroccan", "ma", "Africa/Casablanca", "جمعية الضفة تغرس ألف شجرة بضواحي المدينة",
        "أكدت الجمعية أن عملية الغرس شارك فيها متطوعون من أحياء مختلفة وأنها ستتواصل كل نهاية أسبوع"
        " إلى غاية فصل الربيع، بدعم من سكان الدواوير المجاورة.",
        "مجتمع", "ليلى المثالية", "تاريخ النشر", "آخر تحديث", "تعليقات الزوار", "مواضيع ذات صلة",
        "انطلاق معرض الكتاب المستعمل بساحة المدينة",
    ),
    Outlet(
        "ar", "gulf", "bh", "Asia/Bahrain", "صيادو المرفأ الصغير يعرضون صيد الموسم الجديد",
        "ذكر الصيادون أن الموسم الحالي كان أفضل من سابقه وأن الأسعار استقرت في الأسواق"
        " الشعبية، ودعوا"
        " إلى تنظيم أوقات الصيد وحماية الشعاب القريبة من الساحل.",
        "محليات", "بقلم: نورة الساحلي", "أضيف في", "تم التحديث", "تعليقات", "أخبار ذات صلة",
        "سباق القوارب الشراعية يجمع هواة البحر",
    ),
    Outlet(
        "fr", "", "ma", "Africa/Casablanca", "Les apiculteurs de la vallée préparent la saison",
        "Les apiculteurs de la vallée expliquent que la saison a commencé plus tôt que"
        " prévu, et ils"
        " demandent que les pistes soient réparées avant les premières pluies de l'automne.",
        "Société", "Par Leïla Idrissi", "Publié le", "Mis à jour le",
        "Commentaires", "À lire aussi",
        "La bibliothèque municipale rouvre ses portes aux enfants",
    ),
    Outlet(
        "en", "", "bh", "Asia/Bahrain", "Pearl divers of the old harbour open a small museum",
        "The divers said that the museum would show the tools of their grandparents,"
        " and that schools"
        " were invited to visit it on any morning of the week without paying for a ticket.",
        "Culture", "By Sara Example", "Published", "Updated", "Comments", "Read also",
        "Sailing race brings together friends of the sea",
    ),
    Outlet(
        "ckb", "", "iq", "Asia/Baghdad", "دانیشتووانی گەڕەکی گوڵان داوای باخچەیەک دەکەن",
        "دانیشتووانی گەڕەکەکە دەڵێن چەند ساڵە چاوەڕێی دروستکردنی باخچەیەکی گشتین و"
        " داوایان لە شارەوانی"
        " کردووە بڕیارێکی ڕوون بدات پێش هاتنی وەرزی زستان.",
        "کۆمەڵگا", "نووسینی: ئاسۆ نموونە", "بڵاوکراوەتەوە", "نوێکراوەتەوە", "کۆمێنتەکان",
        "بابەتی پەیوەندیدار", "کتێبخانەیەکی نوێ بۆ منداڵان لە شار کرایەوە",
    ),
    Outlet(
        "kmr", "", "iq", "Asia/Baghdad", "Gundî li ser çemê kevn pireke nû ava dikin",
        "Gundiyan got ku ew ji salan ve li benda pirê ne û ku zarok di zivistanê de nikarin biçin"
        " dibistanê, loma wan bi destê xwe dest bi kar kir û alîkarî xwest.",
        "Civak", "Ji: Azad Mînak", "Hat weşandin", "Hat nûkirin", "Şîrove", "Nûçeyên din",
        "Pirtûkxaneyeke nû ji bo zarokan li bajêr vebû",
    ),
)  # fmt: skip


@dataclass(frozen=True)
class DatedPage:
    """A page, what is known of its outlet, and the day on which it was published, if it says so."""

    name: str
    html: str
    url: str
    context: ReadingContext
    day: date | None


@dataclass(frozen=True)
class Case:
    """An outlet, a time of publication, and what is printed of it."""

    outlet: Outlet
    at: datetime

    @property
    def local(self) -> datetime:
        """The publication on the outlet's clocks."""
        return self.at.astimezone(ZoneInfo(self.outlet.zone))

    def words(self, at: datetime | None = None) -> str:
        """A time in words, as the outlet prints it."""
        return in_words(at or self.at, self.outlet.language, self.outlet.style, self.outlet.zone)

    def month(self) -> str:
        """The name of the month."""
        style = self.outlet.style or self.outlet.language
        return MONTHS[style].split()[self.local.month - 1].replace("_", " ")


Maker = Callable[[Case], str]

# ---------------------------------------------------------------- where readers see the date


def _split(case: Case) -> str:
    at = case.local
    return (
        f'<div class="d"><span>{at.day}</span><span>{case.month()}</span>'
        f"<span>{at.year}</span></div>"
    )


def _boxes(case: Case) -> str:
    at = case.local
    return f"<div><div>{at.day}</div><div>{case.month()}</div><div>{at.year}</div></div>"


def _numbers(case: Case) -> str:
    return f"<p>{case.local:%d/%m/%Y}</p>"


UNDER: dict[str, Maker] = {
    "class": lambda c: f'<span class="post-date">{c.words()}</span>',
    "time": lambda c: f"<p><time>{c.words()}</time></p>",
    "time_datetime": lambda c: f'<time datetime="{c.local.isoformat()}">{c.words()}</time>',
    "bare": lambda c: f"<font size=2>{c.words()}</font><br>",
    "section": lambda c: f'<div class="info">{c.outlet.section} / {c.words()}</div>',
    "author": lambda c: f"<div>{c.outlet.by} | {c.words()} | {c.outlet.section}</div>",
    "split": _split,
    "boxes": _boxes,
    "numbers": _numbers,
    "digits": lambda c: f"<p>{c.local:%Y/%m/%d}</p>".translate(ARABIC_DIGITS),
    "label": lambda c: f"<p>{c.outlet.published}: {c.words()}</p>",
    "cells": lambda c: (
        f"<table><tr><td>{c.outlet.published}:</td><td>{c.words()}</td></tr></table>"
    ),
    "updated": lambda c: (
        f"<p>{c.outlet.published} {c.words()} - "
        f"{c.outlet.updated} {c.words(c.at + timedelta(days=3))}</p>"
    ),
    "data": lambda c: f'<span class="date" data-timestamp="{int(c.at.timestamp())}"></span>',
    "microdata": lambda c: (
        f'<span itemprop="datePublished" content="{c.local:%Y-%m-%d}">{c.outlet.section}</span>'
    ),
}


# ---------------------------------------------------------------- what is stated for machines


def _json_ld(case: Case, **facts: str) -> str:
    told = {"@type": "NewsArticle", "headline": case.outlet.headline, **facts}
    return f'<script type="application/ld+json">{json.dumps(told)}</script>'


def _meta(name: str, value: str) -> str:
    return f'<meta property="{name}" content="{value}">'


TRUE: dict[str, Maker] = {
    "jsonld": lambda c: _json_ld(c, datePublished=c.local.isoformat()),
    "jsonld_utc": lambda c: _json_ld(c, datePublished=f"{c.at:%Y-%m-%dT%H:%M:%SZ}"),
    "meta": lambda c: _meta("article:published_time", c.local.isoformat()),
    "meta_local": lambda c: _meta("article:published_time", f"{c.local:%Y-%m-%d %H:%M}"),
}
EMPTY_LIES: dict[str, Maker] = {  # nothing can be learned from these
    "no_metadata": lambda c: "",
    "epoch": lambda c: _json_ld(c, datePublished="1970-01-01T00:00:00+00:00"),
    "year_one": lambda c: _json_ld(c, datePublished="0001-01-01T00:00:00"),
    "future": lambda c: _json_ld(c, datePublished="2031-05-05T10:00:00+00:00"),
    "modified_only": lambda c: _json_ld(c, dateModified=(c.local + timedelta(days=9)).isoformat()),
    "words": lambda c: _json_ld(c, datePublished="today's paper"),
    "year_only": lambda c: _json_ld(c, datePublished=f"{c.local.year}"),
    "month_only": lambda c: _json_ld(c, datePublished=f"{c.local:%Y-%m}"),
}
LIES: dict[str, Maker] = {  # wrong days that look right
    "of_visit": lambda c: _json_ld(c, datePublished=(NOW - timedelta(minutes=5)).isoformat()),
    "of_visit_meta": lambda c: _meta("article:published_time", NOW.isoformat()),
    "of_visit_both": lambda c: (
        _json_ld(c, datePublished=NOW.isoformat(), dateModified=NOW.isoformat())
        + _meta("article:published_time", NOW.isoformat())
    ),
    "of_template": lambda c: _json_ld(c, datePublished="2015-01-01T00:00:00+00:00"),
    "of_change": lambda c: _json_ld(
        c,
        datePublished=(c.local + timedelta(days=21)).isoformat(),
        dateModified=(c.local + timedelta(days=21)).isoformat(),
    ),
    "of_another": lambda c: (
        '<script type="application/ld+json">'
        + json.dumps([
            {"@type": "NewsArticle", "headline": c.outlet.other, "datePublished": "2026-08-08"},
            {"@type": "NewsArticle", "headline": "Weather", "datePublished": "2026-07-07"},
        ])
        + "</script>"
    ),
    "wrong_zone": lambda c: _json_ld(c, datePublished=f"{c.local:%Y-%m-%dT%H:%M:%S}Z"),
}  # fmt: skip

# ---------------------------------------------------------------- what misleads beside it


def _clock(case: Case, days: int, attributes: str) -> str:
    today = in_words(
        NOW - timedelta(days=days), case.outlet.language, case.outlet.style, case.outlet.zone
    )
    return f"<div {attributes}>{today}</div>"


def _list(case: Case, heading: str, attributes: str) -> str:
    items = "".join(
        f'<li><a href="/x/{n}">{case.outlet.other} {n}</a>'
        f'<time datetime="2026-10-0{n}">{case.words(datetime(2026, 10, n, 9, tzinfo=UTC))}</time>'
        "</li>"
        for n in range(1, 5)
    )
    return f"<div {attributes}><h3>{heading}</h3><ul>{items}</ul></div>"


def _comments(case: Case, attributes: str) -> str:
    said = "".join(
        f"<div class='c'><b>Amal {n}</b> <span class='date'>"
        f"{case.words(case.at + timedelta(days=n, hours=5))}</span>"
        f"<p>{case.outlet.sentence[:60]}</p></div>"
        for n in range(1, 4)
    )
    return f"<div {attributes}><h3>{case.outlet.comments}</h3>{said}</div>"


def _event(case: Case) -> str:
    return f"<p>{case.outlet.sentence} {case.words(case.at - timedelta(days=400))}.</p>"


BEFORE: dict[str, Maker] = {
    "clock": lambda c: _clock(c, 0, 'class="date"'),
    "clock_in_header": lambda c: f"<header>{_clock(c, 0, 'id=now')}</header>",
    "clock_of_a_cached_page": lambda c: f"<header>{_clock(c, 3, '')}</header>",
    "clock_on_top": lambda c: _clock(c, 2, 'class="topbar-today"'),
    "list_before": lambda c: _list(c, c.outlet.related, 'class="most-read"'),
    "plain_list_before": lambda c: _list(c, c.outlet.related, ""),
    "comments_before": lambda c: _comments(c, 'class="comments"'),
    "ticker": lambda c: _list(c, "", 'class="breaking-news"'),
}
AFTER: dict[str, Maker] = {
    "comments": lambda c: _comments(c, 'class="comment-list"'),
    "comments_in_arabic_class": lambda c: _comments(c, 'class="تعليقات"'),
    "plain_comments": lambda c: _comments(c, ""),
    "replies": lambda c: _comments(c, 'id="respond"'),
    "list": lambda c: f"<aside>{_list(c, c.outlet.related, '')}</aside>",
    "plain_list": lambda c: _list(c, c.outlet.related, ""),
    "related": lambda c: _list(c, c.outlet.related, 'class="related-posts"'),
    "copyright": lambda c: "<footer>© 2010-2026</footer>",
    "updated_foot": lambda c: f"<p>{c.outlet.updated}: {c.words(c.at + timedelta(days=5))}</p>",
    "caption": lambda c: (
        f"<figure><figcaption>{c.words(c.at - timedelta(days=90))}</figcaption></figure>"
    ),
    "short_event": lambda c: f"<p>{c.words(c.at + timedelta(days=30))}</p>",
}

NOISES = (*BEFORE, *AFTER, "event")

# ---------------------------------------------------------------- addresses

ADDRESSES: dict[str, Maker] = {
    "plain": lambda c: "/news/a-story",
    "number": lambda c: "/article/1287345",
    "number_like_a_date": lambda c: "/article/20250817",
    "long_number": lambda c: "/n/202508171234.html",
    "page": lambda c: "/story-24-7?page=3",
}


# ---------------------------------------------------------------- pages


def dated_pages(seed: int = 1) -> Iterator[DatedPage]:
    """Every way to state the date, with each lie and each noise, in turn over the outlets."""
    dice = random.Random(seed)
    yield from _seen_alone(dice)
    yield from _stated(dice)
    yield from _contradicted(dice)
    yield from _addressed(dice)
    yield from _undated(dice)


def _case(dice: random.Random, number: int) -> Case:
    outlet = OUTLETS[number % len(OUTLETS)]
    day = date(2022, 1, 1) + timedelta(days=dice.randrange(1700))
    local = datetime.combine(day, time(dice.choice((0, 1, 9, 14, 23)), dice.randrange(60)))
    return Case(outlet, local.replace(tzinfo=ZoneInfo(outlet.zone)).astimezone(UTC))


def _seen_alone(dice: random.Random) -> Iterator[DatedPage]:
    """A visible date only, beside every noise."""
    for number, (under, noise) in enumerate(product(UNDER, NOISES)):
        case = _case(dice, number)
        head = list(EMPTY_LIES.values())[number % len(EMPTY_LIES)](case)
        yield _page(f"seen {under}", Parts(case, head, UNDER[under](case), noise), dice)


def _stated(dice: random.Random) -> Iterator[DatedPage]:
    """True metadata beside every noise, with the date seen or not."""
    for number, (name, noise) in enumerate(product(TRUE, NOISES)):
        case = _case(dice, number)
        under = ("bare", "", "class", "updated")[number % 4]
        dateline = UNDER[under](case) if under else ""
        yield _page(f"stated {name}", Parts(case, TRUE[name](case), dateline, noise), dice)


def _contradicted(dice: random.Random) -> Iterator[DatedPage]:
    """Metadata that lies, and a page that shows the day; for a wrong zone also the clock."""
    for number, (name, under) in enumerate(product(LIES, UNDER)):
        if name != "wrong_zone" or under in ("class", "bare", "section", "author", "label"):
            case = _case(dice, number)
            noise = NOISES[number % len(NOISES)]
            parts = Parts(case, LIES[name](case), UNDER[under](case), noise)
            yield _page(f"lie {name} {under}", parts, dice)


def _addressed(dice: random.Random) -> Iterator[DatedPage]:
    """The day in the address, alone or against a lie."""
    lies = {**EMPTY_LIES, **{k: v for k, v in LIES.items() if k.startswith("of_")}}
    for number, (name, head) in enumerate(lies.items()):
        case = _case(dice, number)
        folder = f"/{case.local:%Y/%m/%d}/a-story" if number % 2 else f"/{case.local:%Y%m%d}/a"
        parts = Parts(case, head(case), "", NOISES[number % len(NOISES)], folder)
        yield _page(f"address {name}", parts, dice)


def _undated(dice: random.Random) -> Iterator[DatedPage]:
    """Pages that do not say when they were published."""
    for number, (name, noise) in enumerate(product(EMPTY_LIES, NOISES)):
        case = _case(dice, number)
        page = _page(f"undated {name}", Parts(case, EMPTY_LIES[name](case), "", noise), dice)
        yield replace(page, day=None)


@dataclass(frozen=True)
class Parts:
    """What a page is made of."""

    case: Case
    head: str
    dateline: str
    noise: str
    path: str = ""


def _page(name: str, parts: Parts, dice: random.Random) -> DatedPage:
    case, outlet = parts.case, parts.case.outlet
    text = "".join(f"<p>{n}. {outlet.sentence}</p>" for n in range(1, 5))
    html = dice.choice(_LAYOUTS).format(
        lang=outlet.language,
        title=escape(outlet.headline),
        head=parts.head,
        before=BEFORE[parts.noise](case) if parts.noise in BEFORE else "",
        dateline=parts.dateline,
        text=text + (_event(case) if parts.noise == "event" else ""),
        after=AFTER[parts.noise](case) if parts.noise in AFTER else "",
        section=outlet.section,
        by=outlet.by,
    )
    path = parts.path or dice.choice(list(ADDRESSES.values()))(case)
    context = ReadingContext(
        f"{outlet.country}_made_up", outlet.country, (outlet.language,), outlet.zone, now=NOW
    )
    name = f"{outlet.language} {name} {parts.noise}"
    return DatedPage(name, html, f"https://outlet.test{path}", context, case.local.date())


_TOP = '<!DOCTYPE html><html lang="{lang}"><head><title>{title} | Outlet</title>{head}</head><body>'
_NAV = "<nav><a href='/'>Outlet</a> <a href='/s'>{section}</a> <a href='/t'>{by}</a></nav>"
_LAYOUTS = (
    _TOP + "{before}" + _NAV + "<article><h1>{title}</h1>{dateline}<div class='body'>{text}</div>"
    "</article>{after}</body></html>",
    _TOP + "<div id='top'>{before}</div>" + _NAV + "<div class='main'><div class='box'>"
    "<h2 class='title'>{title}</h2><div>{dateline}</div>{text}{after}</div></div></body></html>",
    _TOP
    + _NAV
    + "{before}<ul><li><a href='/s'>{section}</a></li><li><a href='/t'>{by}</a></li></ul>"
    "<table><tr><td><b>{title}</b><br>{dateline}{text}</td></tr><tr><td>{after}</td></tr></table>"
    "</body></html>",
)
