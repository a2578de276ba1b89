"""The usual tools on the same pairs: which edited copies they know, which bulletins they confuse.

MinHash with locality-sensitive hashing (datasketch) and MinHash alone (rensa), as usually set (.8)
and at the threshold that suits news best (.3); simhash of words within 3 and within 10 bits;
trafilatura's Simhash at its default and at its best. All are given folded words, as ours is.
Those that are no dependency of this project get an environment of their own for the while; without
a package registry they are left out, and that is said.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from trafilatura.deduplication import Simhash

from bench import story_edits, story_templates
from bench.areas import options_of
from bench.story_archive import Item, settled
from crawler.reading.fingerprints import fingerprint
from storage.text import fold, words

PACKAGES = ("datasketch", "rensa", "simhash")
COST = "microseconds an article"
SCRIPT = Path(__file__).with_name("peers_apart.py")
LANGUAGES = ("ar", "en")
"""The tools know of no language: two are enough to see what they do."""
DAYS = 15
BULLETINS = 4000
"""Pairs of bulletins at most."""
Pair = tuple[str, int, int]
"""What is asked, and two places in the list of articles."""
Told = dict[str, dict[str, Any]]


def figures(data: Path | None) -> dict[str, Any]:
    """Recall by edit, false joins and microseconds for an article, by tool."""
    items, pairs = _material(data)
    texts = [" ".join(words(fold(item.text))) for item in items]
    places = [(one, other) for _, one, other in pairs]
    told = {"ours": _ours(items, places)} | _simhash(texts, places) | _apart(texts, places)
    table: dict[str, dict[str, float]] = {}
    for name, one in told.items():
        table[name] = _shares(pairs, one["hits"]) | {COST: round(one["us"])}
    return {"peers": table}


def _material(data: Path | None) -> tuple[list[Item], list[Pair]]:
    """Articles of both archives in one, and the pairs that are asked about."""
    edited = [item for item in story_edits.archive(data, 0) if item.language in LANGUAGES]
    words = story_templates.vocabularies(data)
    forms = story_templates.bulletins(words, *story_templates.MANNERS, days=DAYS)
    forms = [item for item in forms if item.language in LANGUAGES]
    pairs = [*_copies(edited), *_fillings(forms, len(edited))]
    return [*edited, *forms], pairs


def _copies(items: Sequence[Item]) -> Iterator[Pair]:
    sent = {item.truth: number for number, item in enumerate(items) if item.note == "sent"}
    for number, item in enumerate(items):
        if item.note != "sent":
            yield item.note, sent[item.truth], number


def _fillings(items: Sequence[Item], first: int) -> Iterator[Pair]:
    """Pairs of different fillings of one form, evenly from all forms."""
    by_form: defaultdict[str, list[int]] = defaultdict(list)
    for number, item in enumerate(items):
        by_form[item.note].append(number)
    each = BULLETINS // len(by_form)
    for numbers in by_form.values():
        apart = list(story_templates.different(numbers, items))
        for one, other in apart[:: max(1, len(apart) // each)]:
            yield "other fillings of a form", first + one, first + other


def _shares(pairs: Sequence[Pair], hits: Sequence[bool]) -> dict[str, float]:
    counts: defaultdict[str, list[bool]] = defaultdict(list)
    for (name, _, _), hit in zip(pairs, hits, strict=True):
        counts[name].append(bool(hit))
    return {name: round(sum(found) / len(found), 3) for name, found in counts.items()}


def _ours(items: Sequence[Item], places: Sequence[tuple[int, int]]) -> dict[str, Any]:
    started = time.process_time()
    for item in items:
        fingerprint(item.text)
    story = settled(items).story
    spent = time.process_time() - started
    hits = [story[one] == story[other] for one, other in places]
    return {"hits": hits, "us": spent / len(items) * 1e6}


def _simhash(texts: Sequence[str], places: Sequence[tuple[int, int]]) -> Told:
    started = time.process_time()
    made = [Simhash(text) for text in texts]
    cost = (time.process_time() - started) / len(texts) * 1e6
    alike = [made[one].similarity(made[other]) for one, other in places]
    return {
        f"trafilatura {least}": {"hits": [one >= least for one in alike], "us": cost}
        for least in (0.9, 0.79)
    }


def _apart(texts: Sequence[str], places: Sequence[tuple[int, int]]) -> Told:
    """What the tools say that need an environment of their own; nothing where none can be made."""
    with TemporaryDirectory(prefix="marsad-peers-") as folder:
        python = _environment(Path(folder))
        if python is None:
            return {}
        asked = json.dumps({"texts": texts, "pairs": places})
        told: Told = json.loads(
            subprocess.run(
                [str(python), str(SCRIPT)], input=asked, capture_output=True, text=True, check=True
            ).stdout
        )
        return told


def _environment(folder: Path) -> Path | None:
    """An environment with the peers, or None, said on stderr."""
    print(f"installing {', '.join(PACKAGES)} into {folder} for the comparison", file=sys.stderr)
    python = folder / "bin" / "python"
    try:
        subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True, capture_output=True)
        install = [str(python), "-m", "pip", "install", "--quiet", *PACKAGES]
        subprocess.run(install, check=True, capture_output=True, timeout=120)
    except (OSError, subprocess.SubprocessError) as error:
        print(f"no {', '.join(PACKAGES)} (no registry?), left out: {error}", file=sys.stderr)
        return None
    return python


def main() -> None:
    """Print the table, and with --json the figures as the last line."""
    options = options_of(__doc__).parse_args()
    found = figures(options.data)
    if options.json:
        print(json.dumps(found, ensure_ascii=False))
        return
    table = found["peers"]
    print(f"{'':36}" + "".join(f"{name:>16}" for name in table))
    for row in table["ours"]:
        print(f"{row:36}" + "".join(f"{table[name][row]:16}" for name in table))


if __name__ == "__main__":
    main()
