"""Front pages that we make, in several layouts, scripts and forms of addresses, with the truth.

They are made as the press of the region builds its pages: a menu, a lead story, blocks of
sections, pictures that link without a word, "read more", a box of most-read articles, authors,
tags, a footer.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from html import escape
from urllib.parse import quote

WORDS = {
    "ar": "الحكومة مجلس النواب جمعية حقوق الإنسان تطالب بالإفراج عن ناشط في مدينة بعد جلسة محكمة "
    "وزير يفتتح مشروع المياه احتجاج سكان حي الجديدة على قرار المجلس البلدي تقرير يرصد أوضاع",
    "ckb": "حکوومەت پەرلەمان ڕێکخراوی مافی مرۆڤ داوای ئازادکردنی چالاکوان دەکات لە شاری دوای "
    "دانیشتنی دادگا وەزیر پڕۆژەی ئاو دەکاتەوە خۆپیشاندانی دانیشتووان دژی بڕیاری ئەنجومەن",
    "kmr": "hikûmet parlamento komeleya mafên mirovan daxwaza azadkirina çalakvan dike li bajarê "
    "piştî rûniştina dadgehê wezîr projeya avê vedike xwepêşandana niştecihan li dijî biryarê",
    "fr": "le gouvernement une association des droits humains demande la libération du militant à "
    "après audience ministre inaugure projet eau manifestation habitants contre décision conseil",
    "en": "government council rights association demands release of activist in city after hearing "
    "minister opens water project residents protest against decision report on prisons published",
}
FORMS = (
    "/news/{n}.html",
    "/{s}/{n}/{t}",
    "/{y}/{m}/{d}/{t}/",
    "/?p={n}",
    "/posts.php?id={n}",
    "/node/{n}",
    "/Details/{n}",
    "/{t}/",
    "/#!/story/{n}",
    "/{s}/{t}-{n}",
    "/article-{n}",
    "/Story.aspx?nid={n}&lang=ar",
)
SECTIONS = "politics society economy sport culture world local women youth media".split()
_ARTICLES = 36


_SERVICES = (
    ("/about-us", "About us"), ("/privacy-policy", "Privacy policy of this site"),
    ("/contact", "Contact"), ("/page/2", "2"), ("/page/3", "3"), ("/rss", "RSS"),
    ("/archive/2026/11", "November"), ("/calendar/2026/11/23", "23"),
    ("/login?back=%2Fnews", "Log in to read more of this"), ("/prayer-times/12", "Fajr"),
    ("https://facebook.com/outlet", "Follow us on Facebook today"),
    ("https://ads.test/click?id=555", "Buy a good car at a very good price"),
)  # fmt: skip
"""Links of a footer and what else stands around."""


@dataclass(frozen=True)
class FrontPage:
    """A made page: its address, its bytes, and the addresses of the articles on it."""

    name: str
    url: str
    body: bytes
    charset: str
    articles: frozenset[str]
    known: tuple[str, ...]  # addresses of other articles of the outlet


class Outlet:
    """A made outlet: its words, the form of its addresses, its layout."""

    def __init__(self, seed: int, language: str, form: str) -> None:
        self.dice = random.Random(f"{seed} {language} {form}")
        self.language, self.form = language, form
        self.host = f"outlet{seed}.test"
        self.number = self.dice.choice((300, 40_000, 812_000, 5_100_000))

    def words(self, least: int, most: int) -> str:
        listed = WORDS[self.language].split()
        return " ".join(self.dice.sample(listed, self.dice.randint(least, most)))

    def path(self, title: str, section: str) -> str:
        self.number += self.dice.randint(1, 9)
        slug = "-".join(title.split()[:8])
        day = self.dice.randint(1, 28)
        return self.form.format(
            n=self.number, t=quote(slug), s=section, y=2026, m="11", d=f"{day:02}"
        )

    def article(self) -> tuple[str, str, str]:
        """(address, headline, section) of one more article; a few headlines are very short."""
        short = self.dice.random() < 0.05
        title, section = self.words(*((2, 3) if short else (5, 11))), self.dice.choice(SECTIONS)
        return self.path(title, section), title, section

    def url(self, path: str) -> str:
        return f"https://{self.host}{path}"


Maker = Callable[[Outlet, list[tuple[str, str, str]]], str]


def _link(path: str, inside: str) -> str:
    return f'<a href="{escape(path)}">{inside}</a>'


def _cards(outlet: Outlet, articles: list[tuple[str, str, str]]) -> str:
    """Cards: a picture, a headline, a section, a time, and "read more"."""
    more = {"ar": "اقرأ المزيد", "ckb": "زیاتر", "kmr": "bêtir", "fr": "Lire la suite"}
    return "".join(
        f'<div class="col-md-4 post-{n}"><div class="card">{_link(path, "<img src=/i.jpg>")}'
        f'<span class="cat">{_link(f"/section/{section}", section)}</span>'
        f"<h3>{_link(path, escape(title))}</h3>"
        f"{_link(path, more.get(outlet.language, 'Read more'))}</div></div>"
        for n, (path, title, section) in enumerate(articles)
    )


def _blocks(outlet: Outlet, articles: list[tuple[str, str, str]]) -> str:
    """A lead story whose card is one link, then blocks of sections with their own headings."""
    path, title, _ = articles[0]
    told = [
        f'<section class="lead">{_link(path, f"<h2>{escape(title)}</h2><p>{title} {title}</p>")}'
    ]
    for start in range(1, len(articles), 7):
        section = SECTIONS[start % len(SECTIONS)]
        items = "".join(
            f'<li class="{"first" if n == 0 else "item"}">{_link(path, escape(title))}</li>'
            for n, (path, title, _) in enumerate(articles[start : start + 7])
        )
        title = f"<h2>{_link(f'/section/{section}', section)}</h2>"
        told.append(f'<div class="block">{title}<ul>{items}</ul></div>')
    return "</section>".join([told[0], "".join(told[1:])])


def _table(outlet: Outlet, articles: list[tuple[str, str, str]]) -> str:
    """Tables without a class, as of twenty years ago; some rows only have a picture."""
    rows = []
    for path, title, _ in articles:
        text = "" if outlet.dice.random() < 0.1 else _link(path, f"<b>{escape(title)}</b>")
        rows.append(f"<tr><td>{_link(path, '<img src=1.gif>')}</td><td>{text}</td></tr>")
    return f"<table>{''.join(rows)}</table>"


def _bare(outlet: Outlet, articles: list[tuple[str, str, str]]) -> str:
    """Links in paragraphs, without any element that says what they are."""
    return "".join(f"<p>{_link(path, escape(title))}</p>" for path, title, _ in articles)


def _shortened(outlet: Outlet, articles: list[tuple[str, str, str]]) -> str:
    """Shortened headlines with the whole one as title, beside the author and the tags of each."""
    return "".join(
        f'<article><h4><a href="{escape(path)}" title="{escape(title)}">'
        f"{escape(title[:24])}…</a></h4>"
        f"{_link(f'/author/{n % 5}', outlet.words(2, 2))}"
        f"{_link(f'/tag/{n}/{quote(section)}', outlet.words(2, 3))}</article>"
        for n, (path, title, section) in enumerate(articles)
    )


LAYOUTS: dict[str, Maker] = {
    "cards": _cards,
    "blocks": _blocks,
    "table": _table,
    "bare": _bare,
    "shortened": _shortened,
}


def _around(outlet: Outlet, main: str, popular: list[tuple[str, str, str]]) -> str:
    """The page around its articles; the most-read ones count as articles, too."""
    sections = "".join(f"<li>{_link(f'/section/{s}', s)}</li>" for s in SECTIONS)
    most = "".join(f"<li>{_link(path, escape(title))}</li>" for path, title, _ in popular)
    tags = "".join(_link(f"/tag/{n}", outlet.words(1, 3)) for n in range(12))
    authors = "".join(
        f"<div class=writer>{_link(f'/writers/{n}', outlet.words(2, 4))}</div>" for n in range(5)
    )
    galleries = "".join(_link(f"/gallery/{n}", outlet.words(3, 6)) for n in range(4))
    # Two families whose names no list of words has: columnists, and programmes with whole titles.
    strange = "".join(
        f"<li>{_link(f'/kuttab/{700 + n}/{quote(name)}', name)}</li>"
        f"<li>{_link(f'/barnamaj/{40 + n}', outlet.words(3, 6))}</li>"
        for n, name in enumerate(outlet.words(2, 2) for _ in range(5))
    )
    services = "".join(_link(path, text) for path, text in _SERVICES)
    return (
        f"<header><nav><ul>{sections}</ul></nav></header><main>{main}</main>"
        f'<aside><div class="side"><h3>Most read</h3><ul>{most}</ul></div>'
        f'<div class="side"><ul class="shows">{strange}</ul></div>'
        f'{authors}<div class="tags">{tags}</div>{galleries}</aside><footer>{services}</footer>'
    )


def front_pages() -> Iterator[FrontPage]:
    """Every layout in every script, the forms of addresses taken in turn."""
    seed = 0
    for layout, make in LAYOUTS.items():
        for language in WORDS:
            for form in FORMS:
                seed += 1
                yield _front_page(Outlet(seed, language, form), layout, make)


def _front_page(outlet: Outlet, layout: str, make: Maker) -> FrontPage:
    known = tuple(outlet.url(outlet.article()[0]) for _ in range(40))
    articles = [outlet.article() for _ in range(_ARTICLES)]
    popular = [outlet.article() for _ in range(5)]
    charset = "windows-1256" if layout == "table" and outlet.language == "ar" else "utf-8"
    body = (
        f'<html><head><meta charset="{charset}"><title>{outlet.words(2, 3)}</title></head><body>'
        f"{_around(outlet, make(outlet, articles), popular)}</body></html>"
    )
    return FrontPage(
        f"{layout} {outlet.language} {outlet.form}",
        outlet.url("/"),
        body.encode(charset),
        charset,
        frozenset(outlet.url(path) for path, *_ in (*articles, *popular)),
        known,
    )
