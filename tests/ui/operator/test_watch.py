"""What may be called live, camera by camera."""

from dataclasses import replace

import pytest

from station.domain.messages import LineState
from station.domain.verdict import Verdict
from ui.operator.watch import Watch
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
    watch._seen_s = {view: seen_s - by_s for view, seen_s in watch._seen_s.items()}


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
    old = [replace(picture, received_ns=picture.received_ns - 15 * 10**9) for picture in part.pictures]
    watch.see(replace(part, pictures=tuple(old)))
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
