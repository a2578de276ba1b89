"""Making a workspace: with options, by answering questions, and what is refused."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from crawler.cli.main import app
from crawler.workspace import VARIABLE

DESK = "press-desk@example.org"


@pytest.fixture(autouse=True)
def in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)
    monkeypatch.chdir(tmp_path)


def init(*arguments: str, answers: str = "") -> Result:
    return CliRunner().invoke(app, ["init", *arguments], input=answers)


def settings(folder: str) -> dict[str, object]:
    return tomllib.loads(Path(folder, "marsad.toml").read_text(encoding="utf-8"))


def test_options_make_a_workspace_without_a_question() -> None:
    options = ["--country", "ma", "--language", "ar", "--language", "fr"]

    result = init("study", "--contact", DESK, *options)

    assert result.exit_code == 0
    assert "Workspace made in" in result.stdout
    assert "cd study · marsad outlets list" in result.stderr
    made = settings("study")
    assert (made["contact"], made["countries"]) == (DESK, ["ma"])
    assert made["languages"] == ["ar", "fr"]
    assert made["shipped"] is True


def test_what_is_written_is_for_its_owner_only() -> None:
    init("study", "--contact", DESK, "--country", "ma", "--language", "ar")

    assert Path("study").stat().st_mode & 0o077 == 0
    assert Path("study/marsad.toml").stat().st_mode & 0o077 == 0


def test_what_is_not_given_is_asked_for() -> None:
    result = init("study", answers=f"{DESK}\nma, bh\n\n")

    assert result.exit_code == 0, result.stderr
    made = settings("study")
    assert (made["contact"], made["countries"]) == (DESK, ["ma", "bh"])
    assert made["languages"] == ["ar", "fr", "en", "ckb", "kmr"]


def test_questions_stay_out_of_the_data() -> None:
    result = init("study", answers=f"{DESK}\n\n\n")

    assert "Contact" in result.stderr
    assert "Contact" not in result.stdout


def test_a_workspace_is_never_overwritten_and_nothing_is_asked_first() -> None:
    init("study", "--contact", DESK, "--country", "ma", "--language", "ar")
    before = Path("study/marsad.toml").read_bytes()

    result = init("study")

    assert result.exit_code == 2
    assert "there is a workspace already" in result.stderr
    assert "Contact" not in result.stderr
    assert Path("study/marsad.toml").read_bytes() == before


@pytest.mark.parametrize("contact", ["nobody", "http://example.org", "desk@", "https://nowhere"])
def test_a_contact_that_nobody_can_use_is_refused_before_more_is_asked(contact: str) -> None:
    result = init("study", "--contact", contact)

    assert result.exit_code == 2
    assert f'contact "{contact}": must be the mail address of a role' in result.stderr
    assert "Countries" not in result.stderr
    assert not Path("study").exists()


def test_a_wrong_country_is_named() -> None:
    result = init("study", "--contact", DESK, "--country", "Morocco", "--language", "ar")

    assert result.exit_code == 2
    assert 'countries "Morocco": must be a country code' in result.stderr
    assert not Path("study").exists()


def test_a_newsroom_must_be_on_this_machine() -> None:
    options = ["--country", "ma", "--language", "ar", "--newsroom", "203.0.113.5:80"]

    result = init("study", "--contact", DESK, *options)

    assert result.exit_code == 2
    assert "must be a loopback address" in result.stderr


def test_a_workspace_for_a_newsroom_leaves_the_real_outlets_alone() -> None:
    options = ["--country", "ma", "--language", "ar", "--newsroom", "127.0.0.1:8999"]

    init("study", "--contact", DESK, *options)

    made = settings("study")
    assert (made["newsroom"], made["shipped"]) == ("127.0.0.1:8999", False)
