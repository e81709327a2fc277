"""The widgets of the set-up page: the steps, the picture of the camera, and the keys of the step that is marked."""

from collections.abc import Sequence

from PySide6.QtCore import QSignalBlocker, QSize, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QListWidget, QListWidgetItem, QSizePolicy, QVBoxLayout, QWidget

from station.domain.camera import DiscoveryResult
from station.domain.guide import GuideStep, StepView
from station.domain.preview import PreviewPicture
from ui.actions.action_table import Actions
from ui.background.rendered_part import RenderedPart, qimage
from ui.pages.guide.actions import ACTS_OF, GuideAct
from ui.theme.theme import current_theme
from ui.widgets.canvas.image_canvas import ImageCanvas
from ui.widgets.canvas.picture_canvas import PictureCanvas
from ui.widgets.chooser import Chooser
from ui.widgets.key_button import KeyButton
from ui.widgets.panel import Panel, label
from ui.widgets.wrapped_item import WrappedItem

_DATA = Qt.ItemDataRole.UserRole
_DONE, _OPEN = "\u2713", "\u2022"


class GuidePage(QWidget):
    """Name the product, go from step to step, leave and come back at any of them.

    Signals:
        product_named: The name that was typed or chosen.
        step_marked: A `GuideStep`.
    """

    product_named = Signal(str)
    step_marked = Signal(object)

    def __init__(self, actions: Actions) -> None:
        super().__init__()
        self._actions = actions
        self.products = Chooser()
        entry = QLineEdit()
        entry.setPlaceholderText("Name of the product, then Enter")
        entry.returnPressed.connect(self._name)
        self.products.setEditable(True)
        self.products.setLineEdit(entry)
        self.products.setAccessibleName("Product")
        self.products.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.products.activated.connect(lambda _row: self._name())
        self.steps = _rows("Steps")
        self.steps.currentItemChanged.connect(self._mark)
        self.heading, self.sentence = label("", "title"), label("", "large", wrap=True)
        self.said = label("", "muted", wrap=True)
        self.cameras = _rows("Cameras that were found")
        self.live, self.tried = PictureCanvas("Picture of the camera"), ImageCanvas("Part of the trial")
        for canvas in (self.live, self.tried):
            canvas.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Ignored)
        self.live.set_empty_text("The camera shows nothing yet")
        self.tried.set_empty_text("No part was tried yet")
        self.keys = {act: KeyButton(actions[act], strong=act is acts[-1]) for acts in ACTS_OF.values() for act in acts}
        self._lay_out()

    @property
    def product(self) -> str:
        """Return the name in the entry, without spaces around it."""
        return self.products.currentText().strip()

    @property
    def marked(self) -> GuideStep | None:
        """Return the step that is marked."""
        item = self.steps.currentItem()
        return None if item is None else GuideStep(item.data(_DATA))  # Qt makes a plain text of it

    @property
    def camera(self) -> str | None:
        """Return the source of the camera that is marked."""
        item = self.cameras.currentItem()
        source: str | None = None if item is None else item.data(_DATA)
        return source

    def offer_products(self, products: Sequence[str]) -> None:
        """Let one of these be chosen; what is typed stays."""
        typed = self.products.currentText()
        with QSignalBlocker(self.products):
            self.products.clear()
            self.products.addItems(list(products))
            self.products.setEditText(typed)

    def show_product(self, product: str) -> None:
        """Show this name in the entry."""
        with QSignalBlocker(self.products):
            self.products.setEditText(product)

    def show_steps(self, steps: Sequence[StepView], marked: GuideStep | None) -> None:
        """Show the steps, with this one marked."""
        with QSignalBlocker(self.steps):
            if self.steps.count() != len(steps):
                self.steps.clear()
                for _ in steps:
                    self.steps.addItem(QListWidgetItem())
            for row, each in enumerate(steps):
                item = self.steps.item(row)
                item.setText(f"{_DONE if each.done else _OPEN}  {row + 1}  {each.step.value}")
                item.setData(_DATA, each.step)
                item.setData(Qt.ItemDataRole.AccessibleTextRole,
                             f"{each.step.value}, {'done' if each.done else 'not done'}")  # fmt: skip
                if each.step is marked:
                    self.steps.setCurrentRow(row)
        shown = next((each for each in steps if each.step is marked), None)
        if shown is not None:
            self._show_step(shown)

    def show_cameras(self, found: DiscoveryResult) -> None:
        """Show what was found; the marked one stays marked."""
        before = self.camera
        self.cameras.clear()
        for each in found.cameras:
            item = QListWidgetItem(f"{each.name}\n{each.source}, {each.brief}")
            item.setData(_DATA, each.source)
            self.cameras.addItem(item)
            if each.source == before:
                self.cameras.setCurrentItem(item)
        if self.cameras.currentItem() is None and self.cameras.count():
            self.cameras.setCurrentRow(0)

    def show_live(self, picture: PreviewPicture | None) -> None:
        """Show the newest picture of the camera; None for no picture."""
        if picture is None:
            self.live.show_levels((), QSize())
            return
        levels = tuple(map(qimage, picture.levels))
        self.live.show_levels(levels, levels[0].size())

    def show_tried(self, part: RenderedPart | None) -> None:
        """Show a part of the trial."""
        self.tried.show_picture(None if part is None else part.deciding)

    def say(self, text: str) -> None:
        """Say what was done or went wrong."""
        self.said.setText(text)
        self.said.setVisible(bool(text))

    def _show_step(self, shown: StepView) -> None:
        self.heading.setText(shown.step.value)
        self.sentence.setText(shown.sentence)
        for act, key in self.keys.items():
            key.setVisible(act in ACTS_OF[shown.step])
        for act in ACTS_OF[shown.step]:
            self._actions[act].setEnabled(shown.possible or act is GuideAct.FIND_CAMERAS)
        self.cameras.setVisible(shown.step is GuideStep.CAMERA)
        self.tried.setVisible(shown.step is GuideStep.TRY)
        self.live.setVisible(shown.step in (GuideStep.CAMERA, GuideStep.PICTURES))
        self._rest.setVisible(not (self.tried.isVisibleTo(self) or self.live.isVisibleTo(self)))

    def _name(self) -> None:
        if self.product:
            self.product_named.emit(self.product)

    def _mark(self) -> None:
        if (step := self.marked) is not None:
            self.step_marked.emit(step)

    def _lay_out(self) -> None:
        gap = current_theme().sizes.gap
        page = QVBoxLayout(self)
        page.setContentsMargins(gap, gap, gap, gap)
        page.setSpacing(gap)
        page.addWidget(self.products)
        body = QHBoxLayout()
        body.setSpacing(gap)
        body.addWidget(self.steps, 2)
        body.addWidget(self._step_panel(), 7)
        page.addLayout(body, 1)

    def _step_panel(self) -> QWidget:
        panel = Panel()
        column = QVBoxLayout(panel)
        column.setSpacing(current_theme().sizes.gap)
        column.addWidget(self.heading)
        column.addWidget(self.sentence)
        column.addWidget(self.said)
        self._rest = QWidget()
        middle = QHBoxLayout()
        middle.addWidget(self.cameras, 2)
        middle.addWidget(self.live, 3)
        middle.addWidget(self.tried, 3)
        middle.addWidget(self._rest, 1)
        column.addLayout(middle, 1)
        keys = QHBoxLayout()
        for key in self.keys.values():
            keys.addWidget(key)
        column.addLayout(keys)
        return panel


def _rows(name: str) -> QListWidget:
    rows = QListWidget()
    rows.setAccessibleName(name)
    rows.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    rows.setItemDelegate(WrappedItem(rows, lambda _column: rows.viewport().width()))
    return rows
