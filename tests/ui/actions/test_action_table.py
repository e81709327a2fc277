"""Actions: joined from the pages, working where they belong, and only with their permission."""

import pytest
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QWidget

from station.domain.permissions import Authority, Permission, Role
from ui.actions.action import SHARED_ROWS, ActionRow
from ui.actions.action_table import Actions
from ui.shell.page_registry import PAGES

SEEN = ActionRow("seen", "Look", "L", "look at it")
TAUGHT = ActionRow("taught", "Teach", "T", "teach a product", Permission.TEACH)


@pytest.fixture
def home(qtbot):
    made = QWidget()
    qtbot.addWidget(made)
    return made


@pytest.fixture
def refused():
    return []


@pytest.fixture
def actions(home, refused):
    made = Actions(lambda: Authority.of(Role.OPERATOR), refused.append)
    made.add((SEEN, TAUGHT), home)
    return made


@pytest.mark.slow
@pytest.mark.parametrize("row", [*SHARED_ROWS, *(row for page in PAGES for row in page.actions)], ids=str)
def test_that_every_action_has_words_a_key_and_an_explanation(row: ActionRow) -> None:
    assert row.text
    assert not QKeySequence(row.shortcut).isEmpty()
    assert row.explanation


def test_that_an_action_hangs_on_its_home(actions, home) -> None:
    assert actions[SEEN.name] in home.actions()


def test_that_two_actions_of_one_name_are_refused(actions, home) -> None:
    with pytest.raises(ValueError, match="'seen'"):
        actions.add((SEEN,), home)


def test_that_an_action_that_only_shows_something_needs_no_permission(actions, refused) -> None:
    done = []
    actions.on(SEEN.name, lambda: done.append("seen"))
    actions[SEEN.name].trigger()
    assert (done, refused) == (["seen"], [])


def test_that_an_action_without_its_permission_is_refused_and_not_done(actions, refused) -> None:
    done = []
    actions.on(TAUGHT.name, lambda: done.append("taught"))
    actions[TAUGHT.name].trigger()
    assert (done, refused) == ([], [TAUGHT])


def test_that_an_action_with_its_permission_is_done(home, refused) -> None:
    actions, done = Actions(lambda: Authority.of(Role.ENGINEER), refused.append), []
    actions.add((TAUGHT,), home)
    actions.on(TAUGHT.name, lambda: done.append("taught"))
    actions[TAUGHT.name].trigger()
    assert (done, refused) == (["taught"], [])
