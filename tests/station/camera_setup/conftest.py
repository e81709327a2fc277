"""A preview of the test file's own camera."""

import pytest
from described_camera import looked_through


@pytest.fixture
def preview(camera):
    """A look through the test file's own camera."""
    with looked_through(camera) as preview:
        yield preview
