"""What is wrong with outlets, the letter to write, and an outlet that is declared blind."""

from __future__ import annotations

import shutil
import unicodedata
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from harness import Ran, crawl, marsad, publish, rows, workspace
from newsroom import faults
from newsroom.hostile import HostileNewsroom

from crawler.cli.letters import LANGUAGES, Refused, Sender, letter
from crawler.outletfiles import set_blind
from crawler.outlets import Blind
from crawler.workspace import Workspace, find_workspace, load_config

SENDER = Sender("desk@example.org", "Marsad/0.1 (research; +desk@example.org)", 2.0)
REFUSED = [Refused("blocked", "https://sahifa.test/rss", datetime(2026, 3, 1, tzinfo=UTC))]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    """A workspace after one crawl of a good outlet and one behind a wall."""
    with HostileNewsroom() as newsroom:
        publish(newsroom, "good.test", [1, 2])
        publish(newsroom, "fine.test", [3])
        publish(newsroom, "well.test", [4])
        publish(newsroom, "walled.test", [5])
        newsroom.put("walled.test", "/feed", faults.forbidden())
        hosts = [f"{name}.test" for name in ("good", "fine", "well", "walled")]
        made = workspace(tmp_path_factory.mktemp("events") / "w", newsroom.port, hosts)
        first = crawl(made)
        assert (first.code, [one["kind"] for one in first.data["troubles"]]) == (3, ["blocked"])
        yield made


def run(place: Workspace, *arguments: str) -> Ran:
    ran = marsad(*arguments, "--workspace", str(place.root))
    assert "Traceback" not in ran.stderr, ran.stderr
    return ran


def test_events_tell_since_when_what_was_seen_and_what_to_do(place: Workspace) -> None:
    told = run(place, "events")
    (event,) = run(place, "events", "iq_walled", "--json").data
    well = run(place, "events", "iq_good")
    slip = run(place, "events", "iq_nobody")

    words = " ".join(told.stdout.split())
    assert "iq_walled · blocked · since 20" in words
    assert "status 403" in words and "marsad outlets letter iq_walled" in words
    assert (event["kind"], event["subject"], event["state"]) == ("blocked", "direct", "goes_on")
    assert well.stdout == "No trouble seen with iq_good.\n"
    assert slip.code == 2 and "iq_nobody" in slip.stderr


def test_a_letter_says_what_was_refused_and_who_asks(place: Workspace) -> None:
    english = run(place, "outlets", "letter", "iq_walled", "--language", "en")
    unknown = run(place, "outlets", "letter", "iq_walled", "--language", "ku")

    assert english.code == 0
    assert "/feed: our request is refused, since 20" in english.stdout
    assert "tests@marsad.test" in english.stdout
    assert "To the editors of walled.test" in english.stdout
    assert unknown.code == 2 and "ar, fr, en" in unknown.stderr


def test_a_letter_to_an_outlet_that_refused_nothing_claims_to_have_seen_nothing() -> None:
    text = letter("fr", "Le Phare", (), Sender("desk@example.org", "Marsad/0", 2.0))

    assert "Nous écrivons pour nous présenter." in text
    assert "constaté" not in text


def test_an_outlet_that_is_declared_blind_is_not_visited_until_that_ends(
    place: Workspace, tmp_path: Path
) -> None:
    shutil.copytree(place.root, tmp_path / "w")  # what is done here ends the other tests' events
    place = find_workspace(tmp_path / "w")
    run(place, "outlets", "blind", "iq_walled", "--reason", "asked, no answer", "--since",
        "2026-03-01")  # fmt: skip
    told = rows(place, "SELECT blind_since, blind_reason FROM outlets WHERE id = 'iq_walled'")
    visits = "SELECT count(*) FROM visits WHERE outlet_id = 'iq_walled'"
    before = rows(place, visits)
    second = crawl(place)
    after = rows(place, visits)
    ended = run(place, "outlets", "blind", "iq_walled", "--end")
    again = run(place, "outlets", "blind", "iq_walled", "--end")

    assert told == [("2026-03-01", "asked, no answer")]
    assert before == after
    assert second.outlet("iq_walled")["problems"] == []
    assert [(one["kind"], one["state"]) for one in second.data["troubles"]] == [
        ("blocked", "ended")
    ]
    assert ended.code == 0 and again.code == 2
    outlet = load_config(place).outlets["iq_walled"]
    assert outlet.blind and outlet.blind.until and outlet.blind.reason == "asked, no answer"


# ---------------------------------------------------------------- letters


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_letter_is_whole_in_every_language(language: str) -> None:
    text = letter(language, "صحيفة المثال", REFUSED, SENDER)

    for said in ("صحيفة المثال", SENDER.contact, SENDER.user_agent, "2026-03-01", "/rss"):
        assert said in text
    assert "{" not in text and "robots.txt" in text
    assert letter(language, "x", [], SENDER) != text


def test_every_latin_piece_of_the_arabic_letter_keeps_to_itself() -> None:
    text = letter("ar", "صحيفة المثال", REFUSED, SENDER)

    for line in filter(str.strip, text.splitlines()):
        assert line.startswith("\u200f")
        assert line.count("\u2066") == line.count("\u2069")
    for piece in (SENDER.contact, SENDER.user_agent, "https://sahifa.test/rss", "2026-03-01"):
        assert f"\u2066{piece}\u2069" in text
    assert "AL" in {unicodedata.bidirectional(char) for char in text}


# ---------------------------------------------------------------- files


FILE = """\
# Why this is odd.
country = "iq"

[blind]
since = 2026-01-01
reason = "old"

# The name.
[name]
en = "X"
"""


def test_a_declaration_replaces_the_one_before_and_leaves_the_rest(tmp_path: Path) -> None:
    path = tmp_path / "x.toml"
    path.write_text(FILE, encoding="utf-8")

    set_blind(path, Blind(since=date(2026, 3, 1), reason='says "no"'))
    declared = path.read_text(encoding="utf-8")
    set_blind(path, None)

    assert declared.endswith('[blind]\nsince = 2026-03-01\nreason = "says \\"no\\""\n')
    assert "old" not in declared
    without = path.read_text(encoding="utf-8")
    assert without == '# Why this is odd.\ncountry = "iq"\n\n# The name.\n[name]\nen = "X"\n'


def test_a_declaration_has_a_reason_and_an_order() -> None:
    with pytest.raises(ValueError, match="until lies before since"):
        Blind(since=date(2026, 3, 2), until=date(2026, 3, 1), reason="x")
    with pytest.raises(ValueError, match="reason"):
        Blind(since=date(2026, 3, 2))  # type: ignore[call-arg]  # that is the test
