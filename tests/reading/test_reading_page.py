"""One page, read from bytes to record."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from reading.reading_pages import (
    ARABIC,
    ENGLISH,
    FRENCH,
    KURMANJI,
    NOW,
    SORANI,
    URL,
    article,
    context,
    page,
)

from crawler.reading.mentions import Matcher
from crawler.reading.page import READER_VERSION, read_page
from storage.models import Actor, Alias, Hints, Mention, Outcome, Precision, keep_rule
from storage.text import FOLD_VERSION

JSONLD = """<script type="application/ld+json">{"@context":"https://schema.org","@graph":[
{"@type":"WebSite","name":"المثال"},
{"@type":"NewsArticle","headline":"منع وقفة سلمية أمام الولاية",
"datePublished":"2026-11-20T14:30:00+01:00",
"dateModified":"2026-11-20T16:00:00+01:00","author":[{"@type":"Person","name":"ليلى المثالية"}],
"articleSection":"مجتمع","image":{"url":"/i.jpg"}}]}</script>"""


def test_an_article_is_read_whole() -> None:
    body = "<h1>منع وقفة سلمية أمام الولاية</h1>"
    head = f"<title>منع وقفة سلمية أمام الولاية | المثال</title>{JSONLD}"
    head += '<link rel="canonical" href="/2026/11/20/a1?utm_source=x">'

    reading = read_page(page(article(head=head, body=body)), context())

    assert reading.outcome is None
    assert reading.headline == "منع وقفة سلمية أمام الولاية"
    assert reading.text.count(ARABIC) == 4
    assert (reading.byline, reading.section) == ("ليلى المثالية", "مجتمع")
    assert reading.published_at == datetime(2026, 11, 20, 13, 30, tzinfo=UTC)
    assert reading.published_precision is Precision.SECOND
    assert reading.modified_at == datetime(2026, 11, 20, 15, tzinfo=UTC)
    assert reading.image_url == "https://almithal.test/i.jpg"
    assert reading.canonical_url == "https://almithal.test/2026/11/20/a1?utm_source=x"
    assert dict(reading.methods)["published_at"] == "jsonld"
    assert (reading.reader_version, reading.fold_version) == (READER_VERSION, FOLD_VERSION)
    stored = f"{reading.headline}\n{reading.text}"
    assert reading.content_hash == sha256(stored.encode()).hexdigest()
    assert reading.fingerprint is not None


@pytest.mark.parametrize(
    ("text", "code"),
    [(ARABIC, "ar"), (SORANI, "ckb"), (KURMANJI, "kmr"), (FRENCH, "fr"), (ENGLISH, "en")],
)
def test_the_text_tells_the_language_whatever_is_expected(text: str, code: str) -> None:
    reading = read_page(page(article(text, lang="ar")), context(languages=("ar",)))

    assert reading.language == code
    assert reading.text.count(text) == 4


def test_reading_is_the_same_every_time() -> None:
    one = page(article(head=JSONLD))

    assert read_page(one, context()) == read_page(one, context())


@pytest.mark.parametrize("mark", ["\u200c", "&zwnj;", "&#8204;", "&#x200C;", "\u202b", "&rlm;"])
def test_zero_width_and_direction_marks_stay(mark: str) -> None:
    plain = {"&zwnj;": "\u200c", "&#8204;": "\u200c", "&#x200C;": "\u200c", "&rlm;": "\u200f"}
    sentence = f"کوردستان{mark}ی و هە{mark}وال. {SORANI}"
    head = f"<title>هە{mark}وال لە شار</title>"

    reading = read_page(page(article(sentence, head=head)), context())

    kept = plain.get(mark, mark)
    assert f"کوردستان{kept}ی و هە{kept}وال" in reading.text
    assert reading.headline == f"هە{kept}وال لە شار"


def test_rare_letters_of_the_page_itself_are_not_taken_for_marks() -> None:
    sentence = f"𐘃𐘄 وال\u200cی {SORANI}"

    assert "𐘃𐘄 وال\u200cی" in read_page(page(article(sentence)), context()).text


def test_lone_surrogates_and_nul_are_never_stored() -> None:
    head = (
        '<script type="application/ld+json">{"@type":"NewsArticle","headline":"a\\ud800b\\u0000c"}'
    )

    reading = read_page(page(article(head=f"{head}</script>")), context())

    assert reading.headline == "abc"


# ---------------------------------------------------------------- mentions


def test_actors_are_found_in_headline_and_text() -> None:
    matcher = Matcher(
        [
            Actor("ma_dhifa", "cso", aliases=(Alias("جمعية الضفة للحقوق"),)),
            Actor("term_cso", "term", aliases=(Alias("وقفة سلمية"),)),
        ]
    )
    head = "<title>وقفة سلمية لجمعية الضفة للحقوق</title>"

    reading = read_page(page(article(head=head)), context(matcher=matcher))

    fields = {"headline": reading.headline, "text": reading.text}
    assert reading.keep_rule == "actor"
    assert len(reading.mentions) == 2 + 8
    for mention in reading.mentions:
        assert fields[mention.field][mention.start : mention.end] == mention.surface


@pytest.mark.parametrize(
    ("actors", "rule"),
    [
        (["ma_x", "term_hrd"], "actor"),
        (["term_hrd"], "terms"),
        (["term_cso"], "terms"),
        (["term_activist"], "terms"),
        (["term_journalist"], ""),
        (["term_journalist", "term_repression"], "terms"),
        (["term_repression"], ""),
        ([], ""),
    ],
)
def test_an_article_is_kept_for_actors_or_for_terms(actors: list[str], rule: str) -> None:
    assert keep_rule(tuple(Mention(actor, 0, 1, "x", "x", "free") for actor in actors)) == rule


# ---------------------------------------------------------------- no article


def ended(markup: str | bytes, **facts: object) -> tuple[Outcome | None, str]:
    reading = read_page(replace(page(markup), **facts), context())  # type: ignore[arg-type]
    return reading.outcome, reading.reason


def test_walls_consent_and_error_pages_are_no_articles() -> None:
    wall = "<html><head><title>Just a moment...</title></head><body><p>Wait</p></body></html>"
    consent = "<html><title>Avant de continuer</title><body><p>Nos cookies</p></body></html>"
    missing = "<html><title>الصفحة غير موجودة</title><body><p>عذرا</p></body></html>"

    assert ended(wall)[0] is Outcome.BLOCKED
    assert ended(consent) == (Outcome.NOT_ARTICLE, "consent page")
    assert ended(missing)[0] is Outcome.NOT_ARTICLE
    assert "soft 404" in ended(missing)[1]


def test_an_article_about_a_404_is_an_article() -> None:
    reading = read_page(
        page(article(head="<title>404 jours sans page not found</title>")), context()
    )

    assert reading.outcome is None


def test_too_little_text_is_no_text_with_the_reason() -> None:
    few = "<html><head><title>خبر</title></head><body><p>كلمات قليلة فقط</p></body></html>"
    script = "<html><body><div id='app'></div><noscript>Enable JavaScript</noscript></body></html>"
    refresh = (
        "<html><head><meta http-equiv='Refresh' content='0;url=/x'></head><body>x</body></html>"
    )

    assert ended(few)[0] is Outcome.NO_TEXT
    assert "JavaScript" in ended(script)[1]
    assert "refresh" in ended(refresh)[1]


def test_a_text_that_only_jsonld_holds_is_read() -> None:
    data = (
        '{"@type":"NewsArticle","headline":"عنوان","articleBody":"<p>' + ARABIC + "<br>ثم." + '"}'
    )
    script = f'<script type="application/ld+json">{data}</script>'
    markup = f"<html><head>{script}</head><body><p>x</p></body>"

    reading = read_page(page(markup), context())

    assert reading.outcome is None
    assert reading.text.startswith(ARABIC)
    assert "<" not in reading.text


@pytest.mark.parametrize(
    ("facts", "outcome"),
    [
        ({"status": 404}, Outcome.GONE),
        ({"status": 403}, Outcome.BLOCKED),
        ({"status": 500}, Outcome.HTTP_ERROR),
        ({"body": b""}, Outcome.NO_TEXT),
        ({"body": b"%PDF-1.4"}, Outcome.NOT_ARTICLE),
        ({"body": b"no markup at all"}, Outcome.NOT_ARTICLE),
        ({"headers": (("content-type", "image/png"),)}, Outcome.NOT_ARTICLE),
        (
            {"headers": (("content-encoding", "gzip"),), "body": b"\x1f\x8b\x08"},
            Outcome.NETWORK_ERROR,
        ),
        ({"final_url": "https://almithal.test/ar/"}, Outcome.NOT_ARTICLE),
    ],
)
def test_what_cannot_be_read_has_an_outcome(facts: dict[str, object], outcome: Outcome) -> None:
    assert ended(article(), **facts)[0] is outcome


@pytest.mark.parametrize(
    ("markup", "reason"),
    [
        ("<div>" * 300 + ARABIC + "</div>" * 300, "truncated_parse"),
        ("<p>" + "<br>" * 30_000, "tags"),
        ("<p " + " ".join(f"a{n}=1" for n in range(3000)) + ">x</p>", "attributes"),
        ("<p>" + "a" * 4_000_001 + "</p>", "characters"),
    ],
)
def test_a_page_that_stalls_or_truncates_the_parser_is_unreadable(markup: str, reason: str) -> None:
    outcome, why = ended(article(body=markup))

    assert outcome is Outcome.UNREADABLE
    assert reason in why


def test_code_and_data_in_a_page_are_no_attributes() -> None:
    script = "<script>if(i<a" + " b c" * 4000 + ")</script>"
    data = "<div data-x='" + "word " * 5000 + "'></div>"

    assert read_page(page(article(body=script + data)), context()).outcome is None


@given(st.binary(max_size=400) | st.text(max_size=400).map(str.encode))
@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_no_bytes_make_it_raise(body: bytes) -> None:
    read_page(page(body), context())


PIECES = (
    *("<p>", "</p>", "<table>", "<td>", "<h1>", "</h1>", "<br>", "<!--", "-->", "<svg>", "<a b"),
    *("<select>", "<form>", "<template>", "</div>", "&zwnj;", "&#0;", "\0", "x", ARABIC),
)


@given(st.lists(st.sampled_from(PIECES)))
@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_no_markup_makes_it_raise(pieces: list[str]) -> None:
    read_page(page("<html><body>" + "".join(pieces)), context())


# ---------------------------------------------------------------- dates


def published(head: str = "", body: str = "", **facts: object) -> tuple[object, ...]:
    hints = facts.pop("hints", None)
    one = replace(page(article(head=head, body=body)), **facts)  # type: ignore[arg-type]
    reading = read_page(one, context(hints=hints))  # type: ignore[arg-type]
    return (
        reading.published_at,
        reading.published_precision,
        dict(reading.methods).get("published_at"),
    )


PLAIN_URL = {"url": "https://almithal.test/a", "final_url": "https://almithal.test/a"}


def test_a_date_without_a_time_is_that_day_at_midnight_in_the_outlets_zone() -> None:
    head = '<meta property="article:published_time" content="2026-08-10">'

    expected = datetime(2026, 8, 9, 23, tzinfo=UTC)  # Morocco was an hour ahead of UTC
    assert published(head, **PLAIN_URL) == (expected, Precision.DAY, "meta")


def test_a_time_without_a_zone_is_the_outlets() -> None:
    head = '<meta property="article:published_time" content="2026-08-10 12:00">'

    assert published(head, **PLAIN_URL)[0] == datetime(2026, 8, 10, 11, tzinfo=UTC)


def test_the_visible_date_beside_the_headline_is_read() -> None:
    body = '<h1>عنوان الخبر</h1><span class="date">الجمعة 20 نونبر 2026 - 10:15</span>'

    expected = datetime(2026, 11, 20, 10, 15, tzinfo=UTC)
    assert published(body=body, **PLAIN_URL) == (expected, Precision.MINUTE, "visible")


def test_the_feed_is_believed_before_what_is_visible() -> None:
    at = datetime(2026, 11, 19, 8, tzinfo=UTC)
    body = "<h1>عنوان</h1><span class='date'>20 نونبر 2026</span>"

    assert published(body=body, hints=Hints(published_at=at), **PLAIN_URL)[::2] == (at, "feed")


def test_the_address_is_the_last_resort() -> None:
    assert published()[1:] == (Precision.DAY, "url")
    assert published(**PLAIN_URL) == (None, Precision.UNKNOWN, None)


@pytest.mark.parametrize("stated", ["2999-01-01", "2026", "2026-13-45", "soon", "0001-01-01"])
def test_a_date_is_never_invented(stated: str) -> None:
    head = f'<meta property="article:published_time" content="{stated}">'

    assert published(head, **PLAIN_URL)[0] is None


def test_of_a_time_later_today_only_the_day_is_believed() -> None:
    later = (NOW + timedelta(minutes=30)).isoformat()
    head = f'<meta property="article:published_time" content="{later}">'

    assert published(head, **PLAIN_URL)[:2] == (datetime(2026, 11, 22, tzinfo=UTC), Precision.DAY)


# ---------------------------------------------------------------- the room


def test_reading_loads_no_database_crawler_or_web_server() -> None:
    code = (
        "import sys, crawler.reading.page, crawler.reading.feeds, crawler.reading.warc;"
        "bad = {'sqlite3', 'sqlite_utils', 'scrapy', 'datasette', 'twisted'} & set(sys.modules);"
        "sys.exit(str(bad) if bad else 0)"
    )

    done = subprocess.run([sys.executable, "-c", code], check=False, capture_output=True, text=True)

    assert (done.returncode, done.stderr) == (0, "")


def test_the_readings_address_is_that_of_the_page() -> None:
    assert read_page(page(article()), context()).url == URL


@pytest.mark.parametrize(
    "title",
    [
        "وكالة المنارة السابعة : أهالي الحدّادين يقطعون الطريق",
        "أهالي الحدّادين يقطعون الطريق - جريدة النخلة السابعة اليومية المستقلة",
    ],
)
def test_a_sites_name_in_the_title_is_cut_off_where_the_feed_knows_the_headline(title: str) -> None:
    text = "<p>" + "قال الأهالي إن الجسر لم يعد آمنا منذ الشتاء الماضي ولم يرمم بعد. " * 12 + "</p>"
    html = f"<html><head><title>{title}</title></head><body><div>{text}</div></body></html>"
    hints = Hints(headline="أهالي الحدادين يقطعون الطريق")

    reading = read_page(page(html), context(hints=hints))

    assert reading.headline == "أهالي الحدادين يقطعون الطريق"
    assert ("headline", "feed") in reading.methods
