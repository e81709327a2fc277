"""From a part to what is painted of it."""

from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QRect, QSize

from station.domain.live import PartView
from station.domain.verdict import Region, Verdict
from ui.screen_picture import crop_place, of_live, of_past


@given(
    st.integers(1, 3000), st.integers(1, 3000), st.integers(0, 2999), st.integers(0, 2999),
    st.integers(1, 3000), st.integers(1, 3000),
)  # fmt: skip
def test_that_the_crop_lies_inside_the_picture_and_is_square(width, height, x, y, w, h) -> None:
    region = Region(min(x, width - 1), min(y, height - 1), min(w, width), min(h, height), 1, 0.9, "centre")
    place = crop_place(region, QSize(width, height))
    assert QRect(0, 0, width, height).contains(place)
    assert place.width() == place.height() >= 1


def test_that_a_fail_has_map_outline_and_crop(make_live, make_inspection) -> None:
    picture = of_live(make_live(make_inspection(verdict=Verdict.FAIL)))
    assert picture.heat is not None
    outlined = picture.outline.boundingRect()
    assert outlined.contains(420, 320)
    assert outlined.width() < 200
    assert picture.crop.width() < picture.size.width()


def test_that_a_part_without_a_picture_has_none(make_live, make_inspection) -> None:
    part = make_inspection(verdict=Verdict.NOT_INSPECTED, width=0, height=0)
    picture = of_past(PartView(part, None, None, (0, 0, 0, 0), 0.5, None))
    assert (picture.levels, picture.heat, picture.crop) == ((), None, None)


def test_that_a_preview_keeps_the_places_of_the_original(make_live, make_inspection) -> None:
    live = make_live(make_inspection(verdict=Verdict.FAIL))
    preview = PartView(live.inspection, live.levels[1], live.anomaly_map, live.roi, 0.5, None)
    assert of_past(preview).size == QSize(640, 480)
    assert of_past(preview).crop.width() * 2 == of_live(live).crop.width()
