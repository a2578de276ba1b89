"""The morning report, put together from a night's facts: what is told, in which order and words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from importlib.resources import files
from statistics import fmean

from crawler.phrases import counted
from crawler.telling.morning_document import (
    Block,
    Document,
    Fold,
    Foreign,
    Item,
    Items,
    Paragraph,
    Pictures,
    Section,
    Table,
    Words,
)
from crawler.telling.morning_verdict import is_bad, verdict
from storage import night_watch
from storage.night_actors import FEWEST_NIGHTS, FEWEST_STORIES
from storage.night_records import ActorNight, CountryDay, NightFacts, OutletNight, Wrong
from storage.reported import TroubleReport
from storage.slots import Coming

SHOWN = 8
"""Rows that a list shows before it is folded."""
FOLDED = 60
"""Rows that a fold holds; beyond, a command tells them."""
_OUR_COMMAND = re.compile("(`marsad [^`]*`)")
_EDITS = {
    "headline": "headlines",
    "text": "texts",
    "shortened": "texts shortened by a third or more",
    "actor_added": "names added",
    "actor_removed": "names taken out",
    "label": "persons called something else",
    "gone": "articles gone",
    "back": "articles back",
}


def document(facts: NightFacts, coming: Sequence[Coming] = ()) -> Document:
    """The report of a night; `coming` is what the schedules do next."""
    sections = (
        Section("collected", "What was collected", tuple(_collected(facts))),
        Section("actors", "Who was in the news", tuple(_actors(facts))),
        Section("stories", "What was carried most", tuple(_stories(facts))),
        Section("wrong", "What went wrong, and what to do", tuple(_wrong(facts))),
        Section("coverage", "Where we were looking", tuple(_coverage(facts))),
        Section("again", "What outlets changed afterwards", tuple(_again(facts))),
    )
    told = tuple(section for section in sections if section.blocks)
    return Document(verdict(facts), _about(facts), told, is_bad(facts), _next(coming))


def country_name(code: str) -> str:
    """The English name of a country; the code itself where it is none.

    >>> country_name("ma"), country_name(""), country_name("qq")
    ('Morocco', 'Several countries', 'qq')
    """
    return _names().get(code, code) if code else "Several countries"


@lru_cache(maxsize=1)
def _names() -> Mapping[str, str]:
    table = files("tzdata").joinpath("zoneinfo", "iso3166.tab").read_text(encoding="utf-8")
    rows = [line.split("\t") for line in table.splitlines() if line and not line.startswith("#")]
    return {row[0].lower(): row[1] for row in rows}


def _about(facts: NightFacts) -> str:
    night = facts.night
    again = f" ({night.slot.attempts} attempts)" if night.slot and night.slot.attempts > 1 else ""
    what = (
        f"schedule {night.slot.schedule}{again}" if night.slot else "no schedule: the last 24 hours"
    )
    runs = f"{counted(len(night.runs), 'run')}, looked at {night.at:%Y-%m-%d %H:%M} UTC"
    if not night.runs:
        runs = "no run"
    return f"Night of {night.day:%A}, {night.day.day} {night.day:%B %Y} · {what} · {runs}"


def _next(coming: Sequence[Coming]) -> str:
    """When each schedule works next."""
    return "; ".join(
        f"{one.schedule} {'is paused' if one.paused else f'{one.at:%Y-%m-%d %H:%M}'}"
        for one in coming
    )


# ---------------------------------------------------------------- what was collected


def _collected(facts: NightFacts) -> Iterator[Block]:
    brought = facts.collected
    if not brought.new:
        said = night_watch.meaning(facts.watch, brought)
        yield Paragraph((f"{said[:1].upper()}{said[1:]}.",))
    if brought.new or brought.changed:
        yield Paragraph((_brought(facts),))
    if brought.failed or brought.waiting:
        yield Paragraph((_failed(facts),), mild=True)
    if brought.new or brought.changed:
        yield _by_country(facts)
    pictures = {name: days for name, days in facts.pictures.items() if any(d.begun for d in days)}
    if pictures:
        said_of = {country_name(name): _picture(days) for name, days in pictures.items()}
        yield Pictures({country_name(name): days for name, days in pictures.items()}, said_of)
    bringing = [one for one in brought.outlets if one.new or one.changed]
    if bringing:
        yield _by_outlet(bringing)


def _brought(facts: NightFacts) -> str:
    brought = facts.collected
    copies = (
        f", {brought.copies:,} of them copies of a text that was there" if brought.copies else ""
    )
    late = f" {brought.late:,} of them appeared long before the night." if brought.late else ""
    changed = f" {brought.changed:,} known articles changed." if brought.changed else ""
    new = f"{counted(brought.new, 'new article')}{copies}: {counted(brought.stories, 'story')}."
    return f"{new}{late}{changed}"


def _failed(facts: NightFacts) -> str:
    brought = facts.collected
    kinds = ", ".join(f"{name.replace('_', ' ')} {n:,}" for name, n in brought.failed_by.items())
    failed = f"{counted(brought.failed, 'page')} failed ({kinds}). " if brought.failed else ""
    waiting = (
        f"{counted(brought.waiting, 'page')} wait for the next run." if brought.waiting else ""
    )
    return f"{failed}{waiting}".strip()


def _by_country(facts: NightFacts) -> Table:
    figures = ("outlets read", "new", "copies", "stories", "changed")
    rows = tuple(
        (
            *_plain(f"{one.read} of {one.outlets}", one.new, one.copies, one.stories, one.changed),
            (country_name(one.country),),
        )
        for one in facts.collected.countries
        if one.outlets or one.new or one.changed
    )
    return Table((*figures, "country"), rows, frozenset(figures))


def _by_outlet(bringing: Sequence[OutletNight]) -> Fold:
    figures = ("new", "copies", "changed", "failed")
    ordered = sorted(bringing, key=lambda one: (-one.new, -one.changed, one.outlet_id))
    rows = tuple(
        (
            *_plain(one.new, one.copies, one.changed, one.failed),
            (one.outlet_id,),
            (Foreign(one.name),),
        )
        for one in ordered[:FOLDED]
    )
    table = Table((*figures, "outlet", "name"), rows, frozenset(figures))
    blocks: tuple[Block, ...] = (table, *_more(len(ordered) - FOLDED, "marsad runs"))
    return Fold(f"By outlet ({len(ordered):,})", blocks, "marsad runs")


def _picture(days: Sequence[CountryDay]) -> str:
    """What a picture shows, for those who cannot see it or would rather read."""
    begun = [day for day in days if day.begun]
    looked = [day for day in begun if day.outlets > day.blind]
    dark = len(begun) - len(looked)
    partly = sum(0 < day.blind < day.outlets for day in begun)
    said = f"{days[-1].new:,} tonight"
    usual = [day for day in looked[:-1] if day is not begun[0]]
    said += f", {fmean(day.new for day in usual):,.0f} on an average night" if usual else ""
    said += f"; {counted(dark, 'night')} unseen" if dark else ""
    return said + (f"; {counted(partly, 'night')} with some outlets blind" if partly else "")


# ---------------------------------------------------------------- who was in the news


def _actors(facts: NightFacts) -> Iterator[Block]:
    if not facts.actors:
        if facts.collected.new:
            yield Paragraph(("No watched actor was named in what is new.",))
        return
    compared = any(one.usual for one in facts.actors)
    more = sum(one.more for one in facts.actors)
    yield Paragraph((_named(len(facts.actors), more, compared=compared),))
    yield _actor_table(facts.actors[:SHOWN], compared=compared)
    rest = facts.actors[SHOWN:]
    if rest:
        table = _actor_table(rest[:FOLDED], compared=compared)
        blocks: tuple[Block, ...] = (table, *_more(len(rest) - FOLDED, "marsad report --json"))
        yield Fold(f"{counted(len(rest), 'more actor')}", blocks, "marsad report --json")
    yield Paragraph((_usual(facts, compared=compared),), mild=True)


def _named(number: int, more: int, *, compared: bool) -> str:
    if not compared:
        return f"{counted(number, 'actor')} named."
    return f"{counted(number, 'actor')} named; {more or 'none'} of them more than usual."


def _actor_table(actors: Sequence[ActorNight], *, compared: bool) -> Table:
    figures = ("articles", "stories", "usual stories")
    header = ("articles", "stories", *(("usual stories",) if compared else ()), "actor")
    rows = tuple(
        (
            *_plain(one.articles, one.stories),
            *((_usual_of(one),) if compared else ()),
            (Foreign(one.name), " · more than usual" if one.more else ""),
        )
        for one in actors
    )
    marked = frozenset(number for number, one in enumerate(actors) if one.more)
    return Table(header, rows, frozenset(figures), marked)


def _usual_of(one: ActorNight) -> Words:
    return (f"{one.usual.stories:.1f}" if one.usual else "no usual yet",)


def _usual(facts: NightFacts, *, compared: bool) -> str:
    """The rule, in the reader's words."""
    counts = "Counted are new articles that appeared in the night or on the day before."
    if facts.not_compared:
        return f"{counts} Not compared with other nights: {facts.not_compared}."
    if not compared:
        return f"{counts} No usual yet: {facts.actors[0].why_not}."
    return (
        f"{counts} Usual is the mean of {counted(facts.comparable_nights, 'comparable night')} of "
        f"the last four weeks. More than usual: at least {FEWEST_STORIES} stories, and so many "
        "that chance alone brings them less than once in 1,000 nights. No usual yet: watched "
        f"with its present names on fewer than {FEWEST_NIGHTS} such nights."
    )


