"""What all tests share."""

import os
from pathlib import Path

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("HF_HUB_OFFLINE", "1")

_DATA = Path(__file__).parents[2] / "shared" / "data"


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The real pictures beside the checkout."""
    folder = Path(os.environ.get("LINESIDE_DATA", _DATA))
    if not folder.is_dir():
        pytest.skip(f"the real pictures are not at {folder}; set LINESIDE_DATA to their folder")
    return folder
