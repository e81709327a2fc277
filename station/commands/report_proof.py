"""Is a shift report what this plant signed, and does it say what the records say? The answer for `verify`."""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from pathlib import Path

from station.domain.audit import AuditAction
from station.domain.clock import utc_now
from station.domain.disk import reason_of
from station.domain.errors import BadInputError
from station.domain.shift import PartRecord, ShiftRecords, ShiftWindow
from station.domain.verdict import Verdict
from station.people.audit_trail import AuditTrail
from station.reporting.csv_export import content_sha256
from station.reporting.signature.checking import (
    SignatureCheck,
    UnreadableReportError,
    certificates_in,
    check_signatures,
)
from station.reporting.signature.plant_certificate import find_certificate
from station.reporting.wording import title
from station.settings import ReportSettings
from station.storage.records.inspections import Inspections
from station.storage.records.integrity import Finding, Severity

_SHA256 = re.compile(r"\b[0-9a-f]{64}\b")
_LATE = timedelta(minutes=10)
"""What is older than the report by more than this was recorded before it: also a word that waited for the disk."""
_NAME_IT = "Name a shift report that this program wrote as PDF."


@dataclass(frozen=True, slots=True)
class Counted:
    """From what a report was counted.

    Attributes:
        at: When that was, UTC.
        parts, disputes, events: How many of each were recorded then, in the window of the report.
    """

    at: datetime
    parts: int
    disputes: int
    events: int


@dataclass(frozen=True, slots=True)
class _Said:
    """What a report says of itself.

    Attributes:
        sha256: Its content hash; "" if it names none.
        window: Its shift; None if it names none.
        counted: From what it was counted; None if it does not say that.
    """

    sha256: str
    window: ShiftWindow | None
    counted: Counted | None


@dataclass(frozen=True, slots=True)
class RecordsHere:
    """The records of this station, with which a report is compared."""

    inspections: Inspections
    audit: AuditTrail

    def of(self, window: ShiftWindow) -> ShiftRecords:
        """Return the records of a shift."""
        return self.inspections.shift_records(window, utc_now())

    def was_printed(self, window: ShiftWindow) -> bool:
        """Return whether the report of a shift was printed at this station, which the audit trail knows."""
        entries = self.audit.of_actions((AuditAction.REPORT_EXPORTED,)) or ()
        return any(entry.subject == title(window) for entry in entries)


def verify_report(path: Path, trusted: Sequence[bytes], records_here: RecordsHere | None) -> tuple[Finding, ...]:
    """Return what is wrong with a report, and what is known of it.

    Args:
        path: The PDF.
        trusted: Certificates that are believed, DER.
        records_here: What it is compared with; None if there are no records here.

    Raises:
        BadInputError: It cannot be read.
    """
    content = read(path, _NAME_IT)
    where = path.name
    try:
        checks = check_signatures(content, trusted)
        said = _said(content)
    except UnreadableReportError as error:
        return (Finding(Severity.ERROR, where, error.sentence, error.advice),)
    if not checks:
        unsigned = "It is not signed, so nothing shows whether it was changed."
        return (Finding(Severity.ERROR, where, unsigned), *_content(said, records_here, where))
    signatures = [finding for check in checks for finding in _signature(check, where)]
    return (*signatures, *_content(said, records_here, where))


def trusted_certificates(settings: ReportSettings, folder: Path, named: Path | None = None) -> tuple[bytes, ...]:
    """Return the certificates that are believed, DER: those of a file, else of the settings, else the plant's own.

    Args:
        settings: Of this station.
        folder: The workspace.
        named: A file that goes before the settings.

    Raises:
        BadInputError: None are named, or they cannot be read.
    """
    path = named or (folder / settings.trusted if settings.trusted else None)
    if path:
        return certificates_in(read(path, "Check '--trust' and 'report.trusted'."), str(path))
    own = find_certificate(settings, folder, utc_now())
    if own is None:
        raise BadInputError(
            "It is not known whose signature is to be believed.",
            "Name the certificate of the plant, or of its issuer: --trust FILE, or 'report.trusted' in the settings.",
        )
    return own.chain


def read(path: Path, remedy: str) -> bytes:
    """Return a file.

    Raises:
        BadInputError: It cannot be read.
    """
    try:
        return path.read_bytes()
    except OSError as error:
        raise BadInputError(f"{path} cannot be read: {reason_of(error)}.", remedy) from error


