"""Rows of a table or a list that are as high as their words."""

from collections.abc import Callable

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QListView, QListWidget, QStyledItemDelegate, QStyleOptionViewItem

_PADDING = 12, 5
"""Pixels beside and above the words: the padding of style.qss and Qt's own margin."""
_ANY_HEIGHT = 1_000_000


class WrappedItem(QStyledItemDelegate):
    """As high as its words are at its width; Qt's own delegate forgets the padding of the style sheet.

    Args:
        owner: The view.
        width_of: Returns how wide a column is, pixels.
    """

    def __init__(self, owner: QObject, width_of: Callable[[int], int]) -> None:
        super().__init__(owner)
        self._width_of = width_of

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:  # noqa: N802
        """Return the room for the words, wrapped."""
        room = QRect(0, 0, self._width_of(index.column()) - 2 * _PADDING[0], _ANY_HEIGHT)
        words = QFontMetrics(option.font).boundingRect(room, int(Qt.TextFlag.TextWordWrap), str(index.data()))
        return QSize(super().sizeHint(option, index).width(), words.height() + 2 * _PADDING[1])


def wrapped_rows(name: str) -> QListWidget:
    """Return an empty list whose rows are as high as their words.

    Args:
        name: For people who cannot see it.
    """
    rows = QListWidget()
    rows.setAccessibleName(name)
    rows.setWordWrap(True)
    rows.setResizeMode(QListView.ResizeMode.Adjust)
    rows.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    rows.setItemDelegate(WrappedItem(rows, lambda _column: rows.viewport().width()))
    return rows
