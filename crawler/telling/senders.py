"""Tells the targets of `marsad.toml` what a night brought, what began and what is over.

What a target was told is noted after the message was taken: a kill between the two tells it again,
and nothing is ever told to nobody. Addresses are secrets, and stay in `marsad.toml`.
"""

from __future__ import annotations

import logging
from collections.abc import Collection
from importlib.util import find_spec

from crawler.engine.locks import alone
from crawler.telling import courier
from crawler.telling.alert_words import TARGET_STEP
from crawler.telling.messages import Message, Report, compose
from crawler.tellings import NotifyTarget
from crawler.workspace import Workspace
from storage.alerts import TARGET, AlertStore, Finding
from storage.database import open_database
from storage.times import utc_now

log = logging.getLogger(__name__)

TEST = Message(
    "Marsad: test message",
    "This is a test of Marsad, the news watch. Whoever reads it will be told what each night "
    "brought, in numbers, and when something needs a person.\n",
)
NAMES_WARNING = (
    'names = true for "{}" in marsad.toml: names of watched people leave this machine, by way of '
    "every server that hands the message on"
)


def send(
    workspace: Workspace, targets: Collection[str] | None, report: Report | None
) -> tuple[str, ...]:
    """Send each target (all, or those named) the report and what it has yet to be told.

    Gives what went wrong, in words without any address. Never raises: what could not be sent is
    sent the next time.
    """
    known = {target.name: target for target in workspace.settings.notify}
    wanted = known.keys() if targets is None else targets
    problems = [
        f'there is no [[notify]] named "{name}" in marsad.toml'
        for name in wanted
        if name not in known
    ]
    for target in (known[name] for name in wanted if name in known):
        try:
            problem = _tell(workspace, target, report)
        except Exception as error:
            # Whatever it is, the other targets and the night go on; its words may hold an address.
            problem = f"{target.name} was not told: {type(error).__name__}"
        if problem:
            log.warning("not told: problem=%s", problem)
            problems.append(problem)
    return tuple(problems)


def test(target: NotifyTarget) -> str:
    """Send a target a test message; gives what went wrong, or ""."""
    return courier.send_message(target.url, TEST.subject, TEST.text)


def warnings(workspace: Workspace) -> tuple[str, ...]:
    """What a person has to know of the targets before anything is sent, in whole sentences."""
    targets = workspace.settings.notify
    said = [NAMES_WARNING.format(target.name) for target in targets if target.names]
    if targets and find_spec("apprise") is None:
        said.append(f"nobody is told of anything: {courier.MISSING}")
    return tuple(said)


def masked(target: NotifyTarget) -> str:
    """An address of which only the kind is shown: with some services all the rest is a secret."""
    return f"{target.url.partition('://')[0]}://…"


def _tell(workspace: Workspace, target: NotifyTarget, report: Report | None) -> str:
    # Two schedules may end at once: the second one waits, and tells what is left then.
    with (
        alone(workspace.database, "telling", wait=True),
        open_database(workspace.database) as database,
    ):
        alerts = AlertStore(database)
        told = alerts.unsent(target.name)
        message = compose(report, told, names=target.names)
        if message is None:
            return ""
        problem = courier.send_message(target.url, message.subject, message.text)
        if problem:
            alerts.open(_unreachable(target))
            return f"{target.name} was not told: {problem}"
        alerts.note_sent(target.name, told)
        alerts.close(TARGET, target.name)
    log.info("told target=%s report=%s alerts=%d", target.name, report is not None, len(told))
    return ""


def _unreachable(target: NotifyTarget) -> Finding:
    said = f"Messages to {target.name} do not get through"
    return Finding(TARGET, target.name, said, TARGET_STEP.format(target.name), utc_now())
