"""How a run's report looks to a person, and which exit code it means."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import datetime

from rich.console import Console
from rich.text import Text

from crawler.cli.common import DONE, FAILED, NEEDS_A_PERSON
from crawler.cli.tables import print_paragraph, print_rows
from crawler.phrases import counted
from crawler.telling.morning_verdict import MOST_UNREAD
from storage.models import FAILED as FAILED_OUTCOMES
from storage.models import PENDING, Outcome
from storage.reported import LooksReport, OutletReport, RunReport, TroubleReport

ACTORS_SHOWN = 10

NEEDS_A_LOOK = frozenset(
    {
        Outcome.BLOCKED,
        Outcome.ROBOTS,
        Outcome.UNREADABLE,
        Outcome.READER_FAILED,
        Outcome.UNSAFE_ADDRESS,
        Outcome.TOO_LARGE,
    }
)
"""Ends of pages that do not mend themselves; a page that is gone or no article needs nobody."""
UNANSWERED = frozenset(
    {Outcome.BLOCKED, Outcome.ROBOTS, Outcome.HTTP_ERROR, Outcome.NETWORK_ERROR, Outcome.TIMEOUT}
)
"""Ends after which nothing is known of a page."""


def exit_code(report: RunReport) -> int:
    """0 done · 1 failed (books unbalanced, over a quarter of the outlets unread) · 3 see to it."""
    unread, asked = _unread(report)
    if not report.balanced or report.status == "failed" or unread > MOST_UNREAD * asked:
        return FAILED
    if unread or report.status == "interrupted" or any(map(_needs_a_person, report.outlets)):
        return NEEDS_A_PERSON
    if any(one.needs_a_person for one in report.troubles):
        return NEEDS_A_PERSON
    if report.stories_failure or (report.looks is not None and report.looks.moved):
        return NEEDS_A_PERSON
    if report.kind == "fetch" and any(_figures(outlet)[3] for outlet in report.outlets):
        return NEEDS_A_PERSON  # somebody asked for these very pages
    return DONE


def _unread(report: RunReport) -> tuple[int, int]:
    """How many outlets could not be read, and how many were asked."""
    asked = [one for one in report.outlets if one.visits or (report.looks and one.outcomes)]
    return sum(map(_is_unread, asked)), len(asked)


def _is_unread(outlet: OutletReport) -> bool:
    """Whether all visits were blind, or, in a run of looks, none of its pages was answered."""
    if outlet.visits:
        return outlet.blind == outlet.visits
    return UNANSWERED.issuperset(outlet.outcomes)


def _needs_a_person(outlet: OutletReport) -> bool:
    return bool(outlet.blind) or not NEEDS_A_LOOK.isdisjoint(outlet.outcomes)


def show_report(report: RunReport, console: Console) -> None:
    """Print what a run did: outlets, what went wrong and what to do, actors most named."""
    console.print(Text(_headline(report) + "\n", style="bold"))
    _outlets(report, console)
    show_troubles(report.troubles, console)
    _problems(report, console)
    _actors(report, console)
    if report.looks is not None:
        _looks(report.looks, console, anything=any(one.outcomes for one in report.outlets))
    console.print()
    if report.stored:
        print_paragraph(_stored(report), console)
    if report.stories_failure:
        print_paragraph(not_in_stories(report.stories_failure), console, style="yellow")
    unread, asked = _unread(report)
    if unread > MOST_UNREAD * asked:
        said = (
            f"{unread} of {counted(asked, 'outlet')} could not be read: the run counts as failed."
        )
        print_paragraph(said, console, style="yellow")
    print_paragraph(_books(report), console)


def _headline(report: RunReport) -> str:
    ended = report.ended_at or report.started_at
    took = (ended - report.started_at).total_seconds()
    megabytes = report.captured_bytes / 1_000_000
    return (
        f"Run {report.run_id} ({report.kind}) {report.status} after {took:.0f} s: "
        f"{report.requests} requests, {megabytes:.1f} MB of captures kept"
        + (f"\nIt failed: {report.failure}" if report.failure else "")
        + (f"\n{report.disk}" if report.disk else "")
    )


def _outlets(report: RunReport, console: Console) -> None:
    """A line for each outlet that was visited or had pages waiting."""
    figures = ("seen", "new", "changed", "known", "failed", "waiting")
    rows = [
        (outlet.outlet_id, *_numbers(outlet), outlet.name)
        for outlet in report.outlets
        if outlet.visits or outlet.outcomes
    ]
    total = _total(report)
    print_rows(
        ("outlet", *figures, "name"),
        rows,
        right=figures,
        footer=("all", *_numbers(total), total.name),
        console=console,
    )


def totals(report: RunReport) -> tuple[int, int, int, int]:
    """Of all outlets of a run: seen, new, changed, failed."""
    every = _total(report)
    new, changed, _, failed, _ = _figures(every)
    return every.seen, new, changed, failed


def _numbers(outlet: OutletReport) -> list[str]:
    blind = outlet.outlet_id and outlet.visits and outlet.blind == outlet.visits
    return [
        "blind" if blind else str(outlet.seen or "·"),
        *(str(n or "·") for n in _figures(outlet)),
    ]


def _figures(outlet: OutletReport) -> tuple[int, int, int, int, int]:
    """New, changed, known, failed, waiting."""
    outcomes = Counter(outlet.outcomes)
    return (
        outcomes["stored_new"] + outcomes["copy"],
        outcomes["stored_changed"],
        outcomes["known"] + outcomes["unchanged"],
        sum(outcomes[o] for o in FAILED_OUTCOMES),
        sum(outcomes[o] for o in PENDING),
    )


def _total(report: RunReport) -> OutletReport:
    outcomes: Counter[str] = Counter()
    for outlet in report.outlets:
        outcomes.update(outlet.outcomes)
    visits, blind = (sum(getattr(o, name) for o in report.outlets) for name in ("visits", "blind"))
    return OutletReport(
        outlet_id="",
        name=f"{counted(visits, 'visit')}, {blind} of them blind" if visits else "",
        visits=visits,
        blind=blind,
        seen=sum(o.seen for o in report.outlets),
        outcomes=dict(outcomes),
    )


TITLES = {"began": "Troubles that began", "ended": "Troubles that ended", "goes_on": "Still so"}


def show_troubles(
    troubles: Sequence[TroubleReport], console: Console, *, whole: bool = False
) -> None:
    """What began with its next steps, then what ended, then in one line each what goes on.

    With `whole`, what goes on is told with its next steps too.
    """
    for state, title in TITLES.items():
        told = [one for one in troubles if one.state == state]
        if told:
            console.print(f"\n[bold]{title}[/bold]\n")
        for one in told:
            _trouble(one, console, whole=whole or state == "began")
    if not whole and any(one.state == "goes_on" for one in troubles):
        print_paragraph("`marsad events` tells the next steps of each.", console, indent="  ")


def _trouble(one: TroubleReport, console: Console, *, whole: bool) -> None:
    outlet = one.outlet_id or "this machine"
    until = f" to {moment(one.until)}" if one.until else ""
    name = one.kind.replace("_", " ")
    line = f"{outlet} · {name} · since {moment(one.since)}{until} · {one.said}"
    print_paragraph(line, console, style="yellow" if whole and one.state != "ended" else "")
    again = (one.closing or {}).get("waiting_again")
    if one.state == "ended" and again:
        print_paragraph(f"{again} pages that it kept from us wait again.", console, indent="  ")
    for step in one.steps if whole else ():
        print_paragraph(step, console, indent="  ")


def moment(at: datetime) -> str:
    """A time to the minute, in UTC."""
    return f"{at:%Y-%m-%d %H:%M}"


def _problems(report: RunReport, console: Console) -> None:
    """What to do, then where: a night has many outlets and few kinds of trouble."""
    found: defaultdict[str, defaultdict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for outlet in report.outlets:
        for reason, advice in outlet.problems:
            found[advice][reason].append(outlet.outlet_id)
    if found:
        console.print("\n[bold]What needs a look[/bold]")
    for advice, reasons in found.items():
        console.print()
        print_paragraph(advice, console, style="yellow")
        for reason, outlet_ids in reasons.items():
            print_paragraph(f"{', '.join(outlet_ids)} · {reason}", console, indent="  ")


def _actors(report: RunReport, console: Console) -> None:
    if not report.actors:
        return
    console.print("\n[bold]Actors most named in this run[/bold]\n")
    since = {actor_id: f"{moment:%Y-%m-%d}" for actor_id, moment in report.comparable_since}
    figures, header = ("articles", "stories"), ["articles", "stories", "actor"]
    rows = [
        [str(articles), str(stories), *([since.get(one, "·")] if since else []), name]
        for one, name, articles, stories in report.actors[:ACTORS_SHOWN]
    ]
    if since:  # seldom: mostly all are watched from the first night on
        header.insert(2, "comparable since")
    print_rows(header, rows, right=figures, console=console)


def _looks(looks: LooksReport, console: Console, *, anything: bool) -> None:
    """What looking at articles again told of them, if any was looked at."""
    console.print()
    if not anything and not looks.left:
        print_paragraph("No article was due; --anyway looks at those that are not.", console)
        return
    open_ = f"; {looks.missing} not there, to be confirmed by a later look" if looks.missing else ""
    print_paragraph(f"{counted(looks.gone, 'article')} gone, {looks.back} back{open_}.", console)
    if looks.left:
        print_paragraph(f"{looks.left} more are due and wait for the next run.", console)


def _stored(report: RunReport) -> str:
    """How many texts of their own a run brought: of one agency's text on ten sites, one."""
    of_these = f", of these {counted(report.copies, 'copy')}" if report.copies else ""
    return (
        f"{counted(report.stored, 'article')} stored{of_these}; {counted(report.stories, 'story')}."
    )


def not_in_stories(failure: str) -> str:
    """What it means that a run's articles could not be put into stories."""
    return (
        f"Stories could not be worked out: {failure}. What is new counts as a story of its own "
        "until they are; the next run tries again."
    )


def _books(report: RunReport) -> str:
    if report.balanced:
        return "The books balance: everything that was seen has exactly one outcome."
    return f"THE BOOKS DO NOT BALANCE: {report.imbalance}"
