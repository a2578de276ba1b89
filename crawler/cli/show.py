"""`marsad show`: one article, with everything that is held of it and what people said of it."""

from typing import Annotated, Any

import typer
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
from crawler.cli.judge_words import says
from crawler.phrases import counted
from storage.bidi import harmless, isolated

_NOT_KEPT = (
    "The text was not kept, since the article counts for nobody (keep = mentions). Its capture "
    "was: when a watchlist finds somebody, `marsad reread` brings the text back."
)
_VERSION_NOT_KEPT = "The text of this version was not kept (keep = mentions)."


def show(
    article: ArticleArgument,
    version: Annotated[
        int | None, typer.Option(min=1, help="Its headline and text as this version had them.")
    ] = None,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show one article whole: text, actors named, versions, edits, and where each field is from.

    Examples:

      marsad show 17

      marsad show 17 --version 1

      marsad show https://example.org/2026/03/a-story --json
    """
    from storage.articles import ArticleStore

    place = open_workspace(workspace)
    with opened(place) as database:
        number = article_named(place, database, article)
        found = None if number is None else ArticleStore(database).find(str(number))
    if found is None:
        fail(f"no article {article}", code=FAILED)
    if version is not None:
        _show_version(found, version, as_json=as_json)
    elif as_json:
        print_json(found)
    else:
        _show_article(found)


def _show_version(found: dict[str, Any], number: int, *, as_json: bool) -> None:
    """What the article said at one time."""
    row = next((one for one in found["versions"] if one["version"] == number), None)
    if row is None:
        fail(f"article {found['id']} has {counted(len(found['versions']), 'version')}", FAILED)
    if as_json:
        print_json(row)
        return
    out.print(f"[bold]{escape(harmless(row['headline']))}[/bold]")
    _print_pairs({"article": found["id"], "version": number, "seen": row["seen_at"]})
    out.print()
    out.print(_text(row["text"]) if row["text_kept"] else Text(_VERSION_NOT_KEPT, style="dim"))


def _show_article(found: dict[str, Any]) -> None:
    """What a reader wants first: the text, who is in it, and where all of it came from."""
    out.print(f"[bold]{escape(harmless(found['headline']))}[/bold]")
    _print_pairs(_facts(found))
    out.print()
    out.print(_text(found["text"]) if found["text_kept"] else Text(_NOT_KEPT, style="dim"))
    for title, lines in (
        ("Judgements", [_judgement_line(row) for row in found["judgements"]]),
        ("Named in it", [_mention_line(row) for row in found["mentions"]]),
        ("Versions", [_version_line(row) for row in found["versions"]]),
        ("Edits", [_edit_line(row) for row in found["edits"]]),
        ("Addresses", [f"{row['kind']}: {harmless(row['url'])}" for row in found["urls"]]),
        ("Where it comes from", _provenance_lines(found)),
    ):
        if lines:
            out.print(f"\n[bold]{title}[/bold]")
        for line in lines:
            out.print(Text(f"  {line}"))


def _text(text: str) -> Text:
    """The text in its lines: an article may hold anything, and none of it steers the terminal."""
    return Text("\n".join(map(harmless, text.split("\n"))))


def _facts(found: dict[str, Any]) -> dict[str, object]:
    precision = str(found["published_precision"])
    copies = ", ".join(map(str, found["copies"]))
    return {
        "article": found["id"],
        "left out": _why_left_out(found),
        "outlet": f"{found['outlet_id']} · {found['outlet']}",
        "published": f"{found['published_at']} (to the {precision})"
        if found["published_at"]
        else "not known",
        "changed": found["modified_at"],
        "first seen": found["first_seen_at"],
        "language": found["language"],
        "byline": harmless(found["byline"] or ""),
        "section": harmless(found["section"] or ""),
        "length": f"{found['words']} words" + ("" if found["text_complete"] else ", not all of it"),
        "word for word as": f"article {copies}" if copies else None,
    }


def _print_pairs(pairs: dict[str, object]) -> None:
    for name, value in pairs.items():
        if value not in (None, ""):
            out.print(f"[dim]{name:<16}[/dim] {escape(str(value))}")


def _why_left_out(found: dict[str, Any]) -> str | None:
    """The reason of the judgement by which the article is none of the study."""
    if not found["withdrawn"]:
        return None
    said = [row for row in found["judgements"] if row["kind"] == "leave_out"]
    held = next(row for row in said if row["active"])
    return f"of every count, search and export: {isolated(held['why'])} ({isolated(held['who'])})"


def _judgement_line(row: dict[str, Any]) -> str:
    made = f"{row['id']} · {row['at']} · {says(row)}"
    return f"{made} · {isolated(row['who'])} · {isolated(row['why'])}"


def _mention_line(row: dict[str, Any]) -> str:
    where = f"{row['field']} {row['start']}-{row['end']}, {row['rule']}{_doubt(row)}"
    line = f"{row['actor_id']} · {isolated(row['name'])} · {where} · {isolated(row['surface'])}"
    return f"{line} · in print: {isolated(row['label'])}" if row["label"] else line


def _doubt(row: dict[str, Any]) -> str:
    """Why a mention is counted or not, where that is not plain."""
    if row["verdict"]:
        return f" (judged: {'counted' if row['verdict'] == 'is_this' else 'not counted'})"
    return " (ambiguous: not counted)" if row["ambiguous"] else ""


def _version_line(row: dict[str, Any]) -> str:
    return f"{row['version']} · seen {row['seen_at']} · {isolated(row['headline'])}"


def _edit_line(row: dict[str, Any]) -> str:
    """One change; `marsad edits` tells more of it."""
    what = row["kind"].replace("_", " ") + (f" {isolated(row['actor'])}" if row["actor"] else "")
    said = " instead of ".join(isolated(row[side]) for side in ("after", "before") if row[side])
    when = f"between {row['since']} and {row['at']}"
    return f"{row['version']} · {when} · {what}" + (f" · {said}" if said else "")


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
        *(f"the reader says {said}, overruled" for said in _overruled(found["overruled"])),
    ]


def _overruled(values: dict[str, Any]) -> list[str]:
    """What the reader says where people judged otherwise."""
    said = []
    if "published" in values:
        value = values["published"]
        at = value["published_at"] or "at an unknown time"
        said.append(f"published {at} (from {value['method'] or 'nowhere'})")
    if "language" in values:
        said.append(f"language {values['language']['language']}")
    return said


def _kept(row: dict[str, Any]) -> str:
    if row.get("capture_removed_at"):
        return f", its capture removed {row['capture_removed_at']} as the schedule says"
    if not row.get("capture_file"):
        return ""
    return f", kept in warc/{row['capture_file']} at {row['capture_offset']}"
