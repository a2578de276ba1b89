"""What people say of stories: which articles carry one text, and which do not.

A judgement is about two articles, and which of them is named first makes no difference to what
it is about: of several on one pair the latest counts. Stories are worked out from these pairs and
the texts, so a judgement holds over every later settling and rebuilding.
"""

from __future__ import annotations

from dataclasses import dataclass

from storage.connection import Connection

Pairs = frozenset[tuple[int, int]]

_PAIRS = """
SELECT j.kind, j.article_id, j.other_id FROM judgements j
WHERE j.other_id IS NOT NULL AND j.kind != 'withdraw'
  AND NOT EXISTS (SELECT 1 FROM judgements w WHERE w.withdraws = j.id)
ORDER BY j.id
"""
_STORY = """
SELECT a.story_id, f.headline,
  (SELECT count(*) FROM articles s WHERE s.story_id = a.story_id AND NOT s.withdrawn) AS articles
FROM articles a JOIN articles f ON f.id = a.story_id WHERE a.id = ?
"""


@dataclass(frozen=True, slots=True)
class StoryOf:
    """The story that an article is in: its number, its first headline, how many carry it."""

    story_id: int
    headline: str
    articles: int


def pairs(db: Connection) -> tuple[Pairs, Pairs]:
    """The pairs of articles that people joined, and those that they parted.

    Of a parted pair the first article is kept out of the story that holds the second one. Of a
    joined pair the smaller number comes first.
    """
    latest: dict[tuple[int, int], tuple[str, int, int]] = {}
    for row in db.all(_PAIRS):
        latest[_pair(row["article_id"], row["other_id"])] = tuple(row)
    joined = (pair for pair, (kind, *_) in latest.items() if kind == "same_story")
    parted = ((one, other) for kind, one, other in latest.values() if kind == "other_story")
    return frozenset(joined), frozenset(parted)


def unsettle(db: Connection, *article_ids: int) -> None:
    """Have the places of these articles among the stories worked out again."""
    db.executemany("UPDATE articles SET settled = 0 WHERE id = ?", ((one,) for one in article_ids))


def story_of(db: Connection, article_id: int) -> StoryOf:
    """The story that an article is in, as it was settled last."""
    row = db.one(_STORY, (article_id,))
    assert row is not None, "every article is of a story, and its first one is there"
    return StoryOf(row["story_id"], row["headline"], row["articles"])


def _pair(one: int, other: int) -> tuple[int, int]:
    return (one, other) if one < other else (other, one)
