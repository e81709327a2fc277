"""The registry in which every subject declares its tables, and the version of all of them together."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index, MetaData, Table, text
from sqlalchemy.schema import SchemaItem

from station.storage.engine.column_types import FLOAT_64, INTEGER_64, AnyText, UtcTime
from station.storage.engine.declared import DeclarativeBase
from station.storage.engine.dialects import postgresql, sqlite

SCHEMA_VERSION = "0028"
"""The migration that the tables belong to; four digits, so that versions compare as text.

A change of any table needs a migration and a new version; a test compares the tables with the migrations.
"""


class Tables(DeclarativeBase):
    """The registry of all tables, with names for every constraint so that a migration can find them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {str: AnyText(), int: INTEGER_64, float: FLOAT_64, datetime: UtcTime()}  # noqa: RUF012


def table_arguments(*items: SchemaItem, never_reuse_ids: bool = False) -> tuple[SchemaItem | dict[str, bool], ...]:
    """Return the `__table_args__` of a table: its constraints and indexes, and the options of every table.

    Args:
        items: Constraints and indexes.
        never_reuse_ids: The number of a deleted row is never given to another one.
    """
    return (*items, sqlite.table_options(never_reuse_ids=never_reuse_ids))


def index_of_some(name: str, column: str, where: str) -> Index:
    """Return an index of the rows that meet a condition, in SQL: small if they are few, and free for other rows."""
    options: dict[str, Any] = {f"{engine.NAME}_where": text(where) for engine in (sqlite, postgresql)}
    return Index(name, column, **options)


def table_of(declared: type[Tables]) -> Table:
    """Return the table that a class declares."""
    return Tables.metadata.tables[declared.__tablename__]
