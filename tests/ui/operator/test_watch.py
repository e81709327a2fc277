"""What may be called live, camera by camera."""

from dataclasses import replace

import pytest

from station.domain.messages import LineState
from station.domain.verdict import Verdict
from ui.operator.watch import Watch
from ui.operator.wording import state_words
from ui.screen_picture import of_live

PASSED = (Verdict.PASS, Verdict.PASS, Verdict.PASS)
LOST = (Verdict.PASS, Verdict.NOT_INSPECTED, Verdict.PASS)
VIEWS = ("top", "side", "left")


@pytest.fixture
def watch(make_inspection, make_live):
    """A line that inspects, with one part of three views."""
    made = Watch()
    made.enter(LineState.STARTING, "")
    made.enter(LineState.INSPECTING, "")
    made.see(of_live(make_live(make_inspection(1, *PASSED))))
    return made


def make_older(watch: Watch, by_s: float) -> None:
    """All that the watch remembers lies so much farther back."""
    watch._seen_s = {view: seen_s - by_s for view, seen_s in watch._seen_s.items()}
    watch._lost = {view: since_s - by_s for view, since_s in watch._lost.items()}
    watch._running_since_s -= by_s
    if watch._part is not None:
        pictures = [replace(each, received_ns=each.received_ns - int(by_s * 1e9)) for each in watch._part.pictures]
        watch._part = replace(watch._part, pictures=tuple(pictures))


def titles(watch: Watch) -> list[str]:
    return [said.title if (said := watch.notice(view)) else "" for view in VIEWS]


def test_that_nothing_is_said_of_live_pictures(watch) -> None:
    watch.expected_interval_s = 0.5
    assert titles(watch) == ["", "", ""]


def test_that_a_view_whose_camera_is_gone_says_so_alone_and_how_long(watch) -> None:
    make_older(watch, 12)
    watch.lose("side")
    assert titles(watch) == ["", "CAMERA LOST \u2013 12 s", ""]
    assert "cable" in watch.notice("side").text
    watch.regain("side")
    assert titles(watch) == ["", "READY \u2013 last picture, 12 s old", ""]
    watch.judged()
    assert titles(watch) == ["", "", ""]


def test_that_the_others_stay_live_while_the_line_says_that_a_camera_is_lost(watch) -> None:
    watch.lose("left")
    watch.enter(LineState.CAMERA_LOST, "Check the cable.")
    assert [title[:11] for title in titles(watch)] == ["", "", "CAMERA LOST"]


def test_that_all_are_lost_where_nobody_said_which(watch) -> None:
    watch.enter(LineState.CAMERA_LOST, "Check the cable.")
    assert all(title.startswith("CAMERA LOST") for title in titles(watch))


def test_that_a_view_without_a_picture_says_why_and_since_when(watch, make_inspection, make_live) -> None:
    make_older(watch, 12)
    watch.see(of_live(make_live(make_inspection(2, *LOST), missing=["side"])))
    assert titles(watch) == ["", "NO PICTURE \u2013 12 s", ""]
    assert watch.notice("side").text == "the picture is too dark"


def test_that_a_view_that_never_had_a_picture_has_no_age(make_inspection, make_live) -> None:
    watch = Watch()
    watch.enter(LineState.INSPECTING, "")
    watch.see(of_live(make_live(make_inspection(1, *LOST), missing=["side"])))
    assert titles(watch) == ["", "NO PICTURE", ""]


def test_that_all_views_are_stale_when_no_part_comes(watch, make_inspection, make_live) -> None:
    watch.expected_interval_s = 0.1
    part = of_live(make_live(make_inspection(2, *LOST), missing=["side"]))
    watch.see(part)
    assert not watch.stale
    make_older(watch, 15)
    assert watch.stale
    assert all(title.startswith("NO LIVE IMAGE") for title in titles(watch))


