"""Actors in spreadsheets: out and in again, what people do to them, and what is told of it."""

from __future__ import annotations

import io
import re
import stat
import tomllib
import zipfile
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from config.config_files import ACTOR, workspace
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from crawler.actorchanges import differences, whole
from crawler.actorfiles import FILE, Lists, NotOurs, plan, read_lists, save
from crawler.actorrows import header, rows_of
from crawler.actorsheets import SheetMistakes, actors_in, form_key
from crawler.actortoml import as_toml
from crawler.datafiles import DataFile, tree
from crawler.datafiles import rows_of as datafile_rows
from crawler.guide import COLUMNS, LAYOUT
from crawler.sheetfiles import MAX_ROWS, Cell, Sheet, SheetUnreadable, read_sheet
from crawler.sheetwriting import csv_text, excel_bytes
from crawler.watchlistfiles import ActorTrees
from crawler.watchlists import Form, WatchedActor
from crawler.workspace import Workspace, WorkspaceSettings, create_workspace
from storage.text import fold

Rows = list[list[str]]
KINDS = ["person", "cso", "media", "network", "state_body"]


@pytest.fixture
def place(tmp_path: Path) -> Workspace:
    return workspace(tmp_path / "study", shipped=True)


@pytest.fixture
def empty(tmp_path: Path) -> Workspace:
    return workspace(tmp_path / "bare")


def written(folder: Path, rows: Sequence[Sequence[str]], ending: str) -> Path:
    """A spreadsheet with these rows, as the export writes it."""
    path = folder / f"sheet{ending}"
    content = csv_text(rows).encode() if ending == ".csv" else excel_bytes(rows, LAYOUT)
    path.write_bytes(content)
    return path


def export(place: Workspace) -> Rows:
    return rows_of(read_lists(place).actors())


def take(place: Workspace, path: Path, into: str = FILE) -> list[str]:
    """Import a spreadsheet; gives the ids that changed."""
    lists = read_lists(place)
    sheet = read_sheet(path, "actors")
    found = actors_in(sheet, {actor.id: actor for actor in lists.actors()})
    made = plan(lists, found, sheet.name, into)
    if made.touched:
        save(made)
    return made.touched


def mistakes(place: Workspace, path: Path) -> list[str]:
    with pytest.raises(SheetMistakes) as wrong:
        take(place, path)
    assert not (place.watchlists_dir / f"{FILE}.toml").exists()
    return [str(mistake) for mistake in wrong.value.mistakes]


def sheet_of(*rows: dict[str, Any]) -> Rows:
    """Rows of the columns that they name, in the order of an export."""
    named = {name for row in rows for name in row}
    columns = [name for name in header([]) if name in named] + sorted(named - set(header([])))
    return [columns, *([str(row.get(name, "")) for name in columns] for row in rows)]


OASIS = {"id": "ma_waha", "kind": "cso", "name_en": "Oasis Friends", "form": "جمعية أصدقاء الواحة"}
PALM = {"id": "ma_nakhla", "kind": "cso", "name_fr": "Le Palmier", "form": "Association du palmier"}


def excel(path: Path, rows: Sequence[Sequence[object]], title: str = "actors") -> Path:
    """A file as Excel saves it, with typed values."""
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = title
    for row in rows:
        sheet.append(list(row))
    book.save(path)
    return path


# ---------------------------------------------------------------- out and in again


@pytest.mark.parametrize("ending", [".csv", ".xlsx"])
def test_what_is_exported_and_imported_changes_nothing(
    place: Workspace, tmp_path: Path, ending: str
) -> None:
    assert take(place, written(tmp_path, export(place), ending)) == []


@pytest.mark.parametrize("ending", [".csv", ".xlsx"])
def test_all_shipped_actors_come_back_the_same_in_a_workspace_without_them(
    place: Workspace, empty: Workspace, tmp_path: Path, ending: str
) -> None:
    rows = export(place)

    take(empty, written(tmp_path, rows, ending))

    assert export(empty) == rows
    assert read_lists(empty).actors() == read_lists(place).actors()


