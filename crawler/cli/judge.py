"""`marsad judge`: people's corrections, which every count, search and export honours."""

from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import asdict
from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape

from crawler.cli.article_named import ArticleArgument, article_named
from crawler.cli.common import (
    FAILED,
    JsonOption,
    WorkspaceOption,
    err,
    fail,
    human_errors,
    open_workspace,
    opened,
    out,
    print_json,
)
from crawler.cli.judge_words import changes, says
from crawler.cli.tables import print_rows
from crawler.workspace import Workspace
from storage.bidi import isolated
from storage.errors import DatabaseMissing, UnknownArticle

if TYPE_CHECKING:  # the database is opened only where it is asked
    from collections.abc import Iterator

    from storage.judgement_rows import Judgement
    from storage.judgements import Judged, JudgementStore

app = typer.Typer(
    help=(
        "Correct what was read: not this person, this date, this language, the same story, no "
        "article of the study. Judgements are never changed or deleted, only withdrawn, and hold "
        "over everything that is read later. Say who judges with --by, in $MARSAD_JUDGE, or as "
        "`judge` in marsad.toml."
    ),
    no_args_is_help=True,
)

ActorArgument = Annotated[
    str, typer.Argument(metavar="ACTOR", help="The actor's id, as `marsad show` names it.")
]
DateArgument = Annotated[
    str,
    typer.Argument(
        metavar="DATE", help="2026-03-01, 2026-03-01T14:30 or unknown, on the outlet's clocks."
    ),
]
OtherArgument = Annotated[
    str, typer.Argument(metavar="OTHER", help="Another article's number or URL.")
]
LanguageArgument = Annotated[
    str, typer.Argument(metavar="LANGUAGE", help="Its code: ar, fr, en, ckb, kmr …")
]
NumberArgument = Annotated[
    int, typer.Argument(metavar="NUMBER", help="The judgement's number, as `list` shows it.")
]
WhyOption = Annotated[str, typer.Option("--why", help="The reason, for whoever reads it later.")]
ByOption = Annotated[
    str | None,
    typer.Option(
        "--by",
        envvar="MARSAD_JUDGE",
        help="Who judges: a name or role that may stand in exports (default: `judge` of the "
        "workspace's settings).",
        show_default=False,
    ),
]


