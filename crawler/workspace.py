"""A workspace: the folder of one newsroom watch, with its settings, files, database and captures.

`marsad.toml` is read once; what it says is passed on as frozen records.
"""

import ipaddress
import json
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from crawler.agencies import FILE as AGENCIES_FILE
from crawler.agencies import read_agencies
from crawler.datafiles import ConfigErrors, Problem, checked, read_toml, tree
from crawler.egresses import Egress, UnknownEgress, egress_named
from crawler.fields import Country, LanguageCode, List, Record, Text, named_once
from crawler.outletfiles import load_outlets, override_file, set_blind, set_enabled, shipped_outlets
from crawler.outlets import Blind, Outlets
from crawler.private import FOLDER_MODE, make_folder, write_file
from crawler.probes import probes_in
from crawler.tellings import (
    DiskSettings,
    MetricsSettings,
    NotifyTarget,
    PingSettings,
    telling_lines,
)
from crawler.watchlistfiles import load_watchlists, shipped_watchlists
from crawler.watchlists import WatchedActor
from crawler.watchlistvariants import Refused, actors_of, refused_variants
from storage.models import Actor, Agency, Alias
from storage.times import set_clock_ahead

SETTINGS_FILE = "marsad.toml"
VARIABLE = "MARSAD_WORKSPACE"

_MAIL = re.compile(r"[^@\s<>\"]+@[^@\s<>\".]+(\.[^@\s<>\".]+)+")
_PAGE = re.compile(r"https://[^\s/<>\"]+\.[^\s<>\"]+")
_FOLDERS = ("outlets", "watchlists", "warc", "logs", "probes", "backups", "reports", "schedules")


class WorkspaceMissing(Exception):
    """There is no workspace where one was looked for."""


class WorkspaceExists(Exception):
    """There is a workspace already where one was to be made."""


def _contact(text: str) -> str:
    if not _MAIL.fullmatch(text) and not _PAGE.fullmatch(text):
        raise ValueError("must be the mail address of a role, or a page that begins with https://")
    return text


def _loopback(place: str) -> str:
    host, _, port = place.rpartition(":")
    try:
        inside = ipaddress.ip_address(host.strip("[]")).is_loopback and 0 < int(port) < 1 << 16
    except ValueError:
        inside = False
    if not inside:
        raise ValueError('must be a loopback address and port such as "127.0.0.1:8080"')
    return place


class CrawlSettings(Record):
    """How gently and how patiently we fetch."""

    delay_seconds: Annotated[float, Field(ge=0, le=60, allow_inf_nan=False)] = 2.0
    """The least time between two requests to one host."""
    timeout_seconds: Annotated[float, Field(gt=0, le=600, allow_inf_nan=False)] = 30.0
    """For a whole answer, from the request to its last byte."""
    max_bytes: Annotated[int, Field(ge=1_000, le=1_000_000_000)] = 8_000_000
    """Of one answer, after decompression."""
    workers: Annotated[int, Field(ge=1, le=64)] = 2
    """Processes that read pages."""
    concurrency: Annotated[int, Field(ge=1, le=256)] = 16
    """Hosts visited at once; each gets one request at a time."""
    reader_seconds: Annotated[float, Field(gt=0, le=600, allow_inf_nan=False)] = 15.0
    """For reading one page."""
    reader_megabytes: Annotated[int, Field(ge=512, le=65_536)] = 1024
    """Memory of one worker."""