def test_a_csv_file_is_the_same_byte_for_byte_after_a_round(
    empty: Workspace, tmp_path: Path
) -> None:
    first = written(tmp_path, sheet_of(OASIS, PALM), ".csv")
    take(empty, first)
    exported = csv_text(export(empty))

    (tmp_path / "again.csv").write_text(exported, encoding="utf-8", newline="")
    assert take(empty, tmp_path / "again.csv") == []

    assert csv_text(export(empty)) == exported
    assert exported.startswith("\ufeff")


odd = st.sampled_from(["_x0041_", "'=1", "''", "a|b", "\\|", "TRUE", "1979", "20/02", "x_x000D_"])
nasty = odd | st.text(
    st.one_of(
        st.sampled_from("=+-@|\\'\",;%_x0041 \u200cةأنÉç"),
        st.characters(codec="utf-8", exclude_categories=["C", "Z"]),
    ),
    min_size=1,
    max_size=12,
).filter(lambda text: text == text.strip() and text.strip("\u200c") != "")
names = st.dictionaries(st.sampled_from(["en", "ar", "fr", "ckb", "zgh"]), nasty, min_size=1)
forms = st.builds(
    Form,
    text=nasty.filter(lambda text: bool(fold(text))),
    language=st.sampled_from([None, "ar", "fr", "kmr", "zh-Hant"]),
    mode=st.sampled_from(["auto", "exact", "context"]),
    verified=st.booleans(),
    suppress=st.sampled_from([False, False, False, True]),
)
notes = st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]) | st.just("\n"), max_size=9)


@st.composite
def actors(draw: Callable[[Any], Any]) -> list[WatchedActor]:
    """A few actors that share no form, with a context word so that each can count."""
    some = draw(st.lists(forms, min_size=1, max_size=6, unique_by=lambda form: fold(form.text)))
    cut = draw(st.integers(1, len(some)))
    groups = [group for group in (some[:cut], some[cut:]) if group]
    return [
        WatchedActor(
            id=f"ma_x{number}",
            kind=draw(st.sampled_from(KINDS)),
            name=draw(names),
            forms=tuple(group),
            countries=tuple(draw(st.lists(st.sampled_from(["ma", "iq"]), unique=True))),
            themes=tuple(draw(st.lists(st.sampled_from(["rights", "press"]), unique=True))),
            context=(draw(nasty.filter(lambda text: bool(fold(text)))),),
            anti_aliases=tuple(draw(st.lists(nasty, max_size=3))),
            evidence=tuple(draw(st.lists(nasty, max_size=3))),
            note=draw(notes).strip(),
        )
        for number, group in enumerate(groups)
    ]


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(made=actors(), ending=st.sampled_from([".csv", ".xlsx"]))
def test_any_actors_survive_the_round_cell_for_cell(
    tmp_path_factory: pytest.TempPathFactory, made: list[WatchedActor], ending: str
) -> None:
    folder = tmp_path_factory.mktemp("round")
    place = create_workspace(
        folder / "w", WorkspaceSettings(contact="desk@example.org", shipped=False)
    )
    rows = rows_of(made)

    take(place, written(folder, rows, ending))

    assert export(place) == rows
    assert read_lists(place).actors() == made


def trees_of(entry: dict[str, Any]) -> ActorTrees:
    """The trees of a watchlist file that says this of one actor."""
    text = as_toml([entry])
    table = tree(DataFile(Path("a.toml"), text, tomllib.loads(text)))
    return ActorTrees({entry["id"]: datafile_rows(table, "actors")[0]})


wanted_forms = st.lists(forms, min_size=1, max_size=5, unique_by=lambda form: form_key(form.text))


@settings(max_examples=300, deadline=None)
@given(data=st.data(), names=st.tuples(names, names), wanted=wanted_forms)
def test_what_differs_laid_over_the_shipped_actor_is_the_actor_that_was_wanted(
    data: st.DataObject, names: tuple[dict[str, str], dict[str, str]], wanted: list[Form]
) -> None:
    kept = data.draw(st.lists(st.sampled_from(wanted), unique=True))
    wanted = [one if one in kept else one.model_copy(update={"suppress": False}) for one in wanted]
    texts = {form_key(form.text) for form in wanted}
    others = data.draw(
        wanted_forms.filter(lambda some: not texts & {form_key(f.text) for f in some})
    )
    changed = [form.model_copy(update={"language": "ckb", "verified": True}) for form in kept]
    base = WatchedActor(id="ma_x", kind="cso", name=names[0], forms=(*others, *changed), note="n")
    actor = WatchedActor(
        id="ma_x", kind="person", name=names[1], forms=tuple(wanted), context=("a",)
    )

    lists = Lists(trees_of(whole(base)), trees_of(differences(base, actor)), None)

    assert lists.effective("ma_x") == actor


