"""The label in print: what an outlet calls an actor, beside the name and word for word.

«الناشط الحقوقي» فلان, the so-called "activist" X, X, militant des droits humains: the label is a
piece of the text, quotation marks and all. It says nothing of what the actor is, nor of where the
outlet stands. Articles and titles are no part of it, unless they stand within.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from crawler.reading.labelwords import MARKERS, languages_of, may_label, part_of
from storage.text import fold

Span = tuple[int, int]

_REACH = 110
"""Characters on either side in which a label is looked for."""
_TOKEN = re.compile(
    r"(?P<word>[^\W_](?:[^\W_]|[\u0300-\u036f\u0610-\u061a\u064b-\u065f\u0670\u200c-\u200f]"
    r"|[-‐‑](?=[^\W_]))*)|(?P<quote>[\"“”„«»‹›])|(?P<apostrophe>['’‘])|(?P<other>\S)"
)
_MARKS = '"“”„«»‹›'
_APPOSITION = re.compile(
    r"\s*[»”\"]?\s*(?:[,،]\s*(?:\d{1,3}(?:\s*(?:ans|عاما|سنة))?\s*[,،]\s*)?|\(\s*|\s[–—-]\s"
    r"|\s+(?:ب|بـ|as|comme|de)(?=\s*(?:(?:an?|the)\s+)?[«“\"]))\s*"
    r"(?P<who>(?:an?|the|le|la|une?|وهو|وهي)\s+|l['’])?",
    re.IGNORECASE,
)
_APOSTROPHES = "'’‘"
_SINGLE = re.compile(r"(?<!\w)['‘](?=\w)|(?<=\w)['’](?!\w)")  # quotation marks, not apostrophes
_BEFORE_NAME = _MARKS + _APOSTROPHES + " \u00a0\u202fـ,،/"
_BEFORE_MARKED = " \u00a0\u202f\"“„«‹'‘ـب/"  # between a marker and what it marks
_FIRST_WORD = re.compile(rf"[{_MARKS}{_APOSTROPHES} \u00a0\u202f]*[^\W_][^\s,،.]*")
_BEFORE_SENTENCE = " \u00a0\"“«‘'"
_SENTENCE_ENDS = ("", *".!?:…\n")
_COMMA = re.compile(r"\s*[,،]")
_APPOSED_IN_ARABIC = re.compile(r"\s+(?=ال|أحد\s|إحدى\s)")
_CLAUSE = frozenset(
    fold(
        """
        في من على إن أن عن إلى قد لم لن بعد قبل منذ أمام خلال ضد مع الذي التي قال قالت أكد أكدت
        صرح وقال وأكد بأن كان كانت لدى عبر بسبب حول
        """
    ).split()
)
"""Words that begin another part of the sentence; behind them no name is cut off from its label."""


_VERBS = frozenset(
    fold("suspect suspecte accusé accusée prévenu prévenue inculpé inculpée").split()
)
"""Nouns that are verbs as well: they accuse X, a accusé X. With an article they are nouns."""
_ARTICLES = frozenset(("le", "la", "l", "un", "une", "du", "ce", "cet", "cette", *_APOSTROPHES))


@dataclass(frozen=True, slots=True)
class _Word:
    """A token of the text; `part` is its part in the label, "" if it can have none."""

    start: int
    end: int
    key: str
    part: str
    clitic: str


def label_of(text: str, start: int, end: int, *, kind: str = "") -> Span | None:
    """Where the label of the name at [start, end) stands, or None.

    `kind`: of the actor; a person is called other things than an organisation.

    >>> text = "the so-called “activist” Jane Doe"
    >>> span = label_of(text, 25, 33)
    >>> text[span[0] : span[1]] if span else None
    'so-called “activist”'
    """
    heads = _heads(kind)
    return _before(text, start, end, heads) or _after(text, end, heads) or _quoted(text, start, end)


def _heads(kind: str) -> frozenset[str]:
    if kind in ("", "political", "pro_government", "media"):
        return frozenset(("person", "group"))
    return frozenset(("person" if kind == "person" else "group",))


# ---------------------------------------------------------------- before the name


def _before(text: str, start: int, end: int, heads: frozenset[str]) -> Span | None:
    """The label that ends where the name begins."""
    lead = text[max(0, start - _REACH) : start].rstrip(_BEFORE_NAME)
    if not may_label(lead[lead.rfind(" ") + 1 :]):
        return None
    begin = max(0, start - _REACH, text.rfind("\n", max(0, start - _REACH), start) + 1)
    tokens = list(_TOKEN.finditer(text, begin, start))
    if tokens and _COMMA.match(tokens[-1][0]) and _COMMA.match(text, end):
        tokens.pop()  # le militant, X, a dit
    if not tokens:
        return None
    spans: list[Span] = []
    for language in _languages(tokens):
        run = _run_before(tokens, language)
        if span := _phrase_before(run, text, language, heads):
            spans.append(span)
    best = max(spans, key=lambda span: span[1] - span[0], default=None)
    return _with_marker(text, tokens, best, start)


def _languages(tokens: Sequence[re.Match[str]]) -> tuple[str, ...]:
    """The languages in whose script the last word stands."""
    last = next((token[0] for token in reversed(tokens) if token["word"]), "")
    return languages_of(last) if last else ()


def _run_before(tokens: Sequence[re.Match[str]], language: str) -> list[_Word]:
    """The words of labels, and the quotation marks among them, that lead up to the name."""
    run: list[_Word] = []
    for token in reversed(tokens):
        word = _word(token, language)
        if word is None or (not word.part and not token["quote"]):
            break
        run.append(word)
    run.reverse()
    return run


def _word(token: re.Match[str], language: str) -> _Word | None:
    """The token as a word of a label; None for punctuation that no label has."""
    if token["other"]:
        return None
    if not token["word"]:
        part = "join" if token["apostrophe"] else ""
        return _Word(token.start(), token.end(), token[0], part, "")
    key = fold(token[0])
    part, clitic = part_of(key, language)
    if not part and token[0].isupper() and len(token[0]) > 1:
        part = "before" if language == "en" else "after"  # president of, or behind, an acronym
    return _Word(token.start(), token.end(), key, part, clitic)


def _phrase_before(
    run: list[_Word], text: str, language: str, heads: frozenset[str]
) -> Span | None:
    words = [word for word in run if word.key not in _MARKS or word.part]
    while words and (words[-1].part in ("title", "article") or words[-1].key in _APOSTROPHES):
        words.pop()
    first = (
        _first_of_english(words, text, heads)
        if language == "en"
        else _first(words, heads, language)
    )
    if first is None:
        return None
    return _balanced(text, _start_of(words[first]), words[-1].end)


def _start_of(word: _Word) -> int:
    """Where the word begins without the letter written onto it; لل holds the article, and stays."""
    if word.clitic[-2:] == "ال" and len(word.clitic) == 3:
        return word.start + 1
    return word.start


def _first_of_english(words: Sequence[_Word], text: str, heads: frozenset[str]) -> int | None:
    """The first word of the label in a language whose noun comes last."""
    if not words or words[-1].part not in heads:
        outlawed = [word.part for word in words[-2:]] == ["article", "participle"]
        return len(words) - 1 if outlawed else None
    first = len(words) - 1
    if words[first].key in _VERBS and not _stands_before_noun(words, first, text):
        return None
    for place in range(len(words) - 2, -1, -1):
        part = words[place].part
        if part in ("article", "title", "other"):
            break
        verbal = part == "participle" or words[place].key in _VERBS
        if verbal and not _stands_before_noun(words, place, text):
            break
        if part != "join" and words[place].key != "s":
            first = place
    return first


def _stands_before_noun(words: Sequence[_Word], place: int, text: str) -> bool:
    """The jailed activist, or a sentence's first word, but not: police jailed activist X."""
    if place > 0:
        return words[place - 1].part in ("article", "before", "participle")
    start = words[0].start
    return text[start].isupper() and _opens_sentence(text, start)


