"""`marsad status`: whether everything runs as it should, and what somebody has to see to."""

import typer

from crawler.cli.common import JsonOption, WorkspaceOption, human_errors, open_workspace, print_json


def status(workspace: WorkspaceOption = None, as_json: JsonOption = False) -> None:
    """Say in one sentence whether all is well, and then how everything stands.

    Runs and schedules, outlets that are silent, blocked, slow or recovered, what waits, room on
    the disk and until when it lasts, backups, captures. Times are in UTC.

    Ends with 0 when all is well, with 1 when something keeps the work from being done (a night
    was missed or failed, nothing starts the schedules, the disk is full), with 3 when it runs and
    somebody has to see to something.

    Examples:

      marsad status

      marsad status --json
    """
    from crawler.cli.status_view import show_status
    from crawler.telling import status as telling
    from schedules.files import load_schedules
    from schedules.upcoming import upcoming
    from schedules.zones import differences
    from storage.times import utc_now

    place = open_workspace(workspace)
    with human_errors():
        files, now = load_schedules(place.root), utc_now()
        zones = {one.zone for one in files.by_name.values() if one.enabled}
        known = telling.status(
            place,
            upcoming(files, place.root, now),
            zone_warnings=differences(zones, now),
            wrong_files=[str(problem) for problem in files.problems],
        )
    if as_json:
        print_json(known)
    else:
        show_status(known)
    raise typer.Exit(known.code)
