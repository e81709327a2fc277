"""A preview of the test file's own camera."""

import pytest
from described_camera import previewed


@pytest.fixture
def preview(camera):
    """A preview of the test file's own camera."""
    with previewed(camera) as preview:
        yield preview
