"""How well names are found: noise, false hits, hard cases, speed; a plain whole-word search beside.

Recall: the Arabic forms of two words or more of the shipped watchlists are planted at borders of
words into Arabic texts, each noise is put on, and what is found at the planted place is counted.
ب and ل are written onto a form as Arabic does it: بالجمعية, but للجمعية; where the form has no
article, بجمعية and لجمعية.

False hits: 6,000 phrases of two or three words from one half of the texts are looked for in the
other half, where none of them was planted; overlapping hits count once, the leftmost and longest.
The whole-word search is given the same chance to know a phrase when it stands there in another
spelling or behind a clitic: it searches plain text, that is text without marks and tatweel, with
one alif, one ya, one ha, and each clitic letter cut off wherever the phrase begins a word without
it. What the matcher finds more than that is not there. The ratio to a search in the text as
published is shown too; it is higher by the spellings which that search misses.

Speed: CPU time for an article of some 2,500 characters made of the texts' paragraphs.
"""

from __future__ import annotations

import json
import random
import re
import time
import tomllib
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.areas import options_of
from bench.noise import COMBINED, LATIN, NOISES, PREFIXED, Noise
from crawler.reading.mentions import Matcher
from crawler.watchlistfiles import shipped_watchlists
from storage.models import Actor, Alias
from storage.text import fold

JUDGED = Path(__file__).parent / "judged"
SEED = 20261122
PLANTS = 500
"""Planted names in each class of noise."""
PHRASES = 6000
ALIASES = 10_000
ARTICLE = 2500
_WORD_EDGES = r"(?<!\w){}(?!\w)"
_ARABIC = re.compile("[\u0620-\u06ff]")
_PARTICLE = re.compile(r"(?<!\w)(?:عبد|أبو|ابو|أبي|آل|بن) ")
_NOT_OF_PHRASES = re.compile(r"[^\w\s\u064b-\u0652]+|ـ")
_PLAIN = str.maketrans("أإآٱىةیک\u200c", "اااايهيك ")


# ---------------------------------------------------------------- material


def rows(name: str) -> list[dict[str, Any]]:
    """Judged rows of our own."""
    return _rows(JUDGED / f"{name}.jsonl")


def _rows(file: Path) -> list[dict[str, Any]]:
    lines = file.read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines if line.strip()]


def documents(data: Path) -> list[list[str]]:
    """The Arabic question sets: the paragraphs of each of their articles."""
    return [
        [str(paragraph["context"]) for paragraph in article["paragraphs"]]
        for name in ("xquad.ar.json", "arcd.json")
        for article in json.loads((data / "texts" / name).read_text(encoding="utf-8"))["data"]
    ]


def sentences(data: Path, *parts: str) -> list[str]:
    """Short sentences in some languages."""
    folder = data / "texts" / "tatoeba"
    files = (file for file in sorted(folder.glob("*.txt")) if file.name.split(".")[1] in parts)
    return [line for file in files for line in file.read_text(encoding="utf-8").splitlines()]


def shipped_names(script: str) -> dict[str, list[str]]:
    """The forms of two words or more of the shipped actors in one script, by actor."""
    names: dict[str, list[str]] = {}
    for file in sorted(shipped_watchlists().glob("*.toml")):
        for actor in tomllib.loads(file.read_text(encoding="utf-8"))["actors"]:
            forms = [form["text"] for form in actor["forms"] if _fits(form["text"], script)]
            if forms and actor["kind"] != "term":
                names[actor["id"]] = forms
    return names


def _fits(text: str, script: str) -> bool:
    return " " in text and ("ar" if _ARABIC.search(text) else "latin") == script


def phrases(texts: Iterable[str], dice: random.Random) -> list[str]:
    """Phrases of two or three words that stand in the texts."""
    runs = [run.split() for text in texts for run in _NOT_OF_PHRASES.split(text)]
    runs = [run for run in runs if len(run) > 2 and all(_ARABIC.search(word) for word in run)]
    found: set[str] = set()
    while len(found) < PHRASES:
        run, length = dice.choice(runs), dice.choice((2, 2, 3))
        first = dice.randrange(len(run) - length + 1)
        found.add(" ".join(run[first : first + length]))
    return sorted(found)


# ---------------------------------------------------------------- recall


@dataclass(frozen=True, slots=True)
class Recall:
    """What is found of the names planted in one class of noise, by us and by whole words."""

    noise: str
    planted: int
    found: float
    whole_word: float


