"""The folder of one station: settings, records, pictures, models. A copy of it is a copy of the station."""

import errno
import os
import secrets
import sys
from collections.abc import Mapping
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from itertools import chain, count
from pathlib import Path

import platformdirs

from station.domain.disk import reason_of
from station.domain.errors import BadInputError
from station.domain.names import expanded

_CANNOT_SYNC = frozenset({errno.EINVAL, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EBADF})
"""What a file system answers that cannot sync; a disk that failed answers EIO, a full one ENOSPC."""
_CANNOT_OPEN = _CANNOT_SYNC | {errno.EACCES, errno.EPERM, errno.EISDIR}


class UnwritableWorkspaceError(BadInputError):
    """The folder of the station cannot be written."""

    advice = "Choose another folder with --workspace, or grant this user write permission."


LIST_OF_BACKUP, IN_BACKUP = "backup.json", "workspace"
"""A backup has a list of its files, and beside it the folder that has them."""


def default_workspace() -> Path:
    """Return the platform's data folder for Lineside."""
    return Path(platformdirs.user_data_dir("lineside", appauthor=False))


def demo_reports() -> Path:
    """Return where the reports of a demo are kept: its workspace is deleted in the end."""
    return platformdirs.user_documents_path() / "Lineside demo"


@dataclass(frozen=True, slots=True)
class Workspace:
    """The folder of one station, and the places inside it.

    Attributes:
        root: Absolute path of the folder.
        kept_reports: Where reports are saved if not in the folder, because it is deleted in the end.
    """

    root: Path
    kept_reports: Path | None = None

    @classmethod
    def open(cls, root: Path, kept_reports: Path | None = None) -> "Workspace":
        """Return the workspace at `root`; its folders are made if they do not exist.

        Raises:
            UnwritableWorkspaceError: A folder cannot be made or written, or the folder is in a backup.
            BadInputError: The path has letters that libraries cannot receive.
        """
        workspace = cls.existing(root, kept_reports)
        _require_no_backup(workspace.root)
        try:
            for folder in (workspace.pictures, workspace.datasets, workspace.models, workspace.root / "reports",
                           workspace.backups, workspace.logs, workspace.cache):  # fmt: skip
                folder.mkdir(parents=True, exist_ok=True)
            _require_writable(workspace.root)
        except OSError as error:
            raise UnwritableWorkspaceError(
                f"The workspace {workspace.root} cannot be written: {reason_of(error)}."
            ) from error
        return workspace

    @classmethod
    def existing(cls, root: Path, kept_reports: Path | None = None) -> "Workspace":
        """Return the workspace at `root`, of which nothing is made or written.

        Raises:
            BadInputError: The path has letters that libraries cannot receive.
        """
        workspace = cls(expanded(root).absolute(), kept_reports)
        _require_encodable(workspace.root)
        return workspace

    @property
    def settings_file(self) -> Path:
        """`station.toml`."""
        return self.root / "station.toml"

    @property
    def database(self) -> Path:
        """`station.db`."""
        return self.root / "station.db"

    @property
    def pictures(self) -> Path:
        """Pictures of inspected parts."""
        return self.root / "pictures"

    @property
    def recent_originals(self) -> Path:
        """Originals of the newest parts that passed; may be deleted at any time: they wait for a dispute."""
        return self.root / "pictures" / ".recent"

    @property
    def reserve(self) -> Path:
        """Space that is held for records while the line runs; may be deleted at any time."""
        return self.root / ".reserve"

    @property
    def datasets(self) -> Path:
        """Frozen dataset versions."""
        return self.root / "datasets"

    @property
    def models(self) -> Path:
        """Model packages, one folder each."""
        return self.root / "models"

    @property
    def backbones(self) -> Path:
        """Networks that the site brought for methods that need them; may be missing."""
        return self.root / "backbones"

    @property
    def cache(self) -> Path:
        """Compiled models; may be deleted at any time."""
        return self.root / "models" / ".compiled"

    @property
    def drift(self) -> Path:
        """Calibrations of the drift watch; may be deleted at any time: the line is calibrated again."""
        return self.root / "models" / ".calibrations"

    @property
    def reports(self) -> Path:
        """Shift reports. The folder may have to be made if it is not in the workspace."""
        return self.kept_reports or self.root / "reports"

    @property
    def backups(self) -> Path:
        """Backups of the database."""
        return self.root / "backups"

    @property
    def logs(self) -> Path:
        """Log files."""
        return self.root / "logs"


def _require_no_backup(root: Path) -> None:
    """Let no program change the files of a backup: it could not be restored any more."""
    if root.name == IN_BACKUP and (root.parent / LIST_OF_BACKUP).is_file():
        raise UnwritableWorkspaceError(
            f"{root} is in a backup.", f"Make a workspace from it: linesidectl restore {root.parent} --workspace NEW."
        )


