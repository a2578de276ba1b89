"""Pages for people to mark: a plain one, and one that would ask the whole web."""

from __future__ import annotations

from datetime import UTC, datetime
from hashlib import sha256

from crawler.gold.records import GoldPage

FIRST = datetime(2026, 3, 1, tzinfo=UTC)
BODY = "<html><body><h1>خبر</h1><p>نص الخبر القصير هنا</p></body></html>".encode()
HOSTILE = """<html><head><link rel="preload" href="https://evil.test/a.css">
<base href="//evil.test"><meta http-equiv="refresh" content="0;url=https://evil.test"></head>
<body onload="x()">
<script>fetch('https://evil.test')</script><style>@import url(https://evil.test)</style>
<img src="https://evil.test/p.gif" srcset="https://evil.test/q 2x">
<p style="background:url(//evil.test)">
Good <b onclick="x()">words</b> &lt;script&gt;</p>
<a href="https://evil.test" ping="https://evil.test">link</a>
<svg><script>1</script><image href="https://evil.test"/></svg><iframe src="https://evil.test"></iframe>
<video poster="https://evil.test" src="//evil.test"></video><form action="https://evil.test"><input>in
form</form><math><mtext><style><img src=x onerror=x()></style></mtext></math>
<template><img src="https://evil.test"></template><noscript><img src="https://evil.test"></noscript>
<p dir="rtl" onfocus=x>خبر</p><object data="https://evil.test"></object></body></html>"""


def gold_page(body: bytes = BODY) -> GoldPage:
    """A page that people mark."""
    return GoldPage(
        sha256(body).hexdigest(), "ma_a", "https://a.test/1", "https://a.test/1", FIRST,
        "text/html; charset=utf-8", body, ("ar",), "ma", "Africa/Casablanca",
    )  # fmt: skip
