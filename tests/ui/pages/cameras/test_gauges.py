"""Histogram, sharpness and figures of a camera: what they tell, and how they can be seen."""

import numpy as np
import pytest
from PySide6.QtGui import QColor

from station.domain.camera import (
    Access,
    CameraFeature,
    FeatureKind,
    Visibility,
)
from station.domain.preview import Exposure, PreviewState, PreviewStatus
from ui.pages.cameras.sharpness_bar import _Bar
from ui.theme.theme import THEMES, Theme, apply_theme, current_theme


def test_that_the_peak_holds_until_it_is_reset(page) -> None:
    page.sharpness.show_sharpness(200.0)
    page.sharpness.show_sharpness(50.0)
    assert (page.sharpness.peak, page.sharpness.of_peak.text()) == (200.0, "25 %\nof peak 200")
    page.sharpness.reset()
    assert (page.sharpness.peak, page.sharpness.of_peak.text()) == (50.0, "100 %\nof peak 50.0")


def test_that_temperature_and_link_are_shown_with_their_units_if_the_camera_reports_them(page) -> None:
    figures = page.figures
    figures.show_status(PreviewStatus(PreviewState.LIVE, "genicam:1", frames=3))
    assert (figures.text_of("Temperature"), figures.text_of("Link")) == ("", "")
    readings = (reading("DeviceTemperature", 41.26, "C"), reading("DeviceLinkSpeed", 125_000_000, "Bps"))
    figures.show_status(PreviewStatus(PreviewState.LIVE, "genicam:1", readings=readings))
    assert (figures.text_of("Temperature"), figures.text_of("Link")) == ("41.3 °C", "125 MB/s")
    limited = (reading("DeviceLinkSpeed", 1000, "Mbps"), reading("DeviceLinkThroughputLimit", 100_000_000, "Bps"))
    figures.show_status(PreviewStatus(PreviewState.LIVE, "genicam:1", readings=limited))
    assert (figures.text_of("Temperature"), figures.text_of("Link")) == ("", "1000 Mbit/s, limit 100 MB/s")


def test_that_a_camera_that_is_gone_has_no_temperature(page) -> None:
    readings = (reading("DeviceTemperature", 41.26, "C"),)
    page.figures.show_status(PreviewStatus(PreviewState.NONE, "genicam:1", readings=readings))
    assert page.figures.text_of("Temperature") == ""


def test_that_there_is_no_peak_before_the_first_picture(page) -> None:
    bar = page.sharpness.findChild(_Bar)
    page.sharpness.show_nothing()
    page.sharpness.reset()
    strong = QColor(current_theme().colours.strong)
    assert not _columns_of(bar, strong)
    assert page.sharpness.of_peak.text() == ""
    page.sharpness.show_sharpness(20.0)
    assert _columns_of(bar, strong)


def test_that_channels_that_are_the_same_are_one_curve(page) -> None:
    same = np.tile(np.arange(256), (3, 1))
    page.histogram.show_exposure(Exposure(same, 0, 0, 1.0))
    assert [colour for _heights, colour in page.histogram.curves()] == [current_theme().colours.text]
    page.histogram.show_exposure(Exposure(same * [[1], [2], [3]], 0, 0, 1.0))
    assert len({colour for _heights, colour in page.histogram.curves()}) == 3


@pytest.mark.parametrize("theme", sorted(THEMES))
def test_that_every_curve_contrasts_with_its_background(page, theme) -> None:
    apply_theme(Theme(THEMES[theme], current_theme().sizes))
    page.histogram.show_exposure(Exposure(np.arange(3 * 256).reshape(3, 256), 0, 0, 1.0))
    ground = QColor(current_theme().colours.panel)
    assert [colour for _heights, colour in page.histogram.curves() if _contrast(QColor(colour), ground) < 3] == []


def reading(name, value, unit):
    kind = FeatureKind.FLOAT
    return CameraFeature(name, name, kind, "", Visibility.BEGINNER, Access.READ_ONLY, value, unit)


def _columns_of(widget, colour):
    picture = widget.grab().toImage()
    return [x for x in range(picture.width()) if picture.pixelColor(x, picture.height() // 2) == colour]


def _contrast(one, other):
    bright, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


def _luminance(colour):
    linear = [v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in colour.getRgbF()[:3]]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
