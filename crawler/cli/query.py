"""`marsad search` and `marsad show`: asking the article database."""

from datetime import datetime
from typing import Annotated, Any

import typer
from rich.markup import escape
from rich.text import Text

from crawler.cli.common import (
    FAILED,
    JsonOption,
    WorkspaceOption,
    err,
    fail,
    human_errors,
    open_workspace,
    out,
    print_json,
)
from storage.models import SearchHit

AfterOption = Annotated[
    datetime | None, typer.Option(formats=["%Y-%m-%d"], help="First day of publication.")
]
BeforeOption = Annotated[
    datetime | None, typer.Option(formats=["%Y-%m-%d"], help="The day after the last one.")
]


def search(
    words: Annotated[list[str], typer.Argument(metavar="WORD...", help="What to look for.")],
    outlet: Annotated[str | None, typer.Option(help="Only this outlet.")] = None,
    country: Annotated[str | None, typer.Option(help="Only outlets that cover it.")] = None,
    language: Annotated[str | None, typer.Option(help="ar, fr, en, ckb, kmr …")] = None,
    actor: Annotated[str | None, typer.Option(help="Only articles that name this actor.")] = None,
    after: AfterOption = None,
    before: BeforeOption = None,
    newest: Annotated[bool, typer.Option("--newest", help="Newest first, not best.")] = False,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="How many to show.")] = 20,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Find articles by their words, whatever the spelling of hamza, tatweel or accents.

    Words must all occur; "two words" in quotes is a phrase; also OR, NOT and prefix*.

    Examples:

      marsad search الانسان

      marsad search 'حقوق الإنسان' --country ma --newest

      marsad search '"presse libre" NOT sport' --json
    """
    from storage.database import open_database
    from storage.search import SearchFilters

    place = open_workspace(workspace)
    query = " ".join(words)
    with human_errors():
        database = open_database(place.database, readonly=True)
        filters = SearchFilters(
            outlet=outlet,
            country=country,
            language=language,
            actor=actor,
            after=after.date() if after else None,
            before=before.date() if before else None,
        )
        hits = database.search(query, filters=filters, limit=limit, newest=newest)
        total = database.count(query, filters=filters)
        database.close()
    if as_json:
        print_json({"query": query, "total": total, "hits": hits})
        return
    for hit in hits:
        _show_hit(hit)
    err.print(f"{total} article(s), {len(hits)} shown" if hits else "nothing found")


def _show_hit(hit: SearchHit) -> None:
    when = _when(hit)
    out.print(
        f"[bold]{escape(hit.headline)}[/bold]\n"
        f"[dim]{escape(hit.outlet)} · {when} · {hit.language} · article {hit.article_id}[/dim]"
    )
    snippet = Text("  " + hit.snippet)
    for start, end in hit.marks:
        snippet.stylize("bold reverse", start + 2, end + 2)
    if not out.is_terminal:
        snippet = Text("  " + _bracketed(hit))
    out.print(snippet, end="\n\n")


def _bracketed(hit: SearchHit) -> str:
    """The snippet with its hits between brackets, for where no colour shows."""
    text = hit.snippet
    for start, end in reversed(hit.marks):
        text = f"{text[:start]}[{text[start:end]}]{text[end:]}"
    return text


def _when(hit: SearchHit) -> str:
    if hit.published_at is None:
        return f"undated (first seen {hit.first_seen_at:%Y-%m-%d})"
    return f"{hit.published_at:%Y-%m-%d %H:%M} UTC"


def show(
    article: Annotated[str, typer.Argument(metavar="ARTICLE", help="An article's number or URL.")],
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show one article whole: text, actors named, versions and where each field came from.

    Examples: marsad show 17 · marsad show https://example.org/2026/03/a-story --json
    """
    from storage.articles import ArticleStore
    from storage.database import open_database

    place = open_workspace(workspace)
    with human_errors():
        database = open_database(place.database, readonly=True)
        found = ArticleStore(database).find(article)
        database.close()
    if found is None:
        fail(f"no article {article}", code=FAILED)
    if as_json:
        print_json(found)
    else:
        _show_article(found)


def _show_article(found: dict[str, Any]) -> None:
    out.print(f"[bold]{escape(str(found['headline']))}[/bold]")
    for name, value in found.items():
        if isinstance(value, list | dict) or name in {"headline", "text"} or value is None:
            continue
        out.print(f"[dim]{name}[/dim] {escape(str(value))}")
    out.print(Text("\n" + str(found["text"]) + "\n"))
    for name in ("mentions", "versions", "urls"):
        rows = found.get(name) or []
        if rows:
            out.print(f"[bold]{name}[/bold]")
        for row in rows:
            out.print("  " + escape(" · ".join(f"{k} {v}" for k, v in row.items() if v)))
