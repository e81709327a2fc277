"""A camera is lost, and a person pauses the line, or the disk does: what the whole page says."""

from datetime import UTC, datetime

import pytest

from station.domain.messages import CameraLost, CameraReturned, LineState, LineStateChanged, PartJudged
from station.domain.verdict import Verdict
from ui.background.rendered_part import render_part
from ui.widgets.canvas import canvas_marks
from ui.widgets.canvas.canvas_marks import paint_no_picture

PASS, NOT_INSPECTED = Verdict.PASS, Verdict.NOT_INSPECTED
NOW = datetime(2026, 11, 22, tzinfo=UTC)


@pytest.fixture
def page(window):
    return window.page_of("line")


@pytest.fixture
def enter(window):
    """Lets the line say that it does something else now."""

    def enter(*states: LineState) -> None:
        for state in states:
            window.bridge.state_changed.emit(LineStateChanged(state, "engineer's words"))
            window.presenter_of("line").displayed_part.refresh_age(expected_interval_s=0.1)

    return enter


@pytest.fixture
def come(window, make_live, make_inspection):
    """Lets a part come, with its pictures."""

    def come(part, *verdicts, missing=()):
        live = make_live(make_inspection(part, *verdicts), missing=missing)
        window.bridge.part_judged.emit(PartJudged(live.inspection))
        window.bridge.part.emit(render_part(live))

    return come


@pytest.fixture
def lose(window, enter):
    """Lets a camera be lost, as the station reports it."""

    def lose(view: str) -> None:
        enter(LineState.CAMERA_LOST)
        window.bridge.camera_lost.emit(CameraLost("camera", NOW, "gone", view))

    return lose


@pytest.fixture
def titles(page):
    """What is said of each view, without its age."""
    return lambda: [
        (said := tile.canvas.notice) and said.title.partition(" \u2013 ")[0] for tile in page.pictures.tiles
    ]


@pytest.mark.parametrize(("verdicts", "lost"), [((PASS,), ""), ((PASS, PASS), "side")])
def test_that_a_paused_line_says_so_and_of_a_lost_camera_that_it_is_lost(
    page, enter, come, lose, titles, verdicts, lost: str
) -> None:
    enter(LineState.STARTING, LineState.INSPECTING)
    come(1, *verdicts)
    lose(lost)
    enter(LineState.PAUSED)
    assert (page.band.word.text(), page.band.property("troubled")) == ("PAUSED", False)
    assert page.phase.text == "PAUSED"
    assert "CAMERA LOST" in page.phase.why
    assert lost in page.phase.why
    assert titles() == [*["PAUSED"] * (len(verdicts) - 1), "CAMERA LOST"]
    assert page.pictures.tiles[-1].head.said.unknown
    assert page.line_keys.pause.text() == "Go on"
    enter(LineState.CAMERA_LOST)
    assert page.line_keys.pause.text() == "Pause"
    assert titles()[-1] == "CAMERA LOST"


def test_that_the_pause_key_does_what_it_says_with_a_camera_lost(window, station, enter, lose, monkeypatch) -> None:
    asked = []
    monkeypatch.setattr(type(station.line), "pause", lambda _self: asked.append("pause"))
    monkeypatch.setattr(type(station.line), "resume", lambda _self: asked.append("resume"))
    key = window.page_of("line").line_keys.pause
    enter(LineState.INSPECTING)
    lose("")
    key.click()
    enter(LineState.PAUSED)
    key.click()
    enter(LineState.CAMERA_LOST)
    key.click()
    assert asked == ["pause", "resume", "pause"]


@pytest.mark.parametrize(("verdicts", "lost"), [((PASS,), ""), ((PASS, PASS), "side")])
def test_that_a_line_that_waits_for_the_disk_says_so_beside_a_lost_camera(
    page, enter, come, lose, titles, verdicts, lost: str
) -> None:
    enter(LineState.INSPECTING)
    come(1, *verdicts)
    lose(lost)
    enter(LineState.DISK_BEHIND)
    assert page.band.word.text() == page.phase.text == "WAITING FOR THE DISK"
    assert page.band.property("troubled")
    assert titles() == [*["WAITING FOR THE DISK"] * (len(verdicts) - 1), "CAMERA LOST"]
    assert "cable" in page.pictures.tiles[-1].canvas.notice.text


