"""Are the records there that belong to the pictures? Lost records must not look like a new station."""

from collections.abc import Collection
from functools import partial
from pathlib import Path

from sqlalchemy import func, select

from station.domain.errors import BadInputError
from station.domain.formatting import counted
from station.storage.engine.database import Database, RecordsLostError
from station.storage.engine.dialects.sqlite import is_begun, log_of
from station.storage.pictures.picture_store import PictureStore
from station.storage.records.tables import PartRow, RunRow
from station.workspace import Workspace

_LOST_IN_A_CRASH = 3
"""Parts whose pictures a crash can leave without a record: one, and some more to be sure."""


def open_records(workspace: Workspace) -> Database:
    """Open the database of a workspace; only a folder without any trace of a station gets a new one.

    A file without tables in such a folder is one that another program is beginning now, or was ended in beginning.

    Raises:
        RecordsLostError: The database is gone, or older than the pictures beside it.
        StationError: As `Database.open`.
    """
    pictures = PictureStore(workspace.pictures)
    is_new = not _left_folders(workspace) and not _is_log_alone(workspace)
    if not is_new and not is_begun(workspace.database):  # in this order: who begins a station leaves traces afterwards
        raise _lost(workspace, pictures)
    return Database.open(workspace.database, may_begin=is_new, check=partial(_require_records_of, pictures))


def open_records_to_read(workspace: Workspace) -> Database:
    """Open the database of a workspace and change nothing, on a disk that is full or can only be read.

    Raises:
        RecordsLostError: The database is gone, or older than the pictures beside it.
        BadInputError: There is no station.
        StationError: As `Database.open_to_read`.
    """
    pictures = PictureStore(workspace.pictures)
    if is_begun(workspace.database):
        return Database.open_to_read(workspace.database, partial(_require_records_of, pictures))
    if _left_folders(workspace) or _is_log_alone(workspace):
        raise _lost(workspace, pictures)
    raise BadInputError(f"There is no station in {workspace.root}, and none can be made there.", "Check --workspace.")


def _lost(workspace: Workspace, pictures: PictureStore) -> RecordsLostError:
    state = "empty" if workspace.database.exists() else "missing"
    return RecordsLostError(f"{workspace.database} is {state}, but {_traces(workspace, pictures)}.")


def _require_records_of(pictures: PictureStore, database: Database) -> None:
    """Compare the runs and the parts in the database with the pictures on the disk.

    Raises:
        RecordsLostError: There are pictures of runs or parts that the database does not know: it is an older copy.
    """
    there = pictures.runs()  # before the records are read: a line that runs now adds to both
    with database.reading() as connection:
        known = set(connection.execute(select(RunRow.run_id)).scalars())
        open_runs = set(connection.execute(select(RunRow.run_id).where(RunRow.ended_at.is_(None))).scalars())
    if unknown := there - known:
        raise _older(database, f"of {_runs(unknown)} that it does not know")
    for run_id in sorted(open_runs & there):
        _require_parts_of(run_id, pictures, database)


def _traces(workspace: Workspace, pictures: PictureStore) -> str:
    """Return what shows that there was a station here, in words."""
    if runs := pictures.runs():
        return f"there are pictures of {_runs(runs)}"
    if _is_log_alone(workspace):
        return f"its newest records are in {log_of(workspace.database).name}"
    return f"the station's {' and '.join(_left_folders(workspace))} are there"


def _left_folders(workspace: Workspace) -> list[str]:
    """Return the names of the folders that hold anything, as those of a station do."""
    folders = (workspace.models, workspace.datasets, workspace.pictures)
    return [folder.name for folder in folders if _holds_anything(folder)]


def _is_log_alone(workspace: Workspace) -> bool:
    return is_begun(log_of(workspace.database)) and not workspace.database.exists()


def _require_parts_of(run_id: int, pictures: PictureStore, database: Database) -> None:
    last = pictures.last_part(run_id)
    newest = select(func.max(PartRow.number)).where(PartRow.run_id == run_id).scalar_subquery()
    before_first = RunRow.first_number - 1  # numbers go on from the run before, and a crash may come before any record
    with database.reading() as connection:
        recorded = connection.execute(
            select(func.coalesce(newest, before_first)).where(RunRow.run_id == run_id)
        ).scalar_one()
    if last > recorded + _LOST_IN_A_CRASH:
        raise _older(database, f"of run {run_id} up to part {last}, and its records end at part {recorded}")


def _older(database: Database, what: str) -> RecordsLostError:
    return RecordsLostError(
        f"{database.path} is older than the pictures beside it: there are pictures {what}.",
        "Put the newest copy of station.db back, together with its station.db-wal if there is one, or choose another "
        "workspace.",
    )


def _runs(numbers: Collection[int]) -> str:
    return counted(len(numbers), "run")


def _holds_anything(folder: Path) -> bool:
    return folder.is_dir() and any(not path.name.startswith(".") for path in folder.iterdir())
