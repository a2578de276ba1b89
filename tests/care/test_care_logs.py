"""Logs tell the work and never a word of it: watched names are searched for, byte by byte."""

from __future__ import annotations

import io
import json
import logging
import os
import subprocess
import sys
import warnings
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from harness import ROOT, marsad, paragraphs, rows, workspace
from newsroom import faults
from newsroom.hostile import Entry, HostileNewsroom, Reply, article_html

from crawler import logs
from crawler.workspace import Workspace

CANARIES = [
    f"Qzanar{chr(97 + n % 26) + chr(97 + n // 26)} Vexlo{chr(97 + n % 26) + chr(97 + n // 26)}man"
    for n in range(48)
]
CANARIES += ["زرزور الكناري", "Kanarînav Şevşîn"]
HEADLINE, BODY, URL, QUERY, LINK, FEED, HOST = CANARIES[:7]


def watchlist() -> str:
    return "".join(
        f'[[actors]]\nid = "iq_c{n}"\nkind = "person"\nname = {{ en = "{name}" }}\n'
        f'forms = [{{ text = "{name}", language = "en" }}]\n'
        for n, name in enumerate(CANARIES)
    )


@pytest.fixture(autouse=True)
def undisturbed() -> Iterator[None]:
    """What a test sets up ends with it."""
    root = logging.getLogger()
    before, level = [*root.handlers], root.level
    tamed = {name: logging.getLogger(name).level for name in logs.QUIET}
    yield
    for handler in [*root.handlers]:
        if handler not in before:
            root.removeHandler(handler)
            handler.close()
    for handler in before:
        if handler not in root.handlers:
            root.addHandler(handler)
    root.setLevel(level)
    logs.tame(tamed)
    logging.captureWarnings(False)


def spoken_of(newsroom: HostileNewsroom) -> list[str]:
    """A newsroom that says the names wherever it can; gives its hosts."""
    names = " and ".join(CANARIES)
    entries = []
    for n, name in enumerate(CANARIES[:6] + CANARIES[-2:]):
        path = f"/{quote(name)}/{n}?q={quote(QUERY)}"
        newsroom.article("good.test", path, article_html(f"{name} speaks", [names, *paragraphs(n)]))
        entries.append(Entry(path, f"{name} speaks"))
    newsroom.feed("good.test", "/feed", entries)
    bad = {
        "gone": Reply(b"", 404),
        "broken": Reply(names.encode(), 500),
        "torn": faults.reset(),
        "away": faults.redirect(f"http://{HOST.split()[0].lower()}.test/{quote(URL)}"),
        "inside": faults.redirect(f"http://127.0.0.1:9/{quote(URL)}"),
        "loop": faults.redirect(f"/{quote(URL)}/loop"),
        "cut": faults.truncated_gzip(article_html(f"{HEADLINE} speaks", [names] * 50)),
        "garbage": faults.garbage(f"SSH {URL}\r\n".encode()),
    }
    for name, behaviour in bad.items():
        newsroom.put("bad.test", f"/{quote(URL)}/{name}", behaviour)
    newsroom.feed("bad.test", "/feed", [Entry(f"/{quote(URL)}/{name}", LINK) for name in bad])
    newsroom.article("odd.test", "/feed", f"<rss><channel><title>{FEED}<item>".encode())
    newsroom.robots(
        "shut.test", f"User-agent: *\nDisallow: /{quote(URL)}\nSitemap: /{quote(URL)}.xml\n"
    )
    newsroom.feed(
        "shut.test", "/feed", [Entry(f"/{quote(URL)}/1", LINK), Entry("http://[bad", LINK)]
    )
    return ["good.test", "bad.test", "odd.test", "shut.test"]


def found_in(place: Workspace, *printed: str) -> set[str]:
    """The names that stand in a log or in what was printed, however they are written."""
    written = [path.read_bytes() for path in place.logs_dir.iterdir()]
    everything = b"".join([*written, *(text.encode() for text in printed)]).lower()
    assert b"outcome=" in everything, "there are logs"
    words = {word for name in CANARIES for word in name.split()}
    return {word for word in words if any(way in everything for way in spellings(word))}


def spellings(word: str) -> set[bytes]:
    """A word in letters, in an address, and as Python and JSON escape it."""
    ways = (word, quote(word), word.encode("unicode_escape").decode(), str(word.encode())[2:-1])
    return {way.lower().encode() for way in ways}


