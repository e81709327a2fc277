"""Every test of the window runs in the program's own dress and cleans up after itself."""

import pytest


@pytest.fixture(autouse=True)
def _clean_and_dressed(dressed, nothing_left_behind):
    """Both for all."""
