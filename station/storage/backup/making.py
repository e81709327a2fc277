"""Make a backup while the line inspects: the records as they are at one moment, and every file that they name."""

import os
import secrets
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path

from sqlalchemy import delete, insert, select

from station.concurrency.file_lock import locked_within, opened_lock, try_lock
from station.domain.disk import reason_of
from station.domain.errors import BadInputError, StorageError
from station.storage.backup.copying import copy_hashed, linked
from station.storage.backup.manifest import BEGUN, FILES, Backup, KeptFile, made_times, newest_backup, write_manifest
from station.storage.backup.station_id import ID_NAME, station_id
from station.storage.engine.database import Database
from station.storage.people.audit_log import HEAD_NAME
from station.storage.records.tables import GivenUpPictureRow, PictureRow
from station.workspace import Workspace, sync_folder

_TRIES = 100
_NOT_KEPT = frozenset({"pictures", "backups", "logs"})
_AT_THE_TOP = frozenset({"station.db", HEAD_NAME, ID_NAME})
"""What is copied in another way."""
_PRIVATE = "signing.key"
"""A backup lies on other machines: who could read the key there could sign as this station."""
_NOT_KEPT_ANYWHERE = frozenset({".compiled", ".recent", ".reserve"})

OnFile = Callable[[int, int], None]
"""Called with each file, with the number of pictures so far and of all; it may raise to give the backup up."""


@dataclass(slots=True)
class MadeFrom:
    """What a backup is made from.

    Attributes:
        workspace: The station's folder.
        database: Its open records.
        station: Its name.
        program_version: Of this program.
        private: Files by which somebody could sign as the plant, absolute or in the workspace; they are left out.
    """

    workspace: Workspace
    database: Database
    station: str
    program_version: str
    private: Sequence[str] = ()


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

    Pictures that the station's newest backup there has already are not copied again: their files get a second name.

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
    with ExitStack() as held:
        try:
            folder.mkdir(parents=True, exist_ok=True)
            held.enter_context(_held(begun))
            begun.mkdir()
        except OSError as error:
            raise BadInputError(f"{folder} cannot be written: {reason_of(error)}.", "Choose another folder.") from error
        try:
            own = station_id(source.workspace.root)
            making = _Making(begun, newest_backup(folder, own))
            _keep_everything(source, making, on_file)
            backup = Backup(begun, now, source.station, source.program_version, making.files, own)
            write_manifest(backup)
            return replace(backup, folder=_named_for_good(begun, folder, now))
        except OSError as error:
            shutil.rmtree(begun, ignore_errors=True)
            raise StorageError(f"The backup in {folder} cannot be made: {reason_of(error)}.") from error
        except BaseException:
            shutil.rmtree(begun, ignore_errors=True)
            raise


def remove_old_backups(folder: Path, keep: int, station_id: str | None = None) -> None:
    """Remove the oldest complete backups, and those that were cut off; not one that is being made now.

    Args:
        folder: The folder of the backups.
        keep: Complete ones that stay.
        station_id: Only of this station; None for all.
    """
    for path in folder.iterdir() if folder.is_dir() else ():
        if path.name.startswith(BEGUN) and path.is_dir():
            _remove_if_cut_off(path)
    for _made_at, path in made_times(folder, station_id)[max(1, keep) :]:
        going = folder / f"{BEGUN}{secrets.token_hex(4)}"  # from here on it is not complete
        path.rename(going)
        shutil.rmtree(going, ignore_errors=True)


def _lock_of(begun: Path) -> Path:
    return begun.with_name(f"{begun.name}.lock")


@contextmanager
def _held(begun: Path) -> Iterator[None]:
    """Let nobody take a folder for one that was cut off: another program may remove old backups meanwhile.

    Raises:
        OSError: The folder of the backups cannot be written.
    """
    handle = opened_lock(_lock_of(begun))
    try:
        with suppress(OSError):  # a share that cannot lock: then no folder there is taken for one that was cut off
            locked_within(handle, _TRIES)
        yield
    finally:
        os.close(handle)
        with suppress(OSError):
            _lock_of(begun).unlink(missing_ok=True)


def _remove_if_cut_off(begun: Path) -> None:
    with suppress(OSError):
        handle = opened_lock(_lock_of(begun))
        try:
            if not try_lock(handle):
                return
            shutil.rmtree(begun, ignore_errors=True)
        finally:
            os.close(handle)
        _lock_of(begun).unlink(missing_ok=True)


def _keep_everything(source: MadeFrom, making: _Making, on_file: OnFile) -> None:
    root = source.workspace.root
    with suppress(FileNotFoundError):  # before the records: behind them is allowed, ahead would look like a loss
        making.keep(root / HEAD_NAME, HEAD_NAME)
    copy = making.root / source.workspace.database.name
    copy.parent.mkdir(parents=True, exist_ok=True)
    source.database.copy_to(copy)
    for path in list(
        _others(root, making.folder, source.private)
    ):  # after the records: a file comes before the record that names it
        on_file(0, 1)
        with suppress(FileNotFoundError):  # another program has removed or renamed it
            making.keep(root / path, path)
    _keep_pictures(source, making, copy, on_file)
    making.files[copy.name] = copy_hashed(copy, copy.with_name("copied"))
    copy.with_name("copied").replace(copy)


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


def _others(root: Path, begun: Path, left_out: Sequence[str]) -> Iterator[str]:
    """Yield the files of a workspace without its pictures, logs, backups and records, private and passing files.

    A folder of the workspace may be a link to another disk.
    """
    backups, of_plant = begun.parent.resolve(), {(root / name).resolve() for name in left_out}
    linked = [path for path in root.iterdir() if path.is_symlink() and path.name not in _NOT_KEPT]
    tops = [root, *(path for path in linked if path.resolve() != backups)]
    for folder, names, files in chain.from_iterable(map(os.walk, tops)):
        here = Path(folder)
        unkept = _NOT_KEPT | _NOT_KEPT_ANYWHERE if here == root else _NOT_KEPT_ANYWHERE
        names[:] = [name for name in names if name not in unkept and not _is_of_backups(here / name, backups)]
        for name in files:
            passing = name.endswith((".lock", ".tmp", "-wal", "-shm")) or name in _NOT_KEPT_ANYWHERE
            private = (here == root and name.startswith(_PRIVATE)) or (here / name).resolve() in of_plant
            if not passing and not private and not (here == root and name in _AT_THE_TOP):
                yield (here / name).relative_to(root).as_posix()


def _is_of_backups(folder: Path, backups: Path) -> bool:
    return folder.name.startswith(BEGUN) or (folder.name == backups.name and folder.resolve() == backups)


def _named_for_good(begun: Path, folder: Path, now: datetime) -> Path:
    name = f"{now.astimezone(UTC):%Y-%m-%d-%H%M%S}"
    for number in range(1, 1000):
        path = folder / (name if number == 1 else f"{name}-{number}")
        if not path.exists():
            begun.rename(path)
            sync_folder(folder)
            return path
    raise BadInputError(f"{folder} has a thousand backups of this second.", "Choose another folder.")
