"""What a backup holds: every file with its hash. It is written last, so a backup that was cut off has none."""

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from station.domain.disk import reason_of
from station.domain.errors import BadInputError
from station.workspace import IN_BACKUP, LIST_OF_BACKUP, write_atomically

_FORMAT = 1
FILES = IN_BACKUP
"""The folder inside a backup that has the files."""
_BEGINNING_OF_FILES = b'\n"files": {'
_HEAD_BYTES = 64 * 1024
BEGUN = ".begun-"
"""The name of a backup begins so until it is complete."""


@dataclass(frozen=True, slots=True)
class KeptFile:
    """One file of a backup.

    Attributes:
        sha256: Hex digest of its content.
        size: Bytes.
    """

    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class MadeBackup:
    """A complete backup in short: the list of its files may have a million lines.

    Attributes:
        folder: Where it is.
        made_at: When it was begun, UTC.
        count: Its files.
        size: Their bytes.
    """

    folder: Path
    made_at: datetime
    count: int
    size: int

    @property
    def words(self) -> str:
        """Return what it is: "2026-11-28 12:00:00 UTC, 1204 files, 3.1 GB"."""
        return f"{self.made_at:%Y-%m-%d %H:%M:%S} UTC, {self.count} files, {self.size / 1e9:.1f} GB"


@dataclass(frozen=True, slots=True)
class Backup:
    """A complete backup.

    Attributes:
        folder: Where it is.
        made_at: When it was begun, UTC: the records are as they were then.
        station: Name of the station.
        program_version: Version of the program that made it.
        files: By their paths in the workspace, POSIX.
        station_id: What distinguishes the station from another one of this name; "" in a backup of an early version.
    """

    folder: Path
    made_at: datetime
    station: str
    program_version: str
    files: Mapping[str, KeptFile]
    station_id: str = ""

    @property
    def in_short(self) -> MadeBackup:
        """Return the backup without its list of files."""
        return MadeBackup(self.folder, self.made_at, len(self.files), self.size)

    @property
    def size(self) -> int:
        """Return the bytes of all files."""
        return sum(file.size for file in self.files.values())


def write_manifest(backup: Backup) -> None:
    """Write the list of files into the folder of a backup, durably.

    Raises:
        OSError: The disk refused.
    """
    said = {
        "format": _FORMAT,
        "made_at": backup.made_at.astimezone(UTC).isoformat(),
        "station": backup.station,
        "station_id": backup.station_id,
        "program_version": backup.program_version,
        "files": {path: asdict(file) for path, file in sorted(backup.files.items())},
    }
    write_atomically(backup.folder / LIST_OF_BACKUP, json.dumps(said, indent=0).encode())


def read_backup(folder: Path) -> Backup:
    """Return a complete backup.

    Raises:
        BadInputError: The folder is not a backup, or one that was cut off.
    """
    try:
        said = json.loads((folder / LIST_OF_BACKUP).read_bytes())
        if said["format"] != _FORMAT:
            raise BadInputError(
                f"{folder} is a backup of a newer version of Lineside.", "Restore it with that version."
            )
        files = {str(path): KeptFile(str(each["sha256"]), int(each["size"])) for path, each in said["files"].items()}
        made_at = datetime.fromisoformat(said["made_at"])
        said_id = str(said.get("station_id", ""))
        return Backup(folder, made_at, str(said["station"]), str(said["program_version"]), files, said_id)
    except FileNotFoundError as error:
        raise BadInputError(f"{folder} is not a complete backup.", "Choose another one.") from error
    except OSError as error:
        raise BadInputError(
            f"{folder} cannot be read: {reason_of(error)}.", "Check the disk of the backups."
        ) from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise BadInputError(f"The list of files in {folder} is damaged.", "Choose another backup.") from error


def made_times(folder: Path, station_id: str | None = None) -> tuple[tuple[datetime, Path], ...]:
    """Return when the complete backups in a folder were begun, newest first, and where they are.

    No list of files is read: a million pictures take seconds, in which no other thread of the line would run.

    Args:
        folder: The folder of the backups; several stations may share it.
        station_id: Only the backups of this station; None for all.
    """
    paths = [path for path in folder.iterdir() if not path.name.startswith(BEGUN)] if folder.is_dir() else []
    found = [(made_at, path) for path in paths if (made_at := _made_at(path, station_id)) is not None]
    return tuple(sorted(found, key=lambda backup: (backup[0], backup[1].name), reverse=True))


def newest_backup(folder: Path, station_id: str | None = None) -> Backup | None:
    """Return the newest complete backup in a folder, of this station if one is named; None if there is none."""
    for _made, path in made_times(folder, station_id):
        try:
            return read_backup(path)
        except BadInputError:
            continue
    return None


def _made_at(folder: Path, station_id: str | None) -> datetime | None:
    """Return when a backup was begun, by the first and the last letters of its list.

    None if it is not complete, or if it is that of another station than the wanted one.
    """
    try:
        with (folder / LIST_OF_BACKUP).open("rb") as file:
            head, found, _ = file.read(_HEAD_BYTES).partition(_BEGINNING_OF_FILES)
            file.seek(-1, os.SEEK_END)
            whole = bool(found) and file.read() == b"}"
        said = json.loads(head.rstrip(b",") + b"}")
        if not whole or said["format"] != _FORMAT or station_id not in (None, said.get("station_id")):
            return None
        return datetime.fromisoformat(said["made_at"]).astimezone(UTC)
    except (OSError, ValueError, KeyError, TypeError):
        return None


def complete_backups(folder: Path) -> tuple[Backup, ...]:
    """Return the complete backups in a folder, newest first; one that was cut off is left out."""
    found = []
    for path in folder.iterdir() if folder.is_dir() else ():
        if path.is_dir() and not path.name.startswith(BEGUN):
            try:
                found.append(read_backup(path))
            except BadInputError:
                continue
    return tuple(sorted(found, key=lambda backup: (backup.made_at, backup.folder.name), reverse=True))
