"""An article to judge, and how often it is counted by every question that counts."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from exported import exported

from storage.desk.questions import Question
from storage.judgements import JudgementStore
from storage.models import Mention, Precision
from storage.search import SearchFilters

if TYPE_CHECKING:
    from tests.storage.conftest import Desk

NAMED = Mention("ma_jamiya", 0, 2, "نص", "نص", "auto", label="الجمعية", label_start=3)
DOUBTFUL = Mention("iq_person", 3, 8, "الخبر", "الخبر", "auto", ambiguous=True)
TERM = Mention("term_activist", 3, 8, "الخبر", "الخبر", "auto")
READ_AT = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
MADE = {"who": "coding desk", "why": "read by a person"}


def judged_desk(desk: Desk) -> JudgementStore:
    """An article that names an association, and a person ambiguously; and who judges it."""
    desk.store(
        "1",
        mentions=(NAMED, DOUBTFUL),
        keep_rule="actor",
        published_at=READ_AT,
        published_precision=Precision.MINUTE,
        methods=(("published_at", "meta"),),
        language_score=0.9,
    )
    return JudgementStore(desk.db, clock=desk.clock)


def counted(desk: Desk, actor: str = "ma_jamiya") -> dict[str, int]:
    """How often an actor is counted by every question that counts."""
    only = SearchFilters(actor=actor)
    only_asked = Question(filters=only)
    return {
        "search": len(desk.db.search("", filters=only)),
        "search_words": len(desk.db.search("الخبر", filters=only)),
        "count": desk.db.count("الخبر", filters=only),
        "stories": desk.db.count("الخبر", filters=only, per="story"),
        "search_stories": len(desk.db.search("", filters=only, per="story")),
        "query": desk.db.count(f"الخبر actor:{actor}"),
        "query_alone": len(desk.db.search(f"actor:{actor}", newest=True)),
        "articles": len(list(desk.db.articles(actor=actor))),
        "mentions": len(list(desk.db.mentions(actor=actor))),
        "attention": sum(int(str(row["count"])) for row in desk.db.attention(actor=actor)),
        "attention_stories": sum(
            int(str(row["stories"])) for row in desk.db.attention(actor=actor)
        ),
        "export_articles": len(exported(desk.db, "articles", only_asked)),
        "export_mentions": len(exported(desk.db, "mentions", only_asked)),
        "report": sum(n for one, _, n, _ in desk.runs.report(1).actors if one == actor),
        "report_stories": sum(n for one, *_, n in desk.runs.report(1).actors if one == actor),
    }


def article(desk: Desk, article_id: int = 1) -> dict[str, Any]:
    found = desk.articles.get(article_id)
    assert found is not None
    return found


def rows_of(desk: Desk, kind: str) -> list[dict[str, str]]:
    """What an export of the whole archive says."""
    return exported(desk.db, kind)
