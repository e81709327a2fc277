"""A station on its own file, and its schema at the plant."""

from collections.abc import Callable

import pytest
from plant_rows import rows_in

from station.storage.engine.database import Database
from station.storage.plant.journal import Journal
from station.storage.plant.receiving import Plant


@pytest.fixture
def engine() -> str:
    """The journal of a station is its own file."""
    return "sqlite"


@pytest.fixture
def journal(database: Database) -> Journal:
    journal = Journal(database)
    journal.begin()
    return journal


@pytest.fixture
def plant(on_server: Database) -> Plant:
    return Plant(on_server, "Station 1")


@pytest.fixture
def equal(database: Database, on_server: Database) -> Callable[[], bool]:
    """Whether both sides have the same rows, and each once."""
    return lambda: rows_in(database) == rows_in(on_server)
