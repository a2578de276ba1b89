"""Pages of made-up articles as sites serve them: the same article, other noise at every look.

Five layouts. At each look the clock, the counters, the tokens, the advertising, the boxes with
other articles and the order of attributes are others, and half of the boxes come and go.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from html import escape

from bench.recheck_texts import Tongue, Written, headline

PUBLISHED = datetime(2026, 11, 1, 8, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Phrases:
    """What a site of one language prints around its articles."""

    also: str
    most: str
    related: str
    ad: str
    prompt: str
    share: str
    views: str
    comments: str
    updated: str
    ago: str
    cookies: str
    weather: str
    rates: str
    clock: str
    home: str
    rights: str
    spoken: tuple[str, str]  # readers' comments


PHRASES = {
    "ar": Phrases(
        "اقرأ أيضا", "الأكثر قراءة", "مواضيع ذات صلة", "إعلان",
        "تابعونا على قناتنا في تلغرام لتصلكم آخر الأخبار", "شارك الخبر: فيسبوك تويتر واتساب",
        "{n} مشاهدة", "{n} تعليقات", "آخر تحديث: {clock}", "منذ {n} ساعات",
        "يستخدم هذا الموقع ملفات تعريف الارتباط لتحسين تجربتك.", "وادي الزيتون {n}°",
        "الدولار {n} درهم", "{day}، {clock}", "الرئيسية", "جميع الحقوق محفوظة",
        ("كلام صحيح والله المستعان على كل حال.", "لا أتفق مع الكاتب في هذا الرأي أبدا."),
    ),
    "fr": Phrases(
        "À lire aussi", "Les plus lus", "Articles similaires", "Publicité",
        "Abonnez-vous à notre newsletter pour ne rien manquer",
        "Partager sur Facebook Twitter WhatsApp", "{n} vues", "{n} commentaires",
        "Mis à jour à {clock}", "il y a {n} heures",
        "Ce site utilise des cookies pour améliorer votre visite.", "Port-Rive {n}°C",
        "1 EUR = {n} MAD", "{day} - {clock}", "Accueil", "Tous droits réservés",
        ("Très bon article, merci à toute la rédaction.", "Je ne suis pas du tout d'accord."),
    ),
    "en": Phrases(
        "Read also", "Most read", "Related articles", "Advertisement",
        "Sign up for our newsletter and get the news in your inbox",
        "Share this: Facebook Twitter WhatsApp", "{n} views", "{n} comments",
        "Last updated {clock}", "{n} hours ago", "We use cookies to make your visit better.",
        "Riverbank {n}°C", "1 USD = {n} BHD", "{day} {clock}", "Home", "All rights reserved",
        ("Well said, somebody had to write this.", "I do not agree with a word of it."),
    ),
    "ckb": Phrases(
        "هەروەها بخوێنەوە", "زۆرترین خوێندراوە", "بابەتی پەیوەندیدار", "ڕیکلام",
        "بەشداری لە کەناڵی تێلیگرامەکەمان بکە", "هاوبەشی پێبکە: فەیسبووک",
        "{n} جار خوێندراوەتەوە", "{n} کۆمێنت", "دوایین نوێکردنەوە {clock}", "پێش {n} کاتژمێر",
        "ئەم ماڵپەڕە کووکی بەکاردەهێنێت.", "شاری ڕووبار {n}°", "دۆلار {n} دینار",
        "{day} {clock}", "سەرەتا", "هەموو مافەکان پارێزراون",
        ("دەستخۆش بۆ ئەم بابەتە جوانە.", "من لەگەڵ ئەم ڕایە نیم."),
    ),
    "kmr": Phrases(
        "Herwiha bixwîne", "Herî zêde hatine xwendin", "Nûçeyên têkildar", "Reklam",
        "Li ser Telegramê me bişopînin", "Parve bike: Facebook Twitter", "{n} car hat xwendin",
        "{n} şîrove", "Nûkirin {clock}", "berî {n} saetan", "Ev malper cookies bi kar tîne.",
        "Bajarê Robarê {n}°", "Dolar {n} dînar", "{day} {clock}", "Destpêk",
        "Hemû maf parastî ne", ("Destxweş ji bo vê nûçeyê.", "Ez ne li gel vê gotinê me."),
    ),
}  # fmt: skip


@dataclass
class Look:
    """One look at one article's page: when, and the dice for all that is noise."""

    tongue: Tongue
    at: datetime
    dice: random.Random
    phrases: Phrases = field(init=False)

    def __post_init__(self) -> None:
        """Find the words of the language."""
        self.phrases = PHRASES[self.tongue.code]

    def number(self, most: int = 9_000) -> str:
        """Any number."""
        return str(self.dice.randint(2, most))

    def said(self, phrase: str, most: int = 9_000) -> str:
        """A phrase with today's day, clock and counters."""
        day, clock = self.at.strftime("%d/%m/%Y"), self.at.strftime("%H:%M:%S")
        return escape(phrase.format(n=self.number(most), day=day, clock=clock))

    def titles(self, count: int) -> list[str]:
        """Headlines of other articles."""
        return [escape(headline(self.tongue, self.dice)) for _ in range(count)]

    def links(self, count: int) -> str:
        """A list of other articles."""
        return "".join(
            f'<li><a {self.attributes("item")} href="/n/{self.number()}">{title}</a></li>'
            for title in self.titles(count)
        )

    def attributes(self, name: str) -> str:
        """Attributes of a tag in any order, with a token of today."""
        listed = [f'class="{name}"', f'data-k="{self.dice.random():.9f}"', f'id="i{self.number()}"']
        self.dice.shuffle(listed)
        return " ".join(listed)

    def maybe(self, markup: str, chance: float = 0.5) -> str:
        """The markup, or nothing."""
        return markup if self.dice.random() < chance else ""


