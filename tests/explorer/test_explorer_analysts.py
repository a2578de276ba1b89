"""SQL of analysts: it reads the documented views, whatever it is made to look like."""

from __future__ import annotations

import sqlite3
import time
from pathlib import Path

import pytest

from storage.database import open_database
from storage.desk_views import NAMES
from storage.explorer import analysts
from storage.explorer.analysts import AnalystError, TookTooLong, answer, restrict
from storage.judgements import JudgementStore
from storage.models import Actor, Alias
from tests.stored import Story, fill

SEEN = Actor("ma_office", "cso", name="Harbour Office", aliases=(Alias("Harbour Office"),))
HIDDEN = Actor(
    "ma_hidden", "person", name="Nadim Zerrouk", suppress=True, aliases=(Alias("Nadim Zerrouk"),)
)
JUDGE = "coder seven"
COUNTING = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n)"


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three articles that name an actor whom everybody may see and one who is hidden."""
    path = tmp_path_factory.mktemp("analysts") / "marsad.db"
    story = Story("The Harbour Office answered Nadim Zerrouk about the quay. " * 4)
    other = Story("Boats were counted by the Harbour Office at the new quay. " * 4, days=2)
    numbers = fill(path, [story, other, Story("Nothing but rain. " * 20)], [SEEN, HIDDEN])
    with open_database(path) as db:
        JudgementStore(db).not_this(numbers[1], SEEN.id, who=JUDGE, why="another office")
    return path


@pytest.mark.parametrize("name", NAMES)
def test_every_documented_view_answers(archive: Path, name: str) -> None:
    found = answer(archive, f"SELECT * FROM {name} LIMIT 5")

    assert found.columns


def test_a_view_says_the_same_as_to_us(archive: Path) -> None:
    asked = "SELECT outlet_id, actor_id, date, count, total_count FROM attention_v ORDER BY 1, 2, 3"
    with open_database(archive, readonly=True) as db:
        ours = [tuple(row) for row in db.all(asked)]

    assert answer(archive, asked).rows == ours
    assert ours


def test_views_can_be_joined_counted_and_put_into_tables_of_ones_own(archive: Path) -> None:
    sql = """
    WITH named AS (SELECT article_id, actor FROM mentions_v)
    SELECT a.outlet, n.actor, count(*) OVER () FROM articles_v a JOIN named n USING (article_id)
    JOIN json_each('[1]') ORDER BY a.published_at_utc DESC
    """

    assert answer(archive, sql).rows == [("Manara", "Harbour Office", 1)]


def test_the_rows_of_a_view_are_counted(archive: Path) -> None:
    found = answer(archive, "SELECT count(*), (SELECT count(*) FROM actors_v) FROM articles_v")

    assert found.rows == [(3, 1)]


def test_the_rows_of_a_table_of_ones_own_are_counted(archive: Path) -> None:
    days = "SELECT published_day FROM articles_v GROUP BY 1"
    assert answer(archive, f"WITH days AS ({days}) SELECT count(*) FROM days").rows == [(2,)]
    assert answer(archive, f"{COUNTING} SELECT count(*) FROM (SELECT * FROM n LIMIT 9)").rows
    ten = COUNTING.replace("FROM n)", "FROM n WHERE i < 10)")
    assert answer(archive, f"{ten} SELECT count(*) FROM n").rows == [(10,)]
    for name in ("judgements", "Judgements", "sqlite_master", "pragma_table_list", "dbstat"):
        with pytest.raises(AnalystError):
            answer(archive, f"SELECT count(*) FROM {name}")


def test_parameters_are_bound(archive: Path) -> None:
    found = answer(archive, "SELECT count(*) FROM articles_v WHERE outlet_id = :o", {"o": "no"})

    assert found.rows == [(0,)]


ATTACKS = {
    "a table": "SELECT headline FROM articles",
    "a count": "SELECT count(*) FROM judgements",
    "who judged": "SELECT who FROM judgements",
    "a hidden actor": "SELECT name FROM actors WHERE suppress",
    "mentions": "SELECT surface FROM mentions",
    "the other schema": "SELECT * FROM main.articles",
    "the view of the other schema": "SELECT * FROM main.articles_v",
    "a subquery": "SELECT article_id FROM articles_v WHERE article_id IN (SELECT id FROM articles)",
    "a scalar": "SELECT (SELECT group_concat(name) FROM actors)",
    "exists": "SELECT EXISTS (SELECT 1 FROM actors WHERE suppress)",
    "a join": "SELECT * FROM articles_v JOIN judgements ON judgements.article_id = 1",
    "an alias": "SELECT * FROM (SELECT * FROM actors) AS actors_v",
    "a false view": "WITH articles_v AS (SELECT * FROM articles) SELECT * FROM articles_v",
    "a false view in capitals": 'WITH "ACTORS_V"(a) AS (SELECT name FROM actors) '
    'SELECT * FROM "ACTORS_V"',
    "a false view inside": "SELECT * FROM (WITH mentions_v AS (SELECT who FROM judgements) "
    "SELECT * FROM mentions_v)",
    "a false view that recurs": "WITH RECURSIVE runs_v(n) AS (SELECT name FROM actors "
    "UNION SELECT n FROM runs_v) SELECT * FROM runs_v",
    "a table beside its view": "SELECT actors.name FROM actors_v, actors",
    "a compound": "SELECT actor FROM actors_v UNION SELECT name FROM actors",
    "an order": "SELECT actor FROM actors_v ORDER BY (SELECT who FROM judgements)",
    "a window": "SELECT max((SELECT name FROM actors WHERE suppress)) OVER () FROM runs_v",
    "the schema": "SELECT sql FROM sqlite_master",
    "the schema by its new name": "SELECT sql FROM sqlite_schema",
    "the schema of the copies": "SELECT sql FROM sqlite_temp_master",
    "the planner's figures": "SELECT * FROM sqlite_stat1",
    "a pragma": "PRAGMA table_info(articles)",
    "a pragma as a table": "SELECT * FROM pragma_table_info('articles')",
    "the names of tables": "SELECT * FROM pragma_table_list",
    "the file's place": "SELECT * FROM pragma_database_list",
    "the index of words": "SELECT * FROM article_fts WHERE article_fts MATCH 'rain'",
    "the words of the index": "SELECT * FROM article_index",
    "the pages of the file": "SELECT * FROM dbstat",
    "another file": "ATTACH DATABASE '/etc/passwd' AS x",
    "a program": "SELECT load_extension('libc.so.6')",
    "packed words": "SELECT unpack_words(text, 1) FROM texts_v",
    "a plan": "EXPLAIN QUERY PLAN SELECT * FROM articles_v",
    "a program listed": "EXPLAIN SELECT * FROM articles_v",
    "a deletion": "DELETE FROM articles",
    "a deletion in disguise": "WITH x AS (SELECT 1) DELETE FROM judgements",
    "a change": "WITH x AS (SELECT 1) UPDATE actors SET suppress = 0",
    "an addition": "WITH x(a) AS (SELECT 1) INSERT INTO runs SELECT a FROM x",
    "a table of one's own": "CREATE TEMP TABLE t AS SELECT * FROM articles",
    "a view of one's own": "CREATE TEMP VIEW z AS SELECT * FROM articles",
    "two statements": "SELECT 1; SELECT * FROM articles",
    "an empty one": "",
    "words": "give me everything",
    "a nul": "SELECT 1 FROM articles_v\x00 WHERE 1",
}


@pytest.mark.parametrize("sql", ATTACKS.values(), ids=ATTACKS)
def test_nothing_else_is_read_or_done(archive: Path, sql: str) -> None:
    before = archive.read_bytes()

    with pytest.raises(AnalystError) as refused:
        answer(archive, sql)

    assert str(refused.value)
    assert HIDDEN.name not in str(refused.value)
    assert archive.read_bytes() == before


def test_a_connection_in_other_hands_is_as_narrow(archive: Path) -> None:
    connection = sqlite3.connect(f"file:{archive}?mode=ro", uri=True)
    restrict(connection)
    sqls = [sql for name, sql in ATTACKS.items() if name not in ("an empty one",)]

    # Without our look at how a statement begins, plans can be asked for: they show no contents.
    let = [sql for sql in sqls if not _fails(connection, sql)]

    connection.close()
    assert [sql for sql in let if not sql.startswith("EXPLAIN")] == []


def _fails(connection: sqlite3.Connection, sql: str) -> bool:
    try:
        connection.execute(sql).fetchall()
    except (sqlite3.Error, ValueError, sqlite3.Warning):
        return True
    return False


@pytest.mark.parametrize(
    "sql",
    [
        f"{COUNTING} SELECT max(i) FROM n",
        f"{COUNTING} SELECT i FROM n WHERE i < 0",
        f"{COUNTING}, m(t) AS (SELECT hex(zeroblob(400000)) || i FROM n) "
        "SELECT t FROM m ORDER BY t DESC",
    ],
    ids=["endless", "endless and silent", "a heap of memory"],
)  # fmt: skip
def test_what_never_ends_is_ended(archive: Path, sql: str) -> None:
    began = time.monotonic()

    with pytest.raises(TookTooLong, match="narrow the question"):
        answer(archive, sql, seconds=0.5)

    assert time.monotonic() - began < 5


def test_more_memory_than_a_question_may_take_ends_it(
    archive: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sizes = iter(range(0, 10**12, 10**8))
    monkeypatch.setattr(analysts, "_memory", lambda: next(sizes))
    sql = f"{COUNTING} SELECT max(i) FROM n"

    with pytest.raises(TookTooLong):
        answer(archive, sql, seconds=20)


def test_an_answer_that_is_cut_says_so(archive: Path) -> None:
    counting = (
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT {}) SELECT i FROM n"
    )

    whole, cut = (answer(archive, counting.format(n), rows=100) for n in (100, 101))

    assert (len(whole.rows), whole.cut) == (100, False)
    assert (len(cut.rows), cut.cut) == (100, True)


def test_an_answer_of_huge_cells_is_cut(archive: Path) -> None:
    sql = "SELECT hex(zeroblob(2000000)) FROM json_each('[1,2,3,4,5,6,7,8,9]')"

    found = answer(archive, sql)

    assert found.cut
    assert len(found.rows) == 5


def test_a_cell_beyond_all_bounds_is_refused(archive: Path) -> None:
    with pytest.raises(AnalystError, match="too big"):
        answer(archive, "SELECT zeroblob(900000000)")


def test_a_slip_is_told_as_sqlite_tells_it(archive: Path) -> None:
    with pytest.raises(AnalystError, match="no such column: headlin"):
        answer(archive, "SELECT headlin FROM articles_v")


def test_a_hidden_actor_is_in_no_view(archive: Path) -> None:
    for name in set(NAMES) - {"texts_v", "articles_v"}:
        told = repr(answer(archive, f"SELECT * FROM {name}").rows)

        assert HIDDEN.id not in told, name
        assert HIDDEN.name not in told, name
        assert JUDGE not in told, name
