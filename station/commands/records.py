"""Commands for the records: parts, shifts, reports, verification."""

from collections.abc import Callable
from datetime import date, datetime
from functools import partial
from pathlib import Path

from station.commands.shift_accounts import ShiftAccounts
from station.commands.shift_files import ShiftFiles
from station.commands.stored_parts import StoredParts
from station.domain.audit import AuditAction
from station.domain.clock import utc_now
from station.domain.errors import BadInputError
from station.domain.frame import Image
from station.domain.inspection import Inspection, PartKey
from station.domain.part_images import PartResult
from station.domain.permissions import Authority, Permission
from station.domain.shift import ShiftRecords, ShiftWindow
from station.domain.shift_account import ShiftAccount
from station.domain.shift_file import ShiftFile
from station.domain.shift_summary import ShiftSummary
from station.inference.model_package import find_package
from station.people.audit_trail import AuditTrail
from station.people.audit_words import file_in_words
from station.pipeline.recent_parts import RecentParts
from station.reporting.shift_calendar import find_shift, free_window, shift_of
from station.reporting.wording import title
from station.settings import Settings
from station.storage.challenges.checks import Checks
from station.storage.challenges.suspects import Suspects
from station.storage.engine.database import Database
from station.storage.recipes.recipes import Recipes
from station.storage.records.inspections import Inspections
from station.storage.records.integrity import Finding, verify_records
from station.workspace import Workspace, write_for_person

_SHIFTS_LISTED = 60


