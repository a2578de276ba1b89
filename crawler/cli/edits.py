"""`marsad edits`: what outlets changed after publication, as far as we looked."""

from collections.abc import Iterable, Iterator
from dataclasses import asdict
from datetime import datetime
from enum import StrEnum
from itertools import groupby
from typing import TYPE_CHECKING, Annotated

import typer
from rich.text import Text

from crawler.cli.article_named import article_named
from crawler.cli.common import (
    JsonOption,
    OnlyCountryOption,
    OnlyOutletOption,
    WorkspaceOption,
    day_of,
    err,
    fail,
    open_workspace,
    opened,
    out,
    print_json,
    refuse_unknown,
)
from crawler.cli.edit_texts import Sentence, Shown, shown
from crawler.phrases import counted
from crawler.workspace import Workspace
from storage.bidi import isolated

if TYPE_CHECKING:  # the database is opened only where it is asked
    from storage.database import Database
    from storage.edits import EditFilters, EditStore, ToldEdit

SinceOption = Annotated[
    datetime | None,
    typer.Option(formats=["%Y-%m-%d"], help="First day (UTC) on which we saw the change."),
]
UntilOption = Annotated[
    datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Last day on which we saw it.")
]
ActorOption = Annotated[
    str | None,
    typer.Option(help="Edits that add, drop or relabel this actor, and others of its articles."),
]
ArticleOption = Annotated[
    str | None, typer.Option(help="Only this article: its number, or its URL.")
]
LimitOption = Annotated[int, typer.Option(min=1, help="How many edited versions to show at most.")]
_MANY = 100
"""Single changes that are looked through for each version shown: no version has more."""


class KindOption(StrEnum):
    """What an outlet may have changed."""

    HEADLINE = "headline"
    TEXT = "text"
    SHORTENED = "shortened"
    ACTOR_ADDED = "actor_added"
    ACTOR_REMOVED = "actor_removed"
    LABEL = "label"
    GONE = "gone"
    BACK = "back"


