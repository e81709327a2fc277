"""The pictures of parts, with those that people look at and that were given up: a record never forgets them."""

from typing import Any

from sqlalchemy import ColumnElement, CompoundSelect, Select, Text, and_, null, select, union_all

from station.storage.pictures.encoding import Role
from station.storage.records.tables import GivenUpPictureRow, PartRow, PictureRow

_LOOKED_AT = (Role.ORIGINAL.value, Role.THUMBNAIL.value)
_COLUMNS = ("run_id", "number", "view", "role", "path", "sha256", "size")


def pictures_and_given_up(condition: ColumnElement[bool]) -> CompoundSelect[Any]:
    """Select the pictures of the parts that meet a condition; `why` is NULL for those that are there."""
    there = _of(PictureRow, condition).add_columns(null().cast(Text).label("why"))
    gone = _of(GivenUpPictureRow, condition).add_columns(GivenUpPictureRow.why)
    return union_all(there, gone.where(GivenUpPictureRow.role.in_(_LOOKED_AT)))


def _of(table: type[PictureRow | GivenUpPictureRow], condition: ColumnElement[bool]) -> Select[Any]:
    same_part = and_(table.run_id == PartRow.run_id, table.number == PartRow.number)
    return select(*(getattr(table, name) for name in _COLUMNS)).join(PartRow, same_part).where(condition)
