"""The datasheet of a set in Markdown: what it holds, how it came about, and what is not in it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from storage.bidi import isolated
from storage.frozen import methods
from storage.frozen.records import Facts, OutletFacts, Snapshot
from storage.frozen.wording import Language, listed, number, say, told

_MARKS = re.compile(r"([\\`*_{}\[\]<>|#~&!])")
_COLUMNS = (
    "d_outlet", "d_country", "d_kind", "d_alignment", "d_articles", "d_ways", "d_completeness",
    "d_share", "d_blind", "d_unwatched", "d_incomplete",
)  # fmt: skip
Rows = Iterable[Sequence[object]]


def datasheet(snapshot: Snapshot, language: Language = "en", withdrawn: int = 0) -> str:
    """All that is known of a set; `withdrawn` are the rows that are told no more.

    What outlets and people wrote stands in it as text: no mark of theirs is Markdown.
    """
    return _Sheet(snapshot, language, withdrawn).text()


def plain(text: object) -> str:
    """Words of others on one line, with no meaning to Markdown and in their own direction.

    >>> plain("a|b <i>")
    'a\\\\|b \\\\<i\\\\>'
    """
    return _MARKS.sub(r"\\\1", isolated(str(text)))


@dataclass(frozen=True, slots=True)
class _Sheet:
    snapshot: Snapshot
    language: Language
    withdrawn: int

    def text(self) -> str:
        title = self._say("d_title", name=plain(self.snapshot.name))
        parts = [f"# {title}", methods.paragraph(self.snapshot, self.language, self.withdrawn)]
        parts[1] = _MARKS.sub(r"\\\1", parts[1])
        for heading, body in self._sections():
            parts += [f"## {self._say(heading)}", body]
        return "\n\n".join(parts) + "\n"

    def _sections(self) -> Iterator[tuple[str, str]]:
        facts = self.snapshot.facts
        yield "d_what", self._pairs(self._what())
        yield "d_counts", self._pairs(self._counts())
        yield "d_outlets", _table([self._say(name) for name in _COLUMNS], self._outlets())
        yield "d_coverage", _list(plain(line.strip()) for line in facts["watched"]["header"])
        yield "d_unseen", _list(self._unseen())
        yield "d_judged", self._named(facts["judgements"])
        yield "d_incomparable", self._incomparable()
        yield "d_versions", self._pairs(self._versions())
        yield "d_since", self._say("d_since_text", withdrawn=self.withdrawn)

    def _what(self) -> Rows:
        one, period = self.snapshot, self.snapshot.facts["period"]
        yield "d_name", plain(one.name)
        yield "d_digest", f"`{one.digest}`"
        yield "d_made", f"{one.made_at:%Y-%m-%d %H:%M:%S} UTC"
        yield "d_who", plain(one.who)
        yield "d_why", plain(one.why)
        yield "d_question", plain(methods.question(one, self.language))
        first, last = period["first"], period["last"]
        yield "d_period", f"{first} – {last}" if first else self._say("unknown")
        yield "d_undated", period["undated"]

    def _counts(self) -> Rows:
        facts = self.snapshot.facts
        yield "d_articles", facts["rows"]["articles"]
        yield "d_stories", facts["stories"]
        yield "d_mentions", facts["rows"]["mentions"]
        yield "d_actors", facts["actors"]
        yield "d_edits", facts["rows"]["edits"]
        yield "d_languages", self._named(facts["languages"])
        yield "d_ways", methods.ways(facts["found_by"], self.language)
        yield "d_unaligned", _unaligned(facts)

    def _outlets(self) -> Rows:
        for one in self.snapshot.facts["outlets"]:
            yield (
                f"{plain(one['name'])} ({plain(one['id'])})",
                plain(one["country"]),
                plain(one["kind"]),
                plain(one["alignment"]),
                one["articles"],
                methods.ways(one["found_by"], self.language),
                one["completeness"],
                methods.share(one["share_seen"], self.language),
                one["blind_days"],
                one["unwatched_days"],
                one["incomplete"],
            )

    def _unseen(self) -> Iterator[str]:
        facts = self.snapshot.facts
        for name in ("d_print", "d_tv", "d_social", "d_comments"):
            yield self._say(name)
        yield self._say("d_paywalled", incomplete=facts["incomplete"], not_kept=facts["not_kept"])
        outlets = facts["outlets"]
        yield self._say("d_blocked", outlets=self._names(outlets, "blocked"))
        yield self._say("d_never", outlets=self._names(outlets, "never_visited"))
        blind = [one["declared_blind"] for one in outlets if one["declared_blind"]]
        yield self._say("d_declared", outlets=listed(self.language, list(map(plain, blind))))
        yield self._say("d_waiting", unsettled=facts["unsettled"], unindexed=facts["unindexed"])

    def _names(self, outlets: list[OutletFacts], flag: str) -> str:
        named = [plain(one["name"]) for one in outlets if one[flag]]  # type: ignore[literal-required]  # two of its flags
        return listed(self.language, named)

    def _versions(self) -> Rows:
        versions = self.snapshot.facts["versions"]
        yield "Marsad", plain(versions["marsad"])
        yield "SQLite", plain(versions["sqlite"])
        yield "d_schema", plain(versions["schema"])
        yield "d_reader", self._named(versions["readers"])
        yield "d_fold", versions["fold"]
        since = versions["watchlist_since"] or self._say("unknown")
        watched = number(versions["watchlist_actors"])
        yield "d_watchlist", f"`{versions['watchlist']}`; {watched}; {since}"

    def _incomparable(self) -> str:
        gaps = self.snapshot.facts["incomparable"]
        named = [f"{plain(one['actor_id'])} ({one['since']})" for one in gaps]
        return listed(self.language, [told(self.language, one) for one in named])

    def _named(self, counted: dict[str, int]) -> str:
        most = sorted(counted.items(), key=lambda pair: (-pair[1], pair[0]))
        return listed(self.language, [f"{plain(name)} {number(many)}" for name, many in most])

    def _pairs(self, rows: Rows) -> str:
        pairs = ((self._label(str(key)), told(self.language, value)) for key, value in rows)
        return _list(f"**{key}**: {value}" for key, value in pairs)

    def _label(self, key: str) -> str:
        return self._say(key) if key.startswith("d_") else key

    def _say(self, key: str, **values: object) -> str:
        return say(self.language, key, **values)


def _unaligned(facts: Facts) -> str:
    """How many articles, and which part of all."""
    every = facts["rows"]["articles"]
    some = sum(one["articles"] for one in facts["outlets"] if one["alignment"] == "unknown")
    return f"{some:,}" + (f" ({some / every:.1%})" if every else "")


def _list(lines: Iterable[str]) -> str:
    return "\n".join(f"- {line}" for line in lines)


def _table(names: Sequence[str], rows: Rows) -> str:
    lines = [names, ["---"] * len(names), *([number(cell) for cell in row] for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
