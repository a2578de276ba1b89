"""Edits as outlets make them, each planted in a made-up article."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from dataclasses import replace

from bench.recheck_texts import Written, headline, sentence

Edit = Callable[[Written, random.Random], Written]
_NUMBER = re.compile(r"\d{2,}")


def _holding(
    article: Written, words: str | re.Pattern[str], dice: random.Random
) -> tuple[int, int] | None:
    """The place of a sentence that holds words or a pattern, if one does."""
    pattern = re.compile(re.escape(words), re.IGNORECASE) if isinstance(words, str) else words
    places = [place for place in article.sentences if pattern.search(article.at(place))]
    return dice.choice(places) if places else None


def _exchanged(article: Written, old: str, new: str, dice: random.Random) -> Written:
    place = _holding(article, old, dice)
    if place is None:
        return article
    changed = re.sub(re.escape(old), lambda _: new, article.at(place), count=1, flags=re.IGNORECASE)
    return article.put(place, changed)


def one_word(article: Written, dice: random.Random) -> Written:
    """One word for another."""
    words = article.tongue.words
    kind = dice.choice(("cause", "town", "body", "act"))
    for old in dice.sample(words[kind], len(words[kind])):
        changed = _exchanged(article, old, dice.choice([w for w in words[kind] if w != old]), dice)
        if changed != article:
            return changed
    return article


def label(article: Written, dice: random.Random) -> Written:
    """An activist becomes a suspect."""
    return _exchanged(article, article.tongue.activist, article.tongue.suspect, dice)


def quotes(article: Written, dice: random.Random) -> Written:
    """Quotation marks around what somebody is called."""
    word = article.tongue.activist.rpartition(" ")[2]
    if any(f"«{word}»" in article.at(place) for place in article.sentences):
        return article
    return _exchanged(article, word, f"«{word}»", dice)


def name_removed(article: Written, dice: random.Random) -> Written:
    """A person's name is taken out of a sentence."""
    name = dice.choice(article.names)
    return _exchanged(article, name, "", dice)


def name_corrected(article: Written, dice: random.Random) -> Written:
    """A person's name is corrected everywhere."""
    old = dice.choice(article.names)
    new = old[:-1] + ("x" if old.isascii() or article.tongue.code == "kmr" else "ر")
    return article.of([[line.replace(old, new) for line in lines] for lines in article.paragraphs])


def number(article: Written, dice: random.Random) -> Written:
    """A number is corrected."""
    place = _holding(article, _NUMBER, dice)
    if place is None:
        return article
    changed = _NUMBER.sub(lambda found: str(int(found[0]) + 3), article.at(place), count=1)
    return article.put(place, changed)


def sentence_cut(article: Written, dice: random.Random) -> Written:
    """A sentence is cut."""
    return article.put(dice.choice(article.sentences))


def sentence_added(article: Written, dice: random.Random) -> Written:
    """A sentence is added."""
    place = dice.choice(article.sentences)
    added = sentence(article.tongue, dice, list(article.names))
    return article.put(place, article.at(place), added)


def headline_changed(article: Written, dice: random.Random) -> Written:
    """Another headline."""
    return replace(article, headline=headline(article.tongue, dice))


def headline_asks(article: Written, _: random.Random) -> Written:
    """The headline becomes a question."""
    if article.headline.endswith(("؟", "?")):
        return article
    mark = "؟" if article.tongue.code in ("ar", "ckb") else "?"
    return replace(article, headline=article.headline + mark)


def last_cut(article: Written, _: random.Random) -> Written:
    """The last paragraph is cut."""
    return article.of(list(article.paragraphs[:-1]))


def last_sentence_cut(article: Written, _: random.Random) -> Written:
    """The last sentence is cut."""
    return article.put(article.sentences[-1])


def shortened(article: Written, _: random.Random) -> Written:
    """A third of the paragraphs go."""
    return article.of(list(article.paragraphs[: -(len(article.paragraphs) // 3 + 1)]))


EDITS: tuple[Edit, ...] = (
    *(one_word, label, quotes, name_removed, name_corrected, number, sentence_cut),
    *(sentence_added, headline_changed, headline_asks, last_cut, last_sentence_cut, shortened),
)


def edited(article: Written, edit: Edit, dice: random.Random) -> Written | None:
    """The article after an edit, or None where it found nothing to change."""
    changed = edit(article, dice)
    return None if changed == article else changed
