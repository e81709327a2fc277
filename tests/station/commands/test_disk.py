from station.app import Station
from station.domain.clock import utc_now


def test_that_a_running_line_holds_space_for_its_records_and_says_when_the_disk_is_full(station: Station) -> None:
    reserve = station.workspace.reserve
    station.line.load_recipe("plate")
    station.line.start(count=6)
    assert station.line.wait_stopped(30)
    assert not reserve.exists()
    state = station.disk.state()
    assert state.pictures > state.kept > 0
    assert state.kept_per_day
    assert state.forecast(utc_now().date()).startswith(("full on ", "not full within 10 years"))
    assert 0 < state.free < state.total
