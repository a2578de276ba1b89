"""What generated spellings find, what they confuse, and what they cost.

`bench/judged/spellings.jsonl` holds pairs of full names, written by hand: the same person in two
real-life spellings, or two persons whose names look alike. A pair is found when a watchlist that
knows the first finds the whole of the second. Part "a" was at hand when the rules were made, part
"b" was written afterwards and only measured. Run as `python -m bench.variants`; with --json the
last line is one JSON object. --wrong lists the pairs that went wrong.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from itertools import product
from pathlib import Path
from typing import Any

from crawler.reading.mentions import Matcher
from crawler.reading.skeletons import sounds_of
from crawler.reading.variants import squeezed, variants
from crawler.workspace import Config, load_config
from storage.models import Actor, Alias

PAIRS = Path(__file__).parent / "judged" / "spellings.jsonl"
_GIVEN = (
    "Mohammed Mahmoud Ahmed Hamad Hamid Hassan Hussein Ali Omar Amr Ammar Amir Othman Youssef "
    "Ibrahim Ismail Suleiman Salman Salim Salem Saleh Said Saad Khalid Khalil Walid Rashid Rashad "
    "Majid Nabil Nasser Naji Fadel Fadi Faris Farid Jaber Jabbar Jamal Jamil Karim Karima Zaid Ziad"
).split()
_FAMILY = (
    "Bakri Bakir Hadi Haddad Khatib Khoury Najjar Nasri Amri Ameri Alawi Allami Saadi Saidi Sabri "
    "Jaziri Jabri Jubouri Karimi Karami Mansouri Mansour Hashimi Hassani Husseini Rashidi Radi "
    "Qasimi Tamimi Tahiri Zaidi Ziani Bennani Benali Fassi Idrissi Naciri Chaoui Ouazzani Tazi"
).split()
_ARABIC_GIVEN = (
    "محمد محمود أحمد حامد حميد حسن حسين علي عمر عمرو عمار أمير سالم سليم صالح سعيد سعد خالد خليل "
    "راشد رشيد ماجد مجيد ناصر فاضل جابر جبار جمال كريم زيد"
).split()
_ARABIC_FAMILY = (
    "البكري الحداد الخطيب النجار العامري العمري العلوي اللامي السعدي السعيدي الصبري الجزيري "
    "الجابري الجبوري الكريمي المنصوري الهاشمي الحسني الحسيني الراشدي الراضي القاسمي التميمي "
    "الزيدي الزياني بنعلي الفاسي الإدريسي الشاوي خيرالله"
).split()
_TIMED = """
import time
from crawler.workspace import load_config
from crawler.reading.mentions import Matcher
from dataclasses import replace
from statistics import median
def took(work):
    begun = time.process_time()
    work()
    return time.process_time() - begun
