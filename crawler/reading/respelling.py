"""Other Latin spellings of one word of a name, and how likely each is.

What newspapers do to Arabic, Amazigh and Kurdish names: French writes ch, ou, dj where English
writes sh, u, j; long vowels are written ee, oo or not at all; consonants are doubled or not.
Measured pairs are few (of such pairs a tenth part can be had in public), so the rules are own
knowledge. Each has a price; a rule that is applied to several words of a name is paid for once,
and so is a way of writing (the French, the English one) that several rules belong to.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from crawler.reading.names import SPELLINGS

DEAREST = 2.2
"""The highest price of a spelling that is still generated."""
_FRENCH, _ENGLISH = 1, 2
_WAY_PRICE = 0.8
_WITHIN_A_WAY = 0.2
_RANK_PRICE = 0.15
_KNOWN_PRICE = 0.5
_MOST = 12  # spellings of one word


@dataclass(frozen=True, slots=True)
class Spelling:
    """A way to write a word: its own price, and the rules that it took, a bit each."""

    text: str
    price: float = 0.0
    rules: int = 0


@dataclass(frozen=True, slots=True)
class _Rule:
    bit: int
    pattern: re.Pattern[str]
    becomes: str
    price: float
    way: int


_C = "bcdfghjklmnpqrstvwxz"
_WRITTEN = (  # pattern, what it becomes, price, way of writing
    ("sh", "ch", 0.0, _FRENCH),
    ("(?<!o)u(?!u)|oo", "ou", 0.0, _FRENCH),
    ("ee", "i", 0.7, 0),
    ("^w(?=[aei])", "ou", 0.5, _FRENCH),
    ("q", "k", 0.7, 0),
    ("(?<!d)j", "dj", 0.9, _FRENCH),
    ("^gh", "rh", 0.2, _FRENCH),
    (f"(?<=[aeiou][{_C}])i(?=[{_C}]$)", "ee", 0.6, _ENGLISH),
    ("(?<=[aeiou][nm])$", "e", 0.9, _FRENCH),
    ("ch", "sh", 0.0, _ENGLISH),
    ("(?!^)ou", "u", 0.0, _ENGLISH),
    ("(?!^)ou", "oo", 0.5, _ENGLISH),
    ("^ou(?=[aei])", "w", 0.3, _ENGLISH),
    ("dj", "j", 0.0, _ENGLISH),
    ("^rh", "gh", 0.1, _ENGLISH),
    (f"(?<=[aeiou][{_C}])e$", "", 0.3, _ENGLISH),
    ("k(?=$|[aou])", "q", 1.2, 0),
    (r"([bdfhjklmnqrstwz])\1", r"\1", 0.8, 0),
    ("(?<=[aeiouy])s(?=[aeiouy])", "ss", 0.5, _FRENCH),
    ("(?<=[aiou])h$", "", 0.7, 0),
    ("(?<=[^aei]a)$", "h", 1.4, 0),
    (f"^e(?=[{_C}][{_C}a])", "i", 0.8, 0),
    (f"^i(?=[{_C}][{_C}a])", "e", 0.8, 0),
    (f"(?<=a[{_C}])e(?=[{_C}]$)|(?<=[{_C}])e(?=[{_C}]i$)", "i", 0.8, 0),
    (f"(?<=a[{_C}])i(?=[{_C}]$)|(?<=[{_C}])i(?=[{_C}]i$)", "e", 1.0, 0),
    ("(?<=[^aei])i$", "y", 1.2, 0),
    ("(?<=[^aei])(y|ee)$", "i", 0.8, 0),
    ("ai(?=[^aeiouy])", "ei", 1.4, 0),
    ("ay(?=[^aeiouy])|ey(?=[^aeiouy])|ei(?=[^aeiouy])", "ai", 0.8, 0),
    ("iy(?=[aeou])", "i", 0.9, 0),
    ("(?<=[^aeiouy])y(?=[aeou])", "iy", 0.9, 0),
    ("(?<=[^aeiouy])y(?=[aeou])", "i", 0.9, 0),
    ("(?<=[^aeiouy])i(?=[aeou])", "iy", 1.0, 0),
    (f"(?<=[{_C}])o(?=[{_C}])", "u", 1.2, 0),
    (f"(?<=[{_C}])u(?=[{_C}])", "o", 1.1, 0),
    ("(?<=a)ie$", "i", 0.8, 0),
    (f"(?<=^[{_C}])a(?=[{_C}]{{2}})", "e", 1.5, 0),
    ("(?<=[^h])th", "t", 1.0, 0),
    ("dh", "d", 1.0, 0),
    ("dh", "z", 1.5, 0),
    ("dh", "th", 1.5, 0),
    (f"(?<=[{_C}])ou(?=[aei])", "w", 0.3, _ENGLISH),
    (f"(?<=[{_C}])w(?=[aei])", "ou", 0.5, _FRENCH),
    (f"ae(?=[{_C}])", "aye", 1.0, 0),
    ("aye", "ae", 1.0, 0),
    ("aw(?=[^aeiou])", "aou", 0.8, 0),
    ("aou", "aw", 0.9, 0),
    (f"(?<=^[{_C}])e(?=[{_C}]{{2}})", "a", 1.2, 0),
    ("aa", "a", 0.7, 0),
)  # fmt: skip
_RULES = tuple(
    _Rule(1 << number, re.compile(pattern), becomes, price, way)
    for number, (pattern, becomes, price, way) in enumerate(_WRITTEN, start=2)
)
_IS_FRENCH = re.compile("ch|ou|dj|c(?=[eiy])|(?<=[nm])e$")
_PRICES = {rule.bit: (rule.price, rule.way) for rule in _RULES}
EL = 1 << (len(_RULES) + 2)
"""The article written el, as one more rule of a name."""
AL = EL << 1
"""The article written al."""
BARE = EL << 2
"""The article left out."""
ADDED = EL << 3
"""An article where there is none."""
_PRICES |= {EL: (0.1, _FRENCH), AL: (0.1, _ENGLISH), BARE: (0.7, 0), ADDED: (0.7, 0)}
_PRICES |= {_FRENCH: (0.0, _FRENCH), _ENGLISH: (0.0, _ENGLISH)}


@lru_cache(maxsize=20_000)
def price_of(rules: int) -> float:
    """What a set of rules costs: each of its own, and each way of writing once.

    >>> price_of(0)
    0.0
    """
    total, ways = 0.0, [0, 0, 0]
    while rules:
        bit = rules & -rules
        rules ^= bit
        price, way = _PRICES[bit]
        total += price
        ways[way] += 1
    for used in ways[1:]:
        total += _WAY_PRICE + _WITHIN_A_WAY * (used - 1) if used else 0.0
    return total


@lru_cache(maxsize=20_000)
def respellings(word: str) -> tuple[Spelling, ...]:
    """A folded Latin word and its other spellings, most likely first.

    >>> [spelling.text for spelling in respellings("raissouni")][:3]
    ['raissouni', 'raisouni', 'raissuni']
    """
    if word in SPELLINGS:
        return (Spelling(word), *_known(word))
    if word[:-1] in SPELLINGS and word.endswith("i"):  # Hashimi is of Hashim
        others = respellings(word[:-1])[1:]
        return (Spelling(word), *(replace(one, text=one.text + "i") for one in others))
    found = {word: 0}
    for rule in _RULES:
        for text, rules in list(found.items()):
            other = rule.pattern.sub(rule.becomes, text)
            wanted = rules | rule.bit
            if other not in found and price_of(wanted) <= DEAREST and other not in SPELLINGS:
                found[other] = wanted
    ordered = sorted(found.items(), key=lambda item: (price_of(item[1]), item[0]))
    return tuple(Spelling(text, 0.0, rules) for text, rules in ordered[:_MOST] if text)


def _known(word: str) -> Iterator[Spelling]:
    """The other spellings of a name that we know, in the order in which they are usual."""
    was_french = bool(_IS_FRENCH.search(word))
    for rank, other in enumerate(SPELLINGS[word][: _MOST - 1]):
        is_french = bool(_IS_FRENCH.search(other))
        price = _RANK_PRICE * rank
        if is_french == was_french:
            yield Spelling(other, _KNOWN_PRICE + price)
        else:
            yield Spelling(other, price, _FRENCH if is_french else _ENGLISH)
