from __future__ import annotations

import os
import stat
import tomllib
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from config.config_files import OUTLET, urls_on, workspace
from pydantic import ValidationError

from crawler.datafiles import ConfigErrors
from crawler.outlets import UnknownOutlet
from crawler.workspace import (
    VARIABLE,
    CrawlSettings,
    WorkspaceExists,
    WorkspaceMissing,
    WorkspaceSettings,
    create_workspace,
    find_workspace,
    load_config,
    switch_outlet,
    workspace_or_none,
)

SETTINGS = WorkspaceSettings(
    contact="https://example.org/über-uns?a=b",
    countries=("iq",),
    languages=("ar", "ckb"),
    crawl=CrawlSettings(delay_seconds=0.5, workers=1),
    shipped=False,
    newsroom="127.0.0.1:8080",
)
TODAY = date(2026, 11, 22)


@pytest.fixture(autouse=True)
def no_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)


@pytest.fixture(params=[0o000, 0o022, 0o777])
def umask(request: pytest.FixtureRequest) -> Iterator[int]:
    before = os.umask(request.param)
    yield request.param
    os.umask(before)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.mark.usefixtures("umask")
def test_a_workspace_is_for_its_owner_only_whatever_the_umask(tmp_path: Path) -> None:
    place = create_workspace(tmp_path / "deep" / "study", SETTINGS)

    folders = [path for path in (place.root, *place.root.rglob("*")) if path.is_dir()]
    assert {mode(folder) for folder in (*folders, tmp_path / "deep")} == {0o700}
    assert {mode(path) for path in place.root.rglob("*") if path.is_file()} == {0o600}
    assert {folder.name for folder in folders} >= {
        "outlets",
        "watchlists",
        "warc",
        "logs",
        "probes",
        "backups",
        "reports",
        "schedules",
    }


@pytest.mark.parametrize(("names", "expected"), [((), 0o700), (("thesis.txt",), 0o755)])
def test_an_empty_folder_is_closed_and_one_with_other_things_is_left(
    tmp_path: Path, names: tuple[str, ...], expected: int
) -> None:
    root = tmp_path / "study"
    root.mkdir()
    root.chmod(0o755)
    for name in names:
        (root / name).touch()

    place = create_workspace(root, SETTINGS)

    assert mode(root) == expected
    assert mode(place.outlets_dir) == 0o700


def test_what_was_written_is_what_is_read(tmp_path: Path) -> None:
    made = create_workspace(tmp_path / "study", SETTINGS)

    assert find_workspace(made.root) == made
    assert find_workspace(made.root / "marsad.toml") == made
    assert made.database == made.root / "marsad.db"


def test_the_settings_file_of_the_defaults_explains_itself(tmp_path: Path) -> None:
    made = create_workspace(tmp_path, WorkspaceSettings(contact="desk@example.org"))
    text = (made.root / "marsad.toml").read_text(encoding="utf-8")

    assert find_workspace(tmp_path).settings == made.settings
    assert tomllib.loads(text)["crawl"] == CrawlSettings().model_dump()
    assert text.count("#") > 5


def test_a_workspace_is_not_made_over_another(tmp_path: Path) -> None:
    create_workspace(tmp_path, SETTINGS)

    with pytest.raises(WorkspaceExists, match=r"marsad\.toml"):
        create_workspace(tmp_path, SETTINGS)


def test_a_workspace_is_found_by_path_then_variable_then_the_current_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, two, three = (create_workspace(tmp_path / name, SETTINGS).root for name in "abc")
    inside = three / "outlets" / "ma"
    inside.mkdir()
    monkeypatch.chdir(inside)

    assert find_workspace().root == three
    monkeypatch.setenv(VARIABLE, str(two))
    assert find_workspace().root == two
    assert find_workspace(one).root == one


def test_where_there_is_none_the_message_says_how_to_make_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    with pytest.raises(WorkspaceMissing, match="marsad init"):
        find_workspace()
    with pytest.raises(WorkspaceMissing, match="is not a workspace"):
        find_workspace(tmp_path / "gone")
    assert workspace_or_none() is None


