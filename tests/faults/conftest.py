"""What tests of faults share."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from hall import Hall


@pytest.fixture
def hall(tmp_path: Path) -> Iterator[Hall]:
    """The surroundings of a line; fails if one of its threads is left."""
    hall = Hall(tmp_path)
    yield hall
    hall.database.close()
    assert [thread.name for thread in threading.enumerate() if thread.name.startswith("lineside ")] == []
