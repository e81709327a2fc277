"""The pictures of all cameras."""

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from station.domain.inspection import PartViews
from station.domain.permissions import Authority, Role
from station.domain.verdict import Verdict
from ui.actions.action_table import Actions
from ui.background.rendered_part import render_part
from ui.pages.line.actions import LINE_ROWS, LineAct
from ui.pages.line.picture_grid import PictureGrid
from ui.theme.theme import current_theme
from ui.widgets.canvas.image_canvas import Marks
from ui.widgets.live_notice import Notice
from ui.widgets.view_tile import ViewTile

SMALL = (np.zeros((240, 320), np.uint8),)
PASS, FAIL, NOT_INSPECTED = Verdict.PASS, Verdict.FAIL, Verdict.NOT_INSPECTED


@pytest.fixture
def window(qtbot):
    made = QWidget()
    qtbot.addWidget(made)
    made.resize(800, 440)
    return made


@pytest.fixture
def actions(window):
    made = Actions(lambda: Authority.of(Role.OPERATOR), print)
    made.add(LINE_ROWS, window)
    return made


@pytest.fixture
def grid(window, actions):
    made = PictureGrid(actions)
    made.setParent(window)
    made.resize(800, 440)
    window.show()
    return made


@pytest.fixture
def show(grid, make_live, make_inspection):
    """Shows a live part with these verdicts."""
    return lambda *verdicts, missing=(): grid.show_part(
        render_part(make_live(make_inspection(7, *verdicts), missing=missing))
    )


def test_that_a_part_kept_small_offers_no_full_size(grid, actions, show, make_live, make_past, make_inspection) -> None:
    whole = make_past(make_live(make_inspection()))
    grid.show_part(render_part(PartViews(whole.inspection, (replace(whole.views[0], levels=SMALL),))), ("PAST", "9:41"))
    assert not actions[LineAct.FULL_SIZE].isEnabled()
    show(PASS)
    assert actions[LineAct.FULL_SIZE].isEnabled()


def seen(grid: PictureGrid) -> list[str]:
    return [tile.name for tile in grid.tiles if tile.isVisible()]


def colour_at(tile: ViewTile, x: int, y: int) -> str:
    return tile.grab().toImage().pixelColor(x, y).name().upper()


def test_that_one_camera_has_the_whole_place_without_words_or_frame(grid, show) -> None:
    show(FAIL)
    (tile,) = grid.tiles
    assert tile.geometry() == grid.rect()
    assert tile.canvas.geometry() == grid.rect()
    assert tile.head.isHidden()
    assert not grid.caption.isVisible()
    assert colour_at(tile, 20, 200) == current_theme().colours.picture_ground.upper()


def test_that_one_camera_is_looked_at_closely_with_a_double_touch(grid, show) -> None:
    show(FAIL)
    canvas = grid.tiles[0].canvas
    grid.resize(400, 300)
    QTest.mouseDClick(canvas, Qt.MouseButton.LeftButton, pos=canvas.rect().center())
    assert grid.zoomed
    assert canvas.view.zoom == 1.0


@pytest.mark.parametrize("count", [2, 3, 4, 9])
def test_that_every_view_has_a_tile_in_the_recipes_order(grid, make_live, make_inspection, count: int) -> None:
    names = tuple(f"camera {i}" for i in range(count))
    grid.show_part(render_part(make_live(make_inspection(1, *[PASS] * count, views=names))))
    assert tuple(seen(grid)) == names
    places = [tile.geometry() for tile in grid.tiles]
    assert all(grid.rect().contains(place) for place in places)
    assert sorted(places, key=lambda place: (place.y(), place.x())) == places
    assert not any(a.intersects(b) for a in places for b in places if a is not b)


def test_that_each_tile_shows_its_own_verdict_and_the_deciding_one_has_the_thick_frame(grid, show) -> None:
    show(PASS, FAIL)
    top, side = grid.tiles
    assert [tile.head.said.verdict for tile in grid.tiles] == [PASS, FAIL]
    assert [tile.decides for tile in grid.tiles] == [False, True]
    middle = side.height() // 2
    assert colour_at(side, 1, middle) == current_theme().colours.of(Verdict.FAIL).fill
    assert colour_at(top, 1, middle) != current_theme().colours.of(Verdict.PASS).fill
    assert side.head.accessibleName() == "side: FAIL"


def test_that_no_view_decides_a_part_that_passes(grid, show) -> None:
    show(PASS, PASS, PASS)
    assert not any(tile.decides for tile in grid.tiles)


