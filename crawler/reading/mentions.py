"""Finds the actors of a watchlist in a text, through Arabic clitics and spelling variants.

The text is folded and its spaces are taken out; an Aho-Corasick automaton finds every form of
every actor in it; then each hit is checked for word edges, clitics, spacing, and what its mode
asks for. Offsets into the stored text are worked out only for texts that have a hit.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import ahocorasick

from storage.models import Actor, Alias, Mention
from storage.text import fold, fold_map, words

CONTEXT_LETTERS = 260
"""Folded characters on either side in which a context word counts: some 40 words."""

_CLITICS = frozenset(["", *"وفبكل", "وب", "ول", "وك", "فب", "فل", "فك"])
_ARTICLES = frozenset(
    ("ال", "وال", "بال", "كال", "فال", "لل", "ولل", "فلل", "وبال", "وكال", "فبال")
)
_PARTICLES = (  # longest first: the first that a word begins with is its particle
    *("abdoul", "abdul", "abdel", "abdal", "bint", "ould"),
    *("abd", "abu", "abou", "bou", "ben", "bin", "ibn", "ait", "oum", "um", "al", "el"),
    *("عبد", "ابو", "ابي", "ابا", "ابن", "بنت", "ايت", "ولد", "ام", "بن", "ال", "ذو"),
)
_SOFT = str.maketrans("", "", " '_")
_SHORT = 4  # a one-word Arabic form with fewer letters takes no clitic: "علي" is not in "وعلي"
_LETTERS_KEPT = str.maketrans({"ى": "\ue001", "ة": "\ue002", "ء": "\ue003"})
_MARKS = re.compile(
    "[\u064b-\u065f\u0670\u0640\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]"
)


@dataclass(frozen=True, slots=True)
class _Form:
    """One written form, ready for checking.

    `gaps[i]` says what must stand after the i-th squeezed letter: a space (True), none (False),
    or either (None). `mode` is free, acronym, exact, context or anti. `cased`: a word in capitals,
    which counts only in capitals.
    """

    actor_id: str
    alias: str
    mode: str
    gaps: tuple[bool | None, ...]
    article: bool
    single: bool
    cased: bool
    term: bool
    bare: str  # the folded form without its article


@dataclass(frozen=True, slots=True)
class _Hit:
    """A form found at [start, end) of the folded text."""

    form: _Form
    start: int
    end: int


class Matcher:
    """Finds the actors of a watchlist; built once, used for any number of texts."""

    def __init__(self, actors: Sequence[Actor], *, names_only: bool = False) -> None:
        """Build the automaton. `names_only`: one-word forms need no context either."""
        self._contexts: dict[str, re.Pattern[str] | None] = {}
        self._automaton = ahocorasick.Automaton()
        by_key: dict[str, list[_Form]] = defaultdict(list)
        for actor in actors:
            if not actor.suppress:
                self._contexts[actor.id] = _context_pattern(actor.context)
                for form in _forms(actor, names_only=names_only):
                    by_key[form.bare.translate(_SOFT)].append(form)
        for key, forms in by_key.items():
            self._automaton.add_word(key, (len(key), tuple(forms)))
        self._automaton.make_automaton()
        self._empty = not by_key

    @classmethod
    def for_names(cls, names: Mapping[str, Iterable[str]]) -> Matcher:
        """A matcher for names alone: {actor id: [name, ...]}, every mode automatic.

        >>> [m.surface for m in Matcher.for_names({"x": ["AMDH"]}).find("l’AMDH, amdh, AMDHR")]
        ['AMDH']
        """
        actors = [
            Actor(actor_id, "", aliases=tuple(Alias(name) for name in forms))
            for actor_id, forms in names.items()
        ]
        return cls(actors, names_only=True)

    def find(self, text: str) -> list[Mention]:
        """Every mention in reading order; the longest form wins, and mentions do not overlap.

        Where one and the same place names two actors, both are given and marked `ambiguous`.
        """
        if self._empty or not text:
            return []
        folded = fold(text)
        squeezed = folded.translate(_SOFT)
        found = list(self._automaton.iter(squeezed))
        if not found:
            return []
        places = [place for place, char in enumerate(folded) if char not in " '_"]
        offsets = fold_map(text)[1]
        source = _Source(text, folded, places, offsets)
        hits = list(_checked(found, source))
        return list(self._chosen(hits, source))

    def _chosen(self, hits: list[_Hit], source: _Source) -> Iterator[Mention]:
        """The hits that hold, as mentions: not spoiled by an anti-alias, with context, longest."""
        antis = [hit for hit in hits if hit.form.mode == "anti"]
        hits = [hit for hit in hits if hit.form.mode != "anti" and not _spoiled(hit, antis)]
        sure = {hit.form.actor_id for hit in hits if hit.form.mode != "context"}
        kept = [
            hit
            for hit in hits
            if hit.form.mode != "context"
            or hit.form.actor_id in sure
            or self._has_context(hit, source.folded)
        ]
        groups = list(_longest(kept))
        for group in groups:
            actors = {hit.form.actor_id: hit for hit in reversed(group)}
            for hit in sorted(actors.values(), key=lambda hit: hit.form.actor_id):
                yield source.mention(hit, ambiguous=len(actors) > 1)

    def _has_context(self, hit: _Hit, folded: str) -> bool:
        pattern = self._contexts[hit.form.actor_id]
        if pattern is None:
            return False
        before = folded[max(0, hit.start - CONTEXT_LETTERS) : hit.start]
        after = folded[hit.end : hit.end + CONTEXT_LETTERS]
        return bool(pattern.search(before) or pattern.search(after))


# ---------------------------------------------------------------- the watchlist's side


def _forms(actor: Actor, *, names_only: bool) -> Iterator[_Form]:
    for alias in actor.aliases:
        free_word = names_only or actor.kind == "term"
        if form := _form(actor, alias.text, _mode(alias, free_word=free_word)):
            yield form
    for anti in actor.anti_aliases:
        if form := _form(actor, anti, "anti"):
            yield form


def _mode(alias: Alias, *, free_word: bool) -> str:
    """What is asked of a hit; `auto` is settled by the form itself."""
    if alias.mode != "auto":
        return alias.mode
    folded = words(fold(alias.text))
    if len(folded) > 1:
        return "free"
    if not free_word:
        return "context"
    return "acronym" if _in_capitals(alias.text) else "free"


def _in_capitals(text: str) -> bool:
    return text.isascii() and text.isupper() and len(text) > 1


def _form(actor: Actor, text: str, mode: str) -> _Form | None:
    folded = fold(text).replace("_", " ").strip()
    tokens = folded.split()
    squeezed = folded.translate(_SOFT)
    if not squeezed:
        return None
    article = folded.startswith("ال") and len(squeezed) >= 5
    bare = folded[2:].lstrip() if article else folded
    single = len(tokens) == 1
    return _Form(
        actor_id=actor.id,
        alias=text,
        mode=mode,
        gaps=_gaps(bare, free=not single),
        article=article,
        single=single,
        cased=mode == "acronym" or (single and _in_capitals(text)),
        term=actor.kind == "term",
        bare=bare,
    )


def _gaps(bare: str, *, free: bool) -> tuple[bool | None, ...]:
    """Where spaces must, must not and may stand; they are free only next to a particle."""
    gaps: list[bool | None] = []
    for token in bare.split():
        letters = token.translate(_SOFT)
        gaps += [False] * (len(letters) - 1) + [True]
        particle = next((p for p in _PARTICLES if letters.startswith(p)), None) if free else None
        if particle:
            gaps[len(gaps) - len(letters) + len(particle) - 1] = None
    return tuple(gaps[:-1])


def _context_pattern(context: Iterable[str]) -> re.Pattern[str] | None:
    """Context words at the start of a word, behind clitics; long ones in any inflection."""
    folded = {fold(word) for word in context} - {""}
    if not folded:
        return None
    parts = [
        re.escape(word.removeprefix("ال") if len(word) > 5 else word)
        + ("" if len(word) >= 4 else r"(?!\w)")
        for word in sorted(folded)
    ]
    clitics = "|".join(sorted((_CLITICS | _ARTICLES) - {""}, key=len, reverse=True))
    return re.compile(rf"(?<!\w)(?:{clitics})?(?:{'|'.join(parts)})")


# ---------------------------------------------------------------- the text's side


@dataclass(frozen=True, slots=True)
class _Source:
    """A text, its folded form, the folded place of each squeezed letter, and the offsets."""

    text: str
    folded: str
    places: list[int]
    offsets: list[int]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Where [start, end) of the folded text lies in the text, with the last letter's marks."""
        first, last = self.offsets[start], self.offsets[end - 1] + 1
        while last < len(self.text) and _belongs_to_letter(self.text[last]):
            last += 1
        return first, last

    def surface(self, start: int, end: int) -> str:
        """What stands at [start, end) of the folded text."""
        first, last = self.span(start, end)
        return self.text[first:last]

    def mention(self, hit: _Hit, *, ambiguous: bool) -> Mention:
        """The hit as a mention."""
        start, end = self.span(hit.start, hit.end)
        form = hit.form
        surface = self.text[start:end]
        rule = "term" if form.term else form.mode
        return Mention(form.actor_id, start, end, surface, form.alias, rule, ambiguous=ambiguous)


