"""What may be called live, camera by camera."""

import time
from dataclasses import replace

import pytest

from station.domain.messages import LineState
from station.domain.verdict import Verdict
from ui.background.rendered_part import render_part
from ui.pages.line.live_image_monitor import LiveImageMonitor
from ui.pages.line.wording import state_words

PASSED = (Verdict.PASS, Verdict.PASS, Verdict.PASS)
LOST = (Verdict.PASS, Verdict.NOT_INSPECTED, Verdict.PASS)
VIEWS = ("top", "side", "left")


class Clock:
    """A clock that moves only when the test moves it."""

    def __init__(self) -> None:
        self.now_s = time.monotonic()

    def __call__(self) -> float:
        return self.now_s

    def advance(self, by_s: float) -> None:
        self.now_s += by_s


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def part(clock, make_inspection, make_live):
    """A part whose pictures come now."""

    def part(number: int, verdicts, missing=()):
        shown = render_part(make_live(make_inspection(number, *verdicts), missing=missing))
        now_ns = round(clock() * 1e9)
        return replace(shown, views=tuple(replace(each, received_ns=now_ns) for each in shown.views))

    return part


@pytest.fixture
def monitor(clock, part):
    """A line that inspects, with one part of three views."""
    made = LiveImageMonitor(clock)
    made.enter_state(LineState.STARTING, "")
    made.enter_state(LineState.INSPECTING, "")
    made.add_part(part(1, PASSED))
    return made


def titles(monitor: LiveImageMonitor) -> list[str]:
    said = [monitor.notice(view) for view in VIEWS]
    return [each.title.replace("\N{NO-BREAK SPACE}", " ") if each else "" for each in said]


def test_that_nothing_is_said_of_live_pictures(monitor) -> None:
    monitor.expected_interval_s = 0.5
    assert titles(monitor) == ["", "", ""]


def test_that_a_view_whose_camera_is_gone_says_so_alone_and_how_long(monitor, clock) -> None:
    clock.advance(12)
    monitor.mark_camera_lost("side")
    assert titles(monitor) == ["", "CAMERA LOST \u2013 12 s", ""]
    assert "cable" in monitor.notice("side").text
    monitor.mark_camera_returned("side")
    assert titles(monitor) == ["", "READY \u2013 last picture, 12 s old", ""]
    monitor.note_verdict()
    assert titles(monitor) == ["", "", ""]


def test_that_the_others_stay_live_while_the_line_says_that_a_camera_is_lost(monitor) -> None:
    monitor.mark_camera_lost("left")
    monitor.enter_state(LineState.CAMERA_LOST, "Check the cable.")
    assert [title[:11] for title in titles(monitor)] == ["", "", "CAMERA LOST"]


def test_that_all_are_lost_where_nobody_said_which(monitor) -> None:
    monitor.enter_state(LineState.CAMERA_LOST, "Check the cable.")
    assert all(title.startswith("CAMERA LOST") for title in titles(monitor))


def test_that_a_view_without_a_picture_says_why_and_since_when(monitor, clock, part) -> None:
    clock.advance(12)
    monitor.add_part(part(2, LOST, missing=["side"]))
    assert titles(monitor) == ["", "NO PICTURE \u2013 12 s", ""]
    assert monitor.notice("side").text == "the picture is too dark"


def test_that_a_view_that_never_had_a_picture_has_no_age(clock, part) -> None:
    monitor = LiveImageMonitor(clock)
    monitor.enter_state(LineState.INSPECTING, "")
    monitor.add_part(part(1, LOST, missing=["side"]))
    assert titles(monitor) == ["", "NO PICTURE", ""]


def test_that_all_views_are_stale_when_no_part_comes(monitor, clock, part) -> None:
    monitor.expected_interval_s = 0.1
    newest = part(2, LOST, missing=["side"])
    monitor.add_part(newest)
    assert not monitor.stale
    clock.advance(15)
    assert monitor.stale
    assert all(title.startswith("NO LIVE IMAGE") for title in titles(monitor))


