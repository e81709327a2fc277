"""Lost records never look like a new station: they are refused, and no new database is begun."""

import json
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from station.__main__ import main
from station.app import Station
from station.cli import doctor
from station.domain.alarm import AlarmKind
from station.domain.errors import StationError
from station.storage.engine.database import ForeignDatabaseError, RecordsLostError
from station.storage.engine.dialects.sqlite import DamagedDatabaseError

OLD = Path(__file__).parents[3] / "fixtures" / "workspace_0002"


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """A station with two runs, their pictures and a model."""
    root = Path(shutil.copytree(OLD, tmp_path / "station"))
    Station.open(root).close()
    return root


@pytest.fixture
def small_doctor(monkeypatch: pytest.MonkeyPatch) -> None:
    """The doctor without the machine: only the station is looked at."""
    monkeypatch.setattr(doctor, "_machine", list)


def _empty(database: Path) -> None:
    database.write_bytes(b"")


def _no_tables(database: Path) -> None:
    database.unlink()
    with closing(sqlite3.connect(database)) as connection:
        connection.execute("PRAGMA user_version = 4")


def _text(database: Path) -> None:
    database.write_text("These are no records.\n" * 200)


def _of_another_program(database: Path) -> None:
    database.unlink()
    with closing(sqlite3.connect(database)) as connection:
        connection.execute("CREATE TABLE address (name TEXT)")


def _of_another_program_that_migrates(database: Path) -> None:
    database.unlink()
    with closing(sqlite3.connect(database)) as connection, connection:
        connection.execute("CREATE TABLE alembic_version (version_num TEXT)")
        connection.execute("INSERT INTO alembic_version VALUES ('0001')")
        connection.execute("CREATE TABLE address (name TEXT)")


def _without_a_version(database: Path) -> None:
    with closing(sqlite3.connect(database)) as connection, connection:
        connection.execute("DELETE FROM alembic_version")


def _newer(database: Path) -> None:
    with closing(sqlite3.connect(database)) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '0999'")


def _before_the_last_run(database: Path) -> None:
    """A copy that was made before the last run."""
    with closing(sqlite3.connect(database)) as connection, connection:
        tables = ("region", "picture", "dispute", "part_view", "part", "event", "run")
        for table in tables:
            connection.execute(f"DELETE FROM {table} WHERE run_id = 2")


def _in_the_middle_of_a_run(database: Path) -> None:
    """A copy that was made while part 3 was recorded, of 8."""
    with closing(sqlite3.connect(database)) as connection, connection:
        for table in ("region", "picture", "dispute", "part_view", "part"):
            connection.execute(f"DELETE FROM {table} WHERE run_id = 1 AND number > 3")
        connection.execute("UPDATE run SET ended_at = NULL WHERE run_id = 1")


LOST: dict[str, tuple[Callable[[Path], object], type[StationError], str]] = {
    "empty": (_empty, RecordsLostError, r"station\.db is empty, but there are pictures of 2 runs"),
    "missing": (Path.unlink, RecordsLostError, r"station\.db is missing, but there are pictures of 2 runs"),
    "without tables": (_no_tables, RecordsLostError, "has no tables"),
    "a text": (_text, DamagedDatabaseError, "is damaged"),
    "foreign": (_of_another_program, ForeignDatabaseError, "database of another program"),
    "foreign and migrated": (_of_another_program_that_migrates, ForeignDatabaseError, "database of another program"),
    "without a version": (_without_a_version, ForeignDatabaseError, "database of another program"),
    "newer": (_newer, ForeignDatabaseError, "version 0999"),
    "older by a run": (_before_the_last_run, RecordsLostError, "pictures of 1 run that it does not know"),
    "older by parts": (_in_the_middle_of_a_run, RecordsLostError, "up to part 8, and its records end at part 3"),
}


def _content(root: Path) -> dict[str, bytes]:
    """All files but those that SQLite keeps while a database is open."""
    files = (path for path in root.rglob("*") if path.is_file() and not path.name.endswith(("-wal", "-shm")))
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in files}


