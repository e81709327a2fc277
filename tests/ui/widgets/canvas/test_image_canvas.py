"""What the live view paints."""

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest

from station.domain.inspection import PartViews
from station.domain.verdict import Verdict
from ui.background.rendered_part import render_part, render_view
from ui.theme.theme import current_theme
from ui.widgets.canvas.image_canvas import ImageCanvas, Marks
from ui.widgets.live_notice import Notice


@pytest.fixture
def canvas(qtbot):
    made = ImageCanvas("Picture of the part")
    qtbot.addWidget(made)
    made.resize(640, 480)
    made.show()
    return made


@pytest.fixture
def failed(make_live, make_inspection):
    return render_part(make_live(make_inspection(1, Verdict.FAIL))).deciding


def colour_at(canvas: ImageCanvas, x: int, y: int):
    return canvas.grab().toImage().pixelColor(x, y)


def test_that_the_picture_is_shown_in_its_own_colours(canvas, failed) -> None:
    canvas.show_picture(failed)
    assert colour_at(canvas, 20, 20).getRgb()[:3] == (200, 120, 40)


def test_that_a_part_kept_small_says_so_and_has_no_full_size(canvas, make_live, make_past, make_inspection) -> None:
    live = make_live(make_inspection())
    whole = make_past(live)
    small = PartViews(whole.inspection, (replace(whole.views[0], levels=live.views[0].levels[1:]),))
    canvas.show_picture(render_part(whole).deciding)
    canvas.show_full_size()
    canvas.show_picture(render_part(small).deciding)
    assert canvas.small_only
    assert canvas.view.fits
    assert colour_at(canvas, 4, 4).name() == current_theme().colours.strong.lower()
    for to_full_size in (canvas.show_full_size, lambda: QTest.mouseDClick(canvas, Qt.MouseButton.LeftButton)):
        to_full_size()
        assert canvas.view.fits
    canvas.show_picture(render_part(whole).deciding)
    assert not canvas.small_only
    assert colour_at(canvas, 4, 4).getRgb()[:3] == (200, 120, 40)


def test_that_the_map_colours_the_place_and_nothing_else(canvas, failed) -> None:
    canvas.show_picture(failed)
    canvas.set_marks(Marks.HIDDEN)
    bare, bare_far = colour_at(canvas, 420, 320), colour_at(canvas, 60, 60)
    canvas.set_marks(Marks.MAP)
    assert colour_at(canvas, 420, 320) != bare
    assert colour_at(canvas, 60, 60) == bare_far


def test_that_an_outline_leaves_the_place_itself_bare(canvas, failed) -> None:
    canvas.show_picture(failed)
    canvas.set_marks(Marks.HIDDEN)
    bare = canvas.grab().toImage()
    canvas.set_marks(Marks.OUTLINE)
    outlined = canvas.grab().toImage()
    assert outlined != bare
    assert outlined.pixelColor(420, 320) == bare.pixelColor(420, 320)


def test_that_the_map_is_drawn_with_the_strength_that_was_set(canvas, failed) -> None:
    canvas.show_picture(failed)
    canvas.set_marks(Marks.MAP)
    differences = []
    for opacity in (0.2, 0.9):
        canvas.set_opacity(opacity)
        differences.append(abs(colour_at(canvas, 420, 320).blue() - 40))
    assert differences[0] < differences[1]


def test_that_the_relative_map_colours_a_part_that_passed_and_says_so(canvas, make_live, make_inspection) -> None:
    live = make_live(make_inspection(1, Verdict.PASS))
    view = live.views[0]
    y, x = np.mgrid[:32, :32]
    faint = (0.05 + 0.1 * np.exp(-((y - 10) ** 2 + (x - 10) ** 2) / 20)).astype(np.float32)
    passed = render_part(PartViews(live.inspection, (replace(view, anomaly_map=faint),))).deciding
    canvas.show_picture(passed)
    canvas.set_marks(Marks.MAP)
    by_limit = canvas.grab().toImage()
    canvas.set_marks(Marks.RELATIVE)
    relative = canvas.grab().toImage()
    assert relative != by_limit
    assert relative.pixelColor(636, 4).name() == current_theme().colours.strong.lower()
    canvas.set_marks(Marks.MAP)
    assert canvas.grab().toImage() == by_limit


