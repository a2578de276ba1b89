"""Which article a person means: by its number, or by an address as it was typed or copied."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, Annotated

import typer

from crawler.datafiles import ConfigErrors
from crawler.workspace import Workspace

if TYPE_CHECKING:  # the database is opened only where it is asked
    from storage.connection import Connection

ArticleArgument = Annotated[
    str,
    typer.Argument(metavar="ARTICLE", help="An article's number, as `search` shows it, or URL."),
]


def article_named(place: Workspace, db: Connection, typed: str) -> int | None:
    """The number of the article that somebody means, or None; as the desk finds it."""
    from storage.desk.addresses import find

    return find(db, typed, url_keys(place))


def url_keys(place: Workspace) -> Callable[[str], tuple[str, ...]]:
    """The keys of an address by the outlets' rules, read once; none while a file is wrong."""
    from crawler.workspace import load_config

    outlets = cache(lambda: load_config(place).outlets)

    def keys_of(address: str) -> tuple[str, ...]:
        try:
            return outlets().keys_of(address)
        except ConfigErrors:
            return ()

    return keys_of
