"""What the command line hands to the site: whatever lies above storage, and who may come in."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from storage.database import Database
from storage.desk.addresses import no_keys
from storage.explorer.wording import Language


def _nothing() -> str:
    return ""


@dataclass(frozen=True)
class Given:
    """A workspace's database, and what the site is told about the rest of the workspace."""

    database: Path
    workspace_name: str
    secret: str
    """Signs cookies; kept with the workspace, so that a restart signs nobody out."""
    language: Language = "en"
    user: str = ""
    """Who judges, where nobody signs in."""
    accounts: Mapping[str, str] = field(default_factory=dict)
    """Name -> hash of the password; empty: only this machine may ask."""
    status: Callable[[Database], Any] | None = None
    """How the service is, as `marsad status` tells it."""
    compare: Callable[[str, str], Any] | None = None
    """What changed from one text to another, paragraph by paragraph and word by word."""
    settle: Callable[[], str] = _nothing
    """Puts articles into stories after a judgement; why that failed, or ""."""
    url_keys: Callable[[str], Iterable[str]] = no_keys
    """The keys under which an address, as a person types it, may be stored."""
    redaction_key: Callable[[], bytes] | None = None
    """The workspace's key for pseudonyms, made when it is first asked for."""
    plugins: tuple[object, ...] = ()
    """Further plugins of the server: its doors."""
