"""The worst mistakes: a list with small pictures, and the marked one large with its map."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QIcon, QImage, QPixmap
from PySide6.QtWidgets import QHBoxLayout, QListView, QListWidget, QListWidgetItem, QVBoxLayout

from station.domain.formatting import score
from ui.actions.action_table import Actions
from ui.background.rendered_part import RenderedView
from ui.pages.models.actions import ModelsAct
from ui.pages.models.models_view import MistakeRow
from ui.theme.plain_text import in_a_hint
from ui.theme.theme import current_theme
from ui.widgets.canvas.image_canvas import ImageCanvas, Marks
from ui.widgets.key_button import KeyButton
from ui.widgets.panel import Panel, label
from ui.widgets.text.fitted_text import heading

_NONE = "No single pictures were kept with these figures. Touch Measure to see the worst mistakes."


def _title(rows: Sequence[MistakeRow]) -> str:
    if not rows:
        return "Worst mistakes"
    shown = rows[0].evaluation
    return f"Worst mistakes of {shown.label}, limit {score(shown.image_threshold)}"


class Mistakes(Panel):
    """Shows the worst mistakes of one evaluation.

    Signals:
        chosen: The name of the picture that is marked.
    """

    chosen = Signal(str)

    def __init__(self, actions: Actions) -> None:
        super().__init__()
        self._names: list[str] = []
        self.title = heading("Worst mistakes")
        self.none = label(_NONE, "muted", wrap=True)
        self.list = QListWidget()
        self.list.setAccessibleName("Worst mistakes, the worst first")
        self.list.setWordWrap(True)
        self.list.setResizeMode(QListView.ResizeMode.Adjust)
        self.list.setMinimumHeight(7 * current_theme().sizes.title)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.currentRowChanged.connect(self._choose)
        self.canvas = ImageCanvas("Marked picture")
        self.canvas.setMinimumHeight(6 * current_theme().sizes.title)
        map_key = KeyButton(actions[ModelsAct.SHOW_MAP])
        pictures = QVBoxLayout()
        pictures.setSpacing(current_theme().sizes.gap)
        pictures.addWidget(self.list, 1)
        pictures.addWidget(self.canvas, 1)
        head = QHBoxLayout()
        head.addWidget(self.title, 3)
        head.addWidget(map_key, 1)
        column = QVBoxLayout(self)
        column.addLayout(head)
        column.addWidget(self.none)
        column.addLayout(pictures, 1)
        column.addStretch()

    def show_rows(self, rows: Sequence[MistakeRow]) -> None:
        """List these; their pictures come later."""
        side = round(1.3 * current_theme().sizes.key)
        self._names = [row.picture.name for row in rows]
        self.title.setText(_title(rows))
        self.none.setVisible(not rows)
        for each in (self.list, self.canvas):
            each.setVisible(bool(rows))
        self.list.clear()
        self.list.setIconSize(QSize(side, side))
        for row in rows:
            item = QListWidgetItem(f"{row.words}\n{row.picture.name}")
            item.setToolTip(in_a_hint(row.picture.name))
            self.list.addItem(item)
        self.canvas.show_picture(None)

    def show_pictures(self, small: Mapping[str, QImage]) -> None:
        """The small pictures came."""
        for row, name in enumerate(self._names):
            if name in small:
                self.list.item(row).setIcon(QIcon(QPixmap.fromImage(small[name])))
        if self.list.currentRow() < 0 and self._names:
            self.list.setCurrentRow(0)

    def show_large(self, picture: RenderedView | None) -> None:
        """Show the marked picture."""
        self.canvas.show_picture(picture)

    def toggle_map(self) -> None:
        """Show the map or hide it."""
        hidden = self.canvas.marks is Marks.HIDDEN
        self.canvas.set_marks(Marks.MAP if hidden else Marks.HIDDEN)

    def _choose(self, row: int) -> None:
        if 0 <= row < len(self._names):
            self.chosen.emit(self._names[row])
