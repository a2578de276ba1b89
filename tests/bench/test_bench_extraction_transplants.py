import json
import re
from dataclasses import replace
from datetime import date

import pytest

from bench.extraction_sets import GoldPage
from bench.shingles import overlap
from bench.transplant_variants import variants
from bench.transplants import ZWNJ, Script, dictionary, sorani, transplanted, zwnj_kept

WORDS = [f"{one}{two}" for one in "بتثجحخدذرزسشصضطظعغفقكل" for two in "ابتثجحخدذرزسشصضط"]
ARABIC = Script("arabic", "ar", WORDS)
TEXT = (
    "The mayor, who came late, said: is it true? In March 2024 the café had 1,000 guests; all left."
)
HEADLINE = "Mayor comes late to the café"
DATA = {"@type": "NewsArticle", "headline": HEADLINE, "datePublished": "2024-03-05",
        "url": "https://elmton.test/a/late", "articleBody": TEXT}  # fmt: skip
MARKUP = f"""<!DOCTYPE html>
<html class="no-js" lang="en"><head><meta charset="iso-8859-1">
<title>{HEADLINE} | Elmton Herald</title><meta property="og:title" content="{HEADLINE}">
<meta property="og:site_name" content="Elmton Herald">
<meta property="og:image" content="https://elmton.test/late.jpg">
<script type="application/ld+json">{json.dumps(DATA)}</script>
<script>var mayor = "The mayor";</script></head>
<body class="mayor"><!-- The mayor --><nav><a href="/late" title="Home page">Home page</a></nav>
<h1>{HEADLINE}</h1><p class="lead"><span class="cap">T</span>he mayor, who came <b>late</b>, said:
is it true? In March 2024 the caf&eacute; had 1,000 guests; all left.</p>
<p>Read it at https://elmton.test/late</p></body></html>"""
PAGE = GoldPage(
    id="1",
    set="made",
    url="https://elmton.test/2024/03/05/late.html",
    language="en",
    outlet="Elmton Herald",
    text=TEXT,
    headline=HEADLINE,
    day=date(2024, 3, 5),
    markup=MARKUP.encode("latin-1"),
)


def _shown(markup: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", "", markup).split())


def _made(script: Script = ARABIC) -> GoldPage:
    made = transplanted(PAGE, script)
    assert made is not None
    return made


def test_the_markup_stays_and_every_word_is_replaced() -> None:
    markup = _made().html.decode()
    body = markup.partition("<body")[2]

    tags = re.findall(r"<[a-z/][^>]*>", MARKUP.partition("<h1")[2])
    assert re.findall(r"<[a-z/][^>]*>", markup.partition("<h1")[2]) == tags
    assert '<script>var mayor = "The mayor";</script>' in markup
    assert "<!-- The mayor -->" in body
    assert set(re.findall("[a-z]{3,}", _shown(body.partition("<h1")[2]).lower())) == {
        "march", "https", "elmton", "test", "late"}  # fmt: skip


def test_the_gold_is_what_stands_on_the_page_now() -> None:
    made = _made()
    shown = _shown(made.html.decode().partition("<body")[2])

    assert made.text in shown
    assert f"<h1>{made.headline}</h1>" in made.html.decode()
    assert overlap(made.text, made.text).f1 == 1
    assert len(made.text.split()) == len(TEXT.split())


def test_one_word_has_one_word_and_no_two_words_share_one() -> None:
    made = dictionary(ARABIC, "en", TEXT)
    old = re.findall(r"[^\W\d_]+", TEXT.casefold())
    new = re.findall(r"[^\W\d_]+", made.text(TEXT))

    assert len(set(zip(old, new, strict=True))) == len(set(old)) == len(set(new))
    assert made("The") == made("the") == WORDS[0]  # the commonest is the commonest


def test_dates_numbers_and_addresses_stay_and_marks_become_arabic() -> None:
    made = _made()

    assert "March 2024" in made.text
    assert "1,000" in made.text
    assert [mark for mark in made.text if mark in "،؟؛"] == ["،", "،", "؟", "؛"]
    assert "https://elmton.test/late</p>" in made.html.decode()
    assert "https://elmton.test/late.jpg" in made.html.decode()


def test_structured_data_says_the_same_as_the_page() -> None:
    made = _made()
    markup = made.html.decode()
    data = json.loads(re.findall(r'ld\+json">(.*?)</script>', markup, re.DOTALL)[0])

    assert (data["headline"], data["articleBody"]) == (made.headline, made.text)
    assert data["url"] == DATA["url"]
    assert data["datePublished"] == "2024-03-05"
    assert f'og:title" content="{made.headline}"' in markup
    assert f"<title>{made.headline} |" in markup


def test_the_page_says_its_language_direction_and_encoding() -> None:
    markup = _made().html.decode()

    assert '<html lang="ar" dir="rtl" class="no-js">' in markup
    assert '<meta charset="utf-8">' in markup


def test_sorani_words_are_different_and_some_have_a_zwnj() -> None:
    words = sorani().words

    assert len(words) == len(set(words)) == 30_000
    assert any(ZWNJ in word for word in words[:500])
    assert not any(word.startswith(ZWNJ) or word.endswith(ZWNJ) for word in words)


def test_a_lost_zwnj_is_counted() -> None:
    word = f"به{ZWNJ}شە"

    assert zwnj_kept(f"{word} و {word}", f"{word} و {word}") == (2, 2)
    assert zwnj_kept(f"{word} و {word}", f"{word} و بهشە") == (1, 2)
    assert zwnj_kept(word, "هیچ") == (0, 0)


@pytest.fixture(scope="module")
def made() -> list[GoldPage]:
    return list(variants(PAGE, 3, ARABIC))


def test_variants_are_other_articles_in_the_same_frame(made: list[GoldPage]) -> None:
    markups = [one.html.decode() for one in made]

    assert len({one.text for one in made}) == len({one.headline for one in made}) == 3
    assert len({re.findall("<nav>.*?</nav>", markup)[0] for markup in markups}) == 1
    assert len({re.findall('site_name" content="(.*?)"', markup)[0] for markup in markups}) == 1
    for one, markup in zip(made, markups, strict=True):
        assert one.text in _shown(markup)


def test_variants_have_their_own_day_and_address(made: list[GoldPage]) -> None:
    assert [one.day for one in made] == [date(2024, 3, 5), date(2024, 3, 4), date(2024, 3, 3)]
    assert [one.url for one in made][1] == "https://elmton.test/2024/03/04/late-1.html"
    assert '"datePublished": "2024-03-04"' in made[1].html.decode()


def test_a_page_that_states_an_impossible_day_is_varied_all_the_same() -> None:
    markup = MARKUP.replace("2024-03-05", "0001-01-01").encode("latin-1")

    days = [one.day for one in variants(replace(PAGE, markup=markup, day=None), 3, ARABIC)]

    assert days == [None, None, None]
