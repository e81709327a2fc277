"""A place that keeps the changes of its widget from the layouts around it."""

import pytest
from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLabel, QWidget

from ui.widgets.quiet_place import QuietPlace


class Layouts(QObject):
    """Counts how often a widget is laid out again."""

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        self.count = 0
        widget.installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        self.count += event.type() == QEvent.Type.LayoutRequest
        return False


def _shown(content: QWidget, qtbot) -> QWidget:
    around = QWidget()
    qtbot.addWidget(around)
    QHBoxLayout(around).addWidget(content)
    around.resize(300, 60)
    around.show()
    QApplication.processEvents()
    return around


@pytest.mark.parametrize("quiet", [True, False])
def test_that_a_longer_word_in_a_quiet_place_alone_lays_out_nothing_around(qtbot, quiet: bool) -> None:
    words = QLabel("Part 1")
    around = _shown(QuietPlace(words) if quiet else words, qtbot)
    layouts = Layouts(around)
    words.setText("Part 1, which is longer")
    QApplication.processEvents()
    assert bool(layouts.count) is not quiet


def test_that_the_widget_is_as_large_as_its_place(qtbot) -> None:
    words = QLabel("Part 1")
    around = _shown(place := QuietPlace(words), qtbot)
    around.resize(500, 90)
    QApplication.processEvents()
    assert words.size() == place.size()
    assert place.width() > 400


def test_that_a_place_asks_for_the_room_that_its_widget_may_have(qtbot) -> None:
    words = QLabel("Part 1")
    place = QuietPlace(words)
    qtbot.addWidget(place)
    words.setMinimumHeight(80)
    words.setMaximumWidth(10)
    assert place.sizeHint().height() == place.minimumSizeHint().height() == 80
    assert place.sizeHint().width() == 10
