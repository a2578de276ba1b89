"""Pages for a crawl: outlets of fifty pages of 100 to 120 kB, each outlet in one layout of its own.

The layouts are those of saved real pages; each page of an outlet says something else in it, in
English, Arabic or Sorani words (`bench.transplant_variants`). Without the shared data both layout
and words are made up: such pages are cheaper to read than real ones, and figures that are made
with them say so by their floor.
"""

from __future__ import annotations

import gzip
import json
import random
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import count, islice
from pathlib import Path
from urllib.parse import urlsplit

from bench.extraction_sets import GoldPage, full_pages, pages
from bench.pages import LEAST, MOST, PER_OUTLET, SHARED
from bench.transplant_variants import variants
from bench.transplants import Script, arabic, english, sorani
from crawler.demo.articles import sites

CACHE = Path(__file__).with_name("cache") / "crawl_pages"
SMALLEST = 85_000
"""Pages from here on are padded up to LEAST with a comment; so there are enough layouts."""
FEWEST_WORDS = 150
"""Of a page whose layout is taken: with fewer, a crawl measures chrome."""


def page_sets(outlets: int) -> Path:
    """The folder of `outlets` sets of PER_OUTLET pages; made once, and kept beside the bench."""
    folder = CACHE / f"{'saved' if SHARED.is_dir() else 'made'}-{outlets}"
    if not (folder / "whole").exists():
        folder.mkdir(parents=True, exist_ok=True)
        for number, members in enumerate(islice(_outlets(), outlets)):
            _write(folder / f"set{number}", members)
        (folder / "whole").touch()
    return folder


def _write(folder: Path, members: Sequence[GoldPage]) -> None:
    (folder / "html").mkdir(parents=True, exist_ok=True)
    with (folder / "gold.jsonl").open("w", encoding="utf-8") as file:
        for number, page in enumerate(members):
            name = f"html/{number:03d}.html.gz"
            (folder / name).write_bytes(gzip.compress(_padded(page.html), 1))
            known = {"id": page.id, "set": folder.name, "url": page.url, "lang": page.language}
            gold = {"html": name, "gold_kind": "full", "text": page.text}
            file.write(json.dumps(known | gold, ensure_ascii=False) + "\n")


def _padded(html: bytes) -> bytes:
    """A page of LEAST bytes or more."""
    return html + b"<!--" + b" pad" * ((LEAST - len(html)) // 4) + b"-->" * (len(html) < LEAST)


def padded(folder: Path) -> int:
    """How many of the pages had to be padded."""
    files = folder.glob("*/html/*.html.gz")
    return sum(gzip.decompress(file.read_bytes()).endswith(b" pad-->") for file in files)


def _outlets() -> Iterator[list[GoldPage]]:
    """The pages of one outlet after the other."""
    if not SHARED.is_dir():
        yield from _made_up()
        return
    scripts, hosts = (english(), arabic(), sorani()), set[str]()
    for page in _candidates():
        host = urlsplit(page.url).hostname or ""
        if host in hosts:
            continue
        members = _of_one_layout(page, scripts[len(hosts) % len(scripts)])
        if members:
            hosts.add(host)
            yield members
    raise SystemExit("there are not so many layouts of this size")


def _candidates() -> Iterator[GoldPage]:
    """Saved pages of about the right size, in an order that is always the same."""
    found = full_pages(pages(("fundus_eval", "scrapinghub", "aed", "fundus_res")))
    random.Random(1).shuffle(found)
    for page in found:
        enough = len(page.text.split()) >= FEWEST_WORDS
        if enough and SMALLEST <= len(page.html) <= MOST:
            yield page


def _of_one_layout(page: GoldPage, script: Script) -> list[GoldPage]:
    """Fifty pages in the layout of one; none if they are too small or too large in the script."""
    made: list[GoldPage] = []
    for one in variants(page, PER_OUTLET, script):
        if not SMALLEST <= len(one.html) <= MOST:
            return []
        made.append(one)
    return made if len({one.url for one in made}) == PER_OUTLET else []


# ---------------------------------------------------------------- made-up ones


def _made_up() -> Iterator[list[GoldPage]]:
    articles = [article for site in sites() for article in site.articles]
    words = [word for article in articles for word in " ".join(article.paragraphs).split()]
    for number in count():
        dice = random.Random(number)
        frame = "".join(
            f'<li class="c{n % 9}"><a href="/x/{n}">{" ".join(dice.choices(words, k=6))}</a></li>'
            for n in range(900)
        )
        yield [_made_page(number, page, frame, words) for page in range(PER_OUTLET)]


def _made_page(outlet: int, number: int, frame: str, words: Sequence[str]) -> GoldPage:
    dice = random.Random(outlet * 1000 + number)
    paragraphs = [f"{' '.join(dice.choices(words, k=60))}." for _ in range(12)]
    day, headline = date(2026, 10, 1) - timedelta(days=number), " ".join(dice.choices(words, k=8))
    text = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    html = (
        f"<html lang='ar'><head><title>{headline}</title>"
        f"<meta property='article:published_time' content='{day}T08:00:00Z'></head><body>"
        f"<ul>{frame}</ul><article class='o{outlet}'><h1>{headline}</h1>{text}</article>"
        "</body></html>"
    )
    return GoldPage(
        id=f"{outlet}-{number}",
        set=f"set{outlet}",
        url=f"http://outlet{outlet}.example/news/{number}",
        language="ar",
        outlet=f"outlet{outlet}",
        text="\n".join(paragraphs),
        headline=headline,
        day=day,
        markup=html.encode(),
    )
