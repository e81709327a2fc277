"""Is a shift report what this plant signed, and does it say what the records say? The answer for `verify`."""

import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from io import BytesIO
from pathlib import Path

from station.domain.clock import utc_now
from station.domain.disk import reason_of
from station.domain.errors import BadInputError
from station.domain.shift import PartRecord, ShiftRecords, ShiftWindow
from station.domain.verdict import Verdict
from station.reporting.csv_export import content_sha256
from station.reporting.signature.checking import (
    SignatureCheck,
    UnreadableReportError,
    certificates_in,
    check_signatures,
)
from station.reporting.signature.plant_certificate import find_certificate
from station.settings import ReportSettings
from station.storage.records.integrity import Finding, Severity

RecordsOf = Callable[[ShiftWindow], ShiftRecords]
_SHA256 = re.compile(r"\b[0-9a-f]{64}\b")
_SECOND = timedelta(seconds=1)  # a signature has no fractions of one
_PRINTED_WITHIN = timedelta(minutes=10)
"""From reading the records to the signature; a word of somebody may have waited for the disk."""
_NAME_IT = "Name a shift report that this program wrote as PDF."


@dataclass(frozen=True, slots=True)
class _Said:
    """What a report says of itself.

    Attributes:
        sha256: Its content hash; "" if it names none.
        window: Its shift; None if it names none.
        counted: From how many parts, words of people and events it was counted; None in a report of an early version.
    """

    sha256: str
    window: ShiftWindow | None
    counted: tuple[int, int, int] | None


def verify_report(path: Path, trusted: Sequence[bytes], records_of: RecordsOf | None) -> tuple[Finding, ...]:
    """Return what is wrong with a report, and what is known of it.

    Args:
        path: The PDF.
        trusted: Certificates that are believed, DER.
        records_of: Reads the records of a shift; None if there are none here to compare with.

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
        return (Finding(Severity.ERROR, where, unsigned), *_content(said, records_of, None, where))
    signatures = [finding for check in checks for finding in _signature(check, where)]
    return (*signatures, *_content(said, records_of, checks[0].signed_at, where))


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


def _counted_in(keywords: str) -> tuple[int, int, int] | None:
    try:
        parts, disputes, events = map(int, json.loads(keywords)["counted"])
        return parts, disputes, events
    except (ValueError, KeyError, TypeError):
        return None


def _content(said: _Said, records_of: RecordsOf | None, signed_at: datetime | None, where: str) -> Iterator[Finding]:
    sha256, window = said.sha256, said.window
    if not sha256 or window is None:
        yield Finding(Severity.ERROR, where, "It names no shift and no content hash.", _NAME_IT)
        return
    if records_of is None:
        yield Finding(Severity.INFORMATION, where, "There are no records here to compare its content hash with.")
        return
    records = records_of(window)
    if sha256 in (content_sha256(known) for known in _known_then(records, said.counted, signed_at)):
        yield Finding(Severity.INFORMATION, where, f"Its content hash {sha256} is that of the records.")
    elif not records.parts:
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


def _known_then(
    records: ShiftRecords, counted: tuple[int, int, int] | None, signed_at: datetime | None
) -> Iterator[ShiftRecords]:
    """Yield the records as they are, and as they were when the report was printed."""
    yield records
    if signed_at is not None:
        yield _known_at(records, signed_at + _SECOND)
        if counted is not None:
            yield _counted_then(records, counted, signed_at - _PRINTED_WITHIN)


def _counted_then(records: ShiftRecords, counted: tuple[int, int, int], since: datetime) -> ShiftRecords:
    """Return the records without what was recorded while the report was printed, and later.

    Parts, words and events are in the order in which they were recorded, so what came later is behind what was counted.
    Whatever is older than `since` is not taken for such.
    """
    parts, disputes, events = counted
    known = tuple(said for n, said in enumerate(records.disputes) if n < disputes or said.made_at <= since)
    spoken_of = {said.key for said in records.disputes} - {said.key for said in known}
    there = [part for n, part in enumerate(records.parts) if n < parts or part.inspection.triggered_at <= since]
    return replace(
        records,
        parts=tuple(_unkept(part) if part.inspection.key in spoken_of else part for part in there),
        disputes=known,
        events=tuple(event for n, event in enumerate(records.events) if n < events or event.at <= since),
    )


def _unkept(part: PartRecord) -> PartRecord:
    if part.inspection.verdict is not Verdict.PASS:
        return part
    return replace(part, views=tuple(replace(view, original=None) for view in part.views))


def _known_at(records: ShiftRecords, moment: datetime) -> ShiftRecords:
    """Return the records without what came later: the parts of a shift that went on, the words of people.

    The picture of a part that passed is kept when somebody speaks of it, so before that it had none.
    """
    spoken_of = {said.key for said in records.disputes if said.made_at > moment}
    spoken_of -= {said.key for said in records.disputes if said.made_at <= moment}
    parts = (part for part in records.parts if part.inspection.triggered_at <= moment)
    return replace(
        records,
        parts=tuple(_unkept(part) if part.inspection.key in spoken_of else part for part in parts),
        disputes=tuple(said for said in records.disputes if said.made_at <= moment),
        events=tuple(event for event in records.events if event.at <= moment),
    )
