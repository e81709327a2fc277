"""A whole station on a real wire: whatever happens to the camera, every trigger ends in one recorded verdict."""

from collections.abc import Callable, Iterator

import pytest
from tlsimu import absent
from triggered_shift import incomplete, inspected, lost, returned, shift
from wire_camera import Wire, wire

from station.app import Station

pytestmark = [pytest.mark.genicam, pytest.mark.slow]

TIMES = 5
SEEN_WITHIN_S, BACK_WITHIN_S = 1.0, 2.0
BUSY_S = 4.0


def assert_within(times: list[float], bound_s: float) -> None:
    """The best time shows what the station needs; a busy machine may delay the others, within a limit."""
    assert min(times) < bound_s
    assert max(times) < bound_s + BUSY_S


@pytest.fixture
def line() -> Iterator[Wire]:
    it = wire()
    it.switch_on()
    yield it
    it.switch_off()


def pull(line: Wire) -> None:
    if not line.has_cable:
        absent("only root can create a cable that can be pulled")
    line.pull_cable()


@pytest.mark.parametrize(
    ("lose", "give_back"),
    [(Wire.switch_off, Wire.switch_on), (pull, Wire.plug_cable)],
    ids=["switched off and on", "cable pulled and plugged"],
)
def test_that_a_camera_lost_and_found_five_times_costs_counted_parts_and_no_restart(
    station: Station, line: Wire, lose: Callable[[Wire], None], give_back: Callable[[Wire], None]
) -> None:
    with shift(station, line.settings(trigger="software"), f"genicam:{line.serial}") as one:
        seen, back = [], []
        for _ in range(TIMES):
            seen.append(one.after(lambda: lose(line), lost))
            back.append(one.after(lambda: give_back(line), returned, inspected))
        assert_within(seen, SEEN_WITHIN_S)
        assert_within(back, BACK_WITHIN_S)


def test_that_lost_packets_cost_only_their_own_parts(station: Station, line: Wire) -> None:
    line.switch_on("-r", "5")
    with shift(station, line.settings(trigger="software"), f"genicam:{line.serial}") as one:
        one.after(lambda: None, incomplete, inspected)
