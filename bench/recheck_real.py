"""Real pages with noise and edits planted in their markup, read and compared pair by pair."""

from __future__ import annotations

import gzip
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from bench.recheck_pages import PUBLISHED, Look, between, look_at
from bench.recheck_texts import ENGLISH, FRENCH, Tongue
from crawler.reading.changes import Said, is_edit
from crawler.reading.page import read_page
from crawler.reading.sentence_split import sentences
from storage.models import Page, ReadingContext

SETS = ("fundus_eval", "fundus_res", "aed", "scrapinghub")
_MOST = 400_000  # characters of a page
_LEAST = 120  # words of an article
_END = re.compile("</p>", re.IGNORECASE)
_BODY = re.compile("<body[^>]*>", re.IGNORECASE)


@dataclass
class Counted:
    """What was planted, and what was told of it."""

    pages: int = 0
    false: int = 0
    edits: int = 0
    kept: int = 0


def figures(data: Path, pages: int = 100) -> dict[str, Any]:
    """How real pages fare under the noise of two looks, without an edit and with one."""
    counted = Counted()
    dice = random.Random(17)
    for markup in _articles(data):
        if counted.pages == pages:
            break
        _measure(markup, dice, counted)
    return {
        "real_pages": counted.pages,
        "real_false_versions": round(counted.false / counted.pages, 4) if counted.pages else None,
        "real_edits_planted": counted.edits,
        "real_edits_kept": round(counted.kept / counted.edits, 4) if counted.edits else None,
    }


def _articles(data: Path) -> Iterator[str]:
    """The pages of the sets, in an order of their own."""
    files = [file for name in SETS for file in (data / "pages" / name / "html").glob("*.gz")]
    files.sort(key=lambda file: (file.name, file.parent))
    for file in files:
        markup = gzip.decompress(file.read_bytes()).decode("utf-8", "replace")
        if len(markup) < _MOST:
            yield markup


def _measure(markup: str, dice: random.Random, counted: Counted) -> None:
    plain = _read(markup)
    if plain is None or len(plain.text.split()) < _LEAST:
        return
    counted.pages += 1
    tongue = FRENCH if 'lang="fr' in markup[:2000] else ENGLISH
    places = [dice.uniform(0.2, 0.8) for _ in range(2)]
    looks = [look_at(tongue, counted.pages, timedelta(hours=hours)) for hours in (1, 70, 70)]
    first, second = (_read(_noisy(markup, look, places)) for look in looks[:2])
    if first is None or second is None:
        counted.false += 1
        return
    counted.false += is_edit(first, second)
    changed = _edited(markup, plain.text, tongue, dice)
    if changed is not None:
        sentence, page = changed
        third = _read(_noisy(page, looks[2], places))
        if third is not None and sentence in first.text and sentence not in third.text:
            counted.edits += 1
            counted.kept += is_edit(first, third)


def _read(markup: str) -> Said | None:
    url = "https://real.test/n/1"
    html = (("Content-Type", "text/html; charset=utf-8"),)
    page = Page(url, url, 200, html, markup.encode(), PUBLISHED)
    reading = read_page(page, ReadingContext("xx_real", "xx", ("en", "fr"), "UTC", now=PUBLISHED))
    return Said(reading.headline, reading.text) if reading.outcome is None else None


def _noisy(markup: str, look: Look, places: list[float]) -> str:
    """The page with a clock on top, something between its paragraphs, and a box at its end."""
    say = look.phrases
    ends = [found.end() for found in _END.finditer(markup)]
    for end in sorted((ends[int(place * len(ends))] for place in places if ends), reverse=True):
        markup = markup[:end] + between(look) + markup[end:]
    top = f"<div class='clock'>{look.said(say.clock)}</div><div>{look.said(say.views)}</div>"
    markup = _BODY.sub(lambda found: found[0] + top, markup, count=1)
    box = f"<section><h3>{say.related}</h3><ul>{look.links(5)}</ul></section></body>"
    return markup.replace("</body>", box)


def _edited(markup: str, text: str, tongue: Tongue, dice: random.Random) -> tuple[str, str] | None:
    """A sentence of the article and the page with it changed, where it stands there once."""
    found = [text[start:end] for start, end in sentences(text)]
    fit = [said for said in found if 6 <= len(said.split()) < 60 and markup.count(said) == 1]
    if not fit:
        return None
    said = dice.choice(fit)
    words = said.split(" ")
    place = dice.randrange(1, len(words) - 1)
    words[place] = dice.choice((tongue.suspect, f"“{words[place]}”", f"{words[place]} not"))
    return said, markup.replace(said, dice.choice(("", " ".join(words), " ".join(words))))