# ---------------------------------------------------------------- what a sheet changes


def test_a_changed_cell_of_a_shipped_actor_becomes_a_small_override(
    place: Workspace, tmp_path: Path
) -> None:
    rows = export(place)
    themes = rows[0].index("themes")
    line = next(row for row in rows if row[0] == "ma_amdh")
    line[themes] = "rights, prisoners"

    changed = take(place, written(tmp_path, rows, ".xlsx"))

    text = (place.watchlists_dir / f"{FILE}.toml").read_text(encoding="utf-8")
    assert changed == ["ma_amdh"]
    assert text.split("\n\n")[1] == (
        '[[actors]]\nid = "ma_amdh"\nthemes = ["rights", "prisoners"]\n'
    )
    assert export(place) == rows


def test_a_row_that_is_deleted_is_a_form_that_is_not_looked_for(
    place: Workspace, tmp_path: Path
) -> None:
    rows = [row for row in export(place) if row[0] == "ma_amdh" or row[0] == "id"]
    form = rows[0].index("form")
    kept = [row for row in rows if row[form] != "AMDH"]

    take(place, written(tmp_path, kept, ".csv"))

    amdh = read_lists(place).effective("ma_amdh")
    assert amdh is not None
    assert "AMDH" not in [one.text for one in amdh.forms]
    assert [row for row in export(place) if row[0] in ("id", "ma_amdh")] == kept


def test_a_form_that_is_suppressed_in_the_sheet_stays_in_the_sheet(
    place: Workspace, tmp_path: Path
) -> None:
    rows = export(place)
    form, suppress = rows[0].index("form"), rows[0].index("form_suppress")
    next(row for row in rows if row[form] == "AMDH")[suppress] = "yes"

    take(place, written(tmp_path, rows, ".csv"))

    assert export(place) == rows
    watched = {actor.id: actor for actor in plan(read_lists(place), [], None).actors}
    assert "AMDH" not in [one.text for one in watched["ma_amdh"].forms]


def test_a_new_form_between_others_is_exported_there_again(
    place: Workspace, tmp_path: Path
) -> None:
    rows = export(place)
    first = next(number for number, row in enumerate(rows) if row[0] == "ma_amdh")
    new = {"id": "ma_amdh", "form": "Association des droits de l'oasis", "form_language": "fr"}
    rows.insert(first + 2, [new.get(name, "") for name in rows[0]])

    take(place, written(tmp_path, rows, ".xlsx"))

    assert export(place) == rows


def test_a_suppressed_form_may_be_changed_as_well(place: Workspace, tmp_path: Path) -> None:
    rows = export(place)
    columns = [rows[0].index(name) for name in ("form", "form_suppress", "form_language")]
    line = next(row for row in rows if row[columns[0]] == "AMDH")
    line[columns[1]], line[columns[2]] = "yes", "fr"

    take(place, written(tmp_path, rows, ".csv"))

    assert export(place) == rows


def test_what_is_put_back_leaves_no_override(place: Workspace, tmp_path: Path) -> None:
    rows = export(place)
    before = csv_text(rows)
    name, language = rows[0].index("name_fr"), rows[0].index("form_language")
    lines = [row for row in rows if row[0] == "ma_amdh"]
    lines[0][name] = lines[0][language] = ""
    take(place, written(tmp_path, rows, ".csv"))
    changed = export(place)

    (tmp_path / "back.csv").write_text(before, encoding="utf-8", newline="")
    take(place, tmp_path / "back.csv")

    assert changed == rows
    assert csv_text(export(place)) == before
    assert "ma_amdh" not in (place.watchlists_dir / f"{FILE}.toml").read_text(encoding="utf-8")


def test_an_actor_that_is_not_in_the_sheet_stays_as_it_is(empty: Workspace, tmp_path: Path) -> None:
    take(empty, written(tmp_path, sheet_of(OASIS), ".csv"))

    take(empty, written(tmp_path, sheet_of(PALM), ".csv"))

    assert [actor.id for actor in read_lists(empty).actors()] == ["ma_waha", "ma_nakhla"]


