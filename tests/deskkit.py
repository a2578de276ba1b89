"""The researchers' site as tests see it: over HTTP, in the database, and in a browser."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx


@dataclass(frozen=True)
class Site:
    """A served database."""

    url: str
    path: Path
    client: httpx.Client

    def get(self, path: str, **parameters: Any) -> httpx.Response:
        """A page, as a browser without scripts sees it."""
        return self.client.get(path, params=parameters or None)

    def post(self, path: str, **fields: str) -> httpx.Response:
        """A form sent, with the token that the site gave."""
        self.client.get("/articles/1/judge?kind=leave_out")
        token = self.client.cookies.get("ds_csrftoken") or ""
        return self.client.post(path, data={**fields, "csrftoken": token})

    def rows(self, sql: str, *parameters: object) -> list[tuple[Any, ...]]:
        """What plain SQLite says of the database."""
        with sqlite3.connect(f"file:{self.path}?mode=ro", uri=True) as connection:
            found = connection.execute(sql, parameters).fetchall()
        connection.close()
        return found


Serve = Callable[..., Site]
"""Serves a database, with whatever else the command line would hand in."""


class Watched:
    """What a browser's page asked for and told; hand it to every page of a test."""

    def __init__(self) -> None:
        self.seen: list[str] = []
        self.errors: list[str] = []
        self.dialogs: list[str] = []

    def watch(self, page: Any) -> Any:
        """Note what the page does."""
        page.on("request", lambda request: self.seen.append(request.url))
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("dialog", self._dialog)
        page.on("console", self._told)
        page.seen = self.seen
        return page

    def check(self) -> None:
        """Nothing left the machine, no script failed, and nothing asked anybody."""
        assert [url for url in self.seen if not re.match(r"http://127\.0\.0\.1:|data:", url)] == []
        assert (self.errors, self.dialogs) == ([], [])

    def _dialog(self, dialog: Any) -> None:
        self.dialogs.append(dialog.message)
        dialog.dismiss()

    def _told(self, message: Any) -> None:
        if message.type == "error" and "status of" not in message.text:
            self.errors.append(message.text)
