"""From a part to what is painted of it."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QRect, QSize

from station.domain.geometry import Region
from station.domain.verdict import Verdict
from ui.background.rendered_part import crop_place, newest_received_ns, render_part


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
    (picture,) = render_part(make_live(make_inspection(1, Verdict.FAIL))).views
    assert picture.heat is not None
    outlined = picture.outline.boundingRect()
    assert outlined.contains(420, 320)
    assert outlined.width() < 200
    assert picture.crop.width() < picture.size.width()


def test_that_a_view_without_a_picture_has_none(make_live, make_past, make_inspection) -> None:
    part = make_inspection(1, Verdict.NOT_INSPECTED, width=0, height=0)
    (picture,) = render_part(make_past(make_live(part, missing=[""]))).views
    assert (picture.levels, picture.heat, picture.crop) == ((), None, None)


def test_that_a_preview_keeps_the_places_of_the_original(make_live, make_past, make_inspection) -> None:
    live = make_live(make_inspection(1, Verdict.FAIL))
    past = make_past(live)
    small = replace(past, views=(replace(past.views[0], levels=live.views[0].levels[1:2]),))
    assert render_part(small).deciding.size == QSize(640, 480)
    assert render_part(small).deciding.crop.width() * 2 == render_part(live).deciding.crop.width()


def test_that_a_part_keeps_its_views_in_order_and_knows_the_one_that_decided(make_live, make_inspection) -> None:
    part = render_part(make_live(make_inspection(1, Verdict.PASS, Verdict.FAIL, Verdict.REVIEW)))
    assert part.view_names == ("top", "side", "left")
    assert part.deciding.inspection.name == "side"
    assert part.deciding.crop.width() < part.views[0].crop.width()


def test_that_a_part_is_as_old_as_its_newest_picture(make_live, make_past, make_inspection) -> None:
    live = make_live(make_inspection(1, Verdict.PASS, Verdict.PASS))
    assert newest_received_ns(render_part(live)) == max(picture.received_ns for picture in live.views)
    assert newest_received_ns(render_part(make_past(live))) is None