def test_a_column_that_is_not_in_the_sheet_says_nothing(place: Workspace, tmp_path: Path) -> None:
    before = read_lists(place).effective("ma_amdh")
    rows = [["id", "themes"], ["ma_amdh", "press"]]

    take(place, written(tmp_path, rows, ".csv"))

    assert before is not None
    after = read_lists(place).effective("ma_amdh")
    assert after == before.model_copy(update={"themes": ("press",)})


def test_an_actor_below_the_last_row_is_exported_there_again(
    place: Workspace, tmp_path: Path
) -> None:
    rows = export(place)
    new = {"id": "bh_new", "kind": "cso", "name_en": "New One", "form": "=New One Society"}
    rows += [
        [new.get(name, "") for name in rows[0]],
        ["bh_new" if name == "id" else "NOS" if name == "form" else "" for name in rows[0]],
    ]

    take(place, written(tmp_path, rows, ".xlsx"))

    assert export(place) == rows


def test_the_file_is_private_and_the_same_for_the_same_sheet(
    empty: Workspace, tmp_path: Path
) -> None:
    take(empty, written(tmp_path, sheet_of(OASIS, PALM), ".csv"))
    path = empty.watchlists_dir / f"{FILE}.toml"
    first = path.read_bytes()
    path.unlink()

    take(empty, written(tmp_path, sheet_of(OASIS, PALM), ".xlsx"))

    assert path.read_bytes() == first
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_file_made_by_hand_is_not_written(empty: Workspace, tmp_path: Path) -> None:
    (empty.watchlists_dir / "own.toml").write_text(ACTOR, encoding="utf-8")
    sheet = written(tmp_path, sheet_of(PALM), ".csv")

    with pytest.raises(NotOurs, match="written by hand"):
        take(empty, sheet, into="own")

    assert (empty.watchlists_dir / "own.toml").read_text(encoding="utf-8") == ACTOR


def test_an_actor_of_a_file_made_by_hand_is_changed_in_ours(
    empty: Workspace, tmp_path: Path
) -> None:
    (empty.watchlists_dir / "own.toml").write_text(ACTOR, encoding="utf-8")
    rows = export(empty)
    rows[1][rows[0].index("note")] = "moved"
    rows.append(["ma_waha", *[""] * 6, "أصدقاء الواحة الخضراء", *[""] * (len(rows[0]) - 8)])

    take(empty, written(tmp_path, rows, ".xlsx"))

    assert export(empty) == rows
    assert (empty.watchlists_dir / "own.toml").read_text(encoding="utf-8") == ACTOR
    (entry,) = tomllib.loads((empty.watchlists_dir / "actors.toml").read_text("utf-8"))["actors"]
    assert [form["text"] for form in entry["forms"]] == ["أصدقاء الواحة الخضراء"]


def test_a_form_taken_away_by_sheet_may_leave_its_file_too(
    empty: Workspace, tmp_path: Path
) -> None:
    by_hand = empty.watchlists_dir / "own.toml"
    more = ACTOR + '[[actors.forms]]\ntext = "واحة النخيل"\n'
    by_hand.write_text(more, encoding="utf-8")
    take(empty, written(tmp_path, export(empty)[:-1], ".csv"))
    taken = export(empty)
    by_hand.write_text(ACTOR, encoding="utf-8")

    assert export(empty) == taken
    assert len(taken) == 3


def test_a_file_that_changed_meanwhile_is_not_overwritten(empty: Workspace, tmp_path: Path) -> None:
    take(empty, written(tmp_path, sheet_of(OASIS), ".csv"))
    lists = read_lists(empty)
    sheet = read_sheet(written(tmp_path, sheet_of(PALM), ".csv"), "actors")
    made = plan(lists, actors_in(sheet, {}), sheet.name)
    made.path.write_text(made.path.read_text(encoding="utf-8") + "\n", encoding="utf-8")

    with pytest.raises(NotOurs, match="meanwhile"):
        save(made)


