"""The file for a monitoring system: it parses, it is whole, and nobody is named in it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stored import NIGHT, Story, fill

from crawler.telling import metrics, sizes
from crawler.tellings import MetricsSettings
from crawler.workspace import Workspace, WorkspaceSettings, create_workspace
from storage.database import open_database
from storage.events import EventStore
from storage.models import Actor, Alias
from storage.slots import Coming, SlotStore
from storage.upkeep import Upkeep

CANARIES = [f"Canariah Testwatch{number} الطائر المراقب{number}" for number in range(50)]
_SAMPLE = re.compile(r"([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})? (-?[0-9.eE+]+)")
_LABEL = re.compile(r'([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\["\\n])*)"(?:,|$)')
Samples = dict[tuple[str, tuple[tuple[str, str], ...]], float]


def parsed(text: str) -> Samples:
    """What a strict reader of the text format (0.0.4) makes of it; raises ValueError."""
    found: Samples = {}
    announced: list[str] = []
    for line in text.removesuffix("\n").split("\n"):
        if line.startswith("# HELP "):
            announced.append(line.split(" ")[2])
        elif line.startswith("# TYPE "):
            assert line == f"# TYPE {announced[-1]} gauge"
        else:
            name, labels, value = _fields(line)
            assert name == announced[-1], "samples stand below the name that was announced"
            assert (name, labels) not in found, "no sample twice"
            found[name, labels] = value
    assert len(announced) == len(set(announced))
    return found


def _fields(line: str) -> tuple[str, tuple[tuple[str, str], ...], float]:
    sample = _SAMPLE.fullmatch(line)
    if sample is None:
        raise ValueError(line)
    inner, labels, at = sample[2] or "", [], 0
    while at < len(inner):
        label = _LABEL.match(inner, at)
        if label is None:
            raise ValueError(line)
        labels.append((label[1], re.sub(r"\\(.)", _unescaped, label[2])))
        at = label.end()
    return sample[1], tuple(labels), float(sample[3])


def _unescaped(match: re.Match[str]) -> str:
    return "\n" if match[1] == "n" else match[1]


@pytest.fixture(scope="module")
def watch(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """A workspace in which fifty people are watched and written about."""
    settings = WorkspaceSettings(contact="tests@marsad.test", shipped=False)
    made = create_workspace(tmp_path_factory.mktemp("metrics") / "watch", settings)
    actors = [
        Actor(f"ma_canary_{number}", "person", name=name, aliases=(Alias(name),))
        for number, name in enumerate(CANARIES)
    ]
    fill(made.database, [Story(f"Today {name} spoke.", name) for name in CANARIES], actors)
    with open_database(made.database) as db:
        slot = SlotStore(db, clock=lambda: NIGHT).take("nightly", "2026-03-01", NIGHT)
        SlotStore(db, clock=lambda: NIGHT).end(slot.id, "done")
        EventStore(db).open("blocked", "ma_manara", "direct", {"said": CANARIES[0]}, NIGHT)
        care = Upkeep(db, clock=lambda: NIGHT)
        care.end(care.begin("backup"), True, CANARIES[1], {"bytes": 1234})
    sizes.note(made)
    return made


@pytest.fixture
def place(watch: Workspace, tmp_path: Path) -> Workspace:
    """The same, with a file of metrics of the test's own."""
    target = MetricsSettings(textfile=str(tmp_path / "marsad.prom"))
    return Workspace(watch.root, watch.settings.model_copy(update={"metrics": target}))


def test_the_file_tells_counts_and_times_and_a_strict_reader_reads_it(place: Workspace) -> None:
    metrics.write(place, [Coming("nightly", "2026-03-02", NIGHT)])

    found = parsed(_file(place).read_text(encoding="utf-8"))
    nightly = (("schedule", "nightly"),)
    assert found["marsad_schedule_last_success_timestamp_seconds", nightly] == NIGHT.timestamp()
    assert found["marsad_schedule_next_timestamp_seconds", nightly] == NIGHT.timestamp()
    assert found["marsad_articles", ()] == 50
    assert found["marsad_outlets", (("state", "blocked"),)] == 1
    assert found["marsad_outlet_state", (("outlet", "ma_manara"), ("state", "blocked"))] == 1
    assert found["marsad_backup_bytes", ()] == 1234
    assert found["marsad_pending", ()] == 0
    assert found["marsad_workspace_bytes", (("part", "database"),)] > 100_000


def test_what_is_unknown_is_left_out_and_never_nought(place: Workspace) -> None:
    metrics.write(place)

    names = {name for name, _ in parsed(_file(place).read_text(encoding="utf-8"))}
    assert not names & {"marsad_growth_bytes_per_day", "marsad_disk_full_timestamp_seconds"}
    assert "marsad_captures_verified_timestamp_seconds" not in names


def test_nobody_who_is_watched_is_named_in_it(place: Workspace) -> None:
    metrics.write(place)

    text = _file(place).read_text(encoding="utf-8")
    assert not [name for name in CANARIES if name in text or name.split()[1] in text]
    assert "canary" not in text


def test_the_collector_can_read_it_and_never_meets_a_half(place: Workspace) -> None:
    _file(place).write_text("of yesterday")
    yesterdays = _file(place).open(encoding="utf-8")

    metrics.write(place)

    with yesterdays:
        assert yesterdays.read() == "of yesterday"  # put in its place, not written into
    assert _file(place).stat().st_mode & 0o777 == 0o644
    assert [path.name for path in _file(place).parent.glob("*.prom*")] == ["marsad.prom"]


def test_without_the_operators_folder_it_fails_and_leaves_nothing(place: Workspace) -> None:
    gone = MetricsSettings(textfile=str(place.root.parent / "gone" / "marsad.prom"))
    elsewhere = Workspace(place.root, place.settings.model_copy(update={"metrics": gone}))

    with pytest.raises(FileNotFoundError):
        metrics.write(elsewhere)


def test_nothing_is_written_where_no_file_is_named(place: Workspace) -> None:
    metrics.write(Workspace(place.root, place.settings.model_copy(update={"metrics": None})))

    assert not _file(place).exists()


@given(values=st.lists(st.text(max_size=20), unique=True, min_size=1, max_size=5))
def test_any_label_comes_back_as_it_was(values: Sequence[str]) -> None:
    family = metrics.Metric("x", "Told.", [({"schedule": value}, 3) for value in values])

    found = parsed(metrics.rendered([family]))

    assert list(found) == [("marsad_x", (("schedule", value),)) for value in values]


def _file(place: Workspace) -> Path:
    assert place.settings.metrics is not None
    return Path(place.settings.metrics.textfile)
