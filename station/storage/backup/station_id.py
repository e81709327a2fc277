"""Whose backups they are: many stations have the same name, and may keep their backups in one folder."""

import os
import secrets
from contextlib import suppress
from pathlib import Path

from station.domain.disk import reason_of
from station.domain.errors import StorageError
from station.workspace import sync_folder

ID_NAME = "station.id"
"""The file is not backed up: a workspace that was made from a backup must not remove the backups of the first one."""


def station_id(root: Path) -> str:
    """Return what distinguishes this workspace from every other one; it is made when it is first asked for.

    Raises:
        StorageError: The disk refused it.
    """
    path = root / ID_NAME
    try:
        if not path.exists():
            _make(path)
        return path.read_text("utf-8").strip()
    except (OSError, ValueError) as error:
        why = reason_of(error) if isinstance(error, OSError) else "it is not a text"
        raise StorageError(f"{path} cannot be read or written: {why}.") from error


def _make(path: Path) -> None:
    """Write the file whole; of several programs that make it at once, one wins."""
    made = path.with_name(f".{path.name}-{secrets.token_hex(4)}.tmp")
    with made.open("x", encoding="utf-8") as file:
        file.write(f"{secrets.token_hex(16)}\n")
        file.flush()
        os.fsync(file.fileno())
    try:
        with suppress(FileExistsError):
            os.link(made, path)
    except OSError:  # a disk without second names
        made.replace(path)
    made.unlink(missing_ok=True)
    sync_folder(path.parent)
