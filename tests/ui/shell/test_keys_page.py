"""F1."""

import pytest
from PySide6.QtWidgets import QLabel

from ui.actions.action import SHARED_ROWS
from ui.shell.keys_page import KeysPage, in_columns, sections_of
from ui.shell.page_registry import PAGES
from ui.theme.key_names import key_name
from ui.widgets.key_button import KeyButton


@pytest.fixture
def keys_page(window, qtbot):
    made = KeysPage(window, PAGES)
    made.open()
    qtbot.waitUntil(made.isVisible)
    yield made
    made.accept()


def test_that_every_key_is_under_the_title_of_its_page(keys_page) -> None:
    words = [each.text() for each in keys_page.findChildren(QLabel)]
    for page in PAGES:
        assert all(words.index(page.title) < words.index(first.explanation) for first in page.actions[:1])
    assert words.index("Everywhere") < words.index("start the line")
    assert {row.explanation for page in PAGES for row in (*page.actions, page.show_action)} <= set(words)
    assert {row.explanation for row in SHARED_ROWS} <= set(words)


def test_that_the_columns_are_balanced_and_keep_every_section() -> None:
    sections = sections_of(PAGES)
    left, right = in_columns(sections)
    assert sorted(left + right) == sorted(sections)
    heights = [sum(len(rows) + 1 for _, rows in column) for column in (left, right)]
    shortest = min(len(rows) + 1 for _, rows in sections)
    assert abs(heights[0] - heights[1]) <= shortest, "moving any section would not make them more equal"


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
    page = KeysPage(window, PAGES)
    assert page.sizeHint().height() <= size[1]
    assert page.sizeHint().width() <= size[0]
    page.deleteLater()