def test_a_workspace_that_was_named_must_exist(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(WorkspaceMissing):
        workspace_or_none(tmp_path)
    monkeypatch.setenv(VARIABLE, str(tmp_path))
    with pytest.raises(WorkspaceMissing):
        workspace_or_none()


@pytest.mark.parametrize(
    "contact", ["desk@example.org", "media-watch@sub.example.org", "https://example.org/about"]
)
def test_a_role_mail_or_a_page_is_a_contact(contact: str) -> None:
    assert WorkspaceSettings(contact=contact).contact == contact


@pytest.mark.parametrize(
    "contact",
    ["", "desk", "desk@", "http://example.org", "a b@example.org", "a@b\r\nX: y.org", "@x.y"],
)
def test_anything_else_is_no_contact(contact: str) -> None:
    with pytest.raises(ValidationError):
        WorkspaceSettings(contact=contact)


@pytest.mark.parametrize(
    "newsroom", ["10.0.0.1:80", "localhost:80", "127.0.0.1", "127.0.0.1:0", "0.0.0.0:80", "x:y", ""]
)
def test_a_newsroom_is_on_this_machine_only(newsroom: str) -> None:
    with pytest.raises(ValidationError):
        WorkspaceSettings(contact="desk@example.org", newsroom=newsroom)


@pytest.mark.parametrize(
    "limit",
    [
        {"delay_seconds": -1},
        {"delay_seconds": float("nan")},
        {"timeout_seconds": 0},
        {"workers": 0},
        {"workers": True},
        {"concurrency": 2.5},
        {"max_bytes": "8"},
    ],
)
def test_limits_are_bounded_and_of_the_right_type(limit: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        CrawlSettings.model_validate(limit)


def test_a_workspace_can_leave_out_what_is_shipped(tmp_path: Path) -> None:
    config = load_config(workspace(tmp_path, {"outlets/ma/a.toml": OUTLET}))

    assert list(config.outlets) == ["ma_a"]
    assert config.actors == ()


def test_an_outlet_is_disabled_and_enabled_again_in_the_workspace(tmp_path: Path) -> None:
    place = workspace(tmp_path, shipped=True)

    path = switch_outlet(place, "bh_bna", enabled=False, reason='too "noisy"', today=TODAY)

    assert path == place.outlets_dir / "bh/bna.toml"
    assert (mode(path), mode(path.parent)) == (0o600, 0o700)
    outlet = load_config(place).outlets["bh_bna"]
    assert (outlet.enabled, outlet.notes) == (False, 'too "noisy"')
    switch_outlet(place, "bh_bna", enabled=True, reason="", today=TODAY)
    assert load_config(place).outlets["bh_bna"].enabled is True


@pytest.mark.parametrize("name", ["outlets/ma/a.toml", "outlets/a.toml"])
def test_switching_leaves_the_rest_of_a_file_as_it_is(tmp_path: Path, name: str) -> None:
    head = "# why\n" + ('id = "ma_a"\n' if name.count("/") == 1 else "") + 'notes = "old"\n'
    place = workspace(tmp_path, {name: head + OUTLET})

    for enabled in (False, True, False):
        path = switch_outlet(place, "ma_a", enabled=enabled, reason="a\nb", today=TODAY)

    text = path.read_text(encoding="utf-8")
    assert path == place.root / name
    assert text.endswith(head + OUTLET)
    assert text.count("enabled = false") == 1
    outlet = load_config(place).outlets["ma_a"]
    assert (outlet.enabled, outlet.notes) == (False, "old")
    assert urls_on(outlet) == ["https://naddara.example.ma/rss"]


def test_a_switch_that_would_break_the_files_changes_nothing(tmp_path: Path) -> None:
    text = "enabled = false\n" + OUTLET.replace('["naddara.example.ma"]', "[]")
    place = workspace(tmp_path, {"outlets/ma/a.toml": text})

    with pytest.raises(ConfigErrors, match="domains is empty"):
        switch_outlet(place, "ma_a", enabled=True, reason="", today=TODAY)

    assert (place.outlets_dir / "ma/a.toml").read_text(encoding="utf-8") == text


def test_an_unknown_outlet_cannot_be_switched(tmp_path: Path) -> None:
    place = workspace(tmp_path)

    with pytest.raises(UnknownOutlet):
        switch_outlet(place, "ma_a", enabled=False, reason="", today=TODAY)

    assert list(place.outlets_dir.iterdir()) == []
