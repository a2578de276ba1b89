"""How a probe of outlets is told to people."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from rich.console import Console
from rich.markup import escape

from crawler.cli.common import err, out
from crawler.outlets import Outlet
from crawler.outlettoml import offer, proposed, remarks, tables_of
from crawler.phrases import counted
from crawler.probes import NAMED_BY, ProbeResult

_GUESSED = frozenset({"common path"})
Results = Mapping[str, Sequence[ProbeResult]]


def proposal(
    outlet: Outlet, results: Iterable[ProbeResult], earlier: Iterable[ProbeResult] = ()
) -> str:
    """The TOML that a probe proposes for an outlet's file; "" where it found nothing new.

    What a person should decide stands in it as comments; `earlier` are records of former probes.
    """
    results = list(results)
    written = [way.url for _, way in outlet.endpoints if way.grade != "P"]
    said = [f"# {remark}\n" for remark in remarks(outlet, results, earlier)]
    return "".join(said) + tables_of(proposed(results, written))


def silent(results: Results) -> list[str]:
    """The outlets without a way in that works."""
    return [outlet_id for outlet_id, seen in results.items() if not any(one.adds for one in seen)]


def show(outlets: Mapping[str, Outlet], results: Results, earlier: Results | None = None) -> None:
    """Tell what a probe saw of each outlet and what it proposes, and the sums."""
    for outlet_id, seen in sorted(results.items()):
        show_one(outlets[outlet_id], seen, (earlier or {}).get(outlet_id, ()))
    working = sum(one.adds for seen in results.values() for one in seen)
    read = sum(any(one.adds for one in seen) for seen in results.values())
    of = f"{read} of {counted(len(results), 'outlet')}"
    out.print(f"\n{counted(working, 'address')} on from now: {of}.")
    if without := silent(results):
        err.print(f"Without a way in that works: {', '.join(sorted(without))}")
        err.print("next: marsad outlets letter ID, to ask; or marsad outlets blind ID --reason WHY")


def show_one(
    outlet: Outlet, seen: Sequence[ProbeResult], earlier: Iterable[ProbeResult] = ()
) -> None:
    """Tell what a probe saw of one outlet, and what it proposes for its file."""
    out.print(f"[bold]{outlet.id}[/bold]")
    if not seen:
        out.print("  nothing was seen: the probe was cut short")
    show_ways(seen)
    if text := proposal(outlet, seen, earlier):
        offered = "proposed for its file (--write puts it there)"
        out.print(f"  {offered if '[[' in text else 'for a person to decide'}:")
        out.print("".join(f"    {line}\n" for line in escape(text).splitlines()), end="")


def show_ways(seen: Sequence[ProbeResult], console: Console = out) -> None:
    """Tell what was seen of each way; guesses that failed in one line."""
    told = [one for one in seen if one.works or one.found_in not in _GUESSED]
    for one in told:
        _show_way(one, console)
    _show_guesses([one for one in seen if one not in told], console)


def _show_way(one: ProbeResult, console: Console) -> None:
    word = "[green]works[/green]" if one.works else "[yellow]fails[/yellow]"
    kind = "front page" if one.kind == "site" else one.kind
    said = f" ({NAMED_BY[one.found_in]})" if one.found_in != "file" else ""
    console.print(f"  {word} {kind} {escape(one.url)}{said}")
    console.print(f"        [dim]{escape(detail(one))}[/dim]")


def _show_guesses(failed: Sequence[ProbeResult], console: Console) -> None:
    """Guesses that failed, together: a site that keeps nothing there has done nothing wrong."""
    for kind in ("feed", "sitemap"):
        reasons = Counter(one.reason for one in failed if one.kind == kind)
        if reasons:
            said = "; ".join(f"{reason} ({times})" for reason, times in reasons.most_common(4))
            number = counted(sum(reasons.values()), "common path")
            console.print(f"  no {kind} at {number}: [dim]{escape(said)}[/dim]")


def detail(one: ProbeResult) -> str:
    """What a way offers, or why it is none."""
    moved = f", from {one.moved_to}" if one.moved_to else ""
    if one.kind == "site" or not one.works:
        return (one.reason or "answers") + moved
    newest = f", the newest of {one.newest or one.newest_at}" if one.newest or one.newest_at else ""
    away = "" if one.own_share in (None, 1.0) else f", {one.own_share:.0%} on the outlet's hosts"
    same = f", the same as {one.same_as}" if one.same_as else ""
    article = f", articles by {one.article}" if one.article else ""
    return offer(one) + newest + away + article + same + moved
