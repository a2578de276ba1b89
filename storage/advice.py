"""What to do about each kind of trouble, in one plain line: the report's second column."""

from __future__ import annotations

from typing import Final

from storage.finding import VisitOutcome
from storage.models import Outcome

NOT_VISITED: Final = (
    "nothing of it was visited",
    "No feed of this outlet is on: `marsad outlets probe ID` looks for one that works.",
)

OUTCOMES: Final[dict[Outcome, str]] = {
    Outcome.NO_TEXT: (
        "Open one of the pages: if it has an article, keep it for a better reader "
        "(`marsad reread`); if not, nothing is lost."
    ),
    Outcome.NOT_ARTICLE: "Usually galleries and index pages: nothing to do unless it is most.",
    Outcome.ROBOTS: (
        "The site's robots.txt forbids these pages or could not be read: "
        "ask the outlet, or leave it out."
    ),
    Outcome.BLOCKED: (
        "The site turned us away: open a page in a browser; if it works there, "
        "ask the outlet to let us in."
    ),
    Outcome.GONE: "The pages were taken down after they were announced: nothing to do.",
    Outcome.HTTP_ERROR: "The site had trouble: the next run tries again by itself.",
    Outcome.NETWORK_ERROR: (
        "No whole answer came: the next run tries again; if all outlets have it, "
        "check this machine's connection."
    ),
    Outcome.TOO_LARGE: (
        "Raise `max_bytes` in marsad.toml if these are articles, then `marsad retry`."
    ),
    Outcome.TIMEOUT: (
        "The site is slow: the next run tries again; raise `timeout_seconds` if it stays so."
    ),
    Outcome.UNSAFE_ADDRESS: (
        "The link led into a private network or to a forbidden scheme: "
        "look at the outlet, it may have been hacked."
    ),
    Outcome.UNREADABLE: "Report one of these pages to the developers: its bytes make no text.",
    Outcome.FOREIGN: (
        "These pages lead to another site: if the outlet has moved there, add the host to "
        "`domains` in its file, then `marsad retry --outcome foreign`."
    ),
    Outcome.READER_FAILED: (
        "A page broke its reader and was kept: report it; the next run tries again."
    ),
    Outcome.POSTPONED: "The host asked us to wait or a limit was reached: the next run goes on.",
    Outcome.INTERRUPTED: "The run ended first: the next run goes on with them.",
}
"""For every outcome that is not a success."""

MOVED: Final = (
    "The site may have moved or been rebuilt, so no article of it is called gone: open one in a "
    "browser, and see whether the outlet's file needs new addresses."
)
"""For an outlet whose old pages are missing, all at once and for hours."""

AGAIN: Final[dict[Outcome, str]] = {
    Outcome.NO_TEXT: (
        "The page had an article and has no text now: open one; the text that we hold stays."
    ),
    Outcome.NOT_ARTICLE: (
        "The page leads elsewhere now. What led to the front page or to an error page is called "
        "gone when a look hours later confirms it: nothing to do."
    ),
    Outcome.ROBOTS: (
        "robots.txt forbids these pages now or could not be read: the texts that we hold stay, "
        "and nobody can say whether they still stand."
    ),
    Outcome.BLOCKED: (
        "The site turned us away, so nobody can say whether its articles still stand: open a "
        "page in a browser; if it works there, ask the outlet to let us in."
    ),
    Outcome.GONE: (
        "An article is called gone when a look hours later confirms it while others of its site "
        "are there (`marsad edits --kind gone`): nothing to do."
    ),
    Outcome.HTTP_ERROR: "The site had trouble: the articles stay stored and are looked at again.",
    Outcome.NETWORK_ERROR: (
        "No whole answer came: the articles stay stored and are looked at again; if all outlets "
        "have it, check this machine's connection."
    ),
    Outcome.TOO_LARGE: (
        "The pages have grown over the limit: raise `max_bytes` in marsad.toml if they matter."
    ),
    Outcome.TIMEOUT: (
        "The site is slow: the articles are looked at again; raise `timeout_seconds` if it stays."
    ),
    Outcome.READER_FAILED: (
        "A page broke its reader and was kept: report it; the text that we hold stays."
    ),
    Outcome.POSTPONED: "The host asked us to wait: the articles are still due.",
    Outcome.INTERRUPTED: "The run ended first: the articles are still due.",
}
"""The same where a stored article was looked at again."""


def of_page(outcome: Outcome, *, again: bool = False) -> str | None:
    """What to do about pages that ended so, or None where all is well."""
    return (again and AGAIN.get(outcome)) or OUTCOMES.get(outcome)


VISITS: Final[dict[VisitOutcome, str]] = {
    VisitOutcome.EMPTY: "The feed is well-formed and empty: look whether the site moved it.",
    VisitOutcome.HTML: (
        "A web page came where a feed should be: `marsad outlets probe ID` looks for the new one."
    ),
    VisitOutcome.BROKEN: (
        "No parser makes sense of the feed: tell the outlet, or use another of its feeds."
    ),
    VisitOutcome.MOVED: "Write the new address into the outlet's file.",
    VisitOutcome.GONE: (
        "The feed was taken down: `marsad outlets probe ID` looks for another one."
    ),
    VisitOutcome.ROBOTS: (
        "robots.txt forbids the feed or could not be read: ask the outlet, or turn the feed off."
    ),
    VisitOutcome.BLOCKED: (
        "The site turned us away: open the feed in a browser; if it works there, "
        "ask the outlet to let us in."
    ),
    VisitOutcome.HTTP_ERROR: "The site had trouble: if it lasts for days, write to the outlet.",
    VisitOutcome.NETWORK_ERROR: (
        "No whole answer came: if it lasts for days, look whether the outlet still exists."
    ),
    VisitOutcome.TOO_LARGE: "Raise `max_bytes` in marsad.toml if the feed is right.",
    VisitOutcome.TIMEOUT: "The site is slow: raise `timeout_seconds` in marsad.toml if it stays.",
    VisitOutcome.UNSAFE_ADDRESS: (
        "The feed led into a private network or to a forbidden scheme: look at the outlet's file."
    ),
    VisitOutcome.READER_FAILED: "The feed broke its reader: report it to the developers.",
    VisitOutcome.POSTPONED: "The host asked us to wait: the next run visits it.",
    VisitOutcome.INTERRUPTED: "The run ended first: the next run visits it.",
}
"""For every visit that a person may have to look at."""
