"""The run that is followed: what it does now, how far it is, and its curve."""

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QSizePolicy, QVBoxLayout

from ui.actions.action_table import Actions
from ui.pages.training.actions import TrainingAct
from ui.pages.training.training_view import ProgressView
from ui.theme.theme import current_theme
from ui.widgets.key_button import KeyButton
from ui.widgets.panel import label
from ui.widgets.plot import PlotPanel, dress, still_plot
from ui.widgets.table import Table
from ui.widgets.text.fitted_text import heading


class ProgressPanel(PlotPanel):
    """Shows one run, with a curve over its seconds: the loss of what is trained by gradients, else the progress.

    The curve of the progress has a rise from 0 to 100 % for each stage.
    """

    def __init__(self, actions: Actions) -> None:
        super().__init__()
        self._shown = ProgressView("", "")
        self.title = heading("")
        self.said = label("", wrap=True)
        self.bar = QProgressBar()
        self.bar.setObjectName("training")
        self.bar.setRange(0, 1000)
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName("Progress of this step")
        self.stages = Table("Steps of the run", ("Step", "Done"), ("Done",), wraps=True, named=True, widest=0)
        self.caption = label("", "muted")
        self._plot = still_plot(self, "Curve of the run")
        self._plot.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Ignored)
        self._curve = self._plot.plot()
        column = QVBoxLayout(self)
        column.addWidget(self.title)
        column.addWidget(self.said)
        column.addWidget(self.bar)
        details = QHBoxLayout()
        details.setSpacing(current_theme().sizes.gap)
        curve = QVBoxLayout()
        curve.addWidget(self.caption)
        curve.addWidget(self._plot, 1)
        details.addLayout(curve, 2)
        details.addWidget(self.stages, 3)
        column.addLayout(details, 1)
        column.addWidget(KeyButton(actions[TrainingAct.CANCEL]))
        self.draw()

    def show_run(self, view: ProgressView) -> None:
        """Show this."""
        if view == self._shown:
            return
        before, self._shown = self._shown, view
        self.title.setText(view.title)
        self.said.setText(view.said)
        self.bar.setVisible(view.share is not None)
        self.bar.setValue(round(1000 * (view.share or 0)))
        if view.stages != before.stages:
            self._show_stages(view.stages)
        if (view.points, view.losses) != (before.points, before.losses):
            self.draw()

    def _show_stages(self, stages: tuple[tuple[str, str], ...]) -> None:
        """Show the steps; the newest is in view unless a person has scrolled."""
        bar = self.stages.verticalScrollBar()
        at_end = bar.value() >= bar.maximum() - 1
        self.stages.show_rows(stages)
        if at_end:
            self.stages.scrollToBottom()

    def draw(self) -> None:
        """Draw the curve."""
        dress(self._plot)
        points = self._shown.losses or self._shown.points
        at, values = [point[0] for point in points], [point[1] for point in points]
        joined = "all" if self._shown.losses else _within_stages(values)
        self._curve.setData(at, values, connect=joined, pen={"color": current_theme().colours.accent, "width": 2})
        self._plot.setXRange(min(at, default=0) if self._shown.losses else 0, max(at, default=10) or 10, padding=0.02)
        self._scale()
        for each in (self._plot, self.stages):
            each.setMinimumHeight(5 * current_theme().sizes.title)

    def _scale(self) -> None:
        """Say what the curve is, and label its ends."""
        losses = [loss for _, loss in self._shown.losses]
        shown = f"Loss, now {_short(losses[-1])}" if losses else "Progress of each step"
        self.caption.setText(f"{shown}; across: seconds")
        low, high = (min(losses), max(losses)) if losses else (0.0, 1.0)
        self._plot.setYRange(low, high if high > low else low + 1, padding=0.1)
        ends = [(low, _short(low)), (high, _short(high))] if losses else [(0, "0 %"), (0.5, "50 %"), (1, "100 %")]
        self._plot.getAxis("left").setTicks([ends])


def _within_stages(shares: list[float]) -> NDArray[np.int32]:
    """Return whether each point is joined with the next one: within a stage the share does not fall."""
    rises = [int(after >= before) for before, after in pairwise(shares)]
    return np.array([*rises, 0][: len(shares)], np.int32)


def _short(loss: float) -> str:
    return f"{loss:.3g}"
