"""`marsad demo`: the whole job on a made-up newsroom, on this machine only."""

import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from crawler.cli import demo_view
from crawler.cli.common import DONE, FAILED, err, fail, human_errors, opened, out
from crawler.cli.report import show_report
from crawler.workspace import CrawlSettings, Workspace, WorkspaceSettings, create_workspace
from storage.reported import RunReport


def demo(
    folder: Annotated[
        Path, typer.Option("--into", help="Where the demo's workspace is made, anew each time.")
    ] = Path("demo-workspace"),
    pages: Annotated[
        Path | None, typer.Option(help="Serve saved real pages instead (bench data layout).")
    ] = None,
    serve: Annotated[
        bool, typer.Option("--serve", help="Only run the newsroom, for trying things out.")
    ] = False,
    port: Annotated[int, typer.Option(help="The newsroom's port; 0 takes a free one.")] = 0,
) -> None:
    """Crawl a made-up newsroom twice and show what comes of it.

    Ends with 0 if and only if exactly the planted faults were found.

    Examples:

      marsad demo

      marsad demo --serve --port 8999
    """
    if serve:
        _serve(port)
    elif pages is not None:
        raise typer.Exit(_pages_demo(folder, pages))
    else:
        raise typer.Exit(_nights_demo(folder))


def _serve(port: int) -> None:
    from crawler.demo.newsroom import NIGHTS, set_clock

    with tempfile.TemporaryDirectory(prefix="marsad-newsroom-") as folder:
        clock = Path(folder) / "clock"
        set_clock(clock, NIGHTS[-1])
        with _newsroom(["--clock-file", str(clock)], port) as real_port:
            demo_view.sites(real_port)
            err.print("Ctrl-C ends the newsroom.")
            with suppress(KeyboardInterrupt):
                sys.stdin.read()


def _nights_demo(folder: Path) -> int:
    from crawler.demo.newsroom import NIGHTS, set_clock
    from crawler.demo.workspace import lay_out

    root = _fresh(folder)
    clock = root.parent / f"{root.name}.clock"
    set_clock(clock, NIGHTS[0])
    with _newsroom(["--clock-file", str(clock)]) as port:
        place = _workspace(root, port)
        lay_out(root, port)
        wrong = _read_nights(place, clock)
    clock.unlink()
    demo_view.watching(place)
    demo_view.searches(place)
    demo_view.story(place)
    return demo_view.verdict(place, wrong)


def _read_nights(place: Workspace, clock: Path) -> list[str]:
    """Crawl the newsroom at each of its nights; tells in words what departs from the plan."""
    from crawler.demo.newsroom import NIGHTS, set_clock
    from crawler.demo.plan import differences, plan
    from crawler.demo.told import told

    wrong: list[str] = []
    for night, before, expected in zip(NIGHTS, (None, *NIGHTS), plan(), strict=False):
        set_clock(clock, night)
        _keep_time(place, night)
        err.print(f"\n[bold]Night of {night:%d %B %Y}[/bold]: reading the newsroom …")
        report = _crawl(place)
        show_report(report, out)
        with opened(place) as database:
            wrong += differences(expected, told(database, report, night, before))
    return wrong


def _pages_demo(folder: Path, pages: Path) -> int:
    from crawler.demo.pages import lay_out_pages, score
    from storage.candidates import CandidateStore

    root = _fresh(folder)
    with _newsroom(["--pages", str(pages)]) as port:
        place = _workspace(root, port)
        lay_out_pages(root, port, pages)
        report = _crawl(place)
    show_report(report, out)
    with opened(place) as database:
        result = score(CandidateStore(database).endings(), pages)
    out.print(
        f"{result.pages} pages whose text is known: {result.whole_share:.1%} stored with at least "
        f"80% of their words, {result.no_text_share:.1%} wrongly refused as no article"
    )
    out.print(f"The database is {place.database}")
    return DONE if report.balanced and report.status == "done" else FAILED


def _fresh(folder: Path) -> Path:
    """An empty place for a demo workspace; only an earlier demo's is removed."""
    from crawler.workspace import SETTINGS_FILE, find_workspace

    root = folder.expanduser().absolute()
    if root.exists():
        with human_errors():
            ours = (root / SETTINGS_FILE).exists() and find_workspace(root).settings.newsroom
        if not ours:
            fail(f"{root} exists and is not a demo's workspace; name another with --into")
        shutil.rmtree(root)
    return root


def _workspace(root: Path, port: int) -> Workspace:
    settings = WorkspaceSettings(
        contact="newsroom@marsad.test",
        newsroom=f"127.0.0.1:{port}",
        shipped=False,
        crawl=CrawlSettings(delay_seconds=0.0),
    )
    return create_workspace(root, settings)


def _keep_time(place: Workspace, now: datetime) -> None:
    """Let the workspace live at the newsroom's time, from now on."""
    from crawler.demo.newsroom import ahead
    from crawler.workspace import write_settings

    write_settings(place.root, place.settings.model_copy(update={"newsroom_ahead": ahead(now)}))


@contextmanager
def _newsroom(arguments: list[str], port: int = 0) -> Iterator[int]:
    """Run the newsroom beside us; it ends with us, whatever happens."""
    command = [sys.executable, "-m", "crawler.demo.server", "--port", str(port), *arguments]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        if not line:
            fail("the newsroom did not start", code=FAILED)
        try:
            yield int(json.loads(line)["port"])
        finally:
            process.terminate()


def _crawl(place: Workspace) -> RunReport:
    """One real crawl of everything, in a process of its own."""
    from storage.runs import RunStore

    command = [sys.executable, "-m", "crawler.cli.main", "crawl", "--all", "--json"]
    command += ["--workspace", str(place.root)]
    done = subprocess.run(command, stdout=subprocess.DEVNULL, check=False)
    if not place.database.exists():
        fail(f"the crawl did not run (exit code {done.returncode})", code=FAILED)
    with opened(place) as database:
        return RunStore(database).latest(1)[0]
