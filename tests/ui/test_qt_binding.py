"""The binding itself: some builds lose a reference of None or True with every call, and abort after some thousands."""

import sys

import pytest
from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget


class Source(QObject):
    emitted = Signal(object)


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="singletons are immortal since Python 3.12")
def test_that_calls_into_qt_keep_the_references_of_none_and_true() -> None:
    source, widget = Source(), QWidget()
    source.emitted.connect(lambda _value: None)
    true_before, none_before = sys.getrefcount(True), sys.getrefcount(None)
    for _ in range(200):
        source.emitted.emit(1)
        widget.update()
    assert abs(sys.getrefcount(True) - true_before) < 50
    assert abs(sys.getrefcount(None) - none_before) < 50
    widget.deleteLater()