def test_a_full_disk_is_told_in_words(
    empty: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(path: Path, content: str) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("crawler.actorfiles.write_file", full)

    with pytest.raises(NotOurs, match=r"actors.toml cannot be written: No space left on device"):
        take(empty, written(tmp_path, sheet_of(OASIS), ".csv"))


# ---------------------------------------------------------------- what people and programs do


@pytest.mark.parametrize("code", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_csv_of_any_program_is_read(
    empty: Workspace, tmp_path: Path, code: str, separator: str, end: str
) -> None:
    note = f'"Two lines,{end}and a ; and a ""quote"""'
    lines = [
        ["id", "kind", "name_en", "form", "note"],
        ["ma_waha", "cso", "Oasis Friends", "جمعية أصدقاء الواحة", note],
    ]
    text = end.join(separator.join(line) for line in lines) + end
    (tmp_path / "a.csv").write_bytes(text.encode(code))

    take(empty, tmp_path / "a.csv")

    (actor,) = read_lists(empty).actors()
    assert actor.note == 'Two lines,\nand a ; and a "quote"'
    assert actor.forms[0].text == "جمعية أصدقاء الواحة"


def test_a_line_that_names_the_separator_is_no_row(empty: Workspace, tmp_path: Path) -> None:
    text = "sep=;\r\nid;kind;name_en;form\r\nma_waha;cso;Oasis, Friends;Oasis Friends\r\n"
    (tmp_path / "a.csv").write_text(text, encoding="utf-8", newline="")

    take(empty, tmp_path / "a.csv")

    assert read_lists(empty).actors()[0].name == {"en": "Oasis, Friends"}


@pytest.mark.parametrize("code", ["cp1256", "cp1252"])
def test_an_old_code_page_is_refused_with_the_way_out(
    empty: Workspace, tmp_path: Path, code: str
) -> None:
    form = "أصدقاء الواحة" if code == "cp1256" else "Association du café"
    (tmp_path / "a.csv").write_bytes(f"id,kind,name_en,form\nma_x,cso,X,{form}\n".encode(code))

    with pytest.raises(SheetUnreadable, match=r"is not UTF-8 text.*CSV UTF-8"):
        take(empty, tmp_path / "a.csv")


@pytest.mark.parametrize(
    ("typed", "mode", "verified"),
    [(True, "auto", True), (1, "Acronym", True), ("VRAI", "", True), ("نعم", "", True),
     ("oui", "", True), (False, "", False), (0, "", False), ("FAUX", "", False), (None, "", False)],
)  # fmt: skip
def test_values_as_a_spreadsheet_types_them(
    empty: Workspace, tmp_path: Path, typed: object, mode: str, verified: bool
) -> None:
    rows = [
        ["ID ", "Kind", "name en", "form", "form_mode", "form_verified", "countries"],
        ["\u200fma_waha\u00a0\u202c", "CSO", " Oasis ", "OASIS FRIENDS ", mode, typed, "MA ; iq"],
        [],
        ["ma_waha", None, None, 1979, "context", None, None],
    ]

    take(empty, excel(tmp_path / "a.xlsx", rows))

    (actor,) = read_lists(empty).actors()
    assert actor.name == {"en": "Oasis"}
    assert actor.countries == ("ma", "iq")
    assert (actor.forms[0].verified, actor.forms[0].mode) == (verified, mode.lower() or "auto")
    assert actor.forms[1].text == "1979"


def test_hidden_merged_and_empty_rows_are_rows_like_others(
    empty: Workspace, tmp_path: Path
) -> None:
    book = Workbook()
    guide, sheet = book.worksheets[0], book.create_sheet("Actors")
    guide.title, sheet.sheet_state = "guide", "hidden"
    guide.append(["id", "what it is"])
    for row in (
        ["id", "kind", "name_en", "form"],
        ["ma_waha", "cso", "Oasis", "Oasis Friends"],
        [None, None, None, "Friends of the Oasis"],
        [],
        ["ma_nakhla", "cso", "Palm", "Palm Friends"],
    ):
        sheet.append(row)
    sheet.merge_cells("A2:A3")
    sheet.row_dimensions[3].hidden = True
    book.save(tmp_path / "a.xlsx")

    take(empty, tmp_path / "a.xlsx")

    oasis, palm = read_lists(empty).actors()
    assert [form.text for form in oasis.forms] == ["Oasis Friends", "Friends of the Oasis"]
    assert palm.id == "ma_nakhla"


@pytest.mark.parametrize("ending", [".csv", ".xlsx"])
@pytest.mark.parametrize("mode", ["", "auto", "context"])
@pytest.mark.parametrize("switch", ["", "yes", "no"])
def test_a_usual_value_that_was_spelled_out_stays_so(
    empty: Workspace, tmp_path: Path, mode: str, switch: str, ending: str
) -> None:
    (empty.watchlists_dir / "own.toml").write_text(ACTOR, encoding="utf-8")
    rows = export(empty)
    rows += [["iq_new", "cso", "New", *[""] * 4, "منظمة جديدة للتجربة", *[""] * 12]]
    for row in (rows[1], rows[3]):
        row[rows[0].index("form_mode")] = mode
        for column in ("form_verified", "form_variants", "form_suppress"):
            row[rows[0].index(column)] = switch
    rows[3][rows[0].index("form_suppress")] = ""
    rows[3][rows[0].index("context")] = "ماء"
    path = written(tmp_path, rows, ending)

    take(empty, path)

    assert export(empty) == rows
    assert take(empty, path) == []


def test_a_title_above_the_header_is_no_row(empty: Workspace, tmp_path: Path) -> None:
    title = [["Our actors, spring"], [], *sheet_of(OASIS)]

    assert take(empty, written(tmp_path, title, ".csv")) == ["ma_waha"]


def test_rows_may_be_sorted(place: Workspace, tmp_path: Path) -> None:
    first, *rest = export(place)

    assert take(place, written(tmp_path, [first, *sorted(rest, key=str)], ".csv")) == []


# ---------------------------------------------------------------- mistakes


def test_every_mistake_is_told_at_once_and_nothing_is_saved(
    empty: Workspace, tmp_path: Path
) -> None:
    rows = sheet_of(
        OASIS | {"kind": "csos", "countries": "maa", "themme": "x"},
        PALM | {"form_mode": "acronyme", "form_verified": "perhaps", "form_language": "ku"},
        {"id": "ma_waha", "kind": "media", "form": "جمعية أصدقاء الواحة"},
        {"id": "Ma X", "kind": "cso", "name_en": "X", "form": "ـــ"},
        {"id": "ma_y", "name_en": "Y", "form_mode": "exact"},
    )
    columns = {name: "ABCDEFGHIJK"[number] for number, name in enumerate(rows[0])}

    said = mistakes(empty, written(tmp_path, rows, ".xlsx"))

    for column, row, words in (
        ("themme", 1, "is not a known column; did you mean themes?"),
        ("kind", 2, "must be one of person, cso, media, network, state_body"),
        ("countries", 2, "must be a country code of two small letters"),
        ("form_mode", 3, 'is the text "acronyme"; did you mean acronym?'),
        ("form_verified", 3, 'must be yes or no, but is "perhaps"'),
        ("form_language", 3, 'is "ku"; say which Kurdish'),
        ("kind", 4, f"is not what actors!{columns['kind']}2 says of the same actor"),
        ("form", 4, f"stands here twice (see actors!{columns['form']}2)"),
        ("id", 5, '"Ma X" must be made of a-z, 0-9 and single - or _'),
        ("form", 5, "has no letter"),
        ("kind", 6, "is missing"),
        ("form", 6, "is empty, and the row says how it counts"),
    ):
        wanted = f"actors!{columns[column]}{row}: {column}: "
        assert [line for line in said if line.startswith(wanted) and words in line], wanted
    assert said == sorted(
        said, key=lambda line: int("".join(filter(str.isdigit, line.split(":")[0])))
    )


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        ('=HYPERLINK("http://one.test","x")', "holds a formula (=HYPERLINK"),
        (date(2026, 2, 20), "was made a date by the spreadsheet (2026-02-20"),
        ("#N/A", "holds the error #N/A"),
        (True, "was made TRUE by the spreadsheet"),
    ],
)
def test_what_a_spreadsheet_made_of_a_text_is_refused_by_cell(
    empty: Workspace, tmp_path: Path, cell: object, words: str
) -> None:
    rows = [["id", "kind", "name_en", "form"], ["ma_waha", "cso", "Oasis", cell]]

    (said,) = mistakes(empty, excel(tmp_path / "a.xlsx", rows))

    assert said.startswith("actors!D2: form: ")
    assert words in said


