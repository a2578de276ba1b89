"""When a look again at an article's page is a version, and when it is not: nothing but an edit."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from relooking import (
    HEADLINE,
    OASIS,
    PALM,
    TEXT,
    Desk,
    Shown,
    better_reader,
    other_template,
)

from storage.models import Outcome, Reading

SHOWN = Shown()
EDITED = replace(SHOWN, paragraphs=(*TEXT[:2], "The mayor resigned on Friday.", TEXT[3]))
CUT = replace(SHOWN, paragraphs=TEXT[:2])


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = Desk(tmp_path)
    yield made
    made.db.close()


def test_an_edit_is_a_version_and_both_texts_stand(desk: Desk) -> None:
    first = desk.look(SHOWN)

    second = desk.look(EDITED)

    assert (first.outcome, second.outcome) == (Outcome.STORED_NEW, Outcome.STORED_CHANGED)
    old, new = desk.versions()
    assert TEXT[2] in old["text"] and TEXT[2] not in new["text"]
    assert "The mayor resigned" in new["text"] and "The mayor resigned" not in old["text"]
    (edit,) = desk.told()
    assert (edit.edit.kind, edit.edit.version) == ("text", 2)
    assert edit.edit.evidence["fetches"] == [1, 2]
    assert (edit.edit.since, edit.edit.at) == (desk.now.replace(hour=21), desk.now)


def test_the_same_page_again_costs_no_second_reading(desk: Desk) -> None:
    desk.look(SHOWN)
    desk.look(SHOWN)

    assert (desk.reads, len(desk.versions()), desk.kinds()) == (2, 1, [])


@pytest.mark.parametrize("better", [better_reader, other_template])
@pytest.mark.parametrize("again", [False, True], ids=["looks", "reread"])
def test_another_reader_never_accuses_an_outlet(
    desk: Desk, better: Callable[[Reading], Reading], again: bool
) -> None:
    desk.look(SHOWN)
    before = desk.versions()[0]["text"]
    desk.better = better

    if again:
        desk.reread()
    looked = desk.look(SHOWN)

    assert looked.outcome is Outcome.UNCHANGED
    assert (len(desk.versions()), desk.kinds()) == (1, [])
    assert desk.versions()[0]["text"] != before


@pytest.mark.parametrize("better", [better_reader, other_template])
def test_an_edit_is_seen_across_a_change_of_readers(
    desk: Desk, better: Callable[[Reading], Reading]
) -> None:
    desk.look(SHOWN)
    desk.better = better

    saved = desk.look(EDITED)

    old, new = desk.versions()
    assert saved.outcome is Outcome.STORED_CHANGED
    assert desk.kinds() == ["text"]
    assert old["reader_version"] == new["reader_version"]
    assert old["template_id"] == new["template_id"]
    changed = {*old["text"].split("\n")} ^ {*new["text"].split("\n")}
    assert changed == {TEXT[2], "The mayor resigned on Friday."}


def test_what_the_old_reader_never_saw_is_an_edit_when_the_outlet_cuts_it(desk: Desk) -> None:
    shown = replace(SHOWN, noise=("Correction: the pump was repaired on Wednesday, not Thursday.",))
    desk.better = lambda reading: replace(
        reading, text=reading.text.rpartition("\nCorrection")[0], content_hash=""
    )
    desk.look(shown)
    desk.better = lambda reading: replace(reading, reader_version="9")

    saved = desk.look(SHOWN)

    assert saved.outcome is Outcome.STORED_CHANGED
    assert "Correction" in desk.versions()[0]["text"]


def test_reading_again_makes_earlier_versions_compare(desk: Desk) -> None:
    desk.look(SHOWN)
    desk.look(EDITED)
    desk.better = better_reader

    desk.reread()

    old, new = desk.versions()
    assert old["reader_version"] == new["reader_version"] == "9"
    assert "From our desk" in old["text"] and "From our desk" in new["text"]
    assert desk.kinds() == ["text"]


def test_a_reading_of_an_older_capture_never_replaces_a_newer_one(desk: Desk) -> None:
    desk.look(SHOWN)
    (capture,) = desk.articles.captures()
    reading = desk.again(capture)
    desk.look(EDITED)

    changed = desk.articles.reread(1, reading, None, capture.fetch_id)

    assert changed == ()
    assert "The mayor resigned" in desk.versions()[1]["text"]


def test_a_grown_watchlist_adds_no_actor_to_a_text(desk: Desk) -> None:
    desk.look(SHOWN)
    desk.actors = (OASIS, PALM, replace(PALM, id="iq_mayor", aliases=OASIS.aliases))

    desk.look(EDITED)

    assert desk.kinds() == ["text"]


def test_actors_that_come_and_go_are_told(desk: Desk) -> None:
    desk.actors = (OASIS, PALM)
    desk.look(SHOWN)
    exchanged = TEXT[0].replace("Oasis Friends", "Palm League")

    desk.look(replace(SHOWN, paragraphs=(exchanged, *TEXT[1:])))

    told = {one.edit.kind: (one.edit.before, one.edit.after) for one in desk.told()}
    assert told == {
        "text": ("", ""),
        "actor_added": ("", "Palm League"),
        "actor_removed": ("Oasis Friends", ""),
    }


def test_a_lost_capture_leaves_what_the_same_reader_stored(desk: Desk) -> None:
    desk.look(SHOWN)
    desk.lose_captures()

    saved = desk.look(EDITED)

    assert saved.outcome is Outcome.STORED_CHANGED
    assert [TEXT[2] in version["text"] for version in desk.versions()] == [True, False]


def test_a_lost_capture_tells_no_actors_of_other_watchlists(desk: Desk) -> None:
    desk.look(SHOWN)
    desk.lose_captures()
    desk.actors = (PALM,)

    desk.look(EDITED)

    assert desk.kinds() == ["text"]


@pytest.mark.parametrize("captured", [True, False])
def test_a_lost_capture_of_another_reader_is_no_evidence(desk: Desk, captured: bool) -> None:
    desk.look(SHOWN, captured=captured)
    desk.lose_captures()
    desk.better = better_reader

    saved = desk.look(EDITED)

    assert (saved.outcome, len(desk.versions())) == (Outcome.UNCHANGED, 1)
    assert "another reader had read it" in desk.reason()
    assert "The mayor resigned" in desk.versions()[0]["text"]


def test_a_lost_text_that_was_not_kept_is_no_evidence(tmp_path: Path) -> None:
    desk = Desk(tmp_path, keep="mentions", actors=(PALM,))
    desk.look(SHOWN)
    desk.lose_captures()

    saved = desk.look(EDITED)

    assert saved.outcome is Outcome.UNCHANGED
    assert "no text was kept" in desk.reason()
    desk.db.close()


def test_edits_of_texts_that_are_not_kept_are_told_from_the_captures(tmp_path: Path) -> None:
    desk = Desk(tmp_path, keep="mentions", actors=(PALM,))
    desk.look(SHOWN)

    desk.look(CUT)

    assert desk.kinds() == ["shortened", "text"]
    assert [version["text"] for version in desk.versions()] == ["", ""]
    desk.db.close()


def test_the_text_from_which_an_actor_vanished_is_kept(tmp_path: Path) -> None:
    desk = Desk(tmp_path, keep="mentions", actors=(PALM,))
    desk.look(SHOWN)
    desk.actors = (OASIS,)

    desk.look(replace(SHOWN, paragraphs=TEXT[1:]))

    assert "actor_removed" in desk.kinds()
    assert "Oasis Friends" in desk.versions()[0]["text"]
    desk.db.close()


@pytest.mark.parametrize("whole", [(True, False), (False, True), (False, False)])
def test_a_partial_look_is_no_version(desk: Desk, whole: tuple[bool, bool]) -> None:
    desk.look(replace(SHOWN, whole=whole[0]))

    saved = desk.look(replace(EDITED, whole=whole[1]))

    assert (saved.outcome, len(desk.versions()), desk.kinds()) == (Outcome.UNCHANGED, 1, [])
    assert "part" in desk.reason()
    assert (TEXT[2] in desk.versions()[0]["text"]) == whole[0]


def test_another_page_at_the_address_leaves_the_article(desk: Desk) -> None:
    desk.look(SHOWN)
    strange = tuple(f"Subscribers read number {n} for less, every month anew." for n in range(9))

    saved = desk.look(Shown("Offers for members", strange))

    assert (saved.outcome, len(desk.versions())) == (Outcome.UNCHANGED, 1)
    assert "nothing of headline and text" in desk.reason()
    assert TEXT[0] in desk.versions()[0]["text"]


def test_another_language_edition_leaves_the_article(desk: Desk) -> None:
    desk.look(SHOWN)
    french = (
        "Les bénévoles ont réparé la pompe du vieux quartier jeudi soir, après onze semaines.",
        "Les familles portaient l'eau depuis la rivière avant que la pompe ne tourne à nouveau.",
        "Le maire a remercié l'atelier et il a promis une seconde pompe avant le début de l'été.",
    )

    saved = desk.look(Shown(HEADLINE, french))

    assert (saved.outcome, len(desk.versions())) == (Outcome.UNCHANGED, 1)
    assert "another language edition (fr)" in desk.reason()


def test_a_notice_in_the_place_of_the_text_is_an_edit(desk: Desk) -> None:
    desk.look(SHOWN)
    notice = (
        "This report was withdrawn because two of its claims could not be confirmed by us.",
        "We apologise to everybody who was named here and to our readers everywhere.",
    )

    desk.look(replace(SHOWN, paragraphs=notice))

    assert desk.kinds() == ["actor_removed", "shortened", "text"]


def test_an_earlier_look_that_comes_late_changes_nothing(desk: Desk) -> None:
    desk.look(EDITED)
    late, desk.now = desk.now, desk.now.replace(hour=2)

    saved = desk.look(SHOWN)

    assert (saved.outcome, len(desk.versions())) == (Outcome.UNCHANGED, 1)
    assert "earlier look" in desk.reason()
    assert desk.now < late


def prove_print_view(desk: Desk) -> None:
    """Have the article known at a second address, where its page was seen."""
    desk.db.execute(
        "INSERT INTO article_urls "
        "(url_key, outlet_id, url, article_id, kind, first_seen_at, proven) "
        "VALUES ('lantern.test/print/1', 'iq_lantern', "
        "'https://lantern.test/print/1', 1, 'redirect', '2026-03-01T20:00:00Z', 1)"
    )


def test_other_addresses_of_an_article_are_compared_among_themselves(desk: Desk) -> None:
    desk.look(SHOWN)
    prove_print_view(desk)
    short = replace(SHOWN, paragraphs=TEXT[:3])

    at_print = [desk.look(short, "print/1").outcome, desk.look(short, "print/1").outcome]
    assert (len(desk.versions()), desk.kinds()) == (1, [])
    assert TEXT[3] in desk.versions()[0]["text"]
    back = desk.look(SHOWN)
    edited = desk.look(replace(short, headline="Water, at last, in Sedra"), "print/1")

    assert {*at_print, back.outcome} == {Outcome.UNCHANGED}
    assert edited.outcome is Outcome.STORED_CHANGED
    assert desk.kinds() == ["headline"]
    assert TEXT[3] not in desk.versions()[0]["text"]


def test_another_page_at_another_address_is_never_what_the_next_one_is_compared_with(
    desk: Desk,
) -> None:
    desk.look(SHOWN)
    prove_print_view(desk)
    desk.look(replace(SHOWN, paragraphs=TEXT[:3]), "print/1")
    offers = tuple(f"Subscribers read number {n} for less, every month anew." for n in range(9))

    looks = [
        desk.look(Shown("Offers for members", offers[:length]), "print/1") for length in (9, 8, 6)
    ]

    assert {saved.outcome for saved in looks} == {Outcome.UNCHANGED}
    assert "nothing of headline and text" in desk.reason()
    assert (len(desk.versions()), desk.kinds()) == (1, [])
    assert TEXT[3] in desk.versions()[0]["text"]


def test_a_partial_look_at_another_address_gives_away_nothing_that_is_held(desk: Desk) -> None:
    desk.look(SHOWN)
    prove_print_view(desk)
    short = replace(SHOWN, paragraphs=TEXT[:3])

    for whole in (True, False, True):
        desk.look(replace(short, whole=whole), "print/1")

    assert (len(desk.versions()), desk.kinds()) == (1, [])
    assert TEXT[3] in desk.versions()[0]["text"]


def test_two_looks_at_once_are_compared_one_after_the_other(desk: Desk) -> None:
    desk.look(SHOWN)
    waiting: list[bool] = []
    call = desk.call

    async def overtaken(method: Callable[..., object], *args: object) -> object:
        if method == desk.articles.save and not waiting:
            waiting.append(True)
            late, desk.now = desk.now, desk.now - timedelta(hours=1, minutes=30)
            await desk.looked(EDITED)
            desk.now = late
        return await call(method, *args)

    desk.call = overtaken  # type: ignore[method-assign]  # another run saves in between
    asyncio.run(desk.looked(replace(EDITED, headline="The mayor resigns")))

    told = [(one.edit.version, one.edit.kind) for one in desk.told()]
    assert told == [(2, "text"), (3, "headline")]
    assert [version["headline"] for version in desk.versions()] == [
        HEADLINE, HEADLINE, "The mayor resigns",
    ]  # fmt: skip


def test_what_could_not_be_compared_is_kept_for_the_next_look(desk: Desk) -> None:
    desk.look(SHOWN)
    desk.fails.add("difference")

    failed = desk.look(EDITED)
    reason = desk.reason()
    desk.fails.clear()
    desk.look(EDITED)

    assert failed.outcome is Outcome.UNCHANGED
    assert "could not be compared" in reason
    assert (desk.kinds(), len(desk.versions())) == (["text"], 2)
