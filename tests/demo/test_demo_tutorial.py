"""The tutorial is followed as it is written: every command, every page, every message."""

from __future__ import annotations

import html
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from harness import ROOT

TUTORIAL = (ROOT / "docs" / "tutorial.md").read_text("utf-8")
LESSONS, TROUBLES = TUTORIAL.split("## When it says something else")
NOT_RUN = {"make demo", "source .venv/bin/activate", "cd demo-workspace", "marsad explore"}
"""What the fixtures below do in their own way."""
SAID_BY = {
    "marsad: command not found": "env PATH=/usr/bin:/bin bash -c 'marsad status'",
    "is not inside a workspace": "cd / && marsad explore",
    "port 8300 of 127.0.0.1 is in use": "marsad explore --port {port}",
    "AND needs a word after it": "marsad search 'water AND'",
    'the database knows no actor "seven_lamp"; did you mean seven_lamps?': (
        "marsad search actor:seven_lamp"
    ),
    "nothing found; this is no evidence that nothing was published": "marsad search xyzxyz",
    'there is a snapshot "first-look" already': (
        "marsad snapshot create first-look --why again --as me"
    ),
    'there is no snapshot "fist-look"': "marsad snapshot cite fist-look",
    "is no name for a snapshot": "marsad snapshot create 'First Look' --why it --as me",
    "changed: byte": (
        "printf x | dd of=first-look.csv bs=1 seek=300 conv=notrunc status=none; "
        "marsad snapshot verify first-look first-look.csv"
    ),
}


@dataclass(frozen=True)
class Place:
    """The demo's workspace, and the desk that is open on it."""

    root: Path
    address: str
    client: httpx.Client

    @property
    def port(self) -> int:
        return httpx.URL(self.address).port or 0

    def run(self, command: str) -> subprocess.CompletedProcess[str]:
        path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        return subprocess.run(
            ["bash", "-c", command], check=False, cwd=self.root, capture_output=True, text=True,
            env={**os.environ, "PATH": path, "COLUMNS": "200"},
        )  # fmt: skip


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    root = tmp_path_factory.mktemp("tutorial") / "demo-workspace"
    marsad = [sys.executable, "-m", "crawler.cli.main"]
    made = subprocess.run(
        [*marsad, "demo", "--into", str(root)], check=True, cwd=ROOT, capture_output=True, text=True
    )
    assert made.stdout.strip().endswith("The planted faults occurred, and only these.")
    command = [*marsad, "explore", "--port", "0", "-w", str(root)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as desk:
        assert desk.stdout is not None
        address = desk.stdout.readline().split()[-1]
        with httpx.Client(base_url=address.split("/?")[0], follow_redirects=True) as client:
            assert client.get(address).status_code == 200
            yield Place(root, address, client)
        desk.send_signal(signal.SIGINT)
        assert desk.wait(15) == 0


@pytest.fixture(scope="module")
def slips(place: Place, tmp_path_factory: pytest.TempPathFactory) -> Place:
    """A workspace of its own for what goes wrong, with a set in it; the desk is the other's."""
    root = tmp_path_factory.mktemp("slips") / "demo-workspace"
    shutil.copytree(place.root, root)
    own = Place(root, place.address, place.client)
    own.run("marsad snapshot create first-look --why it --as me")
    own.run("marsad snapshot export first-look articles -o first-look.csv")
    return own


def lessons() -> list[tuple[str, str]]:
    """Each numbered part: its title and its text."""
    found = re.split(r"^## (\d+\. .+)$", LESSONS, flags=re.MULTILINE)[1:]
    return list(zip(found[::2], found[1::2], strict=True))


def commands(text: str) -> list[str]:
    return re.findall(r"^\$ (.+)$", text, flags=re.MULTILINE)


def plain(page: str) -> str:
    """What a reader sees of a page."""
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", page)))


def test_every_lesson_shows_what_it_says(place: Place) -> None:
    assert len(lessons()) >= 9
    for title, text in lessons():
        shown = [title]
        for command in (one for one in commands(text) if one not in NOT_RUN):
            ran = place.run(command)
            assert ran.returncode == 0, (title, command, ran.stderr)
            shown.append(ran.stdout + ran.stderr)
        for path in re.findall(r"`(/[a-z][^`]*)`", text):
            answer = place.client.get(path, headers={"accept-language": "en"})
            assert answer.status_code == 200, (title, path)
            shown.append(plain(answer.text))
        for words in (one for line in re.findall(r"You see (.+)", text) for one in
                      re.findall(r"\*([^*]+)\*", line)):  # fmt: skip
            assert words in "\n".join(shown), (title, words)


def test_the_first_hit_comes_within_five_steps() -> None:
    numbers = [title for title, text in lessons() if "first hit" in title]
    assert numbers
    assert int(numbers[0].split(".")[0]) <= 5


def test_what_is_typed_into_the_box_offers_the_organisation(place: Place) -> None:
    page = place.client.get("/search", params={"q": "مرصد القناديل", "lang": "en"}).text

    assert "/search?actor=seven_lamps" in page
    assert "Seven Lamps Observatory" in page


def test_a_page_without_its_key_asks_for_it(place: Place) -> None:
    answer = httpx.get(place.address.split("?")[0])

    assert answer.status_code == 403
    assert "171" not in answer.text


@pytest.mark.parametrize("said", SAID_BY)
def test_every_message_of_the_table_is_really_said(slips: Place, said: str) -> None:
    ran = slips.run(SAID_BY[said].format(port=slips.port))

    wanted = said.replace("8300", str(slips.port))
    assert wanted in " ".join((ran.stdout + ran.stderr).split())


def test_the_table_has_these_messages_and_no_others() -> None:
    rows = re.findall(r"^\| (.+?) \|", TROUBLES, flags=re.MULTILINE)[1:]
    assert {row.strip("`") for row in rows} == {*SAID_BY, "a page that asks for a key"}
