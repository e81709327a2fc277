"""A pyqtgraph plot to look at: no menus, no mouse, in the window's own colours and type."""

from abc import abstractmethod
from typing import Any

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QColor, QFont
from PySide6.QtWidgets import QWidget

from ui.theme.theme import FAMILY, current_theme
from ui.widgets.panel import Panel


class PlotPanel(Panel):
    """A panel with a plot that is drawn again in another theme or size."""

    @abstractmethod
    def draw(self) -> None:
        """Draw what is shown."""

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802
        """Follow the look."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self.draw()


def still_plot(parent: QWidget, name: str) -> Any:  # noqa: ANN401 - pyqtgraph has no types
    """A PlotWidget; pyqtgraph takes half a second to load, which the first verdict does not wait for."""
    import pyqtgraph  # noqa: PLC0415

    plot = pyqtgraph.PlotWidget(enableMenu=False)
    plot.setAccessibleName(name)
    plot.setMouseEnabled(False, False)
    plot.hideButtons()
    for each in (plot, plot.viewport()):
        each.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    _adopt_menus(plot, parent)
    return plot


def dress(plot: Any) -> None:  # noqa: ANN401
    """Give the plot the present look."""
    colours, font = current_theme().colours, QFont(FAMILY)
    font.setPixelSize(current_theme().sizes.small)
    plot.setBackground(QColor(colours.panel))
    for name in ("left", "bottom"):
        axis = plot.getAxis(name)
        axis.setStyle(tickFont=font, tickLength=0)
        axis.setPen(QColor(colours.line))
        axis.setTextPen(QColor(colours.muted))


def _adopt_menus(plot: Any, parent: QWidget) -> None:  # noqa: ANN401
    """Pyqtgraph makes menus even where none is wanted, and lets them outlive their plot."""
    item = plot.getPlotItem()
    for menu in (item.ctrlMenu, *(action.menu() for action in item.ctrlMenu.actions() if action.menu())):
        menu.setParent(parent, menu.windowFlags())
