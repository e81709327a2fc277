"""The drift watch beside a real line."""

from waiting import until

from station.domain.permissions import Role


def test_that_a_line_is_calibrated_on_its_parts_that_pass(station) -> None:
    assert station.drift.states() == ()
    station.line.load_recipe("plate")
    station.line.start()
    until(lambda: station.line.counts().passed >= 5)
    until(lambda: station.drift.states()[0].calibrated >= 2)
    station.line.stop()
    assert station.line.wait_stopped(30)
    (state,) = station.drift.states()
    assert (state.recipe, state.view, state.complete) == ("plate@1", "", False)
    station.acting_as(Role.ENGINEER).drift.calibrate_again()
    assert station.drift.states()[0].calibrated == 0
