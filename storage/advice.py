"""What to do about each kind of trouble, in one plain line: the report's second column."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from storage.finding import VisitOutcome
from storage.models import Outcome

NOT_VISITED: Final = (
    "nothing of it was visited",
    "No way into this outlet is on: `marsad outlets probe ID` looks for one that works.",
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


CAUSES: Final[dict[str, str]] = {
    "offline": (
        "Most outlets could not be reached at once: look at this machine's connection, or at that "
        "of its country. No outlet is blamed for it."
    ),
    "unreachable": "No whole answer came, twice in a row: look whether the outlet still exists.",
    "certificate": (
        "Its certificate cannot be verified, so nothing of it is read: open the site in a browser; "
        "tell the outlet if it is out of date."
    ),
    "server_error": "The outlet's server fails: it mostly mends itself, or the outlet can.",
    "rate_limited": (
        "The host asks us to come less often: nothing to do for a night; if it stays, raise "
        "`delay_seconds` in marsad.toml."
    ),
    "blocked": (
        "The site turns us away: open it in a browser; if it works there, we are what is kept out."
    ),
    "robots": "robots.txt forbids it or could not be read: that is obeyed.",
    "gone": "The address was taken down.",
    "unsafe": (
        "It led into a private network or to a forbidden scheme: look at the outlet's file, and "
        "whether the outlet was hacked."
    ),
    "html_feed": "A web page came where a feed or sitemap should be.",
    "empty_feed": "The feed is well-formed and empty: look whether the site moved it.",
    "broken_feed": "No parser makes sense of it: tell the outlet.",
    "too_large": "It is larger than `max_bytes` in marsad.toml: raise that if the size is right.",
    "moved": (
        "It moved for good: if that place is the outlet's, write the new address into its file, "
        "and a new host into its `domains`."
    ),
    "foreign_links": (
        "Most of what it offers lies on other hosts, which are never taken for the outlet: look "
        "whether the domain was sold, or write the outlet's new hosts into its file."
    ),
    "redesigned": (
        "What was read before cannot be read any more: the site was rebuilt. Open a page; give "
        "the outlet's file a new pattern, or report it so that a better reader is made."
    ),
    "trap": "Its links never end; what was asked for stayed within bounds: narrow the pattern.",
    "frozen": "It answers and shows nothing new: open the site and see whether it publishes.",
    "overflow": "More came between two visits than it shows: crawl more often.",
    "pages_failing": "Its lists are read, but most of its pages fail: open one in a browser.",
    "volume_drop": (
        "Far less than it usually publishes on such days: open the site and compare; it may have "
        "opened a section elsewhere."
    ),
    "reading_worse": (
        "Its articles have less than those of the weeks before: `marsad read --article NUMBER "
        "--explain` shows what became of one; [selectors] in the outlet's file say where it "
        "stands, and `marsad reread` mends what was stored."
    ),
}
"""What is the matter, and the first thing to do, for every kind of trouble."""

_LETTER = frozenset(
    "certificate server_error rate_limited blocked robots html_feed empty_feed broken_feed frozen "
    "pages_failing".split()
)
"""Troubles that the outlet can mend, if it is asked."""
_EGRESS = frozenset({"unreachable", "blocked", "pages_failing"})
"""Troubles that may depend on whose address asks."""
_ANOTHER_WAY = frozenset(
    "server_error robots gone unsafe html_feed empty_feed broken_feed too_large moved "
    "foreign_links redesigned trap frozen overflow blocked".split()
)
"""Troubles of one way, where another one may do."""
_BLIND = frozenset(
    "unreachable certificate blocked robots gone html_feed empty_feed broken_feed redesigned "
    "frozen pages_failing".split()
)
"""Troubles after which silence must not be taken for silence of the outlet."""


@dataclass(frozen=True, slots=True)
class Means:
    """What there is to choose from: an outlet's other ways that work, and declared egresses."""

    outlet_id: str
    others: tuple[str, ...] = ()
    egresses: tuple[str, ...] = ()


