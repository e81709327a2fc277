"""What people typed is shown as it is, on every page: never as markup, a shortcut or a mark of the window."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from hostile import ENTRIES, TEXTS
from PySide6 import QtGui
from PySide6.QtCore import QAbstractListModel, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QAbstractButton, QAbstractItemView, QLabel, QWidget

from station.domain.errors import BadInputError
from ui.theme.plain_text import in_a_cell, in_a_hint

_UI = Path(__file__).parents[2] / "ui"
_SEEN = ("markup", "ampersand")
_ROWS = 40
_OF_PYQTGRAPH = "Opacity"
"""A label in a menu that pyqtgraph makes for each plot, and that nobody can open here."""


def _is_text(hint: str) -> bool:
    if not QtGui.Qt.mightBeRichText(hint):
        return True
    return hint.startswith("<qt>") and "<" not in hint[4:-5].replace("<br>", "")


def _hints(widget: QWidget) -> Iterator[str]:
    yield widget.toolTip()
    if isinstance(widget, QAbstractItemView) and widget.model() is not None:
        model, root = widget.model(), widget.rootIndex()
        for row in range(min(model.rowCount(root), _ROWS)):
            for column in range(1 if isinstance(model, QAbstractListModel) else model.columnCount(root)):
                yield str(model.index(row, column, root).data(Qt.ItemDataRole.ToolTipRole) or "")


def _misread(window: QWidget) -> Iterator[str]:
    """Yield what Qt would take for something else than text."""
    for widget in window.findChildren(QWidget):
        what = f"{type(widget).__name__} {widget.objectName()}"
        if (
            isinstance(widget, QLabel)
            and widget.text() not in ("", _OF_PYQTGRAPH)
            and widget.textFormat() is not Qt.TextFormat.PlainText
        ):
            yield f"{what}: reads markup: {widget.text()}"
        if isinstance(widget, QAbstractButton) and not QKeySequence.mnemonic(widget.text()).isEmpty():
            yield f"{what}: has a shortcut: {widget.text()}"
        yield from (f"{what}: hint: {hint}" for hint in _hints(widget) if not _is_text(hint))
    yield from (f"action: {each.toolTip()}" for each in window.findChildren(QAction) if not _is_text(each.toolTip()))


@pytest.mark.slow
def test_that_no_page_takes_a_text_for_something_else(window, qtbot) -> None:
    station, refused = window._station, 0
    for name in _SEEN:
        for entry in ENTRIES.values():
            try:
                entry(station, TEXTS[name])
            except BadInputError:
                refused += 1
    assert refused < len(ENTRIES) * len(_SEEN) / 2
    station.line.load_recipe("plate")
    misread = set()
    for page in window._specs:
        window.show_page(page.name)
        window._tasks.wait(30)
        qtbot.wait(300)
        misread |= {f"{page.name}: {each}" for each in _misread(window)}
    assert misread == set()


def test_that_a_hint_with_signs_of_markup_is_text_with_its_lines() -> None:
    assert in_a_hint("one\ntwo") == "one\ntwo"
    assert in_a_hint("<b>one</b>\ntwo & three") == "<qt>&lt;b&gt;one&lt;/b&gt;<br>two &amp; three</qt>"
    assert in_a_cell("<b>", Qt.ItemDataRole.DisplayRole) == "<b>"
    assert in_a_cell("<b>", Qt.ItemDataRole.ToolTipRole) == "<qt>&lt;b&gt;</qt>"


def _own_words(node: ast.expr) -> bool:
    """Return whether a hint is made of the program's own words: a literal, or a call that makes it a hint."""
    if isinstance(node, ast.Call):
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        return name in ("in_a_hint", "toolTip", "key_name")
    if isinstance(node, ast.JoinedStr):
        return all(_own_words(each.value) for each in node.values if isinstance(each, ast.FormattedValue))
    name = node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")
    return isinstance(node, ast.Constant) or name in ("explanation", "leads_to", "_HOW")


@pytest.mark.slow
def test_that_every_hint_of_the_window_is_made_a_hint() -> None:
    calls = [
        (path.relative_to(_UI).as_posix(), node.lineno, node.args[-1])
        for path in _UI.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "setToolTip"
    ]
    assert len(calls) > 20
    assert [(path, line) for path, line, hint in calls if not _own_words(hint)] == []