class RecordCommands:
    """Reading is open to everybody; exports ask the authority first. Safe from any thread."""

    def __init__(
        self,
        authority: Authority,
        workspace: Workspace,
        settings: Settings,
        database: Database,
        inspections: Inspections,
        recipes: Recipes,
        recent: RecentParts,
        audit: AuditTrail,
    ) -> None:
        self._audit = audit
        self._authority = authority
        self._workspace = workspace
        self._settings = settings.station
        self._report_settings = settings.report
        self._database = database
        self._inspections = inspections
        self._recent = recent
        self._kept = StoredParts(inspections, recipes)
        self._accounts = ShiftAccounts(audit, Checks(database), Suspects(database))
        self._files = ShiftFiles(workspace, settings.station, settings.report, inspections, self._accounts)

    def recent(self, n: int = 300) -> tuple[Inspection, ...]:
        """Return the last `n` parts of the present shift, newest first."""
        since = self.shift_of(utc_now()).start
        return tuple(record.inspection for record in self._inspections.recent_parts(n, since))

    def part(self, key: PartKey) -> PartResult:
        """Return a part exactly as it was: at once if it is recent, else from the disk.

        A recent part of which memory has only a smaller picture comes from the disk too, if it was kept there whole.

        Raises:
            BadInputError: There is no such part.
            StorageError: Its pictures are missing or changed.
        """
        recent = self._recent.part(key)
        if recent is None:
            return self._kept.of(self._inspections.find_part(key))
        return self._kept.larger_than(recent) or recent

    def thumbnail(self, key: PartKey) -> Image | None:
        """Return the small picture of the view that decided, else of the first view that has one; None if none has.

        The shape is (h, w, 3) or (h, w), uint8.

        Raises:
            BadInputError: There is no such part.
        """
        if self._recent.part(key):
            return self._recent.thumbnail(key)
        return self._kept.thumbnail(self._inspections.find_part(key))

    def shift_of(self, moment: datetime) -> ShiftWindow:
        """Return the shift of a moment, which must have its offset from UTC."""
        return shift_of(moment, self._settings)

    def find_shift(self, text: str) -> ShiftWindow:
        """Return the shift that people call "2026-11-22/Early".

        Raises:
            BadInputError: There is no shift of that name.
        """
        return find_shift(text, self._settings)

    def free_window(self, start: datetime, end: datetime) -> ShiftWindow:
        """Return a window between any two times.

        Raises:
            BadInputError: A time has no offset, or the end is not after the start.
        """
        return free_window(start, end, self._settings)

    def lot_window(self, lot: str, window: ShiftWindow | None = None) -> ShiftWindow:
        """Return the window of a lot: from its first to its last part, or its parts in another window.

        Raises:
            BadInputError: No part has this lot.
        """
        from station.commands.shift_search import lot_window  # noqa: PLC0415 - not at every start

        return lot_window(self._inspections, self._settings, lot, window)

    def shifts(self) -> tuple[ShiftWindow, ...]:
        """Return the last shifts that have parts, newest first. The present one is always the first."""
        windows = [self.shift_of(utc_now())]
        while len(windows) < _SHIFTS_LISTED:
            latest = self._inspections.latest_before(windows[-1].start)
            if latest is None:
                break
            windows.append(self.shift_of(latest))
        return tuple(windows)

    def calendar(self, until: date | None = None) -> tuple[tuple[ShiftWindow, bool], ...]:
        """Return the last shifts up to a local day, newest first, each with whether it has parts.

        Shifts that have not begun are left out, and so is the time between two shifts if it has no parts.

        Args:
            until: The last day; today if not given.
        """
        from station.commands.shift_search import calendar  # noqa: PLC0415 - not at every start

        return calendar(self._inspections, self._settings, self.shift_of(utc_now()), until)

    def find_parts(self, text: str, window: ShiftWindow) -> tuple[Inspection, ...]:
        """Return the parts that a person looks for, newest first; at most 50.

        Args:
            text: A number in the shift ("13", "0013"), a local time in it ("09:41", "09:41:07"), or a serial, lot or
                order of any shift. A number that the shift does not have may be one of these.
            window: The shift.

        Raises:
            BadInputError: There is no such part.
        """
        from station.commands.shift_search import find_parts  # noqa: PLC0415 - not at every start

        return find_parts(self._inspections, text, window)

    def copy_report(self, path: Path, target: Path) -> Path:
        """Copy a saved report to another place, such as a USB stick. Return the new path.

        Raises:
            PermissionRefusedError: This role may not export a report.
            BadInputError: It cannot be read, or not be written there.
        """
        self._authority.authorise(Permission.EXPORT_REPORT)
        try:
            content = path.read_bytes()
        except OSError as error:
            raise BadInputError(
                f"{path} cannot be read: {error.strerror or error}.", "Save the report again."
            ) from error
        write_for_person(target, content, "Choose another folder or file name.")
        self._audit.note(AuditAction.REPORT_EXPORTED, path.name, new=file_in_words(target))
        return target

    def shift(self, window: ShiftWindow) -> tuple[ShiftRecords, ShiftSummary]:
        """Return all records of a shift, and what was counted from them.

        Raises:
            BadInputError: The shift has not begun.
        """
        from station.reporting.statistics import summarise  # noqa: PLC0415 - not at every start

        records = self._files.records(window)
        return records, summarise(records)

    def write_pdf(
        self, window: ShiftWindow, path: Path | None = None, remark: Callable[[str], object] = lambda _: None
    ) -> Path:
        """Write the shift report, signed if the plant has a certificate. Return its path.

        Args:
            window: The shift.
            path: The file; if not given, one in the `reports` folder of the workspace.
            remark: Called with a sentence if some letters are printed as codes, because a font is missing.

        Raises:
            PermissionRefusedError: This role may not export a report.
            CertificateError: The plant has a certificate, and it cannot sign: nothing is written.
            BadInputError: The file cannot be written.
        """
        self._authority.authorise(Permission.EXPORT_REPORT)
        return self._exported(window, self._files.write_pdf(window, path, remark))

    def write_csv(self, window: ShiftWindow, path: Path | None = None, language: str | None = None) -> Path:
        """Write every part of a shift as one line. Return the path. The same shift gives the same bytes.

        Args:
            window: The shift.
            path: The file; if not given, one in the `reports` folder of the workspace.
            language: That of the spreadsheet that opens it, such as "de"; if not given, that of the settings.

        Raises:
            PermissionRefusedError: This role may not export a report.
            BadInputError: The file cannot be written, or there is no such language.
        """
        self._authority.authorise(Permission.EXPORT_REPORT)
        return self._exported(window, self._files.write_csv(window, path, language))

    def write_xlsx(self, window: ShiftWindow, path: Path | None = None) -> Path:
        """Write a shift as a workbook: its figures, every part as one row, its stops. Return the path.

        Raises:
            PermissionRefusedError: This role may not export a report.
            BadInputError: The file cannot be written.
        """
        self._authority.authorise(Permission.EXPORT_REPORT)
        return self._exported(window, self._files.write_xlsx(window, path))

    def write_beside(
        self,
        form: ShiftFile,
        window: ShiftWindow,
        remark: Callable[[str], object] = lambda _: None,
        stop: Callable[[], bool] = lambda: False,
    ) -> Path:
        """Write a shift as one of its files in the `reports` folder, and let neither window nor line feel it.

        A process of its own at low priority writes it. Return the path.

        Args:
            form: Which file.
            window: The shift.
            remark: As for `write_pdf`.
            stop: Asked five times a second whether to give up.

        Raises:
            PermissionRefusedError: This role may not export a report.
            GivenUpError: It was given up; there is a whole file, or none.
            StationError: As `write_pdf`, `write_csv` and `write_xlsx`.
            FaultError: The process cannot be started, or ended by itself.
        """
        self._authority.authorise(Permission.EXPORT_REPORT)
        from station.commands import shift_file_beside as beside  # noqa: PLC0415 - not at every start

        person = self._authority.signature  # another one may be logged in when it is written
        kept, reports = self._workspace.kept_reports, self._workspace.reports
        order = beside.ShiftFileOrder(self._workspace.root, kept, form, window, self._settings, self._report_settings)
        path = beside.write_shift_file_beside(order, self._workspace.logs / "report.log", reports, remark, stop)
        return self._exported(window, path, person)

    def verify(self) -> tuple[Finding, ...]:
        """Return what is no longer as it was recorded; empty if all is well.

        Raises:
            PermissionRefusedError: This role may not verify the records.
        """
        from station.storage.records.release_proof import (  # noqa: PLC0415 - not at every start
            SAID_OF_RELEASES,
            release_findings,
        )

        self._authority.authorise(Permission.VERIFY_RECORDS)
        find_model = partial(find_package, self._workspace.models)
        found = verify_records(self._database, self._inspections.pictures, find_model)
        return (*found, *release_findings(self._database, partial(self._audit.of_actions, SAID_OF_RELEASES)))

    def verify_report(self, path: Path, trusted: Path | None = None) -> tuple[Finding, ...]:
        """Return what is wrong with a shift report on paper, and what is known of it: who signed it, and its content.

        Args:
            path: The PDF.
            trusted: Certificates that are believed; if not given, those of the settings, else the plant's own.

        Raises:
            PermissionRefusedError: This role may not verify the records.
            BadInputError: A file cannot be read, or it is not known which certificates are believed.
        """
        self._authority.authorise(Permission.VERIFY_RECORDS)
        from station.commands import report_proof as proof  # noqa: PLC0415 - slow to load

        certificates = proof.trusted_certificates(self._report_settings, self._workspace.root, trusted)
        return proof.verify_report(path, certificates, proof.RecordsHere(self._inspections, self._audit))

    def account(self, window: ShiftWindow) -> ShiftAccount:
        """Return what was done in a shift, and by whom."""
        return self._accounts.of(window)

    def _exported(self, window: ShiftWindow, path: Path, person: str = "") -> Path:
        self._audit.note(AuditAction.REPORT_EXPORTED, title(window), new=file_in_words(path), person=person)
        return path
