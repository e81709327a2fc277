"""What a screen reader is given: pictures are images, and a number says what it counts."""

from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QWidget

from station.domain.inspection import Counts
from ui.widgets.canvas.picture_canvas import PictureCanvas


def names(root: QWidget, role: QAccessible.Role) -> list[str]:
    """Return the names of all widgets of this role below a widget."""
    found = [QAccessible.queryAccessibleInterface(each) for each in (root, *root.findChildren(QWidget))]
    return [each.text(QAccessible.Text.Name) for each in found if each.role() == role]


def test_that_pictures_are_images(window) -> None:
    page = window.page_of("line")
    canvas = page.findChild(PictureCanvas)
    images = names(page, QAccessible.Role.Graphic)
    assert canvas.accessibleName() in images
    assert "The place enlarged" in images


def test_that_a_count_is_read_with_its_name(window) -> None:
    page = window.page_of("line")
    page.counters.show_counts(Counts(passed=60, review=2, failed=37, not_inspected=1))
    read = names(page.counters, QAccessible.Role.StaticText)
    assert {"Fail 37", "Pass 60", "Not inspected 1", "Review 2"} <= set(read)