def test_no_watched_name_stands_in_the_logs_of_runs_that_go_well_and_badly(tmp_path: Path) -> None:
    with HostileNewsroom() as newsroom:
        place = workspace(tmp_path / "w", newsroom.port, spoken_of(newsroom))
        (place.watchlists_dir / "own.toml").write_text(watchlist(), encoding="utf-8")
        failed = subprocess.run(  # the database takes no more in the middle of it
            [sys.executable, str(ROOT / "tests" / "engine" / "failing_driver.py"), str(place.root)],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        ran = marsad("crawl", "--all", "-w", str(place.root))
        asked = marsad("search", QUERY, "-w", str(place.root))

    assert failed.returncode == 1 and ran.code in (1, 3) and QUERY in asked.stdout
    ((named,),) = rows(place, "SELECT count(DISTINCT actor_id) FROM mentions")
    assert named == len(CANARIES), "they are in the news"
    assert found_in(place, failed.stderr, ran.stderr, asked.stderr) == set()
    for path in place.logs_dir.iterdir():
        assert path.stat().st_mode & 0o777 == 0o600
        for line in path.read_text(encoding="utf-8").splitlines():
            assert set(json.loads(line)) == {"at", "level", "logger", "message", "fields"}


def told(log: logging.Logger, *, terminal: bool = False) -> io.StringIO:
    """Set up a console that is (not) a terminal, in the place of what there is."""
    console = io.StringIO()
    console.isatty = lambda: terminal  # type: ignore[method-assign]  # as on a terminal
    logs.set_up(console=console)
    return console


WORD = URL.split()[0]
OURS, THEIRS = logging.getLogger("crawler.engine.x"), logging.getLogger("somebody.else")


def test_a_line_of_ours_has_its_figures_as_fields() -> None:
    console = told(OURS)

    OURS.info("visit outlet=%s outcome=%s fresh=%d", "iq_one", "read", 7)

    line = json.loads(console.getvalue())
    assert line["message"] == "visit outlet=iq_one outcome=read fresh=7"
    assert line["fields"] == {"outlet": "iq_one", "outcome": "read", "fresh": 7}
    assert (line["level"], line["logger"]) == ("info", "crawler.engine.x")
    assert line["at"].endswith("+00:00")


def test_on_a_terminal_it_is_a_line_for_a_person() -> None:
    console = told(OURS, terminal=True)

    OURS.warning("disk run=%s free=%d", 7, 12)

    assert console.getvalue()[9:] == "warning: disk run=7 free=12\n"


@pytest.mark.parametrize(
    "speak",
    [
        lambda: OURS.info("asked url=%s", f"https://user:{WORD}@x.test/{WORD}?{WORD}#{WORD}"),
        lambda: OURS.info(f"asked https://x.test/{WORD} twice"),
        lambda: THEIRS.error(f"could not read {WORD}"),
        lambda: THEIRS.error("could not read %s", WORD),
        lambda: THEIRS.error("could not read %(what)s", {"what": WORD}),
        lambda: THEIRS.error(WORD),
        lambda: warnings.warn(f"strange: {WORD}", UserWarning, stacklevel=1),
    ],
)
def test_whoever_speaks_no_name_is_told(speak: object) -> None:
    console = told(OURS)

    with warnings.catch_warnings():
        warnings.simplefilter("always")
        logging.captureWarnings(True)
        speak()  # type: ignore[operator]

    assert len(console.getvalue().splitlines()) == 1
    assert WORD not in console.getvalue()


def test_of_an_exception_its_kind_and_its_places_are_told_and_not_its_words() -> None:
    console = told(OURS)

    try:
        raise ValueError(f"no such thing: {WORD}") from KeyError(WORD)
    except ValueError:
        OURS.exception("troubles could not be judged")

    line = json.loads(console.getvalue())
    assert line["message"] == "troubles could not be judged"
    assert line["fields"]["error"] == "ValueError"
    assert line["fields"]["where"].startswith("test_care_logs:test_of_an_exception")
    assert WORD not in console.getvalue()


def test_a_command_that_breaks_where_nobody_watches_tells_no_word_of_the_error() -> None:
    code = (
        "import sys, crawler.cli.main as main\n"
        "def app(): raise ValueError(sys.argv[1])\n"
        "main.app = app\n"
        "main.main()\n"
    )

    broken = subprocess.run(
        [sys.executable, "-c", code, BODY],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )

    assert broken.returncode == 1
    assert "Traceback without words: ValueError at main:main:" in broken.stderr
    assert BODY not in broken.stderr + broken.stdout


def test_a_file_is_begun_anew_when_it_is_large_and_stays_private(tmp_path: Path) -> None:
    path = tmp_path / "logs" / "scheduler.log"
    handler = logs.PrivateFile(path, most_bytes=5_000)

    for number in range(200):
        handler.handle(logging.LogRecord("crawler", 20, "x.py", 1, "line=%d", (number,), None))
    handler.close()

    files = sorted(path.parent.iterdir())
    assert [file.name for file in files] == ["scheduler.log", "scheduler.log.1"]
    assert all(file.stat().st_mode & 0o777 == 0o600 for file in files)
    assert all(file.stat().st_size <= 5_000 for file in files)
    assert '"line": 199' in files[0].read_text()


def test_setting_up_twice_tells_everything_once(tmp_path: Path) -> None:
    told(OURS)
    logs.set_up(file=tmp_path / "a.log", console=None)
    logs.set_up(file=tmp_path / "b.log", console=None)

    OURS.info("once")

    assert (tmp_path / "a.log").read_text() == ""
    assert (tmp_path / "b.log").read_text().count("once") == 1
