"""Found parts say that they are on hold, and why a picture is no longer there."""

from datetime import UTC, datetime

from PySide6.QtWidgets import QLabel, QWidget

from station.domain.hold import Hold
from ui.pages.shift_report.found_parts import FoundPartsDialog


def test_that_a_found_part_says_that_it_is_on_hold_and_why_its_picture_is_gone(qtbot, make_inspection) -> None:
    part, other = make_inspection(7), make_inspection(8)
    holds = {part.key: Hold(part.key, "complaint 4711", "Sue", datetime(2026, 11, 28, tzinfo=UTC))}
    over = QWidget()
    qtbot.addWidget(over)
    dialog = FoundPartsDialog(over, "7", (part, other), "UTC", holds)
    dialog.show_picture(part.key, None, "the disk was full")
    dialog.show_picture(other.key, None)
    words = [each.text() for each in dialog.findChildren(QLabel)]
    assert words.count("ON HOLD: complaint 4711 (Sue)") == 1
    assert words.count("given up: the disk was full") == words.count("no picture") == 1
    dialog.close()