def _paragraphs(article: Written, look: Look, between: Callable[[Look], str]) -> str:
    """The paragraphs of an article, with what the site puts between them."""
    made = [f"<p>{escape(' '.join(lines), quote=False)}</p>" for lines in article.paragraphs]
    count = min(2, len(made) - 1)
    places = sorted(random.Random(article.names[0]).sample(range(1, len(made)), count))
    for place in reversed(places):
        made.insert(place, between(look))
    return "\n".join(made)


def _also(look: Look) -> str:
    """A box with other articles in the text."""
    also = escape(look.phrases.also)
    return look.dice.choice(
        (
            f'<p><strong>{also}: </strong><a href="/n/{look.number()}">{look.titles(1)[0]}</a></p>',
            f"<div {look.attributes('also')}><h4>{also}</h4><ul>{look.links(2)}</ul></div>",
            f"<p>{also}</p><ul>{look.links(2)}</ul>",
        )
    )


def _ad(look: Look) -> str:
    ad = escape(look.phrases.ad)
    return look.maybe(f"<div {look.attributes('ad-slot')}><span>{ad}</span></div>") + _also(look)


def between(look: Look) -> str:
    """Anything of the site's own that may stand between two paragraphs."""
    say = look.phrases
    lines = (look.said(say.views), escape(say.prompt), look.said(say.updated), escape(say.ad))
    return look.dice.choice((_also(look), *(f"<p>{line}</p>" for line in lines)))


def _head(article: Written, look: Look) -> str:
    title = escape(article.headline)
    when = PUBLISHED.isoformat()
    return (
        f'<!DOCTYPE html><html lang="{look.tongue.code}"><head><meta charset="utf-8">'
        f'<title>{title} - Site</title><meta property="og:title" content="{title}">'
        f'<meta property="og:type" content="article"><meta name="csrf" content="{look.number()}">'
        f'<meta property="article:published_time" content="{when}">'
        f"<script>var t={look.number()},u='{look.dice.random()}';</script></head>"
    )


def _top(look: Look) -> str:
    say = look.phrases
    return (
        f'<div class="top-bar"><span class="clock">{look.said(say.clock)}</span>'
        f"<span>{look.said(say.weather, 45)}</span><span>{look.said(say.rates)}</span></div>"
        f'<nav><a href="/">{escape(say.home)}</a> <a href="/s">{look.titles(1)[0]}</a></nav>'
    )


def _foot(look: Look) -> str:
    say = look.phrases
    cookie = f'<div id="cookie-bar"><p>{escape(say.cookies)}</p><button>OK</button></div>'
    return (
        f"<footer><p>{escape(say.rights)} {look.at.year}</p></footer>"
        + look.maybe(cookie)
        + f'<form><input type="hidden" name="_token" value="{look.dice.random()}"></form>'
        "</body></html>"
    )


def _comments(look: Look) -> str:
    say = look.phrases
    spoken = "".join(
        f"<li><b>{look.number()}</b><p>{escape(look.dice.choice(say.spoken))}</p>"
        f"<span>{look.said(say.ago, 23)}</span></li>"
        for _ in range(look.dice.randint(0, 4))
    )
    return f'<div class="comments"><h3>{look.said(say.comments, 40)}</h3><ul>{spoken}</ul></div>'


