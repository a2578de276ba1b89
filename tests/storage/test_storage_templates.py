"""Templates as they are kept: which was in force when, how it fared, and what a kill leaves."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from storage.database import Database, open_database
from storage.layout_samples import KEPT, add
from storage.models import Outcome, OutletRecord, Reading
from storage.runs import RunStore
from storage.template_records import Rules, Template, template_of
from storage.template_standing import Standing, Verdict, reason_of, verdict_of
from storage.templates import TemplateStore

NOW = datetime(2026, 11, 23, 22, tzinfo=UTC)
DAY = timedelta(days=1)
OUTLET = OutletRecord("iq_relaid", "Sedra", "iq", ("iq",), "daily", "unknown", ("en",), "UTC")
NOTHING = Template("")


def made(name: str, made_by: str = "1") -> Template:
    return template_of(Rules(containers=(name,)), made_by=made_by, pages=6, usable=True)


class Desk:
    """A database with one outlet, at a time of its own."""

    def __init__(self, path: Path) -> None:
        self.now = NOW
        self.db: Database = open_database(path)
        self.run = RunStore(self.db).open("crawl", outlets=[OUTLET], actors=())
        self.store = TemplateStore(self.db, clock=lambda: self.now)

    def learned(self, template: Template, why: str = "first", pages: int = 6) -> bool:
        return self.store.learned(OUTLET.id, template, why=why, run_id=self.run, pages=pages)

    def of_day(self, at: datetime) -> str | None:
        template = self.store.of_day(OUTLET.id, at)
        return template.rules.containers[0] if template else None


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = Desk(tmp_path / "marsad.db")
    yield made
    made.db.close()


def test_a_page_is_read_again_by_the_template_of_its_day(desk: Desk) -> None:
    desk.learned(made("old"))
    desk.now += DAY
    desk.learned(made("new"), "more pages", 20)

    assert [desk.of_day(NOW + DAY * n) for n in (-1, 0, 1, 9)] == [None, "old", "new", "new"]
    assert desk.store.read_by(made("old").id, OUTLET.id, NOW + DAY * 9) == made("old")


def test_a_layout_that_has_changed_ends_its_template_with_the_first_page_that_did_not_fit(
    desk: Desk,
) -> None:
    desk.learned(made("old"))
    in_force = desk.store.in_force(OUTLET.id)
    assert in_force is not None
    standing = Standing().after(Verdict.PROVEN, NOW + DAY)
    for hour in range(1, 4):
        standing = standing.after(Verdict.FAILED, NOW + DAY + timedelta(hours=hour))
    desk.now += DAY * 2

    ended = [desk.store.retire(in_force, standing, NOW + DAY) for _ in range(2)]

    assert ended == [True, False]
    assert desk.store.in_force(OUTLET.id) is None
    assert desk.store.changed_at(OUTLET.id) == NOW + DAY + timedelta(hours=1)
    assert [desk.of_day(NOW + DAY), desk.of_day(desk.now)] == ["old", None]
    (left,) = desk.store.unhealed([OUTLET.id])
    assert (left.template_id, left.since) == (made("old").id, NOW + DAY)
    desk.store.healed(left)
    assert desk.store.unhealed([OUTLET.id]) == []


def test_a_lesson_that_taught_nothing_is_remembered_and_changes_nothing(desk: Desk) -> None:
    desk.learned(made("old"))
    desk.now += DAY

    assert not desk.learned(NOTHING, "in time", 20)

    assert desk.of_day(desk.now) == "old"
    last = desk.store.last_lesson(OUTLET.id)
    assert last is not None
    assert (last.pages, last.taught) == (20, False)


def test_the_same_template_learned_again_goes_on_with_what_is_known_of_it(desk: Desk) -> None:
    desk.learned(made("old"))
    first = desk.store.in_force(OUTLET.id)
    assert first is not None
    desk.store.note(first.id, Standing().after(Verdict.HELD, NOW))
    desk.now += DAY

    assert desk.learned(made("old"), "in time", 20)

    again = desk.store.in_force(OUTLET.id)
    assert again is not None
    assert (again.id, again.standing.uses, again.learned_at) == (first.id, 1, NOW + DAY)
    assert again.pages == 20


def test_a_newer_learner_takes_the_place_of_an_older_one_also_in_the_past(desk: Desk) -> None:
    desk.learned(made("old", "1"))
    desk.now += DAY
    desk.learned(made("new", "1"))
    periods = desk.store.made_by_others("2")
    desk.store.replace(periods[0], made("old", "2"))
    desk.store.replace(periods[1], NOTHING)

    assert desk.store.made_by_others("2") == []
    assert desk.store.read_by(made("old", "1").id, OUTLET.id, NOW) == made("old", "2")
    assert desk.of_day(desk.now) is None, "nothing was agreed: the careful way"
    assert desk.learned(made("new", "2")), "and the next lesson may come"


def test_a_damaged_template_reads_nothing(desk: Desk) -> None:
    desk.learned(made("old"))
    with desk.db.write():
        desk.db.execute("UPDATE templates SET body = '{'")

    in_force = desk.store.in_force(OUTLET.id)

    assert in_force is not None
    assert not in_force.template.usable
    assert desk.store.of_day(OUTLET.id, NOW) is None


def test_there_is_one_template_in_force_at_most(desk: Desk) -> None:
    desk.learned(made("old"))
    with pytest.raises(sqlite3.IntegrityError), desk.db.write():
        desk.db.execute(
            "INSERT INTO outlet_templates (outlet_id, from_at, why, learned_at, pages) "
            "SELECT outlet_id, from_at, why, learned_at, pages FROM outlet_templates"
        )


def test_the_newest_articles_of_an_outlet_are_remembered_and_no_more(desk: Desk) -> None:
    with desk.db.write():
        for number in range(1, 101):
            add(desk.db, OUTLET.id, number)
            add(desk.db, "iq_other", number + 1000)

    kept = desk.db.all("SELECT article_id FROM layout_samples WHERE outlet_id = ?", (OUTLET.id,))
    assert [row[0] for row in kept] == list(range(101 - KEPT, 101))


def test_an_outlet_with_two_layouts_does_not_change_every_week() -> None:
    one_in_four = Standing()
    for number in range(40):
        verdict = Verdict.FAILED if number % 4 == 0 else Verdict.HELD
        one_in_four = one_in_four.after(verdict, NOW)
        assert not one_in_four.is_outdated
    mixed = one_in_four
    for _ in range(3):
        mixed = mixed.after(Verdict.FAILED, NOW)
    assert not mixed.is_outdated
    assert mixed.after(Verdict.FAILED, NOW).is_outdated


@pytest.mark.parametrize("damaged", ["", "{", "null", "[[1, 2]]", '[["2026-11-23T22:00:00Z"]]'])
def test_a_damaged_row_stops_no_run(desk: Desk, damaged: str) -> None:
    desk.learned(made("old"))
    with desk.db.write():
        desk.db.execute("UPDATE outlet_templates SET recent = ?", (damaged,))

    in_force = desk.store.in_force(OUTLET.id)

    assert in_force is not None
    assert in_force.standing == Standing()


def test_what_a_reading_says_of_its_template() -> None:
    def read(*methods: tuple[str, str], template: str | None = "t") -> Reading:
        return Reading("u", "u", None, methods=methods, template_id=template)

    assert verdict_of(read()) is Verdict.HELD
    assert verdict_of(read(("audit", "agrees"))) is Verdict.PROVEN
    assert verdict_of(read(("audit", "differs: text"), template=None)) is Verdict.FAILED
    fallback = read(("fallback", "text outside of its place: 289%"), template=None)
    assert verdict_of(fallback) is Verdict.FAILED
    assert reason_of(fallback) == "text outside of its place"
    assert verdict_of(read(template=None)) is None
    audited = (("audit", "differs: no_text by the careful way"),)
    shell = Reading("u", "u", Outcome.NO_TEXT, methods=audited)
    assert verdict_of(shell) is Verdict.FAILED, "a template must not read what is no article"
    gallery = Reading("u", "u", Outcome.NOT_ARTICLE, methods=(("fallback", "no text"),))
    assert verdict_of(gallery) is None
