"""Edits: what a new version says of its outlet, and how it is asked for."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from storage.edits import KINDS, Edit, EditFilters, EditStore, record
from storage.judgements import JudgementStore
from storage.models import Mention, Outcome

if TYPE_CHECKING:
    from tests.storage.conftest import Desk

LONG = "كلمة أخرى من النص " * 10
MADE = {"who": "coding desk", "why": "read by a person"}


def named(actor: str = "ma_jamiya", label: str = "", **changes: Any) -> Mention:
    start = 0 if label else None
    found = Mention(actor, 0, 4, "كلمة", "كلمة", "auto", label=label, label_start=start)
    return replace(found, **changes)


def edit(desk: Desk, text: str = LONG, **changes: Any) -> Outcome:
    """Look at the article again, and find it so."""
    desk.later(hours=1)
    run_id, candidate = desk.again("1")
    return desk.save(run_id, candidate, text, **changes).outcome


def told(desk: Desk, **filters: Any) -> list[tuple[str, str, str]]:
    rows = EditStore(desk.db).list(EditFilters(**filters))
    return sorted((one.edit.kind, one.edit.before, one.edit.after) for one in rows)


def test_a_first_reading_is_no_edit(desk: Desk) -> None:
    desk.store("1", LONG)

    assert told(desk) == []


def test_both_headlines_are_kept(desk: Desk) -> None:
    desk.store("1", LONG, headline="الناشط بريء")

    edit(desk, headline="المشتبه به بريء")

    assert told(desk) == [("headline", "الناشط بريء", "المشتبه به بريء")]


@pytest.mark.parametrize(("words", "shorter"), [(26, True), (27, False), (60, False)])
def test_a_text_that_lost_a_third_of_its_words_is_shortened(
    desk: Desk, words: int, shorter: bool
) -> None:
    desk.store("1", "كلمة " * 40)

    edit(desk, "كلمة " * words)

    text = ("text", "", "")
    assert told(desk) == ([("shortened", "40", str(words)), text] if shorter else [text])


def test_actors_that_are_added_and_removed_are_told_as_printed(desk: Desk) -> None:
    desk.store("1", LONG, mentions=(named(), named(start=18, end=22)))

    edit(desk, LONG * 2, mentions=(named("iq_person", surface="Nimûne  Azad"),))

    assert told(desk) == [
        ("actor_added", "", "Nimûne Azad"),
        ("actor_removed", "كلمة", ""),
        ("text", "", ""),
    ]


def test_a_doubtful_name_is_no_actor(desk: Desk) -> None:
    desk.store("1", LONG)

    edit(desk, LONG * 2, mentions=(named(ambiguous=True),))

    assert told(desk) == [("text", "", "")]


def test_a_name_that_a_person_confirmed_was_there_before(desk: Desk) -> None:
    desk.store("1", LONG, mentions=(named(ambiguous=True),))
    JudgementStore(desk.db).is_this(1, "ma_jamiya", **MADE)

    edit(desk, LONG * 2, mentions=(named(),))

    assert told(desk) == [("text", "", "")]


@pytest.mark.parametrize(
    ("before", "after", "changed"),
    [
        ("الناشط الحقوقي", "المشتبه به", True),
        ("الناشط", "«الناشط»", True),
        ("الناشط", "", True),
        ("", "الناشط", True),
        ("الناشط الحقوقي", "الناشط  الحقوقى", False),
        ("«الناشط»", '"الناشط"', False),
    ],
)
def test_an_actor_that_is_called_something_else_is_told(
    desk: Desk, before: str, after: str, changed: bool
) -> None:
    desk.store("1", LONG, mentions=(named(label=before),))

    edit(desk, LONG * 2, mentions=(named(label=after),))

    labels = [("label", before, " ".join(after.split()))] if changed else []
    assert told(desk) == [*labels, ("text", "", "")]


def test_another_reader_or_watchlist_makes_no_edit_of_actors(desk: Desk) -> None:
    desk.store("1", LONG)

    unread = edit(desk, LONG * 2, mentions=(named(),), reader_version="reader-2")
    desk.later(hours=1)
    desk.run(actors=[])
    edit(desk, LONG * 3, reader_version="reader-2")

    assert unread is Outcome.UNCHANGED
    assert told(desk) == [("text", "", "")]


def test_a_generic_word_is_told_apart_from_actors(desk: Desk) -> None:
    desk.store("1", LONG)

    edit(desk, LONG * 2, mentions=(named("term_activist"),))

    (added,) = EditStore(desk.db).list(EditFilters(kind="actor_added"))
    assert (added.actor, added.actor_kind) == ("ناشط", "term")


def test_the_same_edit_is_written_down_once(desk: Desk) -> None:
    desk.store("1", LONG)
    gone = Edit(1, 1, "gone", desk.now, desk.now, evidence={"status": 404})

    with desk.db.write():
        first, again = record(desk.db, gone), record(desk.db, gone)
        later = record(desk.db, replace(gone, at=desk.now + timedelta(days=1)))

    assert (first, again, later) == (True, False, True)
    assert told(desk) == [("gone", "", ""), ("gone", "", "")]


def test_edits_come_newest_first_with_outlet_and_address(desk: Desk) -> None:
    desk.store("1", LONG, headline="واحد")
    for headline in ("اثنان", "ثلاثة"):
        edit(desk, headline=headline)

    newest, oldest = EditStore(desk.db).list()

    assert (newest.edit.after, oldest.edit.after) == ("ثلاثة", "اثنان")
    assert (newest.outlet_id, newest.country, newest.headline) == ("ma_sahifa", "ma", "ثلاثة")
    assert newest.url == "https://sahifa.test/1"
    assert (newest.edit.version, newest.edit.since) == (3, oldest.edit.at)
    assert newest.edit.evidence["fetches"] == [2, 3]
    assert EditStore(desk.db).list(limit=1) == [newest]


def test_both_texts_of_a_version_are_at_hand(desk: Desk) -> None:
    desk.store("1", "نص أول")
    edit(desk, "نص ثان")
    edit(desk, "نص ثالث")

    before, after = EditStore(desk.db).texts(1, 2)

    assert (before.text, after.text) == ("نص أول", "نص ثان")
    assert before.reader == after.reader == ("reader-1", None)


def test_edits_are_chosen_and_counted_by_what_they_are_of(desk: Desk) -> None:
    desk.store("1", LONG, mentions=(named(),))
    desk.store("2", "نص", outlet="bh_marsa")
    edit(desk, LONG * 2, headline="آخر")

    assert [len(told(desk, kind=kind)) for kind in KINDS] == [1, 1, 0, 0, 1, 0, 0, 0]
    assert len(told(desk, actor="ma_jamiya")) == 3
    assert told(desk, actor="iq_person") == []
    assert len(told(desk, outlet="ma_sahifa", country="ma", article=1, story=1)) == 3
    assert told(desk, outlet="bh_marsa") == told(desk, country="bh") == told(desk, article=2) == []
    assert len(told(desk, since=desk.now.date(), until=desk.now.date())) == 3
    assert told(desk, since=desk.now.date() + timedelta(days=1)) == []
    counts = EditStore(desk.db).counts()
    assert (counts.edits, counts.versions, counts.articles, counts.stories) == (3, 1, 1, 1)


def test_edits_of_one_story_count_as_one_story(desk: Desk) -> None:
    desk.store("1", LONG)
    desk.store("2", LONG, outlet="bh_marsa")
    for article_id in (1, 2):
        with desk.db.write():
            record(desk.db, Edit(article_id, 1, "gone", desk.now, desk.now))
            desk.db.update("articles", article_id, {"story_id": 1})

    counts = EditStore(desk.db).counts()
    assert (counts.articles, counts.stories) == (2, 1)
    assert len(told(desk, story=2)) == 2


def test_a_hidden_actor_is_kept_and_told_to_nobody(desk: Desk) -> None:
    desk.store("1", LONG)

    edit(desk, LONG * 2, mentions=(named("bh_hidden"),))

    assert desk.db.value("SELECT count(*) FROM edits WHERE actor_id = 'bh_hidden'") == 1
    assert told(desk) == [("text", "", "")]
    assert told(desk, actor="bh_hidden") == []


def test_a_judgement_on_a_name_hides_its_edits_until_it_is_withdrawn(desk: Desk) -> None:
    desk.store("1", LONG)
    edit(desk, LONG * 2, mentions=(named(),))
    judgements = JudgementStore(desk.db)

    made = judgements.not_this(1, "ma_jamiya", **MADE)
    hidden = told(desk)
    judgements.withdraw(made.judgement.id, **MADE)

    assert hidden == [("text", "", "")]
    assert ("actor_added", "", "كلمة") in told(desk)


def test_an_article_that_is_left_out_has_no_edits_until_it_is_back(desk: Desk) -> None:
    desk.store("1", LONG)
    edit(desk, LONG * 2)
    judgements = JudgementStore(desk.db)

    made = judgements.leave_out(1, **MADE)
    assert (told(desk), EditStore(desk.db).counts().edits) == ([], 0)
    judgements.withdraw(made.judgement.id, **MADE)

    assert told(desk) == [("text", "", "")]


def test_looks_at_known_articles_are_counted(desk: Desk) -> None:
    desk.store("1", LONG)
    assert EditStore(desk.db).looks().last_at is None

    edit(desk)
    edit(desk, LONG * 2)

    looks = EditStore(desk.db).looks()
    assert (looks.looks, looks.articles, looks.last_at) == (2, 1, desk.now)


def test_looks_are_counted_where_and_when_edits_are_asked_for(desk: Desk) -> None:
    desk.store("1", LONG)
    edit(desk)
    desk.store("2", LONG * 3, headline="Another")
    day = desk.now.date()
    store = EditStore(desk.db)

    assert store.looks(EditFilters(article=1, since=day, until=day)).looks == 1
    for elsewhere in (
        EditFilters(article=2),
        EditFilters(outlet="iq_nowhere"),
        EditFilters(country="xx"),
        EditFilters(until=day - timedelta(days=1)),
        EditFilters(since=day + timedelta(days=1)),
    ):
        assert store.looks(elsewhere).looks == 0
