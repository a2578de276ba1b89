"""Sites of the simulated month: what each answers at any time, and what was planted in it."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bench.recheck_pages import PUBLISHED, Look
from bench.recheck_texts import Tongue, Written, written
from storage.models import Page

Layout = Callable[[Written, Look], str]
Edit = Callable[[Written, random.Random], Written]
HTML = (("Content-Type", "text/html; charset=utf-8"),)
TROUBLES = ("503", "404", "front page", "wall", "soft 404")
GONE = ("404", "410", "front page", "soft 404")
MISSING = {
    "ar": "الصفحة غير موجودة",
    "fr": "Page introuvable",
    "en": "Page not found",
    "ckb": "404 نەدۆزرایەوە",
    "kmr": "404 nehat dîtin",
}


@dataclass
class Kept:
    """One article of a site: its states over time, and when it was not there."""

    path: str
    states: list[tuple[datetime, Written, str]]  # since when, what it says, the edit's name
    gone: list[tuple[datetime, datetime | None, str]] = field(default_factory=list)

    def at(self, when: datetime) -> tuple[int, Written]:
        """The number of the state at a time, and what the article says in it."""
        number = sum(since <= when for since, _, _ in self.states) - 1
        return number, self.states[number][1]

    def missing(self, when: datetime) -> str:
        """How the article is missing at a time; "" when it is there."""
        how = (
            how for since, until, how in self.gone if since <= when and (not until or when < until)
        )
        return next(how, "")


@dataclass
class Site:
    """One outlet's site: its layout, articles, and the hours when it was broken."""

    slug: str
    tongue: Tongue
    layout: Layout
    articles: list[Kept]
    troubles: list[tuple[datetime, datetime, str]] = field(default_factory=list)

    @property
    def host(self) -> str:
        """Where it is."""
        return f"{self.slug}.test"

    def url(self, article: Kept) -> str:
        """An article's address."""
        return f"https://{self.host}/{article.path}"

    def trouble(self, when: datetime) -> str:
        """What was wrong with the whole site at a time."""
        return next((how for since, until, how in self.troubles if since <= when < until), "")

    def answer(self, article: Kept, when: datetime) -> Page:
        """What it answers when an article is asked for."""
        how = self.trouble(when) or article.missing(when)
        url = self.url(article)
        if how:
            return self._fault(url, how, when)
        _, said = article.at(when)
        look = Look(self.tongue, when, random.Random(f"{url} {when}"))
        return Page(url, url, 200, HTML, self.layout(said, look).encode(), when)

    def _fault(self, url: str, how: str, when: datetime) -> Page:
        if how.isdigit():
            return Page(url, url, int(how), HTML, b"<h1>Error</h1>", when)
        if how == "wall":
            wall = b"<html><head><title>Just a moment...</title></head><body><p>...</p></body>"
            return Page(url, url, 200, HTML, wall, when)
        if how == "soft 404":
            title = MISSING[self.tongue.code]
            body = f"<html><head><title>{title}</title></head><body><h1>{title}</h1></body></html>"
            return Page(url, url, 200, HTML, body.encode(), when)
        look = Look(self.tongue, when, random.Random(f"{url} {when}"))
        titles = "".join(f"<p><a href='/n'>{title}</a></p>" for title in look.titles(30))
        body = f"<html><head><title>{self.slug}</title></head><body>{titles}</body></html>"
        front = f"https://{self.host}/"
        return Page(url, front, 200, HTML, body.encode(), when, redirects=(url,))


def sites(
    tongues: Sequence[Tongue],
    layouts: Sequence[Layout],
    edits: Sequence[Edit],
    each: int,
    seed: int,
) -> list[Site]:
    """A site for each language and layout, with so many articles and all that befalls them."""
    dice = random.Random(seed)
    made: list[Site] = []
    for tongue in tongues:
        for layout in layouts:
            slug = f"{tongue.code}{layout.__name__}"
            articles = [_article(tongue, edits, dice, number) for number in range(each)]
            site = Site(slug, tongue, layout, articles)
            _plant_ends(site, dice)
            _plant_troubles(site, len(made), dice)
            made.append(site)
    return made


def _article(tongue: Tongue, edits: Sequence[Edit], dice: random.Random, number: int) -> Kept:
    said = written(tongue, dice)
    states = [(PUBLISHED, said, "")]
    for hours in sorted(dice.sample((0.5, 4, 18, 60, 150, 300, 600), dice.choice((0, 1, 1, 2, 3)))):
        edit = dice.choice(edits)
        changed = edit(said, dice)
        if changed != said and len(changed.paragraphs) > 1:
            said = changed
            since = PUBLISHED + timedelta(hours=hours + dice.random() / 4)
            states.append((since, said, edit.__name__))
    return Kept(f"n/{number}", states)


def _plant_ends(site: Site, dice: random.Random) -> None:
    """Some articles go, and some of them come back."""
    for article in dice.sample(site.articles, max(1, len(site.articles) // 8)):
        since = PUBLISHED + timedelta(hours=dice.choice((2, 20, 100, 250)))
        back = since + timedelta(days=9) if dice.random() < 0.4 else None
        article.gone.append((since, back, dice.choice(GONE)))


def _plant_troubles(site: Site, number: int, dice: random.Random) -> None:
    """Every site is broken for some hours, once early and once late."""
    for hours in (dice.choice((0.9, 5, 23)), dice.choice((71, 167, 335))):
        since = PUBLISHED + timedelta(hours=hours)
        how = TROUBLES[(number + int(hours > 40)) % len(TROUBLES)]
        site.troubles.append((since, since + timedelta(hours=dice.choice((2, 9))), how))
