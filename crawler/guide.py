"""What the columns of an actors' spreadsheet mean, for the person who fills it in."""

from __future__ import annotations

from typing import get_args

from crawler.actorcells import ACTOR_FIELDS, FORM_FIELDS
from crawler.actorrows import FORM, TITLE
from crawler.sheetwriting import Layout
from crawler.watchlists import Theme

COLUMNS = {
    "id": "The actor's name for machines, such as ma_example: a country, _ and a short name in a-z "
    "and 0-9. It stands in every row of the actor. Never change the id of an actor that exists.",
    "kind": "What the actor is. Choose from the list; person, cso, media, network, state_body, "
    "pro_government, political, or term for a set of generic words.",
    "name_…": "The name for display, in each language that it has one in. A column name_es (and "
    "so on) may be added for another language. What is looked for are the forms, not the names.",
    "form": "One written form, exactly as a newspaper would print it. One row for each form; a new "
    "form is a new row with the same id. A row that is deleted is a form that is looked for no "
    "more.",
    "form_language": "The language of the form: ar, fr, en, ckb (Sorani), kmr (Kurmanji) … Empty: "
    "any, as for AMDH.",
    "form_mode": "When the form counts. Empty (auto): two words or more count wherever they stand, "
    "a single word only near a context word. acronym: in capitals as written. exact: letter for "
    "letter as written. context: only near a context word.",
    "form_verified": "yes: somebody has read a page in this language that names the actor so.",
    "form_variants": "no: only the form itself is looked for, not other usual spellings of it.",
    "form_suppress": "yes: a form that was thought of and is not looked for.",
    "countries": "Two letters each, with commas between them: ma, iq",
    "themes": "What the actor works on, with commas between them; known are "
    f"{', '.join(get_args(Theme))}.",
    "context": "Words near which a doubtful form counts, with | between them: ناشط | حقوق | lawyer",
    "anti_aliases": "Longer phrases in which a form means something else, with | between them.",
    "evidence": "Where the name was read, and when, with | between entries.",
    "note": "Anything that a colleague should know.",
    "suppress": "yes: the whole actor is not watched for.",
}
_HINTS = (
    ("How to", "One row for each written form. What is said of the actor itself (kind, names, "
     "countries …) stands in its first row; in the others those cells stay empty."),
    ("", "Rows may be sorted, filtered and hidden: every row counts, hidden or not. Empty rows do "
     "not matter. An actor that is not in the sheet stays as it is when the sheet is imported."),
    ("", "A text with | in it is written with \\| there. A text that begins with = + - or @ has an "
     "apostrophe in front, so that no spreadsheet takes it for a formula."),
    ("", "marsad actors import FILE shows what the sheet would find before anything is saved."),
    ("Column", "Meaning"),
)  # fmt: skip


def _choices() -> dict[str, tuple[str, ...]]:
    found = {name: field.choices for name, field in ACTOR_FIELDS.items()}
    found |= {FORM + name: field.choices for name, field in FORM_FIELDS.items()}
    return {name: choices for name, choices in found.items() if choices}


LAYOUT = Layout(
    title=TITLE,
    choices=_choices(),
    widths={"form": 44, "name_en": 34, "name_ar": 34, "context": 40, "evidence": 60, "note": 40},
    guide=(*_HINTS, *COLUMNS.items()),
)
"""How the Excel file looks besides its rows."""
