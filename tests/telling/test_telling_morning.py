"""The morning report tells of a night what is true, and nothing that is not."""

from __future__ import annotations

import shutil
from contextlib import suppress
from dataclasses import asdict, replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from sqlite3 import ProgrammingError
from typing import Any

import pytest
import typer
from harness import paragraphs
from hypothesis import given
from hypothesis import strategies as st
from lxml import html
from mornings import DAY, FIRST, Piece, Press, watched
from typer.testing import CliRunner

from crawler.cli import morning
from crawler.outlets import Blind
from crawler.workspace import WorkspaceSettings, create_workspace
from storage import night_actors
from storage.bidi import harmless
from storage.candidates import CandidateStore
from storage.edits import Edit, record
from storage.judgements import JudgementStore
from storage.models import OutletRecord
from storage.runs import note_blind
from storage.upkeep import Upkeep
from tests import watched as archives

OUTLETS = ("ma_hibr", "ma_sahil", "iq_dijla", "bh_lulua")
SAHIL, CIRA, HIDDEN = "جمعية الساحل الأخضر", "Rêxistina Çira", "Hidden Society"
ACTORS = watched(SAHIL, CIRA, HIDDEN)
NIGHTS = 10
TONIGHT = FIRST + NIGHTS * DAY
USUAL = {"ma_hibr": [Piece(f"{CIRA} meets", f"{CIRA} met in the hall today.")]}
REPRINTED = (
    f"قالت {SAHIL} إن المدرسة الصيفية لأطفال القرى القريبة من المرفأ القديم تفتح أبوابها " * 3
)