def test_that_a_new_run_knows_nothing_of_the_one_before(watch) -> None:
    watch.lose("side")
    watch.enter(LineState.STOPPED, "")
    watch.enter(LineState.STARTING, "")
    watch.enter(LineState.WAITING, "")
    assert titles(watch) == ["", "", ""]
    assert watch.picture_age_s < 60


def test_that_a_stopped_line_says_of_each_picture_how_old_it_is(watch) -> None:
    make_older(watch, 30)
    watch.lose("side")
    watch.enter(LineState.STOPPED, "")
    assert titles(watch) == ["STOPPED \u2013 last picture, 30 s old"] * 3
    assert not watch.notice("top").loud


@pytest.mark.parametrize(
    ("state", "others"),
    [
        (LineState.PAUSED, "PAUSED \u2013 last picture, 12 s old"),
        (LineState.DISK_BEHIND, "WAITING FOR THE DISK \u2013 12 s"),
    ],
)
def test_that_a_lost_camera_is_lost_also_while_the_line_rests(watch, state: LineState, others: str) -> None:
    watch.expected_interval_s = 0.1
    watch.lose("side")
    watch.enter(LineState.CAMERA_LOST, "")
    watch.enter(state, state_words(state))
    make_older(watch, 12)
    assert titles(watch) == [others, "CAMERA LOST \u2013 12 s", others]
    assert "cable" in watch.notice("side").text
    assert watch.notice("top").loud == (state is LineState.DISK_BEHIND)


def test_that_a_camera_lost_during_a_pause_is_lost_since_then_and_not_since_its_last_picture(watch) -> None:
    watch.enter(LineState.PAUSED, "")
    make_older(watch, 60)
    watch.lose("side")
    make_older(watch, 12)
    paused = "PAUSED \u2013 last picture, 72 s old"
    assert titles(watch) == [paused, "CAMERA LOST \u2013 12 s", paused]
    watch.regain("side")
    assert titles(watch) == [paused] * 3


def test_that_a_line_that_goes_on_is_not_blamed_for_its_pause(watch, make_inspection, make_live) -> None:
    watch.expected_interval_s = 0.1
    watch.enter(LineState.PAUSED, "")
    make_older(watch, 60)
    watch.enter(LineState.INSPECTING, "")
    assert not watch.stale
    assert watch.goes_on
    assert titles(watch) == ["READY \u2013 last picture, 60 s old"] * 3
    watch.judged()
    watch.see(of_live(make_live(make_inspection(2, *PASSED))))
    assert not watch.goes_on
    assert titles(watch) == [""] * 3


def test_that_patience_ends_also_after_a_pause(watch) -> None:
    watch.expected_interval_s = 0.1
    watch.enter(LineState.PAUSED, "")
    make_older(watch, 60)
    watch.enter(LineState.INSPECTING, "")
    make_older(watch, 15)
    assert watch.stale
    assert titles(watch) == ["NO LIVE IMAGE \u2013 75 s"] * 3


def test_that_after_a_pause_a_camera_is_lost_still_and_the_others_are_waited_for(watch) -> None:
    watch.expected_interval_s = 0.1
    watch.lose("side")
    watch.enter(LineState.CAMERA_LOST, "")
    watch.enter(LineState.PAUSED, "")
    make_older(watch, 12)
    watch.enter(LineState.CAMERA_LOST, "")
    ready = "READY \u2013 last picture, 12 s old"
    assert titles(watch) == [ready, "CAMERA LOST \u2013 12 s", ready]


def test_that_a_lost_camera_stays_lost_while_the_line_stops_and_is_forgotten_then(watch) -> None:
    watch.lose("side")
    watch.enter(LineState.STOPPING, "")
    assert watch.lost == ("side",)
    assert watch.notice("side").title.startswith("CAMERA LOST")
    assert watch.notice("top").title.startswith("STOPPING \u2013 last picture")
    watch.enter(LineState.STOPPED, "")
    assert watch.lost == ()
