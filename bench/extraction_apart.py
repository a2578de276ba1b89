"""Run by `bench.extraction_peers` in an environment of its own: the peers' side of the pipe.

Reads a line of JSON for each page, `{"reader", "url", "language", "html"}` (base64), and answers
each with a line: text, headline, day, milliseconds of CPU. A reader that raises has found nothing.
"""

from __future__ import annotations

import base64
import contextlib
import json
import logging
import sys
import time
import warnings
from collections.abc import Callable
from importlib import import_module
from typing import Any

# By name: they are not among this project's packages, and a type checker does not find them.
readability = import_module("readability")
lxml_html = import_module("lxml.html")
encoding = import_module("resiliparse.parse.encoding")
plaintext = import_module("resiliparse.extract.html2text")
resiliparse_html = import_module("resiliparse.parse.html")
newspaper = import_module("newspaper")

Found = dict[str, Any]


def _readability(html: bytes, _url: str, _language: str) -> Found:
    """Its summary is markup: the text of each element on a line of its own."""
    document = readability.Document(html)
    summary = lxml_html.fromstring(document.summary(html_partial=True))
    return {"text": "\n".join(summary.itertext()), "headline": document.short_title()}


def _resiliparse(html: bytes, _url: str, _language: str) -> Found:
    tree = resiliparse_html.HTMLTree.parse_from_bytes(html, encoding.detect_encoding(html))
    text = plaintext.extract_plain_text(tree, main_content=True, alt_texts=False, comments=False)
    return {"text": text, "headline": tree.title or ""}


def _newspaper(html: bytes, url: str, language: str) -> Found:
    """A language that it does not know is read as English."""
    markup = html.decode("utf-8", "replace")
    try:
        return _newspaper_in(markup, url, language)
    except Exception:  # it raises what its tokenizers raise
        return _newspaper_in(markup, url, "en")


def _newspaper_in(markup: str, url: str, language: str) -> Found:
    article = newspaper.Article(url, language=language, fetch_images=False)
    article.download(input_html=markup)
    article.parse()
    day = article.publish_date
    return {
        "text": article.text,
        "headline": article.title,
        "day": day.date().isoformat() if day else None,
    }


READERS: dict[str, Callable[[bytes, str, str], Found]] = {
    "readability-lxml": _readability,
    "resiliparse": _resiliparse,
    "newspaper4k": _newspaper,
}


def _answer(asked: Found) -> Found:
    read, html = READERS[asked["reader"]], base64.b64decode(asked["html"])
    started = time.process_time()
    try:
        found = read(html, asked["url"], asked["language"])
    except Exception as error:  # the libraries raise anything on broken pages
        found = {"outcome": f"{type(error).__name__}: {error}"[:200]}
    return {**found, "cpu": (time.process_time() - started) * 1000}


def main() -> None:
    """Answer line by line until the input ends; what the libraries print goes to stderr."""
    logging.disable(logging.CRITICAL)
    warnings.simplefilter("ignore")
    answers = sys.stdout
    with contextlib.redirect_stdout(sys.stderr):
        for line in sys.stdin:
            answers.write(json.dumps(_answer(json.loads(line))) + "\n")
            answers.flush()


if __name__ == "__main__":
    main()
