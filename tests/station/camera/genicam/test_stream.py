from types import SimpleNamespace

import pytest

from station.camera.genicam.stream import timestamp_ns

pytestmark = pytest.mark.genicam


@pytest.mark.parametrize(
    ("told", "meant"), [(0, 0), (4711, 4711), (2**63 - 1, 2**63 - 1), (2**63, None), (2**64 - 1, None)]
)
def test_that_a_time_that_the_driver_left_unset_is_no_time(told: int, meant: int | None) -> None:
    assert timestamp_ns(SimpleNamespace(timestamp_ns=told)) == meant


def test_that_a_driver_without_a_clock_gives_no_time() -> None:
    assert timestamp_ns(SimpleNamespace()) is None
