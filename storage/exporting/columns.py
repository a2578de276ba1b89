"""The data dictionary: every column of every kind of export, with its type, unit and meaning."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal, get_args

from storage.coverage_rows import COLUMNS as COVERAGE

Kind = Literal[
    "articles", "mentions", "attention", "stories", "edits", "concordance", "coverage", "gaps",
    "outlets", "judgements",
]  # fmt: skip
KINDS: tuple[Kind, ...] = get_args(Kind)
Type = Literal["id", "text", "count", "share", "flag", "time", "local", "day", "list", "counts"]
"""id and text: texts · count: a whole number · share: from 0 to 1 · flag: 1 or 0 · time: UTC,
ISO 8601 with Z · local: ISO 8601 with an offset · day: ISO 8601 · list: several texts · counts:
whole numbers by name. What is not known is empty."""
BESIDE = "text_is_beside"
"""The column that names the columns of its row whose text does not fit into a cell."""

_OF_ARTICLE = """
article_id outlet_id outlet country alignment timezone headline byline section language
published_at_utc published_at_local published_day published_precision published_method
modified_at_utc first_seen_at_utc fetched_at_utc url words version copy_of keep_rule text_kept
text_complete reader_version story_id story_size story_role credit appeared_at_utc
"""
_OF_MENTION = """
actor_id actor actor_kind mentions in_headline surfaces labels judged comparable_since article_id
outlet_id outlet country alignment timezone headline language published_at_utc published_at_local
published_day published_precision first_seen_at_utc url words copy_of story_id
"""
_OF_ATTENTION = """
outlet_id actor_id actor actor_kind date count total_count ratio comparable_since stories
total_stories story_ratio
"""
_OF_STORY = """
story_id articles outlets first_at_utc last_at_utc origin origin_name origin_known_by
origin_article headline languages outlet_ids article_ids
"""
_OF_EDIT = """
edit kind since_utc at_utc actor_id actor actor_kind before after article_id version outlet_id
outlet country alignment headline language url published_day story_id
"""
_OF_LINE = """
actor_id actor actor_kind article_id outlet_id outlet published_day language field before match
after label counted form rule url
"""
_OF_GAP = "outlet_id way found_by from_utc to_utc noticed_at_utc repaired_at_utc repaired_by"
_OF_OUTLET = """
outlet_id outlet country covers kind alignment languages timezone domains articles blind_since
blind_until blind_reason
"""
_OF_JUDGEMENT = """
judgement at_utc who why kind article_id outlet_id headline url actor_id value withdraws
withdrawn_by superseded_by active other_id
"""
NAMES: Mapping[Kind, Sequence[str]] = {
    "articles": _OF_ARTICLE.split(),
    "mentions": _OF_MENTION.split(),
    "attention": _OF_ATTENTION.split(),
    "stories": _OF_STORY.split(),
    "edits": _OF_EDIT.split(),
    "concordance": _OF_LINE.split(),
    "coverage": COVERAGE,
    "gaps": _OF_GAP.split(),
    "outlets": _OF_OUTLET.split(),
    "judgements": _OF_JUDGEMENT.split(),
}
"""The columns of each kind, in their order, without those of texts."""
TEXTS: Mapping[Kind, Sequence[str]] = {
    "articles": ("text",),
    "mentions": ("text",),
    "edits": ("text_before", "text_after"),
}
"""The columns of full text, which come last and only when they are asked for."""
KEYS: Mapping[Kind, Sequence[str]] = {
    "articles": ("article_id",),
    "mentions": ("article_id", "actor_id"),
    "attention": ("outlet_id", "actor_id", "date"),
    "stories": ("story_id",),
    "edits": ("edit",),
    "concordance": ("actor_id", "article_id", "field"),
    "coverage": ("outlet_id", "day"),
    "gaps": ("way", "from_utc"),
    "outlets": ("outlet_id",),
    "judgements": ("judgement",),
}
"""The columns that tell one row from all others."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column: `personal` ones are emptied for persons, `secret` ones are not redacted but cut.

    `unit` is "" where a figure has none; en, fr and ar say what it holds.
    """

    name: str
    type: Type
    en: str
    fr: str
    ar: str
    unit: str = ""
    personal: bool = False
    secret: bool = False

    def told(self) -> dict[str, str]:
        """As the side-car tells it."""
        said = asdict(self)
        return {name: said[name] for name in ("name", "type", "unit", "en", "fr", "ar")}


@lru_cache(maxsize=64)
def columns(kind: Kind, *, text: bool = False, beside: bool = False) -> tuple[Column, ...]:
    """The columns of a kind; with those of full text, and with the one for texts that are beside.

    Raises KeyError for a kind that does not exist.
    """
    names = [*NAMES[kind], *(TEXTS.get(kind, ()) if text else ()), *([BESIDE] if beside else ())]
    return tuple(_column(kind, name) for name in names)


@lru_cache(maxsize=1)
def dictionary() -> dict[str, dict[str, str]]:
    """What stands in columns.toml."""
    return tomllib.loads((Path(__file__).parent / "columns.toml").read_text("utf-8"))


def _column(kind: Kind, name: str) -> Column:
    known = dictionary()
    return Column(name=name, **known.get(f"{kind}.{name}", known.get(name, {})))  # type: ignore[arg-type]  # a test reads every entry
