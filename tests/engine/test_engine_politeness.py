"""Politeness under any mix of runs: what a host said is obeyed, whoever heard it.

`politeruns` tells why a run stands for a process, `politeweb` watches what is asked of whom when.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from functools import partial
from pathlib import Path

import pytest
from harness import crawl, outlet_file, publish, workspace
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from newsroom import faults
from newsroom.hostile import HostileNewsroom, Reply
from politeruns import HOSTS, PATHS, SPIDERS, Machine, Planned, World, watched
from politeweb import TIMEOUT, Answer, Steps

from crawler.workspace import load_config
from storage.database import open_database

PAUSES = (0.0, 0.5, 2.0)
MOST_RUNS = 3
seconds = st.sampled_from([0.01, 0.4, 4.0, TIMEOUT - 0.1, TIMEOUT + 30])
asks = st.sampled_from([None, 0, 3, 45, 400, 10**9, "soon", "-5", ""])
failing = st.builds(
    Answer, st.sampled_from([429, 503, 500, 408]), seconds, asks, as_date=st.booleans()
)
leads = st.sampled_from([f"http://{host}{path}" for host in HOSTS for path in ("/1", "/private/3")])
pages = st.one_of(
    failing,
    st.builds(Answer, st.just(200), seconds),
    st.builds(Answer, st.just(302), st.just(0.1), to=leads),
    st.builds(Answer, breaks=st.booleans()),
)
rules = st.builds(
    Answer,
    st.sampled_from([200, 200, 200, 404]),
    st.sampled_from([0.01, 4.0]),
    delay=st.sampled_from([0.0, 1.5, 12.0, 50.0]),
    forbids=st.sampled_from([(), ("/private",), ("/private",), ("/",)]),
)
robots = st.one_of(
    rules,
    rules,
    rules,
    failing,
    st.builds(Answer, st.just(301), to=st.sampled_from([f"http://{h}/robots.txt" for h in HOSTS])),
)
work = st.tuples(st.integers(0, len(SPIDERS) - 1), st.sampled_from(HOSTS))
planned = st.builds(
    Planned,
    st.sampled_from([0.0, 0.0, 0.7, 5.0, 60.0]),
    st.lists(work, min_size=1, max_size=3).map(tuple),
    st.one_of(st.none(), st.none(), st.floats(0.1, 90)),
)


@st.composite
def worlds(draw: st.DrawFn) -> World:
    """Two hosts that misbehave, and two or three runs that overlap."""
    plans = {}
    for host in HOSTS:
        plans[f"http://{host}/robots.txt"] = draw(st.lists(robots, min_size=1, max_size=3))
        for path in draw(st.lists(st.sampled_from(PATHS), max_size=3, unique=True)):
            plans[f"http://{host}{path}"] = draw(st.lists(pages, min_size=1, max_size=4))
    runs = tuple(draw(st.lists(planned, min_size=2, max_size=MOST_RUNS)))
    pause = draw(st.sampled_from(PAUSES))
    return World(plans, runs, pause, draw(st.integers(0, 2**16)))


Machines = dict[float, Machine]


@pytest.fixture(scope="module")
def machines(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machines]:
    """One by each least pause between two requests."""
    with ExitStack() as stack:
        yield {pause: _machine(tmp_path_factory.mktemp("w"), pause, stack) for pause in PAUSES}


def _machine(folder: Path, pause: float, stack: ExitStack) -> Machine:
    place = workspace(folder / "w", 1, (), delay_seconds=pause, timeout_seconds=TIMEOUT)
    databases = [stack.enter_context(open_database(place.database)) for _ in range(MOST_RUNS + 1)]
    for database in databases:
        database.execute("PRAGMA synchronous = OFF")
    return Machine(place, load_config(place), databases)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(world=worlds())
def test_what_a_host_said_is_obeyed_by_every_run_at_once(machines: Machines, world: World) -> None:
    assert watched(world, machines[world.pause]).breaches == []


def one_run(*work: tuple[int, str], start: float = 0.0) -> Planned:
    """A run that nobody kills."""
    return Planned(start, work, None)


NORTH = HOSTS[0]
ROBOTS = f"http://{NORTH}/robots.txt"
OPEN = Answer(404)


@pytest.mark.parametrize(
    "plans",
    [
        pytest.param({ROBOTS: [Answer(delay=12.0)]}, id="all know of a crawl-delay"),
        pytest.param({ROBOTS: [Answer(delay=12.0), Answer(500)]}, id="one knows of it"),
        pytest.param({ROBOTS: [Answer(delay=12.0), OPEN]}, id="it was taken back"),
        pytest.param(
            {ROBOTS: [OPEN], f"http://{NORTH}/1": [Answer(503, asks=45), Answer()]},
            id="a host asks for time while others wait for its turn",
        ),
    ],
)
@pytest.mark.parametrize("pause", PAUSES)
def test_two_runs_obey_what_one_of_them_was_told(
    machines: Machines, plans: dict[str, list[Answer]], pause: float
) -> None:
    runs = one_run((3, NORTH)), one_run((4, NORTH), start=1.0)

    web = watched(World(plans, runs, pause, seed=7), machines[pause])

    assert web.requests[NORTH] > 6
    assert web.breaches == []


@pytest.mark.parametrize("step", [3_600.0, -3_600.0, 40_000_000.0, -40_000_000.0])
def test_a_run_keeps_its_pauses_when_somebody_sets_the_clock(
    machines: Machines, monkeypatch: pytest.MonkeyPatch, step: float
) -> None:
    monkeypatch.setattr(Steps, "at", 14.0)  # right after the second page
    monkeypatch.setattr(Steps, "by", step)
    wait = {ROBOTS: [Answer(delay=12.0)], f"http://{NORTH}/1": [Answer(503, asks=45), Answer()]}

    web = watched(World(wait, (one_run((3, NORTH)),), 0.5, seed=7), machines[0.5])

    assert web.requests[NORTH] > 1
    assert web.breaches == []


def test_two_real_processes_obey_what_one_of_them_was_told(tmp_path: Path) -> None:
    with HostileNewsroom() as newsroom:
        publish(newsroom, "busy.test", [1], feed="/feed")
        publish(newsroom, "busy.test", [2], feed="/other")
        newsroom.robots("busy.test", "User-agent: *\nCrawl-delay: 0.8\n")
        wait, gone = faults.ask_to_wait("2", 503), Reply(status=404)
        newsroom.put("busy.test", "/feed", faults.in_turn(wait, gone))
        feeds = {"busy.test": ("/feed",), "beside.test": ()}
        place = workspace(tmp_path / "w", newsroom.port, feeds, delay_seconds=0.1)
        other = outlet_file("busy.test", newsroom.port, ["/other"])
        (place.outlets_dir / "iq" / "beside.toml").write_text(other)

        with ThreadPoolExecutor(2) as processes:
            ran = list(processes.map(partial(crawl, place), ("iq_busy", "iq_beside")))

        asked = newsroom.seen("busy.test")
        refused = next(n for n, one in enumerate(asked) if one.path == "/feed")
        assert all(one.data["balanced"] for one in ran)
        assert len(asked) == 6  # two robots.txt, a feed twice, the other once, its one article
        assert min(newsroom.gaps("busy.test")) >= 0.8
        assert newsroom.gaps("busy.test")[refused] >= 2.0
        assert newsroom.most_at_once["busy.test"] == 1