def _signature(check: SignatureCheck, where: str) -> Iterator[Finding]:
    at = f", {check.signed_at:%Y-%m-%d %H:%M} UTC" if check.signed_at else ""
    yield Finding(Severity.INFORMATION, where, f"Signed by {check.signer} (issued by {check.issuer}){at}.")
    for problem in check.problems:
        yield Finding(Severity.ERROR, where, problem)


def _said(content: bytes) -> _Said:
    """Return what a report says of itself.

    Raises:
        UnreadableReportError: It is damaged.
    """
    import pikepdf  # noqa: PLC0415 - slow to load

    try:
        with pikepdf.open(BytesIO(content)) as pdf:
            found = _SHA256.search(str(pdf.docinfo.get("/Subject", "")))
            keywords = str(pdf.docinfo.get("/Keywords", ""))
            return _Said(found[0] if found else "", window_of(keywords), _counted_in(keywords))
    except pikepdf.PdfError as error:
        raise UnreadableReportError(f"The file is damaged ({error}).") from error


def window_of(keywords: str) -> ShiftWindow | None:
    """Return the window that a report names in its document properties; None if it names none."""
    try:
        values = json.loads(keywords)
        start, end = datetime.fromisoformat(values["start"]), datetime.fromisoformat(values["end"])
        day = date.fromisoformat(values["day"])
        return ShiftWindow(values["shift"], day, start, end, values["time_zone"], values["lot"])
    except (ValueError, KeyError, TypeError):
        return None


def _counted_in(keywords: str) -> Counted | None:
    try:
        said = json.loads(keywords)
        parts, disputes, events = map(int, said["counted"])
        return Counted(datetime.fromisoformat(said["counted_at"]).astimezone(UTC), parts, disputes, events)
    except (ValueError, KeyError, TypeError, OverflowError):
        return None


def _content(said: _Said, here: RecordsHere | None, where: str) -> Iterator[Finding]:
    sha256, window = said.sha256, said.window
    if not sha256 or window is None:
        yield Finding(Severity.ERROR, where, "It names no shift and no content hash.", _NAME_IT)
        return
    if here is None:
        yield Finding(Severity.INFORMATION, where, "There are no records here to compare its content hash with.")
        return
    records, folder = here.of(window), here.inspections.pictures.folder
    known = (records, _counted_then(records, said.counted, folder)) if said.counted else (records,)
    if sha256 in map(content_sha256, known):
        yield Finding(Severity.INFORMATION, where, f"Its content hash {sha256} is that of the records.")
    elif not records.parts and not here.was_printed(window):
        yield Finding(
            Severity.INFORMATION, where, "This station has no records of that shift to compare its content hash with."
        )
    else:
        yield Finding(
            Severity.ERROR,
            where,
            f"Its content hash {sha256[:16]} is not that of the records here, {content_sha256(records)[:16]}.",
            "The records were changed or went on since then, or the report is one of another station.",
        )


def _counted_then(records: ShiftRecords, counted: Counted, pictures: Path) -> ShiftRecords:
    """Return the records without what was recorded while the report was printed, and later.

    Parts, words and events are in the order in which they were recorded, so what came later is behind what was counted.
    What is much older than the report is not taken for such. The picture of a part that passed is kept when somebody
    wants it, also later; its file is as young as that.
    """
    at, since = counted.at, counted.at - _LATE
    parts = (p for n, p in enumerate(records.parts) if n < counted.parts or p.inspection.triggered_at <= since)
    return replace(
        records,
        parts=tuple(_with_pictures_of_then(part, at, pictures) for part in parts),
        disputes=tuple(d for n, d in enumerate(records.disputes) if n < counted.disputes or d.made_at <= since),
        events=tuple(event for n, event in enumerate(records.events) if n < counted.events or event.at <= since),
    )


def _with_pictures_of_then(part: PartRecord, at: datetime, pictures: Path) -> PartRecord:
    if part.inspection.verdict is not Verdict.PASS:
        return part
    views = (
        replace(view, original=None) if view.original and _is_younger(pictures / view.original.path, at) else view
        for view in part.views
    )
    return replace(part, views=tuple(views))


def _is_younger(file: Path, at: datetime) -> bool:
    try:
        return file.stat().st_mtime > at.timestamp()
    except OSError:
        return False
