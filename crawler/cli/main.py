"""The `marsad` command: reads the arguments and ties the rooms together.

One thin file per group of commands; what they call is imported inside them, so that help and
small commands start quickly.
"""

import os
import sys
import zoneinfo

import typer

from crawler.cli import (
    actor_add,
    actor_check,
    actor_files,
    actor_rematch,
    actor_suggest,
    actors,
    archive,
    backup,
    concordance,
    coverage,
    crawl,
    demo,
    edits,
    events,
    explore,
    exports,
    gold,
    judge,
    morning,
    notify,
    outlet_add,
    outlet_care,
    outlet_import,
    outlets,
    probe,
    query,
    read,
    recheck,
    restore,
    run,
    runs,
    schedule,
    setup,
    show,
    snapshot,
    status,
    stories,
    story,
    tidy,
    upgrade,
    verify,
)

app = typer.Typer(
    name="marsad",
    help=(
        "Watch regional news media for what they say about civil society.\n\n"
        "Start with [bold]marsad demo[/bold], or [bold]marsad init[/bold] in an empty folder."
    ),
    no_args_is_help=True,
    rich_markup_mode="rich",
    add_completion=False,
    pretty_exceptions_enable=False,  # its frames show values: an article, a name
)
app.command("init")(setup.init)
app.command("demo")(demo.demo)
app.command("crawl")(crawl.crawl)
app.command("fetch")(crawl.fetch)
app.command("retry")(crawl.retry)
app.command("recheck")(recheck.recheck)
app.command("runs")(runs.runs)
app.command("read")(read.read)
app.command("reread")(archive.reread)
app.command("search")(query.search)
app.command("show")(show.show)
app.add_typer(stories.app, name="stories")
app.command("story")(story.story)
app.command("edits")(edits.edits)
app.command("events")(events.events)
app.command("coverage")(coverage.coverage)
app.add_typer(explore.app, name="explore")
app.add_typer(judge.app, name="judge")
app.command("export")(exports.export)
app.command("gold")(gold.gold)
app.command("pseudonyms")(exports.pseudonyms)
outlets.app.command("probe")(probe.probe)
outlets.app.command("add")(outlet_add.add)
outlets.app.command("import")(outlet_import.import_)
outlets.app.command("letter")(outlet_care.letter_command)
outlets.app.command("blind")(outlet_care.blind)
app.add_typer(outlets.app, name="outlets")
actors.app.command("add")(actor_add.add)
actors.app.command("export")(actor_files.export)
actors.app.command("import")(actor_files.import_)
actors.app.command("rematch")(actor_rematch.rematch)
actors.app.command("concordance")(concordance.concordance)
actors.app.command("check")(actor_check.check)
actors.app.command("suggest")(actor_suggest.suggest)
app.add_typer(actors.app, name="actors")
app.add_typer(schedule.app, name="schedule")
app.command("run")(run.run)
app.command("report")(morning.report)
app.add_typer(snapshot.app, name="snapshot")
app.command("status")(status.status)
app.add_typer(notify.app, name="notify")
app.add_typer(backup.app, name="backup")
app.command("restore")(restore.restore)
app.command("verify")(verify.verify)
app.command("tidy")(tidy.tidy)
app.command("upgrade")(upgrade.upgrade)


def main() -> None:
    """Run the command line."""
    os.umask(0o077)  # whatever is written is for its owner's eyes only
    zoneinfo.reset_tzpath(to=[])  # the packaged zones, not the system's
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(encoding="utf-8", errors="replace")
        sys.stderr.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]  # as stdout
    try:
        app()
    except Exception as error:
        if sys.stderr.isatty():
            raise
        # Where nobody watches it would stand in a log, and its message may hold a name.
        from crawler.logs import crashed

        sys.exit(crashed(error))


if __name__ == "__main__":
    main()
