"""`marsad report`: the latest night told again, in the terminal and in the workspace's files."""

from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape

from crawler.cli.common import (
    FAILED,
    JsonOption,
    WorkspaceOption,
    day_of,
    err,
    fail,
    human_errors,
    open_workspace,
    opened,
    out,
    print_json,
)
from crawler.workspace import Workspace

if TYPE_CHECKING:  # the database is opened only where it is asked
    from crawler.telling.morning import MorningReport

NightOption = Annotated[
    datetime | None,
    typer.Option(
        "--night", formats=["%Y-%m-%d"], help="The night of this day (default: the latest)."
    ),
]
SlotOption = Annotated[
    int | None, typer.Option("--slot-id", help="The night of this slot, by its number.")
]
PathOption = Annotated[
    bool, typer.Option("--path", help="Print only where the page for the browser is.")
]


def report(
    night: NightOption = None,
    slot_id: SlotOption = None,
    path: PathOption = False,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Tell the latest night: what was collected, who was in the news, what went wrong.

    The same is made after each night of a schedule that says `report = true`. It is written anew
    into reports/ of the workspace, as a page for the browser and as text. Where nothing is
    scheduled, it is told what ran in the last 24 hours. Times are in UTC.

    Examples:

      marsad report

      marsad report --night 2026-11-22

      xdg-open "$(marsad report --path)"
    """
    place = open_workspace(workspace)
    told = _told(place, day_of(night), slot_id)
    if path:
        out.print(str(told.page), markup=False)
    elif as_json:
        print_json({"page": str(told.page), "text": str(told.text), "facts": told.facts})
    else:
        out.print(told.text.read_text(encoding="utf-8"), end="", markup=False)
        err.print(f"As a page: {escape(str(told.page))}")


def _told(place: Workspace, day: date | None, slot_id: int | None) -> "MorningReport":
    from crawler.telling.morning import make_report
    from schedules.files import load_schedules
    from schedules.upcoming import upcoming
    from storage.times import utc_now

    now = utc_now()
    if slot_id is None:
        slot_id = _slot_id(place, day, now)
    if day is not None and slot_id is None:
        now = min(now, datetime.combine(day, time(), UTC) + timedelta(days=1))
    with human_errors():
        coming = upcoming(load_schedules(place.root), place.root, now) if day is None else ()
        try:
            return make_report(place, slot_id, coming, now)
        except KeyError:
            fail(f"there is no slot {slot_id}")
        except OSError as wrong:
            fail(f"the report cannot be written: {wrong.strerror}", code=FAILED)


def _slot_id(place: Workspace, day: date | None, now: datetime) -> int | None:
    """The slot to tell; None where what was done last was done by hand."""
    from schedules.files import load_schedules
    from storage.nights import slot_told

    schedules = load_schedules(place.root).by_name.values()
    with opened(place) as database:
        slot = slot_told(database, [one.name for one in schedules if one.report], now, day)
    return None if slot is None else slot.id