def test_that_words_and_pictures_never_lie_over_each_other(grid, show) -> None:
    show(PASS, FAIL, PASS, PASS)
    for tile in grid.tiles:
        assert tile.head.width() > 0
        assert not tile.head.geometry().intersects(tile.canvas.geometry())


def test_that_a_view_that_is_not_live_has_no_verdict(grid, show) -> None:
    show(PASS, PASS)
    top, side = grid.tiles
    side.set_notice(Notice("CAMERA LOST \u2013 12 s", "Check the cable."))
    assert (top.head.said.verdict, side.head.said.verdict) == (PASS, None)
    assert side.head.said.unknown
    side.set_notice(None)
    assert side.head.said.verdict is PASS


def test_that_a_view_without_a_picture_is_not_inspected_and_its_neighbours_are_live(grid, show) -> None:
    show(PASS, NOT_INSPECTED, PASS, missing=["side"])
    _top, side, left = grid.tiles
    side.set_notice(Notice("NO PICTURE \u2013 12 s", "too dark"))
    assert side.head.said.verdict is NOT_INSPECTED
    assert side.decides
    shot = side.canvas.grab().toImage()
    points = [shot.pixelColor(x, 8) for x in range(8, shot.width() - 8, 5)]
    assert len({point.rgb() for point in points}) > 1
    assert all(max(p.red(), p.green(), p.blue()) - min(p.red(), p.green(), p.blue()) < 12 for p in points)
    middle = left.canvas.rect().center()
    assert left.canvas.grab().toImage().pixelColor(middle).getRgb()[:3] == (200, 120, 40)


def test_that_a_double_touch_enlarges_a_view_and_another_shows_all_again(grid, show) -> None:
    show(PASS, FAIL, PASS)
    side = grid.tiles[1]
    small = side.canvas.size()
    QTest.mouseDClick(side.canvas, Qt.MouseButton.LeftButton, pos=side.canvas.rect().center())
    assert (seen(grid), grid.enlarged) == (["side"], "side")
    assert side.canvas.width() > 1.5 * small.width()
    assert side.canvas.view.fits
    QTest.mouseDClick(side.canvas, Qt.MouseButton.LeftButton, pos=side.canvas.rect().center())
    assert (seen(grid), grid.enlarged) == (["top", "side", "left"], None)
    assert side.canvas.size() == small


def test_that_a_key_goes_through_the_views_and_another_shows_all(grid, show, actions) -> None:
    show(PASS, FAIL, PASS)
    steps = []
    for _ in range(4):
        QTest.keyClick(grid.window(), Qt.Key.Key_N)
        steps.append(grid.enlarged)
    assert steps == ["top", "side", "left", None]
    QTest.keyClick(grid.window(), Qt.Key.Key_N)
    assert actions[LineAct.ALL_VIEWS].isEnabled()
    QTest.keyClick(grid.window(), Qt.Key.Key_0)
    assert seen(grid) == ["top", "side", "left"]
    assert not actions[LineAct.ALL_VIEWS].isEnabled()


def test_that_a_button_leads_back_from_an_enlarged_view_that_hides_no_verdict(grid, show) -> None:
    show(PASS, FAIL, PASS)
    grid.step()
    assert grid.caption.isVisible()
    assert not grid.caption.geometry().intersects(grid.tiles[0].geometry())
    assert {name: head.said.verdict for name, head in grid.caption.heads.items()} == {"side": FAIL, "left": PASS}
    show(PASS, PASS, FAIL)
    assert {name: head.said.verdict for name, head in grid.caption.heads.items()} == {"side": PASS, "left": FAIL}
    grid.caption.all_views.click()
    assert grid.enlarged is None
    assert not grid.caption.isVisible()


def test_that_an_enlarged_view_stays_so_from_part_to_part(grid, show) -> None:
    show(PASS, FAIL)
    grid.step()
    show(PASS, PASS)
    assert grid.enlarged == "top"


def test_that_one_camera_has_no_other_to_go_to(grid, show, actions) -> None:
    show(PASS)
    assert not actions[LineAct.NEXT_VIEW].isEnabled()
    grid.step()
    assert grid.enlarged is None


