"""The watchlist's side of matching: each written form of an actor, ready for checking.

A form is found by its key: folded, without its article, without spaces. Whatever the key leaves
out is asked of the text again at each place where the key is found.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from crawler.reading.givennames import GIVEN
from storage.models import Actor, Alias
from storage.text import SOFT, fold, words

CLITICS = frozenset(("", *"وفبكل", "وب", "ول", "وك", "فب", "فل", "فك"))
"""And, so, with, like, for: what Arabic writes onto the next word."""
ARTICLES = frozenset(
    first + article
    for first in ("", "و", "ف")
    for article in ("ال", "بال", "كال", "لال", "لل", "للال")
)
"""The same with the article. لل is ل + ال; لال and للال are what is typed by mistake for it."""
_PARTICLE = re.compile(  # longest first; the shortest begin too many words: Alice, أمين
    "abdoul|abdul|abdel|abdal|bint|ould|abd|abu|abou|bou|ben|bin|ibn|ait|oum"
    "|عبد|ابو|ابي|ابا|بو|ابن|بنت|ايت|ولد|بن|ال|ذو|(?:um|al|el|ام)(?=.{4}|$)"
)
_ACRONYM = re.compile("[A-Z]{3,7}")
_ARTICLE = re.compile(r"ال *(?!(?:ان|له|ما|لا|لم|لن|لي|من|في)\b)[^\W\d_]{2}")  # not الله, الآن
_HAMZA_AND_WAW = re.compile("ؤو|ئو|ءو")
_LEANING = re.compile("(?:الدين|الله|eddine?|uddin|[au]llah)$")
"""What is glued to the word before it as often as not: نور الدين, Nour Eddine."""
_SOFT = str.maketrans("", "", SOFT)
_LETTERS_KEPT = str.maketrans({"ى": "\ue001", "ة": "\ue002", "ء": "\ue003"})
_MARKS = re.compile(
    "[\u0610-\u061a\u061c\u064b-\u065f\u0670\u0640\u06d6-\u06ed\u00ad\u200b-\u200f\u202a-\u202e"
    "\u2060-\u2069\ufe00-\ufe0f\ufeff]"
)


@dataclass(frozen=True, slots=True)
class Form:
    """One written form of an actor.

    `mode` is free, acronym, exact, context or anti. `bare` is the folded form without its article.
    `cased`: a word in capitals, which counts only in capitals. `kind` is the actor's; `personal`:
    may be a person's name. `words`: all folded words of the actor's forms.
    """

    actor_id: str
    alias: str
    mode: str
    bare: str
    article: bool
    single: bool
    cased: bool
    kind: str
    personal: bool
    words: frozenset[str]

    @property
    def term(self) -> bool:
        """Whether it is a generic word, not a name."""
        return self.kind == "term"

    @property
    def key(self) -> str:
        """What is looked for in a squeezed text."""
        return self.bare.translate(_SOFT)


def forms_of(actor: Actor, *, names_only: bool = False) -> Iterator[Form]:
    """Every form of an actor, the anti-aliases too; those without a letter are left out."""
    free_word = names_only or actor.kind == "term"
    known = frozenset(word for alias in actor.aliases for word in fold(alias.text).split())
    for alias in actor.aliases:
        mode = _mode(alias, free_word=free_word)
        for spelling in _spellings(alias.text):
            if form := _form(actor, spelling, mode, known):
                yield replace(form, alias=alias.text)
                if form.cased and _ACRONYM.fullmatch(spelling):
                    yield replace(form, bare=".".join(form.bare))  # A.M.D.H.
    for anti in actor.anti_aliases:
        if form := _form(actor, anti, "anti", known):
            yield form


def _spellings(text: str) -> Iterable[str]:
    """The text itself, and as others write hamza before waw.

    >>> list(_spellings("شؤون"))
    ['شؤون', 'شئون', 'شؤن']
    """
    return dict.fromkeys((text, *(_HAMZA_AND_WAW.sub(hamza, text) for hamza in ("ؤو", "ئو", "ؤ"))))


def _mode(alias: Alias, *, free_word: bool) -> str:
    """What is asked of a hit; `auto` is settled by the form itself."""
    if alias.mode != "auto":
        return alias.mode
    if len(words(fold(alias.text))) > 1:
        return "free"
    if not free_word:
        return "context"
    return "acronym" if _in_capitals(alias.text) else "free"


def _in_capitals(text: str) -> bool:
    return text.isascii() and text.isupper() and len(text) > 1


def _form(actor: Actor, text: str, mode: str, known: frozenset[str]) -> Form | None:
    folded = fold(text).replace("_", " ").strip()
    squeezed = folded.translate(_SOFT)
    if not squeezed:
        return None
    article = bool(_ARTICLE.match(folded)) and _plain_alif(text)
    bare = folded[2:].lstrip() if article else folded
    tokens = folded.split()
    single = len(tokens) == 1 and mode != "anti"
    return Form(
        actor_id=actor.id,
        alias=text,
        mode=mode,
        bare=bare,
        article=article,
        single=single,
        cased=mode == "acronym" or (single and _in_capitals(text)),
        kind=actor.kind,
        personal=actor.kind == "person" or (not actor.kind and tokens[0] in GIVEN),
        words=known,
    )


def _plain_alif(text: str) -> bool:
    """Whether the text begins with an alif that may be the article's: إلهام has none."""
    return plain(text).strip(" \"'«“(#_")[:1] in ("ا", "ٱ")


