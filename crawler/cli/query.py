"""`marsad search`: asking the article database."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape
from rich.text import Text

from crawler.cli.common import (
    JsonOption,
    WorkspaceOption,
    day_of,
    err,
    open_workspace,
    opened,
    out,
    print_json,
    refuse_unknown,
)
from crawler.cli.comparable import tell_gaps
from crawler.cli.coverage_header import tell_coverage, tell_nothing_found
from crawler.cli.question_options import (
    ActorsOption,
    AfterOption,
    BeforeOption,
    CountriesOption,
    CreditsOption,
    LanguagesOption,
    OutletsOption,
)
from crawler.cli.unsettled import tell_unindexed, tell_unsettled
from crawler.phrases import counted
from crawler.workspace import Workspace
from storage.bidi import harmless, isolated
from storage.reported import SearchHit

if TYPE_CHECKING:  # the database is opened only where it is asked
    from storage.coverage_records import CoverageSummary
    from storage.database import Database
    from storage.search import SearchFilters


class Per(StrEnum):
    """What is shown."""

    ARTICLE = "article"
    STORY = "story"


WordsArgument = Annotated[list[str], typer.Argument(metavar="WORD", help="What to look for.")]
AnyOption = Annotated[
    bool, typer.Option("--any", help="One of the words is enough; most of them first.")
]
NewestOption = Annotated[bool, typer.Option("--newest", help="Newest first, not best.")]
PerOption = Annotated[
    Per, typer.Option(help="Show every article, or one for each story: all of one text.")
]
LimitOption = Annotated[int, typer.Option(min=1, max=1000, help="How many to show.")]


@dataclass(frozen=True, slots=True)
class Asked:
    """What to look for, and how to show it."""

    query: str
    limit: int
    newest: bool
    any_words: bool
    per: Per


@dataclass(frozen=True, slots=True)
class Found:
    """What a search gives: how many articles in all, in how many stories, and those to show."""

    query: str
    total: int
    hits: list[SearchHit]
    coverage: "CoverageSummary"
    """Which outlets were asked, over which days, and when nobody was looking."""
    any_words: bool = False
    with_any: int = 0
    """How many have some of the words, where none has all of them."""
    comparable_since: datetime | None = None
    """Where it is about actors: earlier articles were not matched with their present forms."""
    stories: int = 0
    """In how many stories the articles are, of which there are `total`."""
    per: Per = Per.ARTICLE
    unsettled: int = 0
    """Articles of the archive that wait to be put into stories."""
    unindexed: int = 0
    """Articles of the archive that wait to be put into the search index."""


def search(
    words: WordsArgument,
    outlet: OutletsOption = None,
    country: CountriesOption = None,
    language: LanguagesOption = None,
    actor: ActorsOption = None,
    after: AfterOption = None,
    before: BeforeOption = None,
    credit: CreditsOption = None,
    any_words: AnyOption = False,
    newest: NewestOption = False,
    per: PerOption = Per.ARTICLE,
    limit: LimitOption = 20,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Find articles by their words, whatever the spelling of hamza, tatweel or accents.

    Words must all occur. "two words" in quotes is a phrase, prefix* a
    beginning; AND, OR, NOT and parentheses join them. Kurdish letters
    (ێ ۆ ڕ ڵ ە) are told apart where you type them.

    Fields stand among the words and join like them; of several values,
    any: actor:ID, term:activist, theme:women and kind:person (of the actors),
    outlet:ID, country:ma,iq, alignment:exile (of the outlet), language:ckb,
    credit:afp (the agency that is named as the source), story:17 (all of one
    text with article 17), after:2026-03, before:2026-04-15 (the day after the
    last), date:2026-03 (a day, month or year).

    in:headline looks for all that stands beside it (in the whole query, or
    in its parentheses) in headlines only.

    Below the results stand the outlets that were asked, and when nobody was
    looking: "nothing found" is a finding only where somebody was.

    In a large archive, stop words and words of over a fifth of all articles
    must occur like the others, and do not count for the order.

    Examples:

      marsad search الانسان

      marsad search 'حقوق الإنسان' --country ma --newest

      marsad search '"presse libre" NOT sport' --json

      marsad search 'credit:afp after:2026-01' --per story

      marsad search 'in:headline اعتقال country:bh after:2026-01'

      marsad search '(in:headline grève) OR (actor:ma_amdh term:activist)'

      marsad search 'من زار المدرسة الجديدة في القرية؟' --any
    """
    place = open_workspace(workspace)
    filters = _filters(outlet, country, language, actor, after, before, credit)
    found = _find(place, Asked(" ".join(words), limit, newest, any_words, per), filters)
    tell = print_json if as_json else _show_found
    tell(found)


