"""How one reading looks to a person: its fields, and how it came about."""

from collections.abc import Iterable
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from rich.markup import escape
from rich.text import Text

from crawler.cli.common import out
from crawler.phrases import counted
from storage.bidi import harmless, isolated
from storage.models import Reading

if TYPE_CHECKING:
    from crawler.reading.explained import Explained, PageLine
    from crawler.reading.notes import Note

FIELDS = {
    "headline": "headline",
    "published_at": "published",
    "modified_at": "changed",
    "byline": "byline",
    "section": "section",
    "image_url": "picture",
    "canonical_url": "address",
    "text": "text",
}
"""The fields whose origin is told, and what people call them."""
SHOWN = 160
"""Characters of a value or a line that are shown; the first words tell which one it is."""


def show(reading: Reading) -> None:
    """The fields and the text of a reading, or why nothing would be stored."""
    if not _is_stored(reading):
        return
    for name, value in _values(reading).items():
        _print_field(name, value, dict(reading.methods))
    out.print(f"[bold]text[/bold] [dim]({len(reading.text)} characters)[/dim]:")
    out.print(Text("\n".join(map(harmless, reading.text.split("\n")))))
    out.print()
    for mention in reading.mentions:
        where = f"{mention.field} {mention.start}-{mention.end}"
        out.print(
            f"[cyan]{mention.actor_id}[/cyan] · {where} · {escape(isolated(mention.surface))}"
        )


def show_explained(told: "Explained") -> None:
    """A reading with every decision, and the page line by line."""
    reading = told.reading
    _is_stored(reading)
    out.print(f"read {escape(told.read_by)}")
    methods = dict(reading.methods)
    if unselected := methods.get("unselected"):
        said = "selectors of the outlet's file that fit nothing on this page"
        out.print(f"[yellow]{said}[/yellow]: {escape(unselected)}")
    for field, name in FIELDS.items():
        _show_field(name, getattr(reading, field), methods.get(field), _of(told.decisions, field))
    others = [note for note in told.decisions if note.field not in FIELDS]
    if others:
        out.print("\n[bold]the page as a whole[/bold]")
    for note in others:
        _print_note(note, f"{note.field}, ")
    _show_lines(told.lines)


def document(told: "Explained") -> dict[str, Any]:
    """The same for machines: the reading as without it, and under `explained` how it came about."""
    explained = {
        "read": told.read_by,
        "decisions": [asdict(note) for note in told.decisions],
        "lines": [asdict(line) for line in told.lines],
    }
    return asdict(told.reading) | {"explained": explained}


def _is_stored(reading: Reading) -> bool:
    if reading.outcome:
        why = f"{reading.outcome} ({escape(harmless(reading.reason))})"
        out.print(f"[yellow]not stored[/yellow]: {why}")
    return reading.outcome is None


def _values(reading: Reading) -> dict[str, object]:
    return {
        "headline": reading.headline,
        "published_at": reading.published_at,
        "language": f"{reading.language} ({reading.language_score:.2f})",
        "byline": reading.byline,
        "section": reading.section,
        "canonical_url": reading.canonical_url,
    }


def _print_field(name: str, value: object, methods: dict[str, str]) -> None:
    method = f" [dim]({methods[name]})[/dim]" if name in methods else ""
    shown = "not found" if value in (None, "") else escape(isolated(str(value)))
    out.print(f"[bold]{name}[/bold]{method}: {shown}")


# ---------------------------------------------------------------- explained


def _show_field(name: str, value: object, method: str | None, notes: Iterable["Note"]) -> None:
    """The value that was chosen, and those that were not."""
    out.print(f"\n[bold]{name}[/bold]", end=" ")
    if value in (None, ""):
        out.print("[dim]nothing was found[/dim]")
    else:
        out.print(f"[green]{_short(value)}[/green] [dim]from {escape(method or 'unknown')}[/dim]")
    for note in notes:
        if note.why:
            _print_note(note)


def _print_note(note: "Note", head: str = "") -> None:
    mark = "[red]✗[/red]" if note.why else "[green]✓[/green]"
    why = f": {escape(harmless(note.why))}" if note.why else ""
    value = f"{_short(note.value)} " if note.value not in (None, "") else ""
    out.print(f"  {mark} {value}[dim]{head}{escape(note.method)}[/dim]{why}")


def _of(notes: Iterable["Note"], field: str) -> list["Note"]:
    return [note for note in notes if note.field == field]


def _show_lines(lines: tuple["PageLine", ...]) -> None:
    """The page from top to bottom; of many lines that were left out one after the other, some."""
    if not lines:
        return
    kept = sum(line.kept for line in lines)
    out.print(f"\n[bold]the page[/bold]: {counted(len(lines), 'line')}, {kept} of them in the text")
    for line in lines:
        mark = "[green]+[/green]" if line.kept else "[red]-[/red]"
        why = f" [yellow]{escape(harmless(line.why))}[/yellow]" if line.why else ""
        place = escape(harmless(line.where))
        out.print(f"  {mark} {_short(line.text)} [dim]{place}[/dim]{why}")


def _short(value: object) -> str:
    text = str(value)
    cut = text if len(text) <= SHOWN else f"{text[:SHOWN]}…"
    return escape(isolated(cut))
