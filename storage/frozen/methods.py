"""The paragraph on methods that a paper needs, written from the facts of a set."""

from __future__ import annotations

from storage.bidi import isolated
from storage.frozen.records import Facts, Snapshot
from storage.frozen.wording import Language, listed, say

_UNKNOWN = "unknown"


def paragraph(snapshot: Snapshot, language: Language = "en", withdrawn: int = 0) -> str:
    """One paragraph in English, French or Arabic; `withdrawn` are the rows that are told no more.

    The same set gives the same words: everything comes from what was frozen with it.
    """
    facts = snapshot.facts
    sentences = [
        _set(snapshot, language),
        _size(snapshot, language),
        _period(facts, language),
        _found(facts, language),
        _actors(facts, language),
        say(language, "m_judged", judgements=_counts(facts["judgements"], language)),
        _watched(facts, language),
        _limits(facts, language),
    ]
    if withdrawn:
        sentences.append(say(language, "m_withdrawn", withdrawn=withdrawn))
    return " ".join(sentences)


def question(snapshot: Snapshot, language: Language) -> str:
    """What was asked, as names and values; in words where everything was."""
    pairs = [f"{name}={isolated(value)}" for name, value in snapshot.parameters]
    return "“" + " & ".join(pairs) + "”" if pairs else f"({say(language, 'everything')})"


def ways(found_by: dict[str, int], language: Language) -> str:
    """Ways of finding, the one of most articles first."""
    most = sorted(found_by.items(), key=lambda pair: (-pair[1], pair[0]))
    return listed(language, [f"{say(language, name)} ({number:,})" for name, number in most])


def share(part: float | None, language: Language) -> str:
    """A share in per cent, cut and not rounded up: a little less than all is never called all."""
    return say(language, _UNKNOWN) if part is None else f"{int(part * 1000) / 10:.1f}%"


def blocked(facts: Facts, language: Language) -> str:
    """The outlets that refused to be read, by name."""
    return listed(language, [isolated(one["name"]) for one in facts["outlets"] if one["blocked"]])


def _set(snapshot: Snapshot, language: Language) -> str:
    return say(
        language,
        "m_set",
        name=snapshot.name,
        day=f"{snapshot.made_at:%Y-%m-%d}",
        time=f"{snapshot.made_at:%H:%M}",
        version=snapshot.facts["versions"]["marsad"],
        digest=f"{snapshot.short_digest}…",
    )


def _size(snapshot: Snapshot, language: Language) -> str:
    facts = snapshot.facts
    having = [one for one in facts["outlets"] if one["articles"]]
    return say(
        language,
        "m_size",
        question=question(snapshot, language),
        articles=facts["rows"]["articles"],
        stories=facts["stories"],
        outlets=len(having),
        countries=listed(language, sorted({one["country"] for one in having})),
    )


def _period(facts: Facts, language: Language) -> str:
    period = facts["period"]
    if period["first"] is None:
        return say(language, "m_no_period")
    values = {name: period[name] for name in ("first", "last", "undated")}
    return say(language, "m_period", **values)


def _found(facts: Facts, language: Language) -> str:
    readers = listed(language, sorted(facts["versions"]["readers"]))
    return say(language, "m_found", ways=ways(facts["found_by"], language), readers=readers)


def _actors(facts: Facts, language: Language) -> str:
    versions = facts["versions"]
    return say(
        language,
        "m_actors",
        watched=versions["watchlist_actors"],
        watchlist=f"{versions['watchlist'][:12]}…",
        fold=str(versions["fold"]),
        actors=facts["actors"],
        mentions=facts["rows"]["mentions"],
    )


def _watched(facts: Facts, language: Language) -> str:
    watched, period = facts["watched"], facts["period"]
    if period["asked_first"] is None:
        return say(language, "m_not_watched")
    return say(
        language,
        "m_watched",
        first=period["asked_first"],
        last=period["asked_last"],
        share=share(watched["share_seen"], language),
        asked=len(facts["outlets"]),
        blind=watched["blind_days"],
        unwatched=watched["unwatched_days"],
    )


def _limits(facts: Facts, language: Language) -> str:
    outlets = facts["outlets"]
    return say(
        language,
        "m_limits",
        incomplete=facts["incomplete"],
        blocked=blocked(facts, language),
        unaligned=sum(one["alignment"] == _UNKNOWN for one in outlets),
        asked=len(outlets),
    )


def _counts(counted: dict[str, int], language: Language) -> str:
    return listed(language, [f"{name} {number:,}" for name, number in sorted(counted.items())])
