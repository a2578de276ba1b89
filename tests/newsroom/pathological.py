"""Pages made to stall, blind or kill whoever reads them, up to 4 MB each."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

_LINE = "People of Sedra said on Tuesday that the well of the school has been dry since spring. "
_ARTICLE = f"<h1>The well of Sedra runs dry</h1><p>{_LINE * 3}</p><p>{_LINE * 2}</p>"
_DATA = '<script type="application/ld+json">'
_NODE = {"@type": "NewsArticle", "headline": "The well", "author": [{"name": "Rosa"}] * 5}
_ATTRIBUTES = " ".join(f"a{n}=1" for n in range(1_900))


@dataclass(frozen=True)
class Bomb:
    """An article in a page in which something else stands very often."""

    unit: str  # NNN in it becomes a number
    count: int
    before: str = ""
    after: str = ""
    in_head: bool = False

    def page(self, part: int = 1) -> str:
        """The page with a part of the bomb: 1 is all of it, 10 a tenth."""
        count = self.count // part
        if "NNN" in self.unit:
            units = "".join(self.unit.replace("NNN", str(n)) for n in range(count))
        else:
            units = self.unit * count
        bomb = self.before + units + self.after
        return (
            '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>The well</title>'
            f"{bomb if self.in_head else ''}</head><body><div>{_ARTICLE}</div>"
            f"{'' if self.in_head else bomb}</body></html>"
        )


def _text(unit: str, count: int) -> Bomb:
    return Bomb(unit, count, "<p>", "</p>")


def _head(unit: str, count: int, before: str = "", after: str = "") -> Bomb:
    return Bomb(unit, count, before, after, in_head=True)


BOMBS: Mapping[str, Bomb] = {
    "100,000 divs in each other": Bomb("<div>", 100_000),
    "19,000 divs in each other": Bomb("<div>x", 19_000),
    "240 divs in each other": Bomb("<div>", 240, after=_LINE),
    "tables in each other": Bomb("<table><tr><td>x", 5_000),
    "inline tags in each other": Bomb("<b><i>x", 9_500),
    "unclosed links": Bomb('<a href="/x">a headline of five words', 19_000),
    "links in tables in links": Bomb("<a href=/x>y<table><tr><td>", 4_900),
    "50,000 cells": Bomb("<tr><td>cell</td></tr>", 50_000, "<table>"),
    "cells in rows": Bomb("<tr><td>cell one</td></tr>", 9_900, "<table>"),
    "cells in a row": Bomb("<td>cell one", 19_000, "<table><tr>"),
    "short paragraphs": Bomb("<p>Short words.</p>", 19_000),
    "different paragraphs": Bomb("<p>Line NNN of the list, which nobody reads.</p>", 19_000),
    "headings": Bomb("<h2>Part NNN</h2>", 19_000),
    "items in a list": Bomb("<li>An item of it", 19_000, "<ul>"),
    "links in a list": Bomb('<li><a href="/NNN">The headline of article NNN</a></li>', 9_000),
    "titles of comments": Bomb("<h3>Comments</h3><p>I was there.</p>", 9_500),
    "titles of boxes": Bomb('<div><b>Read also</b><a href="/x">another article</a></div>', 6_000),
    "tables with paragraphs": Bomb(f"<table><tr><td>{_LINE * 6}</td></tr></table>", 3_000),
    "breaks": _text("word<br>", 19_000),
    "pictures": Bomb('<img src="/x.jpg"><div>A caption of it</div>', 9_500),
    "200,000 attributes": Bomb("a=1 ", 200_000, "<div ", ">x</div>"),
    "1,900 attributes in 50 tags": Bomb(f"<p {_ATTRIBUTES}>x</p>", 50),
    "a long class": Bomb("x-", 500_000, '<div class="', f'">{_LINE}</div>'),
    "entities": _text("&amp;", 700_000),
    "numbered entities": _text("&#x200c;", 400_000),
    "half an entity": _text("&#", 900_000),
    "a long word": _text("w", 3_500_000),
    "a long Arabic word": _text("سد", 1_500_000),
    "one word": _text("word ", 700_000),
    "spaces": _text(" ", 3_500_000),
    "line ends": _text("\n", 3_000_000),
    "points": _text(".", 3_000_000),
    "digits": _text("12:", 900_000),
    "quotation marks": _text('"', 3_000_000),
    "less-than signs": Bomb("<", 3_000_000),
    "ends of tags": Bomb("</p>", 900_000),
    "comments that never end": Bomb("<!--", 900_000),
    "comments": Bomb("<!-- x -->", 300_000),
    "a tag that never ends": Bomb("x", 3_000_000, "<p "),
    "a long script": Bomb("if(a<b){c()};", 250_000, "<script>", "</script>"),
    "scripts": Bomb("<script>x</script>", 19_000),
    "scripts that never end": Bomb("<script>", 19_000),
    "character data that never ends": Bomb("<![CDATA[", 300_000),
    "JSON in brackets": _head("[", 100_000, _DATA, "</script>"),
    "JSON with articles": _head(json.dumps(_NODE) + ",", 9_000, f"{_DATA}[", "{}]</script>"),
    "JSON that is none": _head('{"headline": "', 130_000, _DATA, "</script>"),
    "facts": _head('<meta property="og:title" content="The well">', 19_000),
    "a long title": _head("The well | ", 250_000, "<title>", "</title>"),
    "a long headline": Bomb("word - ", 400_000, "<h1>", "</h1>"),
    "times": _text("2026-03-02T08:00:00 ", 150_000),
    "dates": Bomb("<div><span>Tuesday 3 March 2026</span></div>", 9_000),
    "NUL and lone surrogates": Bomb("<p>\x00&#xD800;\x00&#0;</p>", 6_000),
    "namespaces": Bomb("<svg><math>", 9_000),
    "forms": Bomb("<form><select><option>x", 6_000),
    "frames": Bomb("<template><iframe>", 9_000),
}