def test_that_the_relative_map_changes_neither_score_nor_verdict_nor_map(canvas, failed) -> None:
    inspection, before = failed.inspection, failed.source.anomaly_map.tobytes()
    canvas.show_picture(failed)
    canvas.set_marks(Marks.RELATIVE)
    canvas.grab()
    assert failed.inspection == failed.source.inspection == inspection
    assert (failed.inspection.verdict, failed.inspection.pred_score) == (inspection.verdict, inspection.pred_score)
    assert failed.source.anomaly_map.tobytes() == before


def test_that_the_next_part_has_relative_colours_of_its_own(canvas, failed, make_live, make_inspection) -> None:
    canvas.set_marks(Marks.RELATIVE)
    canvas.show_picture(failed)
    first = canvas.grab().toImage()
    view = make_live(make_inspection(2, Verdict.PASS)).views[0]
    even = replace(view, anomaly_map=np.full((16, 16), 0.1, np.float32))
    canvas.show_picture(render_view(even))
    assert canvas.grab().toImage() != first


def test_that_a_stale_picture_is_grey_and_hatched(canvas, failed) -> None:
    canvas.show_picture(failed)
    canvas.set_notice(Notice("NO LIVE IMAGE \u2013 12 s"))
    picture = canvas.grab().toImage()
    colours = {picture.pixelColor(x, 30).getRgb()[:3] for x in range(6, 630, 3)}
    assert all(max(colour) - min(colour) < 8 for colour in colours)
    assert len(colours) > 1
    canvas.set_notice(None)
    assert colour_at(canvas, 20, 20).getRgb()[:3] == (200, 120, 40)


def test_that_keys_zoom_and_move_the_picture(canvas, failed) -> None:
    canvas.show_picture(failed)
    whole = canvas.view
    QTest.keyClicks(canvas, "+")
    assert canvas.view.zoom > whole.zoom
    place = canvas.view.x
    QTest.keyClick(canvas, Qt.Key.Key_Right)
    assert canvas.view.x > place
    QTest.keyClicks(canvas, "--")
    assert canvas.view == whole


def test_that_full_size_goes_to_the_worst_place(canvas, failed) -> None:
    canvas.show_picture(failed)
    canvas.show_full_size()
    assert (canvas.view.zoom, canvas.view.x, canvas.view.y) == (1.0, 420, 315)


def test_that_the_zoom_stays_from_part_to_part(canvas, failed, make_live, make_inspection) -> None:
    canvas.show_picture(failed)
    canvas.show_full_size()
    view = canvas.view
    canvas.show_picture(render_part(make_live(make_inspection(2))).deciding)
    assert canvas.view == view


def test_that_a_drag_moves_the_picture(canvas, failed) -> None:
    canvas.show_picture(failed)
    canvas.resize(200, 150)
    canvas.show_full_size()
    before = QPointF(canvas.view.x, canvas.view.y)
    QTest.mousePress(canvas, Qt.MouseButton.LeftButton, pos=canvas.rect().center())
    QTest.mouseMove(canvas, canvas.rect().center() + canvas.rect().topLeft() - QPointF(30, 0).toPoint())
    QTest.mouseRelease(canvas, Qt.MouseButton.LeftButton)
    assert canvas.view.x == before.x() + 30


def test_that_a_double_touch_looks_closer_and_back_where_the_picture_is_alone(canvas, failed) -> None:
    canvas.show_picture(failed)
    canvas.resize(320, 240)
    QTest.mouseDClick(canvas, Qt.MouseButton.LeftButton, pos=canvas.rect().center())
    assert canvas.view.zoom == 1.0
    QTest.mouseDClick(canvas, Qt.MouseButton.LeftButton, pos=canvas.rect().center())
    assert canvas.view.fits


def test_that_a_calm_notice_is_drawn_on_a_picture_only_if_it_is_the_only_one(canvas, failed) -> None:
    canvas.show_picture(failed)
    canvas.set_notice(Notice("STOPPED", loud=False))
    alone = colour_at(canvas, 8, 4)
    canvas.alone = False
    canvas.update()
    assert colour_at(canvas, 8, 4) != alone
