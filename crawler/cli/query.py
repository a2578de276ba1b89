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
    counted,
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
    words: Annotated[list[str], typer.Argument(metavar="WORD", help="What to look for.")],
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
        slips = database.unknown(filters)
        if slips:
            fail(f"the database knows no {' and no '.join(slips)}")
        hits = database.search(query, filters=filters, limit=limit, newest=newest)
        total = database.count(query, filters=filters)
        database.close()
    if as_json:
        print_json({"query": query, "total": total, "hits": hits})
        return
    for hit in hits:
        _show_hit(hit)
    more = f", {len(hits)} shown" if len(hits) < total else ""
    err.print(counted(total, "article") + more if hits else "nothing found")


def _show_hit(hit: SearchHit) -> None:
    when = _when(hit)
    out.print(
        f"[bold]{escape(hit.headline)}[/bold]\n"
        f"[dim]article {hit.article_id} · {when} · {hit.language} · {escape(hit.outlet)}[/dim]"
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
    article: Annotated[
        str,
        typer.Argument(
            metavar="ARTICLE", help="An article's number, as `search` shows it, or URL."
        ),
    ],
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show one article whole: text, actors named, versions and where each field came from.

    Examples:

      marsad show 17

      marsad show https://example.org/2026/03/a-story --json
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
    """What a reader wants first: the text, who is in it, and where all of it came from."""
    out.print(f"[bold]{escape(str(found['headline']))}[/bold]")
    _print_pairs(_facts(found))
    out.print()
    out.print(Text(str(found["text"])))
    for title, lines in (
        ("Named in it", [_mention_line(row) for row in found["mentions"]]),
        ("Versions", [_version_line(row) for row in found["versions"]]),
        ("Addresses", [f"{row['kind']}: {row['url']}" for row in found["urls"]]),
        ("Where it comes from", _provenance_lines(found)),
    ):
        if lines:
            out.print(f"\n[bold]{title}[/bold]")
        for line in lines:
            out.print(Text("  " + line))


def _facts(found: dict[str, Any]) -> dict[str, object]:
    precision = str(found["published_precision"])
    copies = ", ".join(map(str, found["copies"]))
    return {
        "article": found["id"],
        "outlet": f"{found['outlet_id']} · {found['outlet']}",
        "published": f"{found['published_at']} (to the {precision})"
        if found["published_at"]
        else "not known",
        "changed": found["modified_at"],
        "first seen": found["first_seen_at"],
        "language": found["language"],
        "byline": found["byline"],
        "section": found["section"],
        "length": f"{found['words']} words" + ("" if found["text_complete"] else ", not all of it"),
        "word for word as": f"article {copies}" if copies else None,
    }


def _print_pairs(pairs: dict[str, object]) -> None:
    for name, value in pairs.items():
        if value not in (None, ""):
            out.print(f"[dim]{name:<16}[/dim] {escape(str(value))}")


def _mention_line(row: dict[str, Any]) -> str:
    doubt = " (ambiguous: not counted)" if row["ambiguous"] else ""
    where = f"{row['field']} {row['start']}-{row['end']}, {row['rule']}{doubt}"
    return f"{row['actor_id']} · {row['name']} · {where} · {row['surface']}"


def _version_line(row: dict[str, Any]) -> str:
    return f"{row['version']} · seen {row['seen_at']} · {row['headline']}"


def _provenance_lines(found: dict[str, Any]) -> list[str]:
    provenance, methods = found["provenance"], found["methods"]
    read = ", ".join(f"{field} from {method}" for field, method in sorted(methods.items()))
    return [
        *(
            f"found {row['found_at']} by {row['found_by']}: {row['found_in'] or row['url']}"
            for row in provenance["found"]
        ),
        *(
            f"fetched {row['fetched_at']} in run {row['in_run']}: {row['became']}{_kept(row)}"
            for row in provenance["fetches"]
        ),
        f"read by reader {found['reader_version']}: {read}",
    ]


def _kept(row: dict[str, Any]) -> str:
    if not row.get("capture_file"):
        return ""
    return f", kept in warc/{row['capture_file']} at {row['capture_offset']}"
