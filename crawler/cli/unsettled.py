"""Telling people that some articles are still to be put into stories, or into the index."""

from typing import TYPE_CHECKING

from crawler.cli.common import err
from crawler.phrases import counted

if TYPE_CHECKING:  # the database is opened only where it is asked
    from storage.database import Database


def tell_unsettled(database: "Database") -> int:
    """Say on standard error how many articles no story was worked out for; gives the number."""
    number = database.unsettled()
    if number:
        waits, counts = ("waits", "counts") if number == 1 else ("wait", "count")
        err.print(
            f"{counted(number, 'article')} still {waits} to be put into stories, and {counts} "
            "where an earlier run put them or alone; the next run does it"
        )
    return number


def tell_unindexed(database: "Database") -> int:
    """Say on standard error how many articles a search by words may miss; gives the number."""
    number = database.unindexed()
    if number:
        is_not, them = ("is not", "it") if number == 1 else ("are not", "them")
        err.print(
            f"{counted(number, 'article')} {is_not} in the search index yet, and a search by words "
            f"may miss {them}: `marsad upgrade` puts {them} there"
        )
    return number
