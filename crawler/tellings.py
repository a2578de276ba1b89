"""What `marsad.toml` says of room on the disk, and of who is told what a night brought."""

import json
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, Field

from crawler.fields import Record, identifier, web_address

_TARGET = re.compile(r"[a-z][a-z0-9+.-]*://\S+")


def _target(address: str) -> str:
    """Raises ValueError, which never repeats the address: it holds a password most often."""
    if not _TARGET.fullmatch(address):
        raise ValueError('must be an address of Apprise such as "mailtos://user:…@example.org"')
    return address


def _page(address: str) -> str:
    """Raises ValueError, which never repeats the address: whoever has it may ask for it."""
    try:
        return web_address(address)
    except ValueError:
        raise ValueError(
            "must be a web address that begins with https:// or http://, without user name or #"
        ) from None


def _name(text: str) -> str:
    """Raises ValueError, which never repeats the text: an address may stand there by mistake."""
    try:
        return identifier(text)
    except ValueError:
        raise ValueError("must be made of a-z, 0-9 and single - or _") from None


def _absolute(path: str) -> str:
    if not Path(path).is_absolute():
        raise ValueError("must be a path that begins with /")
    return path


class DiskSettings(Record):
    """How much room is left to others."""

    reserve_megabytes: Annotated[int, Field(ge=0, le=10_000_000)] = 1000
    """A run ends in good order when less is free; 0: never for this reason."""


class NotifyTarget(Record):
    """Somebody who is told what a night brought and what went wrong."""

    name: Annotated[str, AfterValidator(_name)]
    url: Annotated[str, AfterValidator(_target)]
    """An address as Apprise takes it. It holds a password most often: never shown or logged."""
    names: bool = False
    """Whether names of actors may be in what is sent there."""


class PingSettings(Record):
    """A page that notices when it is not asked for: it hears from every night."""

    url: Annotated[str, AfterValidator(_page)]
    """Never shown or logged."""


class MetricsSettings(Record):
    """Figures for a monitoring system, as a file."""

    textfile: Annotated[str, AfterValidator(_absolute)]


def telling_lines(
    disk: DiskSettings,
    targets: Iterable[NotifyTarget],
    ping: PingSettings | None,
    metrics: MetricsSettings | None,
) -> str:
    """These settings as tables of the file, examples as comments where there are none."""
    return "\n".join((_disk(disk), _targets(targets), _ping(ping), _metrics(metrics)))


def _disk(disk: DiskSettings) -> str:
    return f"""\
# A run ends in good order, and the next one goes on, when less than this is free on the disk.
[disk]
reserve_megabytes = {disk.reserve_megabytes}
"""


def _targets(targets: Iterable[NotifyTarget]) -> str:
    """Who is told, by mail or a messenger."""
    said = """\
# Who is told what a night brought and what went wrong: addresses as Apprise takes them. They get
# numbers and the states of outlets; with names = true also who was in the news. Be careful.
"""
    tables = [
        f"[[notify]]\nname = {_quoted(one.name)}\nurl = {_quoted(one.url)}\n"
        f"names = {str(one.names).lower()}\n"
        for one in targets
    ]
    example = '# [[notify]]\n# name = "desk"\n# url = "mailtos://user:password@example.org"\n'
    return said + ("\n".join(tables) or example)


def _ping(ping: PingSettings | None) -> str:
    url = _quoted(ping.url) if ping else '"https://example.org/ping/1234"'
    return _table(
        "A page that is asked for after every night, and raises the alarm when it is not.",
        "ping",
        f"url = {url}",
        used=ping is not None,
    )


def _metrics(metrics: MetricsSettings | None) -> str:
    path = metrics.textfile if metrics else "/var/lib/prometheus/node-exporter/marsad.prom"
    return _table(
        "Figures for Prometheus, written after every run for its node exporter.",
        "metrics",
        f"textfile = {_quoted(path)}",
        used=metrics is not None,
    )


def _table(said: str, name: str, line: str, *, used: bool) -> str:
    mark = "" if used else "# "
    return f"# {said}\n{mark}[{name}]\n{mark}{line}\n"


def _quoted(text: str) -> str:
    """A text as TOML; in quotes it follows the rules of JSON."""
    return json.dumps(text, ensure_ascii=False)
