"""A durable record of a part without pictures, over the same rows by bare sqlite3 with a FULL commit on the same disk.

Both write the part and its view into the same tables, in WAL, `synchronous=FULL`, one transaction a part.
"""

import sqlite3
import tempfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from figure import Figure, Setting, of_pairs
from many_parts import RECIPE, inspection_of

from station.cli.in_turn import in_turn, milliseconds
from station.domain.clock import utc_now
from station.domain.inspection import PartKey
from station.storage.engine.database import Database
from station.storage.pictures.picture_store import PictureStore
from station.storage.recipes.recipes import Recipes, RecipeState
from station.storage.records.inspections import Inspections

NAME = "durable record over bare sqlite3"
MOST_RATIO = 1.5
_WARM_UP = 20


def measure(setting: Setting) -> tuple[Figure, ...]:
    """Return the figure of pairs of single records."""
    with tempfile.TemporaryDirectory(dir=setting.folder) as folder:
        ours, peer = (Path(folder) / name / "station.db" for name in ("ours", "peer"))
        database = _prepared(ours)
        _prepared(peer).close()
        inspections = Inspections(database, PictureStore(ours.parent / "pictures"))
        with closing(sqlite3.connect(peer, isolation_level=None)) as bare:
            bare.execute("PRAGMA synchronous=FULL")
            bare.execute("PRAGMA foreign_keys=ON")
            ways = {"ours": _recorded(inspections), "peer": _inserted(bare, inspections, ours)}
            taken = in_turn(ways, setting.pairs(300), _WARM_UP)
        database.close()
    return (of_pairs(NAME, taken["ours"], taken["peer"], "ms", MOST_RATIO, "the same rows, without pictures"),)


def _prepared(path: Path) -> Database:
    path.parent.mkdir()
    (path.parent / "pictures").mkdir()
    database, now = Database.open(path), utc_now()
    Recipes(database).add_revision(RECIPE, RecipeState.RELEASED, now)
    Inspections(database, PictureStore(path.parent / "pictures")).begin_run(
        RECIPE, camera="genicam:1", program_version="1", started_at=now
    )
    return database


def _recorded(inspections: Inspections) -> Callable[[int], float]:
    def record(number: int) -> float:
        part = inspection_of(PartKey(1, number + _WARM_UP + 1), utc_now(), defective=False)
        return milliseconds(lambda: inspections.record_part(part, (), keep_picture=False))

    return record


def _inserted(bare: sqlite3.Connection, inspections: Inspections, ours: Path) -> Callable[[int], float]:
    """Return what inserts the rows that the station has for a part, with another number."""
    model = inspection_of(PartKey(1, 1_000_000), utc_now(), defective=False)
    inspections.record_part(model, (), keep_picture=False)
    rows: dict[str, dict[str, object]] = {}
    with closing(sqlite3.connect(ours)) as connection:
        connection.row_factory = sqlite3.Row
        for table in ("part", "part_view"):
            rows[table] = dict(connection.execute(f"SELECT * FROM {table} WHERE number = 1000000").fetchone())
    statements = {
        table: f"INSERT INTO {table} ({', '.join(map(_quoted, row))}) VALUES ({', '.join('?' * len(row))})"
        for table, row in rows.items()
    }

    def insert(number: int) -> float:
        values = {table: tuple((row | {"number": number + _WARM_UP + 1}).values()) for table, row in rows.items()}
        return milliseconds(lambda: _in_one_transaction(bare, statements, values))

    return insert


def _in_one_transaction(bare: sqlite3.Connection, statements: dict[str, str], values: dict[str, tuple]) -> None:
    bare.execute("BEGIN IMMEDIATE")
    for table, statement in statements.items():
        bare.execute(statement, values[table])
    bare.execute("COMMIT")


def _quoted(name: str) -> str:
    return f'"{name}"'
