"""`marsad outlets letter` and `blind`: what to do about an outlet that cannot be read."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Annotated

import typer
from rich.markup import escape

from crawler.cli.common import (
    WorkspaceOption,
    day_of,
    fail,
    human_errors,
    open_workspace,
    opened,
    out,
)
from crawler.cli.letters import LANGUAGES, Refused, Sender, letter
from crawler.outlets import Blind, Outlet
from crawler.workspace import Workspace, declare_blind, load_config
from storage.times import utc_now

OutletArgument = Annotated[str, typer.Argument(metavar="OUTLET", help="An outlet's id.")]
_OF_OURS = frozenset(
    {"overflow", "volume_drop", "trap", "moved", "too_large", "redesigned", "reading_worse"}
)
"""Troubles that are nothing to write to an outlet about."""


def letter_command(
    outlet_id: OutletArgument,
    language: Annotated[
        str | None, typer.Option("--language", help="ar, fr or en (default: the outlet's own).")
    ] = None,
    workspace: WorkspaceOption = None,
) -> None:
    """Write a letter that asks an outlet to let us in: what was refused, and how gently we read.

    It names the contact of this workspace and no person. Nothing is sent.

    Examples:

      marsad outlets letter ma_hespress

      marsad outlets letter bh_alayam --language en
    """
    place = open_workspace(workspace)
    with human_errors():
        outlet = load_config(place).outlets.named(outlet_id)
    home = outlet.front_page() or outlet.display_name
    chosen = language or _language_of(outlet)
    if chosen not in LANGUAGES:
        fail(f'letters are written in {", ".join(LANGUAGES)}, not in "{chosen}"')
    name = outlet.name.get(chosen, outlet.display_name)
    text = letter(chosen, name, _refused(place, outlet_id, home), _sender(place))
    out.file.write(text)


def blind(
    outlet_id: OutletArgument,
    reason: Annotated[
        str | None, typer.Option("--reason", help="Why; told wherever its silence could mislead.")
    ] = None,
    since: Annotated[
        datetime | None,
        typer.Option("--since", formats=["%Y-%m-%d"], help="From this day on (default: today)."),
    ] = None,
    end: Annotated[bool, typer.Option("--end", help="We see it again, from today on.")] = False,
    workspace: WorkspaceOption = None,
) -> None:
    """Declare that we do not see an outlet: it is not visited, and its silence is never news.

    Examples:

      marsad outlets blind ma_goud --reason "turns us away; asked on 3 March" --since 2026-03-01

      marsad outlets blind ma_goud --end
    """
    if end == (reason is not None):
        fail("say --reason (and --since), or --end")
    place = open_workspace(workspace)
    today = utc_now().date()
    with human_errors():
        before = load_config(place).outlets.named(outlet_id).blind
        first = day_of(since) or today
        declared = _ended(before, today) if end else _declared(before, first, today, reason or "")
        path = declare_blind(place, outlet_id, declared)
        now = load_config(place).outlets.named(outlet_id)
    _tell_database(place, now)
    said = "is seen again" if end else f"is declared blind since {day_of(since) or today}"
    out.print(escape(f"{outlet_id} {said}: {path}"))


def _declared(before: Blind | None, since: date, today: date, reason: str) -> Blind:
    """A new declaration; an earlier period that is over is never forgotten for it."""
    if not reason.strip():
        fail("--reason is empty")
    if since > today:
        fail(f"--since {since} lies in the future")
    if before is not None and before.until is not None and since > before.since:
        fail(
            f"it was declared blind from {before.since} to {before.until}, and a file keeps one "
            f"period: --since {before.since} covers both"
        )
    return Blind(since=since, reason=" ".join(reason.split()))


def _ended(before: Blind | None, today: date) -> Blind | None:
    """The same up to yesterday: it stays on record. None where it would only begin today."""
    if before is None or not before.covers(today):
        fail("it is not declared blind")
    if before.since == today:
        return None
    return before.model_copy(update={"until": today - timedelta(days=1)})


def _tell_database(place: Workspace, outlet: Outlet) -> None:
    """Coverage knows at once, not only after the next run."""
    from storage.runs import note_blind

    if place.database.exists():
        with opened(place, readonly=False) as database:
            note_blind(database, outlet.record())


def _language_of(outlet: Outlet) -> str:
    return next((one for one in outlet.languages if one in LANGUAGES), "en")


def _sender(place: Workspace) -> Sender:
    from crawler.engine.extensions import USER_AGENT

    settings = place.settings
    agent = USER_AGENT.format(contact=settings.contact)
    return Sender(settings.contact, agent, settings.crawl.delay_seconds)


def _refused(place: Workspace, outlet_id: str, home: str) -> list[Refused]:
    """The open troubles of the outlet that it can mend, by address."""
    from storage import trouble_reports

    if not place.database.exists():
        return []
    with opened(place) as database:
        told = trouble_reports.listed(database, [outlet_id])
    return [
        Refused(one.kind, _address(one.evidence, home), one.since)
        for one in told
        if one.kind not in _OF_OURS
    ]


def _address(evidence: Mapping[str, object], home: str) -> str:
    """What was asked for: the ways that tell of it, else the site."""
    ways = evidence.get("ways")
    return ", ".join(map(str, ways)) if isinstance(ways, list) else str(evidence.get("way") or home)
