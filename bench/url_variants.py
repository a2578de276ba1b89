"""Whether addresses of one article are told to be one, and those of two to be two.

Three sets of our own, on made-up hosts (`bench/judged/urls/`). `variants`: classes of addresses of
one article (AMP, print, mobile, mirrors, proxies …), right when every example of the class has the
key of the plain address. `lookalikes`: pairs that differ as little and are two documents, joined
when one key stands for both. `same_title`: one article under two addresses that no rule joins, its
headline spelled in two ways; told by really saving both pages.

Beside it the ways of others, in a few lines each: courlan's normalisation alone, Media Cloud's
(everything in lower case, no scheme, host without www, m, news …, no fragment, known trackers
gone), and the equality of addresses that news-please goes by.
"""

from __future__ import annotations

import argparse
import json
import re
import tempfile
import time
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from bench.mentions import rows
from crawler.outlets import Urls
from crawler.reading.fingerprints import fingerprint
from crawler.reading.urls import url_key
from storage.articles import ArticleStore
from storage.candidates import CandidateStore
from storage.database import open_database
from storage.models import Candidate, FetchRecord, FoundBy, OutletRecord, Precision, Reading
from storage.runs import RunStore

OUTLET = "ma_almithal"
DOMAINS = ("almithal.test", "fr.almithal.test", "almithal-news.test", "xn--mgbal3hcd.test")
AT = datetime(2026, 11, 20, 21, 0, tzinfo=UTC)
ROUNDS = 40
_TRACKERS = re.compile(r"(utm_\w+|fbclid|gclid|ref|source|cmpid|mc_[ce]id)(=[^&]*)?(&|$)")
_SITE_PARTS = re.compile(r"^(www\d?|m|mobile|news|amp|feeds?|rss)\.")

KeyOf = Callable[[str], str]


def ours(url: str) -> str:
    """The key under which the crawl knows an address."""
    return url_key(url, OUTLET, DOMAINS)


def courlan_alone(url: str) -> str:
    """What courlan makes of an address."""
    from courlan import clean_url

    return str(clean_url(url))


def like_media_cloud(url: str) -> str:
    """Media Cloud's idea: all in lower case, the host without common parts, no trackers."""
    parts = urlsplit(url.lower())
    host = _SITE_PARTS.sub("", parts.hostname or "")
    query = _TRACKERS.sub("", parts.query).rstrip("&")
    return f"{host}{parts.path.rstrip('/')}" + (f"?{query}" if query else "")


def like_news_please(url: str) -> str:
    """news-please's idea: an article is its address."""
    return url


WAYS: dict[str, KeyOf] = {
    "ours": ours,
    "courlan": courlan_alone,
    "media_cloud": like_media_cloud,
    "news_please": like_news_please,
}


def classes_joined(key_of: KeyOf) -> dict[str, list[str]]:
    """For each class of variants, those that did not get the key of the plain address."""
    return {
        row["class"]: [u for u in row["variants"] if key_of(u) != key_of(row["plain"])]
        for row in rows("urls/variants")
    }


def pairs_joined(key_of: KeyOf) -> dict[str, list[tuple[str, str]]]:
    """For each class of look-alikes, the pairs that got one key."""
    return {
        row["class"]: [(one, other) for one, other in row["pairs"] if key_of(one) == key_of(other)]
        for row in rows("urls/lookalikes")
    }


# ---------------------------------------------------------------- same titles, really saved


def same_titles() -> dict[str, bool]:
    """For each class of same titles, whether both pages were stored as one article."""
    with tempfile.TemporaryDirectory() as folder:
        return dict(_saved(Path(folder) / "marsad.db"))


def _saved(path: Path) -> Iterable[tuple[str, bool]]:
    with open_database(path) as db:
        run_id = RunStore(db).open("crawl", outlets=[_outlet()], actors=())
        found, articles = CandidateStore(db), ArticleStore(db)
        for number, row in enumerate(rows("urls/same_title")):
            pages = (f"/{number + 10}", row["one"]), (f"/slug-{chr(97 + number)}", row["other"])
            given = [_candidate(path) for path, _ in pages]
            saved = [
                articles.save(run_id, one, _reading(one, number, title), FetchRecord(one.url, AT))
                for one, (_, title) in zip(found.add(run_id, given), pages, strict=True)
            ]
            yield row["class"], saved[0].article_id == saved[1].article_id


