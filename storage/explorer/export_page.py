"""Exports from the site: what there is, with which options, and the files themselves.

`/export/<kind>?format=…` with the parameters of a search page is the file. Other formats than xlsx
come as a ZIP with their side-car; a workbook has its description on sheets of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import IO, Any

from datasette.utils.asgi import Response

from storage.database import Database
from storage.desk.questions import SEVERAL, Question
from storage.errors import CannotExport
from storage.explorer.asking import Ask
from storage.explorer.routing import Route
from storage.explorer.streaming import Stream
from storage.exporting import writing
from storage.exporting.cells import Beside
from storage.exporting.columns import KINDS, TEXTS, columns
from storage.exporting.orders import BIBLIOGRAPHIES, EXCELS, FORMATS, TYPES, Export
from storage.exporting.redaction import key_of
from storage.exporting.rows import rows
from storage.exporting.writers import check
from storage.search import matching

Key = Callable[[], bytes] | None
_ASKED = (*SEVERAL, "q", "after", "before", "month", "order", "fold")


@dataclass(frozen=True, slots=True)
class Offer:
    """A kind of export, and what may be chosen for it."""

    kind: str
    formats: Sequence[str]
    has_text: bool
    has_totals: bool


async def exports_page(ask: Ask) -> Response:
    """Everything that can be exported, for the question in the address."""
    return await ask.page(
        "exports.html",
        title=ask.speaker.t("export.title"),
        offers=[_offer(kind) for kind in KINDS],
        asked=_asked(ask),
    )


async def export_page(ask: Ask) -> Response | Stream:
    """One kind: the file where a format is named, else what may be chosen and what is in it."""
    kind: Any = ask.path["kind"]
    if kind not in KINDS:
        return await ask.missing(ask.speaker.t("export.no_such", kind=kind))
    if not ask.args.get("format"):
        return await ask.page(
            "export.html",
            title=ask.speaker.t(f"export.kind_{kind}"),
            offer=_offer(kind),
            asked=_asked(ask),
            excels=EXCELS,
            columns=[(one.name, getattr(one, ask.language)) for one in columns(kind, text=False)],
        )
    try:
        return await _file(ask, kind)
    except CannotExport as wrong:
        return await ask.wrong(str(wrong))
    except ValueError as wrong:  # of a period of more than ten years
        return await ask.wrong(str(wrong))


async def _file(ask: Ask, kind: str) -> Response | Stream:
    """The file; a question that cannot be answered is told before it begins."""
    export, question = _export(ask, kind), _question(ask)
    key = ask.given.redaction_key
    if slips := await ask.read(lambda db: _slips(db, export, question, key)):
        return await ask.wrong(ask.speaker.t("export.unknown", names=", ".join(slips)))
    as_zip = _comes_as_zip(export, ask.args.get("as") or "")
    name = f"marsad-{export.kind}.zip" if as_zip else f"marsad-{export.filename}"
    return ask.stream(
        lambda db, out: _write(db, out, export, question, as_zip=as_zip, key=key),
        content_type="application/zip" if as_zip else TYPES[export.format],
        filename=name,
    )


def _write(
    db: Database,
    out: IO[bytes],
    export: Export,
    question: Question,
    *,
    as_zip: bool,
    key: Key,
) -> None:
    known, found = writing.asked(db, export, question, key)
    if as_zip:
        writing.write_zip(found, export, out, known)
        return
    with Beside() as beside:
        writing.stream_rows(found, export, out, known, beside)


def _comes_as_zip(export: Export, wish: str) -> bool:
    """A workbook says itself what it is; a CSV for Excel may have texts beside it."""
    if export.excel is not None:
        return True
    return wish != "file" if export.format != "xlsx" else wish == "zip"


def _export(ask: Ask, kind: Any) -> Export:
    """What the address asks for. Raises CannotExport."""
    said = {name: ask.args.get(name) or "" for name in ("format", "excel", "persons")}
    excel: Any = said["excel"] if said["format"] == "csv" else ""
    format: Any = said["format"]
    return Export(
        kind=kind,
        format=format,
        excel=excel or None,
        with_text=_is_on(ask, "text"),
        with_persons=said["persons"] == "named",
        redact=said["persons"] == "redacted",
        per_outlet=not _is_on(ask, "all_outlets"),
        doubtful=_is_on(ask, "doubtful"),
    )


def _is_on(ask: Ask, name: str) -> bool:
    return ask.args.get(name) in ("1", "on")


def _question(ask: Ask) -> Question:
    return Question.of(_arguments(ask))


def _arguments(ask: Ask) -> Mapping[str, Sequence[str]]:
    return {name: ask.args.getlist(name) for name in _ASKED}


def _asked(ask: Ask) -> list[tuple[str, str]]:
    """The question as parameters, to be shown and handed on. Raises SearchError."""
    return _question(ask).parameters()


def _slips(db: Database, export: Export, question: Question, key: Key) -> list[str]:
    """What the database has never heard of.

    Raises SearchError, CannotExport, or ValueError for coverage: all that would break a file off.
    """
    check(export)
    if not export.with_persons:
        (key or (lambda: key_of(db.path.parent)))()
    slips = db.unknown(question.filters)
    matching(db, question.query, question.filters)
    if export.kind == "coverage":
        next(rows(db, "coverage", question), None)
    return slips


def _offer(kind: Any) -> Offer:
    formats = [one for one in FORMATS if kind == "articles" or one not in BIBLIOGRAPHIES]
    return Offer(kind, formats, kind in TEXTS, kind == "attention")


ROUTES = (Route("/export", exports_page), Route("/export/(?P<kind>[a-z]+)", export_page))
