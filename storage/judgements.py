"""People's corrections: rows that are only ever added, and hold over whatever a reader says.

A judgement and what it changes are one transaction; every later write to the article honours it
(`storage.verdicts`). Of several on one matter the latest counts, until it is withdrawn.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from storage import article_view, coverage, judged_stories, overruled, verdicts
from storage.books import timezone_of
from storage.connection import Connection
from storage.errors import CannotJudge, UnknownArticle
from storage.judged_stories import StoryOf
from storage.judged_words import date_value, language_code, one_line
from storage.judgement_rows import Judgement, Kind, select
from storage.times import decode_optional, decode_time, encode_time, local_time, utc_now

UNKNOWN = overruled.UNKNOWN
_LONGEST = 2_000
_NAMED = """
SELECT DISTINCT m.actor_id FROM mentions m JOIN actors c ON c.id = m.actor_id
WHERE m.article_id = ? AND NOT c.suppress ORDER BY m.actor_id
"""
_STATE = """
SELECT a.published_at, a.published_precision, a.published_day, a.language, a.keep_rule,
       a.withdrawn, a.text_kept, a.settled, o.timezone
FROM articles a JOIN outlets o ON o.id = a.outlet_id WHERE a.id = ?
"""
_COUNTED = """
SELECT actor_id, count(*) AS mentions, sum(counted) AS counted FROM mentions
WHERE article_id = ? GROUP BY actor_id
"""


@dataclass(frozen=True, slots=True)
class State:
    """What of an article a judgement can change."""

    published_at: datetime | None
    published_precision: str
    published_day: str | None
    timezone: str
    language: str
    keep_rule: str
    left_out: bool
    text_kept: bool
    settled: bool  # otherwise its story is still to be worked out
    stories: dict[int, StoryOf] = field(default_factory=dict)  # of each article judged upon
    mentions: dict[str, int] = field(default_factory=dict)  # actor id -> found
    counted: dict[str, int] = field(default_factory=dict)  # actor id -> of these, counted


@dataclass(frozen=True, slots=True)
class Judged:
    """A judgement that was recorded, and the article before and after it."""

    judgement: Judgement
    before: State
    after: State
    actor: str | None = None  # the actor's name, for display
    other: Judgement | None = None  # that it supersedes; of a withdrawal, the one that now counts

    @property
    def unsettles(self) -> bool:
        """Whether stories have to be settled before anybody can say what it changed."""
        moved = self.before.settled and not self.after.settled
        return moved or (self.judgement.other_id is not None and not self.after.settled)


class JudgementStore:
    """The judgements of an archive."""

    def __init__(
        self,
        db: Connection,
        *,
        clock: Callable[[], datetime] = utc_now,
        find: Callable[[Connection, str], int | None] = article_view.find_id,
    ) -> None:
        """`find` knows an article by what people call it: a number or an address."""
        self._db = db
        self._clock = clock
        self._find = find

    def not_this(self, article: int | str, actor_id: str, *, who: str, why: str) -> Judged:
        """The name in this article is not this actor. Articles are named by number or URL.

        Raises UnknownArticle, and CannotJudge where the article does not name the actor.
        """
        return self._judge_actor(Kind.NOT_THIS, article, actor_id, (who, why))

    def is_this(self, article: int | str, actor_id: str, *, who: str, why: str) -> Judged:
        """The name in this article is this actor, also where it is ambiguous; else as not_this."""
        return self._judge_actor(Kind.IS_THIS, article, actor_id, (who, why))

    def date(self, article: int | str, value: str, *, who: str, why: str) -> Judged:
        """The article was published on this day or at this moment of the outlet's clocks.

        `value` is "2026-03-01", "2026-03-01T14:30" or "unknown". Raises UnknownArticle, and
        CannotJudge for what is no date or lies after the page was fetched.
        """
        article_id = self.article_id(article)
        return self._add(Kind.DATE, article_id, (who, why), value=self._date(article_id, value))

    def language(self, article: int | str, code: str, *, who: str, why: str) -> Judged:
        """The article is written in this language. Raises UnknownArticle and CannotJudge."""
        article_id = self.article_id(article)
        return self._add(Kind.LANGUAGE, article_id, (who, why), value=language_code(code))

    def leave_out(self, article: int | str, *, who: str, why: str) -> Judged:
        """The article is none of the study: it is still shown, and in no count, search or export.

        Raises UnknownArticle.
        """
        return self._add(Kind.LEAVE_OUT, self.article_id(article), (who, why))

    def same_story(self, article: int | str, other: int | str, *, who: str, why: str) -> Judged:
        """The two articles carry one text: they are in one story, whatever their words say.

        It counts from the next settling on; `settled` tells what it changed then. Raises
        UnknownArticle, and CannotJudge where both are the same article.
        """
        return self._judge_pair(Kind.SAME_STORY, (article, other), (who, why))

    def other_story(self, article: int | str, other: int | str, *, who: str, why: str) -> Judged:
        """The article is in no story that holds the other one; else as same_story."""
        return self._judge_pair(Kind.OTHER_STORY, (article, other), (who, why))

    def withdraw(self, number: int, *, who: str, why: str) -> Judged:
        """Take back an earlier judgement; raises CannotJudge where there is none to take back."""
        with self._db.write():
            taken = self._to_withdraw(number)
            said = {"actor_id": taken.actor_id, "withdraws": number}
            return self._add(Kind.WITHDRAW, taken.article_id, (who, why), taken.other_id, **said)

    def settled(self, judged: Judged) -> Judged:
        """The same judgement with its articles as they are now, after stories were settled."""
        return replace(judged, after=self._state(*judged.judgement.articles))

    def get(self, number: int) -> Judgement | None:
        """One judgement by its number, or None."""
        if number.bit_length() > 63:  # more than SQLite's integers hold
            return None
        return next(iter(select(self._db, number=number)), None)

    def active(self, article_id: int) -> list[Judgement]:
        """The judgements of an article that count, of each matter the latest; oldest first."""
        return [one for one in select(self._db, article=article_id) if one.active]

    def list(
        self,
        *,
        article_id: int | None = None,
        actor_id: str | None = None,
        everything: bool = False,
    ) -> list[Judgement]:
        """Judgements by number; with `everything` also withdrawn ones and withdrawals."""
        found = select(self._db, article=article_id, actor=actor_id)
        return [one for one in found if everything or one.stands]

    def _to_withdraw(self, number: int) -> Judgement:
        judgement = self.get(number)
        if judgement is None:
            raise CannotJudge(f"there is no judgement {number}", "unknown")
        if judgement.kind is Kind.WITHDRAW:
            raise CannotJudge(
                f"judgement {number} is itself a withdrawal; judge again instead", "withdrawal"
            )
        if judgement.withdrawn_by is not None:
            raise CannotJudge(
                f"judgement {number} was withdrawn already, by judgement {judgement.withdrawn_by}",
                "withdrawn",
            )
        return judgement

    def _judge_actor(
        self, kind: Kind, article: int | str, actor_id: str, author: tuple[str, str]
    ) -> Judged:
        article_id = self.article_id(article)
        named = [row["actor_id"] for row in self._db.all(_NAMED, (article_id,))]
        if actor_id not in named:
            others = f"; named in it: {', '.join(named)}" if named else "; it names nobody"
            raise CannotJudge(f"article {article_id} does not name {actor_id}{others}", "not_named")
        return self._add(kind, article_id, author, actor_id=actor_id)

    def _judge_pair(
        self, kind: Kind, articles: tuple[int | str, int | str], author: tuple[str, str]
    ) -> Judged:
        article_id, other_id = map(self.article_id, articles)
        if article_id == other_id:
            raise CannotJudge(f"both are article {article_id}: name another one beside it", "same")
        return self._add(kind, article_id, author, other_id)

    def _add(
        self,
        kind: Kind,
        article_id: int,
        author: tuple[str, str],
        other_id: int | None = None,
        **said: str | int | None,
    ) -> Judged:
        """Take a judgement down and have it hold, both or neither."""
        who, why = map(one_line, author)
        if not who or not why:
            raise CannotJudge("a judgement says who made it and why", "unsaid")
        if max(len(who), len(why)) > _LONGEST:  # it could never be taken out again
            raise CannotJudge(
                f"an author and a reason have at most {_LONGEST:,} characters", "too_long"
            )
        row: dict[str, str | int | None] = {
            "at": encode_time(self._clock()),
            "who": who,
            "why": why,
            "kind": kind,
        }
        row |= {"article_id": article_id, "other_id": other_id, **said}
        articles = (article_id,) if other_id is None else (article_id, other_id)
        with self._db.write():
            before, counted = self._state(*articles), self.active(article_id)
            number = self._db.insert("judgements", row)
            self._apply(articles)
            after = self._state(*articles)
        judgement = self.get(number)
        assert judgement is not None, "it was just recorded"
        sql = "SELECT name FROM actors WHERE id = ?"
        name = self._db.value(sql, (judgement.actor_id,))
        return Judged(judgement, before, after, name, self._other(judgement, counted))

    def _apply(self, articles: tuple[int, ...]) -> None:
        """Have the judgements of the first article hold, and the pair's stories worked out anew."""
        article_id, days = articles[0], self._days(articles[0])
        verdicts.lift(self._db, article_id)
        verdicts.lay(self._db, article_id)
        coverage.recount(self._db, days | self._days(article_id))
        if len(articles) > 1:
            judged_stories.unsettle(self._db, *articles)

    def _other(self, judgement: Judgement, counted: Sequence[Judgement]) -> Judgement | None:
        """The judgement on the same matter that counted before; of a withdrawal, counts now."""
        matter = judgement.matter
        if judgement.withdraws is not None:
            taken = self.get(judgement.withdraws)
            assert taken is not None, "it was there to be withdrawn"
            matter, counted = taken.matter, self.active(judgement.article_id)
        return next((one for one in counted if one.matter == matter), None)

    def article_id(self, wanted: int | str) -> int:
        """The number of the article with this number or address. Raises UnknownArticle."""
        article_id = self._find(self._db, str(wanted))
        if article_id is None:
            raise UnknownArticle(wanted)
        return article_id

    def _date(self, article_id: int, text: str) -> str:
        value = date_value(text)
        if value == UNKNOWN:
            return UNKNOWN
        sql = "SELECT outlet_id, fetched_at FROM articles WHERE id = ?"
        row = self._db.one(sql, (article_id,))
        assert row is not None, "the article was found"
        zone_name = timezone_of(self._db, row["outlet_id"])
        fetched_at, at = decode_time(row["fetched_at"]), overruled.starts_at(value, zone_name)
        if at > self._clock():
            raise CannotJudge(f"{value} lies in the future", "future")
        if at > fetched_at:
            seen = f"{local_time(fetched_at, zone_name):%Y-%m-%d %H:%M}"
            raise CannotJudge(
                f"{value} is after the page was fetched ({seen}, {zone_name})", "after_fetch"
            )
        return value

    def _days(self, article_id: int) -> set[tuple[str, str]]:
        """The days of coverage under which the article counts."""
        sql = "SELECT outlet_id, day FROM candidates WHERE article_id = ?"
        return {(row["outlet_id"], row["day"]) for row in self._db.all(sql, (article_id,))}

    def _state(self, article_id: int, *others: int) -> State:
        row = self._db.one(_STATE, (article_id,))
        if row is None:
            raise UnknownArticle(article_id)
        rows = self._db.all(_COUNTED, (article_id,))
        return State(
            published_at=decode_optional(row["published_at"]),
            published_precision=row["published_precision"],
            published_day=row["published_day"],
            timezone=row["timezone"],
            language=row["language"],
            keep_rule=row["keep_rule"],
            left_out=bool(row["withdrawn"]),
            text_kept=bool(row["text_kept"]),
            settled=bool(row["settled"]),
            stories={one: judged_stories.story_of(self._db, one) for one in (article_id, *others)},
            mentions={one["actor_id"]: one["mentions"] for one in rows},
            counted={one["actor_id"]: one["counted"] for one in rows},
        )
