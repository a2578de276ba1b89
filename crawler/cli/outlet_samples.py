"""How sample articles of a new outlet are told to people."""

from typing import TYPE_CHECKING, Any

from rich.markup import escape

from crawler.cli.common import out
from crawler.cli.tables import print_paragraph
from storage.models import Reading

if TYPE_CHECKING:  # the engine takes a second to import
    from crawler.engine.probe_samples import Samples

FIRST_CHARACTERS = 240


def show_samples(samples: "Samples") -> None:
    """Print what was read of each article: what a person can judge at a glance."""
    number = len(samples.read)
    out.print(f"\n[bold]{number} articles as they would be stored[/bold]")
    for reading in samples.read:
        out.print(escape(reading.headline or "(no headline)"))
        out.print(f"  [dim]{escape(_facts(reading))}[/dim]")
        out.print(f"  [dim]{escape(reading.final_url)}[/dim]")
        print_paragraph(first_lines(reading.text), indent="  ")
    for url, reason in samples.failed:
        out.print(f"no article: {escape(url)}\n  [dim]{escape(reason)}[/dim]")


def sample_json(reading: Reading) -> dict[str, Any]:
    """One article for machines."""
    return {
        "url": reading.final_url,
        "headline": reading.headline,
        "published_at": reading.published_at,
        "published_precision": str(reading.published_precision),
        "published_method": _method(reading),
        "language": reading.language,
        "words": len(reading.text.split()),
        "first_lines": first_lines(reading.text),
    }


def first_lines(text: str) -> str:
    """The beginning of a text on one line, cut between words."""
    line = " ".join(text.split())
    return (
        line if len(line) <= FIRST_CHARACTERS else line[:FIRST_CHARACTERS].rpartition(" ")[0] + " …"
    )


def _facts(reading: Reading) -> str:
    when = "no date found"
    if reading.published_at:
        when = f"{reading.published_at:%Y-%m-%d %H:%M} UTC ({_method(reading)})"
    return f"{when}, {reading.language}, {len(reading.text.split())} words"


def _method(reading: Reading) -> str:
    return dict(reading.methods).get("published_at", "")
