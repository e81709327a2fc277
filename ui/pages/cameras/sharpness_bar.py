"""A bar for focusing: turn the ring until the bar is longest; the peak keeps the best value."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from ui.actions.action_table import Actions
from ui.pages.cameras.actions import CamerasAct
from ui.theme.theme import current_theme
from ui.widgets.key_button import KeyButton
from ui.widgets.panel import Panel, label
from ui.widgets.text.fitted_text import heading

_PEAK_AT = 0.9
_HEIGHT = 22
_DEAD_OPACITY = 0.4


class SharpnessBar(Panel):
    """Shows the figure of each picture against the best since the last reset."""

    def __init__(self, actions: Actions) -> None:
        super().__init__()
        self.now = self.peak = 0.0
        self._bar, self._name = _Bar(), heading("Sharpness")
        self.figure, self.of_peak = label("\u2013", "strong"), label("", "small")
        words = QHBoxLayout()
        words.addWidget(self._name, 1)
        words.addWidget(self.figure)
        peak = QHBoxLayout()
        peak.addWidget(self.of_peak)
        peak.addWidget(KeyButton(actions[CamerasAct.RESET_PEAK], "tool"), 1)
        column = QVBoxLayout(self)
        column.addLayout(words)
        column.addWidget(self._bar, 1)
        column.addLayout(peak)

    def show_sharpness(self, sharpness: float) -> None:
        """The figure of the newest picture."""
        self.now, self.peak = sharpness, max(self.peak, sharpness)
        share = self.now / self.peak if self.peak else 0.0
        self.figure.setText(_figure(sharpness))
        self.of_peak.setText(f"{100 * share:.0f} %\nof peak {_figure(self.peak)}")
        self._bar.show_share(share)

    def show_nothing(self) -> None:
        """There is no picture to measure, and no peak."""
        self.now = self.peak = 0.0
        self.figure.setText("\u2013")
        self.of_peak.setText("")
        self._bar.show_share(None)

    def show_live(self, live: bool) -> None:
        """The figure is that of a picture of now, or of the last one that came."""
        self._name.setText("Sharpness" if live else "Last sharpness")
        self._bar.setEnabled(live)

    def reset(self) -> None:
        """Forget the peak; the newest picture is the best again."""
        if not self.peak:
            return
        self.peak = 0.0
        self.show_sharpness(self.now)


def _figure(sharpness: float) -> str:
    return f"{sharpness:.0f}" if sharpness >= 100 else f"{sharpness:.1f}"


class _Bar(QWidget):
    """The share of the peak; None without a peak."""

    def __init__(self) -> None:
        super().__init__()
        self._share: float | None = None
        self.setAccessibleName("Sharpness")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def show_share(self, share: float | None) -> None:
        self._share = share
        self.update()

    def sizeHint(self) -> QSize:  # noqa: N802
        return QSize(120, _HEIGHT)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        painter = QPainter(self)
        painter.setPen(Qt.PenStyle.NoPen)
        colours, whole = current_theme().colours, QRectF(self.rect())
        peak_x = whole.width() * _PEAK_AT
        painter.fillRect(whole, QColor(colours.pressed))
        if self._share is None:
            return
        painter.setOpacity(1.0 if self.isEnabled() else _DEAD_OPACITY)
        bar, mark = (colours.accent, colours.strong) if self.isEnabled() else (colours.muted, colours.muted)
        painter.fillRect(QRectF(0, 0, peak_x * self._share, whole.height()), QColor(bar))
        painter.fillRect(QRectF(peak_x - 1.5, 0, 3, whole.height()), QColor(mark))
