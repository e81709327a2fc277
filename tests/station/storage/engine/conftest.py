"""Tests of the database itself: each new file runs through every migration, as at a station."""

import pytest

from station.storage.engine import database
from station.storage.engine.upgrading import upgrade


@pytest.fixture(autouse=True)
def every_migration_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "upgrade", upgrade)
