"""Make a workspace from a backup: every file is compared with the list of the backup while it is copied."""

import secrets
import shutil
from collections.abc import Callable
from pathlib import Path, PurePosixPath

from station.domain.disk import reason_of
from station.domain.errors import BadInputError, StorageError
from station.storage.backup.copying import copy_hashed
from station.storage.backup.manifest import FILES, Backup, newest_backup, read_backup
from station.workspace import sync_folder


def backup_in(folder: Path) -> Backup:
    """Return the backup in a folder, or the newest complete one if it is a folder of backups.

    Raises:
        BadInputError: There is none.
    """
    return newest_backup(folder) or read_backup(folder)


def restore_backup(backup: Backup | None, root: Path, add: Callable[[Path], object] = lambda _: None) -> None:
    """Make the workspace `root` from a backup. It is there whole, or not at all.

    Args:
        backup: The backup; None to begin with an empty folder.
        root: A folder that does not exist yet, or an empty one.
        add: Called with the folder before it gets its name, to bring more into it.

    Raises:
        BadInputError: There is something at `root`, or a file of the backup is missing or changed.
        StorageError: The disk refused.
    """
    if root.exists() and (not root.is_dir() or any(root.iterdir())):
        raise BadInputError(f"{root} is not empty.", "Restore into a new folder: --workspace NEW.")
    begun = root.with_name(f".{root.name}-{secrets.token_hex(4)}.tmp")
    try:
        begun.mkdir(parents=True)
        if backup is not None:
            _copy_all(backup, begun)
        add(begun)
        if root.exists():
            root.rmdir()
        begun.rename(root)
        sync_folder(root.parent)
    except OSError as error:
        raise StorageError(f"{root} cannot be restored: {reason_of(error)}.") from error
    finally:
        shutil.rmtree(begun, ignore_errors=True)


def _copy_all(backup: Backup, root: Path) -> None:
    for path, kept in backup.files.items():
        _require_inside(backup, path)
        try:
            same = copy_hashed(backup.folder / FILES / path, root / path) == kept
        except FileNotFoundError as error:
            raise _damaged(backup, path, "is missing") from error
        if not same:
            raise _damaged(backup, path, "was changed")


def _require_inside(backup: Backup, path: str) -> None:
    parts = PurePosixPath(path)
    if parts.is_absolute() or ".." in parts.parts or "\\" in path or not parts.parts:
        raise _damaged(backup, path, "lies outside the workspace")


def _damaged(backup: Backup, path: str, what: str) -> BadInputError:
    return BadInputError(f"The file {path} of the backup {backup.folder} {what}.", "Choose another backup.")
