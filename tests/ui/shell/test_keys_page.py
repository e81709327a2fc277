"""F1."""

import pytest
from PySide6.QtWidgets import QLabel

from ui.actions.action_table import TABLE
from ui.shell.keys_page import KeysPage
from ui.theme.key_names import key_name
from ui.widgets.key_button import KeyButton


@pytest.fixture
def keys_page(window, qtbot):
    made = KeysPage(window)
    made.open()
    qtbot.waitUntil(made.isVisible)
    yield made
    made.accept()


def test_that_every_key_stands_under_the_name_of_its_page(keys_page) -> None:
    words = [each.text() for each in keys_page.findChildren(QLabel)]
    headings = ["Line", "Everywhere", "Shift report", "Cameras"]
    assert [word for word in words if word in headings] == headings
    assert words.index("Line") < words.index("start the line") < words.index("Everywhere")
    assert words.index("Cameras") < words.index("look through the marked camera")
    assert all(row.explanation in words for row in TABLE)


def test_that_a_key_has_one_name_everywhere(window, keys_page) -> None:
    words = [each.text() for each in keys_page.findChildren(QLabel)]
    assert "Return" not in words
    for key in window.findChildren(KeyButton):
        name = key._hint()
        assert name in words
        assert key.toolTip().endswith(f"({name})")


def test_that_keys_are_named_as_they_are_printed() -> None:
    assert [key_name(each) for each in ("Ctrl+Return", "PgUp", "F5")] == ["Ctrl+Enter", "Page\u2009\u2191", "F5"]


@pytest.mark.parametrize("size", [(1024, 640), (1280, 800), (1920, 1080)])
def test_that_all_keys_fit_the_window(window, size) -> None:
    window.resize(*size)
    window.fit_sizes()
    page = KeysPage(window)
    assert page.sizeHint().height() <= size[1]
    assert page.sizeHint().width() <= size[0]
    page.deleteLater()