def test_that_a_past_part_shows_all_its_views_and_says_so_beside_them(
    grid, make_live, make_past, make_inspection
) -> None:
    live = make_live(make_inspection(3, PASS, FAIL, PASS))
    grid.show_part(render_part(make_past(live)), past=("PAST PART 0003", "09:41:03"))
    assert seen(grid) == ["top", "side", "left"]
    assert [tile.head.said.verdict for tile in grid.tiles] == [PASS, FAIL, PASS]
    assert grid.caption.text == "PAST PART 0003 09:41:03"
    assert grid.caption.back_to_live.isVisible()
    assert not any(grid.caption.geometry().intersects(tile.geometry()) for tile in grid.tiles)
    assert grid.grab().toImage().pixelColor(2, 220).name().upper() == current_theme().colours.accent
    grid.show_part(render_part(live))
    assert not grid.caption.isVisible()


def test_that_the_past_label_of_one_camera_covers_nothing_of_its_picture(
    grid, make_live, make_past, make_inspection
) -> None:
    grid.show_part(render_part(make_past(make_live(make_inspection(3, FAIL)))), past=("PAST PART 0003", "09:41:03"))
    canvas = grid.tiles[0].canvas
    on_grid = QRect(canvas.mapTo(grid, canvas.rect().topLeft()), canvas.size())
    assert not grid.caption.geometry().intersects(on_grid)


@pytest.mark.parametrize(("width", "least"), [(430, 0.9), (560, 0.7), (680, 0.6), (900, 0.6)])
def test_that_the_past_label_leaves_most_of_the_place_to_the_picture(
    grid, make_live, make_past, make_inspection, width: int, least: float
) -> None:
    grid.resize(width, 440)
    past = ("PAST PART 0106: FAIL", "17:35:02")
    grid.show_part(render_part(make_past(make_live(make_inspection(106, FAIL)))), past=past)
    assert grid.caption.review_waits.isVisible()
    tile = grid.tiles[0]
    assert tile.width() * 3 / 4 >= least * min(grid.height(), grid.width() * 3 / 4)
    assert tile.height() >= least * min(grid.height(), grid.width() * 3 / 4)
    for each in (grid.caption._part, grid.caption._when, grid.caption.back_to_live):
        assert each.width() >= each.sizeHint().width()


def test_that_a_recipe_with_other_views_leaves_no_tile_behind(grid, show) -> None:
    show(PASS)
    for names in (("top", "side", "left"), ("",), ("top", "hole"), ("top", "side", "left")):
        grid.show_views(names)
        assert tuple(seen(grid)) == names
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert len(grid.findChildren(ViewTile)) == 3
    assert all(tile.canvas.rendered is None for tile in grid.tiles)


def test_that_an_enlarged_view_that_the_next_recipe_does_not_have_is_forgotten(grid, show) -> None:
    show(PASS, FAIL)
    grid.step()
    grid.show_views(("left", "right", "hole"))
    assert grid.enlarged is None
    assert seen(grid) == ["left", "right", "hole"]


def test_that_marks_and_strength_are_those_of_all_tiles_also_of_new_ones(grid, show) -> None:
    show(PASS, FAIL)
    grid.set_marks(Marks.OUTLINE)
    grid.set_opacity(0.3)
    assert {(tile.canvas.marks, tile.canvas.opacity) for tile in grid.tiles} == {(Marks.OUTLINE, 0.3)}
    show(PASS, FAIL, PASS)
    assert {(tile.canvas.marks, tile.canvas.opacity) for tile in grid.tiles} == {(Marks.OUTLINE, 0.3)}


def test_that_full_size_means_the_enlarged_view_else_the_one_that_decided(grid, show) -> None:
    show(PASS, FAIL, PASS)
    for tile in grid.tiles:
        tile.setAttribute(Qt.WidgetAttribute.WA_UnderMouse, False)
    grid.show_full_size()
    assert [tile.canvas.view.fits for tile in grid.tiles] == [True, False, True]
    grid.fit()
    assert not grid.zoomed
    grid.step()
    grid.show_full_size()
    assert [tile.canvas.view.fits for tile in grid.tiles] == [False, True, True]


def test_that_full_size_means_the_view_under_the_cursor(grid, show) -> None:
    show(PASS, FAIL, PASS)
    for tile in grid.tiles:
        tile.setAttribute(Qt.WidgetAttribute.WA_UnderMouse, tile.name == "left")
    grid.show_full_size()
    assert [tile.canvas.view.fits for tile in grid.tiles] == [True, True, False]


def test_that_one_looks_closer_at_one_view_and_the_others_stay(grid, show) -> None:
    show(PASS, FAIL)
    QTest.keyClicks(grid.tiles[0].canvas, "+")
    assert [tile.canvas.view.fits for tile in grid.tiles] == [False, True]
    assert grid.zoomed
