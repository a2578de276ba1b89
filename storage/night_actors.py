"""Which actors were in the news of a night, against their usual: what is counted, and the rule.

Counted are new articles of the night that appeared in it or on the day before, with mentions as
every count has them: nothing ambiguous, nothing that a person judged to be somebody else, nobody
who is hidden. Usual is the mean of the comparable nights of the last four weeks: those that lay a
day after the one before, and in which nearly the same outlets could be read. Nights before an
actor was watched with its present forms are not compared.

More than usual is told of an actor with at least three stories, where chance alone would bring so
many less than once in a thousand nights (Poisson, with one story added to what was usual). Stories
are counted and not articles: thirty reprints of one text are one thing that happened. What the
night before had found and left unread is counted, and makes nothing more than usual.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from sqlite3 import Row

from storage.actors import Gap, gaps
from storage.connection import Connection
from storage.night_collected import NEW, NEWS
from storage.night_pictures import Looked
from storage.night_records import ActorNight, Night, Usual
from storage.rows import dump
from storage.times import encode_time

FEWEST_NIGHTS = 7
"""Comparable nights below which nothing is called usual."""
FEWEST_STORIES = 3
RARE = 1 / 1000
ALIKE = 0.8
"""Share of two nights' outlets that could be read in both, from which on the nights compare."""
MOST_BLIND = 0.25
SHORTEST, LONGEST = timedelta(hours=18), timedelta(hours=30)
"""How long a night reaches back, to be a night like others."""

_NAMED = """
SELECT n.value ->> 1 AS night, m.actor_id, w.name, count(DISTINCT a.id) AS articles,
  count(DISTINCT a.story_id) AS stories,
  count(DISTINCT a.story_id) FILTER (WHERE c.found_at >= n.value ->> 3) AS found
FROM json_each(:nights) n
CROSS JOIN outcomes o ON o.run_id = n.value ->> 0
CROSS JOIN candidates c ON c.id = o.candidate_id
CROSS JOIN articles a ON a.id = o.article_id
CROSS JOIN mentions m ON m.article_id = a.id
CROSS JOIN actors w ON w.id = m.actor_id
WHERE o.outcome IN (SELECT value FROM json_each(:new)) AND NOT a.withdrawn
  AND a.appeared_at >= n.value ->> 2 AND m.counted AND NOT w.suppress AND w.kind != 'term'
GROUP BY night, m.actor_id
"""


@dataclass(frozen=True, slots=True)
class Compared:
    """The actors of a night, and with how many other nights it was compared."""

    actors: tuple[ActorNight, ...]
    nights: int
    why_not: str = ""


def compared(db: Connection, nights: Sequence[Night], looks: Sequence[Looked]) -> Compared:
    """The actors named in the first of the nights against the others, the latest first."""
    why_not = _why_not(nights[0], looks[0])
    alike = [] if why_not else _comparable(nights, looks)
    rows = _named(db, {0: nights[0], **{n: nights[n] for n in alike}})
    named: defaultdict[str, dict[int, Row]] = defaultdict(dict)
    for row in rows:
        named[row["actor_id"]][row["night"]] = row
    tonight = {actor_id: of for actor_id, of in named.items() if 0 in of}
    since = gaps(db, list(tonight))
    found = [
        _actor(of, _since(nights, alike, since.get(actor_id)), why_not, watched=actor_id in since)
        for actor_id, of in tonight.items()
    ]
    found.sort(key=lambda one: (not one.more, -one.articles, -one.stories, one.name, one.actor_id))
    return Compared(tuple(found), len(alike), why_not)


def is_more(stories: int, usual: int, nights: int) -> bool:
    """Whether so many stories of a night are more than usual, after `usual` in all of `nights`.

    >>> is_more(3, 0, 14), is_more(5, 28, 14), is_more(9, 28, 14)
    (True, False, True)
    """
    if stories < FEWEST_STORIES or nights < FEWEST_NIGHTS:
        return False
    return by_chance(stories, (usual + 1) / nights) < RARE


def by_chance(number: int, mean: float) -> float:
    """How likely at least so many are where `mean` are usual (Poisson); `mean` is over 0.

    >>> round(by_chance(1, 0.5), 4)
    0.3935
    """
    fewer = (math.exp(n * math.log(mean) - mean - math.lgamma(n + 1)) for n in range(number))
    return max(0.0, 1.0 - math.fsum(fewer))


def _why_not(night: Night, look: Looked) -> str:
    """Why a night is like no other one, in words; or empty."""
    if night.first:
        return "it is the first night"
    if not SHORTEST <= night.at - night.since <= LONGEST:
        hours = round((night.at - night.since).total_seconds() / 3600)
        return f"the night before looked {hours} hours earlier, so this one is not like others"
    asked = len(look.read) + len(look.blind)
    if not asked or len(look.blind) > MOST_BLIND * asked:
        return "too many outlets could not be read"
    return ""


def _comparable(nights: Sequence[Night], looks: Sequence[Looked]) -> list[int]:
    """The numbers of the nights that compare with the first one."""
    mine = looks[0].read
    return [
        number
        for number in range(1, len(nights))
        if not _why_not(nights[number], looks[number])
        and len(mine & looks[number].read) >= ALIKE * len(mine | looks[number].read)
    ]


def _since(nights: Sequence[Night], alike: Sequence[int], gap: Gap | None) -> list[int]:
    """Of the comparable nights, those in which an actor was watched with its present forms."""
    return [number for number in alike if gap is None or nights[number].since >= gap.since]


def _named(db: Connection, nights: Mapping[int, Night]) -> list[Row]:
    runs = [
        (run, number, encode_time(night.since - NEWS), encode_time(night.told_to))
        for number, night in nights.items()
        for run in night.runs
    ]
    return db.all(_NAMED, {"nights": dump(runs), "new": dump(sorted(NEW))})


def _actor(
    of: Mapping[int, Row], alike: Sequence[int], why_not: str, *, watched: bool
) -> ActorNight:
    tonight, number = of[0], len(alike)
    articles, stories = (
        sum(of[night][what] for night in alike if night in of) for what in ("articles", "stories")
    )
    told = (tonight["actor_id"], tonight["name"], tonight["articles"], tonight["stories"])
    if number < FEWEST_NIGHTS:
        lately = f"{number} of {FEWEST_NIGHTS} comparable nights" + (
            " since its forms changed" if watched else ""
        )
        return ActorNight(*told, why_not=why_not or lately)
    usual = Usual(number, articles / number, stories / number)
    return ActorNight(*told, usual, is_more(tonight["found"], stories, number))
