"""Questions with the paragraphs that answer them, Arabic texts around these, and sentences."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from crawler.demo.articles import sites

SETS = {"arcd": "arcd.json", "xquad": "xquad.ar.json"}
_TATOEBA = {"ar": ("ara-ara-eng.ara", "arz-arz-eng.arz"), "fr": ("fra-fra-eng.fra",),
            "en": ("eng-fra-eng.eng",), "kmr": ("kur-kur-eng.kur",)}  # fmt: skip
# ARCD's questions stand between a hyphen and a stray article.
_AROUND = re.compile(r"^\s*-\s*|\s*\bال\s*$")
_END = re.compile(r"(?<=[.!?؟؛])\s+|\n+")


class Question(NamedTuple):
    """A question, and the paragraph that holds its answer."""

    text: str
    answer: str


class Library(NamedTuple):
    """Questions by set, and every text to look for their answers in."""

    questions: dict[str, list[Question]]
    texts: list[str]


def library(data: Path) -> Library:
    """The question sets of the shared data, all their paragraphs, and every Arabic text there."""
    texts: dict[str, None] = {}
    questions: dict[str, list[Question]] = {}
    for name, file in SETS.items():
        path = data / "texts" / file
        asked = list(_questions(path)) if path.is_file() else []
        if asked:
            questions[name] = [question for question in asked if question.text]
            texts |= dict.fromkeys(question.answer for question in asked)
    texts |= dict.fromkeys(_tatoeba(data, "ar"))
    texts |= dict.fromkeys(_pages(data, "ar"))
    return Library(questions, list(texts))


def sentences(data: Path | None) -> dict[str, list[str]]:
    """Distinct sentences by language, of the shared data where it is there, else of the demo."""
    found: dict[str, dict[str, None]] = {}
    for site in sites():
        for article in site.articles:
            found.setdefault(article.language, {}).update(dict.fromkeys(_split(article.text)))
    if data is not None:
        for language in _TATOEBA:
            texts = [*_tatoeba(data, language), *_pages(data, language)]
            if language == "ar":
                texts += library(data).texts
            for text in texts:
                found.setdefault(language, {}).update(dict.fromkeys(_split(text)))
    return {language: list(texts) for language, texts in found.items()}


def _split(text: str) -> list[str]:
    return [piece.strip() for piece in _END.split(text) if len(piece.split()) > 2]


def _questions(path: Path) -> Iterator[Question]:
    """Every paragraph's questions; a paragraph without one comes with an empty question."""
    for article in json.loads(path.read_text(encoding="utf-8"))["data"]:
        for paragraph in article["paragraphs"]:
            asked = [_AROUND.sub("", entry["question"]) for entry in paragraph["qas"]]
            for text in asked or [""]:
                yield Question(text, paragraph["context"])


def _tatoeba(data: Path, language: str) -> Iterator[str]:
    for name in _TATOEBA[language]:
        path = data / "texts" / "tatoeba" / f"{name}.txt"
        if path.is_file():
            yield from path.read_text(encoding="utf-8").splitlines()


def _pages(data: Path, language: str) -> Iterator[str]:
    """The texts of real pages in a language, and each of their paragraphs."""
    for path in sorted(data.glob("pages/*/gold.jsonl")):
        for line in path.open(encoding="utf-8"):  # splitlines() would cut at U+2028
            page = json.loads(line)
            if page.get("lang") == language and isinstance(page.get("text"), str):
                yield page["text"]
                yield from (part for part in page["text"].splitlines() if len(part) > 80)