def recall(
    names: dict[str, list[str]], texts: Sequence[str], noises: dict[str, Noise]
) -> Iterator[Recall]:
    """Plant names at borders of words, put each noise on, and look for them."""
    matcher = Matcher.for_names(names)
    for title, noise in noises.items():
        dice = random.Random(f"{SEED}{title}")
        forms = [(actor, form) for actor, forms in names.items() for form in forms]
        if "glued" in title:
            forms = [(actor, form) for actor, form in forms if _PARTICLE.search(form)]
        found = plain = 0
        for number in range(PLANTS):
            actor, form = forms[number % len(forms)] if len(forms) > PLANTS else dice.choice(forms)
            before, name, after = noise(_planted(form, dice.choice(texts), dice), dice)
            text, begin = before + name + after, len(before)
            found += any(
                mention.actor_id == actor and mention.start < begin + len(name) <= mention.end + 8
                for mention in matcher.find(text)
            )
            plain += bool(re.search(_WORD_EDGES.format(re.escape(form)), text[begin - 1 :]))
        yield Recall(title, PLANTS, found / PLANTS, plain / PLANTS)


def _planted(form: str, text: str, dice: random.Random) -> tuple[str, str, str]:
    """A piece of the text with the form between two of its words."""
    words = text.split(" ")
    place = dice.randrange(1, len(words))
    first = max(0, place - 40)
    before, after = " ".join(words[first:place]), " ".join(words[place : place + 40])
    return f"{before} ", form, f" {after}"


# ---------------------------------------------------------------- false hits


@dataclass(frozen=True, slots=True)
class FalseHits:
    """Hits of phrases in texts in which none was planted."""

    ours: int
    whole_word: int
    whole_word_of_plain: int


def false_hits(documents: Sequence[Sequence[str]]) -> FalseHits:
    """Look for the phrases of one half of the documents in the other."""
    dice = random.Random(SEED)
    shuffled = dice.sample(documents, len(documents))
    sought = phrases((text for document in shuffled[::2] for text in document), dice)
    texts = [text for document in shuffled[1::2] for text in document]
    matcher = Matcher.for_names({phrase: [phrase] for phrase in sought})
    places = [{(hit.start, hit.end) for hit in matcher.find(text)} for text in texts]
    raw = {phrase: re.compile(_WORD_EDGES.format(re.escape(phrase))) for phrase in sought}
    plain = {plain_text(phrase): _with_clitics(plain_text(phrase)) for phrase in sought}
    return FalseHits(
        ours=sum(map(len, places)),
        whole_word=sum(_count(raw, text) for text in texts),
        whole_word_of_plain=sum(_count(plain, plain_text(text)) for text in texts),
    )


def plain_text(text: str) -> str:
    """Without marks and tatweel, one alif, one ya, one ha: made here again, apart from `fold`."""
    kept = (char for char in unicodedata.normalize("NFKD", text) if char != "ـ")
    letters = "".join(char for char in kept if not unicodedata.combining(char))
    return re.sub(r"\s+", " ", letters.translate(_PLAIN)).replace("ء", "")


def _with_clitics(phrase: str) -> re.Pattern[str]:
    bare = re.sub(r"^ال(?=\w{3})", "", phrase)
    return re.compile(rf"(?<!\w)[وف]?(?:[بكل]?ال|لل|[بكل])?{re.escape(bare)}(?!\w)")


def _count(patterns: dict[str, re.Pattern[str]], text: str) -> int:
    """Hits that do not overlap: the leftmost, and of these the longest."""
    spans = [
        (match.start(), -match.end())
        for phrase, pattern in patterns.items()
        if phrase.removeprefix("ال") in text
        for match in pattern.finditer(text)
    ]
    counted, taken = 0, 0
    for start, end in sorted(spans):
        if start >= taken:
            counted, taken = counted + 1, -end
    return counted


# ---------------------------------------------------------------- hard cases


def cases_right(cases: Iterable[dict[str, Any]]) -> tuple[int, int]:
    """How many of the cases are counted as expected, and how many there are."""
    right = [
        len(Matcher.for_names({"x": [case["alias"]]}).find(case["text"])) == case["expect"]
        for case in cases
    ]
    return sum(right), len(right)


def contexts_right(cases: Sequence[dict[str, Any]]) -> float:
    """The share of articles in which a word that needs context is counted as a reader would."""
    right = 0
    for case in cases:
        actor = Actor("x", "cso", aliases=(Alias(case["alias"]),), context=tuple(case["context"]))
        found = Matcher([actor]).find_in(case["headline"], case["text"])
        right += bool(found) == bool(case["expect"])
    return round(right / len(cases), 4)


