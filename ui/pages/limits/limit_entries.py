"""The four limits as numbers, and three ways to choose the fail limit."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QSizePolicy

from station.domain.verdict import Limits
from ui.actions.action_table import Actions
from ui.pages.limits.actions import LimitsAct
from ui.pages.limits.number_entry import NumberEntry
from ui.pages.limits.shown_limits import in_digits
from ui.theme.theme import current_theme
from ui.widgets.key_button import KeyButton
from ui.widgets.panel import Panel, label

_MOST_AREA = 100_000_000
_GREATEST = 1_000_000


class LimitEntries(Panel):
    """Fail, review, places on the map, and the least area of a place."""

    def __init__(self, actions: Actions) -> None:
        super().__init__()
        self.fail = NumberEntry("Fail above", 0.005, 0.001, 0.999)
        self.review = NumberEntry("Review above", 0.005, 0.001, 0.999)
        self.pixel = NumberEntry("Pixel limit", 0.01, 0.001, 0.999)
        self.area = NumberEntry("Minimum area in square pixels", 10, 0, _MOST_AREA)
        grid = QGridLayout(self)
        grid.setSpacing(current_theme().sizes.gap // 2)
        rows = (("Fail >", self.fail), ("Review >", self.review), ("Pixel >", self.pixel), ("Area px\u00b2", self.area))
        for place, (name, entry) in enumerate(rows):
            row, column = divmod(place, 2)
            grid.addWidget(label(name, "small"), row, 2 * column)
            grid.addWidget(entry, row, 2 * column + 1)
            entry.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        grid.setColumnStretch(1, 1)
        grid.setColumnStretch(3, 1)
        grid.addWidget(KeyButton(actions[LimitsAct.REVIEW], "tool"), 2, 0, 1, 2)
        grid.addWidget(KeyButton(actions[LimitsAct.PUT_BACK], "tool"), 2, 2, 1, 2)

    def show_nothing(self) -> None:
        """Show no limit: there are no scores to try one on."""
        for entry in (self.fail, self.review, self.pixel, self.area):
            entry.show_number("")

    def show_limits(self, limits: Limits) -> None:
        """Show these."""
        self.fail.show_number(in_digits(limits.image_threshold))
        self.review.show_number("" if limits.review_threshold is None else in_digits(limits.review_threshold))
        self.review.setEnabled(limits.review_threshold is not None)
        self.pixel.show_number(in_digits(limits.pixel_threshold))
        self.area.show_number(str(limits.min_area_px))


class WaysToChoose(Panel):
    """Each way has its number and its key; Enter in the number chooses as well.

    Signals:
        wanted: The name of the action.
    """

    wanted = Signal(str)

    def __init__(self, actions: Actions) -> None:
        super().__init__()
        self.overkill = NumberEntry("Overkill at most, per cent", 0.5, 0, 100)
        self.detection = NumberEntry("Detection at least, per cent", 1, 0, 100)
        self.cost = NumberEntry("What an escape costs, if an overkill costs 1", 10, 0.01, _GREATEST)
        grid = QGridLayout(self)
        grid.setSpacing(current_theme().sizes.gap // 2)
        grid.setColumnStretch(0, 3)
        grid.setColumnStretch(1, 2)
        ways = (
            (LimitsAct.BY_OVERKILL, self.overkill, "1", "%"),
            (LimitsAct.BY_DETECTION, self.detection, "95", "%"),
            (LimitsAct.BY_COST, self.cost, "200", ": 1"),
        )
        for row, (act, entry, start, unit) in enumerate(ways):
            entry.show_number(start)
            entry.returnPressed.connect(lambda act=act: self.wanted.emit(act))
            entry.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
            cells = (KeyButton(actions[act], "tool"), entry, label(unit, "small"))
            for column, widget in enumerate(cells):
                grid.addWidget(widget, row, column)