@pytest.mark.slow
@pytest.mark.parametrize("how", LOST)
def test_that_lost_records_are_refused_with_the_way_back_and_nothing_is_changed(how: str, workspace: Path) -> None:
    spoil, kind, words = LOST[how]
    spoil(workspace / "station.db")
    before = _content(workspace)
    with pytest.raises(kind, match=words) as refused:
        Station.open(workspace)
    assert "copy" in refused.value.advice or "workspace" in refused.value.advice
    assert _content(workspace) == before


@pytest.mark.slow
@pytest.mark.parametrize("how", LOST)
def test_that_every_command_refuses_lost_records_and_doctor_and_verify_name_them(
    how: str, workspace: Path, capsys, small_doctor
) -> None:
    spoil, kind, _ = LOST[how]
    spoil(workspace / "station.db")
    before = _content(workspace)
    for words in (
        ["recipes", "list"],
        ["report", "--shift", "2026-11-27/Night"],
        ["inspect", str(workspace), "--recipe", "plate"],
    ):
        assert main([*words, "--workspace", str(workspace)]) == kind.exit_code
        assert "station.db" in capsys.readouterr().err
    for command in ("doctor", "verify"):
        assert main([command, "--json", "-", "--workspace", str(workspace)]) == 1
        assert any("station.db" in json.dumps(json.loads(line)) for line in capsys.readouterr().out.splitlines())
    assert _content(workspace) == before


def test_that_a_log_without_its_database_is_not_thrown_away(tmp_path: Path) -> None:
    (tmp_path / "station.db-wal").write_bytes(b"the newest records")
    with pytest.raises(RecordsLostError, match="its newest records are in"):
        Station.open(tmp_path)
    assert (tmp_path / "station.db-wal").read_bytes() == b"the newest records"


@pytest.mark.parametrize("folder", ["models", "datasets", "pictures"])
def test_that_what_was_taught_or_kept_makes_a_folder_no_new_station(folder: str, tmp_path: Path) -> None:
    (tmp_path / folder / "plate").mkdir(parents=True)
    with pytest.raises(RecordsLostError, match=f"the station's {folder} are there"):
        Station.open(tmp_path)
    assert not (tmp_path / "station.db").exists()


def test_that_a_folder_with_settings_and_empty_folders_alone_is_a_new_station(tmp_path: Path) -> None:
    (tmp_path / "station.toml").write_text('[station]\nname = "Line 4"\n')
    (tmp_path / "station.db").touch()
    (tmp_path / "models" / ".compiled").mkdir(parents=True)
    (tmp_path / "pictures" / "2026-11-28" / "run-000001").mkdir(parents=True)
    shutil.rmtree(tmp_path / "pictures")
    with Station.open(tmp_path) as station:
        assert station.recipes.entries() == ()
    assert (tmp_path / "station.db").stat().st_size > 0


def test_that_the_pictures_of_a_running_line_in_another_program_are_no_sign_of_lost_records(workspace: Path) -> None:
    with closing(sqlite3.connect(workspace / "station.db")) as other, other:
        other.execute("UPDATE run SET ended_at = NULL WHERE run_id = 2")
        other.execute("DELETE FROM picture WHERE run_id = 2 AND number = 2")
    Station.open(workspace).close()


def test_that_a_crash_before_the_first_record_of_a_later_run_loses_no_records(workspace: Path) -> None:
    database = workspace / "station.db"
    with closing(sqlite3.connect(database)) as connection, connection:
        connection.execute("UPDATE run SET first_number = 596, ended_at = NULL WHERE run_id = 2")
        for table in ("region", "picture", "dispute", "part_view", "part"):
            connection.execute(f"DELETE FROM {table} WHERE run_id = 2")
    (folder,) = (workspace / "pictures").glob("*/run-000002")
    for picture in folder.iterdir():
        picture.unlink()
    (folder / "0596-86d07ed9-thumbnail.jpg").write_bytes(b"written, and its record was not")
    with Station.open(workspace) as station:
        assert AlarmKind.ENDED_UNEXPECTEDLY in {entry.kind for entry in station.alarms.open}
