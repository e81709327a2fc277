"""Several pictures in one place."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt

from ui.widgets.tile_layout import NO_HEAD, Head, Mosaic, mosaic, shown

HEAD = Head(36, 100, 1.7)
PLACE = QSizeF(800, 440)
sides = st.floats(50, 3000)
shapes = st.lists(st.builds(QSizeF, sides, sides), min_size=1, max_size=9)
places = st.builds(QSizeF, st.floats(300, 2000), st.floats(200, 1200))


def test_that_one_picture_has_the_whole_place() -> None:
    way = mosaic([QSizeF(4, 3)], PLACE, 10, NO_HEAD)
    tile = way.tile(0, QRectF(QPointF(), PLACE), 10)
    assert tile == QRectF(QPointF(), PLACE)
    assert way.parted(tile, 0)[1] == tile


@pytest.mark.parametrize(
    ("shape", "columns"), [(QSizeF(4, 3), 2), (QSizeF(1, 2), 2), (QSizeF(4, 1), 1), (QSizeF(8, 1), 1)]
)
def test_that_two_pictures_lie_the_way_that_shows_more_of_them(shape: QSizeF, columns: int) -> None:
    assert mosaic([shape, shape], PLACE, 10, NO_HEAD).columns == columns


def test_that_four_pictures_lie_two_by_two_with_their_words_beside_them() -> None:
    assert mosaic([QSizeF(4, 3)] * 4, PLACE, 10, HEAD) == Mosaic(2, 2, beside=True)


@given(shapes, places)
def test_that_no_other_way_shows_more(pictures: list[QSizeF], place: QSizeF) -> None:
    best = shown(mosaic(pictures, place, 10, HEAD), pictures, place, 10, HEAD)
    for columns in range(1, len(pictures) + 1):
        for beside in (False, True):
            other = Mosaic(columns, -(-len(pictures) // columns), beside)
            assert shown(other, pictures, place, 10, HEAD) <= best


@given(shapes, places)
def test_that_tiles_lie_inside_their_place_and_apart_from_each_other(pictures: list[QSizeF], place: QSizeF) -> None:
    area = QRectF(QPointF(5, 7), place)
    way = mosaic(pictures, place, 10, HEAD)
    tiles = [way.tile(i, area, 10) for i in range(len(pictures))]
    assert all(area.adjusted(-0.01, -0.01, 0.01, 0.01).contains(tile) for tile in tiles)
    assert not any(a.intersects(b) for a in tiles for b in tiles if a is not b)


@given(shapes, places)
def test_that_a_head_grows_only_into_what_the_pictures_leave_free(pictures: list[QSizeF], place: QSizeF) -> None:
    way = mosaic(pictures, place, 10, HEAD)
    tile = way.tile(0, QRectF(QPointF(), place), 10)
    head, picture = way.parted(tile, way.head_extent(tile.size(), HEAD, pictures))
    assert (head.width() if way.beside else head.height()) >= (HEAD.width if way.beside else HEAD.height) - 0.01
    for shape in pictures:
        least = shape.scaled(way.picture_room(tile.size(), HEAD), Qt.AspectRatioMode.KeepAspectRatio)
        assert least.width() <= picture.width() + 0.01
        assert least.height() <= picture.height() + 0.01


def test_that_tiles_stay_where_they_are_while_a_banner_comes_and_goes() -> None:
    pair = [QSizeF(16, 9)] * 2
    wide, narrow = PLACE, QSizeF(580, 440)
    before = mosaic(pair, wide, 10, HEAD)
    assert mosaic(pair, narrow, 10, HEAD) != before
    assert mosaic(pair, narrow, 10, HEAD, before) == before


def test_that_tiles_move_where_they_would_be_much_larger() -> None:
    pair = [QSizeF(16, 9)] * 2
    before = mosaic(pair, QSizeF(800, 200), 10, HEAD)
    assert mosaic(pair, QSizeF(300, 900), 10, HEAD, before).columns == 1
