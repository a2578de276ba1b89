"""Names in schedule files that nobody knows: of outlets, countries and targets of messages."""

from __future__ import annotations

from dataclasses import replace

from crawler.datafiles import ConfigErrors, Problem
from crawler.workspace import Workspace, load_config
from schedules.files import Schedules, load_schedules, name_problems


def wrong_names(workspace: Workspace, files: Schedules) -> list[Problem]:
    """Outlets, countries and targets that schedules name, and that there are not."""
    try:
        outlets = load_config(workspace).outlets
    except ConfigErrors:  # what is wrong with those files, a crawl says
        return []
    countries = {country for outlet in outlets.values() for country in outlet.covers}
    targets = {target.name for target in workspace.settings.notify}
    return name_problems(files, set(outlets), countries, targets)


def wrong_names_of(workspace: Workspace, name: str) -> list[Problem]:
    """The same of one schedule."""
    files = load_schedules(workspace.root)
    mine = {one: found for one, found in files.by_name.items() if one == name}
    return wrong_names(workspace, replace(files, by_name=mine))
