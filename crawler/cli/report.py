"""How a run's report looks to a person, and which exit code it means."""

from collections import Counter

from rich import box
from rich.console import Console, Group, RenderableType
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from crawler.cli.common import DONE, FAILED, NEEDS_A_PERSON
from storage.models import FAILED as FAILED_OUTCOMES
from storage.models import PENDING, Outcome, OutletReport, RunReport

MOST_UNREAD = 0.25
"""Share of outlets unread above which a run has failed."""
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


def exit_code(report: RunReport) -> int:
    """0 done · 1 failed (books unbalanced, over a quarter of the outlets unread) · 3 see to it."""
    unread = sum(1 for outlet in report.outlets if outlet.visits and outlet.blind == outlet.visits)
    visited = sum(1 for outlet in report.outlets if outlet.visits)
    if not report.balanced or report.status == "failed" or unread > MOST_UNREAD * max(visited, 1):
        return FAILED
    if report.status == "interrupted" or any(map(_needs_a_person, report.outlets)):
        return NEEDS_A_PERSON
    return DONE


def _needs_a_person(outlet: OutletReport) -> bool:
    return bool(outlet.blind) or not NEEDS_A_LOOK.isdisjoint(outlet.outcomes)


def show_report(report: RunReport, console: Console) -> None:
    """Print what a run did: outlets, what went wrong and what to do, actors most named."""
    console.print(Group(*_parts(report)))


def _parts(report: RunReport) -> list[RenderableType]:
    parts: list[RenderableType] = [Text(_headline(report), style="bold"), _outlets(report)]
    problems = [(o, reason, advice) for o in report.outlets for reason, advice in o.problems]
    if problems:
        parts += [Text("\nWhat needs a look", style="bold"), _problems(problems)]
    if report.actors:
        parts += [Text("\nActors most named in this run", style="bold"), _actors(report)]
    parts.append(Text("\n" + _books(report)))
    return parts


def _headline(report: RunReport) -> str:
    ended = report.ended_at or report.started_at
    took = (ended - report.started_at).total_seconds()
    megabytes = report.captured_bytes / 1_000_000
    return (
        f"Run {report.run_id} ({report.kind}) {report.status} after {took:.0f} s: "
        f"{report.requests} requests, {megabytes:.1f} MB of captures kept"
    )


def _outlets(report: RunReport) -> Table:
    table = Table(box=box.SIMPLE)
    table.add_column("outlet")
    for name in ("seen", "new", "changed", "known", "failed", "waiting"):
        table.add_column(name, justify="right")
    table.add_column("failed because")
    for outlet in report.outlets:
        table.add_row(*_row(outlet))
    total = _total(report)
    table.add_section()
    table.add_row(*_row(total), style="bold")
    return table


def _row(outlet: OutletReport) -> list[str]:
    outcomes = Counter(outlet.outcomes)
    failed = {o.value: outcomes[o] for o in sorted(FAILED_OUTCOMES) if outcomes[o]}
    blind = f"{outlet.blind} of {outlet.visits} visits blind" if outlet.blind else ""
    reasons = ", ".join(f"{name} {number}" for name, number in failed.items())
    numbers = (
        outlet.seen,
        outcomes["stored_new"] + outcomes["copy"],
        outcomes["stored_changed"],
        outcomes["known"] + outcomes["unchanged"],
        sum(failed.values()),
        sum(outcomes[o] for o in PENDING),
    )
    why = " · ".join(filter(None, [blind, reasons]))
    return [escape(outlet.name), *(str(n or "·") for n in numbers), why]


def _total(report: RunReport) -> OutletReport:
    outcomes: Counter[str] = Counter()
    for outlet in report.outlets:
        outcomes.update(outlet.outcomes)
    return OutletReport(
        outlet_id="",
        name="all",
        visits=sum(o.visits for o in report.outlets),
        blind=sum(o.blind for o in report.outlets),
        seen=sum(o.seen for o in report.outlets),
        outcomes=dict(outcomes),
    )


def _problems(problems: list[tuple[OutletReport, str, str]]) -> Table:
    table = Table(box=box.SIMPLE, show_header=False)
    table.add_column(style="yellow")
    table.add_column()
    table.add_column(style="dim")
    for outlet, reason, advice in problems:
        table.add_row(escape(outlet.name), escape(reason), escape(advice))
    return table


def _actors(report: RunReport) -> Table:
    table = Table(box=box.SIMPLE, show_header=False)
    table.add_column()
    table.add_column(justify="right")
    for _, name, number in report.actors[:ACTORS_SHOWN]:
        table.add_row(escape(name), f"{number} article{'s' if number != 1 else ''}")
    return table


def _books(report: RunReport) -> str:
    if report.balanced:
        return "The books balance: everything that was seen has exactly one outcome."
    return f"THE BOOKS DO NOT BALANCE: {report.imbalance}"
