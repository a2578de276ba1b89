"""Outlets and actors are called as their files say, in the reader's language."""

from __future__ import annotations

from dataclasses import replace

from storage import names
from storage.models import Actor, OutletRecord

OUTLET = OutletRecord(
    "ma_sahifa", "Example", "ma", ("ma",), "portal", "unknown", ("ar",), "Africa/Casablanca"
)


def test_names_are_kept_by_language_and_follow_the_files(desk) -> None:
    first = replace(OUTLET, names=(("ar", "صحيفة المثال"), ("fr", "Le Journal")))
    desk.run(outlets=(first,))
    assert names.of(desk.db, "outlet", "fr") == {"ma_sahifa": "Le Journal"}

    desk.run(outlets=(replace(first, names=(("ar", "صحيفة المثال"),)),))
    assert names.of(desk.db, "outlet", "fr") == {}
    assert names.of(desk.db, "outlet", "ar") == {"ma_sahifa": "صحيفة المثال"}


def test_a_hidden_actor_has_no_name(desk) -> None:
    shown = Actor("ma_one", "cso", name="One", names=(("fr", "Un"),))
    desk.run(actors=(shown, Actor("ma_two", "person", name="Two", names=(("fr", "Deux"),))))
    assert names.of(desk.db, "actor", "fr") == {"ma_one": "Un", "ma_two": "Deux"}

    desk.run(actors=(shown, Actor("ma_two", "person", names=(("fr", "Deux"),), suppress=True)))
    assert names.of(desk.db, "actor", "fr") == {"ma_one": "Un"}
