"""Sorani typed with Arabic letters, put back into its own: what the language model can read.

Sorani has been typed in three ways that the model, which learned from its own alphabet, does not
know: with ه and a ZWNJ for ە (and ي ك for ی ک), with a plain ه that joins or stands before a
space, and in the old fonts that drew ە where the code says ة. The result is only good for telling
the language: a ه that stands for h becomes ە as well.
"""

from __future__ import annotations

import re

_OWN_LETTERS = re.compile("[ەێۆڕڵ]")
_HEH = re.compile("ه(?:\u200c|(?!\\w))")  # closed by a ZWNJ or by the end of the word
_INNER_HEH = re.compile(r"(?<=\w)ه")  # no word begins with the vowel
_OLD_FONT_MARKS = re.compile(r"ة(?=[^\W\d_])|[يى]\u064e")  # Arabic ends words with ة
_OTHERS_LETTERS = re.compile(r"[ٹڈڑںےہټډړږښڼېۍځڅۇۈۋڭ]|ى\w*ە|ە\w*ى\w")
_MARKS = re.compile("[\u0640\u064b-\u0652]")
_LETTERS = str.maketrans({"ي": "ی", "ى": "ی", "ك": "ک", "ھ": "ه", "\u200c": None})
_OLD_FONT = str.maketrans("ةؤطثضذظىيك", "ەۆگپچژڤییک")
_OLD_FONT_PAIRS = str.maketrans({"\u064e": "\u065a", "\u0650": "\u065a"})
_PAIRS = {"ي\u065a": "ێ", "ى\u065a": "ێ", "ل\u065a": "ڵ", "ر\u065a": "ڕ"}


def in_sorani_letters(text: str) -> str | None:
    """The text in the letters of Sorani if it were Sorani, None where no letter would change.

    >>> in_sorani_letters("سه\\u200cروكي حكومه\\u200cت"), in_sorani_letters("سةرؤكى حكومةت")
    ('سەروکی حکومەت', 'سەرۆکی حکومەت')
    >>> in_sorani_letters("له سه ر داواى خه لك")
    'لە سە ر داوای خە لک'
    >>> in_sorani_letters("سەرۆکی حکومەت"), in_sorani_letters("حکومت نے کہا ہے")
    (None, None)
    """
    if _OTHERS_LETTERS.search(text):
        return None
    if _OLD_FONT_MARKS.search(text):
        spelled = _from_old_font(text)
    else:
        spelled = _with_vowels(_MARKS.sub("", text)).translate(_LETTERS)
    return spelled if spelled != text else None


def _with_vowels(text: str) -> str:
    """The text with ە for the ه that stands for it, by what the typist used to mark it."""
    if "ه\u200c" in text:
        return _HEH.sub("ە", text)
    return text if _OWN_LETTERS.search(text) else _INNER_HEH.sub("ە", text)


def _from_old_font(text: str) -> str:
    """The text of the old fonts; the little v of ێ ڵ ڕ was typed as a vowel mark."""
    marked = text.translate(_OLD_FONT_PAIRS)
    for pair, letter in _PAIRS.items():
        marked = marked.replace(pair, letter)
    return marked.translate(_OLD_FONT)
