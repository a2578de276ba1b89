"""The files for running by itself: what they promise, they hold; what they call, there is."""

from __future__ import annotations

import itertools
import json
import re
import shlex
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer.main
import yaml
from harness import ROOT

from crawler.cli.main import app
from schedules.files import load_schedules

DEPLOY = ROOT / "docs" / "deploy"
UNITS = ("marsad.service", "marsad-run@.service", "marsad-run@.timer")
HOW_TO = ROOT / "docs" / "how-to-run-by-itself.md"


def text(name: str) -> str:
    return (DEPLOY / name).read_text(encoding="utf-8")


def unit(name: str) -> dict[str, list[str]]:
    """A unit's settings; each may stand several times."""
    settings: dict[str, list[str]] = {}
    for line in text(name).splitlines():
        if "=" in line and not line.startswith("#"):
            key, _, value = line.partition("=")
            settings.setdefault(key, []).append(value)
    return settings


def understood(words: list[str]) -> str:
    """Let the command line read the words without doing anything; what is wrong, or ""."""
    command: Any = typer.main.get_command(app)
    rest = list(words)
    while rest and rest[0] in getattr(command, "commands", {}):
        command = command.commands[rest.pop(0)]
    if hasattr(command, "commands") and rest and not rest[0].startswith("-"):
        return f"{words}: no such command"
    try:
        command.make_context("marsad", rest)
    except Exception as wrong:
        return f"{words}: {wrong}"
    return ""


# -------------------------------------------------------------- systemd


