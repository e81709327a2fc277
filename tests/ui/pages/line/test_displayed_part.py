"""Which part is on show, with all its views."""

from datetime import UTC, datetime

import pytest

from station.domain.messages import CameraLost, CameraReturned, LineState, LineStateChanged, PartJudged
from station.domain.verdict import Verdict
from ui.background.rendered_part import render_part
from ui.widgets.canvas.image_canvas import Marks

PASS, FAIL, NOT_INSPECTED = Verdict.PASS, Verdict.FAIL, Verdict.NOT_INSPECTED
NOW = datetime(2026, 11, 22, tzinfo=UTC)


@pytest.fixture
def come(window, make_live, make_inspection):
    """Lets a part come: its verdict and its pictures; gives the part."""
    window.bridge.state_changed.emit(LineStateChanged(LineState.INSPECTING))

    def come(part, *verdicts, missing=()):
        live = make_live(make_inspection(part, *verdicts), missing=missing)
        window.bridge.part_judged.emit(PartJudged(live.inspection))
        window.bridge.part.emit(render_part(live))
        return live

    return come


@pytest.fixture
def tiles(window):
    """The places of the views now."""
    return lambda: {tile.name: tile for tile in window.page_of("line").pictures.tiles}


def test_that_the_card_explains_the_view_that_decided(window, come) -> None:
    come(1, PASS, FAIL, PASS)
    card = window.page_of("line").card
    assert card.reason.startswith("side: mark 700")
    assert card.has_crop


def test_that_only_the_view_of_a_lost_camera_says_so(window, come, tiles) -> None:
    come(1, PASS, PASS, PASS)
    window.bridge.camera_lost.emit(CameraLost("camera 2", NOW, "gone", "side"))
    come(2, PASS, NOT_INSPECTED, PASS, missing=["side"])
    said = {name: tile.canvas.notice.title[:11] if tile.canvas.notice else "" for name, tile in tiles().items()}
    assert said == {"top": "", "side": "CAMERA LOST", "left": ""}
    window.bridge.camera_returned.emit(CameraReturned("camera 2", NOW, 3.0, "side"))
    come(3, PASS, PASS, PASS)
    assert all(tile.canvas.notice is None for tile in tiles().values())


def test_that_no_view_of_an_older_part_stays_beside_those_of_the_newest(come, tiles) -> None:
    come(1, PASS, PASS)
    newest = come(2, PASS, NOT_INSPECTED, missing=["side"])
    assert [tile.canvas.rendered.source for tile in tiles().values()] == list(newest.views)
    assert tiles()["side"].canvas.rendered.levels == ()


def test_that_a_past_part_shows_its_own_views_until_one_goes_back_to_live(
    window, come, tiles, make_live, make_past, make_inspection
) -> None:
    newest = come(2, PASS, PASS, PASS)
    displayed_part = window.presenter_of("line").displayed_part
    displayed_part.show_past(render_part(make_past(make_live(make_inspection(1, PASS, FAIL)))))
    assert list(tiles()) == ["top", "side"]
    newest = come(3, PASS, PASS, PASS)
    assert list(tiles()) == ["top", "side"]
    displayed_part.back_to_live()
    assert [tile.canvas.rendered.source for tile in tiles().values()] == list(newest.views)


def test_that_a_new_run_begins_with_the_places_of_its_recipes_views(window, come, tiles) -> None:
    come(1, PASS, PASS)
    displayed_part = window.presenter_of("line").displayed_part
    displayed_part.expect_views(("top", "hole", "left"))
    assert list(tiles()) == ["top", "hole", "left"]
    displayed_part.enter_state(LineState.STARTING, "")
    assert all(tile.canvas.rendered is None and tile.canvas.notice is None for tile in tiles().values())


def test_that_the_marks_of_the_part_before_accuse_not_the_newest_one(window, come, tiles, make_inspection) -> None:
    come(1, FAIL)
    window.page_of("line").pictures.set_marks(Marks.OUTLINE)
    canvas = tiles()[""].canvas
    marked = canvas.grab().toImage()
    window.bridge.part_judged.emit(PartJudged(make_inspection(2, PASS)))
    assert window.page_of("line").band.beside.words == "NOW PASS part 0002"
    window.presenter_of("line").displayed_part._missing.timeout.emit()  # its picture has not come in time
    bare = canvas.grab().toImage()
    assert bare != marked
    canvas.set_marks(Marks.HIDDEN)
    assert canvas.grab().toImage() == bare
    canvas.set_marks(Marks.OUTLINE)
    come(3, FAIL)
    assert canvas.grab().toImage() == marked


def test_that_a_picture_that_comes_late_has_no_marks_either(
    window, come, tiles, make_inspection, make_live, qtbot
) -> None:
    late = make_live(make_inspection(1, FAIL))
    come(2, PASS)
    window.bridge.part.emit(render_part(late))
    qtbot.waitUntil(lambda: tiles()[""].canvas.outdated)
    come(3, PASS)
    assert not tiles()[""].canvas.outdated