def _filters(
    outlet: list[str] | None,
    country: list[str] | None,
    language: list[str] | None,
    actor: list[str] | None,
    after: datetime | None,
    before: datetime | None,
    credit: list[str] | None,
) -> "SearchFilters":
    from storage.search import SearchFilters

    return SearchFilters(
        outlet=outlet or None,
        country=country or None,
        language=language or None,
        actor=actor or None,
        after=day_of(after),
        before=day_of(before),
        credit=[one.lower() for one in credit] if credit else None,
    )


def _find(place: Workspace, asked: Asked, filters: "SearchFilters") -> Found:
    """Ask the database; ends with a message where a filter names what it has never heard of."""
    from storage.asked_period import check_days
    from storage.comparable import gaps_of, since
    from storage.coverage_summary import summary

    query, any_words = asked.query, asked.any_words
    with opened(place) as database:
        check_days(query, filters, any_words=any_words)
        refuse_unknown(database.unknown(filters))
        total = database.totals(query, filters=filters, any_words=any_words)
        some = 0 if total.articles else database.count(query, filters=filters, any_words=True)
        hits = _hits(database, asked, filters)
        unsettled, unindexed = tell_unsettled(database), tell_unindexed(database)
        gaps = gaps_of(database, query, filters)
        coverage = summary(database, query, filters, any_words=any_words)
    tell_gaps(gaps)
    return Found(
        query=query,
        total=total.articles,
        hits=hits,
        coverage=coverage,
        any_words=any_words,
        with_any=some,
        comparable_since=since(gaps),
        stories=total.stories,
        per=asked.per,
        unsettled=unsettled,
        unindexed=unindexed,
    )


def _hits(database: "Database", asked: Asked, filters: "SearchFilters") -> list[SearchHit]:
    return database.search(
        asked.query,
        filters=filters,
        limit=asked.limit,
        newest=asked.newest,
        any_words=asked.any_words,
        per=asked.per.value,
    )


def _show_found(found: Found) -> None:
    for hit in found.hits:
        _show_hit(hit, per=found.per)
    if found.hits:
        err.print(_summary(found))
    elif found.with_any:
        have = "has" if found.with_any == 1 else "have"
        some = f"{counted(found.with_any, 'article')} {have} some of them: --any shows those"
        err.print(f"no article has all of these words; {some}")
    else:
        nothing = "nothing found among the articles that are indexed"
        tell_nothing_found(found.coverage, nothing if found.unindexed else "nothing found")
    tell_coverage(found.coverage)


def _summary(found: Found) -> str:
    some = " with some of the words" if found.any_words else ""
    every = found.stories if found.per is Per.STORY else found.total
    more = f", {len(found.hits)} shown" if len(found.hits) < every else ""
    return f"{counted(found.total, 'article')} in {counted(found.stories, 'story')}{some}{more}"


def _show_hit(hit: SearchHit, *, per: Per) -> None:
    facts = [f"article {hit.article_id}", _when(hit), hit.language, isolated(hit.outlet)]
    if hit.story_articles > 1 and per is Per.ARTICLE:
        facts.append(f"one of {hit.story_articles} with this text")
    out.print(
        f"[bold]{escape(harmless(hit.headline))}[/bold]\n[dim]{escape(' · '.join(facts))}[/dim]"
    )
    _show_snippet(hit)
    if hit.story_articles > 1 and per is Per.STORY:
        out.print(Text(f"  {_others(hit)}", style="dim"))
    out.print()


def _others(hit: SearchHit) -> str:
    """How many more carry the text, and where."""
    more = hit.story_articles - 1
    carry = "carries" if more == 1 else "carry"
    return f"and {more} more {carry} this text: {', '.join(map(isolated, hit.also_in))}"


def _show_snippet(hit: SearchHit) -> None:
    snippet = Text("  " + hit.snippet)
    for start, end in hit.marks:
        snippet.stylize("bold reverse", start + 2, end + 2)
    if not out.is_terminal:
        snippet = Text("  " + _bracketed(hit))
    out.print(snippet)


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
