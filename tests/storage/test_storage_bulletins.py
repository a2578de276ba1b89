"""Bulletins of one wording with other names and figures are stories of their own."""

from __future__ import annotations

import random
import re

from bench.bulletins import Form, fill, forms
from bench.rewriting import byline, desk
from bench.story_archive import Item, settled


def test_every_place_of_every_form_is_filled() -> None:
    for form in forms("a", "b", "c"):
        headline, text = fill(form, random.Random(1))

        assert not re.search(r"[{}#]", headline + text), form.key


def test_a_filling_joins_its_reprint_and_no_other_filling_on_the_first_day() -> None:
    all_forms = forms("a", "b")
    items = [item for form in all_forms for item in _of_two_fillings(form)]

    story = settled(items).story

    joined = [story[n] == story[n + 2] for n in range(0, len(items), 4)]
    found = [story[n] == story[n + 1] for n in range(0, len(items), 2)]
    assert sum(joined) <= 0.02 * len(joined)
    assert sum(found) >= 0.95 * len(found)


def _of_two_fillings(form: Form) -> list[Item]:
    """Two fillings some hours apart, each as sent and as an outlet prints it."""
    dice = random.Random(form.key)
    items = []
    for number in range(2):
        headline, text = fill(form, dice)
        truth, outlet = f"{form.key} {number}", f"{form.language}_outlet"
        printed = byline(text, desk(text.split(), outlet), dice)
        for place, words in (("agency", text), ("outlet", printed)):
            name = f"{form.language}_{place}"
            items.append(Item(truth, name, headline, words, form.language, 5.0 * number + 1))
    return items
