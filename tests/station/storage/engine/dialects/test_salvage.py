"""What is saved of a damaged file: nothing that was not in it, and all that its sound pages hold."""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from station.storage.engine.dialects.salvage import _readable_rows, _Table, salvage_into
from station.storage.engine.dialects.sqlite import append_only

PAGE = 1024
SCHEMA = (
    "CREATE TABLE run (run_id INTEGER PRIMARY KEY, ended TEXT) STRICT",
    "CREATE TABLE part (run_id INTEGER NOT NULL REFERENCES run (run_id), number INTEGER NOT NULL, "
    "verdict TEXT NOT NULL, PRIMARY KEY (run_id, number)) STRICT",
    "CREATE TABLE trail (number INTEGER PRIMARY KEY, text TEXT NOT NULL) STRICT",
    *append_only("trail", "number"),
)
RUNS, PARTS, ENTRIES = 3, 400, 300
LONG = "a text that does not fit into its page " * 60


def written(path: Path, *, share: float = 1.0) -> Path:
    """Write a file; a share of its rows for an earlier copy."""
    with closing(sqlite3.connect(path)) as file, file:
        file.execute(f"PRAGMA page_size={PAGE}")
        for statement in SCHEMA:
            file.execute(statement)
        ended = "ended" if share == 1.0 else None
        file.executemany("INSERT INTO run VALUES (?, ?)", [(run, ended) for run in range(1, RUNS + 1)])
        parts = [(run, number, f"PASS {run * number}") for run in range(1, RUNS + 1) for number in range(PARTS)]
        file.executemany("INSERT INTO part VALUES (?, ?, ?)", parts[: round(share * len(parts))])
        entries = [(number, LONG if number % 50 == 0 else f"entry {number}") for number in range(1, ENTRIES + 1)]
        file.executemany("INSERT INTO trail VALUES (?, ?)", entries[: round(share * ENTRIES)])
    return path


