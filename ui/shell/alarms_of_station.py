"""The list of the station's alarms over any page, and what a touch on "Seen" does there."""

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from station.app import Station
from station.domain.alarm import AlarmEntry
from station.domain.errors import StationError
from ui.shell.alarm_list import AlarmListDialog


class AlarmsOfStation:
    """Opens the list, keeps it up to date, and acknowledges.

    Args:
        window: The list opens over it.
        station: Whose alarms; an alarm is acknowledged by whoever is logged in.
        say: Says in a sentence and an advice why that cannot be done.
    """

    def __init__(
        self,
        window: QWidget,
        station: Station,
        say: Callable[[str, str], object],
    ) -> None:
        self._window, self._station, self._say = window, station, say

    def open(self) -> None:
        """Show all alarms with their times."""
        if self._window.findChild(AlarmListDialog) is None:
            AlarmListDialog(self._window, self._station.settings.station.time_zone, self.acknowledge).open()
        self.fill()

    def fill(self) -> None:
        """Show the alarms as they are now, if the list is open."""
        dialog = self._window.findChild(AlarmListDialog)
        if dialog is not None:
            dialog.show_alarms(self._station.alarms.open, self._station.alarms.over)

    def acknowledge(self, shown: AlarmEntry) -> None:
        """Note that a person has seen an alarm as it was shown; one that is over by now has left the list."""
        try:
            self._station.alarms.acknowledge(shown.number, shown)
        except StationError as error:
            self._say(error.for_operator, "")
        self.fill()