config = load_config(None)
load = took(lambda: config.actors)
written = [
    replace(a, aliases=tuple(b for b in a.aliases if not b.generated)) for a in config.actors
]
bare = took(lambda: [actor.forms for actor in config.watched])
with_them = median(took(lambda: Matcher(config.actors)) for _ in range(5))
without = median(took(lambda: Matcher(written)) for _ in range(5))
print(load - bare, with_them - without)
"""

Finder = Callable[[str, str], bool]
"""Whether a watchlist that knows the first name finds the whole of the second."""


@dataclass(frozen=True, slots=True)
class Pair:
    """Two written names, and whether they are one person."""

    part: str
    known: str
    seen: str
    same: bool


def pairs() -> list[Pair]:
    """All pairs, in the order of the file."""
    return [Pair(**json.loads(line)) for line in PAIRS.read_text("utf-8").splitlines()]


def plain(known: str, seen: str) -> bool:
    """The plain alternative: whole words, case ignored."""
    return re.search(rf"(?<!\w){re.escape(known)}(?!\w)", seen, re.IGNORECASE) is not None


def matcher(known: str, seen: str) -> bool:
    """The matcher with the written form alone."""
    return _finds([Alias(known)], seen)


def with_variants(known: str, seen: str) -> bool:
    """The matcher with what is generated from the form."""
    made = variants(known, kind="person", language=None)
    return _finds([Alias(known), *(Alias(text, generated=True) for text in made)], seen)


def alike(known: str, seen: str) -> bool:
    """Whether they sound alike: what `marsad actors suggest` would ask a person about."""
    return "".join(sounds_of(known)) == "".join(sounds_of(seen))


FINDERS: dict[str, Finder] = {
    "plain whole word": plain,
    "matcher": matcher,
    "with variants": with_variants,
    "sounds alike": alike,
}


def _finds(aliases: Sequence[Alias], text: str) -> bool:
    found = Matcher([Actor("x", "person", aliases=tuple(aliases))]).find(text)
    return any((mention.start, mention.end) == (0, len(text)) for mention in found)


@dataclass(frozen=True, slots=True)
class Shares:
    """The shares of spellings of the same person that are found, and how many others are."""

    tuned: float
    held_out: float
    others: int


def shares(finder: Finder) -> Shares:
    """How the pairs of both parts fared."""
    found: dict[str, list[bool]] = defaultdict(list)
    for pair in pairs():
        found[pair.part if pair.same else "others"].append(finder(pair.known, pair.seen))
    part = {name: sum(fates) / len(fates) for name, fates in found.items()}
    return Shares(round(part["a"], 3), round(part["b"], 3), sum(found["others"]))


def merges(given: Sequence[str], family: Sequence[str]) -> tuple[int, list[tuple[str, str]]]:
    """How many full names there are, and those of which a variant is another of them."""
    names = [f"{first} {last}" for first, last in product(given, family)]
    known = {squeezed(name): name for name in names}
    confused = [
        (name, known[key])
        for name in names
        for variant in variants(name, kind="person", language=None)
        if (key := squeezed(variant)) in known and _finds([Alias(variant)], known[key])
    ]
    return len(names), confused


def shared_keys(config: Config) -> int:
    """Spellings that a matcher of the shipped watchlists would look for in the name of several."""
    owners: dict[str, set[str]] = defaultdict(set)
    generated: set[str] = set()
    for actor in config.actors:
        for alias in actor.aliases:
            owners[squeezed(alias.text)].add(actor.id)
            if alias.generated:
                generated.add(squeezed(alias.text))
    return sum(len(owners[key]) > 1 for key in generated)


def load_seconds() -> tuple[float, float]:
    """CPU time that variants add to a fresh process: to loading, and to the automaton."""
    done = subprocess.run(
        [sys.executable, "-c", _TIMED], capture_output=True, text=True, check=True, timeout=60
    )
    load, build = map(float, done.stdout.split())
    return load, build


def figures(data: Path | None = None) -> dict[str, Any]:
    """All figures; none of them needs the shared data."""
    del data
    config = load_config(None)
    recall = {name: shares(finder) for name, finder in FINDERS.items()}
    latin, arabic = merges(_GIVEN, _FAMILY), merges(_ARABIC_GIVEN, _ARABIC_FAMILY)
    load, build = load_seconds()
    judged = Counter(pair.same for pair in pairs())
    return {
        "spelling_pairs": judged[True],
        "other_pairs": judged[False],
        "spellings": {name: asdict(found) for name, found in recall.items()},
        "full_names": latin[0] + arabic[0],
        "full_names_confused": len(latin[1]) + len(arabic[1]),
        "shipped_variants": sum(b.generated for actor in config.actors for b in actor.aliases),
        "shipped_refused": len(config.refused),
        "shipped_shared": shared_keys(config),
        "load_seconds_added": round(load, 3),
        "automaton_seconds_added": round(build, 3),
    }


def _table(found: dict[str, Any]) -> None:
    print(f"{found['spelling_pairs']} spellings of the same, {found['other_pairs']} of others")
    print(f"  {'':<18}{'tuned':>8}{'held out':>10}{'others':>8}")
    for name, share in found["spellings"].items():
        row = f"{share['tuned']:>8.1%}{share['held_out']:>10.1%}{share['others']:>8}"
        print(f"  {name:<18}{row}")
    print(f"{found['full_names_confused']} of {found['full_names']} full names have a variant that")
    print("  is another of them")
    print(
        f"shipped: {found['shipped_variants']} generated, {found['shipped_refused']} refused, "
        f"{found['shipped_shared']} shared by two actors"
    )
    print(
        f"a fresh process spends {found['load_seconds_added']} s more on loading and "
        f"{found['automaton_seconds_added']} s more on its automaton (CPU)"
    )


def _wrong() -> None:
    for pair in pairs():
        if with_variants(pair.known, pair.seen) is not pair.same:
            print("missed" if pair.same else "joined", pair.known, "|", pair.seen)
    for given, family in ((_GIVEN, _FAMILY), (_ARABIC_GIVEN, _ARABIC_FAMILY)):
        for name, other in merges(given, family)[1]:
            print("confused", name, "|", other)


def main() -> None:
    """Print the table or the JSON line."""
    parser = argparse.ArgumentParser(description="Measure generated spellings of names.")
    parser.add_argument("--json", action="store_true", help="print one line of JSON")
    parser.add_argument("--wrong", action="store_true", help="list the pairs that went wrong")
    options = parser.parse_args()
    if options.wrong:
        _wrong()
        return
    found = figures()
    _table(found)
    if options.json:
        print(json.dumps(found, ensure_ascii=False))


if __name__ == "__main__":
    main()