def test_that_a_camera_that_returns_during_a_pause_is_paused_like_the_others(
    window, page, enter, come, lose, titles
) -> None:
    enter(LineState.INSPECTING)
    come(1, PASS, PASS)
    lose("side")
    enter(LineState.PAUSED)
    window.bridge.camera_returned.emit(CameraReturned("camera", NOW, 3.0, "side"))
    assert titles() == ["PAUSED", "PAUSED"]
    assert page.phase.why == ""


def test_that_a_view_without_a_picture_is_paused_too_and_blames_no_camera(
    page, enter, come, monkeypatch, titles
) -> None:
    written = []
    monkeypatch.setattr(
        canvas_marks, "paint_no_picture", lambda *args: (written.append(args[2]), paint_no_picture(*args))
    )
    enter(LineState.INSPECTING)
    come(1, PASS, NOT_INSPECTED, missing=["side"])
    enter(LineState.PAUSED)
    side = page.pictures.tiles[1]
    side.canvas.grab()
    assert titles() == ["PAUSED", "PAUSED"]
    assert side.head.said.text.startswith("PAUSED")
    assert set(written) == {"The line is paused."}


def test_that_a_paused_line_does_not_go_on_with_the_verdict_from_before(page, enter, come, titles) -> None:
    enter(LineState.INSPECTING)
    come(1, PASS, PASS)
    enter(LineState.PAUSED, LineState.INSPECTING)
    assert (page.band.verdict, page.band.word.text()) == (None, "READY")
    assert titles() == ["READY", "READY"]
    come(2, PASS, PASS)
    assert page.band.verdict is PASS
    assert titles() == [None, None]


def test_that_a_line_started_again_knows_nothing_of_the_loss_before(page, enter, come, lose, titles) -> None:
    enter(LineState.STARTING, LineState.INSPECTING)
    come(1, PASS, PASS)
    lose("side")
    come(2, PASS, NOT_INSPECTED, missing=["side"])
    enter(LineState.STOPPING, LineState.STOPPED)
    assert titles() == ["STOPPED", "STOPPED"]
    for state, word in ((LineState.STARTING, "STARTING"), (LineState.WAITING, "READY")):
        enter(state)
        assert set(titles()) == {None}
        assert page.band.word.text() == word
        assert page.phase.why == page.card.reason == ""
    come(3, PASS, PASS)
    enter(LineState.PAUSED)
    assert titles() == ["PAUSED", "PAUSED"]


def test_that_the_band_names_the_lost_camera_of_several_and_what_that_means(page, enter, come, lose) -> None:
    enter(LineState.INSPECTING)
    come(1, PASS, PASS)
    lose("side")
    assert page.band.word.text() == "CAMERA LOST: side\nPARTS NOT INSPECTED"
    assert page.band.accessibleName() == "Verdict: CAMERA LOST: side, PARTS NOT INSPECTED"
    come(2, PASS, NOT_INSPECTED, missing=["side"])
    top, side = page.pictures.tiles
    assert (page.band.verdict, top.head.said.verdict, side.head.said.verdict) == (None, PASS, NOT_INSPECTED)
    lose("top")
    assert page.band.word.text() == "2 CAMERAS LOST\nPARTS NOT INSPECTED"


def test_that_the_only_camera_needs_no_name(page, enter, come, lose) -> None:
    enter(LineState.INSPECTING)
    come(1, PASS)
    lose("")
    assert page.band.word.text() == "CAMERA LOST"


def test_that_the_band_says_which_camera_is_lost_also_beside_a_past_part(
    window, page, enter, come, lose, make_live, make_past, make_inspection
) -> None:
    enter(LineState.INSPECTING)
    come(1, PASS, PASS)
    window.presenter_of("line").displayed_part.show_past(
        render_part(make_past(make_live(make_inspection(1, PASS, PASS))))
    )
    lose("side")
    assert page.band.word.text().startswith("CAMERA LOST: side")
    assert page.pictures.caption.text.startswith("PAST PART 0001: PASS")
