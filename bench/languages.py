"""Which language is a title in? Our titles, real sentences, and plain py3langid beside.

The material is described in `bench.titles`. The weights of `crawler.reading.languages` were
chosen on the odd lines of our titles and of the real texts and tried on the even ones; the lists
of words were written with all of them in sight.
Each Sorani title is also read in the forms in which it is typed without its letters, and all of
the five languages in disguise (capitals, no accents, harakat, presentation forms …).

Run as `python -m bench.languages`; with --json the last line is one JSON object; --wrong lists
the titles that went wrong.
"""

from __future__ import annotations

import argparse
import json
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from bench.pages import SHARED
from bench.titles import DISGUISES, TYPED, Titles, by_language, own_sets, real_sets, titles
from crawler.reading.languages import LABELS, UNDETERMINED, identify

OURS = ("ar", "ckb", "kmr", "fr", "en")
FOREIGN = ("es", "tr", "fa")
SURE = 0.9
_CODES = LABELS["Latn"] | LABELS["Arab"]

Guess = Callable[[str], str]


def ours(text: str) -> str:
    """What our reader says of a title, nothing being expected of it."""
    return identify(text).code


def plain_guess() -> Guess:
    """py3langid as it comes, with all its labels, under our codes."""
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE)

    def guess(text: str) -> str:
        label = identifier.classify(text)[0]
        return _CODES.get(label, str(label))

    return guess


def share(texts: Sequence[str], code: str, guess: Guess) -> float:
    """The share of the texts that are found to be in the language."""
    return sum(guess(text) == code for text in texts) / len(texts)


def taken(texts: Sequence[str], code: str, guess: Guess) -> float:
    """The share of the texts that are taken for another of our languages."""
    others = set(OURS) - {code}
    return sum(guess(text) in others for text in texts) / len(texts)


def sure_and_right(sets: Iterable[Titles]) -> tuple[int, float]:
    """How many are decided with a score of SURE at least, and what share of them is right."""
    found = [(one.code, identify(text)) for one in sets for text in one.texts]
    sure = [said.code == code for code, said in found if said.score >= SURE]
    sure += [] if sure else [True]
    return len(sure), sum(sure) / len(sure)


def milliseconds(text: str, times: int = 100) -> float:
    """CPU time that one identification of the text takes."""
    identify(text)
    began = time.process_time()
    for _ in range(times):
        identify(text)
    return (time.process_time() - began) * 1000 / times


def figures(data: Path | None = SHARED) -> dict[str, Any]:
    """All figures; `language_real_min` only with the shared data."""
    own = by_language(own_sets())
    real = list(real_sets(data)) if data and data.is_dir() else []
    disguised = [
        share([change(text) for text in own[code]], code, ours)
        for code in OURS
        for change in DISGUISES.values()
    ]
    typed = [
        share([change(text) for text in titles("ckb")], "ckb", ours) for change in TYPED.values()
    ]
    numbers = {
        "language_min": min(share(own[code], code, ours) for code in OURS),
        "language_min_even_lines": min(share(own[code][1::2], code, ours) for code in OURS),
        "language_foreign_max": max(taken(own[code], code, ours) for code in FOREIGN),
        "language_typed_sorani_min": min(typed),
        "language_disguised_min": min(disguised),
        "language_sure_right": sure_and_right([*own_sets(), *real])[1],
        "language_ms": milliseconds(". ".join(titles("ar"))[:1500]),
    }
    if real:
        found = [share(one.texts, one.code, ours) for one in real if one.code in OURS]
        foreign = [taken(one.texts, one.code, ours) for one in real if one.code in FOREIGN]
        numbers |= {"language_real_min": min(found), "language_real_foreign_max": max(foreign)}
    return {name: round(number, 4) for name, number in numbers.items()}


# ---------------------------------------------------------------- for people


def _table(sets: Iterable[Titles]) -> Iterator[str]:
    plain = plain_guess()
    yield f"{'texts':20} {'is':5} {'n':>5} {'chars':>6}  {'right':>7} {'plain':>7}  taken for"
    for one in sets:
        said = Counter(ours(text) for text in one.texts)
        others = ", ".join(f"{code} {n}" for code, n in said.most_common() if code != one.code)
        length = sum(map(len, one.texts)) / len(one.texts)
        right, bare = said[one.code] / len(one.texts), share(one.texts, one.code, plain)
        yield (
            f"{one.name:20} {one.code:5} {len(one.texts):5} {length:6.0f}  {right:7.1%} {bare:7.1%}"
            f"  {others}"
        )


def _report(data: Path | None) -> Iterator[str]:
    sets = [*own_sets(), *(real_sets(data) if data and data.is_dir() else ())]
    yield from _table(sets)
    plain, sorani = plain_guess(), titles("ckb")
    for name, change in TYPED.items():
        typed = [change(text) for text in sorani]
        one, other = share(typed, "ckb", ours), share(typed, "ckb", plain)
        yield f"ckb typed: {name:35} {one:7.1%} {other:7.1%}"
    own = by_language(own_sets())
    for name, change in DISGUISES.items():
        cells = (f"{c} {share([change(t) for t in own[c]], c, ours):6.1%}" for c in OURS)
        yield f"in disguise: {name:20} {'  '.join(cells)}"
    count, right = sure_and_right(sets)
    yield f"of {count} decided with a score of {SURE} or more, {right:.2%} are right"


def _wrong() -> Iterator[str]:
    for one in own_sets():
        for text in one.texts:
            said = identify(text)
            if said.code != one.code:
                unsure = " (unsure)" if said.code == UNDETERMINED else ""
                yield f"{one.name}: {said.code} {said.score:.2f}{unsure}: {text}"


def main() -> None:
    """Print the table, or the titles that went wrong; with --json the figures as the last line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=SHARED)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--wrong", action="store_true")
    options = parser.parse_args()
    for line in _wrong() if options.wrong else _report(options.data):
        print(line)
    if options.json:
        print(json.dumps(figures(options.data)))


if __name__ == "__main__":
    main()
