"""What a workspace follows when it is told to read everything."""

from __future__ import annotations

from pathlib import Path

from crawler.workspace import WorkspaceSettings, create_workspace, load_config

OWN = """
country = "tn"
covers = ["tn"]
timezone = "Africa/Tunis"
languages = ["it"]
kind = "portal"
domains = ["own.test"]
[name]
en = "Own"
"""


def test_shipped_outlets_are_followed_by_country_and_language_and_own_ones_always(
    tmp_path: Path,
) -> None:
    settings = WorkspaceSettings(
        contact="desk@example.org", countries=("bh",), languages=("en", "fr")
    )
    place = create_workspace(tmp_path / "w", settings)
    (place.outlets_dir / "tn").mkdir()
    (place.outlets_dir / "tn" / "own.toml").write_text(OWN, encoding="utf-8")
    outlets = load_config(place).outlets

    followed = outlets.followed(settings.countries, settings.languages)

    ids = {outlet.id for outlet in followed}
    assert "tn_own" in ids
    assert "bh_gdn" in ids
    assert "ma_2m" not in ids
    for outlet in followed:
        if outlet.id != "tn_own":
            assert "bh" in outlet.covers
            assert {"en", "fr"} & set(outlet.languages)