def _require_encodable(root: Path) -> None:
    """Refuse a path that libraries in other languages cannot receive in the encoding of this process."""
    if not str(root).isascii() and sys.getfilesystemencoding() != "utf-8":
        raise BadInputError(
            f"The workspace {str(root)!a} has letters that this process cannot pass to its libraries.",
            "Start it with PYTHONUTF8=1 or LC_ALL=C.UTF-8, or choose another folder with --workspace.",
        )
    try:
        str(root).encode()
    except UnicodeEncodeError as error:
        raise BadInputError(
            f"The workspace {root} has a name that is not UTF-8.",
            "Rename the folder, or choose another one with --workspace.",
        ) from error


def _require_writable(folder: Path) -> None:
    """Write a file and remove it: permissions alone do not show that a disk is mounted read-only."""
    probe = folder / f".write-probe-{os.getpid()}"
    probe.write_bytes(b"")
    probe.unlink()


def write_through(path: Path, content: bytes) -> None:
    """Write a file that is safely on the disk when this returns; a power cut during the call can leave half a file.

    Raises:
        OSError: The disk refused, or its file system cannot promise that.
    """
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def write_all_through(contents: Mapping[Path, bytes]) -> None:
    """Write files as `write_through` does. The disk gets all of them before it is waited for the first time.

    Raises:
        OSError: As for `write_through`.
    """
    with ExitStack() as files:
        written = [files.enter_context(path.open("wb")) for path in contents]
        for file, content in zip(written, contents.values(), strict=True):
            file.write(content)
            file.flush()
        for file in written:
            os.fsync(file.fileno())


def _write_as_safely_as_possible(path: Path, content: bytes) -> None:
    """Write a file, on a file system that can do so as safely as `write_through` does."""
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        _sync(file.fileno())


def write_atomically(path: Path, content: bytes) -> None:
    """Replace the file at `path` so that a power cut leaves the old content or the new one, never half of it.

    The steps: temporary file in the same folder, fsync, rename, fsync of the folder. A file system that cannot sync,
    such as some network shares, keeps the file without that promise. A link leads to the file that is replaced; a pipe
    or a device is written, never replaced.

    Raises:
        OSError: The disk refused; the old file is untouched and no temporary is left.
    """
    path = path.resolve() if path.is_symlink() else path
    if path.exists() and not path.is_file():
        path.write_bytes(content)
        return
    # Not named after the file: with anything before or behind it, a name of full length would be too long.
    temporary = path.with_name(f".{os.getpid()}-{secrets.token_hex(4)}.tmp")
    try:
        _write_as_safely_as_possible(temporary, content)
        temporary.replace(path)
    except OSError:
        temporary.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def remove_temporaries(folder: Path, pid: int) -> None:
    """Remove what a process that was ended while it wrote has left in a folder; what cannot be removed stays."""
    for temporary in folder.glob(f".{pid}-*.tmp"):
        with suppress(OSError):
            temporary.unlink()


def made_folder(folder: Path) -> Path:
    """Return the folder, made if it does not exist.

    Raises:
        BadInputError: It cannot be made.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise BadInputError(f"{folder} cannot be made: {reason_of(error)}.", "Choose another folder.") from error
    return folder


def free_name(folder: Path, name: str, suffix: str) -> Path:
    """Return a path in the folder that no file has: "Early.pdf", then "Early-2.pdf", "Early-3.pdf"."""
    names = chain([name], (f"{name}-{version}" for version in count(2)))
    return next(path for each in names if not (path := folder / f"{each}{suffix}").exists())


def write_for_person(path: Path, content: bytes, advice: str) -> None:
    """Write a file that a person asked for, whole or not at all.

    Raises:
        BadInputError: It cannot be written; `advice` is the remedy in the message.
    """
    try:
        write_atomically(path, content)
    except OSError as error:
        raise BadInputError(f"{path} cannot be written: {reason_of(error)}.", advice) from error


def sync_folder(folder: Path) -> None:
    """Make renames in `folder` durable, where the file system can. Windows does that by itself.

    Raises:
        OSError: The disk failed or is full.
    """
    if sys.platform == "win32":
        return
    try:
        handle = os.open(folder, os.O_RDONLY)
    except OSError as error:
        if error.errno in _CANNOT_OPEN:  # for example a folder that may be written and not read
            return
        raise
    try:
        _sync(handle)
    finally:
        os.close(handle)


def _sync(handle: int) -> None:
    try:
        os.fsync(handle)
    except OSError as error:
        if error.errno not in _CANNOT_SYNC:
            raise
