"""A workspace with as many recorded parts as a figure wants, written by SQL from two parts that a line has recorded."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import Connection

from station.app import Station
from station.domain.clock import utc_now
from station.domain.geometry import Region
from station.domain.inspection import Inspection, PartKey, ViewInspection
from station.domain.recipe import ModelReference, Recipe, RecipeState, View
from station.domain.shift import ShiftWindow
from station.domain.verdict import Verdict

EVERY = timedelta(seconds=0.5)
DEFECTIVE_EVERY = 50
RECIPE = Recipe("plate", 1, "Steel plate", (View(ModelReference("tiny", "0" * 64)),), author="Ada", reason="first")
_AT_ONCE = 500_000
_TABLES = ("part", "part_view", "region")


def inspection_of(key: PartKey, at: datetime, *, defective: bool) -> Inspection:
    """Return a judged part of one view; a defective one has one region."""
    view = ViewInspection(
        verdict=Verdict.FAIL if defective else Verdict.PASS,
        reason="1 defect" if defective else "",
        origin=f"frame {key.part}",
        elapsed_ms=30.0,
        pred_score=0.8 if defective else 0.2,
        raw_score=1.0,
        image_threshold=0.5,
        regions=(Region(10, 20, 30, 40, 900, 0.8, "top left"),) if defective else (),
        frame_id=key.part,
        camera_timestamp_ns=1,
        width=2448,
        height=2048,
    )
    return Inspection(key, at, (view,))


def fill(station: Station, parts: int, end: datetime) -> None:
    """Record parts of one run, two a second, the last one at `end`; every fiftieth is defective.

    Args:
        station: With an empty database.
        parts: How many.
        end: When the last one was triggered.
    """
    core = station._core
    core.recipes.add_revision(RECIPE, RecipeState.RELEASED, end)
    first = end - parts * EVERY
    run = core.inspections.begin_run(RECIPE, camera="genicam:1", program_version="1", started_at=first)
    for number in (1, 2):  # what the others are made of
        part = inspection_of(PartKey(run.run_id, number), first + number * EVERY, defective=number == 2)
        core.inspections.record_part(part, (), keep_picture=False)
    for begin in range(3, parts + 1, _AT_ONCE):
        with core.database.writing() as connection:
            for statement in _statements(connection, begin, min(begin + _AT_ONCE, parts + 1)):
                connection.exec_driver_sql(statement)
    core.inspections.end_run(run.run_id, end + EVERY)


def _statements(connection: Connection, begin: int, end: int) -> Iterator[str]:
    numbers = f"WITH RECURSIVE n(value) AS (SELECT {begin} UNION ALL SELECT value + 1 FROM n WHERE value < {end - 1})"
    step_us = round(EVERY.total_seconds() * 1e6)
    for table in _TABLES:
        columns = [row[1] for row in connection.exec_driver_sql(f"PRAGMA table_info({table})")]
        computed = {"number": "value", "triggered_at": f"triggered_at + (value - number) * {step_us}"}
        wanted = ", ".join(computed.get(column, f'"{column}"') for column in columns)
        template = f"CASE WHEN value % {DEFECTIVE_EVERY} = 0 THEN 2 ELSE 1 END"
        listed = ", ".join(f'"{column}"' for column in columns)
        yield f"INSERT INTO {table} ({listed}) {numbers} SELECT {wanted} FROM n JOIN {table} ON number = {template}"


def last_parts(station: Station, parts: int, end: datetime) -> ShiftWindow:
    """Return the window of the last parts."""
    return station.records.free_window(end - (parts - 0.5) * EVERY, end + EVERY / 2)


def workspace_with(folder: Path, parts: int) -> tuple[Path, datetime]:
    """Return a workspace with this number of parts, and when the last one was; it is made if it is not there yet."""
    workspace, noted = folder / f"{parts} parts", folder / f"{parts} parts.txt"
    if not noted.exists():
        end = utc_now().replace(microsecond=0)
        with Station.open(workspace) as station:
            fill(station, parts, end)
        noted.write_text(end.isoformat())
    return workspace, datetime.fromisoformat(noted.read_text())