@app.command("not-this")
def not_this(
    article: ArticleArgument,
    actor: ActorArgument,
    why: WhyOption,
    by: ByOption = None,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Say that a name in an article means somebody else: it is counted no more.

    Example:

      marsad judge not-this 17 ma_example_actor --why "a footballer of the same name"
    """
    place = open_workspace(workspace)
    _judge(place, by, as_json, lambda store, who: store.not_this(article, actor, who=who, why=why))


@app.command("is-this")
def is_this(
    article: ArticleArgument,
    actor: ActorArgument,
    why: WhyOption,
    by: ByOption = None,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Say that a name in an article means this actor: it is counted, also where it is ambiguous.

    Example:

      marsad judge is-this 17 ma_example_actor --why "the office is named in the same sentence"
    """
    place = open_workspace(workspace)
    _judge(place, by, as_json, lambda store, who: store.is_this(article, actor, who=who, why=why))


@app.command()
def date(
    article: ArticleArgument,
    value: DateArgument,
    why: WhyOption,
    by: ByOption = None,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Say when an article was published, or that nobody can know it.

    Examples:

      marsad judge date 17 2026-03-01 --why "printed below the headline"

      marsad judge date 17 2026-03-01T14:30 --why "the agency's own time"

      marsad judge date 17 unknown --why "the page shows today's date"
    """
    place = open_workspace(workspace)
    _judge(place, by, as_json, lambda store, who: store.date(article, value, who=who, why=why))


@app.command()
def language(
    article: ArticleArgument,
    code: LanguageArgument,
    why: WhyOption,
    by: ByOption = None,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Say which language an article is written in.

    Example:

      marsad judge language 17 ckb --why "Sorani typed with Arabic letters"
    """
    place = open_workspace(workspace)
    _check_language(code.strip().lower(), place.settings.languages)
    _judge(place, by, as_json, lambda store, who: store.language(article, code, who=who, why=why))


@app.command("leave-out")
def leave_out(
    article: ArticleArgument,
    why: WhyOption,
    by: ByOption = None,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Say that an article is none of the study: in no count, search or export.

    `marsad show` still shows it, with the reason.

    Example:

      marsad judge leave-out 17 --why "a page of advertisements"
    """
    place = open_workspace(workspace)
    _judge(place, by, as_json, lambda store, who: store.leave_out(article, who=who, why=why))


@app.command("same-story")
def same_story(
    article: ArticleArgument,
    other: OtherArgument,
    why: WhyOption,
    by: ByOption = None,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Say that two articles carry one text: they are of one story, whatever their words say.

    Example:

      marsad judge same-story 17 12 --why "the agency's text, told in other words"
    """
    place = open_workspace(workspace)
    _judge(
        place, by, as_json, lambda store, who: store.same_story(article, other, who=who, why=why)
    )


@app.command("other-story")
def other_story(
    article: ArticleArgument,
    other: OtherArgument,
    why: WhyOption,
    by: ByOption = None,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Say that an article is of another story: it leaves the one that holds the OTHER.

    Example:

      marsad judge other-story 17 12 --why "last week's notice in the same form"
    """
    place = open_workspace(workspace)
    _judge(
        place, by, as_json, lambda store, who: store.other_story(article, other, who=who, why=why)
    )


@app.command()
def withdraw(
    number: NumberArgument,
    why: WhyOption,
    by: ByOption = None,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Take back a judgement: what the reader says holds again, or an earlier judgement.

    Both rows stay on file.

    Example:

      marsad judge withdraw 4 --why "it was the other article"
    """
    place = open_workspace(workspace)
    _judge(place, by, as_json, lambda store, who: store.withdraw(number, who=who, why=why))


@app.command("list")
def list_(
    article: Annotated[str | None, typer.Option(help="Only those of this article.")] = None,
    actor: Annotated[str | None, typer.Option(help="Only those about this actor.")] = None,
    everything: Annotated[
        bool, typer.Option("--all", help="Also withdrawn ones and withdrawals.")
    ] = False,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """List the judgements that were not withdrawn, oldest first.

    Of several on one matter the latest counts; the others say so.

    Examples:

      marsad judge list --article 17

      marsad judge list --all --json
    """
    with _store(open_workspace(workspace), readonly=True) as store:
        article_id = None if article is None else store.article_id(article)
        found = store.list(article_id=article_id, actor_id=actor, everything=everything)
    if as_json:
        print_json(found)
    else:
        _show_list(found)


def _show_list(found: "list[Judgement]") -> None:
    if not found:
        err.print("no judgements")
        return
    rows = [
        (
            str(one.id),
            f"{one.at:%Y-%m-%d}",
            str(one.article_id),
            says(asdict(one)),
            isolated(one.who),
            isolated(one.why),
        )
        for one in found
    ]
    print_rows(("number", "day (UTC)", "article", "says", "by", "why"), rows, right=("number",))


def _judge(
    place: Workspace,
    by: str | None,
    as_json: bool,
    act: "Callable[[JudgementStore, str], Judged]",
) -> None:
    """Record one judgement, which `act` makes for its author, and say what it changes."""
    from crawler.engine.settling import try_to_settle

    who = _author(place, by)
    with _store(place, readonly=False) as store:
        judged = act(store, who)
        if judged.unsettles:
            if why := try_to_settle(place):
                err.print(f"Stories could not be worked out, the next run will: {escape(why)}")
            judged = store.settled(judged)
    lines = changes(judged)
    if as_json:
        print_json({**_as_dict(judged), "changes": lines})
        return
    out.print(f"judgement {judged.judgement.id} recorded")
    for line in lines:
        out.print(escape(line))


def _as_dict(judged: "Judged") -> dict[str, object]:
    parts = ("judgement", "before", "after", "other")
    return {name: getattr(judged, name) for name in parts}


@contextmanager
def _store(place: Workspace, *, readonly: bool) -> "Iterator[JudgementStore]":
    """The judgements of a workspace; ends with a message where there is nothing to judge."""
    from storage.judgements import JudgementStore

    with human_errors():
        if not place.database.is_file():  # opened to be written, it would be made
            raise DatabaseMissing(place.database)
    with opened(place, readonly=readonly) as database:
        try:
            yield JudgementStore(database, find=partial(article_named, place))
        except UnknownArticle as wrong:
            fail(str(wrong), code=FAILED)


def _author(place: Workspace, by: str | None) -> str:
    """Who judges. Never the name of the machine's user: it would stand in exports unasked."""
    who = (by or place.settings.judge or "").strip()
    if not who:
        fail(
            "who judges? Say it with --by, in $MARSAD_JUDGE, or as `judge` in marsad.toml: "
            "a name or role that may stand in exports"
        )
    return who


def _check_language(code: str, followed: tuple[str, ...]) -> None:
    """End with a message where no language has this code."""
    from dateparser.data.languages_info import language_order

    if code == "ku":
        fail('"ku" may be either Kurdish: say "ckb" (Sorani) or "kmr" (Kurmanji)')
    known = {*language_order, *followed, "ckb", "kmr", "sdh", "und"}
    if code.partition("-")[0] not in known:
        # "Arabic" is near "uz-Arab", which nobody means.
        here = ", ".join(followed)
        fail(f'no language has the code "{code}"; the codes followed here: {here}')
