"""`marsad search`: asking the article database."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape
from rich.text import Text

from crawler.cli.common import (
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
from crawler.cli.comparable import tell_gaps
from crawler.workspace import Workspace
from storage.reported import SearchHit

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
AnyOption = Annotated[
    bool, typer.Option("--any", help="One of the words is enough; most of them first.")
]
NewestOption = Annotated[bool, typer.Option("--newest", help="Newest first, not best.")]
LimitOption = Annotated[int, typer.Option(min=1, max=1000, help="How many to show.")]


@dataclass(frozen=True, slots=True)
class Asked:
    """What to look for, and how to show it."""

    query: str
    limit: int
    newest: bool
    any_words: bool


@dataclass(frozen=True, slots=True)
class Found:
    """What a search gives: how many articles in all, and those to show."""

    query: str
    total: int
    hits: list[SearchHit]
    any_words: bool = False
    with_any: int = 0
    """How many have some of the words, where none has all of them."""
    comparable_since: datetime | None = None
    """Where it is about actors: earlier articles were not matched with their present forms."""


def search(
    words: WordsArgument,
    outlet: OnlyOutletOption = None,
    country: OnlyCountryOption = None,
    language: LanguageOption = None,
    actor: ActorOption = None,
    after: AfterOption = None,
    before: BeforeOption = None,
    any_words: AnyOption = False,
    newest: NewestOption = False,
    limit: LimitOption = 20,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Find articles by their words, whatever the spelling of hamza, tatweel or accents.

    Words must all occur. "two words" in quotes is a phrase, prefix* a
    beginning; AND, OR, NOT and parentheses join them. Kurdish letters
    (ێ ۆ ڕ ڵ ە) are told apart where you type them.

    Fields stand among the words and join like them; of several values,
    any: actor:ID, term:activist, theme:women (of the actors), outlet:ID,
    country:ma,iq, language:ckb, after:2026-03, before:2026-04-15 (the day
    after the last), date:2026-03 (a day, month or year).

    in:headline looks for all that stands beside it (in the whole query, or
    in its parentheses) in headlines only.

    In a large archive, stop words and words of over a fifth of all articles
    must occur like the others, and do not count for the order.

    Examples:

      marsad search الانسان

      marsad search 'حقوق الإنسان' --country ma --newest

      marsad search '"presse libre" NOT sport' --json

      marsad search 'in:headline اعتقال country:bh after:2026-01'

      marsad search '(in:headline grève) OR (actor:ma_amdh term:activist)'

      marsad search 'من زار المدرسة الجديدة في القرية؟' --any
    """
    place = open_workspace(workspace)
    filters = _filters(outlet, country, language, actor, after, before)
    found = _find(place, Asked(" ".join(words), limit, newest, any_words), filters)
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


def _find(place: Workspace, asked: Asked, filters: "SearchFilters") -> Found:
    """Ask the database; ends with a message where a filter names what it has never heard of."""
    from storage.comparable import gaps_of, since

    query, any_words = asked.query, asked.any_words
    with opened(place) as database:
        slips = database.unknown(filters)
        if slips:
            fail(f"the database knows no {' and no '.join(slips)}")
        hits = database.search(
            query, filters=filters, limit=asked.limit, newest=asked.newest, any_words=any_words
        )
        total = database.count(query, filters=filters, any_words=any_words)
        some = 0 if total else database.count(query, filters=filters, any_words=True)
        gaps = gaps_of(database, query, filters)
    tell_gaps(gaps)
    return Found(query, total, hits, any_words, some, since(gaps))


def _show_found(found: Found) -> None:
    for hit in found.hits:
        _show_hit(hit)
    if found.hits:
        more = f", {len(found.hits)} shown" if len(found.hits) < found.total else ""
        some = " with some of the words" if found.any_words else ""
        err.print(counted(found.total, "article") + some + more)
    elif found.with_any:
        have = "has" if found.with_any == 1 else "have"
        some = f"{counted(found.with_any, 'article')} {have} some of them: --any shows those"
        err.print(f"no article has all of these words; {some}")
    else:
        err.print("nothing found")


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