# ---------------------------------------------------------------- stories


def _stories(facts: NightFacts) -> Iterator[Block]:
    items = tuple(
        Item(
            (
                Foreign(one.headline, one.language, one.url),
                f" · {counted(one.articles, 'article')} in {counted(len(one.outlets), 'outlet')}: ",
                *_joined(one.outlets[:4]),
                f" and {len(one.outlets) - 4} more" if len(one.outlets) > 4 else "",
                f" · `marsad story {one.article_id}`",
            ),
            kind="story",
        )
        for one in facts.stories
    )
    if items:
        yield Items(items)


def _joined(names: Sequence[str]) -> Iterator[str | Foreign]:
    for number, name in enumerate(names):
        if number:
            yield ", "
        yield Foreign(name)


# ---------------------------------------------------------------- what went wrong


def _wrong(facts: NightFacts) -> Iterator[Block]:
    ours = tuple(map(_our_own, facts.wrongs))
    began, ended, going = (
        tuple(_trouble(one) for one in facts.troubles if one.state == state)
        for state in ("began", "ended", "goes_on")
    )
    pages = tuple(Item((_of_pages(one.outlets),), ((one.step,),), "wrong") for one in facts.pages)
    if not (ours or began or ended or going or pages):
        yield Paragraph(("Nothing went wrong.",))
    elif not (ours or began or pages):
        yield Paragraph(("Nothing new went wrong.",))
    for title, items in (("This machine", ours), ("Began", began), ("Pages to look at", pages)):
        if items:
            yield Items(items, title)
    if ended:
        yield Items(ended[:SHOWN], "Ended")
        yield from _folded("Ended", ended[SHOWN:])
    if going:
        yield Fold(
            f"Still so: {counted(len(going), 'trouble')}",
            (Items(going[:FOLDED]), *_more(len(going) - FOLDED, "marsad events")),
            "marsad events",
        )