def _opens_sentence(text: str, start: int) -> bool:
    """Whether nothing but quotation marks stands between a word and the sentence before."""
    return text[max(0, start - 8) : start].rstrip(_BEFORE_SENTENCE)[-1:] in _SENTENCE_ENDS


def _first(words: Sequence[_Word], heads: frozenset[str], language: str) -> int | None:
    """The first word of the label in a language whose noun comes first."""
    if not words or words[-1].part == "join":
        return None
    first: int | None = None
    for place, word in enumerate(words):
        if word.part not in heads:
            continue
        if language == "fr" and _is_verb(words, place):
            first = None  # what stands before it is the verb's subject
            continue
        if first is None or _begins_anew(words, place, language):
            first = place
    if first is None or (language == "ar" and not _complete(words, first)):
        return None
    while first > 0 and words[first - 1].part == "before":
        first -= 1
    return first


def _is_verb(words: Sequence[_Word], place: int) -> bool:
    """Il accuse X, on a inculpé X: not l'accusée X, nor le militant accusé X."""
    before = words[place - 1] if place else None
    noun = before is not None and (before.key in _ARTICLES or before.part == "person")
    return words[place].key in _VERBS and not noun


def _begins_anew(words: Sequence[_Word], place: int, language: str) -> bool:
    """Whether a noun is another's: avocat du militant, محامي الناشط, للناشط."""
    word, previous = words[place], words[place - 1]
    if language == "ar":
        after_construct = previous.part == "person" and not previous.clitic.endswith(("ال", "لل"))
        return word.clitic.strip("وف").startswith(("ل", "ب", "ك")) or (
            word.part == "person" and word.clitic == "ال" and after_construct
        )
    if language != "fr" or word.part != "person":
        return False
    return previous.key in ("de", "du", "des", "d", "la", "le", "l", "les", "'", "au", "a")


