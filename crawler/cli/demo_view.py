"""What `marsad demo` shows of the made-up newsroom and of the workspace that read it."""

import tomllib

from crawler.cli.common import DONE, FAILED, err, opened, out
from crawler.workspace import Workspace

WALLED = "ma_sununu"
"""The outlet whose trouble is told in full."""
SEARCHES = ("الانسان", "coopérative OR cooperative")
"""One word written with another hamza than the articles have, and one in two languages."""


def sites(port: int) -> None:
    """Every way into the made-up outlets, and how to make a workspace that reads them."""
    from crawler.demo.articles import OUTLETS
    from crawler.demo.workspace import PLACEHOLDER

    out.print(f"The newsroom answers at 127.0.0.1:{port} for names under .test:")
    for file in sorted(OUTLETS.rglob("*.toml")):
        outlet = tomllib.loads(file.read_text(encoding="utf-8").replace(PLACEHOLDER, str(port)))
        for kind in ("feed", "sitemap", "listing"):
            for way in outlet.get(f"{kind}s", ()):
                out.print(f"  {file.parent.name}_{file.stem:16} {kind:8} {way['url']}")
    out.print(f"Make a workspace that reads it: marsad init study --newsroom 127.0.0.1:{port}")


def watching(place: Workspace) -> None:
    """Where we were looking and where not, and one of the troubles that the report told."""
    from crawler.cli.coverage import coverage
    from crawler.cli.events import events

    out.print("\n[bold]marsad coverage[/bold]\n")
    coverage(workspace=place.root)
    out.print(f"\n[bold]marsad events {WALLED}[/bold]")
    events(WALLED, workspace=place.root)


def searches(place: Workspace) -> None:
    """Two searches, each with the first few hits."""
    from crawler.cli.query import search

    for words in SEARCHES:
        out.print(f"\n[bold]marsad search {words!r}[/bold]\n")
        search(
            [words], None, None, None, None, None, None,
            newest=False, limit=3, workspace=place.root, as_json=False,
        )  # fmt: skip


def story(place: Workspace) -> None:
    """The text that most outlets took over, and what the others made of their own afterwards."""
    from crawler.cli.edits import edits
    from crawler.cli.story import story as show
    from storage.story_list import stories

    with opened(place) as database:
        largest = next(iter(stories(database, order="largest", limit=1)), None)
    if largest is None:
        return
    out.print(f"\n[bold]marsad story {largest.id}[/bold]\n")
    show(str(largest.id), workspace=place.root, as_json=False)
    out.print("\n[bold]marsad edits[/bold]\n")
    edits(limit=3, workspace=place.root, as_json=False)


def verdict(place: Workspace, wrong: list[str]) -> int:
    """Whether exactly what was planted was found, in words and as an exit code."""
    for line in wrong:
        err.print(f"[red]not as planted:[/red] {line}")
    out.print(f"\nThe database is {place.database} (plain SQLite).")
    looks = ("report", "search WORD", "events")
    told = "   ·   ".join(f"marsad {look} -w {place.root.name}" for look in looks)
    out.print(f"Look around:  {told}")
    out.print(f"In a browser: marsad explore --open -w {place.root.name}")
    if wrong:
        return FAILED
    out.print("[green]The planted faults occurred, and only these.[/green]")
    return DONE
