"""The words of the pages: all there in three languages, with the same places for values."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path
from string import Formatter

import pytest

from storage.explorer import methods, rendering, wording
from storage.explorer.wording import FORMS, LANGUAGES, catalogue

HERE = Path(rendering.__file__).parent
FORM = re.compile("_(zero|one|two|few|many|other)$")
LITERAL = re.compile(r"""\bt\(\s*["']([a-z_]+\.[a-z0-9_]+)["']""")


def counted(key: str) -> bool:
    """Whether a key is a form of a counted word."""
    stem, found = FORM.sub("", key), FORM.search(key)
    return found is not None and f"{stem}_other" in catalogue()


def needed(key: str) -> tuple[str, ...]:
    """The languages that a key has to have."""
    if not counted(key):
        return LANGUAGES
    own = key.rpartition("_")[2]
    return tuple(language for language in LANGUAGES if own in FORMS[language])


def places(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def test_words_are_there_in_every_language() -> None:
    for key, texts in catalogue().items():
        assert set(needed(key)) <= set(texts) <= set(LANGUAGES), key
        assert all(text.strip() for text in texts.values()), key


def test_values_have_their_places_in_every_language() -> None:
    for key, texts in catalogue().items():
        wanted = [
            places(text) - {"count"} if counted(key) else places(text) for text in texts.values()
        ]
        assert all(one == wanted[0] for one in wanted), (key, wanted)


def test_arabic_is_in_arabic_letters_and_latin_digits() -> None:
    for key, texts in catalogue().items():
        arabic = texts.get("ar", "")
        assert not re.search("[٠-٩۰-۹]", arabic), key
        letters = [c for c in re.sub(r"\{.*?\}", "", arabic) if unicodedata.category(c) == "Lo"]
        if not letters:
            assert arabic == texts.get("en", arabic), (key, arabic)  # SQL and the like


def test_templates_and_pages_ask_for_words_that_exist() -> None:
    asked = {
        (path.name, key)
        for path in [*HERE.glob("*.py"), *HERE.glob("templates/*.html")]
        for key in LITERAL.findall(path.read_text("utf-8"))
    }
    known = {*catalogue(), *(FORM.sub("", key) for key in catalogue()), "area.key"}
    missing = sorted(
        (name, key)
        for name, key in asked
        if not any(one.startswith(key) if key.endswith("_") else one == key for one in known)
    )
    assert len(asked) > 100
    assert missing == []


@pytest.mark.parametrize(
    ("language", "number", "said"),
    [
        *[("ar", 0, "other"), ("ar", 1, "one"), ("ar", 2, "two"), ("ar", 103, "few")],
        *[("ar", 11, "many"), ("ar", 99, "many"), ("ar", 102, "other")],
        *[("fr", 0, "one"), ("fr", 2, "other"), ("en", 0, "other")],
    ],
)
def test_a_counted_word_takes_the_form_that_the_language_asks_for(language, number, said) -> None:
    assert wording.form(language, number) == said


def test_values_are_escaped_and_words_are_not_taken_for_markup() -> None:
    said = wording.say("en", "site.failed", place="<script>alert(1)</script>{x}")

    assert "<script>" not in said
    assert "{x}" in said


def test_words_that_nobody_wrote_are_a_mistake_not_an_empty_place() -> None:
    with pytest.raises(wording.NoSuchWords, match="nothing_of_the_kind"):
        wording.say("fr", "site.nothing_of_the_kind")


@pytest.mark.parametrize("language", LANGUAGES)
def test_where_a_value_is_from_is_said_in_words_with_the_readers_name_for_it(
    language: wording.Language,
) -> None:
    speaker = rendering.Speaker(language)
    learned = methods.told(speaker, "text", "template@9beca4fa")
    counted_back = methods.told(speaker, "published_at", "visible:relative")
    for field, method in (
        *(("text", name) for name in ("file", "blocks", "trafilatura", "jsonld")),
        *(("headline", name) for name in ("h1", "h2", "title", "meta", "feed")),
        *(("published_at", name) for name in ("time", "visible", "url", "jsonld:script")),
        ("canonical_url", "link"),
    ):
        said = str(methods.told(speaker, field, method))
        assert method in said
        assert len(re.sub("<[^>]*>", "", said)) > len(method) + 8, (field, method)

    assert "template@9beca4fa" in learned
    assert speaker.t("terms.method_template") in learned
    assert speaker.t("terms.method_form_relative") in counted_back
    assert methods.told(speaker, "audit", "agrees") == speaker.t("terms.method_agrees")
    assert "&lt;b&gt;" in methods.told(speaker, "audit", "differs: 40% <b>")
    assert "only 12 characters" in methods.told(speaker, "fallback", "only 12 characters of text")
    assert "unheard-of" in methods.told(speaker, "text", "unheard-of")
