"""The shift report on paper: read once by a supervisor, signed, and proven years later by its hash."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from reportlab.lib.units import mm
from reportlab.platypus import Flowable, Spacer

from station import __version__
from station.domain.clock import utc_now
from station.domain.formatting import UNKNOWN, shortened
from station.domain.inspection import Run
from station.domain.lot_order import LotOrder
from station.domain.names import few_of
from station.domain.scanned_code import shown
from station.domain.shift import ShiftRecords
from station.domain.shift_account import NOTHING_DONE, ShiftAccount
from station.domain.shift_summary import ShiftSummary
from station.reporting.account_tables import account_tables
from station.reporting.csv_export import ELSEWHERE, content_sha256
from station.reporting.part_lists import part_lists
from station.reporting.pdf import sections
from station.reporting.pdf.account_sections import account_section, annex
from station.reporting.pdf.content_proof import proven, signature_in_words
from station.reporting.pdf.page_template import MOST_IN_A_HEAD, Paper, pdf_of
from station.reporting.pdf.scripts import Script, advice
from station.reporting.pdf.summary_box import summary_box
from station.reporting.pdf.tables import facts
from station.reporting.pdf.typeface import MUTED, find_fonts, one_report, paragraph, style
from station.reporting.signature.plant_certificate import PlantCertificate
from station.reporting.signature.signing import signed
from station.reporting.wording import offset, remarks, span, title
from station.settings import StationSettings
from station.workspace import write_for_person

_MOST_NAMES = 4
_NAME, _CAMERAS_OF_A_PART = 60, 200
_BETWEEN = " · "


def write_pdf(
    records: ShiftRecords,
    summary: ShiftSummary,
    station: StationSettings,
    pictures_folder: Path,
    path: Path,
    printed_at: datetime | None = None,
    account: ShiftAccount = NOTHING_DONE,
    certificate: PlantCertificate | None = None,
) -> str:
    """Print a shift.

    Letters that our typeface lacks are set in a font of the system, if one has them.

    Args:
        records: What it is counted from.
        summary: The same, counted.
        station: Names for the head.
        pictures_folder: Where the thumbnails lie.
        path: The PDF; there is a whole one, or none.
        printed_at: Now, where not given. Nothing but the foot and the properties depend on it.
        account: What was done in the shift, and by whom.
        certificate: What signs it; None if nothing does.

    Returns:
        What to install if no font of this computer has some letters, in a sentence that is printed too; else "".

    Raises:
        BadInputError: The file cannot be written there.
    """
    with one_report():
        by = signature_in_words(certificate) if certificate else ""
        shift = _Shift(records, summary, station, pictures_folder, account, by, content_sha256(records))
        paper = _paper(shift, printed_at or utc_now())
        content = pdf_of(_story(shift), paper)
        missing, again = find_fonts()
        if again:
            content = pdf_of(_story(shift, missing), paper)
    if certificate:
        content = signed(content, certificate, paper.title, paper.owner)
    write_for_person(path, content, ELSEWHERE)
    return advice(missing) if missing else ""


@dataclass(frozen=True, slots=True)
class _Shift:
    """What is printed.

    Attributes:
        records, summary, station, pictures_folder, account: As for `write_pdf`.
        signed_by: Who signs it, in words; "" if nobody does.
        sha256: The content hash of the records.
    """

    records: ShiftRecords
    summary: ShiftSummary
    station: StationSettings
    pictures_folder: Path
    account: ShiftAccount
    signed_by: str
    sha256: str


def _story(shift: _Shift, missing: tuple[Script, ...] = ()) -> list[Flowable]:
    records, summary = shift.records, shift.summary
    return [
        *_head(shift),
        *([sections.note(advice(missing))] if missing else ()),
        Spacer(0, 4 * mm),
        summary_box(summary),
        *sections.timeline(summary),
        *sections.revisions(summary),
        *sections.lots(summary),
        *sections.places(summary, shift.pictures_folder),
        *sections.causes(summary),
        *sections.disputes(records),
        *(flowable for table in account_tables(records, shift.account) for flowable in account_section(table)),
        *sections.stops(summary),
        sections.signatures(shift.sha256),
        *annex(part_lists(records, summary)),
    ]


def _paper(shift: _Shift, printed_at: datetime) -> Paper:
    summary, station, sha256 = shift.summary, shift.station, shift.sha256
    local = printed_at.astimezone(ZoneInfo(summary.window.time_zone))
    program = f"Lineside {__version__}"
    return Paper(
        title=f"{'Interim shift' if summary.as_of else 'Shift'} report: {title(summary.window)}",
        owner=_joined([station.plant, station.line, station.name]),
        foot=f"Printed {local:%Y-%m-%d %H:%M} ({offset(local)}) by {program}   ·   content {sha256[:16]}",
        subject=f"Content SHA-256 {sha256}",
        program=program,
        printed_at=printed_at,
        keywords=_keywords(shift.records, printed_at),
    )


def _keywords(records: ShiftRecords, printed_at: datetime) -> str:
    """Return the shift for a program: `linesidectl verify` finds its records again, also if the shift went on."""
    window = records.window
    values = {
        "shift": window.name,
        "day": window.day.isoformat(),
        "start": window.start.isoformat(),
        "end": window.end.isoformat(),
        "time_zone": window.time_zone,
        "lot": window.lot,
        "counted_at": printed_at.isoformat(),
        "counted": [len(records.parts), len(records.disputes), len(records.events)],
    }
    return json.dumps(values)


def _head(shift: _Shift) -> list[Flowable]:
    records, summary, station = shift.records, shift.summary, shift.station
    window = summary.window
    named = [
        paragraph("Interim shift report" if summary.as_of else "Shift report", style(9, bold=True, colour=MUTED)),
        paragraph(title(window), style(17, bold=True, tag="H1")),
        paragraph(span(window), style(9.5, colour=MUTED)),
        *(paragraph(remark, style(9.5, bold=True)) for remark in remarks(summary)),
    ]
    return [
        proven(named, shift.sha256, shift.signed_by),
        Spacer(0, 3 * mm),
        facts(
            [
                ("Plant", station.plant or UNKNOWN),
                ("Line", station.line or UNKNOWN),
                ("Station", station.name),
                ("Time zone", window.time_zone),
                (
                    "Recipes",
                    _names(records, lambda run: f"{run.recipe_name}@{run.recipe_revision}", short=_short_recipe),
                ),
                ("Lots", _made(summary, lambda made: made.lot)),
                ("Orders", _made(summary, lambda made: made.order)),
                ("Cameras", _names(records, lambda run: run.camera, _CAMERAS_OF_A_PART)),
                ("People", _names(records, lambda run: run.person)),
                ("Recorded by", _names(records, lambda run: run.program_version and f"Lineside {run.program_version}")),
            ]
        ),
    ]


def _names(
    records: ShiftRecords, of: Callable[[Run], str], most: int = _NAME, short: Callable[[str, int], str] = shortened
) -> str:
    """What the runs of the shift have for a name, each once, in the order they came."""
    found = list(dict.fromkeys(name for name in map(of, records.runs) if name))
    return few_of([short(name, most) for name in found], _MOST_NAMES) if found else UNKNOWN


def _made(summary: ShiftSummary, of: Callable[[LotOrder], str]) -> str:
    """Return the lots, or the orders, each once, in the order they came."""
    found = list(dict.fromkeys(name for lot in summary.lots if (name := of(lot.made))))
    return few_of([shortened(shown(name), _NAME) for name in found], _MOST_NAMES) if found else UNKNOWN


def _short_recipe(name: str, most: int) -> str:
    """Return the name of a recipe with at most this many characters; its revision is always whole."""
    product, _, revision = name.rpartition("@")
    return f"{shortened(product, most - len(revision) - 1)}@{revision}"


def _joined(names: Sequence[str]) -> str:
    """Return the names in one line; the longest are shortened, so that each can still be read."""
    kept = [name for name in names if name]
    room = MOST_IN_A_HEAD - len(_BETWEEN) * (len(kept) - 1)
    most = max(count for count in range(1, _NAME + 1) if sum(min(len(name), count) for name in kept) <= room)
    return _BETWEEN.join(shortened(name, most) for name in kept)
