"""`marsad explore`: the researchers' desk, in a browser."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.markup import escape

from crawler.cli import explore_accounts
from crawler.cli.article_named import url_keys
from crawler.cli.common import FAILED, WorkspaceOption, err, fail, human_errors, open_workspace, out
from crawler.workspace import Workspace

if TYPE_CHECKING:
    from crawler.cli.explore_binding import Binding
    from storage.database import Database
    from storage.explorer.doors_entry import Entry
    from storage.explorer.given import Given

KEY_FILE = "explorer.key"
READY = "The desk is open at"
"""Begins the line that is printed once it answers; a program may wait for it."""

app = typer.Typer(invoke_without_command=True)
app.add_typer(explore_accounts.app, name="account")


@app.callback()
def explore(  # options of one command
    context: typer.Context,
    port: Annotated[int, typer.Option(min=0, max=65_535, help="0 takes a free one.")] = 8300,
    host: Annotated[str, typer.Option(help="The address of this machine to listen on.")] = (
        "127.0.0.1"
    ),
    browser: Annotated[bool, typer.Option("--open", help="Open the browser there.")] = False,
    judge: Annotated[
        str | None,
        typer.Option(
            "--as",
            envvar="MARSAD_JUDGE",
            help="Who judges, where nobody signs in (default: `judge` of the settings).",
            show_default=False,
        ),
    ] = None,
    sign_in: Annotated[
        bool,
        typer.Option("--sign-in", help="Ask for an account on this machine too, not for the key."),
    ] = False,
    certificate: Annotated[
        Path | None, typer.Option("--tls-cert", help="A certificate (PEM), with --tls-key.")
    ] = None,
    key: Annotated[Path | None, typer.Option("--tls-key", help="Its key (PEM).")] = None,
    behind: Annotated[
        str | None,
        typer.Option("--behind-proxy", metavar="URL", help="What readers open: https://…"),
    ] = None,
    proxy: Annotated[
        list[str] | None,
        typer.Option("--proxy-address", metavar="IP", help="From where the proxy asks."),
    ] = None,
    language: Annotated[
        str, typer.Option(help="For browsers that wish for none: en, fr or ar.")
    ] = "en",
    new_key: Annotated[
        bool, typer.Option("--new-key", help="Make a new key: browsers that know the old are out.")
    ] = False,
    workspace: WorkspaceOption = None,
) -> None:
    """Open the desk: search, see, count, export and cite, in a browser on this machine.

    Prints an address with the workspace's key in it; without the key nothing is shown. Beyond
    this machine it opens only with named accounts and TLS, its own or a proxy's. Crawls may run
    meanwhile. Ctrl-C closes it. A line per request goes to logs/explore.log, without queries,
    names or addresses.

    Examples:

      marsad explore --open

      marsad explore --port 8400 --as coder-1 --language ar

      marsad explore --behind-proxy https://desk.example.org

      marsad explore account add coder-1
    """
    if context.invoked_subcommand is not None:
        return
    from crawler.cli.explore_binding import Wanted

    place = open_workspace(workspace)
    if language not in ("en", "fr", "ar"):
        fail(f"the desk speaks en, fr and ar, not {language!r}")
    wanted = Wanted(host, port, certificate, key, behind, tuple(proxy or ()), sign_in)
    if new_key:
        (place.root / KEY_FILE).unlink(missing_ok=True)
    _open(place, wanted, judge or place.settings.judge or "", language, browser)


def _open(place: Workspace, wanted: Any, judge: str, language: str, browser: bool) -> None:
    """Check everything, then answer until a signal comes."""
    from crawler.cli.explore_binding import Refused, binding
    from crawler.cli.explore_server import listening, serve
    from crawler.logs import set_up
    from storage.explorer.accesslog import quiet_servers
    from storage.explorer.accounts import read_accounts

    _prepare(place)
    try:
        with human_errors():
            accounts = read_accounts(explore_accounts.accounts_file(place))
        bound = binding(wanted, accounts=bool(accounts))
        at = listening(bound)
    except Refused as why:
        fail(str(why))
    set_up(file=place.logs_dir / "explore.log", console=None)
    quiet_servers()
    secret = _secret(place)
    entry, address = _entry(place, bound, secret, bound.base(at.getsockname()[1]))
    given = _given(place, bound, secret, judge, language)
    serve(_site(given, bound, entry), bound, at, lambda: _say_ready(address, browser))


def _prepare(place: Workspace) -> None:
    """Have the names and written forms of the watchlists in the database, also those that were
    changed since the last run; a typo in one keeps nobody out.
    """
    from crawler.datafiles import ConfigErrors
    from crawler.workspace import load_config
    from storage import names
    from storage.actors import write_forms
    from storage.database import open_database
    from storage.errors import CannotWrite, DatabaseBusy

    with human_errors():
        open_database(place.database, readonly=True).close()
        try:
            said = load_config(place)
            outlets = {one.id: one.record().names for one in said.outlets.values()}
            agencies = {one.id: one.names for one in said.agencies}
            with open_database(place.database) as db:
                write_forms(db, said.actors)
                names.write(db, "actor", {actor.id: actor.names for actor in said.actors})
                names.write(db, "outlet", {**outlets, **agencies})
        except ConfigErrors as wrong:
            problem = escape(str(wrong.problems[0]))
            err.print(f"names are offered as they were: the watchlists are wrong: {problem}")
        except (CannotWrite, DatabaseBusy) as wrong:
            err.print(f"names are offered as they were: {escape(str(wrong))}")


def _secret(place: Workspace) -> bytes:
    """The workspace's secret, made when it is first needed. Whoever reads it comes in."""
    from crawler.private import FILE_MODE, write_file

    path = place.root / KEY_FILE
    if not path.exists():
        write_file(path, secrets.token_hex(32) + "\n")
    path.chmod(FILE_MODE)
    kept = path.read_text(encoding="ascii", errors="replace").strip()
    if len(kept) < 32:
        fail(f"{path} is damaged: remove it, and a new key is made", FAILED)
    return kept.encode()