def _outlet() -> OutletRecord:
    names = (OUTLET, "المثال", "ma", ("ma",), "portal", "unknown", ("ar",), "Africa/Casablanca")
    return OutletRecord(*names, DOMAINS)


def _candidate(path: str) -> Candidate:
    url = f"https://{DOMAINS[0]}{path}"
    return Candidate(url, ours(url), OUTLET, FoundBy.MANUAL)


def _body(number: int, title: str) -> str:
    """A text of its own for each class: the title as it is spelled, and invented words."""
    return f"{title}. " + " ".join(f"كلمة{chr(0x628 + number)}{n % 53}" for n in range(90))


def _reading(candidate: Candidate, number: int, headline: str) -> Reading:
    text = _body(number, headline)
    reading = Reading(candidate.url, candidate.url, None, headline=headline, text=text)
    return replace(
        reading,
        published_at=AT,
        published_precision=Precision.MINUTE,
        fingerprint=fingerprint(text),
        reader_version="bench",
    )


# ---------------------------------------------------------------- figures


def microseconds(key_of: KeyOf) -> float:
    """CPU time for one address of the plain ones and their variants."""
    urls = [url for row in rows("urls/variants") for url in (row["plain"], *row["variants"])]
    start = time.process_time()
    for _ in range(ROUNDS):
        for url in urls:
            key_of(url)
    return (time.process_time() - start) / (ROUNDS * len(urls)) * 1e6


def with_own_rules() -> bool:
    """Whether an outlet's own rules say what no rule for all may: here `ref` chooses, `src` does
    not, and `/n/12/slug` is `/news/12`."""
    told = Urls(keep=("ref",), drop=("src",), same=((r"^/n/(\d+)/[^/?]+", r"/news/\1"),)).rules
    plain = url_key("https://almithal.test/news/12?ref=a", OUTLET, DOMAINS, told)
    other = url_key("https://almithal.test/n/12/slug?src=x&ref=a", OUTLET, DOMAINS, told)
    return plain == other == f"{OUTLET}:/news/12?ref=a"


def figures(data: Path | None) -> dict[str, Any]:
    """All figures; the material is our own, so nothing is missing without the shared data."""
    found: dict[str, Any] = {}
    for name, key_of in WAYS.items():
        variants, pairs = classes_joined(key_of), pairs_joined(key_of)
        prefix = "" if name == "ours" else f"{name}_"
        right = sum(not wrong for wrong in variants.values())
        found[f"{prefix}url_variants"] = round(right / len(variants), 4)
        found[f"{prefix}lookalikes_joined"] = sum(map(bool, pairs.values()))
        found[f"{prefix}url_us"] = round(microseconds(key_of), 1)
    titles = same_titles()
    found |= {"variant_classes": len(variants), "lookalike_classes": len(pairs)}
    found |= {"same_title_one_article": sum(titles.values()), "same_title_classes": len(titles)}
    return found | {"own_rules": with_own_rules()}


def main() -> None:
    """Print what each way gets right, and what ours gets wrong; or with --json the figures."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--json", action="store_true", help="one line of figures")
    found = figures(None)
    if parser.parse_args().json:
        print(json.dumps(found))
        return
    classes, pairs = found["variant_classes"], found["lookalike_classes"]
    print(f"{'':<12} variants of {classes} classes   look-alikes joined of {pairs}   microseconds")
    for name in WAYS:
        key = "" if name == "ours" else f"{name}_"
        share, joined = found[f"{key}url_variants"], found[f"{key}lookalikes_joined"]
        print(f"{name:<12} {share:>12.1%} {joined:>28} {found[f'{key}url_us']:>20}")
    print(f"same title: {found['same_title_one_article']} of {found['same_title_classes']}")
    for kind, wrong in (("apart", classes_joined(ours)), ("joined", pairs_joined(ours))):
        for name, examples in wrong.items():
            for example in examples:
                print(f"{kind} in {name}: {example}")


if __name__ == "__main__":
    main()
