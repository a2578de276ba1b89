"""`marsad demo`: the whole job on a made-up newsroom, on this machine only."""

import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Annotated

import typer

from crawler.cli.common import DONE, FAILED, err, fail, human_errors, opened, out
from crawler.cli.report import show_report
from crawler.workspace import CrawlSettings, Workspace, WorkspaceSettings, create_workspace
from storage.reported import RunReport

SEARCHES = ("الانسان", "coopérative OR cooperative")
"""One word written with another hamza than the articles have, and one in two languages."""


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
            _show_sites(real_port)
            err.print("Ctrl-C ends the newsroom.")
            with suppress(KeyboardInterrupt):
                sys.stdin.read()


def _show_sites(port: int) -> None:
    from crawler.demo.articles import OUTLETS
    from crawler.demo.workspace import PLACEHOLDER

    out.print(f"The newsroom answers at 127.0.0.1:{port} for names under .test:")
    for file in sorted(OUTLETS.rglob("*.toml")):
        for line in file.read_text(encoding="utf-8").splitlines():
            if line.startswith("url = "):
                out.print(f"  {file.stem:24} {line[7:-1].replace(PLACEHOLDER, str(port))}")
    out.print(f"Make a workspace that reads it: marsad init study --newsroom 127.0.0.1:{port}")


def _nights_demo(folder: Path) -> int:
    from crawler.demo.newsroom import NIGHTS, differences, plan, set_clock
    from crawler.demo.workspace import lay_out

    root = _fresh(folder)
    clock = root.parent / f"{root.name}.clock"
    set_clock(clock, NIGHTS[0])
    wrong: list[str] = []
    with _newsroom(["--clock-file", str(clock)]) as port:
        place = _workspace(root, port)
        lay_out(root, port)
        for night, expected in zip(NIGHTS, plan(), strict=True):
            set_clock(clock, night)
            err.print(f"\n[bold]Night of {night:%d %B %Y}[/bold]: reading the newsroom …")
            report = _crawl(place)
            show_report(report, out)
            wrong += differences(expected, report)
    clock.unlink()
    _show_searches(place)
    _show_story(place)
    return _verdict(place, wrong)


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


def _show_searches(place: Workspace) -> None:
    from crawler.cli.query import search

    for words in SEARCHES:
        out.print(f"\n[bold]marsad search {words!r}[/bold]\n")
        search(
            [words], None, None, None, None, None, None,
            newest=False, limit=3, workspace=place.root, as_json=False,
        )  # fmt: skip


def _show_story(place: Workspace) -> None:
    """The text that most outlets took over, and what the others made of their own afterwards."""
    from crawler.cli.edits import edits
    from crawler.cli.story import story
    from storage.story_list import stories

    with opened(place) as database:
        largest = next(iter(stories(database, order="largest", limit=1)), None)
    if largest is None:
        return
    out.print(f"\n[bold]marsad story {largest.id}[/bold]\n")
    story(str(largest.id), workspace=place.root, as_json=False)
    out.print("\n[bold]marsad edits[/bold]\n")
    edits(limit=3, workspace=place.root, as_json=False)


def _verdict(place: Workspace, wrong: list[str]) -> int:
    for line in wrong:
        err.print(f"[red]not as planted:[/red] {line}")
    out.print(f"\nThe database is {place.database} (plain SQLite).")
    out.print(f"Look around:  marsad search WORD -w {place.root.name}   ·   marsad runs")
    if wrong:
        return FAILED
    out.print("[green]The planted faults occurred, and only these.[/green]")
    return DONE