@pytest.mark.parametrize("name", UNITS)
def test_systemd_finds_nothing_wrong_with_the_units(name: str, tmp_path: Path) -> None:
    assert shutil.which("systemd-analyze"), "apt-get install systemd"
    for other in UNITS:
        there = text(other).replace("/opt/marsad/bin/marsad", "/bin/true")
        (tmp_path / other).write_text(there)

    checked = tmp_path / name.replace("@.", "@nightly.")
    done = subprocess.run(
        ["systemd-analyze", "verify", "--recursive-errors=no", str(checked)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip

    ours = [line for line in done.stderr.splitlines() if "marsad" in line or str(tmp_path) in line]
    assert ours == []
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("name", ["marsad.service", "marsad-run@.service"])
def test_a_service_has_no_rights_and_ends_in_good_order(name: str) -> None:
    said = {key: values[-1] for key, values in unit(name).items()}

    assert said["User"] == "marsad"
    assert said["ProtectSystem"] == "strict"
    assert said["ReadWritePaths"] == "/var/lib/marsad"
    assert [said[key] for key in ("NoNewPrivileges", "PrivateTmp", "ProtectHome")] == ["yes"] * 3
    assert said["CapabilityBoundingSet"] == ""
    assert "MemoryMax" in said
    # The scheduler needs 30 seconds for ending its runs, and is the only one who is asked to.
    assert (said["KillMode"], int(said["TimeoutStopSec"])) == ("mixed", 45)


def test_the_service_starts_anew_unless_a_person_has_to_see_to_it() -> None:
    said = {key: values[-1] for key, values in unit("marsad.service").items()}

    assert (said["Type"], said["Restart"]) == ("notify", "on-failure")
    assert said["RestartPreventExitStatus"] == "2"
    assert said["StartLimitIntervalSec"] == "0"


def test_the_timer_asks_every_ten_minutes_and_after_a_power_cut() -> None:
    said = unit("marsad-run@.timer")
    examples = re.findall(r"^#\s+OnCalendar=(.+)$", text("marsad-run@.timer"), re.MULTILINE)
    (calendar,) = said["OnCalendar"]

    told = subprocess.run(
        ["systemd-analyze", "calendar", "--iterations=3", calendar, *examples],
        capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip

    minutes = re.findall(r":(\d\d):00 UTC", told)[:3]
    assert len(examples) == 1
    assert {(int(b) - int(a)) % 60 for a, b in itertools.pairwise(minutes)} == {10}
    assert said["Persistent"] == ["yes"]


# -------------------------------------------------------------- what is called


def called() -> Iterator[tuple[str, list[str]]]:
    """Every command of ours in the files, with the file's name."""
    schedules = load_schedules(ROOT / "nowhere").by_name
    for name in ("marsad.service", "marsad-run@.service"):
        for start in unit(name)["ExecStart"]:
            for instance in schedules if "%i" in start else ("",):
                yield name, start.replace("%i", instance).split()
    for line in text("crontab.example").splitlines():
        if "/opt/marsad" in line:
            yield "crontab.example", shlex.split(line.partition(">")[0])[5:]
    for line in re.findall(r"^\$ marsad (.+)$", HOW_TO.read_text("utf-8"), re.MULTILINE):
        yield "how-to", ["marsad", *shlex.split(line, comments=True)]
    for line in re.findall(r"`marsad ([a-z][^`]*)`", HOW_TO.read_text("utf-8")):
        yield "how-to", ["marsad", *line.split()]


def test_every_command_that_the_files_call_is_there() -> None:
    found = list(called())

    assert len(found) > 20
    assert all(map(understood, (["statos"], ["notify", "tset"], ["run"], ["crawl", "--al"])))
    assert [wrong for name, words in found if (wrong := understood(words[1:]))] == []


def test_every_shipped_schedule_is_started_by_cron_and_timers() -> None:
    schedules = set(load_schedules(ROOT / "nowhere").by_name)
    timers = set(re.findall(r"marsad-run@(\w+)\.timer", text("marsad-run@.timer")))
    cron = set(re.findall(r"marsad run (\w+)", text("crontab.example").replace("NAME", "")))

    assert timers == schedules
    assert cron == schedules


def test_the_lines_of_the_crontab_are_lines_of_a_crontab() -> None:
    field = r"(\*|\d+|[a-z]{3})([-/,](\*|\d+|[a-z]{3}))*(/\d+)?"
    lines = [line for line in text("crontab.example").splitlines() if line and line[0] != "#"]

    variable, *jobs = lines
    assert re.fullmatch(r"[A-Z_]+=/\S+", variable)
    assert len(jobs) == 4
    for job in jobs:
        assert all(re.fullmatch(field, one) for one in job.split()[:5])
        assert "%" not in job  # cron reads it as the end of the line


# -------------------------------------------------------------- the container


def instructions() -> list[tuple[str, str]]:
    lines = [line for line in text("Dockerfile").splitlines() if not line.startswith("#")]
    whole = re.sub(r"\\\n\s*", " ", "\n".join(lines))
    return [
        (word, rest) for word, _, rest in (li.partition(" ") for li in whole.splitlines() if li)
    ]


def only(word: str) -> str:
    (found,) = (rest for name, rest in instructions() if name == word)
    return found


def test_the_image_runs_as_nobody_and_keeps_everything_in_one_volume() -> None:
    user = only("USER")
    last = [word for word, _ in instructions()]

    assert re.fullmatch(r"[1-9]\d+:[1-9]\d+", user)
    assert f"--uid {user.partition(':')[0]}" in text("Dockerfile")
    assert last.index("USER") > len(last) - 9  # and nothing is installed after it
    assert "RUN" not in last[last.index("USER") :]
    assert only("VOLUME") == "/data"
    assert "MARSAD_WORKSPACE=/data" in only("ENV")
    assert json.loads(only("ENTRYPOINT")) == ["marsad"]  # itself process 1: signals reach it
    assert "marsad status" in only("HEALTHCHECK")


def test_what_is_installed_in_the_image_is_known_by_its_hash() -> None:
    installs = [
        part
        for word, rest in instructions()
        if word == "RUN"
        for part in rest.split("&&")
        if re.search(r"pip (install|wheel)", part)
    ]

    assert len(installs) == 4
    assert all("--require-hashes" in one or "--no-index" in one for one in installs)
    assert not re.search(r"curl|wget|ADD |https?://|:latest", text("Dockerfile"))


def test_every_ignored_rule_of_the_linter_has_its_reason() -> None:
    lines = text("Dockerfile").splitlines()
    ignored = [number for number, line in enumerate(lines) if "hadolint ignore" in line]
    explained = {
        rule
        for number in ignored
        if not lines[number - 1].startswith("ARG")
        for rule in re.findall(r"DL\d+", lines[number])
    }

    assert {rule for n in ignored for rule in re.findall(r"DL\d+", lines[n])} == explained
    assert all(lines[n - 1].startswith(("#", "ARG")) for n in ignored)


def test_the_build_sees_the_source_and_nothing_else() -> None:
    ignored = text("Dockerfile.dockerignore").splitlines()
    allowed = {line[1:] for line in ignored if line.startswith("!")}
    copied = {
        word
        for name, rest in instructions()
        if name == "COPY" and "--from" not in rest
        for word in rest.split()[:-1]
    }

    assert ignored[1] == "*"
    assert allowed == copied
    assert all((ROOT / name).exists() for name in copied)
    packages = re.search(r"packages = \[(.*?)\]", (ROOT / "pyproject.toml").read_text("utf-8"))
    assert packages
    assert set(re.findall(r'"(\w+)"', packages[1])) <= copied


def test_compose_gives_the_container_no_rights_and_time_to_end() -> None:
    service: dict[str, Any] = yaml.safe_load(text("compose.yaml"))["services"]["marsad"]

    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["user"] == only("USER")
    assert service["stop_grace_period"] == "45s"
    assert service["volumes"] == ["data:/data"]
    assert service["tmpfs"][0].startswith("/tmp:")
    assert service["restart"] == "unless-stopped"
    assert "ports" not in service
    assert "privileged" not in service
    assert service["command"] == json.loads(only("CMD"))
    image_asks = json.loads(only("HEALTHCHECK").partition(" CMD ")[2])
    assert [word.replace("$$", "$") for word in service["healthcheck"]["test"][1:]] == image_asks
