"""Shifts by the calendar, and parts by what a person knows of them."""

from dataclasses import replace
from datetime import date, timedelta

from station.domain.errors import BadInputError
from station.domain.inspection import Inspection
from station.domain.scanned_code import shown
from station.domain.shift import PartRecord, ShiftWindow
from station.reporting.part_query import part_query
from station.reporting.shift_calendar import free_window, is_off_shift, shifts_of
from station.settings import StationSettings
from station.storage.records.inspections import Inspections
from station.storage.records.search import named, numbered, triggered_in

_SHIFTS_LISTED = 60
_PARTS_FOUND = 50
_DAY = timedelta(days=1)
_A_MOMENT = timedelta(milliseconds=1)
_EARLIEST = date(1970, 1, 1)


def calendar(
    inspections: Inspections, settings: StationSettings, present: ShiftWindow, until: date | None
) -> tuple[tuple[ShiftWindow, bool], ...]:
    """Return the last shifts up to a local day; see `RecordCommands.calendar`."""
    day = min(until or present.day, present.day)
    found = [present] if day == present.day else []
    while len(found) < _SHIFTS_LISTED and day > _EARLIEST:
        found += [each for each in reversed(shifts_of(day, settings)) if each.start < present.start]
        day -= _DAY
    counted = ((each, inspections.has_parts(each.start, each.end)) for each in found)
    return tuple((each, has) for each, has in counted if has or each == present or not is_off_shift(each))


def lot_window(
    inspections: Inspections, settings: StationSettings, lot: str, window: ShiftWindow | None
) -> ShiftWindow:
    """Return the window of a lot; see `RecordCommands.lot_window`."""
    if window is not None:
        return replace(window, lot=lot)
    found = inspections.span_of_lot(lot)
    if found is None:
        raise BadInputError(f"No part has the lot '{shown(lot)}'.", "Write the lot as it was scanned or typed.")
    first, last = found
    return replace(free_window(first, last + _A_MOMENT, settings), lot=lot)


def find_parts(inspections: Inspections, text: str, window: ShiftWindow) -> tuple[Inspection, ...]:
    """Return the parts of a shift that a person looks for; see `RecordCommands.find_parts`."""
    query = part_query(text, window)
    found: tuple[PartRecord, ...] = ()
    if query.number is not None:
        found = inspections.parts_where(numbered(query.number, (window.start, window.end)), _PARTS_FOUND)
    if query.spans:
        found = inspections.parts_where(triggered_in(query.spans), _PARTS_FOUND)
    if not found and query.serial:
        found = inspections.parts_where(named(query.serial), _PARTS_FOUND)
    if not found:
        raise BadInputError(
            f"No part {text.strip()} came in this shift, and no part has it as its serial, lot or order.",
            "Choose the shift of the part, or look for its time.",
        )
    return tuple(record.inspection for record in found)
