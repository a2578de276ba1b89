"""What somebody typed, as the written form of a name: how well each known form fits it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from storage.text import fold, words

SHORTEST = 3
"""Letters that the beginning of a form needs, to be taken for one."""
EXACT = 2
"""Kinds of fit below this one are the whole form."""
Fit = tuple[int, int]
"""The kind of fit, and the length of the form: the smaller, the better."""
_ARTICLE = "ال"
_CLITICS = (
    *(before + _ARTICLE for before in ("", *"وفبك", "وب", "وك", "فب")),
    *("", *"وفبكل", "وب", "ول", "وك", "فب", "لل", "ولل", "فلل"),
)
_ELIDED = frozenset(("l", "d", "qu"))


@dataclass(frozen=True, slots=True)
class TypedName:
    """The words that were typed, and their letters in each way in which they may be meant.

    `keys` are without spaces: as typed, and without what Arabic writes before a noun.
    """

    words: tuple[str, ...]
    letters: str
    keys: tuple[str, ...]

    @classmethod
    def of(cls, text: str) -> TypedName:
        """Whatever somebody typed; without a key where there is nothing to look for."""
        found = words(fold(text))
        if len(found) > 1 and found[0] in _ELIDED:
            found = found[1:]
        letters = squeezed(found)
        keys = dict.fromkeys((letters, *without_clitics(letters)))
        return cls(tuple(found), letters, tuple(key for key in keys if len(key) > 1))

    def may_fit(self, folded: str) -> bool:
        """Whether a folded form has the letters that were typed, or is a part of them."""
        whole = _letters(folded)
        return whole in self.letters or any(key in whole for key in self.keys)

    def fit(self, folded: str) -> Fit | None:
        """How well a folded form fits; None where it is another name that has these letters."""
        form = words(folded)
        whole = squeezed(form)
        if not whole:
            return None
        kinds = (
            whole == self.letters,
            not {whole, _bare(whole)}.isdisjoint(self.keys),
            len(whole) >= SHORTEST and self._holds(form),
            self._begins(whole),
            any(self._begins(squeezed(form[at:])) for at in range(1, len(form))),
        )
        return (kinds.index(True), len(whole)) if True in kinds else None

    def _begins(self, form: str) -> bool:
        either = (form, _bare(form))
        return any(
            len(key) >= SHORTEST and any(one.startswith(key) for one in either) for key in self.keys
        )

    def _holds(self, form: Sequence[str]) -> bool:
        """Whether the form stands among the words, its first one behind clitics or not."""
        for at in range(len(self.words) - len(form) + 1):
            run = self.words[at : at + len(form)]
            same = list(run[1:]) == list(form[1:])
            if same and not {run[0], *without_clitics(run[0])}.isdisjoint(
                (form[0], _bare(form[0]))
            ):
                return True
        return False


def squeezed(found: Sequence[str]) -> str:
    """Words without the spaces between them, as names are compared.

    >>> squeezed(["al", "khawaja"])
    'alkhawaja'
    """
    return "".join(found)


def without_clitics(word: str) -> Iterator[str]:
    """A folded word without each of the things that Arabic writes before a noun.

    >>> sorted(without_clitics("بالمحمره"))
    ['المحمره', 'محمره']
    """
    for before in _CLITICS:
        if before and word.startswith(before) and len(word) - len(before) >= SHORTEST:
            yield word[len(before) :]


def with_clitics(word: str) -> tuple[str, ...]:
    """A folded word by itself and with all that Arabic writes before a noun.

    >>> with_clitics("amal"), len(with_clitics("امل")) > 20
    (('amal',), True)
    """
    return tuple(before + word for before in _CLITICS) if word[:1] >= "\u0620" else (word,)


@lru_cache(maxsize=50_000)
def _letters(folded: str) -> str:
    return squeezed(words(folded))


def _bare(form: str) -> str:
    return form.removeprefix(_ARTICLE)