def test_a_formula_in_a_csv_file_is_refused(empty: Workspace, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("id,kind,name_en,form\nma_x,cso,X,=1+1\n", encoding="utf-8")

    (said,) = mistakes(empty, tmp_path / "a.csv")

    assert said.startswith("a.csv!D2: form: holds a formula (=1+1)")


def test_a_form_of_another_actor_is_told_with_its_cell(place: Workspace, tmp_path: Path) -> None:
    rows = sheet_of(OASIS, {"id": "ma_waha", "form": "AMDH"})

    (said,) = mistakes(place, written(tmp_path, rows, ".csv"))

    assert said.startswith('sheet.csv!D3: form: "AMDH" is also a form of ma_amdh')


def test_a_form_that_a_later_actor_has_is_told_with_its_cell_too(
    place: Workspace, tmp_path: Path
) -> None:
    rows = sheet_of(OASIS | {"id": "aa_waha"}, {"id": "aa_waha", "form": "AMDH"})

    (said,) = mistakes(place, written(tmp_path, rows, ".csv"))

    assert said.startswith("crawler/data/watchlists/ma.toml:")
    assert '"AMDH" is also a form of aa_waha (sheet.csv!D3)' in said


def test_a_row_without_an_id_after_an_empty_row_belongs_to_nobody(
    empty: Workspace, tmp_path: Path
) -> None:
    rows = [*sheet_of(OASIS), ["", "", "", ""], ["", "", "", "Oasis Friends"]]

    (said,) = mistakes(empty, written(tmp_path, rows, ".csv"))

    assert said == "sheet.csv!A4: id: is empty"


@pytest.mark.parametrize("text", ["", "\n\n", "a,b\n1,2\n", "id,kind,form\n"])
def test_a_sheet_that_says_nothing_is_a_mistake(
    empty: Workspace, tmp_path: Path, text: str
) -> None:
    (tmp_path / "a.csv").write_text(text, encoding="utf-8")

    assert mistakes(empty, tmp_path / "a.csv")


# ---------------------------------------------------------------- files that mean harm


def packed(parts: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in parts.items():
            file.writestr(name, content)
    return out.getvalue()


def with_sheet(path: Path, change: Callable[[bytes], bytes]) -> Path:
    """A sound Excel file, the XML of its sheet changed."""
    excel(path, [["id", "kind", "name_en", "form"], ["ma_x", "cso", "X", "Some Form"]])
    with zipfile.ZipFile(path) as file:
        parts = {name: file.read(name) for name in file.namelist()}
    parts["xl/worksheets/sheet1.xml"] = change(parts["xl/worksheets/sheet1.xml"])
    path.write_bytes(packed(parts))
    return path


def test_a_bomb_is_not_unpacked(empty: Workspace, tmp_path: Path) -> None:
    path = with_sheet(tmp_path / "a.xlsx", lambda xml: xml + b" " * 200_000_000)
    assert path.stat().st_size < 1_000_000

    with pytest.raises(SheetUnreadable, match="unpacks to more than"):
        take(empty, path)


@pytest.mark.parametrize(
    "entity",
    [b'<!ENTITY e SYSTEM "file:///etc/passwd">', b'<!ENTITY a "aaaa"><!ENTITY e "&a;&a;&a;">'],
)
def test_entities_are_not_followed(empty: Workspace, tmp_path: Path, entity: bytes) -> None:
    path = with_sheet(
        tmp_path / "a.xlsx",
        lambda xml: b"<!DOCTYPE worksheet [" + entity + b"]>" + xml,
    )

    with pytest.raises(SheetUnreadable, match="cannot be read"):
        take(empty, path)


@pytest.mark.parametrize("content", [b"PK\x03\x04 no zip", packed({"a.txt": b"hello"})])
def test_a_damaged_excel_file_is_told_in_words(
    empty: Workspace, tmp_path: Path, content: bytes
) -> None:
    (tmp_path / "a.xlsx").write_bytes(content)

    with pytest.raises(SheetUnreadable, match="save it anew"):
        take(empty, tmp_path / "a.xlsx")


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.xls", b"\xd0\xcf\x11\xe0 old", "old Excel file, or has a password"),
        ("a.xlsx", b"id,kind\n", "is no Excel file"),
        ("a.csv", b'id,kind\n"ma_x,cso\n', "no sound CSV file: line"),
        ("a.csv", b"id\n" + b"ma_x\n" * (MAX_ROWS + 1), "more than 50,000 rows"),
        ("a.csv", b"id," + b"x," * 300, "more than 200 columns"),
        ("a.csv", b"id,kind\nma\0,cso\n", "NUL"),
    ],
)
def test_what_is_no_sheet_is_refused(
    empty: Workspace, tmp_path: Path, name: str, content: bytes, words: str
) -> None:
    (tmp_path / name).write_bytes(content)

    with pytest.raises(SheetUnreadable, match=words):
        take(empty, tmp_path / name)


