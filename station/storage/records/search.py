"""Parts found again by what a person knows of them."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, and_, or_

from station.storage.records.counted import IN_PRODUCTION, counted
from station.storage.records.tables import PartRow

Span = tuple[datetime, datetime]


def numbered(number: int, within: Span) -> ColumnElement[bool]:
    """Return the condition for the parts of production with this number, triggered within a time."""
    return and_(PartRow.number == number, counted(*within))


def with_serial(serial: str) -> ColumnElement[bool]:
    """Return the condition for the parts of production with this serial, whenever they were triggered."""
    return and_(PartRow.serial == serial, IN_PRODUCTION)


def triggered_in(spans: Sequence[Span]) -> ColumnElement[bool]:
    """Return the condition for the parts of production that were triggered in one of these times."""
    inside = (and_(PartRow.triggered_at >= start, PartRow.triggered_at < end) for start, end in spans)
    return and_(or_(*inside), IN_PRODUCTION)
