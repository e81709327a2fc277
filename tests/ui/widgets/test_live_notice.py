"""The screen never lies about the age of its picture."""

import pytest

from station.domain.messages import LineState
from station.domain.silence import is_silent
from ui.widgets.live_notice import notice, ready


def plain(text: str) -> str:
    return text.replace("\N{NO-BREAK SPACE}", " ")


def test_that_an_overdue_picture_is_not_called_live() -> None:
    said = notice(LineState.INSPECTING, "", age_s=12.4, stale=is_silent(12.4, 0.25))
    assert plain(said.title) == "NO LIVE IMAGE \u2013 12 s"
    assert said.loud


def test_that_a_picture_in_time_is_live() -> None:
    assert notice(LineState.INSPECTING, "", age_s=0.3, stale=is_silent(0.3, 0.25)) is None


def test_that_a_triggered_camera_may_be_silent() -> None:
    assert notice(LineState.WAITING, "", age_s=3600, stale=is_silent(3600, None)) is None


@pytest.mark.parametrize("state", [LineState.STOPPING, LineState.STOPPED, LineState.PAUSED])
def test_that_the_last_picture_of_a_standing_line_is_not_called_live(state: LineState) -> None:
    said = notice(state, "", age_s=3, stale=True)
    assert plain(said.title) == f"{state.value} \u2013 last picture, 3.0 s old"
    assert not said.loud


def test_that_a_line_paused_before_its_first_picture_says_so() -> None:
    said = notice(LineState.PAUSED, "", age_s=None, stale=False)
    assert (said.title, said.loud) == ("PAUSED", False)


def test_that_a_line_that_goes_on_does_not_call_the_picture_from_before_live() -> None:
    assert plain(ready(age_s=25).title) == "READY \u2013 last picture, 25 s old"


def test_that_a_lost_camera_is_said_whatever_the_age() -> None:
    assert notice(LineState.CAMERA_LOST, "cable", age_s=0.1, stale=False).text == "cable"
    assert notice(LineState.CAMERA_LOST, "", age_s=None, stale=False).title == "CAMERA LOST"
