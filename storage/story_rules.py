"""The rules by which articles are one story: a pure function of texts, order and judgements.

Read top to bottom: when two texts are a pair, and how a connected group of pairs is parted into
stories. Where the figures come from, and what was refused, is told in docs/decisions/011.
"""

from __future__ import annotations

from bisect import insort
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

WINDOW_HOURS = 72
"""Between two texts of one story; real copies lie 8 hours apart, 19 of 20 at most 31."""
FILTER_DAYS = 30
FILTER_TIMES = 3
"""What was printed on this many of the `FILTER_DAYS` days before is part of a form, no evidence."""
NEAR_WORDS = 20
"""Texts of no more words are one story only where they are equal under equal headlines."""
SHARED = 2  # fingerprints, at least
THRESHOLD = 0.13
"""Jaccard of the fingerprints that are evidence, for one article to follow another."""
RELATED = THRESHOLD / 2
CONTAINS = 0.5
"""Of the smaller text's fingerprints in the larger: it holds the text, and more."""
REPEATED_JACCARD = 0.6
REPEATED_CONTAINMENT = 0.8
"""An outlet prints a dispatch once: a second one of its own nearly repeats or extends it."""
CONTRARY, CONTRARY_REPEATED = 0.2, 0.5
"""Of a story's recent members, the share that may be taken for another filling of the same form:
more of them where the newcomer repeats one nearly word for word."""
ROUNDUP_JACCARD = 0.3
ROUNDUP_EVEN = 0.6
"""What shares less than the first with any text, and about as much of it with two stories that
have nothing in common, tells of both; so does what shares something with three such stories: a
roundup is of none."""
RECENT = 12
"""Members of a story that a newcomer is held against, the last ones within the window."""
AGREEING = 0.5  # of these, the share that must be related to the newcomer


@dataclass(frozen=True, slots=True)
class Pair:
    """What two texts share: `jaccard` of both, `containment` of the smaller one.

    `contrary` says that they are two fillings of one form all the same, or different news with the
    same background.
    """

    jaccard: float
    containment: float
    contrary: bool = False

    @property
    def counts(self) -> bool:
        """Whether it is worth keeping."""
        return self.jaccard >= RELATED or self.containment >= CONTAINS

    @property
    def much(self) -> bool:
        """Whether the words of one are nearly all in the other."""
        return self.jaccard >= REPEATED_JACCARD or self.containment >= REPEATED_CONTAINMENT

    @property
    def repeats(self) -> bool:
        """Whether one repeats or extends the other."""
        return self.much and not self.contrary


SAME = Pair(1.0, 1.0)
_NOTHING = Pair(0.0, 0.0)


@dataclass(frozen=True)
class Member:
    """An article as the rules see it. `exact` is None where the text is too short to be evidence.

    `at` is when it appeared, in seconds.
    """

    id: int
    at: int
    outlet_id: str
    url_key: str
    exact: bytes | None = None

    @property
    def place(self) -> tuple[int, str, str]:
        """Its place in the order of all articles."""
        return (self.at, self.outlet_id, self.url_key)


def is_kept(one: Member, other: Member, pair: Pair) -> bool:
    """Whether a pair says something: twins are known as such, and an outlet's texts are alike.

    (Its follow-ups tell the same background again.)
    """
    if one.exact is not None and one.exact == other.exact:
        return False
    return pair.much if one.outlet_id == other.outlet_id else pair.counts


@dataclass(frozen=True)
class Judged:
    """What people said: articles of one story, and articles kept out of another's story."""

    joined: Collection[tuple[int, int]] = ()
    parted: Collection[tuple[int, int]] = ()

    @cached_property
    def apart(self) -> Mapping[int, frozenset[int]]:
        """For each article, those that must not be in its story."""
        found: defaultdict[int, set[int]] = defaultdict(set)
        for one, other in self.parted:
            found[one].add(other)
            found[other].add(one)
        return {number: frozenset(others) for number, others in found.items()}

    @cached_property
    def kept_out(self) -> frozenset[int]:
        """The articles that are to go elsewhere."""
        return frozenset(one for one, _ in self.parted)


def partition(
    members: Iterable[Member], pairs: Mapping[tuple[int, int], Pair], judged: Judged
) -> list[list[Member]]:
    """The stories of a group of articles, each in order, that no pair leads out of.

    Each goes to the story of the article that it is most like, if that story takes it, else to
    the next one's; else it begins a story. Those that a person keeps out of a story go last, so
    that the others stay together.
    """
    placing = _Placing(pairs, judged)
    for member in sorted(members, key=lambda one: (one.id in judged.kept_out, one.place)):
        placing.place(member)
    for one, other in sorted(judged.joined):
        placing.join(one, other)
    return placing.stories()