class WorkspaceSettings(Record):
    """What `marsad.toml` says."""

    contact: Annotated[str, AfterValidator(_contact)]
    """Told to every site we visit: a role, never a person."""
    countries: List[Country] = ("iq", "ma", "bh")
    languages: List[LanguageCode] = ("ar", "fr", "en", "ckb", "kmr")
    crawl: CrawlSettings = CrawlSettings()
    keep: Literal["all", "mentions"] = "all"
    """Whose text is kept: every article's, or that of articles which name an actor or a term for
    civil society. Headline, addresses, counts and fingerprint are kept of all, and so are the
    captures: `marsad reread` brings a text back when the watchlists grow, for as long as
    [retention] of the weekly schedule keeps them (captures = "all": for ever)."""
    judge: Text | None = None
    """Who judges where a command does not say it: a name or role that may stand in exports."""
    shipped: bool = True
    """Whether the outlets and watchlists that come with the project are in use."""
    newsroom: Annotated[str, AfterValidator(_loopback)] | None = None
    """Where names under .test lead: the demo newsroom on this machine, for trying out."""
    newsroom_ahead: Annotated[float, Field(allow_inf_nan=False)] = 0.0
    """Seconds by which that newsroom's clock is ahead of this machine's (below 0: behind it)."""
    egress: Annotated[List[Egress], AfterValidator(named_once)] = ()
    """Proxies through which outlets that name one are read, and through which alone."""

    disk: DiskSettings = DiskSettings()
    notify: Annotated[List[NotifyTarget], AfterValidator(named_once)] = ()
    """Who is told what a night brought."""
    ping: PingSettings | None = None
    metrics: MetricsSettings | None = None

    @model_validator(mode="after")
    def _keeps_the_time(self) -> Self:
        if self.newsroom_ahead and self.newsroom is None:
            raise ValueError("newsroom_ahead is for workspaces of the demo newsroom only")
        return self

    @property
    def ahead(self) -> timedelta:
        """By how much this workspace's time is ahead of this machine's clock."""
        return timedelta(seconds=self.newsroom_ahead)

    def proxy_of(self, egress: str) -> tuple[str, int] | None:
        """Address and port of an egress, None for the built-in `direct`; raises UnknownEgress."""
        known = egress_named(egress, self.egress)
        return known.place if known else None


@dataclass(frozen=True)
class Workspace:
    """A folder and its settings."""

    root: Path
    settings: WorkspaceSettings

    @property
    def database(self) -> Path:
        """The article database."""
        return self.root / "marsad.db"

    @property
    def outlets_dir(self) -> Path:
        """Outlet files of this workspace."""
        return self.root / "outlets"

    @property
    def watchlists_dir(self) -> Path:
        """Watchlists of this workspace."""
        return self.root / "watchlists"

    @property
    def warc_dir(self) -> Path:
        """What was fetched, as it came."""
        return self.root / "warc"

    @property
    def logs_dir(self) -> Path:
        """What runs wrote down."""
        return self.root / "logs"

    @property
    def backups_dir(self) -> Path:
        """Where backups are kept unless somebody names another place."""
        return self.root / "backups"

    @property
    def reports_dir(self) -> Path:
        """What each night brought, as it was told."""
        return self.root / "reports"

    @property
    def gold_dir(self) -> Path:
        """Captures that people mark; for their owner's eyes, in no backup, kept until deleted."""
        return self.root / "gold"

    @property
    def schedules_dir(self) -> Path:
        """Schedule files of this workspace."""
        return self.root / "schedules"

    @property
    def probes_dir(self) -> Path:
        """Which addresses of outlets were seen working."""
        return self.root / "probes"


@dataclass(frozen=True)
class Config:
    """Everything that data files say: shipped ones and those of a workspace."""

    outlets: Outlets
    watched: tuple[WatchedActor, ...]
    agencies: tuple[Agency, ...] = ()

    @cached_property
    def actors(self) -> tuple[Actor, ...]:
        """The actors as the matcher and the database take them."""
        return actors_of(self.watched, self.refused)

    def generated(self, actor_id: str) -> list[Alias]:
        """The spellings of an actor that were made by rule and are looked for."""
        aliases = (
            alias for actor in self.actors if actor.id == actor_id for alias in actor.aliases
        )
        return [alias for alias in aliases if alias.generated]

    @cached_property
    def refused(self) -> tuple[Refused, ...]:
        """Generated spellings that are not looked for, since they could mean something else."""
        return refused_variants(self.watched)


def find_workspace(path: Path | None = None) -> Workspace:
    """The workspace at `path`, else at $MARSAD_WORKSPACE, else around the current folder.

    From then on this process keeps the workspace's time. Raises WorkspaceMissing; and ConfigErrors
    with every problem of every file where the settings are wrong.
    """
    root = _root(path)
    settings, problems = _read_settings(root)
    if settings is None:
        raise ConfigErrors([*problems, *_read_all(root, shipped=True)[1]])
    set_clock_ahead(settings.ahead)
    return Workspace(root, settings)


def workspace_or_none(path: Path | None = None) -> Workspace | None:
    """The workspace, or None where nobody named one and the current folder lies in none."""
    named = path is not None or bool(os.environ.get(VARIABLE))
    try:
        return find_workspace(path)
    except WorkspaceMissing:
        if named:
            raise
        return None


