"""Which troubles there are, of all that was seen of the outlets: causes, each named once; pure.

What one visit shows is judged in `way_rules`, pages in `page_rules`, silence and too little in
`silence_rules`. Here it is decided which of them are causes and which only follow: a host that is
dead is not silent as well, and where most outlets are unreachable at once, we are.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime

from storage import way_rules
from storage.finding import VisitOutcome
from storage.health_rules import SUBJECT_MARK, Fall, worse
from storage.models import Outcome
from storage.page_rules import of_pages
from storage.silence_rules import (
    NO_VOLUME,
    Silence,
    bounds,
    low_of,
    quiet_days,
    shared_quiet,
    silence_of,
    watched_days,
    week_of,
)
from storage.times import encode_time
from storage.trouble_records import (
    OURSELVES,
    Look,
    OutletSeen,
    PagesSeen,
    Trouble,
    WaySeen,
)

_NETWORK = frozenset({VisitOutcome.NETWORK_ERROR, VisitOutcome.TIMEOUT})
_PAGES_OF_NETWORK = frozenset({Outcome.NETWORK_ERROR, Outcome.TIMEOUT})
FEW_OUTLETS = 3
"""Up to so many outlets, all of them must be unreachable at once for the fault to be ours."""
_PASSING = ("unreachable", "server_error", "rate_limited", "broken_feed")
_ABOVE_PAGES = frozenset(
    {"unreachable", "certificate", "server_error", "rate_limited", "blocked", "robots"}
)
"""Troubles of ways from which failing pages follow."""
_ABOVE_READING = frozenset({"redesigned", "blocked", "moved", "foreign_links", "pages_failing"})
"""Troubles from which it follows that pages are read worse."""
SUSPECT = 0.5
"""Share of its limit at which a busy way may be about to be called silent: until that is clear,
fewer articles may only be what follows from it."""
BUSY = 120.0
"""Hours: a way with such a limit or a shorter one brings much of what its outlet publishes."""


def judge(outlets: Collection[OutletSeen]) -> list[Trouble]:
    """All troubles there are now."""
    ours = offline_runs(outlets)
    cleared = [without(outlet, ours) for outlet in outlets]
    seen = [replace(outlet, watched=tuple(watched_days(outlet))) for outlet in cleared]
    shared = shared_quiet(seen)
    found = [one for outlet in seen for one in troubles_of(outlet, shared)]
    return [*_offline(outlets, ours), *found]


def troubles_of(outlet: OutletSeen, shared: Mapping[str, frozenset[date]]) -> list[Trouble]:
    """The troubles of one outlet, causes only."""
    found = [*_passing(outlet), *_at_once(outlet), *_odd(outlet)]
    pages = of_pages(outlet)
    if pages is not None and not _follows(pages, found):
        found.append(pages)
    quiet = quiet_days(outlet, shared)
    silences = _silences(outlet, quiet, found)
    found += _silent(outlet, silences)
    found += _low(outlet, quiet, found, silences)
    found += _read_worse(outlet, found)
    return _merged(found)


# ---------------------------------------------------------------- our own machine


def offline_runs(outlets: Collection[OutletSeen]) -> dict[int, tuple[int, int]]:
    """The runs in which our own line was down: run -> (outlets unreachable, outlets asked).

    Only outlets count that answered when they were asked last: those that have been dead for weeks
    say nothing about us.
    """
    by_run: defaultdict[int, dict[str, list[Look]]] = defaultdict(lambda: defaultdict(list))
    for outlet in outlets:
        for look in (look for way in outlet.ways for look in way.looks):
            if look.tried or way_rules.passing(look):
                by_run[look.run][outlet.id].append(look)
    found: dict[int, tuple[int, int]] = {}
    dead: set[str] = set()
    for run in sorted(by_run):
        asked = {outlet_id: all(map(_unreached, looks)) for outlet_id, looks in by_run[run].items()}
        told = [failed for outlet_id, failed in asked.items() if outlet_id not in dead]
        if _is_ours(sum(told), len(told)):
            found[run] = (sum(told), len(told))
            continue
        dead = {name for name in dead if name not in asked} | {n for n, bad in asked.items() if bad}
    return found


def _is_ours(failed: int, asked: int) -> bool:
    return asked > 1 and (2 * failed > asked if asked > FEW_OUTLETS else failed == asked)


def _unreached(look: Look) -> bool:
    return look.outcome in _NETWORK or (
        look.outcome is VisitOutcome.POSTPONED and way_rules.passing(look) == "unreachable"
    )


def without(outlet: OutletSeen, runs: Collection[int]) -> OutletSeen:
    """What was seen of an outlet, without what failed because our own line was down."""
    ways = tuple(
        replace(way, looks=tuple(l for l in way.looks if l.run not in runs or not _unreached(l)))  # noqa: E741  # one line
        for way in outlet.ways
    )
    pages = tuple(_without_network(one) if one.run in runs else one for one in outlet.pages)
    return replace(outlet, ways=ways, pages=pages)


def _without_network(one: PagesSeen) -> PagesSeen:
    return replace(one, ends={k: n for k, n in one.ends.items() if k not in _PAGES_OF_NETWORK})


def _offline(
    outlets: Collection[OutletSeen], ours: Mapping[int, tuple[int, int]]
) -> Iterator[Trouble]:
    """One trouble of our own, as long as the last run had it."""
    times: dict[int, datetime] = {}
    for look in (look for outlet in outlets for way in outlet.ways for look in way.looks):
        times[look.run] = min(look.at, times.get(look.run, look.at))
    runs = sorted(times)
    if not runs or runs[-1] not in ours:
        return
    first = runs[-1]
    for run in reversed(runs):
        if run not in ours:
            break
        first = run
    failed, asked = ours[first]
    evidence = {"unreachable": failed, "asked": asked}
    yield Trouble("offline", OURSELVES, "", times[first], evidence)


# ---------------------------------------------------------------- ways


def _passing(outlet: OutletSeen) -> Iterator[Trouble]:
    """Faults that lasted over two visits: one trouble for each host, under the name it got first.

    A host fails as a whole or answers some of its addresses only: the evidence lists the ways.
    """
    by_host: defaultdict[str, list[tuple[WaySeen, list[Look]]]] = defaultdict(list)
    for way in outlet.ways:
        if looks := way_rules.streak(way.looks):
            by_host[way.host].append((way, looks))
    for host, failing in by_host.items():
        looks = _most_telling([looks for _, looks in failing])
        named = (one.kind for kind in _PASSING for one in outlet.open(kind) if one.subject == host)
        kind = next(named, way_rules.named(looks))
        evidence = {"ways": [way.url for way, _ in failing], "visits": len(looks)}
        told = way_rules.evidence_of(looks[0])
        since = min(looks[0].at for _, looks in failing)
        yield Trouble(kind, outlet.id, host, since, told | evidence)


def _most_telling(streaks: Sequence[list[Look]]) -> list[Look]:
    """Of ways of one host that fail in several manners, one that got an answer: the host lives.

    Which of them is asked first in a night is chance, and must not name the trouble.
    """
    order = _PASSING[1:] + _PASSING[:1]
    return min(streaks, key=lambda looks: (order.index(way_rules.named(looks)), looks[0].at))


def _at_once(outlet: OutletSeen) -> Iterator[Trouble]:
    """What the last answers of the ways say. A wall stands before all that asks through an egress,
    a certificate is its host's, and robots.txt may forbid several ways at once."""
    for way in outlet.ways:
        kind, look = way_rules.of_last_look(way), way_rules.state(way)
        if kind is None or look is None:
            continue
        subjects = {"blocked": look.egress, "certificate": way.host, "robots": ""}
        yield way_rules.trouble_at(way, outlet.id, kind, subjects.get(kind))


