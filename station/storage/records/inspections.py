"""Runs and their parts in the database: one durable transaction for each part, read back unchanged."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Executable, Select, and_, func, insert, select, update
from sqlalchemy.exc import StatementError

from station.domain.errors import BadInputError, StorageError
from station.domain.inspection import Counts, Inspection, PartKey, Run, RunHeader, RunKind
from station.domain.part_images import ViewResult
from station.domain.recipe import Recipe
from station.domain.shift import PartRecord, ShiftRecords, ShiftWindow
from station.storage.engine.database import Database
from station.storage.engine.schema import table_of
from station.storage.pictures.encoding import PictureFormatError, encode_view
from station.storage.pictures.picture_store import PictureStore
from station.storage.records.all_pictures import pictures_and_given_up
from station.storage.records.clock import clock_behind_in
from station.storage.records.counted import IN_PRODUCTION, counted, not_counted, read_counts
from station.storage.records.events import events_after, events_before, events_between
from station.storage.records.feedback import feedback_where
from station.storage.records.rows import (
    parts_from,
    pictures_from,
    run_from,
    values_of_codes,
    values_of_part,
    values_of_pictures,
    values_of_regions,
    values_of_views,
)
from station.storage.records.search import inside, of_lot, with_keys
from station.storage.records.tables import PartCodeRow, PartRow, PartViewRow, PictureRow, RegionRow, RunRow

_OfAPart = type[PartViewRow | RegionRow | PartCodeRow | PictureRow]
_PRODUCTION = RunHeader()
_NEWEST_FIRST = (PartRow.run_id.desc(), PartRow.number.desc())


class PartRefusedError(StorageError):
    """A part has a value or a picture that the records cannot hold; trying again does not help."""

    advice = "All earlier records are unchanged."


class Inspections:
    """The records of all parts. Any thread may read while one writes."""

    def __init__(self, database: Database, pictures: PictureStore) -> None:
        self._database = database
        self.pictures = pictures

    def begin_run(
        self,
        recipe: Recipe,
        *,
        camera: str,
        program_version: str,
        started_at: datetime,
        person: str = "",
        header: RunHeader = _PRODUCTION,
    ) -> Run:
        """Record the start of a run, with everything that its parts have in common.

        Args:
            recipe: The revision that judges the parts.
            camera: The sources of the pictures in one line: "top=genicam:1, side=genicam:2".
            program_version: Version of this program.
            started_at: When the line was started.
            person: Who started it; "" if no person is named.
            header: What it is for, and the number of its first part.

        Raises:
            StorageError: The disk refused it.
        """
        values = {
            "started_at": started_at,
            "recipe_name": recipe.name,
            "recipe_revision": recipe.revision,
            "recipe_sha256": recipe.sha256,
            "model_sha256": recipe.of_each_view(lambda view: view.model.sha256),
            "dataset_version": recipe.of_each_view(lambda view: view.dataset_version),
            "camera": camera,
            "precision": recipe.of_each_view(lambda view: view.inference.precision),
            "program_version": program_version,
            "person": person,
            "kind": header.kind.value,
            "pictures": header.pictures.value,
            "first_number": header.first_number,
        }
        with self._database.writing() as connection:
            run_id = connection.execute(insert(RunRow).values(values).returning(RunRow.run_id)).scalar_one()
        return Run(run_id=run_id, **values | {"kind": header.kind, "pictures": header.pictures})  # type: ignore[arg-type]

    def set_first_number(self, run_id: int, first_number: int) -> None:
        """Record the number of the first part of a run that went on where another one ended."""
        with self._database.writing() as connection:
            connection.execute(update(RunRow).where(RunRow.run_id == run_id).values(first_number=first_number))

    def end_run(self, run_id: int, at: datetime) -> None:
        """Record the end of a run. A run without an end was cut off by a crash or a power cut."""
        with self._database.writing() as connection:
            connection.execute(update(RunRow).where(RunRow.run_id == run_id).values(ended_at=at))

    def unfinished_runs(self) -> tuple[Run, ...]:
        """Return the runs without an end, oldest first: those that were cut off, and the one that is running now."""
        return self._runs(RunRow.ended_at.is_(None))

    def find_run(self, run_id: int) -> Run:
        """Return the run with this number.

        Raises:
            BadInputError: No run has this number.
        """
        runs = self._runs(RunRow.run_id == run_id)
        if not runs:
            raise BadInputError(f"There is no run {run_id}.")
        return runs[0]

    def record_part(self, inspection: Inspection, views: Sequence[ViewResult], *, keep_picture: bool) -> PartRecord:
        """Record one part durably: first the pictures of all its views, then all its rows in one transaction.

        Args:
            inspection: The judgement.
            views: The result of each view, in the inspection's order; empty to record the part without pictures.
            keep_picture: Keep the originals and the maps, not only the thumbnails.

        Returns:
            The record, once a power cut can no longer lose it.

        Raises:
            PartRefusedError: The part was recorded before, or one of its values or pictures cannot be stored.
            StorageError: The disk refused it. In both cases nothing was recorded.
        """
        with _refusal_named(inspection.key):
            files = [encode_view(view, keep_picture=keep_picture) for view in views] or [{} for _ in inspection.views]
            encoded = [(view.name, each) for view, each in zip(inspection.views, files, strict=True)]
        stored = self.pictures.write_pictures(inspection.key, inspection.triggered_at, encoded)
        with _refusal_named(inspection.key):
            self._database.add(
                (
                    (table_of(PartRow), [values_of_part(inspection)]),
                    (table_of(PartViewRow), values_of_views(inspection)),
                    (table_of(RegionRow), values_of_regions(inspection)),
                    (table_of(PartCodeRow), values_of_codes(inspection)),
                    (table_of(PictureRow), values_of_pictures(inspection.key, stored)),
                )
            )
        return PartRecord(inspection, tuple(pictures_from(files) for files in stored))

    def write_ahead(self, inspection: Inspection, views: Sequence[ViewResult]) -> None:
        """Put the pictures that `record_part` is going to get on the disk already, on any thread.

        Args:
            inspection: The judgement.
            views: The result of each view, with its encoded files.

        Raises:
            StorageError: The disk refused; `record_part` will say so.
        """
        files = [encode_view(view, keep_picture=True) for view in views]
        encoded = [(view.name, each) for view, each in zip(inspection.views, files, strict=True)]
        self.pictures.write_ahead(inspection.key, inspection.triggered_at, encoded)

    def forget_ahead(self, key: PartKey | None = None) -> None:
        """Remove what was written ahead of a part and is not recorded; of all parts if none is named."""
        self.pictures.forget_ahead(key)

    def find_part(self, key: PartKey) -> PartRecord:
        """Return the record of one part.

        Raises:
            BadInputError: The part has no record.
            StorageError: The record is damaged.
        """
        found = self._parts(and_(PartRow.run_id == key.run_id, PartRow.number == key.part))
        if not found:
            raise BadInputError(f"There is no record of part {key.label} of run {key.run_id}.")
        return found[0]

    def parts_of_run(self, run_id: int) -> tuple[Inspection, ...]:
        """Return the parts of a run, in the order of their numbers."""
        return tuple(record.inspection for record in self._parts(PartRow.run_id == run_id))

    def recent_parts(self, n: int, since: datetime) -> tuple[PartRecord, ...]:
        """Return the last `n` counted parts triggered at or after `since`, newest first."""
        return self.parts_where(and_(PartRow.triggered_at >= since, IN_PRODUCTION), n)

    def parts_where(self, condition: ColumnElement[bool], most: int) -> tuple[PartRecord, ...]:
        """Return the newest parts that meet a condition of `station.storage.records.search`, newest first."""
        chosen = select(PartRow.run_id, PartRow.number).where(condition).order_by(*_NEWEST_FIRST).limit(most)
        with self._database.reading() as connection:
            keys = [PartKey(*row) for row in connection.execute(chosen)]  # once: the condition may look at every part
            found = _read_parts(connection, with_keys(keys)) if keys else ()
        return tuple(reversed(found))

    def count_parts(self, start: datetime, end: datetime) -> Counts:
        """Count the parts of production triggered from `start` until before `end` by their verdicts."""
        with self._database.reading() as connection:
            return read_counts(connection, counted(start, end))

    def counts_and_newest(
        self, start: datetime, end: datetime, newest: int = 8192
    ) -> tuple[Counts, frozenset[PartKey]]:
        """Return the counts of `count_parts`, and the keys of the `newest` parts, from one state of the database."""
        parts = counted(start, end)
        keys = select(PartRow.run_id, PartRow.number).where(parts).order_by(*_NEWEST_FIRST).limit(newest)
        with self._database.reading() as connection:
            counts = read_counts(connection, parts)
            return counts, frozenset(PartKey(*row) for row in connection.execute(keys))

    def has_parts(self, start: datetime, end: datetime) -> bool:
        """Return whether a part of production was triggered from `start` until before `end`."""
        with self._database.reading() as connection:
            return connection.execute(select(PartRow.number).where(counted(start, end)).limit(1)).first() is not None

    def latest_before(self, moment: datetime) -> datetime | None:
        """Return when the last part before `moment` was triggered; None if no part was."""
        statement = select(func.max(PartRow.triggered_at)).where(PartRow.triggered_at < moment)
        with self._database.reading() as connection:
            return connection.execute(statement).scalar_one()

    def span_of_lot(self, lot: str) -> tuple[datetime, datetime] | None:
        """Return when the first and the last part of a lot were triggered; None if it has no part."""
        ends = select(func.min(PartRow.triggered_at), func.max(PartRow.triggered_at)).where(of_lot(lot))
        with self._database.reading() as connection:
            first, last = connection.execute(ends).one()
        return None if first is None else (first, last)

    def last_number(self, start: datetime, end: datetime) -> int:
        """Return the highest number of a counted part triggered between two times; 0 if there is none."""
        statement = select(func.max(PartRow.number)).where(counted(start, end))
        with self._database.reading() as connection:
            return connection.execute(statement).scalar_one() or 0

    def is_counted(self, run_id: int) -> bool:
        """Return whether the parts of this run are counted: those of production are."""
        return self.find_run(run_id).kind is RunKind.PRODUCTION

    def last_of_run(self, run_id: int) -> datetime | None:
        """Return when the last part of the run was triggered; None if the run has no part."""
        last = select(PartRow.triggered_at).where(PartRow.run_id == run_id).order_by(PartRow.number.desc()).limit(1)
        with self._database.reading() as connection:
            return connection.execute(last).scalar_one_or_none()

    def shift_records(self, window: ShiftWindow, now: datetime | None = None) -> ShiftRecords:
        """Return everything recorded in the window, read from one state of the database.

        The parts are those of production; all others are only numbered, by kind. The feedback is that on these parts,
        also if it was given after the window.

        Args:
            window: From when to when.
            now: The present time; if the window has not ended by then, the records say as of when they are.
        """
        parts = inside(window)
        with self._database.reading() as connection:
            events = events_between(connection, window.start, window.end)
            concerned = RunRow.run_id.in_(select(PartRow.run_id).where(parts).distinct())
            return ShiftRecords(
                window=window,
                runs=_read_runs(connection, concerned),
                parts=_read_parts(connection, parts),
                disputes=feedback_where(connection, parts),
                events=events,
                not_counted={} if window.lot else not_counted(connection, window.start, window.end),
                before=events_before(connection, window.start),
                after=events_after(connection, window.end),
                as_of=now if now is not None and window.start <= now < window.end else None,
                clock_behind=clock_behind_in(connection, concerned),
            )

    def _runs(self, condition: ColumnElement[bool]) -> tuple[Run, ...]:
        with self._database.reading() as connection:
            return _read_runs(connection, condition)

    def _parts(self, condition: ColumnElement[bool]) -> tuple[PartRecord, ...]:
        with self._database.reading() as connection:
            return _read_parts(connection, condition)


@contextmanager
def _refusal_named(key: PartKey) -> Iterator[None]:
    """Turn a broken rule or type of the tables, which belongs to this part alone, into a PartRefusedError."""
    try:
        yield
    except (StatementError, OverflowError, PictureFormatError) as error:
        why = error.orig if isinstance(error, StatementError) else error
        raise PartRefusedError(f"Part {key.label} of run {key.run_id} was refused by the records: {why}.") from error


def _read_runs(connection: Connection, condition: ColumnElement[bool]) -> tuple[Run, ...]:
    rows = connection.execute(select(RunRow).where(condition).order_by(RunRow.run_id))
    return tuple(run_from(row) for row in rows)


def _read_parts(connection: Connection, condition: ColumnElement[bool]) -> tuple[PartRecord, ...]:
    """Return the parts that meet the condition, in the order of their numbers: always five statements."""
    parts = select(PartRow).where(condition).order_by(PartRow.run_id, PartRow.number)
    views, codes = _belonging(PartViewRow, condition), _belonging(PartCodeRow, condition)
    regions = _belonging(RegionRow, condition).order_by(RegionRow.rank)
    pictures = pictures_and_given_up(condition)
    statements: tuple[Executable, ...] = (parts, views, regions, codes, pictures)
    return parts_from(*map(connection.execute, statements))


def _belonging(table: _OfAPart, condition: ColumnElement[bool]) -> Select[Any]:
    """Select the rows of the parts that meet the condition, in the order of the parts' numbers and views."""
    same_part = and_(table.run_id == PartRow.run_id, table.number == PartRow.number)
    rows = select(table).join(PartRow, same_part).where(condition)
    return rows.order_by(table.run_id, table.number, table.view)
