"""Puts parts on hold from the review page, and releases them."""

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from station.app import Station
from station.domain.errors import StationError
from station.domain.formatting import counted
from station.domain.inspection import PartKey
from station.domain.scanned_code import shown
from station.domain.shift import ShiftWindow
from ui.background.tasks import BackgroundTasks
from ui.pages.review.hold_sheet import HoldSheet, Scope


class Holding:
    """Asks which parts, and does it off the GUI thread.

    Args:
        page: Carries the sheet.
        station: Holds and releases.
        tasks: Work off the GUI thread.
        done: Called when parts were held or released.
        failed: Called if they could not be.
    """

    def __init__(
        self,
        page: QWidget,
        station: Station,
        tasks: BackgroundTasks,
        done: Callable[[], object],
        failed: Callable[[StationError], object],
    ) -> None:
        self._page, self._station, self._tasks, self._done, self._failed = page, station, tasks, done, failed

    def ask(self, key: PartKey, lot: str, window: ShiftWindow, *, release: bool) -> None:
        """Ask about a part, and what may be held together with it.

        Args:
            key: The part.
            lot: Its lot; "" if none was set.
            window: The shift whose numbers are meant.
            release: Whether parts are released.
        """

        def show(scopes: tuple[Scope, ...]) -> None:
            if self._page.isVisible():
                self._show_sheet(HoldSheet(self._page, key.part, scopes, release=release), window, release=release)

        self._tasks.ask(lambda: self._scopes(lot), show, self._failed)

    def _scopes(self, lot: str) -> tuple[Scope, ...]:
        """Return the lot, and the suspects of the recipe on the line."""
        found = [(f"Lot {shown(lot)}", self._station.holds.parts_of_lot(lot))] if lot else []
        if recipe := self._station.line.recipe:
            suspects = tuple(each.key for each in self._station.challenge.suspects(recipe.name))
            found += [(f"Suspects of {recipe.name}", suspects)] if suspects else []
        return tuple(Scope(f"{words}, {counted(len(keys), 'part')}", keys) for words, keys in found)

    def _show_sheet(self, sheet: HoldSheet, window: ShiftWindow, *, release: bool) -> None:
        holds = self._station.holds
        change = holds.release if release else holds.hold
        sheet.range_wanted.connect(
            lambda first, last, why: self._do(lambda: change(holds.parts_between(first, last, window), why))
        )
        sheet.scope_wanted.connect(lambda scope, why: self._do(lambda: change(scope.keys, why)))
        sheet.open()

    def _do(self, change: Callable[[], object]) -> None:
        self._tasks.ask(change, lambda _: self._done(), self._failed)
