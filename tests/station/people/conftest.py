"""A plant with two people."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from plant import Plant


@pytest.fixture
def plant(tmp_path: Path) -> Iterator[Plant]:
    made = Plant(tmp_path).settle()
    yield made
    made.database.close()