@dataclass(eq=False)
class _Story:
    members: list[Member] = field(default_factory=list)  # in order

    def add(self, member: Member) -> None:
        insort(self.members, member, key=lambda one: one.place)

    def recent(self, at: int) -> list[Member]:
        """The last ones that a newcomer's text could have been compared with."""
        near = (one for one in reversed(self.members) if abs(one.at - at) <= WINDOW_HOURS * 3600)
        return [one for one, _ in zip(near, range(RECENT), strict=False)]


class _Placing:
    """Stories under way: each article in turn finds its own."""

    def __init__(self, pairs: Mapping[tuple[int, int], Pair], judged: Judged) -> None:
        self.judged = judged
        self.near: defaultdict[int, dict[int, Pair]] = defaultdict(dict)
        for (one, other), pair in pairs.items():
            self.near[one][other] = self.near[other][one] = pair
        self.members: dict[int, Member] = {}
        self.story_of: dict[int, _Story] = {}
        self.texts: defaultdict[bytes, list[Member]] = defaultdict(list)

    def stories(self) -> list[list[Member]]:
        return [story.members for story in dict.fromkeys(self.story_of.values())]

    def place(self, member: Member) -> None:
        story = self._found(member) or _Story()
        story.add(member)
        self.members[member.id], self.story_of[member.id] = member, story
        if member.exact is not None:
            self.texts[member.exact].append(member)

    def join(self, one: int, other: int) -> None:
        """Make one story of two, unless a person keeps any of the one out of the other."""
        if not {one, other} <= self.story_of.keys():
            return
        to, gone = self.story_of[one], self.story_of[other]
        if to is gone or any(self._kept_apart(to, member) for member in gone.members):
            return
        for member in gone.members:
            to.add(member)
            self.story_of[member.id] = to

    def _found(self, member: Member) -> _Story | None:
        for twin in self.texts[member.exact] if member.exact is not None else ():
            if not self._kept_apart(self.story_of[twin.id], member):
                return self.story_of[twin.id]
        placed = self._best_first(member)
        if self._is_roundup(member, placed):
            return None
        tried: set[int] = set()
        for other in placed:
            story, pair = self.story_of[other.id], self.near[member.id][other.id]
            if pair.jaccard < THRESHOLD or pair.contrary or id(story) in tried:
                continue
            if self._takes(story, member):
                return story
            tried.add(id(story))
        return None

    def _best_first(self, member: Member) -> list[Member]:
        """Those placed already that it is a pair with; of equals, the earliest first."""
        near = self.near[member.id]
        placed = [self.members[number] for number in near if number in self.members]
        return sorted(
            placed, key=lambda one: (-near[one.id].jaccard, -near[one.id].containment, one.place)
        )

    def _is_roundup(self, member: Member, placed: Sequence[Member]) -> bool:
        """Whether it tells of another story about as much as of the best, or of two more.

        (Texts that share something with the best one are of its story, or tell its background.)
        """
        near = self.near[member.id]
        if not placed or near[placed[0].id].jaccard >= ROUNDUP_JACCARD:
            return False
        best = placed[0]
        tells = (one for one in placed[1:] if not near[one.id].contrary)
        others = [one for one in tells if self._strange(one, best)]
        if not others:
            return False
        even = near[others[0].id].jaccard >= ROUNDUP_EVEN * near[best.id].jaccard
        return even or any(self._strange(one, others[0]) for one in others[1:])

    def _strange(self, one: Member, other: Member) -> bool:
        """Whether two articles are in different stories and have nothing in common."""
        return (
            one.id not in self.near[other.id]
            and self.story_of[one.id] is not self.story_of[other.id]
        )

    def _takes(self, story: _Story, member: Member) -> bool:
        if self._kept_apart(story, member) or self._printed_before(story, member):
            return False
        recent = [self._between(member, one) for one in story.recent(member.at)]
        contrary = sum(pair.contrary for pair in recent)
        most = CONTRARY_REPEATED if any(pair.repeats for pair in recent) else CONTRARY
        if contrary > most * len(recent):
            return False
        return sum(pair.jaccard >= RELATED for pair in recent) >= AGREEING * len(recent)

    def _kept_apart(self, story: _Story, member: Member) -> bool:
        apart = self.judged.apart.get(member.id)
        return apart is not None and any(one.id in apart for one in story.members)

    def _printed_before(self, story: _Story, member: Member) -> bool:
        """Whether its outlet has another article in the story, and none that this one repeats."""
        own = [one for one in story.members if one.outlet_id == member.outlet_id]
        return bool(own) and not any(self._between(member, one).repeats for one in own)

    def _between(self, one: Member, other: Member) -> Pair:
        if one.exact is not None and one.exact == other.exact:
            return SAME
        return self.near[one.id].get(other.id, _NOTHING)
