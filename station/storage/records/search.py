"""Parts found again by what a person knows of them."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, and_, or_, select, tuple_

from station.domain.inspection import PartKey
from station.domain.shift import ShiftWindow
from station.storage.records.counted import IN_PRODUCTION, counted
from station.storage.records.tables import PartCodeRow, PartRow

Span = tuple[datetime, datetime]


def numbered(number: int, within: Span) -> ColumnElement[bool]:
    """Return the condition for the parts of production with this number, triggered within a time."""
    return and_(PartRow.number == number, counted(*within))


def numbered_between(first: int, last: int, window: ShiftWindow) -> ColumnElement[bool]:
    """Return the condition for the parts of a window from one number to another, both included."""
    return and_(PartRow.number.between(first, last), inside(window))


def named(text: str) -> ColumnElement[bool]:
    """Return the condition for the parts of production with this serial, lot, order or code, whenever they came."""
    read = select(PartCodeRow.run_id, PartCodeRow.number)
    read = read.where(or_(PartCodeRow.text == text, PartCodeRow.serial == text, PartCodeRow.other == text))
    coded = tuple_(PartRow.run_id, PartRow.number).in_(read)
    return and_(or_(PartRow.serial == text, PartRow.lot == text, PartRow.order == text, coded), IN_PRODUCTION)


def with_keys(keys: Iterable[PartKey]) -> ColumnElement[bool]:
    """Return the condition for these parts, run by run, so that each is found by its key and not among all parts."""
    numbers: dict[int, list[int]] = defaultdict(list)
    for key in keys:
        numbers[key.run_id].append(key.part)
    return or_(*(and_(PartRow.run_id == run, PartRow.number.in_(each)) for run, each in numbers.items()))


def of_lot(lot: str) -> ColumnElement[bool]:
    """Return the condition for the parts of production of this lot, whenever they were triggered."""
    return and_(PartRow.lot == lot, IN_PRODUCTION)


def inside(window: ShiftWindow) -> ColumnElement[bool]:
    """Return the condition for the parts that are counted in a window, of its lot if it has one."""
    all_parts = counted(window.start, window.end)
    return and_(all_parts, PartRow.lot == window.lot) if window.lot else all_parts


def triggered_in(spans: Sequence[Span]) -> ColumnElement[bool]:
    """Return the condition for the parts of production that were triggered in one of these times."""
    inside = (and_(PartRow.triggered_at >= start, PartRow.triggered_at < end) for start, end in spans)
    return and_(or_(*inside), IN_PRODUCTION)
