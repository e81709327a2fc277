"""Everything has a key, and no key two meanings."""

from collections import Counter

from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QWidget

from ui.actions.action_table import ROW, TABLE, Act, Actions, Role


def test_that_every_action_is_in_the_table_with_a_key_and_an_explanation() -> None:
    assert set(ROW) == set(Act)
    assert all(not QKeySequence(row.shortcut).isEmpty() and row.explanation for row in TABLE)


def test_that_no_two_actions_of_a_page_share_a_key() -> None:
    for page in (Role.OPERATOR, Role.SUPERVISOR, Role.ENGINEER):
        keys = Counter(row.shortcut for row in TABLE if row.permission in (page, Role.ANYONE))
        assert max(keys.values()) == 1


def test_that_an_action_hangs_on_the_page_of_those_who_may() -> None:
    window = QWidget()
    line, shift, cameras = QWidget(window), QWidget(window), QWidget(window)
    actions = Actions(window, line, shift, cameras)
    assert actions[Act.GOOD_PART] in line.actions()
    assert actions[Act.SAVE_PDF] in shift.actions()
    assert actions[Act.CONNECT] in cameras.actions()
    assert actions[Act.KEYS] in window.actions()
    window.deleteLater()