@pytest.fixture(scope="module")
def weeks(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Ten nights in which all went well and Çira was named once in each."""
    folder = tmp_path_factory.mktemp("weeks")
    press = Press(folder / "marsad.db", OUTLETS, actors=ACTORS)
    for number in range(NIGHTS):
        press.slot(FIRST + number * DAY, _own(USUAL, number))
    press.db.close()
    return folder


@pytest.fixture
def press(weeks: Path, tmp_path: Path) -> Any:
    shutil.copytree(weeks, tmp_path / "w")
    made = Press(tmp_path / "w" / "marsad.db", OUTLETS, actors=ACTORS)
    made.now = datetime.combine(TONIGHT - DAY, time(2, 30), UTC)
    yield made
    with suppress(ProgrammingError):  # a test has closed it
        made.db.close()


def _own(pieces: dict[str, list[Piece]], number: int) -> dict[str, list[Piece]]:
    """The pieces with words of their own, so that no two nights carry one text."""
    return {
        name: [replace(one, text=f"{one.text} It was number {number}.") for one in those]
        for name, those in pieces.items()
    }


def several(actor: str, number: int, first: int = 0) -> list[Piece]:
    things = range(first, first + number)
    return [Piece(f"{actor}: {n}", f"{actor} did thing {n} on its own.") for n in things]


def flat(text: str) -> str:
    return " ".join(text.split())


# ---------------------------------------------------------------- actors


def test_an_actor_with_far_more_stories_than_usual_is_told_so(press: Press) -> None:
    pieces = {name: several(CIRA, 3, 3 * number) for number, name in enumerate(OUTLETS[:3])}
    slot = press.slot(TONIGHT, pieces)

    told = press.report(slot)

    (cira,) = told.facts.actors
    assert (cira.articles, cira.stories, cira.more) == (9, 9, True)
    assert cira.usual is not None and cira.usual.nights == 9  # the first night is like no other
    assert cira.usual.stories == 1.0
    assert f"{CIRA} · more than usual" in flat(told.text.read_text(encoding="utf-8"))


def test_an_actor_as_often_named_as_usual_is_not_and_one_that_is_reprinted_is_one_story(
    press: Press,
) -> None:
    reprint = {name: [Piece(f"{SAHIL} {name}", REPRINTED, "ar")] for name in OUTLETS}
    slot = press.slot(TONIGHT, reprint | {"ma_hibr": [*reprint["ma_hibr"], *several(CIRA, 1)]})

    facts = press.report(slot).facts

    named = {one.name: (one.articles, one.stories, one.more) for one in facts.actors}
    assert named == {SAHIL: (4, 1, False), CIRA: (1, 1, False)}
    assert (facts.stories[0].articles, len(facts.stories[0].outlets)) == (4, 4)


def test_what_a_person_judged_to_be_somebody_else_is_not_counted(press: Press) -> None:
    slot = press.slot(TONIGHT, {"ma_hibr": several(CIRA, 2)})
    article = press.db.value("SELECT max(article_id) FROM mentions")
    JudgementStore(press.db).not_this(article, "actor1", who="desk", why="another one")

    (cira,) = press.report(slot).facts.actors

    assert cira.articles == 1


def test_a_hidden_actor_is_in_no_file_and_neither_is_a_headline_that_names_it(
    press: Press,
) -> None:
    text = f"{HIDDEN} opened a school for the children of the villages near the old harbour " * 3
    slot = press.slot(TONIGHT, {n: [Piece(f"{HIDDEN} in {n}", text)] for n in OUTLETS})
    named = press.report(slot).facts
    press.db.execute("UPDATE actors SET suppress = 1 WHERE id = 'actor2'")

    told = press.report(slot)

    assert [one.name for one in named.actors] == [HIDDEN] and named.stories

    assert told.facts.collected.copies == 3
    for file in (told.page, told.text):
        assert HIDDEN not in file.read_text(encoding="utf-8")
    assert HIDDEN not in repr(told)


def test_what_the_night_before_had_found_and_left_makes_no_actor_more_than_usual(
    press: Press, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as cut_short:
        cut_short.setattr(press, "store", lambda *_: None)
        press.slot(TONIGHT, tasks={"crawl": ("timeout", "its time limit was over")})
    found_at = press.now

    def read(run_id: int, name: str) -> None:
        for found in CandidateStore(press.db).claim_pending(run_id, [name]):
            press.store(run_id, found, found.hints.published_at or found_at)
        Press.read(press, run_id, name)

    monkeypatch.setattr(press, "read", read)
    pieces = {name: several(CIRA, 3, 3 * number) for number, name in enumerate(OUTLETS[:3])}
    slot = press.slot(TONIGHT + DAY, pieces)

    (cira,) = press.report(slot).facts.actors

    assert (cira.articles, cira.stories, cira.more) == (9, 9, False)
    assert cira.usual is not None


def test_nights_before_an_actor_had_its_present_forms_are_no_usual(press: Press) -> None:
    press.actors = watched(SAHIL, "Çira Society")  # another form of the same actor
    press.__post_init__()
    slot = press.slot(TONIGHT, {"ma_hibr": several("Çira Society", 3)})

    (cira,) = press.report(slot).facts.actors

    assert (cira.usual, cira.more) == (None, False)
    assert "0 of 7" in cira.why_not


def test_a_night_that_makes_up_for_others_is_compared_with_none(press: Press) -> None:
    slot = press.slot(TONIGHT + 3 * DAY, {"ma_hibr": several(CIRA, 3)}, missed=3)

    told = press.report(slot)

    assert told.facts.actors[0].usual is None
    assert "96 hours earlier" in told.facts.not_compared
    assert "3 nights before this one did not run" in told.text.read_text(encoding="utf-8")


@given(st.integers(0, 300), st.integers(0, 400), st.integers(1, 28))
def test_more_than_usual_is_never_taken_back_by_more_stories(
    stories: int, usual: int, nights: int
) -> None:
    if night_actors.is_more(stories, usual, nights):
        assert night_actors.is_more(stories + 1, usual, nights)
        assert stories > usual / nights and nights >= night_actors.FEWEST_NIGHTS


# ---------------------------------------------------------------- empty nights


def test_a_night_in_which_we_looked_and_there_was_nothing_says_so(press: Press) -> None:
    told = press.report(press.slot(TONIGHT, nothing=True))

    text = flat(told.text.read_text(encoding="utf-8"))
    assert "We looked, and there was nothing: all 4 outlets asked were watched throughout" in text
    assert text.startswith("A quiet night: no new article")
    assert "Nothing went wrong." in text


def test_a_night_in_which_nobody_could_be_read_is_no_evidence(press: Press) -> None:
    told = press.report(press.slot(TONIGHT, blind=OUTLETS))

    text = flat(told.text.read_text(encoding="utf-8"))
    assert "nobody was looking: this is no evidence that nothing was published" in text
    assert text.startswith("Nobody was looking: no new article; 0 of 4 outlets could be read")
    assert not told.counts.good


def test_a_night_in_which_one_outlet_was_blind_is_no_evidence_either(press: Press) -> None:
    told = press.report(press.slot(TONIGHT, nothing=True, blind=["iq_dijla"]))

    text = flat(told.text.read_text(encoding="utf-8"))
    assert "no evidence that nothing was published: 3 of 4 outlets were watched" in text
    assert "Blind: iq_dijla (24 h)" in text


def test_without_any_run_the_machine_needs_somebody(press: Press) -> None:
    press.now += 3 * DAY

    told = press.report(None)

    text = flat(told.text.read_text(encoding="utf-8"))
    assert text.startswith("Nobody was looking: no new article; no outlet was asked; this machine")
    assert "Nothing was crawled since" in text and "marsad crawl --all" in text


# ---------------------------------------------------------------- what went wrong


def test_parts_that_failed_are_told_with_what_to_do_and_only_once(press: Press) -> None:
    upkeep = Upkeep(press.db, clock=lambda: press.now)
    upkeep.end(upkeep.begin("verify"), ok=False, said="2 captures are damaged")
    bad = press.slot(TONIGHT, tasks={"probe": ("timeout", ""), "recheck": ("failed", "exit 1")})
    press.now += timedelta(hours=1)
    upkeep.end(upkeep.begin("backup"), ok=False, said="no room")
    well = press.slot(TONIGHT + DAY)

    first, second = press.report(bad), press.report(well)

    assert [(one.code, one.subject) for one in first.facts.wrongs] == [
        ("task", "probe"), ("task", "recheck"), ("upkeep", "verify")
    ]  # fmt: skip
    assert [(one.code, one.subject) for one in second.facts.wrongs] == [("upkeep", "backup")]
    assert all(one.steps for one in (*first.facts.wrongs, *second.facts.wrongs))
    assert "time_limit" in first.text.read_text(encoding="utf-8")
    assert first.counts.wrong == ("task", "task", "upkeep")


def test_what_a_part_says_to_do_is_its_only_step_and_commands_look_like_commands(
    press: Press,
) -> None:
    said = "too much could not be read; `marsad runs` says what"
    told = press.report(press.slot(TONIGHT, tasks={"crawl": ("failed", said)}))

    page = html.fromstring(told.page.read_text(encoding="utf-8"))

    (wrong,) = told.facts.wrongs
    assert (wrong.said, wrong.steps) == (
        "It failed: too much could not be read.",
        ("`marsad runs` says what.",),
    )
    assert "`" not in page.text_content()
    assert "marsad runs" in page.xpath("//code/text()")


def test_a_command_in_what_a_run_says_of_its_end_looks_like_one_too(press: Press) -> None:
    upkeep = Upkeep(press.db, clock=lambda: press.now)
    upkeep.end(upkeep.begin("verify"), ok=False, said="see `marsad verify`")

    page = html.fromstring(press.report(press.slot(TONIGHT)).page.read_text(encoding="utf-8"))

    assert "`" not in page.text_content()


def test_a_run_that_was_cut_short_makes_a_bad_night_unless_another_one_made_up_for_it(
    press: Press,
) -> None:
    slot = press.slot(TONIGHT, left_out=OUTLETS[1:])  # it came as far as the first outlet
    press.db.execute("UPDATE runs SET status = 'interrupted', outlets = ? WHERE slot_id = ?",
                     (_json(OUTLETS), slot))  # fmt: skip
    cut = press.report(slot)
    again = press._run(slot, (), (), nothing=False)
    press.runs.close(again, "done")
    press.db.execute("UPDATE slots SET ended_at = NULL, attempts = 2")
    press.now += timedelta(minutes=1)

    told = press.report(slot)

    assert cut.subject.endswith("A bad night: 3 new articles of 1 outlet; nothing needs you")
    assert "1 of 4 outlets read" in cut.digest and "a run failed or was cut short" in cut.digest
    assert (told.facts.wrongs, told.counts.outlets_read) == ((), 4)
    assert "A good night: 12 new articles of 4 outlets; nothing needs you" in told.subject
    assert "schedule nightly (2 attempts)" in flat(told.text.read_text(encoding="utf-8"))


def test_a_run_that_failed_says_why_and_what_to_do(press: Press) -> None:
    slot = press.slot(TONIGHT)
    (run,) = press.report(slot).facts.night.runs
    press.runs.note(run, "failure", "the outlet files are wrong")
    press.runs.note(run, "stories_failure", "another settling goes on")
    press.db.execute("UPDATE runs SET status = 'failed' WHERE id = ?", (run,))

    told = press.report(slot)

    text = flat(told.text.read_text(encoding="utf-8"))
    assert f"- run {run} (crawl) · It failed: the outlet files are wrong. > `marsad runs" in text
    assert "Stories could not be worked out: another settling goes on. > What is new" in text
    assert "this machine needs you" in told.subject


def test_what_ran_by_day_is_told_with_the_next_night(press: Press) -> None:
    press.now += timedelta(hours=7)
    run = press._run(None, (), (), nothing=False)
    press.runs.close(run, "done")

    told = press.report(press.slot(TONIGHT, nothing=True))

    assert len(told.facts.night.runs) == 2
    assert told.facts.collected.new == sum(c.new for c in told.facts.collected.countries) > 0


def test_an_outlet_that_is_declared_blind_is_told_with_the_reason(press: Press) -> None:
    blind = Blind(since=TONIGHT - DAY, reason="asked, no answer")
    outlet: OutletRecord = archives.record("iq_dijla")
    slot = press.slot(TONIGHT, left_out=["iq_dijla"])
    note_blind(press.db, replace(outlet, blind_since=blind.since, blind_reason=blind.reason))
    press.db.execute("UPDATE runs SET outlets = ? WHERE slot_id = ?", (_json(OUTLETS), slot))

    text = flat(press.report(slot).text.read_text(encoding="utf-8"))

    assert "Declared blind: iq_dijla since 2 November 2026" in text
    assert "asked, no answer" in text


def _json(names: tuple[str, ...]) -> str:
    return "[" + ", ".join(f'"{name}"' for name in names) + "]"


def test_edits_are_told_in_the_night_that_saw_them(press: Press) -> None:
    before = press.slot(TONIGHT)
    seen = press.now + DAY - timedelta(minutes=4)
    with press.db.write():
        for kind in ("actor_removed", "headline"):
            record(press.db, Edit(1, 2, kind, seen, seen - DAY, actor_id="actor1"))
    after = press.slot(TONIGHT + DAY)

    assert press.report(before).facts.again.edits == {}
    told = press.report(after)
    assert told.facts.again.edits == {"actor_removed": 1, "headline": 1}
    assert "names taken out 1" in told.text.read_text(encoding="utf-8")


# ---------------------------------------------------------------- the page


HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "\u202e\u2066evil\u2069 \u200fafter",
    "`marsad forget` </bdi></a><iframe src=//x.test>",
    "&lt;b&gt; \x07 bell",
)


URLS = ("javascript:alert(1)", 'https://hibr.test/"onmouseover="x', "data:text/html,<b>")


@pytest.fixture
def page(press: Press) -> Any:
    """A page of headlines that mean harm, each carried by two outlets."""
    pieces: dict[str, list[Piece]] = {name: [] for name in OUTLETS}
    for number, headline in enumerate(HOSTILE):
        words = " ".join(paragraphs(number)).split()
        text = " ".join(f"{word}{number}" for word in words)  # no two are alike
        for name in OUTLETS[:2] if number < 3 else OUTLETS[2:]:
            pieces[name].append(Piece(headline, text, "ar" if number % 2 else 'a"x'))
    slot = press.slot(TONIGHT, pieces)
    for headline, url in zip(HOSTILE, URLS, strict=False):
        press.db.execute("UPDATE articles SET url = ? WHERE headline = ?", (url, headline))
    told = press.report(slot)
    return html.document_fromstring(told.page.read_text(encoding="utf-8"))


def test_the_page_needs_nothing_from_elsewhere_and_runs_nothing(page: Any) -> None:
    assert page.xpath("//script|//iframe|//img|//link|//object|//embed|//form|//base") == []
    assert page.xpath("//@src|//@style|//@srcset|//@*[starts-with(name(), 'on')]") == []
    (policy,) = page.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")
    assert policy.startswith("default-src 'none'") and "unsafe" not in policy
    (style,) = page.xpath("//style/text()")
    assert "url(" not in style and "@import" not in style


def test_hostile_headlines_are_shown_as_they_are_and_lead_to_the_web_only(page: Any) -> None:
    shown = page.xpath("//section[@id='stories']//li[@class='story']/descendant::bdi[1]")

    assert {one.text_content() for one in shown} == {harmless(one) for one in HOSTILE}
    assert all(one.get("dir") == "auto" for one in shown)
    assert {one.get("lang") for one in shown} == {None, "ar"}
    links = page.xpath("//a[not(starts-with(@href, '#'))]")
    assert len(links) == 3  # not the two that lead elsewhere
    assert all(one.get("href").startswith("https://") for one in links)
    assert {one.get("rel") for one in links} == {"noreferrer noopener"}
    text = page.text_content()
    assert not set("\u202e\u2066\u200f\x07") & set(text)


def test_pictures_have_words_beside_them(press: Press) -> None:
    told = press.report(press.slot(TONIGHT, blind=["iq_dijla", "ma_sahil"]))
    pictures = html.document_fromstring(told.page.read_text(encoding="utf-8")).xpath("//figure")

    assert [one.xpath("./figcaption/b")[0].text for one in pictures] == [
        "Bahrain", "Iraq", "Morocco"
    ]  # fmt: skip
    assert all(one.xpath("./svg[@role='img']/@aria-label") for one in pictures)
    assert "1 night unseen" in pictures[1].text_content()  # its one outlet was blind
    assert "1 night with some outlets blind" in pictures[2].text_content()


# ---------------------------------------------------------------- files, counts, the command


def test_the_files_are_for_their_owner_and_are_made_again_in_place(press: Press) -> None:
    slot = press.slot(TONIGHT)
    first, second = press.report(slot), press.report(slot)

    assert first.page == second.page and first.page.name == f"{TONIGHT}.html"
    assert first.text.name == f"{TONIGHT}.txt"
    assert first.page.parent == press.path.parent / "reports"
    assert first.page.parent.stat().st_mode & 0o777 == 0o700
    assert {file.stat().st_mode & 0o777 for file in (first.page, first.text)} == {0o600}
    assert len(list(first.page.parent.iterdir())) == 2


@pytest.mark.parametrize(
    ("slot", "name"),
    [
        ("2026-11-22", "2026-11-22"),
        ("2026-11-22T14:00", "2026-11-22T1400"),
        ("now 2026-11-22T13:15:07Z", "2026-11-22T131507Z"),
        ("../../odd", "2026-11-03"),  # then the day on which it was due
    ],
)
def test_files_are_named_after_the_slot(press: Press, slot: str, name: str) -> None:
    made = press.slot(TONIGHT)
    press.db.execute("UPDATE slots SET slot = ? WHERE id = ?", (slot, made))

    assert press.report(made).page.name == f"{name}.html"


def test_no_line_of_the_text_is_longer_than_78_columns(press: Press) -> None:
    slot = press.slot(TONIGHT, {"ma_hibr": several(SAHIL, 3)}, blind=OUTLETS[1:])

    lines = press.report(slot).text.read_text(encoding="utf-8").splitlines()

    assert [line for line in lines if len(line) > 78 and " " in line.strip()] == []


def test_nothing_but_numbers_and_outlets_leaves_the_machine(press: Press) -> None:
    slot = press.slot(TONIGHT, {"ma_hibr": several(CIRA, 3)}, blind=["iq_dijla"])

    told = press.report(slot)

    leaving = "\n".join((told.subject, told.digest, repr(asdict(told.counts))))
    for secret in (CIRA, SAHIL, "actor1", "did thing", "/rss", "https://", ".test"):
        assert secret not in leaving
    assert "iq_dijla (blocked, since 2026-11-03)" in told.digest
    assert told.subject.startswith("Marsad 2026-11-03: A good night: 9 new articles of 3 outlets")
    assert CIRA in told.names_text and "did thing" not in told.names_text


@pytest.fixture
def app() -> typer.Typer:
    made = typer.Typer()
    made.command("report")(morning.report)
    return made


def test_the_command_tells_the_last_night_and_any_other(
    press: Press, app: typer.Typer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    press.slot(TONIGHT)
    press.db.close()
    place = create_workspace(tmp_path / "place", WorkspaceSettings(contact="desk@example.org"))
    shutil.copy(press.path, place.database)
    morning_after = datetime.combine(TONIGHT, time(8), UTC)
    monkeypatch.setattr("storage.times.utc_now", lambda: morning_after)

    def run(*arguments: str) -> Any:
        return CliRunner().invoke(app, [*arguments, "--workspace", str(place.root)])

    latest, other = run(), run("--night", str(FIRST + DAY), "--json")
    page, none = run("--path"), run("--slot-id", "99")

    assert "Night of Tuesday, 3 November 2026 · schedule nightly" in latest.stdout
    assert "Next: " in latest.stdout and "nightly 2026-11-" in flat(latest.stdout)
    assert f'"day": "{FIRST + DAY}"' in other.stdout
    assert Path(page.stdout.strip()).read_text(encoding="utf-8").startswith("<!doctype html>")
    assert none.exit_code == 2 and "no slot 99" in none.stderr


def test_where_nothing_is_scheduled_the_last_day_is_told(tmp_path: Path) -> None:
    press = Press(tmp_path / "marsad.db", OUTLETS, actors=ACTORS)
    for number in range(9):
        press.slot(FIRST + number * DAY, _own(USUAL, number), schedule=None)
    press.now += timedelta(hours=3)

    told = press.report(None)

    press.db.close()
    assert told.facts.night.day == date(2026, 11, 1) == FIRST + 8 * DAY
    assert (told.facts.comparable_nights, told.facts.collected.new) == (7, 12)
    assert told.facts.actors[0].usual is not None
    assert "no schedule" in told.text.read_text(encoding="utf-8")
