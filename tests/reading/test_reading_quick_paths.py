"""Trafilatura's expressions with a memory say what they say without one."""

import pytest
from lxml import html
from trafilatura import xpaths

from crawler.reading import quick_paths
from crawler.reading.quick_paths import Remembering, remembered_paths

LISTS = {
    "body": xpaths.BODY_XPATH,
    "discard": xpaths.OVERALL_DISCARD_XPATH,
    "raw": xpaths.RAW_TREE_PRUNE_XPATH,
    "comments": xpaths.REMOVE_COMMENTS_AND_LISTS_XPATH,
}
NAMES = (
    'class="article-body"',
    'class="post-content wide"',
    'id="story-body"',
    'class="Page-Content"',
    'class="related-news"',
    'class="social"',
    'class="teaser"',
    'id="comments"',
    'class="comment-list"',
    'class="elementor-share-buttons"',
    'role="navigation"',
    'style="display: none"',
    'aria-hidden="true"',
    'data-component="MostPopularStories"',
    'itemprop="articleBody"',
    "",
)
TAGS = ("div", "section", "p", "ul", "span", "article", "main", "details", "aside")


def page(times: int = 1) -> html.HtmlElement:
    """A page with an element of each tag with each name, one in the other by fours."""
    parts = [
        f"<{tag} {name}>one<div {name}>two</div></{tag}>" for tag in TAGS for name in NAMES * times
    ]
    return html.document_fromstring(f"<html><body>{''.join(parts)}</body></html>")


@pytest.mark.parametrize("name", LISTS)
def test_the_same_elements_are_found_in_the_same_order(name: str) -> None:
    tree = page()
    theirs = [expression(tree) for expression in LISTS[name]]
    for _ in range(2):  # the second time from memory
        with remembered_paths():
            ours = [expression(tree) for expression in LISTS[name]]
        if name == "body":  # of these the library takes the first
            assert [found[:1] for found in ours] == [found[:1] for found in theirs]
        else:
            assert ours == theirs
    assert any(theirs)


def test_most_expressions_have_a_memory() -> None:
    """Of a new version of the library that writes them otherwise this tells us."""
    with remembered_paths():
        quick = [isinstance(one, Remembering) for paths in LISTS.values() for one in paths]
    assert sum(quick) >= 7


def test_outside_the_library_is_as_it_was_made() -> None:
    with pytest.raises(KeyError), remembered_paths():
        raise KeyError
    assert not any(isinstance(one, Remembering) for paths in LISTS.values() for one in paths)


@pytest.mark.parametrize(
    "path",
    [
        ".//*[self::div][not(.//h1)]",
        ".//*[self::div][../@class='a']",
        ".//*[self::div][2]",
        "//div[@class='a']",
        ".//*[self::div][text()='a']",
        "(.//*[self::div][@id='a'])[1]|(.//main)[1]",
    ],
)
def test_what_asks_for_more_than_an_element_has_is_refused(path: str) -> None:
    with pytest.raises(ValueError, match="more than"):
        Remembering(path)


def test_a_page_of_ever_new_names_takes_no_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(quick_paths, "MOST_REMEMBERED", 50)
    expression = Remembering(".//*[self::div][contains(@class, 'ad')]")
    names = [f"{'ad' if n % 3 else 'x'}{n}" for n in range(300)] + ["ad" * 500]
    tree = html.document_fromstring("".join(f"<div class='{name}'>.</div>" for name in names))
    found = [element.get("class") for element in expression(tree)]
    assert found == [name for name in names if "ad" in name]
    assert len(expression._known) <= 50
    assert all(len(name or "") < 1000 for look in expression._known for name in look)
