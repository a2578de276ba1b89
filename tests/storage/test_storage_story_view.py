"""One story told: members in the order in which they came out, and how each belongs to it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from crawler.reading.fingerprints import fingerprint
from storage import agencies, story_view
from storage.models import Agency, Credit, Mention, Precision
from storage.stories import settle
from storage.story_view import Member, StoryTold

MORNING = datetime(2026, 11, 22, 6, 0, tzinfo=UTC)
SENTENCES = [
    "عقد مجلس بلدة الرمانة الزرقاء جلسة امتدت حتى المساء بحث فيها توزيع مياه الينبوع على الأحياء.",
    "وقال رئيسه شاهين المسطرة إن القرار سيصدر بعد أسبوعين من مراجعة المهندسين للخرائط القديمة.",
    "وطالب سكان الحي الأعلى بنشر محضر الجلسة كاملا على باب البلدية وفي مقهى السوق المسقوف.",
    "ويعود الخلاف إلى صيف جف فيه الينبوع ثلاثة أشهر فحمل الأهالي الجرار من قرية مجاورة.",
    "ووعدت جمعية سقاة المساء بتركيب عدادات من خشب يقرؤها كل من يمر بالساقية الكبيرة.",
]
TEXT = "\n".join(SENTENCES)
OTHER = "\n".join(f"{word} {TEXT[::-1][place : place + 90]}" for place, word in enumerate("أبجد"))


@pytest.fixture
def store(desk: Any) -> Any:
    """Store one article; gives its id."""

    def kept(slug: str, text: str, outlet: str, hours: int, **changes: Any) -> int:
        dated = {"published_at": MORNING + timedelta(hours=hours), "published_precision": "minute"}
        changes = {**dated, "fingerprint": fingerprint(text), "headline": slug, **changes}
        saved = desk.store(slug, text, outlet=outlet, **changes)
        assert saved.article_id is not None
        return int(saved.article_id)

    return kept


def told(desk: Any, article_id: int) -> StoryTold:
    settle(desk.db)
    found = story_view.story(desk.db, article_id)
    assert found is not None
    return found


def ids(members: tuple[Member, ...]) -> list[int]:
    return [member.article_id for member in members]


def test_members_stand_in_the_order_in_which_they_came_out(desk: Any, store: Any) -> None:
    last = store("last", TEXT, "ma_sahifa", 5)
    first = store("first", TEXT, "bh_marsa", 1)
    middle = store("middle", TEXT, "iq_rojname", 3)

    found = told(desk, last)

    assert found.id == first
    assert ids(found.members) == [first, middle, last]
    assert found.outlets == 3


def test_any_member_names_its_story(desk: Any, store: Any) -> None:
    articles = [store("a", TEXT, "ma_sahifa", 1), store("b", TEXT, "bh_marsa", 2)]

    assert told(desk, articles[0]) == told(desk, articles[1])


def test_no_article_is_no_story(desk: Any) -> None:
    assert story_view.story(desk.db, 17) is None


def test_an_article_alone_is_a_story_of_one(desk: Any, store: Any) -> None:
    alone = store("alone", TEXT, "ma_sahifa", 1)

    found = told(desk, alone)

    assert ids(found.members) == [alone]
    assert (found.origin.id, found.reference, found.roundups) == ("ma_sahifa", alone, ())


def test_each_member_tells_how_it_belongs(desk: Any, store: Any) -> None:
    first = store("first", TEXT, "ma_sahifa", 1)
    same = store("same", TEXT.replace("\n", " "), "bh_marsa", 2)
    cut = store("cut", "\n".join(SENTENCES[:4]), "iq_rojname", 3)

    members = {member.article_id: member for member in told(desk, first).members}

    assert (members[first].relation, members[first].similarity) == ("origin", 1.0)
    assert (members[same].relation, members[same].similarity) == ("exact", 1.0)
    assert members[cut].relation == "near"
    assert members[cut].similarity is not None
    assert 0.3 < members[cut].similarity < 1


def test_what_people_put_together_is_told_as_judged(desk: Any, store: Any) -> None:
    first, other = store("first", TEXT, "ma_sahifa", 1), store("other", OTHER, "bh_marsa", 2)
    desk.db.execute("UPDATE articles SET story_id = ?, settled = 1", (first,))

    found = story_view.story(desk.db, other)

    assert found is not None
    assert [(m.relation, m.similarity) for m in found.members] == [
        ("origin", 1.0),
        ("judged", None),
    ]


def test_the_origin_is_what_the_others_are_held_against(desk: Any, store: Any) -> None:
    agencies.register(desk.db, [Agency("marsa", "Marsa Wire", outlets=("bh_marsa",))])
    credit = Credit("marsa", "byline", 0, 5, "Marsa", "byline")
    paper = store("paper", TEXT, "ma_sahifa", 1, byline="Marsa", credit=credit)
    wire = store("wire", TEXT, "bh_marsa", 2)

    found = told(desk, paper)

    assert (found.origin.id, found.origin.name, found.origin.article) == (
        "marsa",
        "Marsa Wire",
        wire,
    )
    assert found.reference == wire
    assert [m.is_origin for m in found.members] == [False, True]
    assert (found.members[0].credit, found.members[0].credit_name) == (credit, "Marsa Wire")
    assert found.origin.sentence == "Marsa Wire, which 1 article names as the source."


def test_a_credit_keeps_its_place_when_characters_cannot_be_stored(desk: Any, store: Any) -> None:
    text = f"\x00الرباط\x00 (واع) - {TEXT}"
    start = text.index("واع")
    credit = Credit("ina", "text", start, start + 3, "واع", "dateline")

    member = told(desk, store("a", text, "ma_sahifa", 1, credit=credit)).members[0]

    assert member.credit is not None
    assert member.text is not None
    assert member.text[member.credit.start : member.credit.end] == "واع"


def test_a_roundup_that_holds_the_text_is_told_beside_it(desk: Any, store: Any) -> None:
    short = store("short", TEXT, "ma_sahifa", 1)
    roundup = store("roundup", TEXT, "bh_marsa", 2)
    desk.db.execute("UPDATE articles SET words = words * 4 WHERE id = ?", (roundup,))
    desk.db.execute("UPDATE articles SET story_id = id, settled = 1")
    desk.db.execute("DELETE FROM near_pairs")
    desk.db.execute("INSERT INTO near_pairs VALUES (?, ?, 0.1, 0.9, 0)", (roundup, short))

    found = story_view.story(desk.db, short)
    other = story_view.story(desk.db, roundup)

    assert found is not None
    assert [(one.article_id, one.containment) for one in found.roundups] == [(roundup, 0.9)]
    assert other is not None
    assert other.roundups == ()


def test_suppressed_actors_are_not_told(desk: Any, store: Any) -> None:
    mentions = tuple(
        Mention(actor, 0, 3, TEXT[:3], TEXT[:3], "name") for actor in ("iq_person", "bh_hidden")
    )
    article = store("a", TEXT, "ma_sahifa", 1, mentions=mentions)

    (member,) = told(desk, article).members

    assert [mention.actor_id for mention in member.mentions] == ["iq_person"]


def test_an_article_that_was_left_out_is_shown_as_such_and_not_counted(
    desk: Any, store: Any
) -> None:
    first, second = store("a", TEXT, "ma_sahifa", 1), store("b", TEXT, "bh_marsa", 2)
    told(desk, first)
    desk.db.execute("UPDATE articles SET withdrawn = 1 WHERE id = ?", (first,))

    found = story_view.story(desk.db, second)

    assert found is not None
    assert [member.withdrawn for member in found.members] == [True, False]
    assert (ids(found.counted), found.outlets, found.reference) == ([second], 1, second)


def test_a_text_that_was_not_kept_is_none(desk: Any, store: Any) -> None:
    article = store("a", TEXT, "ma_sahifa", 1)
    desk.db.execute("UPDATE articles SET text_kept = 0 WHERE id = ?", (article,))

    (member,) = told(desk, article).members

    assert member.text is None
    assert member.published_precision is Precision.MINUTE