def test_a_sheet_that_claims_a_million_rows_is_read_as_far_as_it_goes(
    empty: Workspace, tmp_path: Path
) -> None:
    path = with_sheet(
        tmp_path / "a.xlsx", lambda xml: xml.replace(b'ref="A1:D2"', b'ref="A1:XFD1048576"')
    )

    assert take(empty, path) == ["ma_x"]


# ---------------------------------------------------------------- what is written


def test_no_exported_cell_is_a_formula(empty: Workspace, tmp_path: Path) -> None:
    rows = sheet_of(OASIS | {"form": "=cmd|' /C calc'!A0", "note": "@SUM(1)"})
    path = written(tmp_path, rows, ".xlsx")

    cells = [cell for row in load_workbook(path)["actors"].iter_rows() for cell in row]

    assert {cell.data_type for cell in cells if cell.value} == {"s"}
    assert '\r\n"ma_waha"' in csv_text(rows)
    assert "\"'=cmd|" in csv_text(rows)
    take(empty, path)
    assert read_lists(empty).actors()[0].forms[0].text == "=cmd|' /C calc'!A0"


def test_every_column_is_explained_in_the_guide() -> None:
    columns = {"name_…" if name.startswith("name_") else name for name in header([])}

    assert columns == set(COLUMNS)
    assert all(COLUMNS.values())


