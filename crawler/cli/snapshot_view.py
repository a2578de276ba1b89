"""Snapshots on the terminal: what they hold, what is wrong with them, what differs."""

from typing import TYPE_CHECKING

from rich.markup import escape

from crawler.cli.common import err, out
from crawler.cli.tables import print_paragraph, print_rows
from crawler.phrases import counted
from storage.bidi import isolated

if TYPE_CHECKING:  # the database is opened only where it is asked
    from storage.frozen.differences import Difference, Some
    from storage.frozen.files import Checked
    from storage.frozen.records import Snapshot
    from storage.frozen.thawing import Since
    from storage.frozen.verifying import Verified

_FATES = {
    "left_out": "left out by a person",
    "not_found": "not found by the question any more",
    "erased": "not in the archive any more",
}
SHOWN = 20
"""Things of one kind that are shown one by one."""


def show_list(found: "list[Snapshot]") -> None:
    """A line for each snapshot."""
    if not found:
        err.print("no snapshots; `marsad snapshot create` makes one")
        return
    rows = [
        (
            one.name,
            f"{one.made_at:%Y-%m-%d %H:%M}",
            f"{one.facts['rows']['articles']:,}",
            one.short_digest,
            isolated(one.who),
            isolated(one.why),
        )
        for one in found
    ]
    print_rows(("name", "made (UTC)", "articles", "digest", "by", "why"), rows, right=("articles",))


def show_snapshot(one: "Snapshot", later: "Since") -> None:
    """What was asked and frozen, how it was watched, and what came after."""
    facts, period = one.facts, one.facts["period"]
    asked = " & ".join(f"{name}={isolated(value)}" for name, value in one.parameters)
    days = f"{period['first']} to {period['last']}" if period["first"] else "no known day"
    undated = f", {period['undated']:,} of no known day" if period["undated"] else ""
    out.print(f"[bold]{escape(one.name)}[/bold]  {one.made_at:%Y-%m-%d %H:%M} UTC")
    out.print(escape(f"by {isolated(one.who)}: {isolated(one.why)}"))
    out.print(escape(f"asked: {asked or 'everything'}"))
    out.print(f"published: {days}{undated}")
    out.print(
        f"{counted(facts['rows']['articles'], 'article')} in {counted(facts['stories'], 'story')}, "
        f"{counted(len(facts['outlets']), 'outlet')} asked, {facts['actors']} actors named"
    )
    print_rows(
        ("table", "rows"), [(k, f"{n:,}") for k, n in facts["rows"].items()], right=("rows",)
    )
    out.print(f"SHA-256 {one.digest}")
    for line in facts["watched"]["header"]:
        out.print(escape(isolated(line)))
    if later.withdrawn:
        out.print(f"withdrawn since: {counted(later.withdrawn, 'row')} erased by order or hidden")
    if later.left_out:
        people = "left out by a person since; they stay in this snapshot"
        out.print(f"{counted(later.left_out, 'article')} {people}")


def show_verified(found: "Verified") -> None:
    """What was looked at in a snapshot, and what is wrong."""
    withdrawn = f", {found.withdrawn:,} withdrawn" if found.withdrawn else ""
    verdict = f"[red]{found.wrong_count} wrong[/red]" if found.wrong_count else "as frozen"
    out.print(
        f"{escape(found.name)}: {counted(found.rows, 'row')}{withdrawn} and "
        f"{counted(found.texts, 'text')}: {verdict}"
    )
    for one in found.wrong[:SHOWN]:
        place = f"{one.kind} {one.position}" if one.position >= 0 else one.kind or "the whole"
        of = f" (article {one.article_id})" if one.article_id else ""
        out.print(escape(f"  {place}{of}: {one.why}"))
    if found.wrong_count:
        print_paragraph(
            "It can be cited no more as it is. Look at the disk, then restore the newest backup "
            "that is whole: `marsad backup list`, `marsad restore FILE --replace`."
        )


def show_checked(files: "list[Checked]") -> None:
    """Each file, and where it is not what it should be."""
    for one in files:
        verdict = f"[red]{escape(one.why)}[/red]" if one.why else escape(one.note or "whole")
        out.print(f"{escape(str(one.path))}: {verdict}")


def show_difference(found: "Difference") -> None:
    """How many things differ, and the first of them."""
    out.print(escape(f"{found.before} → {found.after}: {counted(found.same, 'article')} the same"))
    _articles("added", found.added)
    _articles("gone", found.gone)
    _articles("changed", found.changed)
    for what, some in (("added", found.mentions_added), ("removed", found.mentions_removed)):
        if some.number:
            out.print(f"{counted(some.number, 'mention')} {what}")
            for named in some.first[:SHOWN]:
                out.print(escape(f"  article {named.article_id}: {named.actor_id}"))
    if found.erased:
        out.print(f"{counted(found.erased, 'article')} erased by order: nothing is said of them")


def _articles(what: str, some: "Some") -> None:
    if not some.number:
        return
    out.print(f"{counted(some.number, 'article')} {what}")
    for one in some.first[:SHOWN]:
        how = ", ".join(one.columns) or _FATES.get(one.fate, "")
        told = f"  {one.article_id}  {how}  " if how else f"  {one.article_id}  "
        out.print(escape(told + isolated(one.headline)))
    if some.number > SHOWN:
        out.print(f"  … and {some.number - SHOWN} more; --json names up to 1000")
