import gzip
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from bench import careful_folds
from bench.careful_folds import folds, part_of, site_of, trees_unseen, write
from bench.extraction_sets import GoldPage
from crawler.reading import careful
from crawler.reading.careful_trees import Trees


def page(url: str) -> GoldPage:
    return GoldPage("1", "made-up", url, "en", "")


def record(start: float) -> dict[str, object]:
    return {"names": ["size"], "start": [start], "trees": [[[0.5]]]}


def in_force() -> Trees:
    """The trees that the careful way would read a page with now."""
    trees = vars(careful)["fitted"]()
    assert isinstance(trees, Trees)
    return trees


@pytest.fixture
def written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[GoldPage]:
    """A page of a site that trees were fitted to, with trees that tell their part by a number."""
    seen = page("https://www.elmton.test/bridge")
    monkeypatch.setattr(careful_folds, "FILE", tmp_path / "folds.json.gz")
    folds.cache_clear()
    write([record(float(part)) for part in range(4)], [seen])
    yield seen
    folds.cache_clear()


def test_a_site_that_was_seen_is_judged_by_the_trees_of_the_others(written: GoldPage) -> None:
    shipped = in_force()

    with trees_unseen(page("https://news.elmton.test/another")):
        assert in_force().start == float(part_of(written))

    assert in_force() is shipped


def test_a_site_that_was_never_seen_is_judged_by_the_shipped_trees(written: GoldPage) -> None:
    shipped = in_force()

    with trees_unseen(page("https://oakham.test/bridge")):
        assert in_force() is shipped


def test_a_site_is_the_same_on_all_its_hosts_and_no_two_under_one_country_are() -> None:
    assert site_of(page("https://www.elmton.co.uk/a")) == site_of(page("https://elmton.co.uk/b"))
    assert site_of(page("https://elmton.co.uk/a")) != site_of(page("https://oakham.co.uk/a"))
    assert site_of(page("https://a.test.invalid/1")) != site_of(page("https://a.test.invalid/2"))


def test_the_file_holds_no_address(written: GoldPage) -> None:
    held = json.loads(gzip.decompress(careful_folds.FILE.read_bytes()))

    assert held["sites"] == [site_of(written)]
