"""Who is told what: written and read alike, and never a password in a message."""

from __future__ import annotations

from pathlib import Path

import pytest

from crawler.datafiles import ConfigErrors
from crawler.tellings import DiskSettings, MetricsSettings, NotifyTarget, PingSettings
from crawler.workspace import WorkspaceSettings, create_workspace, find_workspace

TOLD = WorkspaceSettings(
    contact="https://example.org",
    disk=DiskSettings(reserve_megabytes=5),
    notify=(
        NotifyTarget(name="desk", url="mailtos://user:s3cret@example.org"),
        NotifyTarget(name="friends", url="matrix://token@example.org/!room", names=True),
    ),
    ping=PingSettings(url="https://example.org/ping/1234"),
    metrics=MetricsSettings(textfile="/var/lib/marsad.prom"),
)


@pytest.mark.parametrize("settings", [TOLD, WorkspaceSettings(contact="https://example.org")])
def test_what_was_written_of_tellings_is_what_is_read(
    tmp_path: Path, settings: WorkspaceSettings
) -> None:
    place = create_workspace(tmp_path / "w", settings)

    assert find_workspace(place.root).settings == settings


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ('[[notify]]\nname = "desk"\nurl = "s3cret, not an address"', "address of Apprise"),
        ('[[notify]]\nname = "desk"\nurl = "a://s3cret"\n' * 2, '"desk" twice'),
        ('[metrics]\ntextfile = "s3cret.prom"', "begins with /"),
        ('[[notify]]\nname = "mailtos://u:s3cret@h"\nurl = "a://b"', "must be made of a-z"),
        ('[ping]\nurl = "ftp://example.org/s3cret"', "must be a web address"),
        ('[ping]\nurl = "https://user:s3cret@example.org/"', "must be a web address"),
        ("[disk]\nreserve_megabytes = -1", "reserve_megabytes"),
    ],
)
def test_a_wrong_telling_is_named_without_its_secret(tmp_path: Path, table: str, said: str) -> None:
    place = create_workspace(tmp_path / "w", WorkspaceSettings(contact="https://example.org"))
    file = place.root / "marsad.toml"
    kept = file.read_text().partition("[disk]")[0]
    file.write_text(f"{kept}\n{table}\n")

    with pytest.raises(ConfigErrors) as wrong:
        find_workspace(place.root)

    assert said in str(wrong.value)
    if "[metrics]" not in table:
        assert "s3cret" not in str(wrong.value)
