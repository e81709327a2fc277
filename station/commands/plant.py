"""Commands for the database of the plant: how far it is behind, and sending by hand."""

import os
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime

from station.concurrency.file_lock import opened_lock, try_lock
from station.domain.audit import AuditAction
from station.domain.clock import utc_now
from station.domain.errors import BadInputError
from station.domain.formatting import counted
from station.domain.permissions import Authority, Permission
from station.people.audit_trail import AuditTrail
from station.pipeline.plant_link import PlantLink
from station.settings import Settings
from station.storage.engine.database import Database
from station.storage.plant.beside import LOCK
from station.workspace import Workspace


class NoPlantError(BadInputError):
    """The settings name no plant."""

    advice = 'Write its address into station.toml: [plant] database = "postgresql://lineside@server/plant".'


@dataclass(frozen=True, slots=True)
class PlantStatus:
    """How far the plant is.

    Attributes:
        address: Of its database, without a password.
        schema: Where the records of this station are in it.
        changes, parts: How many changes of rows, and how many new parts, wait to be sent.
        is_copied: What was recorded before the station got a plant is there.
        sent_at: When something was received last, UTC; None before the first time.
        problem, advice: Why nothing can be sent, and what to do; "" if nothing is known.
        problem_since: Since when, UTC.
    """

    address: str
    schema: str
    changes: int
    parts: int
    is_copied: bool
    sent_at: datetime | None
    problem: str
    advice: str
    problem_since: datetime | None

    @property
    def is_up_to_date(self) -> bool:
        """Return whether the plant has every record."""
        return self.is_copied and not self.changes and not self.problem

    @property
    def sentence(self) -> str:
        """Return it for people: "3 parts wait (17 changes of records); last sent 2026-11-29 12:00:00 UTC"."""
        last = f"last sent {self.sent_at:%Y-%m-%d %H:%M:%S} UTC" if self.sent_at else "nothing was sent yet"
        if self.is_copied and not self.changes:
            said = f"everything was sent; {last}"
        else:
            waits = f"{counted(self.parts, 'part')} and {counted(self.changes, 'change')} of records wait"
            said = f"{waits if self.is_copied else 'the first copy of all records is not complete'}; {last}"
        since = f", since {self.problem_since:%Y-%m-%d %H:%M:%S} UTC" if self.problem_since else ""
        return f"{said}. {self.problem.rstrip('.')}{since}" if self.problem else said


class PlantCommands:
    """Looking is open to everybody; sending by hand asks the authority first. Safe from any thread."""

    def __init__(
        self,
        authority: Authority,
        workspace: Workspace,
        settings: Settings,
        database: Database,
        link: PlantLink,
        audit: AuditTrail,
    ) -> None:
        """Send from this station to its plant."""
        self._authority = authority
        self._root = workspace.root
        self._settings = settings
        self._database = database
        self._link = link
        self._audit = audit

    def keep_sending(self) -> None:
        """Send from now on until the station is closed; nothing happens without a plant."""
        self._link.start()

    def status(self) -> PlantStatus:
        """Return how far the plant is behind, as this station knows it: nobody is asked.

        Raises:
            NoPlantError: The settings name none.
        """
        self._require_plant()
        from station.storage.plant.address import schema_of, shown_address  # noqa: PLC0415
        from station.storage.plant.journal import Journal  # noqa: PLC0415

        journal = Journal(self._database)
        sending, (changes, parts) = journal.sending(), journal.unsent()
        address, schema = shown_address(self._settings.plant), schema_of(self._root)
        if sending is None:
            return PlantStatus(address, schema, changes, parts, False, None, "", "", None)
        return PlantStatus(
            address, schema, changes, parts, sending.is_copied, sending.sent_at, sending.problem, sending.advice,
            sending.problem_since,
        )  # fmt: skip

    def send(self) -> int:
        """Send everything that waits, and return how many rows that were.

        Raises:
            PermissionRefusedError: This role may not send the records.
            BadInputError: There is no plant, another program sends, or the plant refuses.
            StorageError: The server is away, or a disk refused. What was sent until then was received.
        """
        self._authority.authorise(Permission.BACK_UP)
        with self._sending_alone():
            return self._sent()

    def resend(self, reason: str) -> str:
        """Give what the plant has of this station another name there, and send everything again.

        Return the name under which the plant keeps what it had.

        Raises:
            PermissionRefusedError, BadInputError, StorageError: As `send`.
        """
        self._authority.authorise(Permission.BACK_UP)
        with self._sending_alone():
            from station.storage.plant.journal import Journal  # noqa: PLC0415
            from station.storage.plant.opening import open_plant  # noqa: PLC0415

            journal = Journal(self._database)
            journal.begin()
            with closing(open_plant(self._settings.plant, self._root, self._settings.station.name)) as plant:
                kept = plant.set_aside(utc_now())
            address = self.status().address
            with self._audit.together():
                journal.start_over()
                self._audit.record(AuditAction.PLANT_SENT_AGAIN, address, old=kept, reason=reason)
            self._sent()
        return kept

    def _sent(self) -> int:
        from station.storage.plant.journal import Journal  # noqa: PLC0415
        from station.storage.plant.opening import open_plant, send_all  # noqa: PLC0415

        journal = Journal(self._database)
        journal.begin()
        with closing(open_plant(self._settings.plant, self._root, self._settings.station.name)) as plant:
            return send_all(journal, plant)

    def _require_plant(self) -> None:
        if not self._settings.plant.database:
            raise NoPlantError("The settings of this station name no plant.")

    @contextmanager
    def _sending_alone(self) -> Iterator[None]:
        self._require_plant()
        handle = opened_lock(self._root / LOCK)
        try:
            if not try_lock(handle):
                raise BadInputError(
                    "Another program of this station sends to the plant.", "Wait, or close the station there."
                )
            yield
        finally:
            os.close(handle)