def create_workspace(root: Path, settings: WorkspaceSettings) -> Workspace:
    """Make a workspace that only its owner may read; raises WorkspaceExists where there is one."""
    root = root.expanduser().absolute()
    target = root / SETTINGS_FILE
    if target.exists():
        raise WorkspaceExists(f"there is a workspace already: {target}")
    if root.is_dir() and not any(root.iterdir()):
        root.chmod(FOLDER_MODE)  # a folder with other things in it is not ours to close
    for folder in (root, *(root / name for name in _FOLDERS)):
        make_folder(folder)
    return write_settings(root, settings)


def write_settings(root: Path, settings: WorkspaceSettings) -> Workspace:
    """Write a workspace's settings, anew where there are some."""
    write_file(root / SETTINGS_FILE, _settings_text(settings))
    return Workspace(root, settings)


def load_config(workspace: Workspace | None) -> Config:
    """All outlets and actors; raises ConfigErrors with everything that is wrong in any file."""
    shipped = workspace is None or workspace.settings.shipped
    config, problems = _read_all(workspace.root if workspace else None, shipped=shipped)
    problems += _unknown_egresses(config.outlets, workspace.settings.egress if workspace else ())
    if problems:
        raise ConfigErrors(problems)
    return config


def switch_outlet(
    workspace: Workspace, outlet_id: str, *, enabled: bool, reason: str, today: date
) -> Path:
    """Enable or disable an outlet in a workspace; gives the file that says so now.

    Raises UnknownOutlet, and ConfigErrors (with nothing changed) where the files are wrong or would
    be: an outlet without hosts cannot be enabled.
    """
    load_config(workspace).outlets.named(outlet_id)
    path = override_file(workspace.outlets_dir, outlet_id)
    with _checked_change(workspace, path):
        set_enabled(path, enabled, reason, today)
    return path


def declare_blind(workspace: Workspace, outlet_id: str, blind: Blind | None) -> Path:
    """Write down that we do not see an outlet, or (None) nothing of the kind; gives the file.

    Raises UnknownOutlet, and ConfigErrors (with nothing changed) where the files are wrong.
    """
    load_config(workspace).outlets.named(outlet_id)
    path = override_file(workspace.outlets_dir, outlet_id)
    with _checked_change(workspace, path):
        set_blind(path, blind)
    return path


def add_to_outlet(workspace: Workspace, outlet_id: str, text: str) -> Path:
    """Add tables at the end of an outlet's file in a workspace, or make the file of them.

    Raises ConfigErrors, with nothing changed, where the files are wrong or would be.
    """
    path = override_file(workspace.outlets_dir, outlet_id)
    before = path.read_text(encoding="utf-8-sig").rstrip() + "\n\n" if path.exists() else ""
    with _checked_change(workspace, path):
        write_file(path, before + text)
    return path


def add_outlets(workspace: Workspace, texts: Mapping[Path, str]) -> None:
    """Write the files of new outlets, all or none.

    Raises ConfigErrors where one is wrong, and WorkspaceExists where a file is there already.
    """
    if there := [path for path in texts if path.exists()]:
        raise WorkspaceExists(f"there is a file already: {there[0]}")
    with _checked_change(workspace, *texts):
        for path, text in texts.items():
            write_file(path, text)


@contextmanager
def _checked_change(workspace: Workspace, *paths: Path) -> Iterator[None]:
    """A change of files, taken back where it fails or makes the files wrong: ConfigErrors."""
    before = {path: path.read_bytes() if path.exists() else None for path in paths}
    try:
        yield
        load_config(workspace)
    except (ConfigErrors, OSError):
        for path, content in before.items():
            if content is None:
                path.unlink(missing_ok=True)
            else:
                write_file(path, content)
        raise


def _read_all(root: Path | None, *, shipped: bool) -> tuple[Config, list[Problem]]:
    """All files, of the project (`shipped`) and below a workspace's root, and every problem."""
    probes, unread = probes_in(root / "probes") if root else ({}, [])
    outlets, wrong = load_outlets(
        shipped_outlets() if shipped else None, _own(root, "outlets"), probes
    )
    watched, more = load_watchlists(
        shipped_watchlists() if shipped else None, _own(root, "watchlists")
    )
    agencies, unclear = read_agencies(_own(root, AGENCIES_FILE))
    return Config(outlets, watched, agencies), [*unread, *wrong, *more, *unclear]


def _unknown_egresses(outlets: Outlets, egresses: Iterable[Egress]) -> list[Problem]:
    """A problem for each outlet that names an egress which the settings do not."""
    problems, known = [], tuple(egresses)
    for outlet in outlets.values():
        try:
            egress_named(outlet.egress, known)
        except UnknownEgress as wrong:
            problems.append(outlets.place_of(outlet.id, "egress").problem(str(wrong)))
    return problems