def _made_from(secret: bytes, purpose: str) -> str:
    return hmac.new(secret, purpose.encode(), hashlib.sha256).hexdigest()[:40]


def _entry(place: Workspace, bound: Binding, secret: bytes, base: str) -> tuple[Entry, str]:
    """Who comes in, and the address to open."""
    from storage.explorer.accounts import LiveAccounts
    from storage.explorer.doors_entry import AccountEntry, KeyEntry

    if bound.sign_in:
        live = LiveAccounts(explore_accounts.accounts_file(place))
        return AccountEntry(live, secure=bound.house.secure), f"{base}/"
    entry = KeyEntry(_made_from(secret, "key"))
    return entry, entry.address(base)


def _site(given: Given, bound: Binding, entry: Entry) -> Any:
    """The desk behind its doors."""
    from storage.explorer.app import application
    from storage.explorer.doors import Doors
    from storage.explorer.pages import routes

    patterns = [route.pattern for route in routes()]
    return Doors(application(given), bound.house, entry, patterns, given.language)


def _given(place: Workspace, bound: Binding, secret: bytes, judge: str, language: str) -> Given:
    """What the desk is told of the workspace."""
    from crawler.engine.settling import try_to_settle
    from crawler.reading.changes import compare
    from storage.explorer.accounts import LiveAccounts
    from storage.explorer.given import Given
    from storage.exporting.redaction import key_of

    live = LiveAccounts(explore_accounts.accounts_file(place))
    return Given(
        place.database,
        place.root.name,
        _made_from(secret, "tokens"),
        language,  # type: ignore[arg-type]  # one of the three, as was checked
        user="" if bound.sign_in else judge,
        accounts=live.hashes() if bound.sign_in else {},
        status=lambda db: _status(place, db),
        compare=compare,
        settle=lambda: try_to_settle(place),
        url_keys=url_keys(place),
        redaction_key=lambda: key_of(place.root),
    )


def _status(place: Workspace, db: Database) -> Any:
    """How the workspace fares, as `marsad status` tells it."""
    from crawler.telling.status import status
    from schedules.files import load_schedules
    from schedules.upcoming import upcoming
    from schedules.zones import differences
    from storage.times import utc_now

    files, now = load_schedules(place.root), utc_now()
    zones = {one.zone for one in files.by_name.values() if one.enabled}
    return status(
        place,
        upcoming(files, place.root, now),
        zone_warnings=differences(zones, now),
        wrong_files=[str(problem) for problem in files.problems],
    )


def _say_ready(address: str, browser: bool) -> None:
    out.file.write(f"{READY} {address}\n")
    out.file.flush()
    err.print("Ctrl-C closes it.")
    if browser:
        typer.launch(address)