def steps(kind: str, means: Means) -> tuple[str, ...]:
    """What to do about a trouble, the nearest first; only what there really is to do."""
    found = [CAUSES[kind]]
    if kind == "overflow" and means.others:
        return (f"{CAUSES[kind][:-1]}; gaps are filled from {', '.join(means.others)}.",)
    if kind in _ANOTHER_WAY:
        found.append(_another_way(means))
    if kind in _LETTER:
        found.append(f"Ask the outlet: `marsad outlets letter {means.outlet_id}` writes it.")
    if kind in _EGRESS and means.egresses:
        names = " or ".join(f'egress = "{name}"' for name in means.egresses)
        found.append(f"Ask through another egress: {names} in the outlet's file.")
    if kind in _BLIND:
        found.append(
            f"If nothing helps, say so: `marsad outlets blind {means.outlet_id} --reason …`; "
            "then its silence is never read as news."
        )
    return tuple(found)


def _another_way(means: Means) -> str:
    if means.others:
        return f"Its other ways go on: {', '.join(means.others)}."
    return f"`marsad outlets probe {means.outlet_id}` looks for another way in."


_PASSING = "The next run tries again by itself; twice in a row is told as a trouble."

VISITS: Final[dict[VisitOutcome, str]] = {
    VisitOutcome.EMPTY: CAUSES["empty_feed"],
    VisitOutcome.HTML: CAUSES["html_feed"],
    VisitOutcome.BROKEN: CAUSES["broken_feed"],
    VisitOutcome.MOVED: CAUSES["moved"],
    VisitOutcome.FOREIGN: CAUSES["foreign_links"],
    VisitOutcome.GONE: CAUSES["gone"],
    VisitOutcome.ROBOTS: CAUSES["robots"],
    VisitOutcome.BLOCKED: CAUSES["blocked"],
    VisitOutcome.TOO_LARGE: CAUSES["too_large"],
    VisitOutcome.UNSAFE_ADDRESS: CAUSES["unsafe"],
    VisitOutcome.HTTP_ERROR: f"The site had trouble. {_PASSING}",
    VisitOutcome.NETWORK_ERROR: f"No whole answer came. {_PASSING}",
    VisitOutcome.TIMEOUT: f"The site is slow. {_PASSING}",
    VisitOutcome.READER_FAILED: f"It broke its reader: report it to the developers. {_PASSING}",
    VisitOutcome.POSTPONED: "The host asked us to wait: the next run visits it.",
    VisitOutcome.INTERRUPTED: "The run ended first: the next run visits it.",
}
"""For a visit that no trouble tells of: one that may have been a hiccup, or of a run cut short."""

TOLD_BY: Final[dict[str, frozenset[str]]] = {
    "unreachable": frozenset({"network_error", "timeout", "postponed"}),
    "certificate": frozenset({"network_error"}),
    "offline": frozenset({"network_error", "timeout", "postponed"}),
    "server_error": frozenset({"http_error", "network_error", "timeout"}),
    "rate_limited": frozenset({"http_error", "postponed"}),
    "blocked": frozenset({"blocked"}),
    "robots": frozenset({"robots"}),
    "gone": frozenset({"gone"}),
    "unsafe": frozenset({"unsafe_address"}),
    "html_feed": frozenset({"html"}),
    "empty_feed": frozenset({"empty"}),
    "broken_feed": frozenset({"broken", "reader_failed"}),
    "too_large": frozenset({"too_large"}),
    "moved": frozenset({"moved", "foreign", "html", "broken", "gone", "blocked", "empty"}),
    "foreign_links": frozenset({"foreign"}),
    "redesigned": frozenset({"no_text", "not_article", "empty", "broken"}),
}
"""Ends of visits and pages that need no line of their own where such a trouble is told."""
