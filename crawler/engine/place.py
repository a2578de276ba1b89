"""Which workspace a crawl belongs to."""

from __future__ import annotations

from pathlib import Path

from scrapy.settings import BaseSettings

from crawler.workspace import Workspace, find_workspace


def workspace_of(settings: BaseSettings) -> Workspace:
    """The workspace that a crawl's settings name, else the one around the current folder.

    Raises WorkspaceMissing, ConfigErrors.
    """
    named = settings.get("MARSAD_WORKSPACE")
    return find_workspace(Path(named) if named else None)
