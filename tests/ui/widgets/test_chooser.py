"""The list of a chooser can be read and touched, in both themes."""

import pytest

from ui.theme.sizes import sizes_for
from ui.theme.theme import THEMES, Theme, apply_theme, current_theme
from ui.widgets.chooser import Chooser


@pytest.fixture(params=sorted(THEMES))
def opened(request, dressed, qtbot):
    apply_theme(Theme(THEMES[request.param], sizes_for(1280, 800, 96)))
    chooser = Chooser()
    qtbot.addWidget(chooser)
    chooser.addItems(["Early", "Late", "Night"])
    chooser.setCurrentIndex(1)
    chooser.show()
    chooser.showPopup()
    yield chooser
    chooser.hidePopup()


def test_that_the_marked_row_has_the_colours_of_a_marked_row(opened) -> None:
    view = opened.view()
    row = view.visualRect(view.model().index(1, 0))
    picture = view.viewport().grab().toImage()
    inside = {
        picture.pixelColor(x, y).name()
        for x in range(row.left() + 2, row.right() - 2)
        for y in range(row.top() + 2, row.bottom() - 2)
    }
    colours = current_theme().colours
    assert {colours.accent.lower(), colours.on_accent.lower()} <= inside


def test_that_a_row_is_as_high_as_a_key(opened) -> None:
    row = opened.view().visualRect(opened.view().model().index(0, 0))
    assert row.height() >= current_theme().sizes.key - 2