def edits(
    since: SinceOption = None,
    until: UntilOption = None,
    actor: ActorOption = None,
    outlet: OnlyOutletOption = None,
    country: OnlyCountryOption = None,
    kind: Annotated[KindOption | None, typer.Option(help="Only changes of this kind.")] = None,
    article: ArticleOption = None,
    limit: LimitOption = 20,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show what outlets changed after publication: the edit that we saw last comes first.

    A change lies between two looks of ours, and both texts are kept: `marsad show ID --version 1`
    has the earlier one. What is read by a better reader, and clocks, counters or boxes around a
    text, are no edits. Edits are written down since this version of Marsad.

    Examples:

      marsad edits --since 2026-03-01 --actor ma_amdh

      marsad edits --kind label --country bh
    """
    from storage.edits import EditFilters, EditStore

    first, last = day_of(since), day_of(until)
    place = open_workspace(workspace)
    with opened(place) as database:
        _refuse_slips(database, outlet, country, actor)
        number = _number(place, database, article)
        filters = EditFilters(first, last, actor, outlet, country, kind, number)
        store = EditStore(database)
        versions = list(_versions(store, filters, limit))
        if as_json:
            print_json(_as_dict(store, filters, versions))
            return
        for told in versions:
            _show(told, shown(store.texts(told[0].edit.article_id, told[0].edit.version)))
        _tell(store, filters, len(versions))


def _refuse_slips(
    database: "Database", outlet: str | None, country: str | None, actor: str | None
) -> None:
    from storage.search import SearchFilters

    named = SearchFilters(outlet=outlet, country=country, actor=actor)
    refuse_unknown(database.unknown(named))


def _number(place: Workspace, database: "Database", article: str | None) -> int | None:
    if article is None:
        return None
    number = article_named(place, database, article)
    return number if number is not None else fail(f"no article {article}")


def _versions(store: "EditStore", filters: "EditFilters", limit: int) -> "Iterator[list[ToldEdit]]":
    """The edits by version of an article, each with all that changed in it; gone is one too."""
    found = store.list(filters, limit * _MANY)
    groups = groupby(found, key=lambda one: (one.edit.article_id, one.edit.version, one.edit.at))
    for number, (_, group) in enumerate(groups):
        if number == limit:
            return
        yield list(group)


def _as_dict(
    store: "EditStore", filters: "EditFilters", versions: "Iterable[list[ToldEdit]]"
) -> dict[str, object]:
    blocks = []
    for told in versions:
        edit = told[0].edit
        texts = store.texts(edit.article_id, edit.version)
        blocks.append(
            {
                **{name: getattr(told[0], name) for name in _OF_ARTICLE},
                **{name: getattr(edit, name) for name in ("article_id", "version", "since", "at")},
                "edits": [_change(one) for one in told],
                **asdict(shown(texts) if _has_text(told) else Shown()),
            }
        )
    known = {
        "counts": store.counts(filters),
        "looks": store.looks(filters),
        "untold": store.untold(filters),
    }
    return {**known, "versions": blocks}


_OF_ARTICLE = ("outlet_id", "outlet", "country", "headline", "url", "language", "story_id")


def _change(told: "ToldEdit") -> dict[str, object]:
    edit = told.edit
    return {
        "kind": edit.kind,
        "actor_id": edit.actor_id,
        "actor": told.actor,
        "actor_kind": told.actor_kind,
        "before": edit.before,
        "after": edit.after,
        "evidence": edit.evidence,
    }


def _show(told: "list[ToldEdit]", texts: Shown) -> None:
    """One edited version: when, where, and what was made of it."""
    first = told[0]
    edit = first.edit
    between = f"between {_moment(edit.since)} and {_moment(edit.at)} UTC"
    out.print(Text(between, style="bold") + Text(f" · {isolated(first.outlet)}"))
    out.print(Text(f"  {isolated(first.headline)}"))
    out.print(Text(f"  article {edit.article_id}, version {edit.version} · {first.url}", "dim"))
    for one in told:
        _show_change(one)
    if _has_text(told):
        _show_texts(texts)
    out.print()


def _has_text(told: "list[ToldEdit]") -> bool:
    return any(one.edit.kind in ("text", "shortened") for one in told)


def _moment(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M}"


def _show_change(told: "ToldEdit") -> None:
    edit, name = told.edit, isolated(told.actor or "")
    if edit.kind == "headline":
        _show_both("headline", edit.before, edit.after)
    elif edit.kind == "label":
        _show_both(f"label of {name}", edit.before or "none", edit.after or "none")
    elif edit.kind == "shortened":
        out.print(Text(f"  shortened from {edit.before} to {edit.after} words", style="bold"))
    elif edit.kind in _SENTENCES:
        said = _OF_TERMS if told.actor_kind == "term" else _SENTENCES
        out.print(Text(f"  {said[edit.kind]}{_printed(told)}", style="bold"))


_SENTENCES = {
    "actor_added": "named now: ",
    "actor_removed": "no longer named: ",
    "gone": "gone: the page is not there any more",
    "back": "back: the page is there again",
}
_OF_TERMS = {"actor_added": "word now used: ", "actor_removed": "word no longer used: "}
"""A generic word (activist, NGO) is no actor."""


def _printed(told: "ToldEdit") -> str:
    """An actor, and its name as it stands in print where that is another one."""
    if told.actor is None:
        return ""
    printed = told.edit.before or told.edit.after
    return isolated(told.actor) + ("" if printed == told.actor else f" ({isolated(printed)})")


def _show_both(what: str, before: str, after: str) -> None:
    """Two wordings below each other: side by side, right-to-left ones would change places."""
    out.print(Text(f"  {what} was: ", style="bold") + Text(isolated(before)))
    out.print(Text(f"  {what} is:  ", style="bold") + Text(isolated(after)))


def _show_texts(texts: Shown) -> None:
    if texts.why_not:
        out.print(Text(f"  text: {texts.why_not}", style="dim"))
    for sentence in texts.sentences:
        _show_sentence(sentence)


def _show_sentence(sentence: Sentence) -> None:
    if sentence.kind == "moved":
        out.print(Text("  moved: ", style="dim") + Text(isolated(sentence.after)))
        return
    changed = sentence.kind == "changed"
    if sentence.before:
        head = "  was:    " if changed else "  cut:    "
        out.print(Text(head, style="red") + Text(isolated(sentence.before)))
    if sentence.after:
        head = "  is now: " if changed else "  added:  "
        out.print(Text(head, style="green") + Text(isolated(sentence.after)))


def _tell(store: "EditStore", filters: "EditFilters", number: int) -> None:
    """How many there are, or what it rests on that there are none."""
    counts, untold = store.counts(filters), store.untold(filters)
    if counts.edits:
        per = f"{counted(counts.articles, 'article')}, {counted(counts.stories, 'story')}"
        more = f"; {number} shown (--limit shows more)" if number < counts.versions else ""
        err.print(f"{counted(counts.edits, 'change')} in {per}{more}")
    elif not untold:
        _tell_nothing(store, filters)
    if untold:
        err.print(
            f"{counted(untold, 'version')} from before edits were written down: see `marsad show`"
        )


def _tell_nothing(store: "EditStore", filters: "EditFilters") -> None:
    """Whether nothing was edited, or nobody looked there and then."""
    looks = store.looks(filters)
    last_at = looks.last_at or store.looks().last_at
    if last_at is None:
        err.print(
            "no article was looked at a second time yet, so nothing is known of edits: "
            "`marsad recheck` looks again"
        )
        return
    when = f"{_moment(last_at)} UTC"
    if not looks.looks:
        err.print(
            f"nobody looked again{_where_and_when(filters)}: the last look at any was at {when}"
        )
        return
    seen = f"{counted(looks.looks, 'look')} at {counted(looks.articles, 'known article')}"
    err.print(
        f"nothing of this kind was edited as far as we looked: {seen}, the last one at {when}"
    )


def _where_and_when(filters: "EditFilters") -> str:
    """The filters that say which articles and which days, in words."""
    asked = (
        ("at article", filters.article),
        ("at outlet", filters.outlet),
        ("at outlets of", filters.country),
        ("at articles that name or named", filters.actor),
        ("since", filters.since),
        ("until", filters.until),
    )
    return "".join(f" {word} {value}" for word, value in asked if value is not None)
