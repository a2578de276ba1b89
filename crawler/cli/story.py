"""`marsad story`: one text's way through the outlets, and what each of them made of it."""

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from rich.markup import escape
from rich.text import Text

from crawler.cli.article_named import ArticleArgument, article_named
from crawler.cli.common import (
    FAILED,
    JsonOption,
    WorkspaceOption,
    fail,
    open_workspace,
    opened,
    out,
    print_json,
)
from crawler.phrases import counted
from storage.bidi import isolated, with_names_isolated

if TYPE_CHECKING:  # the database is opened only where it is asked
    from storage.desk.stories import Difference, Retelling
    from storage.story_view import Member, StoryTold

_RELATIONS = {
    "exact": "word for word the same",
    "judged": "of this story by judgement",
}


def story(
    article: ArticleArgument,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show a text's way through the outlets: who said it first, and what each one changed.

    Any article of the story will do. Each other article is held against the first one, sentence
    by sentence: what was cut, changed and added, and who is no longer named.

    Examples:

      marsad story 17

      marsad story https://example.org/2026/03/a-story --json
    """
    from storage.story_view import story as story_of

    place = open_workspace(workspace)
    with opened(place) as database:
        article_id = article_named(place, database, article)
        told = None if article_id is None else story_of(database, article_id)
    if told is None:
        fail(f"no article {article}", code=FAILED)
    if as_json:
        print_json(_as_dict(told))
    else:
        _show_story(told)


def _retellings(told: "StoryTold") -> "dict[int, Retelling | None]":
    from crawler.reading.changes import compare
    from storage.desk.stories import retellings

    return retellings(told, compare)


def _as_dict(told: "StoryTold") -> dict[str, Any]:
    retold = _retellings(told)
    members = [asdict(one) | {"retelling": retold.get(one.article_id)} for one in told.members]
    return asdict(told) | {"outlets": told.outlets, "members": members}


def _show_story(told: "StoryTold") -> None:
    retold = _retellings(told)
    reference = next(one for one in told.members if one.article_id == told.reference)
    articles, outlets = counted(len(told.counted), "article"), counted(told.outlets, "outlet")
    out.print(f"[bold]{escape(isolated(reference.headline))}[/bold]")
    out.print(Text(f"story {told.id} · {articles} in {outlets}", style="dim"))
    out.print(Text(f"Said first by: {with_names_isolated(told.origin.sentence)}"))
    for number, member in enumerate(told.members, start=1):
        _show_member(number, member)
        if member is not reference:
            _show_retelling(member, retold[member.article_id])
        elif retold:
            out.print(Text("   the text that the others are held against", style="dim"))
    _show_roundups(told)


def _show_member(number: int, member: "Member") -> None:
    left_out = " · left out of the study" if member.withdrawn else ""
    out.print()
    out.print(
        Text(f"{number}. ", style="bold")
        + Text(f"{_when(member)} · article {member.article_id} · {isolated(member.outlet)}")
        + Text(left_out, style="yellow")
    )
    out.print(Text(f"   {isolated(member.headline)}"))
    out.print(Text(f"   byline: {_byline(member)}"))


def _when(member: "Member") -> str:
    """When it came out, as exactly as that is known: in UTC, by which stories are in order."""
    from storage.times import DATED, local_time

    at, precision = member.published_at, member.published_precision
    if at is None or precision not in DATED:
        return f"undated, first seen {member.first_seen_at:%Y-%m-%d %H:%M} UTC"
    local = local_time(at, member.timezone)
    if precision == "day":
        return f"{local:%Y-%m-%d}, the hour is not known"
    return f"{at:%Y-%m-%d %H:%M} UTC ({local:%H:%M} there)"


def _byline(member: "Member") -> str:
    byline = isolated(member.byline) if member.byline else "none"
    if member.credit is None:
        return f"{byline} · credits no agency"
    name = isolated(member.credit_name or member.credit.agency)
    return f"{byline} · credits {name} ({isolated(member.credit.surface)})"


def _show_retelling(member: "Member", retelling: "Retelling | None") -> None:
    if retelling is None:
        out.print(Text("   a text was not kept (keep = mentions): not compared", style="dim"))
        return
    if relation := _RELATIONS.get(member.relation):
        out.print(Text(f"   {relation}", style="dim"))
    if member.relation != "exact":
        kept = f"   keeps {retelling.share_kept:.0%} of the text ({counted(member.words, 'word')})"
        out.print(Text(kept, style="dim"))
    for difference in retelling.differences:
        _show_difference(difference)
    for title, names in (
        ("no longer named", retelling.no_longer_named),
        ("named besides", retelling.named_besides),
    ):
        if names:
            out.print(Text(f"   {title}: {', '.join(map(isolated, names))}", style="bold"))
    for label in retelling.labels:
        before, after = (_listed(labels) for labels in (label.before, label.after))
        out.print(Text(f"   {isolated(label.actor)} is called {after} instead of {before}"))


def _listed(labels: tuple[str, ...]) -> str:
    return ", ".join(map(isolated, labels)) or "nothing in particular"


def _show_difference(difference: "Difference") -> None:
    colour = {"cut": "red", "added": "green", "changed": "yellow"}[difference.kind]
    names = f" [{', '.join(map(isolated, difference.actors))}]" if difference.actors else ""
    said = [difference.before or difference.after]
    if difference.kind == "changed":
        said = [difference.before, difference.after]
    head = Text(f"   {difference.kind}{names}: ", style=colour)
    out.print(head + Text(" → ".join(isolated(piece) for piece in said)))


def _show_roundups(told: "StoryTold") -> None:
    if told.roundups:
        out.print("\n[bold]Held by a longer article, and not counted as a copy[/bold]")
    for one in told.roundups:
        share = f"{one.containment:.0%} of it"
        line = f"article {one.article_id} · {isolated(one.outlet)} · {share} · "
        out.print(Text(f"   {line}{isolated(one.headline)}"))
