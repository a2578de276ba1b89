"""`marsad search` and `marsad show`: asking the article database."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.markup import escape
from rich.text import Text

from crawler.cli.common import (
    FAILED,
    JsonOption,
    OnlyCountryOption,
    OnlyOutletOption,
    WorkspaceOption,
    counted,
    err,
    fail,
    open_workspace,
    opened,
    out,
    print_json,
)
from crawler.workspace import Workspace
from storage.models import SearchHit

if TYPE_CHECKING:  # the database is opened only where it is asked
    from storage.search import SearchFilters

WordsArgument = Annotated[list[str], typer.Argument(metavar="WORD", help="What to look for.")]
LanguageOption = Annotated[str | None, typer.Option(help="ar, fr, en, ckb, kmr …")]
ActorOption = Annotated[str | None, typer.Option(help="Only articles that name this actor.")]
AfterOption = Annotated[
    datetime | None, typer.Option(formats=["%Y-%m-%d"], help="First day of publication.")
]
BeforeOption = Annotated[
    datetime | None, typer.Option(formats=["%Y-%m-%d"], help="The day after the last one.")
]
NewestOption = Annotated[bool, typer.Option("--newest", help="Newest first, not best.")]
LimitOption = Annotated[int, typer.Option(min=1, max=1000, help="How many to show.")]
ArticleArgument = Annotated[
    str,
    typer.Argument(metavar="ARTICLE", help="An article's number, as `search` shows it, or URL."),
]


@dataclass(frozen=True, slots=True)
class Found:
    """What a search gives: how many articles in all, and those to show."""

    query: str
    total: int
    hits: list[SearchHit]


def search(
    words: WordsArgument,
    outlet: OnlyOutletOption = None,
    country: OnlyCountryOption = None,
    language: LanguageOption = None,
    actor: ActorOption = None,
    after: AfterOption = None,
    before: BeforeOption = None,
    newest: NewestOption = False,
    limit: LimitOption = 20,
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
    place = open_workspace(workspace)
    filters = _filters(outlet, country, language, actor, after, before)
    found = _find(place, " ".join(words), filters, limit=limit, newest=newest)
    tell = print_json if as_json else _show_found
    tell(found)


def _filters(
    outlet: str | None,
    country: str | None,
    language: str | None,
    actor: str | None,
    after: datetime | None,
    before: datetime | None,
) -> "SearchFilters":
    from storage.search import SearchFilters

    return SearchFilters(
        outlet=outlet,
        country=country,
        language=language,
        actor=actor,
        after=after.date() if after else None,
        before=before.date() if before else None,
    )


def _find(
    place: Workspace, query: str, filters: "SearchFilters", *, limit: int, newest: bool
) -> Found:
    """Ask the database; ends with a message where a filter names what it has never heard of."""
    with opened(place) as database:
        slips = database.unknown(filters)
        if slips:
            fail(f"the database knows no {' and no '.join(slips)}")
        hits = database.search(query, filters=filters, limit=limit, newest=newest)
        total = database.count(query, filters=filters)
    return Found(query, total, hits)


def _show_found(found: Found) -> None:
    for hit in found.hits:
        _show_hit(hit)
    more = f", {len(found.hits)} shown" if len(found.hits) < found.total else ""
    err.print(counted(found.total, "article") + more if found.hits else "nothing found")


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
    article: ArticleArgument,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show one article whole: text, actors named, versions and where each field came from.

    Examples:

      marsad show 17

      marsad show https://example.org/2026/03/a-story --json
    """
    from storage.articles import ArticleStore

    with opened(open_workspace(workspace)) as database:
        found = ArticleStore(database).find(article)
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
