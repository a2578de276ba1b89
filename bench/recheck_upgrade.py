"""A better reader and another template over a stored archive: nobody may be accused of an edit.

Every page stays as it is. The reader that looks again finds a line that the first one left out,
drops another one, and reads the headline from elsewhere. To ask thousands of articles in little
time, both readers are plain ones; comparing, storing and judging are the real thing.
"""

from __future__ import annotations

import asyncio
import random
import re
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any

from bench.recheck_month import FIRST, Here, Month
from bench.recheck_pages import Look
from bench.recheck_sites import Kept, Site
from bench.recheck_texts import TONGUES, Written, written
from crawler.reading.fingerprints import fingerprint
from storage.connection import Connection
from storage.edits import EditStore
from storage.models import Outcome, Page, Reading, ReadingContext

_PARAGRAPH = re.compile(r"<p>(.*?)</p>")
_HEADLINE = re.compile(r"<h1>(.*?)</h1>")
Read = Callable[[Page, ReadingContext], Reading]


def figures(db: Connection, folder: Path, articles: int) -> dict[str, Any]:
    """How many versions and edits a reader's upgrade makes of so many stored articles."""
    month = Month(db, folder, _sites(articles), Here(partial(_read, better=False)))
    asyncio.run(month.find())
    month.here = Here(partial(_read, better=True))
    month.now = FIRST + timedelta(days=1)
    asyncio.run(month.look_again())
    return {
        "upgrade_articles": len(month.ids),
        "upgrade_looks": month.told.looks.total(),
        "upgrade_versions": month.told.looks[Outcome.STORED_CHANGED],
        "upgrade_edits": len(EditStore(db).list()),
    }


def _sites(articles: int) -> list[Site]:
    dice = random.Random(23)
    sites = []
    for number in range(articles // 200):
        tongue = TONGUES[number % len(TONGUES)]
        kept = [
            Kept(f"n/{place}", [(FIRST - timedelta(hours=1), written(tongue, dice), "")])
            for place in range(200)
        ]
        sites.append(Site(f"{tongue.code}{number}", tongue, _page, kept))
    return sites


def _page(article: Written, look: Look) -> str:
    """A page with a subtitle that the first reader leaves out, and a caption that it takes."""
    lines = "".join(f"<p>{' '.join(lines)}</p>" for lines in article.paragraphs)
    return (
        f"<h1>{article.headline}</h1><i>{look.at}</i>"
        f"<p>{article.names[0]}: {article.headline}.</p>{lines}<p>{article.names[1]}.</p>"
    )


def _read(page: Page, _: ReadingContext, *, better: bool) -> Reading:
    """What one of the two readers takes for the article."""
    markup = page.body.decode()
    lines = _PARAGRAPH.findall(markup)
    text = "\n".join(lines[:-1] if better else lines[1:])
    found = _HEADLINE.search(markup)
    headline = f"{found[1] if found else ''}{' - Site' if better else ''}"
    return Reading(
        url=page.url,
        final_url=page.final_url,
        outcome=None,
        headline=headline,
        text=text,
        language="ar",
        fingerprint=fingerprint(text),
        content_hash=sha256(f"{headline}\n{text}".encode()).hexdigest(),
        reader_version="better" if better else "first",
        template_id="learned-anew" if better else "learned",
    )
