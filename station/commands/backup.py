"""Commands for backups: make one while the line inspects, and make a workspace from one."""

from collections.abc import Callable
from pathlib import Path

import station
from station.domain.audit import AuditAction
from station.domain.clock import utc_now
from station.domain.errors import BadInputError
from station.domain.permissions import Authority, Permission
from station.line_lock import runs_elsewhere
from station.people.audit_trail import AuditTrail
from station.settings import Settings
from station.storage.backup.making import MadeFrom, OnFile, make_backup
from station.storage.backup.manifest import Backup, complete_backups
from station.storage.backup.restoring import backup_in, restore_backup
from station.storage.backup.salvaging import Salvage, salvage
from station.storage.engine.database import Database
from station.workspace import Workspace


class BackupCommands:
    """Reading is open to everybody; making asks the authority first. Safe from any thread."""

    def __init__(
        self, authority: Authority, workspace: Workspace, database: Database, settings: Settings, audit: AuditTrail
    ) -> None:
        """Back up this station."""
        self._authority = authority
        name, private = settings.station.name, settings.private_files
        self._source = MadeFrom(workspace, database, name, station.__version__, private)
        self._audit = audit

    def backups(self, folder: Path) -> tuple[Backup, ...]:
        """Return the complete backups in a folder, newest first."""
        return complete_backups(folder)

    def make(self, folder: Path, on_file: OnFile = lambda *_: None) -> Backup:
        """Make a backup in a folder of backups; the line may run meanwhile.

        Args:
            folder: The folder; pictures that its newest backup has are not copied again.
            on_file: Called with the number of pictures so far, and of all.

        Raises:
            PermissionRefusedError: This role may not back up the records.
            BadInputError: The folder cannot be used.
            StorageError: A disk refused. Nothing is left of the backup.
        """
        self._authority.authorise(Permission.BACK_UP)
        backup = make_backup(self._source, folder, utc_now(), on_file)
        self._audit.note(AuditAction.BACKED_UP, str(backup.folder), new=in_words(backup))
        return backup

    def note_restored(self, backup: Backup | None, saved: str = "") -> None:
        """Write into this station's audit trail that it was made from a backup, and what was saved besides."""
        words = "; ".join(filter(None, (in_words(backup) if backup else "", saved)))
        self._audit.note(AuditAction.RESTORED, str(self._source.workspace.root), new=words)


def restore(
    authority: Authority, folder: Path, root: Path, on_backup: Callable[[Backup], None] = lambda _: None
) -> Backup:
    """Make the workspace `root` from a backup, or from the newest complete one in a folder of backups.

    Args:
        authority: On whose behalf.
        folder: The backup or the folder.
        root: A folder that does not exist yet, or an empty one.
        on_backup: Called with the backup before it is copied.

    Raises:
        PermissionRefusedError: This role may not restore.
        BadInputError: There is no complete backup, one of its files is missing or changed, or `root` is not empty.
        StorageError: A disk refused. Nothing is left of the new workspace.
    """
    authority.authorise(Permission.BACK_UP)
    backup = backup_in(folder)
    on_backup(backup)
    restore_backup(backup, root)
    return backup


def restore_salvaging(
    authority: Authority, folder: Path | None, root: Path, damaged: Path, on_backup: Callable[[Backup], None]
) -> tuple[Backup | None, Salvage]:
    """Make the workspace `root` from a backup and from all that can still be read of a damaged workspace.

    Args:
        authority: On whose behalf.
        folder: The backup or the folder of backups; None to save what can be read alone.
        root: A folder that does not exist yet, or an empty one.
        damaged: The damaged workspace; it stays as it is.
        on_backup: Called with the backup before it is copied.

    Raises:
        PermissionRefusedError, BadInputError, StorageError: As `restore`.
        BadInputError: A program runs the line of the damaged workspace.
    """
    authority.authorise(Permission.BACK_UP)
    if runs_elsewhere(damaged):
        raise BadInputError(f"The line of {damaged} is running.", "Stop it first.")
    backup = backup_in(folder) if folder is not None else None
    if backup is not None:
        on_backup(backup)
    saved: list[Salvage] = []
    restore_backup(backup, root, lambda begun: saved.append(salvage(damaged, begun)))
    return backup, saved[0]


def in_words(backup: Backup) -> str:
    """Return what a backup is: "2026-11-28 12:00:00 UTC, 1204 files, 3.1 GB"."""
    return backup.in_short.words
