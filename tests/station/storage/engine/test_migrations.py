"""Records of an older version are carried over whole, or stay as they were."""

import random
import re
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy.exc import IntegrityError
from view_result import view_result

from station.domain.feedback import Disposition, OperatorFeedback
from station.domain.frame import NotInspectedCause
from station.domain.geometry import Region
from station.domain.inspection import Inspection, PartKey, ViewInspection
from station.domain.recipe import Recipe
from station.domain.shift import PartRecord, ShiftWindow, StoredPicture, ViewPictures
from station.domain.verdict import Verdict
from station.storage.engine import database as database_module
from station.storage.engine.database import Database
from station.storage.pictures.picture_store import PictureStore
from station.storage.records.feedback import FeedbackRecords
from station.storage.records.inspections import Inspections

START = datetime(2026, 11, 22, 6, tzinfo=UTC)
PARTS = 400
_OLD_CLAIMS = (Disposition.GOOD_PART, Disposition.MISSED_DEFECT, Disposition.CONFIRMED)
Rows = list[tuple[object, ...]]


@pytest.fixture
def old(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A database as version 0001 left it: two runs full of parts, written by plain SQL."""
    path = tmp_path / "station.db"
    with monkeypatch.context() as patch:
        patch.setattr(database_module, "SCHEMA_VERSION", "0001")
        Database.open(path).close()
    with sqlite3.connect(path) as plain:
        for table, rows in _old_rows(random.Random(7)).items():
            plain.executemany(f"INSERT INTO {table} VALUES ({', '.join('?' * len(rows[0]))})", rows)
    plain.close()
    return path


def _old_rows(chance: random.Random) -> dict[str, Rows]:
    tables: dict[str, Rows] = {"run": [], "part": [], "region": [], "picture": [], "dispute": []}
    for run in (3, 8):
        tables["run"].append((run, _at(0), None, "tile", 1, "a", "b", "v1", "replay:parts", "f32", "0.1", "Ada"))
        for number in range(1, PARTS + 1):
            key = (run, number)
            tables["part"].append((*key, *_old_part(number, chance)))
            tables["region"] += [(*key, rank, *_region(rank, chance)) for rank in range(chance.randint(0, 3))]
            roles = chance.sample(["original", "thumbnail", "map"], chance.randint(0, 3))
            tables["picture"] += [(*key, role, f"{run}/{number}-{role}", f"{chance.random()}", 7) for role in roles]
    tables["dispute"] = [(n, 3, 2 * n, chance.choice(_OLD_CLAIMS), "dust", "Ada", _at(n)) for n in range(40, 140)]
    return tables


def _at(seconds: int) -> int:
    return round((START + timedelta(seconds=seconds)).timestamp() * 1_000_000)


def _old_part(number: int, chance: random.Random) -> tuple[object, ...]:
    verdict = chance.choice(list(Verdict))
    judged = verdict is not Verdict.NOT_INSPECTED
    score = chance.random() if judged else None
    cause = None if judged else chance.choice(list(NotInspectedCause))
    return (
        _at(number), verdict, "mark \u202e", f"{number}.png", chance.random(), cause, score, score and 90 * score,
        score and 0.5, chance.choice([None, number]), chance.choice([None, 2**62]), 64 * judged, 48, "RGB",
    )  # fmt: skip


def _region(rank: int, chance: random.Random) -> tuple[object, ...]:
    return rank, 2, 30, 20, chance.randint(1, 900), 0.9 - rank / 10, chance.choice(["centre", "upper left"])


def _select(path: Path, sql: str) -> Rows:
    with sqlite3.connect(path) as plain:
        rows = plain.execute(sql).fetchall()
    plain.close()
    return rows


def _tables(path: Path) -> dict[str, Rows]:
    names = [name for (name,) in _select(path, "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")]
    return {name: _select(path, f"SELECT * FROM {name}") for name in names}


def _expected(before: dict[str, Rows]) -> list[PartRecord]:
    regions, pictures = {}, {}
    for run, number, _, *region in sorted(before["region"]):
        regions.setdefault((run, number), []).append(Region(*region))
    for run, number, role, *file in before["picture"]:
        pictures.setdefault((run, number), {})[role] = StoredPicture(*file)
    return [_record(row, tuple(regions.get(row[:2], ())), pictures.get(row[:2], {})) for row in sorted(before["part"])]


def _record(row: tuple, regions: tuple[Region, ...], files: dict[str, StoredPicture]) -> PartRecord:
    run, number, at, verdict, reason, origin, elapsed_ms, cause, *scores_and_frame, width, height, conversion = row
    score, raw_score, limit, frame_id, timestamp_ns = scores_and_frame
    seen = ViewInspection(
        Verdict(verdict), reason, origin, elapsed_ms, "", cause and NotInspectedCause(cause), score, raw_score, limit,
        regions, frame_id, timestamp_ns, width, height, conversion,
    )  # fmt: skip
    stored = ViewPictures(files.get("original"), files.get("thumbnail"), files.get("map"))
    at = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=at)
    return PartRecord(Inspection(PartKey(run, number), at, (seen,)), (stored,))


def test_that_every_part_of_the_first_tables_is_carried_over_as_it_was(old: Path, tmp_path: Path) -> None:
    before = _tables(old)
    database = Database.open(old)
    whole_day = ShiftWindow("", START.date(), START, START + timedelta(days=1), "UTC")
    records = Inspections(database, PictureStore(tmp_path / "pictures")).shift_records(whole_day)
    database.close()
    assert list(records.parts) == _expected(before)
    assert len(records.parts) == 2 * PARTS


def test_that_the_rows_that_refer_to_parts_are_carried_over(old: Path) -> None:
    before = _tables(old)
    database = Database.open(old)
    disputed = dict.fromkeys(PartKey(run, number) for _, run, number, *_ in before["dispute"])
    disputes = [dispute for key in disputed for dispute in FeedbackRecords(database).of(key)]
    assert database.find_damage() == ()
    database.close()
    after = _tables(old)
    assert [(d.key.run_id, d.key.part, d.claim, _microseconds(d)) for d in disputes] == [
        (run, number, claim, at) for _, run, number, claim, _, _, at in before["dispute"]
    ]
    for table in ("event", "recipe", "recipe_state"):
        assert after[table] == before[table]
    assert after["dispute"] == [(*row, "line") for row in before["dispute"]]
    assert after["run"] == [(*row, "production", "stored", 1) for row in before["run"]]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("camera", "pictures"),
    [
        ("genicam:4711", "camera"),
        ("replay:simulated", "stored"),
        ("simulated:flange", "simulated"),
        ("top=genicam:1, side=simulated:", "simulated"),
    ],
)
def test_that_a_run_of_an_older_version_says_where_its_pictures_came_from(
    old: Path, camera: str, pictures: str
) -> None:
    with sqlite3.connect(old) as plain:
        plain.execute("UPDATE run SET camera = ?", (camera,))
    plain.close()
    Database.open(old).close()
    assert set(_select(old, "SELECT kind, pictures, first_number FROM run")) == {("production", pictures, 1)}


def test_that_numbers_of_runs_are_still_never_given_twice_and_no_rule_of_a_table_is_lost(
    old: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """AUTOINCREMENT, STRICT, checks and foreign keys of every table, before and after each migration."""
    with monkeypatch.context() as patch:
        patch.setattr(database_module, "SCHEMA_VERSION", "0003")
        Database.open(old).close()
    rows, before = _tables(old), _definitions(old)
    Database.open(old).close()
    after = _definitions(old)
    assert after.keys() >= before.keys()
    for name, sql in before.items():
        assert _rules(sql) <= _rules(after[name]), name
        assert sql.rstrip().endswith("STRICT") == after[name].rstrip().endswith("STRICT")
        assert sql.count("AUTOINCREMENT") == after[name].count("AUTOINCREMENT")
    found = _tables(old)
    assert {name: len(found[name]) for name in rows} == {name: len(each) for name, each in rows.items()}


def _definitions(path: Path) -> dict[str, str]:
    """An index that a table needs by itself has no text."""
    return {str(name): str(sql or "") for name, sql in _select(path, _DEFINITIONS)}


def _rules(sql: str) -> set[str]:
    """Columns and constraints; a column that was added later follows on the line of the last one."""
    return {line.strip() for line in re.split(r",(?![^()]*\))|\n", re.sub(r"\)\s*STRICT\s*$", "", sql))} - {""}


def _microseconds(dispute: OperatorFeedback) -> int:
    return round(dispute.made_at.timestamp() * 1_000_000)


def test_that_a_review_that_ran_out_of_time_loses_its_invented_person(old: Path, monkeypatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(database_module, "SCHEMA_VERSION", "0002")
        Database.open(old).close()
    rows = [("confirmed", "time limit", "time limit"), ("confirmed", "time limit", "Ada"), ("confirmed", "", "")]
    with sqlite3.connect(old) as plain:
        plain.execute("DELETE FROM dispute")
        plain.executemany(
            "INSERT INTO dispute (run_id, number, claim, reason, person, made_at) VALUES (3, 1, ?, ?, ?, 0)", rows
        )
    plain.close()
    database = Database.open(old)
    history = FeedbackRecords(database).of(PartKey(3, 1))
    database.close()
    assert [(said.claim, said.reason, said.person, said.author) for said in history] == [
        (Disposition.REVIEW_TIMED_OUT, "", "", "station"),
        (Disposition.CONFIRMED, "time limit", "Ada", "Ada"),
        (Disposition.CONFIRMED, "", "", "not named"),
    ]


def test_that_a_station_goes_on_where_the_first_tables_ended(
    old: Path, tmp_path: Path, recipe: Recipe, view: Callable[..., ViewInspection]
) -> None:
    database = Database.open(old)
    inspections = Inspections(database, PictureStore(tmp_path / "pictures"))
    run = inspections.begin_run(recipe, camera="", program_version="", person="", started_at=START)
    part = Inspection(PartKey(run.run_id, 1), START, (view("top"), view("side", Verdict.FAIL)))
    recorded = inspections.record_part(part, [view_result(), view_result()], keep_picture=False)
    assert run.run_id == 9
    assert inspections.find_part(part.key) == recorded
    database.close()


def test_that_a_migration_that_fails_at_its_last_step_leaves_the_old_database(old: Path) -> None:
    refusal = "CREATE TRIGGER refuse BEFORE UPDATE ON alembic_version BEGIN SELECT RAISE(ABORT, 'cut off'); END"
    with sqlite3.connect(old) as plain:
        plain.execute(refusal)
    plain.close()
    before, tables = _tables(old), _select(old, _DEFINITIONS)
    with pytest.raises(IntegrityError, match="cut off"):
        Database.open(old)
    assert (_tables(old), _select(old, _DEFINITIONS)) == (before, tables)


_DEFINITIONS = "SELECT name, sql FROM sqlite_master ORDER BY name"
_KILLED = """
import os, signal, sys
from pathlib import Path
from sqlalchemy import Engine, event
from station.storage.engine.database import Database

moments = iter(range(int(sys.argv[2])))
kill = lambda *statement: None if next(moments, None) is not None else os.kill(os.getpid(), signal.SIGKILL)
event.listen(Engine, "before_cursor_execute", kill)
Database.open(Path(sys.argv[1]))
"""


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="knows no SIGKILL")
@pytest.mark.parametrize("statements", [10, 19, 26, 30])
def test_that_a_power_cut_while_migrating_leaves_the_old_database(old: Path, statements: int) -> None:
    before, tables = _tables(old), _select(old, _DEFINITIONS)
    killed = subprocess.run([sys.executable, "-c", _KILLED, old, str(statements)], check=False)
    assert killed.returncode == -signal.SIGKILL
    assert (_tables(old), _select(old, _DEFINITIONS)) == (before, tables)
    Database.open(old).close()
    assert len(_tables(old)["part_view"]) == len(before["part"])
