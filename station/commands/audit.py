"""Commands for the audit trail: read it, verify it, and write it into a file for others."""

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from station.domain.alarm import Alarm, AlarmKind
from station.domain.audit import EVERYTHING, AuditAction, AuditEntry, AuditFilter
from station.domain.audit_chain import ChainState
from station.domain.clock import utc_now
from station.domain.errors import StorageError
from station.domain.formatting import counted
from station.domain.permissions import Authority, Permission
from station.people.audit_trail import AuditTrail
from station.people.audit_words import file_in_words
from station.people.chain_watch import ChainWatch
from station.people.settings_watch import note_settings
from station.review.alarm_list import AlarmList
from station.settings import Settings
from station.storage.people.audit_log import AuditLog
from station.storage.records.integrity import Finding, Severity
from station.workspace import Workspace, free_name, made_folder

_log = logging.getLogger(__name__)
_ADVICE = "Compare it with an earlier copy of the workspace. The line goes on."


class AuditCommands:
    """Reading is open to everybody; exporting asks the authority first. Safe from any thread."""

    def __init__(
        self,
        authority: Authority,
        workspace: Workspace,
        log: AuditLog,
        watch: ChainWatch,
        audit: AuditTrail,
        csv: str,
    ) -> None:
        """Use this audit trail.

        Args:
            authority: On whose behalf the commands are given.
            workspace: Where exports are saved.
            log: The audit trail.
            watch: What is known of its chain.
            audit: Where an export is written down.
            csv: The language of the spreadsheets that open an exported table.
        """
        self._authority = authority
        self._workspace = workspace
        self._trail = log
        self._watch = watch
        self._audit = audit
        self._csv_language = csv

    def entries(
        self, wanted: AuditFilter = EVERYTHING, before: int | None = None, limit: int | None = None
    ) -> tuple[AuditEntry, ...]:
        """Return entries, newest first; see `AuditLog.entries`."""
        return self._trail.entries(wanted, before, limit)

    def numbers(self, wanted: AuditFilter = EVERYTHING) -> tuple[int, ...]:
        """Return the numbers of entries, newest first: enough to show any number of them."""
        return self._trail.numbers(wanted)

    def entries_of(self, numbers: Sequence[int]) -> tuple[AuditEntry, ...]:
        """Return the entries with these numbers, newest first."""
        return self._trail.entries_of(numbers)

    def count(self, wanted: AuditFilter = EVERYTHING) -> int:
        """Return the number of entries."""
        return self._trail.count(wanted)

    def people(self) -> tuple[str, ...]:
        """Return everybody who is named in an entry, by name; "" is the station itself."""
        return self._trail.people()

    def actions(self) -> tuple[str, ...]:
        """Return every action that an entry has, by name."""
        return self._trail.actions()

    @property
    def state(self) -> ChainState | None:
        """Return what is known of the chain; None before it was verified for the first time."""
        return self._watch.state

    def verify(self) -> ChainState:
        """Follow the whole chain; 5 seconds for a million entries.

        Raises:
            PermissionRefusedError: This role may not verify the records.
            StorageError: The database cannot be read.
        """
        self._authority.authorise(Permission.VERIFY_RECORDS)
        return self._watch.verify()

    def findings(self) -> tuple[Finding, ...]:
        """Return what is wrong with the audit trail, for `linesidectl verify`.

        Raises:
            PermissionRefusedError: This role may not verify the records.
        """
        found: list[Finding] = []
        try:
            if broken := self.verify().broken:
                found.append(Finding(Severity.ERROR, f"audit entry {broken.number}", broken.sentence))
            noted = self._trail.entries(AuditFilter(action=AuditAction.CHAIN_BROKEN))
            found += [Finding(Severity.ERROR, f"audit entry {each.number}", each.new) for each in noted[::-1]]
        except StorageError as error:
            found.append(Finding(Severity.ERROR, "audit trail", error.sentence, error.advice))
        return (*found, *self._aside_findings())

    def _aside_findings(self) -> Iterator[Finding]:
        aside = self._trail.chain.aside
        if entries := aside.entries():
            since = f"{entries[0].at:%Y-%m-%d %H:%M:%S} UTC"
            said = f"{counted(len(entries), 'entry', 'entries')} since {since} are here: the table could not take them."
            yield Finding(Severity.ERROR, aside.name, said)
        if broken := aside.broken():
            yield Finding(Severity.ERROR, f"{aside.name}, entry {broken.number}", broken.sentence)

    def check_at_start(self, settings: Settings | None, alarms: AlarmList) -> None:
        """Look at the chain behind the last verified entry, and note settings that were changed while nothing ran.

        A disk that refuses it is logged: the station starts all the same.

        Args:
            settings: Those of `station.toml`; None if they come from elsewhere.
            alarms: Where a broken chain is raised, now or when an entry cannot be written later.
        """

        def tell(sentence: str) -> None:
            alarms.raise_alarm(AlarmKind.AUDIT_BROKEN, _alarm(sentence))

        self._trail.chain.on_damage = tell
        try:
            broken = self._watch.check_at_start(self._audit).broken
            if broken is not None:
                tell(broken.sentence)
        except StorageError as error:
            _log.warning("the audit trail was not looked at: %s", error)
            tell(error.sentence)
        try:
            if settings is not None:
                note_settings(self._audit, settings)
        except StorageError as error:
            _log.warning("changes of the settings are not in the audit trail: %s", error)

    @contextmanager
    def program(self, name: str) -> Iterator[None]:
        """Write down that a program with this station was started, and that it ended; not if it is killed."""
        self._audit.note(AuditAction.STATION_OPENED, name)
        try:
            yield
        finally:
            self._audit.note(AuditAction.STATION_CLOSED, name)

    def write_csv(
        self, path: Path | None = None, wanted: AuditFilter = EVERYTHING, language: str | None = None
    ) -> Path:
        """Write entries as a table, oldest first, and return the path.

        Args:
            path: The file; if not given, one in the `reports` folder of the workspace.
            wanted: Which entries.
            language: That of the spreadsheet that opens it, such as "de"; if not given, that of the settings.

        Raises:
            PermissionRefusedError: This role may not export the audit trail.
            BadInputError: The file cannot be written, or there is no such language.
        """
        self._authority.authorise(Permission.EXPORT_AUDIT)
        from station.reporting.audit_export import write_audit_csv  # noqa: PLC0415 - needed by few commands
        from station.reporting.languages import table_form  # noqa: PLC0415 - with its neighbour

        form = table_form(self._csv_language if language is None else language)
        path = path or self._free_path(".csv")
        count = write_audit_csv(self._trail.oldest_first(wanted), path, form)
        return self._exported(count, path)

    def write_syslog(self, path: Path | None = None, wanted: AuditFilter = EVERYTHING) -> Path:
        """Write entries as lines of RFC 5424, oldest first, and return the path; see `write_csv`.

        Raises:
            PermissionRefusedError: This role may not export the audit trail.
            BadInputError: The file cannot be written.
        """
        self._authority.authorise(Permission.EXPORT_AUDIT)
        from station.reporting.audit_export import write_audit_syslog  # noqa: PLC0415 - needed by few commands

        path = path or self._free_path(".log")
        return self._exported(write_audit_syslog(self._trail.oldest_first(wanted), path), path)

    def _free_path(self, suffix: str) -> Path:
        return free_name(made_folder(self._workspace.reports), f"audit {utc_now():%Y-%m-%d %H%M%S}", suffix)

    def _exported(self, count: int, path: Path) -> Path:
        self._audit.note(AuditAction.AUDIT_EXPORTED, "audit trail", new=f"{count} entries: {file_in_words(path)}")
        return path


def _alarm(sentence: str) -> Alarm:
    consequence = "What was done before cannot be proved from this station. New entries are kept."
    return Alarm(sentence, "Somebody or the disk changed the audit trail.", consequence, _ADVICE)