def _belongs_to_letter(char: str) -> bool:
    return unicodedata.combining(char) > 0 or char in "ءـ"


def _checked(
    found: Iterable[tuple[int, tuple[int, tuple[_Form, ...]]]], source: _Source
) -> Iterator[_Hit]:
    """The automaton's finds that stand as words in the text."""
    for last, (length, forms) in found:
        first = last - length + 1
        start, end = source.places[first], source.places[last] + 1
        if end < len(source.folded) and _in_word(source.folded[end]):
            continue
        prefix = _prefix(source.folded, start)
        for form in forms:
            if not _prefix_fits(form, prefix) or not _spacing_fits(form, first, source):
                continue
            if _surface_fits(form, source.surface(start, end)):
                yield _Hit(form, start - 2 * _with_article(form, prefix), end)


def _in_word(char: str) -> bool:
    return char.isalnum()


def _prefix(folded: str, start: int) -> str:
    """What of its word stands before a hit; no more than four letters are looked at."""
    begin = start
    while begin > 0 and start - begin < 5 and _in_word(folded[begin - 1]):
        begin -= 1
    return folded[begin:start]


def _prefix_fits(form: _Form, prefix: str) -> bool:
    if not prefix:
        return not (form.article and form.single)
    if not form.cased and not _is_arabic(form.bare[0]):
        return False
    if form.term or not form.single:
        return prefix in _CLITICS or prefix in _ARTICLES
    if form.article:
        return prefix in _ARTICLES
    return prefix in _CLITICS and len(form.bare) >= _SHORT