def _own(root: Path | None, name: str) -> Path | None:
    return root / name if root else None


def _root(path: Path | None) -> Path:
    if path is None and os.environ.get(VARIABLE):
        path = Path(os.environ[VARIABLE])
    if path is not None:
        path = path.expanduser().absolute()
        root = path.parent if path.name == SETTINGS_FILE else path
        return _existing([root], f"{root} is not a workspace (it has no {SETTINGS_FILE})")
    here = Path.cwd()
    return _existing([here, *here.parents], f"{here} is not inside a workspace")


def _existing(roots: Iterable[Path], complaint: str) -> Path:
    for root in roots:
        if (root / SETTINGS_FILE).is_file():
            return root
    raise WorkspaceMissing(
        f"{complaint}; make one with `marsad init`, or name one with --workspace or ${VARIABLE}"
    )


def _read_settings(root: Path) -> tuple[WorkspaceSettings | None, list[Problem]]:
    file = read_toml(root / SETTINGS_FILE, Path(SETTINGS_FILE))
    if isinstance(file, Problem):
        return None, [file]
    return checked(WorkspaceSettings, tree(file))


def _settings_text(settings: WorkspaceSettings) -> str:
    """The settings as a file that explains itself."""
    return f"""\
# The settings of this workspace. Files in outlets/ and watchlists/ beside it add to the shipped
# ones: same id = tables merge by key, lists of tables by url, id or text; suppress = true removes.

# Told to every site that is visited: the mail address of a role, or a page about this watch.
contact = {_quoted(settings.contact)}

# The countries and languages that you follow.
countries = {_quoted(settings.countries)}
languages = {_quoted(settings.languages)}

# Whether the outlets and watchlists that ship with Marsad are used beside your own.
shipped = {str(settings.shipped).lower()}
{_newsroom_lines(settings)}
# Whose text is kept: "all" articles', or with "mentions" only that of articles which name an actor
# or a term for civil society. Headline, address, counts and fingerprint are kept of every article,
# and so are the captures in warc/: `marsad reread` brings texts back when the watchlists grow, for
# as long as [retention] of the weekly schedule keeps them (captures = "all": for ever).
{_or_comment("keep", settings.keep, "all")}

# Who `marsad judge` writes down where neither --by nor $MARSAD_JUDGE says it: a name or role that
# may stand in exports.
{_or_comment("judge", settings.judge, None, "coding desk")}

# Seconds between requests to one host and for one answer; bytes of one answer; processes that read
# pages; hosts visited at once; seconds and memory for reading one page.
[crawl]
{_lines(settings.crawl)}
# HTTP proxies, by number. An outlet whose file says egress = "relay" is asked through this one and
# through nothing else; `marsad crawl --egress relay` asks every outlet of a run through it.
{_egress_lines(settings.egress)}
{telling_lines(settings.disk, settings.notify, settings.ping, settings.metrics)}"""


def _newsroom_lines(settings: WorkspaceSettings) -> str:
    """Where a demo newsroom answers and by how much its clock is ahead, if there is one."""
    newsroom = f"newsroom = {_quoted(settings.newsroom)}\n" if settings.newsroom else ""
    ahead = f"newsroom_ahead = {settings.newsroom_ahead!r}\n" if settings.newsroom_ahead else ""
    return newsroom + ahead


def _egress_lines(egresses: Iterable[Egress]) -> str:
    """The egresses as tables of the file, or an example as comments."""
    rows = [(_quoted(egress.name), _quoted(egress.proxy)) for egress in egresses]
    if not rows:
        return '# [[egress]]\n# name = "relay"\n# proxy = "http://127.0.0.1:8118"\n'
    return "\n".join(f"[[egress]]\nname = {name}\nproxy = {proxy}\n" for name, proxy in rows)


def _lines(settings: CrawlSettings) -> str:
    return "".join(f"{key} = {value}\n" for key, value in settings)


def _or_comment(key: str, value: str | None, default: str | None, example: str = "") -> str:
    """A setting as a line of the file; as a comment where it is the default."""
    mark = "# " if value == default else ""
    return f"{mark}{key} = {_quoted(value or example)}"


def _quoted(value: str | Iterable[str]) -> str:
    """A value as TOML; its text in quotes follows the rules of JSON."""
    return json.dumps(value if isinstance(value, str) else list(value), ensure_ascii=False)
