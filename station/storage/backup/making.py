"""Make a backup while the line inspects: the records as they are at one moment, and every file that they name."""

import os
import secrets
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import delete, insert, select

from station.domain.disk import reason_of
from station.domain.errors import BadInputError, StorageError
from station.storage.backup.copying import copy_hashed, linked
from station.storage.backup.manifest import BEGUN, FILES, Backup, KeptFile, complete_backups, write_manifest
from station.storage.engine.database import Database
from station.storage.people.audit_log import HEAD_NAME
from station.storage.records.tables import GivenUpPictureRow, PictureRow
from station.workspace import Workspace, sync_folder

_NOT_KEPT = frozenset({"pictures", "backups", "logs"})
_NOT_KEPT_ANYWHERE = frozenset({".compiled", ".recent", ".reserve"})

OnFile = Callable[[int, int], None]
"""Called after each file with the number of files so far, and of all pictures."""


@dataclass(slots=True)
class MadeFrom:
    """What a backup is made from.

    Attributes:
        workspace: The station's folder.
        database: Its open records.
        station: Its name.
        program_version: Of this program.
    """

    workspace: Workspace
    database: Database
    station: str
    program_version: str


@dataclass(slots=True)
class _Making:
    """A backup that is being made, and the one before it in the same folder."""

    folder: Path
    before: Backup | None
    files: dict[str, KeptFile] = field(default_factory=dict)

    @property
    def root(self) -> Path:
        return self.folder / FILES

    def keep(self, source: Path, path: str, sha256: str = "", size: int = -1) -> None:
        """Copy a file; one with this content that the backup before has gets a second name there."""
        same = KeptFile(sha256, size)
        target = self.root / path
        had = self.before is not None and self.before.files.get(path) == same
        if self.before and had and linked(self.before.folder / FILES / path, target, size):
            self.files[path] = same
        else:
            self.files[path] = copy_hashed(source, target)


def make_backup(source: MadeFrom, folder: Path, now: datetime, on_file: OnFile = lambda *_: None) -> Backup:
    """Make a complete backup in a folder of backups. Until it is complete its name says so, and nobody is offered it.

    Pictures that the newest backup in the folder has already are not copied again: their files get a second name.

    Args:
        source: The station.
        folder: Where the backups are; not inside the workspace, but for its folder `backups`.
        now: UTC.
        on_file: Hears of the progress.

    Raises:
        BadInputError: The folder cannot be used.
        StorageError: A disk refused; what was begun is removed.
    """
    begun = folder / f"{BEGUN}{secrets.token_hex(4)}"
    try:
        begun.mkdir(parents=True)
    except OSError as error:
        raise BadInputError(f"{folder} cannot be written: {reason_of(error)}.", "Choose another folder.") from error
    try:
        making = _Making(begun, next(iter(complete_backups(folder)), None))
        _keep_everything(source, making, on_file)
        backup = Backup(begun, now, source.station, source.program_version, making.files)
        write_manifest(backup)
        return replace(backup, folder=_named_for_good(begun, folder, now))
    except OSError as error:
        shutil.rmtree(begun, ignore_errors=True)
        raise StorageError(f"The backup in {folder} cannot be made: {reason_of(error)}.") from error
    except BaseException:
        shutil.rmtree(begun, ignore_errors=True)
        raise


def remove_old_backups(folder: Path, keep: int) -> None:
    """Remove the oldest complete backups, and those that were cut off. Nobody may make one there meanwhile."""
    for path in folder.iterdir() if folder.is_dir() else ():
        if path.name.startswith(BEGUN):
            shutil.rmtree(path, ignore_errors=True)
    for backup in complete_backups(folder)[max(1, keep) :]:
        going = folder / f"{BEGUN}{secrets.token_hex(4)}"  # from here on it is not complete
        backup.folder.rename(going)
        shutil.rmtree(going, ignore_errors=True)


def _keep_everything(source: MadeFrom, making: _Making, on_file: OnFile) -> None:
    root = source.workspace.root
    others = list(_others(root, making.folder))
    for path in others:
        if path == HEAD_NAME:  # behind the records is allowed, ahead of them would look like a loss
            making.keep(root / path, path)
    copy = making.root / source.workspace.database.name
    copy.parent.mkdir(parents=True, exist_ok=True)
    source.database.copy_to(copy)
    _keep_pictures(source, making, copy, on_file)
    making.files[copy.name] = copy_hashed(copy, copy.with_name("copied"))
    copy.with_name("copied").replace(copy)
    for path in others:
        if path not in making.files:
            try:
                making.keep(root / path, path)
            except FileNotFoundError:  # another program has removed or renamed it; no record names it
                continue


def _keep_pictures(source: MadeFrom, making: _Making, copy: Path, on_file: OnFile) -> None:
    """Keep the pictures that the copied records name. One that was given up since then is given up there, too."""
    records = Database.open(copy, may_begin=False)
    try:
        with records.reading() as connection:
            rows = connection.execute(select(PictureRow.path, PictureRow.sha256, PictureRow.size)).all()
        gone = []
        for number, row in enumerate(rows, 1):
            path = f"{source.workspace.pictures.name}/{row.path}"
            try:
                making.keep(source.workspace.pictures / row.path, path, row.sha256, row.size)
            except FileNotFoundError:
                gone.append(row.path)
            on_file(number, len(rows))
        _give_up(source.database, records, gone)
    finally:
        records.close()


def _give_up(live: Database, records: Database, gone: list[str]) -> None:
    """Write into the copied records what the station has given up meanwhile; what is lost otherwise `verify` names."""
    for path in gone:
        with live.reading() as connection:
            row = connection.execute(select(GivenUpPictureRow).where(GivenUpPictureRow.path == path)).first()
        if row is not None:
            with records.writing() as connection:
                connection.execute(insert(GivenUpPictureRow), dict(row._mapping))
                connection.execute(delete(PictureRow).where(PictureRow.path == path))


def _others(root: Path, begun: Path) -> Iterator[str]:
    """Yield the files of a workspace without its pictures, logs, backups and records, and without passing files."""
    for folder, names, files in os.walk(root):
        here = Path(folder)
        left_out = _NOT_KEPT if here == root else frozenset()
        names[:] = [n for n in names if n not in left_out | _NOT_KEPT_ANYWHERE and here / n != begun.parent]
        for name in files:
            passing = name.endswith((".lock", ".tmp", "-wal", "-shm")) or name in _NOT_KEPT_ANYWHERE
            if not passing and not (here == root and name == "station.db"):
                yield (here / name).relative_to(root).as_posix()


def _named_for_good(begun: Path, folder: Path, now: datetime) -> Path:
    name = f"{now.astimezone(UTC):%Y-%m-%d-%H%M%S}"
    for number in range(1, 1000):
        path = folder / (name if number == 1 else f"{name}-{number}")
        if not path.exists():
            begun.rename(path)
            sync_folder(folder)
            return path
    raise BadInputError(f"{folder} has a thousand backups of this second.", "Choose another folder.")
