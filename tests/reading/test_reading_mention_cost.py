"""Matching takes time in proportion to the text, whatever the text is made of."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import Any

import pytest

from crawler.reading.forms import forms_of
from crawler.reading.hits import Hit
from crawler.reading.mentions import Matcher, _Antis
from storage.models import Actor, Alias

NAME = "عبد الكريم المثالي"
ACTORS = [
    Actor(
        "x",
        "person",
        aliases=(Alias(NAME), Alias("سام المثالي"), Alias("الضفة"), Alias("RIVE")),
        anti_aliases=("وسام المثالي", "سام المثالي الكبير"),
        context=("حقوق", "droits"),
    ),
    Actor("y", "cso", aliases=(Alias("الضفة"), Alias("Al Al"), Alias("ال ال")), context=("نهر",)),
]
HOSTILE = {
    "one name": f"{NAME} ",
    "glued names": NAME.replace(" ", ""),
    "names in quotation marks": f"«{NAME}» ",
    "labels": f"ما يسمى بالناشط الحقوقي {NAME}، وهو ناشط، ",
    "words of labels": "الناشط الحقوقي المغربي ",
    "anti-aliases": "قال وسام المثالي الكبير ",
    "context needed": "الضفة ",
    "context there": "الضفة حقوق نهر ",
    "particles": "ال ",
    "clitics": "وبال",
    "letters": "ا",
    "apostrophes": f"{NAME}''''''''",
    "marks": f"{NAME}{'ـ' * 20}{chr(0x651) * 20}",
    "invisible": f"{NAME}{chr(0x200B) * 40}",
    "spaces": f"عبد{' ' * 60}الكريم{' ' * 60}المثالي الضفة ",
    "lines": f"الضفة{chr(10) * 40}",
    "surrogates": f"{NAME}\ud800😀",
}


def calls(work: Callable[[], object]) -> int:
    """How many calls, of Python or of C functions, the work takes: the same on every machine."""
    count = 0

    def tally(_frame: Any, event: str, _argument: Any) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    sys.setprofile(tally)
    try:
        work()
    finally:
        sys.setprofile(None)
    return count


@pytest.mark.parametrize("kind", HOSTILE)
def test_four_times_the_text_is_some_four_times_the_work(kind: str) -> None:
    matcher = Matcher(ACTORS)
    piece = HOSTILE[kind]
    text = piece * (8_000 // len(piece))
    matcher.find(text * 4)

    once, four_times = calls(lambda: matcher.find(text)), calls(lambda: matcher.find(text * 4))

    assert four_times <= 4.5 * once + 200


@pytest.mark.parametrize("kind", HOSTILE)
def test_no_text_takes_long(kind: str) -> None:
    """What is done inside one call of C is seen by the clock only; the limit is generous."""
    matcher = Matcher(ACTORS)
    text = HOSTILE[kind] * (200_000 // len(HOSTILE[kind]))

    began = time.process_time()
    matcher.find(text)

    assert time.process_time() - began < 10


def test_many_actors_and_forms_are_ready_soon() -> None:
    actors = [
        Actor(f"a{n}", "person", aliases=tuple(Alias(f"اسم{n} {word}") for word in "ابجدهوزحطي"))
        for n in range(1000)
    ]

    began = time.process_time()
    Matcher(actors)

    assert time.process_time() - began < 10


def test_many_anti_aliases_are_not_gone_through_for_each_hit() -> None:
    form = next(forms_of(ACTORS[0]))
    antis = _Antis((place, place + 5) for place in range(0, 1_200_000, 10))
    started = time.process_time()
    spoiled = [antis.spoil(Hit(form, place, place + 7)) for place in range(3, 1_200_000, 10)]
    assert all(spoiled)
    assert time.process_time() - started < 5  # walking up to each takes three times as long
