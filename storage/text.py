"""Folding, stemming and splitting of text: one key for matching, copies and search.

`fold()` makes spellings that a reader takes for the same word equal: hamza, diacritics, tatweel,
Persian and Kurdish letter forms, Arabic digits, Latin accents and case, zero-width marks. It is
made for comparing only; what people are shown is always the text as published.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

FOLD_VERSION = 2
"""Stored beside everything made with `fold()`; raised whenever any folded result changes."""

_HANGUL = range(0xAC00, 0xD7A4)  # its decomposition into jamo would help nobody
_PRESENTATION = (
    range(0xFB00, 0xFE00),  # ligatures, and Arabic letters as PDF files hold them
    range(0xFE50, 0xFFF0),  # … and full-width Latin
    range(0x1D400, 0x1D800),  # bold and italic letters of social networks
)
_DELETED = frozenset(
    chr(code)
    for block in (
        range(0x0300, 0x0370),  # combining accents
        range(0x0610, 0x061B),  # Arabic signs; the next is the semicolon
        range(0x064B, 0x0660),  # harakat, and the combining hamza and madda
        range(0x06D6, 0x06EE),  # Quranic signs
        range(0x08CA, 0x0900),
        range(0x180B, 0x1810),
        range(0x1AB0, 0x1B00),
        range(0x1DC0, 0x1E00),
        range(0x200B, 0x2010),  # zero-width space, ZWNJ, ZWJ, direction marks
        range(0x202A, 0x202F),  # direction embeddings
        range(0x2060, 0x2070),  # word joiner, direction isolates
        range(0x20D0, 0x2100),
        range(0xFE00, 0xFE10),  # variation selectors
        range(0xFE20, 0xFE30),
        range(0xFFF9, 0xFFFC),
        range(0xE0000, 0xE0080),
        range(0xE0100, 0xE01F0),
        (
            0x0621,
            0x0640,
            0x061C,
            0x0670,
            0x00AD,
            0xFEFF,
            0x0000,
        ),  # hamza, tatweel, letter mark, dagger alif …
    )
    for code in block
)
_HYPHENS = "-‐‑‒–—―−⁃־﹘﹣－"
_APOSTROPHES = "’‘‛ʿʾʼʹ`´′＇ʻˈ"
QUOTES = '"“”„‟«»‹›″〝〞〟❝❞'  # no word differs by them, and each outlet has its own
_LETTERS = {
    # Arabic, as the press itself confuses them
    **dict.fromkeys("أإآٱٲٳٵ", "ا"),
    **dict.fromkeys("ؤۆۇۈۊۋۏٶٷ", "و"),
    **dict.fromkeys("ئىیېےێۍٸ", "ي"),
    **dict.fromkeys("ةھہەۀۂۃ", "ه"),
    # Persian, Kurdish and Maghrebi letters, as Arabic-script newspapers rewrite them
    **dict.fromkeys("کڪگڭݣګڬڰ", "ك"),
    "پ": "ب",
    "چ": "ج",
    "ژ": "ز",
    **dict.fromkeys("ڤڥڢ", "ف"),
    **dict.fromkeys("ڕڒ", "ر"),
    **dict.fromkeys("ڵڶ", "ل"),
    **dict.fromkeys("ڨڧ", "ق"),
    # Latin letters that do not decompose
    "œ": "oe",
    "æ": "ae",
    "ø": "o",
    "ı": "i",
    "đ": "d",
    "ħ": "h",
    "ł": "l",
    **dict.fromkeys(_HYPHENS + QUOTES, " "),
    **dict.fromkeys(_APOSTROPHES, "'"),
    # Punctuation that only looks other in Arabic
    "؟": "?",
    "،": ",",
    "؛": ";",
    "۔": ".",
    "٪": "%",
    "٫": ".",
    "٬": ",",
    "…": "...",
}
_DIGITS = {chr(base + n): str(n) for base in (0x0660, 0x06F0) for n in range(10)}
_REPLACED = _LETTERS | _DIGITS
_WORD = re.compile(r"[^\W_]+")
_WORDS_APART = {code: " " for code in range(0x80) if not chr(code).isalnum()}


def _fold_char(char: str) -> str:
    """The folded form of one character; may be empty or several characters."""
    if char in _DELETED:
        return ""
    if char in _REPLACED:
        return _REPLACED[char]
    if char.isspace():
        return " "
    plain = _decomposed(char).casefold()
    return plain if plain == char else "".join(map(_fold_char, plain))


def _decomposed(char: str) -> str:
    """Base letter and marks; presentation and full-width forms become the plain letters."""
    code = ord(char)
    if code in _HANGUL:
        return char
    if any(code in block for block in _PRESENTATION):
        # Isolated harakat decompose to a space and the mark: the space would cut the word.
        plain = unicodedata.normalize("NFKD", char)
        return plain[1:] if plain[0] == " " and len(plain) > 1 else plain
    return unicodedata.normalize("NFD", char)


class _FoldTable(dict[int, str]):
    """A `str.translate` table that fills itself; kept below U+20000, so it stays small."""

    def __missing__(self, code: int) -> str:
        folded = _fold_char(chr(code))
        if code < 0x20000:
            self[code] = folded
        return folded


SOFT = " '_"
"""What stands between the letters of a name now in one way, now in another."""
_TABLE = _FoldTable()
for _code in range(0x20, 0x700):  # what news is made of: a miss inside translate() is slow
    _TABLE[_code] = _fold_char(chr(_code))


def fold(text: str) -> str:
    """The key under which spellings of the same words are equal; folding twice changes nothing.

    Hamza carriers, alif maqsura and ta marbuta (and a lone hamza is dropped):

    >>> fold("الإنسان") == fold("الانسان"), fold("مصطفى"), fold("حرية"), fold("هؤلاء")
    (True, 'مصطفي', 'حريه', 'هولا')

    Harakat, tatweel, zero-width and direction marks go; presentation forms become letters:

    >>> fold("مُحَمَّد"), fold("محـــمد"), fold("می\\u200cخواهم"), fold("ﻣﺤﻤﺪ")
    ('محمد', 'محمد', 'ميخواهم', 'محمد')

    Persian and Kurdish letters become those by which the Arabic press rewrites them:

    >>> fold("شێروان") == fold("شیروان") == fold("شيروان"), fold("گەڕان"), fold("پەیڤ")
    (True, 'كهران', 'بهيف')

    Digits, accents, case, ligatures and full-width letters:

    >>> fold("٢٠٢٤ ۲۰۲۴"), fold("Société"), fold("Rêxistin ŞÎN"), fold("œuvre"), fold("Ａﬁ")
    ('2024 2024', 'societe', 'rexistin sin', 'oeuvre', 'afi')

    Any white space and any hyphen is one space, any apostrophe is the plain one:

    >>> fold("  Al-Khawaja\\u00a0\\n et l’AMDH")
    "al khawaja et l'amdh"

    Arabic punctuation is the Latin one; quotation marks, of whatever shape, are spaces:

    >>> fold("من؟ «نحن»، هم؛ ٥٠٪"), fold("« oui »") == fold("“oui”") == fold('"oui"') == fold("oui")
    ('من? نحن , هم; 50%', True)

    Composed and decomposed letters are the same, and so are stacked marks and none:

    >>> fold("e\\u0301te\\u0301") == fold("été"), fold("ه\\u200c") == fold("ە"), fold("ا\\u0653")
    (True, True, 'ا')
    """
    return " ".join(text.translate(_TABLE).split())


def fold_map(text: str) -> tuple[str, list[int]]:
    """`fold(text)`, and for each of its characters the offset in `text` that it came from.

    >>> fold_map("l’É\\u200dœ  B")
    ("l'eoe b", [0, 1, 2, 4, 4, 5, 7])
    """
    pieces = list(map(_TABLE.__getitem__, map(ord, text)))
    folded = "".join(pieces)
    offsets = [offset for offset, piece in enumerate(pieces) for _ in piece]
    kept = [
        place
        for place, char in enumerate(folded)
        if char != " " or (place > 0 and folded[place - 1] != " ")
    ]
    if kept and folded[kept[-1]] == " ":
        kept.pop()
    return "".join([folded[place] for place in kept]), [offsets[place] for place in kept]


def fold_apart(text: str) -> str:
    """`fold(text)` with all its spaces: what each character becomes, one after the other.

    >>> fold_apart(" l’É\u200dœ  B")
    " l'eoe  b"
    """
    return text.translate(_TABLE)


def words(folded: str) -> list[str]:
    """The words of a folded text, in order; apostrophes and all punctuation separate.

    >>> words(fold("l'AMDH: «حقوق الإنسان»، 2024_25"))
    ['l', 'amdh', 'حقوق', 'الانسان', '2024', '25']
    """
    if folded.isascii():  # most of what is in Latin letters, in a third of the time
        return folded.translate(_WORDS_APART).split()
    return _WORD.findall(folded)


def stem(folded: str) -> str:
    """The words of a folded text without article, clitics and common endings, space-separated.

    Arabic after light10 (Larkey, Ballesteros and Connell 2007), French and English plurals only;
    both sides of a search must be stemmed alike.

    >>> stem(fold("والصحفيون للصحفيين صحفي")), stem(fold("الجمعيات")), stem(fold("associations"))
    ('صحف صحف صحف', 'جمع', 'association')
    """
    return " ".join(map(_stem_word, words(folded)))


_ARTICLES = ("وال", "بال", "كال", "فال", "ولل", "ال", "لل")
# Around those of light10: the verb's plural and feminine, the pronoun them, the tanwin's alif.
_ENDINGS = ("هما", "هم", "وا", "ها", "ان", "ات", "ون", "ين", "يه", "ه", "ي", "ت", "ا")
_SHORTEST = 3


@lru_cache(maxsize=100_000)
def _stem_word(word: str) -> str:
    if "\u0620" <= word[0] <= "\u06ff":
        return _without_endings(_without_clitics(word))
    if word.isascii() and word.isalpha():
        return _without_plural(word)
    return word


_PARTICLES = frozenset("ما له لا من ان لم لن قد هل او عن في به هم هن هو هي نا كم لك لي".split())
"""No article stands before these: الماء is folded to الما and is not the word ما, nor الله له."""


def _without_clitics(word: str) -> str:
    """Without one article; or without a lone waw, and a preposition before a long word."""
    for article in _ARTICLES if word.startswith(_ARTICLES) else ():
        rest = word[len(article) :]
        if word.startswith(article) and len(rest) >= 2 and rest not in _PARTICLES:
            return rest
    if word.startswith("و") and len(word) >= 4:
        word = word[1:]
    return word[1:] if word[0] in "بل" and len(word) >= 6 else word


def _without_endings(word: str) -> str:
    """Without each ending once."""
    for ending in _ENDINGS if word.endswith(_ENDINGS) else ():
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST:
            word = word[: -len(ending)]
    return word


def _without_plural(word: str) -> str:
    """English and French plural endings, as far as they are safe without a dictionary."""
    if word[-1] not in "sx":
        return word
    if len(word) > 5 and word.endswith("eaux"):
        return word[:-1]
    if len(word) > 5 and word.endswith("aux"):
        return word[:-2] + "l"
    if len(word) > 3 and word.endswith("s") and word[-2] not in "suio":
        return word[:-1]
    return word
