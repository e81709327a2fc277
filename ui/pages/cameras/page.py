"""The engineer's page for cameras: the list, the live picture with its exposure, and the features."""

from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from ui.actions.action_table import Actions
from ui.pages.cameras.actions import CamerasAct
from ui.pages.cameras.camera_canvas import CameraCanvas
from ui.pages.cameras.camera_figures import CameraFigures
from ui.pages.cameras.camera_list import CameraList
from ui.pages.cameras.feature_editor import FeatureEditor
from ui.pages.cameras.feature_tree import FeatureTree
from ui.pages.cameras.histogram import Histogram
from ui.pages.cameras.sharpness_bar import SharpnessBar
from ui.theme.plain_text import in_a_hint
from ui.theme.theme import current_theme
from ui.widgets.key_button import KeyButton
from ui.widgets.panel import label
from ui.widgets.sized_page import SizedPage
from ui.widgets.text.fitted_text import ElidedLine, FittedSentence

_TOOLS = (CamerasAct.CLIPPING, CamerasAct.CROSSHAIR, CamerasAct.FULL_SIZE)
_LIST_SHARE, _FEATURES_SHARE, _HEAD_SHARE, _GAUGES_SHARE, _EDITOR_SHARE = 0.83, 0.95, 0.18, 0.45, 0.62
_LEAST_SHARE = 0.85
_KEYS = {CamerasAct.READ_FEATURES: "", CamerasAct.COPY_TO_RECIPE: "Copy to recipe", CamerasAct.SUPPORT_FILE: ""}
"""Which keys, and their own words where the action's are too long."""


class CamerasPage(SizedPage):
    """Cameras on the left, the picture in the middle, the features on the right."""

    def __init__(self, actions: Actions) -> None:
        super().__init__()
        self._columns: QHBoxLayout | None = None
        self._actions = actions
        self.release = KeyButton(actions[CamerasAct.RELEASE], "tool", strong=True)
        self.release.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        self.cameras = CameraList(actions)
        self.state, self.name, self.said = label("", "title"), ElidedLine(), FittedSentence(_LEAST_SHARE)
        self.canvas = CameraCanvas()
        self.histogram = Histogram()
        self.sharpness = SharpnessBar(actions)
        self.figures = CameraFigures()
        self.features = FeatureTree()
        self.editor = FeatureEditor(actions)
        self._lay_out(actions)
        self.fit_sizes()

    def offer_release(self, label: str) -> None:
        """Show the key that releases this draft; none for an empty label."""
        self.release.setVisible(bool(label))
        self._actions[CamerasAct.RELEASE].setEnabled(bool(label))
        self._actions[CamerasAct.RELEASE].setText(f"Release {label}" if label else "Release")

    def say(self, text: str) -> None:
        """What was done or went wrong; while there is nothing to say, the camera's name has all the room."""
        self.said.setVisible(bool(text))
        self.said.setText(text)
        self.said.setToolTip(in_a_hint(text))

    def show_nothing(self) -> None:
        """Forget the camera before; nothing of it may be taken for the next one's."""
        self.say("")
        self.canvas.show_nothing()
        self.histogram.show_exposure(None)
        self.sharpness.show_nothing()
        self.figures.show_picture(None)
        self.features.show_features(())

    def show_live(self, live: bool) -> None:
        """Gauges and values are those of now, or the last that came."""
        for widget in (self.histogram, self.sharpness, self.features):
            widget.show_live(live)

    def fit_sizes(self) -> None:
        """Apply the widths and gaps of the present theme."""
        if self._columns is None:
            return
        side, gap = current_theme().sizes.side, current_theme().sizes.gap
        self.cameras.setFixedWidth(round(side * _LIST_SHARE))
        self._right.setFixedWidth(round(side * _FEATURES_SHARE))
        self._tools.setFixedWidth(current_theme().sizes.tools)
        self._head.setFixedHeight(round(side * _HEAD_SHARE))
        self._gauges.setFixedHeight(round(side * _GAUGES_SHARE))
        self.editor.setFixedHeight(round(side * _EDITOR_SHARE))
        self._columns.setContentsMargins(gap, gap, gap, gap)

    def _lay_out(self, actions: Actions) -> None:
        self._columns = QHBoxLayout(self)
        self._columns.setSpacing(current_theme().sizes.gap)
        self._columns.addWidget(self.cameras)
        self._columns.addLayout(self._lay_out_middle(actions), 1)
        self._columns.addWidget(self._lay_out_right(actions))

    def _lay_out_middle(self, actions: Actions) -> QVBoxLayout:
        picture = QHBoxLayout()
        picture.setSpacing(6)
        picture.addWidget(self._lay_out_tools(actions))
        picture.addWidget(self.canvas, 1)
        self._gauges = QWidget()
        gauges = QHBoxLayout(self._gauges)
        gauges.setContentsMargins(0, 0, 0, 0)
        gauges.setSpacing(current_theme().sizes.gap)
        gauges.addWidget(self.histogram, 5)
        gauges.addWidget(self.sharpness, 3)
        middle = QVBoxLayout()
        middle.setSpacing(current_theme().sizes.gap)
        middle.addWidget(self._lay_out_head())
        middle.addLayout(picture, 1)
        middle.addWidget(self._gauges)
        middle.addWidget(self.figures)
        return middle

    def _lay_out_head(self) -> QWidget:
        self._head = QWidget()
        names = QVBoxLayout()
        names.setSpacing(0)
        names.addWidget(self.state)
        names.addWidget(self.name)
        head = QHBoxLayout(self._head)
        head.setContentsMargins(0, 0, 0, 0)
        head.setSpacing(current_theme().sizes.gap)
        head.addLayout(names, 2)
        head.addWidget(self.said, 3)
        head.addWidget(self.release)
        return self._head

    def _lay_out_tools(self, actions: Actions) -> QWidget:
        self._tools = QWidget()
        tools = QVBoxLayout(self._tools)
        tools.setContentsMargins(0, 0, 0, 0)
        tools.setSpacing(current_theme().sizes.gap // 2)
        for act in _TOOLS:
            tools.addWidget(KeyButton(actions[act], "tool"))
        tools.addStretch()
        return self._tools

    def _lay_out_right(self, actions: Actions) -> QWidget:
        self._right = QWidget()
        right = QVBoxLayout(self._right)
        right.setContentsMargins(0, 0, 0, 0)
        right.setSpacing(current_theme().sizes.gap)
        right.addWidget(self.features, 1)
        right.addWidget(self.editor)
        keys = QHBoxLayout()
        keys.setSpacing(current_theme().sizes.gap // 2)
        for act, text in _KEYS.items():
            keys.addWidget(KeyButton(actions[act], "tool", text=text))
        right.addLayout(keys)
        return self._right