def _our_own(one: Wrong) -> Item:
    steps = tuple((step,) for step in one.steps)
    said = tuple(_OUR_COMMAND.split(one.said))  # every second part is a command of ours
    words = (part if number % 2 else Foreign(part) for number, part in enumerate(said) if part)
    return Item(tuple(words), steps, "wrong", one.subject)


def _trouble(one: TroubleReport) -> Item:
    """One trouble; what to do stands with those that began."""
    outlet = one.outlet_id or "this machine"
    until = f" to {one.until:%Y-%m-%d %H:%M}" if one.until and one.state == "ended" else ""
    when = f"{one.kind.replace('_', ' ')} · since {one.since:%Y-%m-%d %H:%M}{until} · "
    again = (one.closing or {}).get("waiting_again") if one.state == "ended" else None
    waits = f" {again} pages that it kept from us wait again." if again else ""
    steps = tuple((step,) for step in one.steps) if one.state == "began" else ()
    return Item((when, Foreign(one.said), waits), steps, one.state, outlet)


def _of_pages(outlets: Sequence[tuple[str, str]]) -> str:
    shown = "; ".join(f"{name} · {said}" for name, said in outlets[:SHOWN])
    more = len(outlets) - SHOWN
    return shown + (f"; and {more} more outlets: `marsad runs`" if more > 0 else "")


# ---------------------------------------------------------------- coverage, edits


def _coverage(facts: NightFacts) -> Iterator[Block]:
    first, *details = night_watch.lines(facts.watch, facts.night)
    yield Paragraph((first,))
    if details:
        yield Items(tuple(Item((Foreign(line),)) for line in details))
    yield Paragraph(("Days and reasons: `marsad coverage`.",), mild=True)


def _again(facts: NightFacts) -> Iterator[Block]:
    again = facts.again
    told = [f"{_EDITS.get(kind, kind)} {number:,}" for kind, number in again.edits.items()]
    if told:
        said = f"{counted(again.edited, 'article')} changed: {', '.join(told)}. `marsad edits`"
        yield Paragraph((f"{said} shows each.",))
    if again.looks:
        failed = f"; {again.failed_looks:,} looks told nothing" if again.failed_looks else ""
        due = f"; {again.due:,} more are due" if again.due else ""
        looked = f"{counted(again.looks, 'stored article')} looked at again{failed}{due}."
        none = "" if told else " No change was seen."
        yield Paragraph((f"{looked}{none}",), mild=bool(told))


# ---------------------------------------------------------------- small things


def _plain(*values: object) -> tuple[Words, ...]:
    """Cells of figures; a nought is a dot."""
    return tuple(
        (f"{value:,}" if isinstance(value, int) and value else str(value or "·"),)
        for value in values
    )


def _more(number: int, command: str) -> tuple[Paragraph, ...]:
    return (Paragraph((f"And {number:,} more: `{command}`.",), mild=True),) if number > 0 else ()


def _folded(title: str, items: Sequence[Item]) -> Iterator[Fold]:
    if items:
        yield Fold(
            f"{title}: {len(items):,} more", (Items(tuple(items[:FOLDED])),), "marsad events --all"
        )