def _complete(words: Sequence[_Word], first: int) -> bool:
    """A bare noun before a name is a label only with the article: رئيس is somebody's."""
    return len(words) - first > 1 or words[first].clitic.endswith(("ال", "لل"))


def _balanced(text: str, start: int, end: int) -> Span:
    """The span with the quotation mark whose partner it holds, or with both that enclose it."""
    before, after = _mark_before(text, start), _mark_after(text, end)
    open_inside = _marks(text, start, end)
    if before is not None and after is not None and open_inside % 2 == 0:
        return before, after
    if open_inside % 2 and before is not None:
        return before, end
    if open_inside % 2 and after is not None:
        return start, after
    return start, end


def _marks(text: str, start: int, end: int) -> int:
    singles = len(_SINGLE.findall(text, start, end))
    return sum(text.count(mark, start, end) for mark in _MARKS) + singles


def _mark_before(text: str, start: int) -> int | None:
    """Where an opening quotation mark directly before stands."""
    place = start - 1
    if place > 0 and text[place] in " \u00a0\u202f" and text[place - 1] in "«‹":
        place -= 1
    return place if place >= 0 and (text[place] in '"“„«‹' or _SINGLE.match(text, place)) else None


def _mark_after(text: str, end: int) -> int | None:
    """Behind a closing quotation mark directly after."""
    place = end
    if place + 1 < len(text) and text[place] in " \u00a0\u202f" and text[place + 1] in "»›":
        place += 1
    closing = place < len(text) and (text[place] in '"”“»›' or _SINGLE.match(text, place))
    return place + 1 if closing else None