def rows(path: Path) -> dict[str, set[tuple]]:
    with closing(sqlite3.connect(path)) as file:
        assert [row[0] for row in file.execute("PRAGMA integrity_check")] == ["ok"]
        assert file.execute("PRAGMA foreign_key_check").fetchall() == []
        return {name: set(file.execute(f"SELECT * FROM {name}")) for name in ("run", "part", "trail")}


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The whole file, and an earlier copy."""
    folder = tmp_path_factory.mktemp("salvage")
    return written(folder / "whole.db"), written(folder / "earlier.db", share=0.25)


def test_that_a_sound_file_is_saved_whole(files, tmp_path: Path) -> None:
    whole, earlier = files
    shutil.copyfile(earlier, tmp_path / "sound.db")
    shutil.copyfile(whole, tmp_path / "damaged.db")
    outcomes = {each.table: each for each in salvage_into(tmp_path / "sound.db", tmp_path / "damaged.db")}
    assert rows(tmp_path / "sound.db") == rows(whole)
    assert {each.gaps + each.refused for each in outcomes.values()} == {0}
    assert (outcomes["run"].changed, outcomes["part"].added) == (RUNS, PARTS * RUNS - PARTS * RUNS // 4)


def test_that_a_file_that_is_not_a_database_any_more_leaves_the_earlier_copy(files, tmp_path: Path) -> None:
    shutil.copyfile(files[1], tmp_path / "sound.db")
    (tmp_path / "damaged.db").write_bytes(bytes(50_000))
    assert salvage_into(tmp_path / "sound.db", tmp_path / "damaged.db") == ()
    assert rows(tmp_path / "sound.db") == rows(files[1])


@pytest.mark.slow
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(pages=st.sets(st.integers(1, 60), min_size=1, max_size=6), content=st.sampled_from([b"\0", b"\xff"]))
def test_that_whatever_pages_are_lost_no_row_is_invented_and_the_earlier_copy_stays(
    files, tmp_path: Path, pages: set[int], content: bytes
) -> None:
    whole, earlier = files
    sound, damaged = tmp_path / "sound.db", tmp_path / "damaged.db"
    shutil.copyfile(earlier, sound)
    shutil.copyfile(whole, damaged)
    with damaged.open("r+b") as file:
        for page in pages:
            if (page + 1) * PAGE <= damaged.stat().st_size:
                file.seek(page * PAGE)
                file.write(content * PAGE)
    outcomes = salvage_into(sound, damaged, {"run": "part"})
    saved, known, before = rows(sound), rows(whole), rows(earlier)
    for table in ("part", "trail"):
        assert before[table] <= saved[table] <= known[table]
    assert saved["run"] <= known["run"] | before["run"]
    if outcomes:
        assert {run for run, _ in saved["run"]} == {run for run, *_ in saved["part"]}, (
            "a run without a part is left out"
        )


@pytest.mark.slow
def test_that_one_lost_page_costs_the_rows_of_that_page_alone(files, tmp_path: Path) -> None:
    whole, _ = files
    size = whole.stat().st_size // PAGE
    lost = []
    for page in range(2, size):
        shutil.copyfile(whole, tmp_path / "damaged.db")
        written(tmp_path / f"{page}.db", share=0.0)
        with (tmp_path / "damaged.db").open("r+b") as file:
            file.seek(page * PAGE)
            file.write(bytes(PAGE))
        salvage_into(tmp_path / f"{page}.db", tmp_path / "damaged.db")
        lost.append(len(rows(whole)["part"] - rows(tmp_path / f"{page}.db")["part"]))
    assert sorted(lost)[len(lost) // 2] == 0, "most pages have no row of it"
    assert sum(0 < each <= PAGE // 10 for each in lost) >= 10


def test_that_a_sound_page_between_two_long_rows_of_lost_ones_is_saved(tmp_path: Path) -> None:
    lost = {*range(11, 141), *range(151, 300)}
    sound = set(range(1, 301)) - lost

    class Source:
        """A table of which some rows cannot be read."""

        def execute(self, statement: str, values: tuple[int]) -> "Source":
            self.rows = iter(range(max(1, values[0]), 301))
            return self

        def fetchone(self) -> tuple[int, int] | None:
            number = next(self.rows, None)
            if number in lost:
                raise sqlite3.DatabaseError("malformed")
            return None if number is None else (number, number)

        def __iter__(self) -> Iterator[tuple[int, int]]:
            return iter(self.fetchone, None)

    table = _Table("trail", ("number",), ("number",))
    assert {number for (number,) in _readable_rows(table, Source())} == sound


def test_that_a_part_that_has_lost_one_of_its_views_is_left_out_with_all_that_is_its_own(tmp_path: Path) -> None:
    """The view that is lost may be the one that failed: what is left would say PASS."""
    schema = (
        "CREATE TABLE part (run INTEGER, number INTEGER, PRIMARY KEY (run, number))",
        "CREATE TABLE view (run INTEGER, number INTEGER, place INTEGER, PRIMARY KEY (run, number, place), "
        "FOREIGN KEY (run, number) REFERENCES part (run, number))",
    )
    for name in ("sound.db", "damaged.db"):
        with closing(sqlite3.connect(tmp_path / name)) as file, file:
            for statement in schema:
                file.execute(statement)
    with closing(sqlite3.connect(tmp_path / "damaged.db")) as file, file:
        file.executemany("INSERT INTO part VALUES (?, ?)", [(1, 1), (1, 2), (1, 3), (2, 1)])
        file.executemany("INSERT INTO view VALUES (?, ?, ?)", [(1, 1, 1), (1, 1, 2), (1, 2, 1), (2, 1, 1)])
    outcomes = {
        each.table: each for each in salvage_into(tmp_path / "sound.db", tmp_path / "damaged.db", {"part": "view"})
    }
    assert outcomes["part"].refused == 2
    with closing(sqlite3.connect(tmp_path / "sound.db")) as file:
        assert file.execute("SELECT * FROM part").fetchall() == [(1, 1), (2, 1)]
        assert file.execute("SELECT * FROM view").fetchall() == [(1, 1, 1), (1, 1, 2), (2, 1, 1)]


def test_that_what_only_grows_goes_with_the_part_that_it_belongs_to_and_only_grows_afterwards(tmp_path: Path) -> None:
    schema = (
        "CREATE TABLE part (run INTEGER, number INTEGER, PRIMARY KEY (run, number))",
        "CREATE TABLE view (run INTEGER, number INTEGER, place INTEGER, PRIMARY KEY (run, number, place), "
        "FOREIGN KEY (run, number) REFERENCES part (run, number))",
        "CREATE TABLE result (number INTEGER PRIMARY KEY, run INTEGER, part INTEGER, "
        "FOREIGN KEY (run, part) REFERENCES part (run, number))",
        *append_only("result", "number"),
    )
    for name in ("sound.db", "damaged.db"):
        with closing(sqlite3.connect(tmp_path / name)) as file, file:
            for statement in schema:
                file.execute(statement)
    with closing(sqlite3.connect(tmp_path / "damaged.db")) as file, file:
        file.executemany("INSERT INTO part VALUES (?, ?)", [(1, 1), (1, 2)])
        file.executemany("INSERT INTO view VALUES (?, ?, ?)", [(1, 1, 1), (1, 1, 2), (1, 2, 1)])
        file.executemany("INSERT INTO result VALUES (?, ?, ?)", [(1, 1, 1), (2, 1, 2)])
    salvage_into(tmp_path / "sound.db", tmp_path / "damaged.db", {"part": "view"})
    with closing(sqlite3.connect(tmp_path / "sound.db")) as file:
        assert file.execute("SELECT * FROM result").fetchall() == [(1, 1, 1)]
        with pytest.raises(sqlite3.IntegrityError, match="only added"):
            file.execute("DELETE FROM result")
