"""Snapshots: the list, freezing what a search found, and one set with all that a paper needs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from storage.database import Database
from storage.desk.questions import SEVERAL, Question
from storage.errors import (
    CannotExport,
    CannotFreeze,
    CannotWrite,
    DatabaseBusy,
    SearchError,
    SnapshotDamaged,
    UnknownSnapshot,
)
from storage.explorer.asking import Ask
from storage.explorer.reading import TooSlow
from storage.explorer.rendering import link
from storage.explorer.routing import Route
from storage.explorer.terms import term
from storage.exporting.orders import BIBLIOGRAPHIES, EXCELS, FORMATS, TYPES, Export
from storage.exporting.redaction import key_of
from storage.frozen import citing, datasheet, exports, methods, store, thawing, verifying
from storage.frozen.creating import Freeze, create
from storage.frozen.differences import Difference, difference
from storage.frozen.records import KINDS, Snapshot
from storage.frozen.thawing import Since
from storage.frozen.verifying import Verified

if TYPE_CHECKING:  # the server is imported where it is started
    from datasette.utils.asgi import Response

    from storage.explorer.streaming import Stream

_ASKED = ("q", *SEVERAL, "after", "before", "month")
_FIELDS = ("name", "why", "who")


@dataclass(frozen=True, slots=True)
class Text:
    """Something written about a set, as a file."""

    write: Callable[[Snapshot, Any, int], str]
    content_type: str
    ending: str


_TEXTS = {
    "datasheet": Text(datasheet.datasheet, "text/markdown; charset=utf-8", "md"),
    "methods": Text(methods.paragraph, "text/plain; charset=utf-8", "txt"),
    "bibtex": Text(
        lambda one, *_: citing.bibtex(one), "application/x-bibtex; charset=utf-8", "bib"
    ),
    "csl": Text(
        lambda one, *_: citing.csl(one), "application/vnd.citationstyles.csl+json", "csl.json"
    ),
}


async def snapshots_page(ask: Ask) -> Response:
    """All sets; with a question in the address, the form that freezes it; or that form, sent."""
    if ask.request.method == "POST":
        return await _freeze(ask)
    return await _list(ask, {name: ask.args.getlist(name) for name in _ASKED}, {})


async def snapshot_page(ask: Ask) -> Response:
    """One set: facts, citation, methods, datasheet, exports; ?verify=1 checks it."""
    found = await _found(ask)
    if found is None:
        return await _missing(ask)
    snapshot, later = found
    return await ask.page(
        "snapshot.html",
        title=snapshot.name,
        snapshot=snapshot,
        later=later,
        verified=await _verified(ask, snapshot) if ask.args.get("verify") else None,
        citation=citing.plain(snapshot, ask.language),
        bibtex=citing.bibtex(snapshot),
        csl=citing.csl(snapshot),
        paragraph=methods.paragraph(snapshot, ask.language, later.withdrawn),
        sheet=datasheet.datasheet(snapshot, ask.language, later.withdrawn),
        share=methods.share,
        kinds=KINDS,
        formats=FORMATS,
        bibliographies=BIBLIOGRAPHIES,
        excels=EXCELS,
        term=partial(term, ask.speaker),
    )


async def snapshot_text(ask: Ask) -> Response:
    """The datasheet, the methods paragraph or a citation as a file."""
    from datasette.utils.asgi import Response

    found, text = await _found(ask), _TEXTS[ask.path["text"]]
    if found is None:
        return await _missing(ask)
    snapshot, later = found
    name = f"{snapshot.name}-{ask.path['text']}.{text.ending}"
    return Response(
        text.write(snapshot, ask.language, later.withdrawn),
        headers={"content-disposition": f'attachment; filename="{name}"'},
        content_type=text.content_type,
    )


async def snapshot_export(ask: Ask) -> Response | Stream:
    """A table of a set as a file: the same bytes each time, in a ZIP with its side-car."""
    found = await _found(ask)
    if found is None:
        return await _missing(ask)
    snapshot, _ = found
    try:
        order = _order(ask)
        exports.check(order)
    except CannotExport as wrong:
        return await ask.wrong(str(wrong))
    key = ask.given.redaction_key or (lambda: key_of(ask.given.database.parent))
    as_zip = order.format != "xlsx" and ask.args.get("as") != "file"
    ending = f"{snapshot.name}-{order.kind}.zip" if as_zip else f"{snapshot.name}-{order.filename}"
    return ask.stream(
        lambda db, out: exports.send(db, snapshot, order, out, key, as_zip=as_zip),
        content_type="application/zip" if as_zip else TYPES[order.format],
        filename=ending,
    )


async def snapshot_changes(ask: Ask) -> Response:
    """What differs between a set and the archive as it is now, or another set."""
    found = await _found(ask)
    if found is None:
        return await _missing(ask)
    snapshot, other = found[0], ask.args.get("with") or store.NOW

    def differ(db: Database) -> Difference:
        return difference(db, snapshot, None if other == store.NOW else store.find(db, other))

    try:
        changes = await ask.read(differ)
    except UnknownSnapshot:
        return await ask.missing(ask.speaker.t("snapshot.no_such", name=other))
    except SnapshotDamaged:
        return await ask.wrong(ask.speaker.t("snapshot.damaged"))
    everyone = await ask.read(store.snapshots)
    return await ask.page(
        "snapshot_changes.html",
        title=ask.speaker.t("snapshot.changes_of", name=snapshot.name),
        snapshot=snapshot,
        changes=changes,
        others=[one.name for one in everyone if one.id != snapshot.id],
        other=other,
    )


async def _found(ask: Ask) -> tuple[Snapshot, Since] | None:
    def find(db: Database) -> tuple[Snapshot, Since]:
        snapshot = store.find(db, ask.path["name"])
        return snapshot, thawing.since(db, snapshot)

    try:
        return await ask.read(find)
    except UnknownSnapshot:
        return None


async def _missing(ask: Ask) -> Response:
    return await ask.missing(ask.speaker.t("snapshot.no_such", name=ask.path["name"]))


async def _verified(ask: Ask, snapshot: Snapshot) -> Verified | str:
    """What was found, or "late" where a page has not the time for it."""
    try:
        return await ask.read(lambda db: verifying.verify(db, snapshot))
    except TooSlow:
        return "late"


async def _freeze(ask: Ask) -> Response:
    """Make a set of the question in the form; where that cannot be, the form again."""
    given = await ask.form()
    fields = {name: given.get(name, "").strip() for name in _FIELDS}
    args = {name: [given[name]] for name in _ASKED if given.get(name)}
    who = ask.user or fields["who"]
    wanted = Freeze(fields["name"], Question.of(args), who, fields["why"])
    try:
        made = await ask.write(lambda db: create(db, wanted))
    except CannotFreeze as wrong:
        return await _list(ask, args, fields, wrong.why)
    except (CannotWrite, DatabaseBusy):
        return await _list(ask, args, fields, "busy")
    return ask.redirect(link("snapshot", made.name))


async def _list(
    ask: Ask, args: Mapping[str, Sequence[str]], fields: Mapping[str, str], wrong: str = ""
) -> Response:
    asked = _asked(args)
    question = Question.of(args)
    many = await ask.read(lambda db: _count(db, question)) if asked else None
    return await ask.page(
        "snapshots.html",
        status=400 if wrong else 200,
        title=ask.speaker.t("snapshot.title"),
        found=await ask.read(store.snapshots),
        asked=asked,
        hidden={name: ",".join(some) for name, some in _several(asked).items()},
        many=many,
        fields={name: fields.get(name, "") for name in _FIELDS},
        wrong=wrong,
        pattern=store.NAME.pattern,
        search=link("search", **_several(asked)),
    )


def _asked(args: Mapping[str, Sequence[str]]) -> list[tuple[str, str]]:
    """The question as it will be frozen: neither order nor folding makes another set of it."""
    pairs = Question.of(args).parameters()
    return [(name, value) for name, value in pairs if name not in ("order", "fold")]


def _several(asked: Sequence[tuple[str, str]]) -> dict[str, list[str]]:
    several: dict[str, list[str]] = {}
    for name, value in asked:
        several.setdefault(name, []).append(value)
    return several


def _count(db: Database, question: Question) -> int | None:
    """How many articles would be frozen; None where the question cannot be answered."""
    try:
        return db.count(question.query, filters=question.filters)
    except SearchError:
        return None


def _order(ask: Ask) -> Export:
    """What the address asks for. Raises CannotExport."""
    said = {name: ask.args.get(name) or "" for name in ("format", "excel", "persons", "text")}
    kind: Any = ask.path["kind"]
    format: Any = said["format"] or "csv"
    excel: Any = (said["excel"] or None) if format == "csv" else None
    return Export(
        kind=kind,
        format=format,
        excel=excel,
        with_text=said["text"] in ("1", "on"),
        with_persons=said["persons"] == "named",
        redact=said["persons"] == "redacted",
    )


_NAME = r"/snapshots/(?P<name>[A-Za-z0-9][A-Za-z0-9._-]{0,79})"
ROUTES = (
    Route("/snapshots", snapshots_page, ("GET", "POST")),
    Route(f"{_NAME}/changes", snapshot_changes),
    Route(f"{_NAME}/export/(?P<kind>[a-z]+)", snapshot_export),
    Route(f"{_NAME}/(?P<text>datasheet|methods|bibtex|csl)", snapshot_text),
    Route(_NAME, snapshot_page),
)