def test_that_a_new_run_knows_nothing_of_the_one_before(monitor) -> None:
    monitor.mark_camera_lost("side")
    monitor.enter_state(LineState.STOPPED, "")
    monitor.enter_state(LineState.STARTING, "")
    monitor.enter_state(LineState.WAITING, "")
    assert titles(monitor) == ["", "", ""]
    assert monitor.picture_age_s < 60


def test_that_a_stopped_line_says_of_each_picture_how_old_it_is(monitor, clock) -> None:
    clock.advance(30)
    monitor.mark_camera_lost("side")
    monitor.enter_state(LineState.STOPPED, "")
    assert titles(monitor) == ["STOPPED \u2013 last picture, 30 s old"] * 3
    assert not monitor.notice("top").loud


@pytest.mark.parametrize(
    ("state", "others"),
    [
        (LineState.PAUSED, "PAUSED \u2013 last picture, 12 s old"),
        (LineState.DISK_BEHIND, "WAITING FOR THE DISK \u2013 12 s"),
    ],
)
def test_that_a_lost_camera_is_lost_also_while_the_line_rests(monitor, clock, state: LineState, others: str) -> None:
    monitor.expected_interval_s = 0.1
    monitor.mark_camera_lost("side")
    monitor.enter_state(LineState.CAMERA_LOST, "")
    monitor.enter_state(state, state_words(state))
    clock.advance(12)
    assert titles(monitor) == [others, "CAMERA LOST \u2013 12 s", others]
    assert "cable" in monitor.notice("side").text
    assert monitor.notice("top").loud == (state is LineState.DISK_BEHIND)


def test_that_a_camera_lost_during_a_pause_is_lost_since_then_and_not_since_its_last_picture(monitor, clock) -> None:
    monitor.enter_state(LineState.PAUSED, "")
    clock.advance(60)
    monitor.mark_camera_lost("side")
    clock.advance(12)
    paused = "PAUSED \u2013 last picture, 1 min 12 s old"
    assert titles(monitor) == [paused, "CAMERA LOST \u2013 12 s", paused]
    monitor.mark_camera_returned("side")
    assert titles(monitor) == [paused] * 3


def test_that_a_line_that_goes_on_is_not_blamed_for_its_pause(monitor, clock, part) -> None:
    monitor.expected_interval_s = 0.1
    monitor.enter_state(LineState.PAUSED, "")
    clock.advance(60)
    monitor.enter_state(LineState.INSPECTING, "")
    assert not monitor.stale
    assert monitor.goes_on
    assert titles(monitor) == ["READY \u2013 last picture, 1 min 00 s old"] * 3
    monitor.note_verdict()
    monitor.add_part(part(2, PASSED))
    assert not monitor.goes_on
    assert titles(monitor) == [""] * 3


def test_that_patience_ends_also_after_a_pause(monitor, clock) -> None:
    monitor.expected_interval_s = 0.1
    monitor.enter_state(LineState.PAUSED, "")
    clock.advance(60)
    monitor.enter_state(LineState.INSPECTING, "")
    clock.advance(15)
    assert monitor.stale
    assert titles(monitor) == ["NO LIVE IMAGE \u2013 1 min 15 s"] * 3


def test_that_after_a_pause_a_camera_is_lost_still_and_the_others_are_waited_for(monitor, clock) -> None:
    monitor.expected_interval_s = 0.1
    monitor.mark_camera_lost("side")
    monitor.enter_state(LineState.CAMERA_LOST, "")
    monitor.enter_state(LineState.PAUSED, "")
    clock.advance(12)
    monitor.enter_state(LineState.CAMERA_LOST, "")
    ready = "READY \u2013 last picture, 12 s old"
    assert titles(monitor) == [ready, "CAMERA LOST \u2013 12 s", ready]


def test_that_a_lost_camera_stays_lost_while_the_line_stops_and_is_forgotten_then(monitor) -> None:
    monitor.mark_camera_lost("side")
    monitor.enter_state(LineState.STOPPING, "")
    assert monitor.lost == ("side",)
    assert monitor.notice("side").title.startswith("CAMERA LOST")
    assert monitor.notice("top").title.startswith("STOPPING \u2013 last picture")
    monitor.enter_state(LineState.STOPPED, "")
    assert monitor.lost == ()
