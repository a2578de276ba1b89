"""`marsad actors add`: one new actor, tried on the archive before it is saved."""

import re
from typing import TYPE_CHECKING, Annotated, Any

import typer
from pydantic import ValidationError

from crawler.cli.actor_files import INTO, DryRunOption, IntoOption, YesOption, settle, sheet_errors
from crawler.cli.common import JsonOption, WorkspaceOption, fail, human_errors, open_workspace
from crawler.sentences import sentence
from crawler.workspace import Workspace

if TYPE_CHECKING:  # these read the watchlists and the archive
    from crawler.actorfiles import Plan
    from crawler.actorsheets import Written

NewIdArgument = Annotated[
    str, typer.Argument(metavar="ID", help="A new id: country, _ and a short name, as ma_example.")
]
KindOption = Annotated[str, typer.Option("--kind", help="person, cso, media, network, term …")]
Texts = list[str] | None
_IN_LANGUAGE = re.compile(r"(ar|fr|en|ckb|kmr|es|tr|fa|he|de|zgh):\s*(.+)")
_OPTIONS = {
    "countries": "--country",
    "themes": "--theme",
    "anti_aliases": "--not-in",
    "forms": "--form",
    "id": "ID",
}


def _texts(name: str, help: str) -> Any:
    return typer.Option(name, metavar="TEXT", help=f"{help} May be given again.")


def _name(language: str) -> Any:
    return typer.Option(f"--name-{language}", metavar="TEXT", help=f"The name in {language}.")


def add(
    actor_id: NewIdArgument,
    kind: KindOption,
    name: Annotated[str | None, typer.Option("--name", help="The name in English.")] = None,
    name_ar: Annotated[str | None, _name("ar")] = None,
    name_fr: Annotated[str | None, _name("fr")] = None,
    name_ckb: Annotated[str | None, _name("ckb")] = None,
    name_kmr: Annotated[str | None, _name("kmr")] = None,
    form: Annotated[Texts, _texts("--form", "A written form to look for.")] = None,
    form_context: Annotated[
        Texts, _texts("--form-context", "A form that counts only near a context word.")
    ] = None,
    form_acronym: Annotated[Texts, _texts("--form-acronym", "A form in capitals.")] = None,
    form_exact: Annotated[Texts, _texts("--form-exact", "A form to find just as written.")] = None,
    country: Annotated[Texts, _texts("--country", "Two letters, such as ma.")] = None,
    theme: Annotated[Texts, _texts("--theme", "rights, press, women …")] = None,
    context: Annotated[
        Texts, _texts("--context", "A word near which doubtful forms count.")
    ] = None,
    anti: Annotated[Texts, _texts("--not-in", "A longer phrase that means another.")] = None,
    evidence: Annotated[Texts, _texts("--evidence", "Where the name was read, and when.")] = None,
    note: Annotated[str, typer.Option(help="Anything that a colleague should know.")] = "",
    into: IntoOption = INTO,
    yes: YesOption = False,
    dry_run: DryRunOption = False,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Add an actor to the workspace, after showing what it would find in the archive.

    The names are looked for, and every other form that is given. A form may say its language:
    --form fr:"Les Amis de l'oasis". To change an actor: `marsad actors export`, change the
    spreadsheet, `marsad actors import`.

    Examples:

      marsad actors add ma_oasis --kind cso --name "Oasis Friends" --name-ar "أصدقاء الواحة"

      marsad actors add bh_example --kind person --name "Sample" --form-context مثال --context محام
    """
    names = {"en": name, "ar": name_ar, "fr": name_fr, "ckb": name_ckb, "kmr": name_kmr}
    forms = {"auto": form, "context": form_context, "acronym": form_acronym, "exact": form_exact}
    lists_of = {
        "countries": [code.lower() for code in country or ()],
        "themes": [word.lower() for word in theme or ()],
        "context": context,
        "anti_aliases": anti,
        "evidence": evidence,
    }
    shown = {language: _clean(text) for language, text in names.items() if text}
    said: dict[str, Any] = {"id": actor_id, "kind": kind.lower(), "name": shown, "note": note}
    said |= {**_without_empty(lists_of), "forms": _forms(forms, shown)}
    place = open_workspace(workspace)
    settle(place, _planned(place, said, into), yes=yes, dry_run=dry_run, as_json=as_json)


def _planned(place: Workspace, said: dict[str, Any], into: str) -> "Plan":
    from crawler.actorfiles import plan, read_lists

    with human_errors(), sheet_errors():
        lists = read_lists(place)
        if lists.effective(said["id"]) is not None:
            fail(f"there is an actor {said['id']} already; change it by `marsad actors export`")
        return plan(lists, [_written(said)], None, into)


def _clean(text: str) -> str:
    """A text without the invisible marks and spaces that pasting brings along."""
    from crawler.actorcells import plain

    return plain(text)


def _without_empty(lists: dict[str, Texts]) -> dict[str, list[str]]:
    return {key: [_clean(text) for text in texts] for key, texts in lists.items() if texts}


def _forms(by_mode: dict[str, Texts], names: dict[str, str]) -> list[dict[str, str]]:
    """The names, and the forms in the order of the options; a form may say how its name counts."""
    typed = [_form(mode, text) for mode, texts in by_mode.items() for text in texts or ()]
    said = {form["text"] for form in typed}
    named = [{"text": text, "language": key} for key, text in names.items() if text not in said]
    return [*named, *typed]


def _form(mode: str, text: str) -> dict[str, str]:
    """A form as it was typed: its text, or its language, a colon and its text."""
    spoken = _IN_LANGUAGE.fullmatch(text)
    form = {"text": _clean(spoken[2] if spoken else text)}
    if spoken:
        form["language"] = spoken[1]
    return form if mode == "auto" else {**form, "mode": mode}


def _written(said: dict[str, Any]) -> "Written":
    """The actor, checked as a file's would be; raises SheetMistakes that name the options."""
    from crawler.actorsheets import Mistake, SheetMistakes, Written
    from crawler.watchlists import WatchedActor

    try:
        return Written(said["id"], actor=WatchedActor.model_validate(said))
    except ValidationError as wrong:
        errors = wrong.errors(include_url=False)
        raise SheetMistakes(
            Mistake(said["id"], _option(error["loc"]), sentence(WatchedActor, error))
            for error in errors
        ) from None


def _option(way: tuple[str | int, ...]) -> str:
    """The option that a value of the record came from.

    >>> _option(("countries", 0)), _option(("name", "ar", "[key]")), _option(("forms", 1))
    ('--country', '--name-ar', '--form')
    """
    if way[0] == "name" and len(way) > 1 and way[1] != "en":
        return f"--name-{way[1]}"
    return _OPTIONS.get(str(way[0]), f"--{way[0]}")
