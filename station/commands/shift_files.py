"""The files that can be had of a shift: report, table, workbook. What is written is counted here from the records."""

from collections.abc import Callable
from pathlib import Path

from station.commands.shift_accounts import ShiftAccounts
from station.domain.clock import utc_now
from station.domain.errors import BadInputError
from station.domain.shift import ShiftRecords, ShiftWindow
from station.domain.shift_file import ShiftFile
from station.reporting.wording import file_name, span, title
from station.settings import ReportSettings, StationSettings
from station.storage.records.inspections import Inspections
from station.workspace import Workspace, free_name, made_folder


class ShiftFiles:
    """Reads the records, and writes nothing but the file. Safe from any thread."""

    def __init__(
        self,
        workspace: Workspace,
        station: StationSettings,
        report: ReportSettings,
        inspections: Inspections,
        accounts: ShiftAccounts,
    ) -> None:
        self._workspace = workspace
        self._station = station
        self._report = report
        self._inspections = inspections
        self._accounts = accounts

    def records(self, window: ShiftWindow) -> ShiftRecords:
        """Return all records of a shift. One that has not begun may have some: the clock was set back meanwhile.

        Raises:
            BadInputError: The shift has not begun, and has no parts.
        """
        now = utc_now()
        records = self._inspections.shift_records(window, now)
        if now < window.start and not records.parts:
            raise BadInputError(
                f"{title(window)} has not begun.", f"It lasts from {span(window)}. Choose one that has begun."
            )
        return records

    def write(self, form: ShiftFile, window: ShiftWindow, remark: Callable[[str], object]) -> Path:
        """Write a shift in one of the forms, in the `reports` folder of the workspace. Return the path.

        Raises:
            StationError: As the method for this form.
        """
        match form:
            case ShiftFile.PDF:
                return self.write_pdf(window, None, remark)
            case ShiftFile.CSV:
                return self.write_csv(window, None)
            case ShiftFile.XLSX:
                return self.write_xlsx(window, None)

    def write_pdf(self, window: ShiftWindow, path: Path | None, remark: Callable[[str], object]) -> Path:
        """Write the shift report, signed if the plant has a certificate. Return its path.

        Raises:
            CertificateError: The plant has a certificate, and it cannot sign: nothing is written.
            BadInputError: The file cannot be written, or the shift has not begun.
        """
        from station.reporting.pdf.shift_report import write_pdf  # noqa: PLC0415 - reportlab is slow to load
        from station.reporting.signature.plant_certificate import find_certificate  # noqa: PLC0415 - as slow
        from station.reporting.statistics import summarise  # noqa: PLC0415 - not at every start

        records = self.records(window)
        path = path or self._new_path(records, ShiftFile.PDF)
        said = write_pdf(
            records, summarise(records), self._station, self._workspace.pictures, path,
            account=self._accounts.of(window),
            certificate=find_certificate(self._report, self._workspace.root, utc_now()),
        )  # fmt: skip
        if said:
            remark(said)
        return path

    def write_csv(self, window: ShiftWindow, path: Path | None, language: str | None = None) -> Path:
        """Write every part as one line; see `RecordCommands.write_csv`.

        Raises:
            BadInputError: The file cannot be written, there is no such language, or the shift has not begun.
        """
        from station.reporting.csv_export import write_csv  # noqa: PLC0415 - with its neighbours
        from station.reporting.languages import table_form  # noqa: PLC0415

        form, records = table_form(self._report.csv if language is None else language), self.records(window)
        path = path or self._new_path(records, ShiftFile.CSV)
        write_csv(records, path, form)
        return path

    def write_xlsx(self, window: ShiftWindow, path: Path | None) -> Path:
        """Write a shift as a workbook. Return the path.

        Raises:
            BadInputError: The file cannot be written, or the shift has not begun.
        """
        from station.reporting.statistics import summarise  # noqa: PLC0415 - not at every start
        from station.reporting.xlsx_export import write_xlsx  # noqa: PLC0415 - with its neighbours

        records = self.records(window)
        path = path or self._new_path(records, ShiftFile.XLSX)
        write_xlsx(records, summarise(records), self._station, path, self._accounts.of(window))
        return path

    def _new_path(self, records: ShiftRecords, form: ShiftFile) -> Path:
        folder = made_folder(self._workspace.reports)
        return free_name(folder, file_name(records.window, records.as_of), f".{form}")
