"""Judgements: a page says what one will change and what stays, and asks for the reason."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from functools import partial

from datasette.utils.asgi import Response

from storage.database import Database
from storage.desk import addresses, judging
from storage.desk.judging import Proposal, Said
from storage.errors import CannotJudge, CannotWrite, DatabaseBusy, UnknownArticle
from storage.explorer.asking import Ask
from storage.explorer.rendering import link
from storage.explorer.routing import Route
from storage.explorer.told import published
from storage.judgement_rows import Kind
from storage.judgements import UNKNOWN, Judged, JudgementStore

LANGUAGES = ("ar", "ckb", "kmr", "fr", "en", "es", "fa", "tr", "ur", "az", "zgh", "und")
"""Languages that an article may be said to be written in."""
SETTLING = 15.0
"""Seconds that the answer to a judgement waits for stories to be worked out; then they go on."""
_FIELDS = ("kind", "actor", "number", "other", "day", "time", "unknown", "language", "who", "why")
_PAIRS = (Kind.SAME_STORY, Kind.OTHER_STORY)


class NotSaid(Exception):
    """What a form lacks or cannot mean: `why` is the last part of a key of words/judge.toml."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


async def judge_page(ask: Ask) -> Response:
    """The form of one judgement, or the judgement itself when it is sent."""
    sent = ask.request.method == "POST"
    fields = dict.fromkeys(_FIELDS, "")
    given = await ask.form() if sent else {name: ask.args.get(name) or "" for name in _FIELDS}
    fields |= {name: text.strip() for name, text in given.items() if name in fields}
    number = int(ask.path["number"])
    proposal = await _proposal(ask, number, fields)
    if proposal is None:
        return await ask.missing(ask.speaker.t("judge.nothing", number=number))
    if not sent:
        return await _form(ask, proposal, fields)
    try:
        judged = await _judge(ask, proposal, fields)
    except NotSaid as wrong:
        return await _form(ask, proposal, fields, wrong.why)
    late = await _settle(ask) if judged.unsettles else False
    made = {"judged": judged.judgement.id, "unsettled": 1 if late else None}
    return ask.redirect(link("article", number, **made))


async def _proposal(ask: Ask, number: int, fields: Mapping[str, str]) -> Proposal | None:
    if fields["kind"] not in frozenset(Kind):
        return None
    kind = Kind(fields["kind"])
    return await ask.read(lambda db: judging.propose(db, number, kind, fields))


async def _form(
    ask: Ask, proposal: Proposal, fields: Mapping[str, str], wrong: str = ""
) -> Response:
    return await ask.page(
        "judge.html",
        status=400 if wrong else 200,
        title=ask.speaker.t(f"judge.title_{proposal.kind}"),
        proposal=proposal,
        article=proposal.article,
        fields=fields,
        wrong=wrong,
        codes=LANGUAGES,
        published=partial(published, ask.speaker),
    )


async def _judge(ask: Ask, proposal: Proposal, fields: Mapping[str, str]) -> Judged:
    """Record it; raises NotSaid with the reason where that cannot be done."""
    said = Said(
        who=ask.user or fields["who"],
        why=fields["why"],
        actor_id=proposal.named.actor_id if proposal.named else "",
        number=proposal.taken.id if proposal.taken else 0,
        value=_value(proposal.kind, fields),
        other=await _other(ask, proposal.kind, fields["other"]),
    )
    if not said.who or not said.why:
        raise NotSaid("unsaid")
    number, kind = proposal.article.id, proposal.kind

    def write(db: Database) -> Judged:
        return judging.make(JudgementStore(db), number, kind, said)

    try:
        return await ask.write(write)
    except CannotJudge as error:
        raise NotSaid(error.why) from error
    except UnknownArticle as error:
        raise NotSaid("no_article") from error
    except (CannotWrite, DatabaseBusy) as error:
        raise NotSaid("busy") from error


def _value(kind: Kind, fields: Mapping[str, str]) -> str:
    if kind is Kind.LANGUAGE:
        if fields["language"] not in LANGUAGES:
            raise NotSaid("no_language")
        return fields["language"]
    if kind is not Kind.DATE:
        return ""
    if fields["unknown"]:
        return UNKNOWN
    return f"{fields['day']}T{fields['time']}" if fields["time"] else fields["day"]


async def _other(ask: Ask, kind: Kind, typed: str) -> int:
    """The number of the other article; 0 where the judgement is about one alone."""
    if kind not in _PAIRS:
        return 0
    keys_of = ask.given.url_keys
    found = await ask.read(lambda db: addresses.find(db, typed, keys_of)) if typed else None
    if found is None:
        raise NotSaid("no_article")
    return found


async def _settle(ask: Ask) -> bool:
    """Work stories out; whether that is not done yet: it goes on, or is left to the next run."""
    working = asyncio.ensure_future(asyncio.to_thread(ask.given.settle))
    done, _ = await asyncio.wait([working], timeout=SETTLING)
    return not done or bool(working.result())


ROUTES = (Route(r"/articles/(?P<number>\d{1,18})/judge", judge_page, ("GET", "POST")),)
