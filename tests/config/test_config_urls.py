"""The rules that an outlet's file gives for its addresses."""

from __future__ import annotations

from pathlib import Path

import pytest
from config.config_files import OUTLET, layers, load, problems

RULES = """
[urls]
keep = ["ref"]
drop = ["src"]
mirrors = ["beta"]
same = [['^/n/(\\d+)/[^?]*', '/news/\\1']]
"""
OF_NADDARA = "https://naddara.example.ma"


def test_an_outlet_tells_its_addresses_apart_by_its_own_rules(tmp_path: Path) -> None:
    outlet = load(tmp_path, {"outlets/ma/a.toml": OUTLET + RULES}).outlets["ma_a"]

    assert outlet.url_key(f"{OF_NADDARA}/n/12/slug?src=1&ref=b") == "ma_a:/news/12?ref=b"
    assert outlet.url_key("https://beta.naddara.example.ma/news/12") == "ma_a:/news/12"


def test_rules_and_domains_change_the_digest_of_keys(tmp_path: Path) -> None:
    plain = load(tmp_path / "1", {"outlets/ma/a.toml": OUTLET}).outlets
    ruled = load(tmp_path / "2", {"outlets/ma/a.toml": OUTLET + RULES}).outlets
    named = OUTLET.replace('en = "Naddara"', 'en = "Another"')

    assert plain.key_digest("ma_a") != ruled.key_digest("ma_a")
    assert (
        plain.key_digest("ma_a")
        == load(tmp_path / "3", {"outlets/ma/a.toml": named}).outlets["ma_a"].key_digest
    )


def test_an_outlet_without_a_file_has_keys_by_the_rules_for_all(tmp_path: Path) -> None:
    outlets = load(tmp_path, {}).outlets

    assert outlets.url_key("https://www.example.org/a?utm_source=x", "xx_by_hand") == (
        "example.org/a"
    )


def test_a_domain_of_its_own_paths_is_one_of_the_outlets(tmp_path: Path) -> None:
    two = OUTLET.replace('["naddara.example.ma"]', '["naddara.example.ma", "naddara.example.net"]')
    named = two + '[urls]\napart = ["naddara.example.net"]\n'
    outlet = load(tmp_path / "1", {"outlets/ma/a.toml": named}).outlets["ma_a"]
    plain = load(tmp_path / "2", {"outlets/ma/a.toml": two}).outlets["ma_a"]

    assert outlet.url_key("https://naddara.example.net/5") == "ma_a:naddara.example.net/5"
    assert plain.url_key("https://naddara.example.net/5") == "ma_a:/5"
    assert outlet.key_digest != plain.key_digest
    (problem,) = problems(tmp_path / "3", {"outlets/ma/a.toml": named.replace(".net", ".org", 1)})
    assert 'urls.apart names "naddara.example.net", which is not among its domains' in problem


def test_a_clone_is_never_taken_for_the_outlet(tmp_path: Path) -> None:
    outlets = load(tmp_path, {"outlets/ma/a.toml": OUTLET}).outlets

    for clone in (
        "anambanaddara.example.ma",
        "naddara.example.ma.clone.test",
        "xnaddara.example.ma",
    ):
        assert outlets.of_url(f"https://{clone}/2026/a") is None
        assert not outlets["ma_a"].owns(f"https://{clone}/2026/a")
    assert outlets.of_url("https://m.naddara.example.ma/2026/a") is outlets["ma_a"]
    assert outlets.of_url("https://clone.test/?u=https://naddara.example.ma/2026/a") is None


def test_a_workspace_changes_the_rules_of_a_shipped_outlet(tmp_path: Path) -> None:
    over = '[urls]\ndrop = ["from"]\n'
    outlets = layers(tmp_path, {"ma/a.toml": OUTLET + RULES}, {"ma/a.toml": over})

    assert outlets["ma_a"].urls.drop == ("from",)
    assert outlets["ma_a"].urls.keep == ("ref",)
    shown = {key: (value, place) for key, value, place in outlets.effective("ma_a")}
    assert shown["urls.drop"][0] == ["from"]
    assert shown["urls.same"][0] == [["^/n/(\\d+)/[^?]*", "/news/\\1"]]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("same = [['(', '/']]", "regular expression"),
        ("same = [['', '/']]", "fits every link"),
        ("same = [['/a(b)', '\\2']]", "the pattern has 1 group"),
        ("same = [['/a']]", "is missing"),
        ("same = [['/a', 1]]", "must be text in quotes"),
        ("same = ['/a']", "must be a list in square brackets"),
        ("keep = ['a=b']", "not the name of a parameter"),
        ("keep = 'ref'", "list"),
        ("mirrors = ['beta.example']", "one part of a host name"),
        ("keep = ['a']\ndrop = ['a']", 'both name "a"'),
        ("keeps = ['a']", "keeps"),
    ],
)
def test_a_mistake_in_the_rules_is_told_with_file_and_key(
    tmp_path: Path, line: str, said: str
) -> None:
    (problem,) = problems(tmp_path, {"outlets/ma/a.toml": f"{OUTLET}[urls]\n{line}\n"})

    assert "outlets/ma/a.toml:" in problem
    assert "urls" in problem
    assert said in problem
