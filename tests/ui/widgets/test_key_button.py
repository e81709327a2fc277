"""A key names its key on the keyboard whole or not at all."""

import pytest
from PySide6.QtGui import QAction

from ui.widgets.key_button import KeyButton


@pytest.fixture
def key(dressed, qtbot):
    action = QAction("Set")
    action.setShortcut("Ctrl+Return")
    key = KeyButton(action)
    qtbot.addWidget(key)
    return key


def corner_changes_with_the_shortcut(key: KeyButton) -> bool:
    with_name = key.grab().toImage()
    key._action.setShortcut("")
    return key.grab().toImage() != with_name


def test_that_a_wide_key_shows_its_key_on_the_keyboard(key) -> None:
    key.resize(160, 60)
    assert corner_changes_with_the_shortcut(key)


def test_that_a_key_too_narrow_for_the_whole_name_shows_none_of_it(key) -> None:
    key.resize(48, 60)
    assert not corner_changes_with_the_shortcut(key)