def _odd(outlet: OutletSeen) -> Iterator[Trouble]:
    """Ways that are read and odd all the same."""
    excused = [(one.since, one.until) for one in outlet.past if one.kind in NO_VOLUME]
    for way in outlet.ways:
        for kind in way_rules.of_signs(way):
            yield way_rules.trouble_at(way, outlet.id, kind)
        first = way_rules.overflowing(way, way_rules.usual_pace(way.looks), excused)
        if first is not None:
            gaps = [gap for gap in way.gaps if gap.noticed_at >= first.at]
            open_ = [gap for gap in gaps if gap.repaired_by is None]
            by = next((gap.repaired_by for gap in reversed(gaps) if gap.repaired_by), None)
            told: dict[str, object] = {"shown": first.seen, "not_repaired": len(open_)}
            told |= {"way": way.url, "gaps": len(gaps)} | ({"repaired_by": by} if by else {})
            yield Trouble("overflow", outlet.id, way.url, first.at, told)


def _follows(pages: Trouble, found: Sequence[Trouble]) -> bool:
    """Whether the trouble of pages is no cause of its own. A wall is: it may stand there too."""
    if pages.kind in ("blocked", "robots"):
        return False
    kinds = {one.kind for one in found}
    return bool(kinds & _ABOVE_PAGES) or pages.kind in kinds & {"redesigned", "foreign_links"}


# ---------------------------------------------------------------- silence