def _with_marker(
    text: str, tokens: Sequence[re.Match[str]], span: Span | None, start: int
) -> Span | None:
    """The label from the marker on that stands before it, or before the name itself."""
    begin = span[0] if span else start
    words = [token for token in tokens if token["word"] and token.end() <= begin]
    if words and words[-1][0] in ("a", "an", "the"):  # what it called the “militia”
        begin = words.pop().start()
    if not words or text[words[-1].end() : begin].strip(_BEFORE_MARKED):
        return span
    keys = [key for token in words[-6:] for key in fold(token[0]).split()]
    if keys and keys[-1] == "ب":
        keys.pop()
        words.pop()
    length = _marker(keys)
    if not length or not words:
        return span
    first, last = _spanned(words, length)
    return first, (span[1] if span else last)


def _marker(keys: Sequence[str]) -> int:
    """How many of the last words are a marker."""
    return next((n for n in (4, 3, 2, 1) if tuple(keys[-n:]) in MARKERS and len(keys) >= n), 0)


def _spanned(words: Sequence[re.Match[str]], length: int) -> Span:
    """Where the last words lie that have so many parts; so-called has two."""
    last = len(words) - 1
    first = last
    parts = len(fold(words[last][0]).split())
    while parts < length and first > 0:
        first -= 1
        parts += len(fold(words[first][0]).split())
    return words[first].start(), words[last].end()


# ---------------------------------------------------------------- behind the name


def _after(text: str, end: int, heads: frozenset[str]) -> Span | None:
    """The label that stands behind the name, as apposition."""
    line = text.find("\n", end, end + _REACH)
    stop = min(len(text), end + _REACH) if line < 0 else line
    apposed = _APPOSITION.match(text, end, stop)
    begin = apposed or _APPOSED_IN_ARABIC.match(text, end, stop)
    if begin is None:
        return None
    first = _FIRST_WORD.match(text, begin.end(), stop)
    if first is None or not may_label(first[0]):
        return None
    tokens = list(_TOKEN.finditer(text, begin.end(), stop))
    spans = [
        span
        for language in _languages(tokens[:2])
        if (span := _phrase_after(tokens, text, language, heads))
        and _apposed(text, span[1], loose=apposed is not None)
    ]
    return max(spans, key=lambda span: span[1] - span[0], default=None)


def _phrase_after(
    tokens: Sequence[re.Match[str]], text: str, language: str, heads: frozenset[str]
) -> Span | None:
    words: list[_Word] = []
    for token in tokens:
        word = _word(token, language)
        if token["quote"]:
            continue
        if word is None or word.part in ("", "article", "title"):
            break
        words.append(word)
    while words and (words[-1].part == "join" or (language == "en" and words[-1].part != "person")):
        if language == "en" and words[-1].part in heads:
            break
        words.pop()
    named = [place for place, word in enumerate(words) if word.part in heads]
    if not named or (words[0].part != "before" and _plural(words[named[0]].key, language)):
        return None
    if language != "en" and any(word.part != "before" for word in words[: named[0]]):
        return None
    return _balanced(text, words[0].start, words[-1].end)


def _plural(key: str, language: str) -> bool:
    """Whether the noun is of many, and so of others than the one who is named before it."""
    if language in ("en", "fr"):
        return key.endswith("s")
    return language == "ar" and key.endswith(("ون", "ين", "نشطا", "عملا"))


def _apposed(text: str, end: int, *, loose: bool) -> bool:
    """Whether the sentence goes on behind the label otherwise than with the name of another."""
    following = _TOKEN.search(text, end, end + 40)
    if following is None or "\n" in text[end : following.start()]:
        return True
    if following["quote"] or following["other"] or following["apostrophe"]:
        return following[0] not in "«“„\"'"
    if not loose:
        return False
    word = following[0]
    return word[0].islower() or fold(word) in _CLAUSE or word[0].isdecimal()


# ---------------------------------------------------------------- around the name


def _quoted(text: str, start: int, end: int) -> Span | None:
    """The name itself with the quotation marks that it alone stands in."""
    before, after = _mark_before(text, start), _mark_after(text, end)
    return (before, after) if before is not None and after is not None else None
