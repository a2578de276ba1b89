"""Keys of addresses: variants of one document, look-alikes of others, an outlet's own rules."""

from __future__ import annotations

import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bench.url_variants import classes_joined, ours, pairs_joined
from crawler.outlets import Urls
from crawler.reading.url_params import Role, role
from crawler.reading.urls import MAX_LENGTH, clean_url, key_digest, url_key, variant_of

DOMAINS = ("almithal.test", "almithal-news.test")
ARTICLE = "https://almithal.test/2026/11/20/Waqfa-123456"
PIECES = st.sampled_from(
    "/ // /amp /print/ /m/ /a /B .html .amp ; ? & = # % %2 %2F %25D8%25A3 أ é e\u0301 id=3 ref=x "
    "utm_a=1 amp=1 (S(x)) index.php #!/ http:// https%3A%2F%2Fx.test . .. @ : + \u200e".split()
)


@pytest.mark.parametrize("name", classes_joined(ours))
def test_a_class_of_variants_is_one_article(name: str) -> None:
    assert classes_joined(ours)[name] == []


@pytest.mark.parametrize("name", pairs_joined(ours))
def test_a_class_of_look_alikes_stays_apart(name: str) -> None:
    assert pairs_joined(ours)[name] == []


@given(st.lists(PIECES, max_size=12).map("".join))
def test_a_key_is_the_key_of_itself(tail: str) -> None:
    key = url_key("https://x.test/" + tail)

    assert url_key("https://" + key) == key


@given(st.lists(PIECES, max_size=12).map("".join))
@example("?\u200e")
def test_making_an_address_safe_does_not_change_its_key(tail: str) -> None:
    cleaned = clean_url("https://x.test/" + tail)

    if cleaned is not None:
        assert url_key(cleaned) == url_key("https://x.test/" + tail)


@given(st.integers(), st.text("abcXYZ-", min_size=1), st.sampled_from(["", "/", "/amp", "#x"]))
def test_numbers_and_words_of_a_path_are_never_lost(number: int, slug: str, end: str) -> None:
    key = url_key(f"https://almithal.test/{number}/x{slug}{end}", "ma_almithal", DOMAINS)

    assert key == f"ma_almithal:/{number}/x{slug}"


@given(st.integers(0, 10**9), st.sampled_from(["id", "p", "newsid", "sid", "cid", "ref", "story"]))
def test_a_number_in_a_parameter_chooses_a_document(number: int, name: str) -> None:
    one, other = (url_key(f"https://x.test/a.php?{name}={n}") for n in (number, number + 1))

    assert one != other


@pytest.mark.parametrize(
    "tail",
    [
        *("%25" * 690, "%D8%A" * 400, "?" + "a&" * 1000, "/amp" * 500, "(S(a))/" * 280),
        *("?u=" + "https://" * 250, "?ref=" + "a" * 2000, "?" + "ga_ref_" * 280 + "=1"),
        *("#!/" + "%" * 2000, "\u200e" * 2000, "?url=" + "https%3A%2F%2Fwww.google.com%2Furl" * 50),
        *("%25D8%25A3" * 200, ";" * 2000, "?s=" + "0a" * 1000, "%2525" * 400, "/." * 1000),
    ],
)
def test_hostile_addresses_cost_little(tail: str) -> None:
    url = f"https://www.google.com/{tail}"[:MAX_LENGTH]
    started = time.process_time()

    key = url_key(url, "ma_almithal", DOMAINS)

    assert time.process_time() - started < 0.1
    assert url_key("https://" + key) == key


@pytest.mark.parametrize(
    ("url", "kind"),
    [
        (ARTICLE, ""),
        (ARTICLE + "?utm_source=x", ""),
        (ARTICLE + "/amp/", "amp"),
        (ARTICLE + "?outputType=amp", "amp"),
        ("https://amp.almithal.test/a/1", "amp"),
        ("https://almithal-test.cdn.ampproject.org/c/s/almithal.test/a/1", "amp"),
        ("https://m.almithal.test/a/1", "mobile"),
        (ARTICLE + "/print", "print"),
        (ARTICLE + "?tmpl=component&print=1", "print"),
        ("https://web.archive.org/web/2026/https://almithal.test/a/1", "cache"),
        ("https://wasit.test/redirect?url=https://almithal.test/a/1", "proxy"),
        ("not an address", ""),
    ],
)
def test_an_address_is_named_for_the_view_that_it_shows(url: str, kind: str) -> None:
    assert variant_of(url, DOMAINS) == kind