def _is_arabic(char: str) -> bool:
    return "\u0600" <= char <= "\u06ff"


def _with_article(form: _Form, prefix: str) -> bool:
    """Whether the article that the form was stored without stands before the hit."""
    return form.article and prefix.endswith("ال")


def _spacing_fits(form: _Form, first: int, source: _Source) -> bool:
    """Spaces stand where the form has them; apostrophes never count."""
    places, folded = source.places, source.folded
    for number, wanted in enumerate(form.gaps):
        if wanted is None:
            continue
        left, right = places[first + number], places[first + number + 1]
        between = right - left > 1 and folded[left + 1 : right].strip("'") != ""
        if between != wanted:
            return False
    return True


def _surface_fits(form: _Form, surface: str) -> bool:
    """What the mode and the length of the form ask of the written letters themselves."""
    if form.cased:
        return _plain(surface) == _plain(form.alias)
    if form.mode == "exact":
        return _plain(form.alias).endswith(_plain(surface))
    if form.single and not form.term:
        return _strict(form.alias).endswith(_strict(surface))
    return True


def _plain(text: str) -> str:
    """As written, in composed form, without marks and with single spaces."""
    return " ".join(_MARKS.sub("", unicodedata.normalize("NFC", text)).split())


def _strict(text: str) -> str:
    """Folded, but final ى and ي, ة and ه, and a lone hamza stay apart."""
    return fold(unicodedata.normalize("NFKC", text).translate(_LETTERS_KEPT)).translate(_SOFT)


def _spoiled(hit: _Hit, antis: list[_Hit]) -> bool:
    return any(
        anti.form.actor_id == hit.form.actor_id and anti.start < hit.end and hit.start < anti.end
        for anti in antis
    )


def _longest(hits: list[_Hit]) -> Iterator[list[_Hit]]:
    """Groups of hits of the same place: leftmost first, then longest, none overlapping another."""
    taken = 0
    group: list[_Hit] = []
    for hit in sorted(hits, key=lambda hit: (hit.start, -hit.end)):
        if group and (hit.start, hit.end) == (group[0].start, group[0].end):
            group.append(hit)
        elif hit.start >= taken:
            if group:
                yield group
            group, taken = [hit], hit.end
    if group:
        yield group
