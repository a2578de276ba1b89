"""How a frozen set is cited: in plain words, as BibTeX and as CSL-JSON.

The digest stands in all of them: a name alone can be given twice, in two archives.
"""

from __future__ import annotations

import json

from storage.bidi import isolated
from storage.exporting.bibliography import LATEX
from storage.frozen.records import Snapshot
from storage.frozen.wording import Language, say

_LATEX = str.maketrans(dict(LATEX))


def plain(snapshot: Snapshot, language: Language = "en") -> str:
    """One line: who, when, what, and the digest that tells the set from all others."""
    return (
        f"{isolated(_line(snapshot.who))} ({snapshot.made_at:%Y}). {snapshot.name} [Data set]. "
        f"{_description(snapshot, language)}. Marsad {_version(snapshot)}, "
        f"{snapshot.made_at:%Y-%m-%d}. SHA-256: {snapshot.digest}."
    )


def bibtex(snapshot: Snapshot) -> str:
    """An entry of the kind misc, which every style knows."""
    fields = {
        "author": f"{{{_latex(snapshot.who)}}}",
        "title": f"{{{_latex(snapshot.name)}}}: {_latex(_description(snapshot, 'en'))}",
        "year": f"{snapshot.made_at:%Y}",
        "month": str(snapshot.made_at.month),
        "howpublished": f"Data set, frozen with Marsad {_latex(_version(snapshot))}",
        "note": f"SHA-256: {snapshot.digest}",
    }
    told = "".join(f"  {name} = {{{said}}},\n" for name, said in fields.items())
    return f"@misc{{{_key(snapshot)},\n{told}}}\n"


def csl(snapshot: Snapshot) -> str:
    """A list of one item of the type dataset, as reference managers read it."""
    made = snapshot.made_at
    item = {
        "id": _key(snapshot),
        "type": "dataset",
        "author": [{"literal": _line(snapshot.who)}],
        "title": f"{snapshot.name}: {_description(snapshot, 'en')}",
        "issued": {"date-parts": [[made.year, made.month, made.day]]},
        "publisher": "Marsad",
        "version": _version(snapshot),
        "note": f"SHA-256: {snapshot.digest}",
    }
    return json.dumps([item], ensure_ascii=False, indent=2) + "\n"


def _description(snapshot: Snapshot, language: Language) -> str:
    facts = snapshot.facts
    outlets = sum(1 for one in facts["outlets"] if one["articles"])
    articles = facts["rows"]["articles"]
    said = say(language, "c_description", articles=articles, outlets=outlets)
    period = facts["period"]
    days = f", {period['first']}/{period['last']}" if period["first"] else ""
    return isolated(said) + days


def _key(snapshot: Snapshot) -> str:
    return f"marsad-{snapshot.name}"


def _version(snapshot: Snapshot) -> str:
    return snapshot.facts["versions"]["marsad"]


def _line(text: str) -> str:
    return " ".join(text.split())


def _latex(text: str) -> str:
    return _line(text).translate(_LATEX)