def _silences(
    outlet: OutletSeen, quiet: Collection[date], found: Sequence[Trouble]
) -> list[tuple[WaySeen, Silence]]:
    """How silent the ways are of which nothing else is wrong."""
    week = week_of(outlet, quiet)
    told = [
        (way, silence_of(way, quiet, outlet.zone, week))
        for way in outlet.ways
        if not any(_speaks_for(one, way) for one in found)
    ]
    return [(way, silence) for way, silence in told if silence is not None]


def _speaks_for(one: Trouble, way: WaySeen) -> bool:
    """Whether a trouble explains that a way brings nothing."""
    if one.kind in ("overflow", "trap", "pages_failing"):
        return False
    ways = one.evidence.get("ways")
    return one.evidence.get("way") == way.url or (isinstance(ways, list) and way.url in ways)


def _silent(outlet: OutletSeen, silences: Sequence[tuple[WaySeen, Silence]]) -> Iterator[Trouble]:
    """Ways that are silent for too long. Those that fell silent together have one cause: it is told
    of the busiest, or of the one of which it was told before."""
    open_ = {one.subject for one in outlet.open("frozen")}
    silent = [(way, one) for way, one in silences if one.too_long]
    silent.sort(key=lambda pair: (pair[0].url not in open_, pair[1].limit, pair[0].url))
    heads: list[tuple[WaySeen, Silence, list[str]]] = []
    for way, one in silent:
        head = next((h for h in heads if _together(h[1], one)), None)
        if head is None:
            heads.append((way, one, []))
        else:
            head[2].append(way.url)
    for way, one, others in heads:
        evidence: dict[str, object] = {
            "way": way.url,
            "newest": encode_time(one.newest),
            "hours": round(one.hours),
            "usual_hours": round(one.limit),
        }
        told = evidence | ({"also": others} if others else {})
        yield Trouble("frozen", outlet.id, way.url, one.since, told)


def _together(first: Silence, second: Silence) -> bool:
    return second.newest <= first.since and first.newest <= second.since


def _low(
    outlet: OutletSeen,
    quiet: Collection[date],
    found: Sequence[Trouble],
    silences: Sequence[tuple[WaySeen, Silence]],
) -> Iterator[Trouble]:
    """Too little, where nothing that is known explains it or may be about to."""
    if any(one.kind in NO_VOLUME for one in found):
        return
    if not outlet.open("volume_drop") and _is_suspect(silences):
        return
    low = low_of(outlet, quiet)
    if low is None:
        return
    evidence = {
        "from": low.first.isoformat(),
        "to": low.last.isoformat(),
        "seen": low.seen,
        "usual": round(low.expected),
    }
    yield Trouble("volume_drop", outlet.id, "", bounds(low.first, outlet.zone)[1], evidence)


def _read_worse(outlet: OutletSeen, found: Sequence[Trouble]) -> Iterator[Trouble]:
    """Articles that have less than those of the weeks before, where no redesign explains it."""
    open_ = next(iter(outlet.open("reading_worse")), None)
    caused = outlet.open("redesigned") or {one.kind for one in found} & _ABOVE_READING
    if not outlet.reads or (caused and open_ is None):
        return
    looks = [look.at for way in outlet.ways for look in way.looks]
    now = max([outlet.reads[-1].at, *looks])
    before = (open_.since, open_.subject.split(SUBJECT_MARK)) if open_ else None
    told = worse(outlet.reads, now, before)
    if told is not None:
        subject = open_.subject if open_ else SUBJECT_MARK.join(fall.what for fall in told.falls)
        evidence = {"falls": list(map(_fall_evidence, told.falls))}
        yield Trouble("reading_worse", outlet.id, subject, told.since, evidence)


def _fall_evidence(fall: Fall) -> dict[str, object]:
    usual = round(fall.usual, 3)
    return {"what": fall.what, "found": fall.found, "of": fall.of, "usual": usual}


def _is_suspect(silences: Sequence[tuple[WaySeen, Silence]]) -> bool:
    """Whether one of several busy ways may be about to be called silent, while others go on."""
    busy = [one for _, one in silences if one.limit <= BUSY]
    return len(silences) > 1 and any(one.hours >= SUSPECT * one.limit for one in busy)


def _merged(found: Sequence[Trouble]) -> list[Trouble]:
    """Each trouble once: of several ways with the same, the oldest tells, and lists the others."""
    by_name: defaultdict[tuple[str, str], list[Trouble]] = defaultdict(list)
    for one in found:
        by_name[one.kind, one.subject].append(one)
    merged = []
    for same in by_name.values():
        first = min(same, key=lambda one: one.since)
        ways = [one.evidence["way"] for one in same if "way" in one.evidence]
        told = {"ways": ways} if len(ways) > 1 else {}
        merged.append(replace(first, evidence={**first.evidence, **told}))
    return merged
