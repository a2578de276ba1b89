"""Many pages out of one real page: the same layout and chrome, another article in it each time.

What stands in the article (its text, headline, description, JSON-LD) gets other words on each
page; menus, sidebars and footers keep theirs, as an outlet's do. Day and address change too.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from html import unescape

from bench import transplant_markup
from bench.extraction_sets import GoldPage
from bench.shingles import Shingles, shingles, tokens
from bench.transplants import Dictionary, Script, dictionary, in_script
from crawler.reading.decode import Decoded, decode

_STATED_DAY = re.compile(
    r"(?:datePublished|article:published_time)[\"'\s:a-z=]{1,40}(\d{4}-\d\d-\d\d)", re.I
)
_DAYS = 1000
"""Pages lie on so many days at most."""
_SITE = re.compile(
    r"og:site_name[\"']\s+content=[\"']([^\"'>]{1,80})"
    r"|\"publisher\"\s*:\s*\{[^{}]{0,400}?\"name\"\s*:\s*\"([^\"]{1,80})\""
)


def variants(page: GoldPage, count: int, script: Script) -> Iterator[GoldPage]:
    """So many pages in the layout of one, each with its gold, URL and day; none if unreadable.

    `bench.transplants` has the scripts: english(), arabic(), sorani().
    """
    text = decode(page.html, "text/html")
    if not isinstance(text, Decoded):
        return
    chrome = _dictionary_of(page, text.text, script)
    site = _site_words(text.text)
    for number in range(count):
        yield _variant(page, text.text, _reshuffled(chrome, site, number), chrome, number)


def _dictionary_of(page: GoldPage, markup: str, script: Script) -> Dictionary:
    shown = (piece.source for piece in transplant_markup.pieces(markup) if piece.kind == "text")
    return dictionary(script, page.language, " ".join(shown), page.text, page.headline)


def _site_words(markup: str) -> frozenset[str]:
    """The words of the outlet's name, which stands behind every headline."""
    found = [name[1] or name[2] for name in _SITE.finditer(markup)]
    return frozenset(tokens(unescape(" ".join(found)).casefold()))


def _reshuffled(made: Dictionary, site: frozenset[str], seed: int) -> Dictionary:
    """A dictionary in which all words but those of the outlet's name have changed places."""
    words = list(made.script.words)
    stay = {number for number, word in enumerate(made.known) if word in site}
    places = [number for number in range(len(words)) if number not in stay]
    moved = random.Random(seed).sample(places, len(places))
    for place, other in zip(places, moved, strict=True):
        words[place] = made.script.words[other]
    shuffled = Dictionary(replace(made.script, words=words), made.kept)
    for word in made.known:
        shuffled(word)
    return shuffled


def _variant(
    page: GoldPage, markup: str, article: Dictionary, chrome: Dictionary, number: int
) -> GoldPage:
    """One page: the article by one dictionary, all else by the other."""
    dated, old, day = _redated(markup, page, number)
    url = _address(_redated_text(page.url, old, day), number)
    found = transplant_markup.pieces(dated.replace(page.url, url))
    belongs = _in_article(page)
    for run in transplant_markup.flows(found):
        instead = article if belongs("".join(piece.source for piece in run)) else chrome
        transplant_markup.replace_flow(run, instead, marks=chrome.script.marks)
    transplant_markup.replace_names(found, article, frame=chrome, marks=chrome.script.marks)
    transplant_markup.set_language(found, chrome.script.language, chrome.script.direction)
    made = in_script(page, article, transplant_markup.joined(found))
    return replace(made, id=f"{made.id}-{number}", url=url, day=day if page.day else None)


@dataclass(frozen=True)
class _Article:
    """The known text as shingles, and its headline."""

    text: Shingles
    words: str
    headline: str


def _in_article(page: GoldPage) -> Callable[[str], bool]:
    """Whether a run of text belongs to the article: its headline, or mostly in its text."""
    whole = _Article(shingles(page.text), _joined(page.text), _joined(page.headline))

    def belongs(run: str) -> bool:
        words = _joined(run)
        if len(words.split()) < 4:
            return bool(words.strip()) and words == whole.headline
        known = shingles(run)
        return (
            words in whole.words
            or (known & whole.text).total() * 2 >= known.total()
            or (whole.headline != "  " and whole.headline in words)
        )

    return belongs


def _joined(text: str) -> str:
    return f" {' '.join(tokens(text.casefold()))} "


# ---------------------------------------------------------------- days and addresses


def _redated(markup: str, page: GoldPage, number: int) -> tuple[str, date | None, date | None]:
    """The page on another day, each a day earlier, wherever it states the day; both days."""
    stated = _STATED_DAY.search(markup)
    old = page.day or (_day(stated[1]) if stated else None)
    new = old - timedelta(days=number % _DAYS) if old else None
    return _redated_text(markup, old, new), old, new


def _day(text: str) -> date | None:
    """A stated day; one from before the web is a mistake of the page."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if day.year > 1990 else None


def _redated_text(text: str, old: date | None, new: date | None) -> str:
    if old is None or new is None or old == new:
        return text
    for one, other in zip(_forms(old), _forms(new), strict=True):
        text = re.sub(rf"(?<!\d){re.escape(one)}(?!\d)", other, text)
    return text


def _forms(day: date) -> Sequence[str]:
    """A day as pages write it, in numbers and in English."""
    long, short = f"{day:%B}", f"{day:%b}"
    named = [
        form
        for month in (long, short, f"{short}.")
        for form in (
            f"{month} {day.day}, {day.year}",
            f"{month} {day.day:02}, {day.year}",
            f"{day.day} {month} {day.year}",
            f"{day.day:02} {month} {day.year}",
        )
    ]
    numbers = (f"{day:%Y-%m-%d}", f"{day:%Y/%m/%d}", f"{day:%Y%m%d}", f"{day:%d.%m.%Y}")
    short_ones = (f"{day:%d}/{day.month}/{day.year}", f"{day.day}/{day.month}/{day.year}")
    return [*numbers, f"{day:%d/%m/%Y}", f"{day:%m/%d/%Y}", *short_ones, *named]


def _address(url: str, number: int) -> str:
    """Another address of the same shape."""
    head, dot, tail = url.rpartition(".html")
    if dot:
        return f"{head}-{number}{dot}{tail}"
    bare, mark, query = url.partition("?")
    slash = "/" if bare.endswith("/") else ""
    return f"{bare.rstrip('/')}-{number}{slash}{mark}{query}"