def test_the_excel_file_helps_to_fill_it_in(place: Workspace, tmp_path: Path) -> None:
    book = load_workbook(written(tmp_path, export(place), ".xlsx"))

    sheet = book["actors"]
    assert book.sheetnames == ["actors", "guide"]
    assert not sheet.sheet_view.rightToLeft
    assert sheet.freeze_panes == "B2"
    lists = {str(rule.formula1) for rule in sheet.data_validations.dataValidation}
    assert '"yes,no"' in lists
    assert any(choices.startswith('"person,cso') for choices in lists)


# ---------------------------------------------------------------- whatever stands in it


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(raw=st.binary(max_size=300))
def test_any_bytes_are_a_sheet_or_are_refused(
    tmp_path_factory: pytest.TempPathFactory, raw: bytes
) -> None:
    path = tmp_path_factory.mktemp("any") / "a.csv"
    path.write_bytes(raw)

    with suppress(SheetUnreadable, SheetMistakes):
        actors_in(read_sheet(path, "actors"), {})


cells = st.text(max_size=8) | st.sampled_from(
    [
        "ma_x",
        "cso",
        "yes",
        "VRAI",
        "=1",
        "ar",
        "context",
        "ma, iq",
        "a | b",
        "\u202e",
        "\ud7ff",
        "ـ",
    ]
)


@settings(max_examples=100, deadline=None)
@given(
    rows=st.lists(st.lists(cells, max_size=8), max_size=5),
    columns=st.lists(st.sampled_from([*header([]), "name_es", "nmae_ar", ""]), max_size=8),
)
def test_any_cells_are_actors_or_mistakes_that_name_their_cell(
    rows: list[list[str]], columns: list[str]
) -> None:
    sheet = Sheet("s", [[Cell(text) for text in row] for row in [columns, *rows]])

    try:
        found = actors_in(sheet, {})
    except SheetMistakes as wrong:
        assert wrong.mistakes
        assert all(re.fullmatch(r"s![A-H][1-6]", mistake.cell) for mistake in wrong.mistakes)
    else:
        assert all(one.actor is not None for one in found)
