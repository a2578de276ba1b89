"""The state of the service, as those see it who have no command line."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from deskkit import Site
from watched import Archive

from crawler.telling.status import status
from crawler.workspace import WorkspaceSettings, create_workspace
from storage.events import EventStore
from storage.explorer.status_page import size
from storage.slots import Coming
from storage.times import utc_now


@pytest.fixture(scope="module")
def fared(serve: Callable[..., Site], tmp_path_factory: pytest.TempPathFactory) -> Site:
    """A workspace of two nights that ended just now, one of whose outlets cannot be reached."""
    settings = WorkspaceSettings(contact="tests@marsad.test", shipped=False)
    place = create_workspace(tmp_path_factory.mktemp("fared") / "watch", settings)
    archive = Archive(place.database, ("ma_east", "iq_west"))
    today = utc_now().date()
    archive.nights(today - timedelta(days=2), today - timedelta(days=1))
    evidence = {"outcome": "timeout"}
    EventStore(archive.db).open("unreachable", "iq_west", "west.test", evidence, archive.now)
    archive.db.close()
    due = datetime(2026, 3, 7, tzinfo=UTC)
    coming = (Coming("nightly", "2026-03-07", due, last_due=None),)
    return serve(place.database, status=lambda db: status(place, coming))


def test_the_verdict_and_what_is_to_be_done_come_first(fared: Site) -> None:
    html = fared.get("/status", lang="en").text
    found = fared.get("/status", lang="ar").text

    assert html.index('class="verdict') < html.index("Schedules") < html.index("Outlets</h2>")
    assert 'lang="en"' in found[found.index('class="verdict') :][:200]


def test_an_outlet_in_trouble_is_named_in_the_language_of_the_page(fared: Site) -> None:
    html = fared.get("/status", lang="ar").text

    assert "يتعذّر الوصول إليه" in html
    assert 'href="/outlets/iq_west#down"' in html
    assert "متعثرة" in html


@pytest.mark.parametrize("language", ["en", "fr", "ar"])
def test_store_and_machine_are_told_in_every_language(fared: Site, language: str) -> None:
    html = fared.get("/status", lang=language).text

    assert fared.get("/status", lang=language).status_code == 200
    assert "GB</bdi>" in html
    assert "nightly" in html


def test_a_database_alone_has_no_service_to_tell_of(site: Site) -> None:
    assert "a database alone" in site.get("/status", lang="en").text


def test_bytes_are_told_without_false_precision() -> None:
    assert [size(n) for n in (0, 999_999, 12_345_678, 2_500_000_000)] == [
        "0.0 MB", "1.0 MB", "12 MB", "2.5 GB",
    ]  # fmt: skip
