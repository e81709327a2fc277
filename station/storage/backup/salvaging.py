"""A new workspace from a damaged one: the last good backup, and all that can still be read of what came after it."""

import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from sqlalchemy import delete, select

from station.domain.disk import reason_of
from station.domain.errors import BadInputError, StorageError
from station.domain.formatting import counted
from station.storage.backup.copying import copy_hashed, linked
from station.storage.engine.database import Database
from station.storage.engine.dialects import sqlite
from station.storage.engine.dialects.salvage import Salvaged, salvage_into
from station.storage.engine.private_copy import private_copy
from station.storage.records.tables import GivenUpPictureRow, PartRow, PartViewRow, PictureRow
from station.workspace import Workspace

_LEFT = frozenset({"pictures", "backups", "logs"})
_PASSING = (".lock", ".tmp", "-wal", "-shm")
_KEPT_BY_CONTENT = frozenset({"models", "datasets", "pictures"})
"""A file there never changes under its name."""
_NEEDED = {PartRow.__tablename__: PartViewRow.__tablename__}
"""A part of which a view cannot be read is left out: the lost view may have been the one that failed."""


@dataclass(frozen=True, slots=True)
class Salvage:
    """What was saved of a damaged workspace.

    Attributes:
        tables: What became of each table.
        files: Files that are not in the backup, or were newer; pictures included.
        unreadable: Files that could not be read.
    """

    tables: tuple[Salvaged, ...]
    files: int
    unreadable: tuple[str, ...]

    @property
    def words(self) -> str:
        """Return it in short: "412 rows and 380 files saved; in 1 place rows could not be read"."""
        added = sum(table.added + table.changed for table in self.tables)
        gaps = sum(table.gaps for table in self.tables)
        if not self.tables:
            return f"no row could be read; {counted(self.files, 'file')} saved"
        lost = "every row could be read" if not gaps else f"in {counted(gaps, 'place')} rows could not be read"
        return f"{counted(added, 'row')} and {counted(self.files, 'file')} saved; {lost}"


def salvage(damaged: Path, root: Path) -> Salvage:
    """Bring what can be read of a damaged workspace into another one, which nobody uses yet. The damaged one stays.

    Args:
        damaged: The folder of the damaged workspace.
        root: The folder of the other one: made from a backup, or empty.

    Raises:
        BadInputError: The damaged workspace has no records at all.
        StorageError: The disk refused.
    """
    there, here = Workspace.existing(damaged), Workspace.existing(root)
    if not sqlite.is_begun(there.database):
        raise BadInputError(f"There are no records in {damaged}.", "Check --salvage.")
    Database.open(here.database).close()
    with private_copy(there.database, sqlite.log_of(there.database), past_bad_sectors=True) as copy:
        tables = salvage_into(here.database, copy, _NEEDED)
    pictures = _pictures_of(here.database)
    wanted = chain(_others(there.root), (f"{there.pictures.name}/{path}" for path in pictures))
    outcomes = [(path, _brought(path, there.root, here.root)) for path in wanted]
    unreadable = tuple(path for path, brought in outcomes if brought is None)
    return Salvage(tables, sum(brought is True for _, brought in outcomes), unreadable)


def _pictures_of(path: Path) -> list[str]:
    """Return the pictures that the records name, without those that were given up since the backup."""
    database = Database.open(path, may_begin=False)
    try:
        with database.writing() as connection:
            given_up = select(GivenUpPictureRow.path)
            connection.execute(delete(PictureRow).where(PictureRow.path.in_(given_up)))
            return list(connection.execute(select(PictureRow.path)).scalars())
    finally:
        database.close()


def _brought(path: str, there: Path, here: Path) -> bool | None:
    """Bring one file; return whether that had to be done, None if it cannot be read: then that of the backup stays.

    Args:
        path: In a workspace, with "/".
        there: The damaged workspace.
        here: The new one.

    Raises:
        StorageError: The disk of the new workspace refused.
    """
    source, target = there / path, here / path
    keeps_its_name = path.partition("/")[0] in _KEPT_BY_CONTENT
    try:
        size = source.stat().st_size
    except FileNotFoundError:
        return False  # `verify` names what is missing
    except OSError:
        return None
    if keeps_its_name and target.exists():
        return False  # the backup was made of a sound one
    brought = target.with_name(f".{target.name}.tmp")
    try:
        if not (keeps_its_name and linked(source, target, size)):
            copy_hashed(source, brought)
            brought.replace(target)
    except OSError as error:
        brought.unlink(missing_ok=True)
        if not _can_be_read(source):
            return None
        raise StorageError(f"{target} cannot be written: {reason_of(error)}.") from error
    return True


def _can_be_read(path: Path) -> bool:
    with suppress(OSError):
        return bool(path.read_bytes()) or True
    return False


def _others(root: Path) -> Iterator[str]:
    """Yield the files of a workspace without its records, pictures, backups and logs."""
    for folder, names, files in os.walk(root):
        here = Path(folder)
        unkept = _LEFT if here == root else frozenset()
        names[:] = [name for name in names if name not in unkept and name not in (".compiled", ".recent")]
        for name in files:
            is_record = here == root and name.startswith("station.db")
            if not (is_record or name.endswith(_PASSING) or name == ".reserve"):
                yield (here / name).relative_to(root).as_posix()