def test_a_foreign_address_in_a_parameter_is_not_believed() -> None:
    held = "https://alakhar.test/review?url=https://thalith.test/a"

    assert url_key(held, "ma_almithal", DOMAINS) != url_key("https://thalith.test/a")


def test_languages_that_only_differ_in_their_subdomain_stay_apart() -> None:
    both = ("ar.almithal.test", "fr.almithal.test")

    assert url_key("https://ar.almithal.test/a/1", "ma_a", both) == "ma_a:ar/a/1"
    assert url_key("https://fr.almithal.test/a/1", "ma_a", both) == "ma_a:fr/a/1"


def test_courlan_is_only_believed_about_whole_words() -> None:
    names = ("gallery", "affaire", "reference", "global", "clip", "sourceid2")

    assert {name: role(name) for name in names} == dict.fromkeys(names, Role.OTHER)
    assert {role(name) for name in ("ref", "cid", "campaign", "aff")} == {Role.SUSPECT}


# ---------------------------------------------------------------- an outlet's own rules


def keyed(url: str, **rules: object) -> str:
    return url_key(url, "ma_almithal", DOMAINS, Urls.model_validate(rules).rules)


def test_an_outlet_keeps_what_chooses_a_document_there() -> None:
    assert keyed(ARTICLE + "?ref=x", keep=["ref"]) == keyed(ARTICLE) + "?ref=x"
    assert keyed(ARTICLE + "?print=1", keep=["print"]) == keyed(ARTICLE) + "?print=1"


def test_an_outlet_drops_what_never_chooses_one() -> None:
    assert keyed(ARTICLE + "?src=12&id=3", drop=["src"]) == keyed(ARTICLE + "?id=3")


def test_an_outlet_names_the_mirrors_below_its_domain() -> None:
    beta = ARTICLE.replace("almithal", "beta.almithal")

    assert keyed(beta) != keyed(ARTICLE)
    assert keyed(beta, mirrors=["beta"]) == keyed(ARTICLE)


MIRRORS = ["almithal.test", "almithal-mirror.example", "bh.hopto.example", "cdn.example"]


@pytest.mark.parametrize("host", [*MIRRORS, "www.almithal.test", "m.almithal-mirror.example"])
def test_whole_domains_that_mirror_an_outlet_have_its_articles(host: str) -> None:
    keys = {
        url_key(f"{scheme}://{host}/ar/news/65432.html", "bh_almithal", MIRRORS)
        for scheme in ("http", "https")
    }

    assert keys == {"bh_almithal:/ar/news/65432.html"}


def test_a_domain_with_paths_of_its_own_is_told_apart() -> None:
    domains = ["almithal.test", "almithal-ar.test"]
    rules = Urls(apart=("almithal-ar.test",)).rules

    def of(url: str) -> str:
        return url_key(url, "iq_almithal", domains, rules)

    assert of("https://almithal.test/news/12") == "iq_almithal:/news/12"
    assert of("https://www.almithal-ar.test/news/12") == "iq_almithal:almithal-ar.test/news/12"
    assert of("https://m.almithal-ar.test/news/12/") == of("http://almithal-ar.test/news/12")
    assert of("https://tv.almithal-ar.test/news/12") != of("https://almithal-ar.test/news/12")


def test_a_host_that_only_ends_alike_is_not_the_outlets() -> None:
    clone = url_key("https://not-almithal.test/news/12", "iq_almithal", ["almithal.test"])

    assert clone == "not-almithal.test/news/12"


def test_an_outlet_rewrites_path_and_query() -> None:
    rules = {"same": [[r"^/n/(\d+)/[^/?]+", r"/news/\1"], ["^/أخبار/", "/news/"]]}

    assert keyed("https://almithal.test/n/12/slug/?id=3", **rules) == "ma_almithal:/news/12?id=3"
    assert keyed("https://almithal.test/%d8%a3خبار/وقفة", **rules) == (
        "ma_almithal:/news/%D9%88%D9%82%D9%81%D8%A9"
    )


def test_the_digest_of_keys_tells_every_change_of_rules() -> None:
    told = [key_digest(DOMAINS, ""), key_digest(DOMAINS[:1], ""), key_digest(DOMAINS, "x")]

    assert len(set(told)) == 3
    assert key_digest(reversed(DOMAINS), "") == told[0]