@lru_cache(maxsize=4096)
def gaps(bare: str, *, free: bool) -> tuple[bool | None, ...]:
    """What must stand after each letter but the last: a space, none, or either (None).

    It is free only next to a particle or before الدين and its like, and only in forms of two
    words or more.

    >>> gaps("ab el c", free=True), gaps("ab الدين", free=True)
    ((False, True, False, None), (False, None, False, None, False, False))
    """
    found: list[bool | None] = []
    for token in bare.split():
        letters = token.translate(_SOFT)
        found += [False] * (len(letters) - 1) + [True]
        if free and (particle := _PARTICLE.match(letters)):
            found[len(found) - len(letters) + particle.end() - 1] = None
            if particle[0].startswith("abd"):  # Abdel Hadi is also written Abd el-Hadi
                found[len(found) - len(letters) + 2] = None
        leaning = _LEANING.search(letters) if free else None
        if leaning and len(found) > len(leaning[0]):
            found[len(found) - len(leaning[0]) - 1] = None
    return tuple(found[:-1])


def context_pattern(context: Iterable[str]) -> re.Pattern[str] | None:
    """Context words at the start of a word, behind clitics; long ones in any inflection."""
    folded = {fold(word) for word in context} - {""}
    if not folded:
        return None
    parts = [
        re.escape(word.removeprefix("ال") if len(word) > 5 else word).replace(r"\ ", " +")
        + ("" if len(word) >= 4 else r"(?![^\W_])")
        for word in sorted(folded)
    ]
    clitics = "|".join(sorted((CLITICS | ARTICLES) - {""}, key=len, reverse=True))
    return re.compile(rf"(?<![^\W_])(?:{clitics})?(?:{'|'.join(parts)})")


def plain(text: str) -> str:
    """As written, in composed form, without marks and with single spaces."""
    return " ".join(_MARKS.sub("", unicodedata.normalize("NFKC", text)).split())


def strict(text: str) -> str:
    """Squeezed, but final ى and ي, ة and ه, and a lone hamza stay apart."""
    kept = unicodedata.normalize("NFKC", text).translate(_LETTERS_KEPT)
    return fold(kept).translate(_SOFT)


plain_form = lru_cache(maxsize=4096)(plain)
strict_form = lru_cache(maxsize=4096)(strict)
"""The same for forms of the watchlist; what stands in texts may be too long to be kept."""
