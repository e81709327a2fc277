"""The widgets of the set-up page: the steps, the picture of the camera, and the keys of the step that is marked."""

from collections.abc import Sequence

from PySide6.QtCore import QSignalBlocker, QSize, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QListWidgetItem, QSizePolicy, QVBoxLayout, QWidget

from station.domain.guide import GuideStep, StepKey, StepView
from station.domain.preview import PreviewPicture
from ui.actions.action_table import Actions
from ui.background.rendered_part import RenderedPart, qimage
from ui.pages.guide.actions import ACTS_OF, GuideAct
from ui.pages.guide.camera_choice import CameraChoice
from ui.theme.theme import current_theme
from ui.widgets.canvas.image_canvas import ImageCanvas
from ui.widgets.canvas.picture_canvas import PictureCanvas
from ui.widgets.canvas.region_canvas import RegionCanvas
from ui.widgets.chooser import Chooser
from ui.widgets.key_button import KeyButton
from ui.widgets.panel import Panel, label
from ui.widgets.text.fitted_text import ElidedLine
from ui.widgets.wrapped_item import wrapped_rows

_DONE, _OPEN = "\u2713", "\u2022"
_NOTHING_YET = "The camera shows nothing yet"


class GuidePage(QWidget):
    """Name the product, go from step to step, leave and come back at any of them.

    Signals:
        product_named: The name that was typed or chosen.
        step_marked: A `StepKey`.
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
        self._shown: tuple[StepView, ...] = ()
        self.steps = wrapped_rows("Steps")
        self.steps.currentItemChanged.connect(self._mark)
        self.heading, self.sentence = ElidedLine(), label("", "large", wrap=True)
        self.heading.setProperty("role", "title")
        self.said = label("", "muted", wrap=True)
        self.choice = CameraChoice()
        self.live, self.tried = PictureCanvas("Picture of the camera"), ImageCanvas("Part of the trial")
        self.region = RegionCanvas("Picture with region and ignore mask")
        for canvas in (self.live, self.tried, self.region):
            canvas.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Ignored)
        self.live.set_empty_text(_NOTHING_YET)
        self.tried.set_empty_text("No part was tried yet")
        acts = [act for acts in ACTS_OF.values() for act in acts]
        self.keys = {act: KeyButton(actions[act]) for act in (*acts, GuideAct.NEXT_STEP)}
        self.region.setToolTip("drag a rectangle; arrow keys move it, with Shift they size it")
        self._lay_out()

    @property
    def product(self) -> str:
        """Return the name in the entry, without spaces around it."""
        return self.products.currentText().strip()

    @property
    def marked(self) -> StepKey | None:
        """Return the step that is marked."""
        row = self.steps.currentRow()
        return self._shown[row].key if 0 <= row < len(self._shown) else None

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

    def show_steps(self, steps: tuple[StepView, ...], marked: StepKey) -> None:
        """Show the steps, with this one marked."""
        self._shown = steps
        with QSignalBlocker(self.steps):
            if self.steps.count() != len(steps):
                self.steps.clear()
                for _ in steps:
                    self.steps.addItem(QListWidgetItem())
            for row, each in enumerate(steps):
                item = self.steps.item(row)
                item.setText(f"{_DONE if each.done else _OPEN}  {row + 1}  {each.heading}")
                item.setData(Qt.ItemDataRole.AccessibleTextRole,
                             f"{each.heading}, {'done' if each.done else 'not done'}")  # fmt: skip
                if each.key == marked:
                    self.steps.setCurrentRow(row)
                    self._show_step(each)

    def show_live(
        self, picture: PreviewPicture | None, instead: str = _NOTHING_YET, *, simulated: bool = False
    ) -> None:
        """Show the newest picture of the camera; without one, words in its place."""
        self.live.simulated = self.region.simulated = simulated
        if picture is None:
            self.live.set_empty_text(instead)
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

    def say_if_silent(self, text: str) -> None:
        """Say it if nothing else is said."""
        if not self.said.text():
            self.say(text)

    def _show_step(self, shown: StepView) -> None:
        step = shown.step
        self.heading.setText(shown.heading)
        self.sentence.setText(shown.sentence)
        for act, key in self.keys.items():
            key.setVisible(act in ACTS_OF[step])
            self._actions[act].setEnabled(act in ACTS_OF[step] and shown.possible)
        self.keys[GuideAct.NEXT_STEP].setVisible(step is not GuideStep.RELEASE)
        self._actions[GuideAct.NEXT_STEP].setEnabled(shown.done and step is not GuideStep.RELEASE)
        self.choice.setVisible(step is GuideStep.CAMERA)
        self.region.setVisible(step is GuideStep.REGION)
        self.tried.setVisible(step is GuideStep.TRY)
        self.live.setVisible(step in (GuideStep.CAMERA, GuideStep.PICTURES))
        self._rest.setVisible(not any(each.isVisibleTo(self) for each in (self.tried, self.live, self.region)))

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
        middle.addWidget(self.choice, 2)
        middle.addWidget(self.live, 3)
        middle.addWidget(self.region, 3)
        middle.addWidget(self.tried, 3)
        middle.addWidget(self._rest, 1)
        column.addLayout(middle, 1)
        keys = QHBoxLayout()
        for key in self.keys.values():
            keys.addWidget(key)
        column.addLayout(keys)
        return panel
