"""What is known of the layout of an outlet's pages: learned from captures, or written by a person.

Read by `crawler.reading`, kept by `storage`; standard library only.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from functools import lru_cache
from hashlib import sha256
from typing import Any

MAX_JSON = 40_000
"""Characters of a kept template; learned ones have about half of that at most."""
_MAX_NAME = 400
_MAX_ITEMS = 2_000
_UNKEPT = re.compile("[\0\ud800-\udfff]")  # no database holds them


@dataclass(frozen=True, slots=True)
class Rules:
    """Where things stand on an outlet's pages, and what a page must keep of it to be believed.

    Containers and places are CSS. A block's names are those of its element, alone and with the
    elements around it; beside them stand how much of its words was kept, and how many there were.
    """

    containers: tuple[str, ...] = ()  # of the text, one for each kind of page
    blocks: tuple[tuple[str, float, float], ...] = ()  # names, words kept, words seen
    repeated: tuple[str, ...] = ()  # digests of texts that several pages share
    places: tuple[tuple[str, str], ...] = ()  # field and the CSS of where it is shown
    sources: tuple[tuple[str, str], ...] = ()  # field and the method that was right
    promises: tuple[tuple[str, float], ...] = ()  # measure and the value that pages had at worst

    def promise(self, name: str, default: float) -> float:
        """The value of a measure that the pages learned from had at worst."""
        return dict(self.promises).get(name, default)

    def place(self, field: str) -> str:
        """The CSS of where a field is shown, or ""."""
        return dict(self.places).get(field, "")

    def source(self, field: str) -> str:
        """The method that was right for a field, or ""."""
        return dict(self.sources).get(field, "")


@dataclass(frozen=True, slots=True)
class Template:
    """Where the parts of an article stand on an outlet's pages, learned from some of them.

    It holds names of elements and digests of what all pages repeat, never an article's text.
    `packed` is the JSON of its rules: a string is sent to a worker faster than what it stands for.
    """

    id: str  # digest of its rules: what reads alike has one id
    made_by: str = ""  # version of the learner
    pages: int = 0  # learned from
    usable: bool = False  # False: nothing was agreed, and every page is read the careful way
    evidence: tuple[tuple[str, str], ...] = ()  # what was seen while learning, for people
    packed: str = "{}"

    @property
    def rules(self) -> Rules:
        """What it says; worked out once in a process."""
        return rules_of(self.packed)

    def to_json(self) -> str:
        """The template as it is kept in a database."""
        told = {item.name: getattr(self, item.name) for item in fields(self)}
        told["packed"] = json.loads(self.packed)
        return json.dumps(told, ensure_ascii=False, separators=(",", ":"))

    @staticmethod
    def from_json(text: str) -> Template:
        """A kept template; raises ValueError, in words, where the text is damaged."""
        if len(text) > MAX_JSON:
            raise ValueError(f"a template of over {MAX_JSON} characters")
        told = _object(text)
        rules = _rules(told.get("packed"))
        made = template_of(
            rules,
            made_by=_name(told.get("made_by"), "made_by"),
            pages=_count(told.get("pages")),
            usable=told.get("usable") is True,
            evidence=_pairs(told.get("evidence"), "evidence"),
        )
        if made.id != told.get("id"):
            raise ValueError("a template whose id does not fit its rules")
        return made


def template_of(
    rules: Rules,
    *,
    made_by: str,
    pages: int,
    usable: bool,
    evidence: tuple[tuple[str, str], ...] = (),
) -> Template:
    """The template of these rules, under the id that belongs to them."""
    packed = json.dumps(asdict(rules), ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    identity = sha256(f"{made_by}\n{packed}".encode()).hexdigest()[:16]
    return Template(identity, made_by, pages, usable, evidence, packed)


@lru_cache(maxsize=512)
def rules_of(packed: str) -> Rules:
    """The rules that a template's JSON holds; raises ValueError where it is damaged."""
    return _rules(_object(packed))


def _object(text: str) -> dict[str, Any]:
    try:
        told = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ValueError("a template that is no JSON") from error
    if not isinstance(told, dict):
        raise ValueError("a template that is no JSON object")
    return told


def _rules(told: object) -> Rules:
    """The rules that a JSON object holds; raises ValueError where it holds something else."""
    if not isinstance(told, Mapping):
        raise ValueError("a template without rules")
    return Rules(
        containers=_names(told.get("containers", []), "containers"),
        blocks=tuple(map(_block, _list(told.get("blocks", []), "blocks"))),
        repeated=_names(told.get("repeated", []), "repeated"),
        places=_pairs(told.get("places", []), "places"),
        sources=_pairs(told.get("sources", []), "sources"),
        promises=tuple(map(_promise, _list(told.get("promises", []), "promises"))),
    )


def _list(value: object, where: str) -> list[Any]:
    if not isinstance(value, list) or len(value) > _MAX_ITEMS:
        raise ValueError(f"a template with no proper list of {where}")
    return value


def _name(value: object, where: str) -> str:
    if not isinstance(value, str) or len(value) > _MAX_NAME or _UNKEPT.search(value):
        raise ValueError(f"a template with no proper text in {where}")
    return value


def _names(value: object, where: str) -> tuple[str, ...]:
    return tuple(_name(item, where) for item in _list(value, where))


def _pairs(value: object, where: str) -> tuple[tuple[str, str], ...]:
    pairs = [_names(item, where) for item in _list(value, where)]
    if any(len(pair) != 2 for pair in pairs):
        raise ValueError(f"a template whose {where} are no pairs")
    return tuple((pair[0], pair[1]) for pair in pairs)


def _number(value: object, where: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < 1e9:
        raise ValueError(f"a template with no proper number in {where}")
    return value


def _count(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < 1_000_000:
        raise ValueError("a template with no proper number of pages")
    return value


def _block(value: object) -> tuple[str, float, float]:
    match value:
        case [names, kept, seen]:
            return (_name(names, "blocks"), _number(kept, "blocks"), _number(seen, "blocks"))
    raise ValueError("a template with a block that is no triple")


def _promise(value: object) -> tuple[str, float]:
    match value:
        case [name, number]:
            return _name(name, "promises"), _number(number, "promises")
    raise ValueError("a template with a promise that is no pair")


@dataclass(frozen=True, slots=True)
class Selectors:
    """Where the parts of an article stand as somebody wrote into the outlet's file: CSS.

    They win over what is learned and guessed; of `drop`, nothing becomes text.
    """

    headline: str | None = None
    text: str | None = None
    byline: str | None = None
    published: str | None = None
    section: str | None = None
    image: str | None = None
    drop: tuple[str, ...] = ()
