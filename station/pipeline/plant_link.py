"""Keeps the records on their way to the plant while the station is open; says so if they cannot be sent."""

import logging
import threading
import time
from collections.abc import Callable
from typing import Self

from station.domain.alarm import Alarm, AlarmKind
from station.domain.errors import StationError
from station.review.alarm_list import AlarmList
from station.settings import PlantSettings
from station.storage.engine.database import Database
from station.storage.plant.beside import Said, SendingOrder, SendingProcess
from station.storage.plant.has_journal import has_journal
from station.workspace import Workspace

_log = logging.getLogger(__name__)
_LOOK_EVERY_S = 1.0
_START_AGAIN_AFTER_S = 10.0
_AWAY_FOR_S = 60.0
_EXPLAINED = "Nothing is lost: the records wait on this station. The plant does not see its newest parts."


class PlantLink:
    """The process that sends, started again if it dies. Works from the first `with`, or `start`, to `close`.

    The line that ends does not end it: what was recorded last is sent then.
    """

    def __init__(
        self,
        workspace: Workspace,
        station: str,
        settings: PlantSettings,
        alarms: AlarmList,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        """Start nothing yet.

        Args:
            workspace: The station's folder.
            station: Its name.
            settings: Where the plant is; without an address nothing is ever started.
            alarms: Where is said that nothing can be sent.
            now: A clock that is never set, seconds.
        """
        self._order = SendingOrder(workspace.root, settings.database, settings.password_file, station)
        self._log = workspace.logs / "plant.log"
        self._alarms = alarms
        self._now = now
        self._ending = threading.Event()
        self._thread: threading.Thread | None = None
        self._away_since: float | None = None
        self._said = Said("", "", away=False)

    def take_stock(self, database: Database) -> None:
        """Note changes no longer if the settings name no plant any more.

        Raises:
            StorageError: The disk refused it.
        """
        if not self._order.database and has_journal(database):
            from station.storage.plant.journal import Journal  # noqa: PLC0415 - a station without a plant loads none

            Journal(database).end()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Go on sending: `close` ends it."""

    def start(self) -> None:
        """Send from now on; nothing happens without a plant, or if it is sent already."""
        if self._order.database and self._thread is None:
            self._thread = threading.Thread(target=self._keep, name="lineside plant link", daemon=True)
            self._thread.start()

    def close(self) -> None:
        """Send no more."""
        self._ending.set()
        if self._thread is not None:
            self._thread.join()

    def hear(self, said: Said) -> None:
        """Take what the process says. A server that is away for a minute is an alarm; a refusal is one at once."""
        if said.problem != self._said.problem:
            _log.warning("plant: %s", said.problem or "the records are sent")
        self._said = said
        self._away_since = (self._away_since or self._now()) if said.away else None
        self.look()

    def look(self) -> None:
        """Raise or end the alarm, as it is now."""
        since = self._away_since
        if not self._said.problem:
            self._alarms.end_alarm(AlarmKind.PLANT_BEHIND)
        elif since is None or self._now() - since >= _AWAY_FOR_S:
            self._alarms.raise_alarm(AlarmKind.PLANT_BEHIND, _alarm(self._said))

    def _keep(self) -> None:
        while not self._ending.is_set():
            try:
                process = SendingProcess(self._order, self._log, self.hear)
            except (StationError, OSError) as error:
                self.hear(Said(str(error), "Restart the station.", away=False))
            else:
                self._watch(process)
            self._ending.wait(_START_AGAIN_AFTER_S)

    def _watch(self, process: SendingProcess) -> None:
        try:
            while process.runs and not self._ending.wait(_LOOK_EVERY_S):
                self.look()
            if not self._ending.is_set():
                self.hear(Said("The program that sends has ended by itself.", f"Its log is {self._log}.", away=True))
        finally:
            process.close()


def _alarm(said: Said) -> Alarm:
    return Alarm("The records are not sent to the plant.", said.problem, _EXPLAINED, said.advice)