def joined(pairs: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """The pairs of names that are taken for each other and should not be."""
    return [
        pair
        for pair in pairs
        if Matcher.for_names({"x": [pair["alias"]]}).find(pair["text"])
        or (_several(pair["alias"], pair["text"]) and fold(pair["alias"]) == fold(pair["text"]))
    ]


def _several(*names: str) -> bool:
    return all(" " in name for name in names)


# ---------------------------------------------------------------- speed


@dataclass(frozen=True, slots=True)
class Speed:
    """CPU milliseconds for an article, and seconds for the automaton."""

    aliases: int
    build: float
    each: float
    hits: float
    substring: float


def speed(texts: Sequence[str], aliases: int) -> Speed:
    """Random phrases and the shipped names as aliases; the best of three passes over all texts."""
    dice = random.Random(SEED)
    words = " ".join(texts).split()
    names = {form for forms in shipped_names("ar").values() for form in forms}
    names |= {form for forms in shipped_names("latin").values() for form in forms}
    while len(names) < aliases:
        names.add(f"{dice.choice(words)} {dice.choice(words)}")
    articles = list(_articles(texts))
    sought = dict.fromkeys(sorted(names)[:aliases])
    build, matcher = _timed(lambda: Matcher.for_names({name: [name] for name in sought}))
    passes = [_timed(lambda: [len(matcher.find(text)) for text in articles]) for _ in range(3)]
    best, found = min(passes)
    plain, _ = _timed(lambda: [[n for n in sought if n in text] for text in articles[:20]])
    return Speed(
        aliases,
        build,
        best / len(articles) * 1000,
        sum(found) / len(articles),
        plain / len(articles[:20]) * 1000,
    )


def _articles(texts: Iterable[str]) -> Iterator[str]:
    article = ""
    for text in texts:
        article += f"{text}\n"
        if len(article) >= ARTICLE:
            yield article
            article = ""


def _timed(work: Callable[[], Any]) -> tuple[float, Any]:
    begin = time.process_time()
    done = work()
    return time.process_time() - begin, done


# ---------------------------------------------------------------- the figures


def figures(data: Path | None) -> dict[str, Any]:
    """The figures of this area; without the data only those of our own cases."""
    right, cases = cases_right(rows("mention_cases"))
    titles = rows("same_title")
    same = sum(fold(pair["one"]) == fold(pair["other"]) for pair in titles)
    found: dict[str, Any] = {
        "mention_cases_own": round(right / cases, 4),
        "context_cases": contexts_right(rows("context_cases")),
        "same_title": round(same / len(titles), 4),
        "hard_negatives": len(rows("hard_negatives")),
        "hard_negatives_joined": len(joined(rows("hard_negatives"))),
    }
    return found | (_with_data(data) if data else {})


def _with_data(data: Path) -> dict[str, Any]:
    papers = documents(data)
    texts = [text for paper in papers for text in paper]
    names = shipped_names("ar")
    right, cases = cases_right(_rows(data / "mentions.jsonl"))
    counts, timed = false_hits(papers), speed(texts, ALIASES)
    latin = recall(shipped_names("latin"), sentences(data, "fra", "eng"), LATIN)
    return {
        "mention_recall_min": _least(recall(names, texts, NOISES)),
        "mention_recall_clitic_min": _least(recall(names, texts, PREFIXED)),
        "mention_recall_combined_min": _least(recall(names, texts, COMBINED)),
        "mention_recall_latin_min": _least(latin),
        "mention_cases": round(right / cases, 4),
        "false_hits_ratio": round(counts.ours / counts.whole_word_of_plain, 4),
        "false_hits_ratio_as_published": round(counts.ours / counts.whole_word, 4),
        "mention_ms_10k": round(timed.each, 3),
        "mention_build_s_10k": round(timed.build, 3),
    }


def _least(results: Iterable[Recall]) -> float:
    return round(min(result.found for result in results), 4)


def main() -> None:
    """Print the tables, and with --json the figures as the last line."""
    options = options_of(__doc__).parse_args()
    data: Path | None = options.data
    if not options.json and data:
        _print_tables(data)
    found = figures(data)
    for name, value in found.items() if not options.json else ():
        print(f"{name:32} {value}")
    if options.json:
        print(json.dumps(found, ensure_ascii=False))


def _print_tables(data: Path) -> None:
    papers = documents(data)
    texts = [text for paper in papers for text in paper]
    print(f"{'noise':28}{'planted':>8}{'found':>9}{'whole word':>12}")
    for noises in (NOISES, PREFIXED, COMBINED):
        _print_recall(recall(shipped_names("ar"), texts, noises))
    for part in (("fra", "eng"), ("kur",)):
        _print_recall(recall(shipped_names("latin"), sentences(data, *part), LATIN))
    counts = false_hits(papers)
    print(f"\nhits of {PHRASES} phrases where none was planted: {counts.ours}")
    print(
        f"  whole word, as published {counts.whole_word}, in plain text "
        f"{counts.whole_word_of_plain}"
    )
    print(f"\n{'aliases':>8}{'build s':>9}{'ms':>8}{'hits':>7}{'substring ms':>14}")
    for aliases in (1000, ALIASES, 5 * ALIASES):
        timed = speed(texts, aliases)
        print(
            f"{aliases:8}{timed.build:9.2f}{timed.each:8.2f}{timed.hits:7.1f}"
            f"{timed.substring:14.1f}"
        )
    print()


def _print_recall(results: Iterable[Recall]) -> None:
    for one in results:
        print(f"{one.noise:28}{one.planted:8}{one.found:9.1%}{one.whole_word:12.1%}")


if __name__ == "__main__":
    main()
