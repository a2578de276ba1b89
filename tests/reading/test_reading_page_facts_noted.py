"""What was passed over for section and picture is told to those who ask, and costs no others."""

from __future__ import annotations

import json

from reading.reading_pages import ARABIC, article, context, page

from crawler.reading.notes import Note, Notes
from crawler.reading.page import read_page

NODE = {
    "@type": "NewsArticle",
    "headline": "سكان الحي القديم",
    "articleSection": "مجتمع",
    "image": ["https://almithal.test/b.jpg", "ftp://almithal.test/c.jpg"],
}
HEAD = (
    f'<script type="application/ld+json">{json.dumps(NODE)}</script>'
    '<meta property="article:section" content="محليات">'
    '<meta property="og:image" content="/a.jpg">'
)


def test_other_sections_and_pictures_are_noted_with_the_reason() -> None:
    notes = Notes()

    found = read_page(page(article(ARABIC, head=HEAD)), context(), notes)

    assert (found.section, found.image_url) == ("مجتمع", "https://almithal.test/a.jpg")
    told = [note for note in notes.taken if note.field in ("section", "image_url")]
    assert told == [
        Note("section", "meta", "محليات", "jsonld states another"),
        Note("image_url", "jsonld", "https://almithal.test/b.jpg", "meta states another"),
        Note("image_url", "jsonld", "ftp://almithal.test/c.jpg", "no address of a page or picture"),
    ]


def test_reading_is_the_same_where_nobody_asks() -> None:
    asked = page(article(ARABIC, head=HEAD))

    assert read_page(asked, context()) == read_page(asked, context(), Notes())