def _meta(look: Look) -> str:
    say = look.phrases
    return (
        f"<div {look.attributes('meta')}><span>{look.said(say.ago, 23)}</span> "
        f"<span>{look.said(say.views)}</span> <span>{look.said(say.updated)}</span></div>"
    )


def blog(article: Written, look: Look) -> str:
    """As the most usual publishing system lays a page out."""
    say = look.phrases
    return (
        f'{_head(article, look)}<body class="single">{_top(look)}<div id="content"><article '
        f'{look.attributes("post")}><h1 class="entry-title">{escape(article.headline)}</h1>'
        f'{_meta(look)}<div class="entry-content">{_paragraphs(article, look, _ad)}'
        f"<p>{escape(say.prompt)}</p></div><div class='share'>{escape(say.share)}</div>"
        f"<h3>{escape(say.related)}</h3><ul class='related'>{look.links(4)}</ul></article>"
        f"{_comments(look)}</div><aside><h3>{escape(say.most)}</h3><ol>{look.links(5)}</ol></aside>"
        f"{_foot(look)}"
    )


def plain(article: Written, look: Look) -> str:
    """Nothing but divisions without meaning, counters and other titles among the paragraphs."""
    say = look.phrases
    return (
        f"{_head(article, look)}<body>{_top(look)}<div class='c1'><div class='c2'>"
        f"<h2>{escape(article.headline)}</h2><div class='c3'><p>{look.said(say.views)}</p>"
        f"<p>{look.said(say.ago, 23)}</p>{_paragraphs(article, look, _also)}"
        f"<p>{look.said(say.comments, 50)}</p><p>{escape(say.share)}</p>"
        f"<p><b>{escape(say.most)}</b></p>"
        + "".join(f"<p><a href='/n'>{title}</a></p>" for title in look.titles(4))
        + f"</div></div></div>{_foot(look)}"
    )


def table(article: Written, look: Look) -> str:
    """An old site: a table, and line breaks for paragraphs."""
    say = look.phrases
    lines = [escape(" ".join(lines), quote=False) for lines in article.paragraphs]
    space = look.dice.choice(("<br><br>", "<br/>\n<br/>", "<br /><br />&nbsp;"))
    rows = "".join(f"<tr><td><a href='/n'>{title}</a></td></tr>" for title in look.titles(4))
    return (
        f"{_head(article, look)}<body>{_top(look)}<table><tr><td>"
        f"<h1>{escape(article.headline)}</h1>"
        f"<font size=1>{look.said(say.updated)}</font><br>{space.join(lines)}<br><br>"
        f"{look.said(say.views)}</td><td><table>{rows}</table></td></tr></table>{_foot(look)}"
    )


def modern(article: Written, look: Look) -> str:
    """Sections made by a script, in one of two layouts."""
    say = look.phrases
    box = (
        f"<section {look.attributes('box')}><h3>{escape(say.related)}</h3>{look.links(3)}</section>"
    )
    prompt = f"<aside><p>{escape(say.prompt)}</p></aside>"
    body = f"<section {look.attributes('article-body')}>{_paragraphs(article, look, _ad)}</section>"
    order = (prompt, body, box) if look.dice.random() < 0.5 else (body, box, prompt)
    return (
        f"{_head(article, look)}<body><div id='root'>{_top(look)}<main><header>"
        f"<h1>{escape(article.headline)}</h1>{_meta(look)}</header>{''.join(order)}</main>"
        f"{_comments(look)}</div>{_foot(look)}"
    )


def running(article: Written, look: Look) -> str:
    """A page on which other titles run on behind the text without any title of their own."""
    say = look.phrases
    more = "".join(f"<p>{title}</p>" for title in look.titles(look.dice.randint(4, 6)))
    return (
        f"{_head(article, look)}<body>{_top(look)}<div class='post'><h1>{escape(article.headline)}"
        f"</h1><p>{look.said(say.clock)} | {look.said(say.views)}</p>"
        f"{_paragraphs(article, look, _also)}{more}</div>{_foot(look)}"
    )


LAYOUTS: tuple[Callable[[Written, Look], str], ...] = (blog, plain, table, modern, running)


def look_at(tongue: Tongue, seed: int, after: timedelta) -> Look:
    """A look at a page so long after its publication."""
    return Look(tongue, PUBLISHED + after, random.Random(f"{seed} {after}"))
