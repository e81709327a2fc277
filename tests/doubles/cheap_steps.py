"""What a station does seldom and at length, done quickly: the tables of a new file, and the hashes of PINs."""

import sqlite3
from contextlib import closing
from functools import cache

from sqlalchemy import Connection, create_engine, inspect

from station.storage.engine.schema import SCHEMA_VERSION
from station.storage.engine.upgrading import upgrade

CHEAP = (1, 8)
"""Time cost and KiB of a hash; a station takes a tenth of a second and 64 MiB for one."""


def upgrade_quickly(connection: Connection, version: str) -> None:
    """Do what `upgrade` does: the migrations take 200 milliseconds of computing, their result takes eight.

    The migrations run once in a test run, and later files receive what they made. Only a new file of the present
    version is made so; an older one, and one on a server, is migrated.
    """
    if version != SCHEMA_VERSION or connection.dialect.name != "sqlite" or inspect(connection).get_table_names():
        upgrade(connection, version)
        return
    driver = connection.connection.driver_connection
    assert isinstance(driver, sqlite3.Connection)
    for statement in _statements():
        driver.execute(statement)


@cache
def _statements() -> tuple[str, ...]:
    """Return what makes the tables in the order of the migrations, then what the migrations wrote into them."""
    with closing(sqlite3.connect(":memory:", check_same_thread=False)) as migrated:
        engine = create_engine("sqlite://", creator=lambda: migrated)
        with engine.begin() as connection:
            upgrade(connection, SCHEMA_VERSION)
        made = migrated.execute("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%'")
        rows = [line for line in migrated.iterdump() if line.startswith("INSERT")]
        return (*(sql for (sql,) in made), *rows)
