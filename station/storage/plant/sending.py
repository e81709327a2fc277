"""Sends what the station has recorded to its plant: first what was there before, then each change in its order."""

import secrets
from collections.abc import Callable
from datetime import datetime

from station.domain.clock import utc_now
from station.storage.plant.journal import Journal
from station.storage.plant.receiving import Plant, Received, other_records
from station.storage.plant.sent_tables import Row, SentTable, key_text, sent_tables

_COPIED_AT_ONCE = 1000
_NOTHING = Received("", 0, sent_tables()[0].name, None)


class Sender:
    """One station's way to its plant; for one thread. After an error, make another one.

        new --nothing there--> copying --last table--> following
         |--batch known-----------^-----------------------^
         `--batch unknown--> OtherRecordsError

    Each batch has a random token. It is noted here before it is sent, and there in the transaction that has the rows:
    so both know how far the plant is, and no batch is written twice or left out, also if its answer was lost, or the
    server has lost what it had acknowledged.

    Attributes:
        rows_sent: How many rows the plant has received from this sender, or removed for it.
    """

    def __init__(self, journal: Journal, plant: Plant, now: Callable[[], datetime] = utc_now) -> None:
        """Compare what both sides know.

        Args:
            journal: The station's; it was begun.
            plant: Its schema there.
            now: The wall clock, UTC.

        Raises:
            OtherRecordsError: The plant has a batch that this station does not know.
            StorageError: One of them cannot be read.
        """
        self._journal, self._plant, self._now = journal, plant, now
        received = plant.received()
        if received is None:
            journal.start_over()
        elif not journal.is_known(received.token, received.step):
            raise other_records()
        else:
            journal.note_received(received.step, now(), is_copied=not received.copying)
        self._received = received or _NOTHING
        self._new_step, self._new = 0, set[tuple[str, str]]()
        self.rows_sent = 0

    def send_some(self) -> bool:
        """Send one batch, which may be the end of a table without rows; return False if the plant has everything.

        Raises:
            OtherRecordsError: Somebody else sends under this name.
            StorageError: The disk or the server refused it, or the server went away.
        """
        if self._received.copying:
            self._copy_some()
            return True
        batch = self._journal.batch()
        if batch is None:
            return False
        self._send(Received(secrets.token_hex(8), batch.step, "", None), batch.rows, batch.removed)
        return True

    def _copy_some(self) -> None:
        """Copy the next rows of the table that is being copied. What came into it since is sent by the journal.

        Such a row may refer to another new one, which is not there yet.
        """
        tables = {each.name: each for each in sent_tables()}
        table = tables[self._received.copying]
        found = self._journal.rows_behind(table, self._received.copied_key, _COPIED_AT_ONCE)
        self._learn_new()
        rows = [row for row in found if (table.name, key_text(table.key_of(row))) not in self._new]
        last = len(found) < _COPIED_AT_ONCE
        goes_on = _next(table) if last else table.name
        key = None if last else table.key_of(found[-1])
        self._send(Received(secrets.token_hex(8), 0, goes_on, key), {table.name: rows}, {})

    def _learn_new(self) -> None:
        """Look after the rows were read: so every new row among them is known."""
        self._new_step, new = self._journal.new_since(self._new_step)
        self._new |= new

    def _send(self, now: Received, rows: dict[str, list[Row]], removed: dict[str, list[Row]]) -> None:
        self._journal.note_batch(now.token, now.step)
        self._plant.take(self._received.token, now, rows, removed, self._now())
        self._journal.note_received(now.step, self._now(), is_copied=not now.copying)
        self._received = now
        self.rows_sent += sum(map(len, (*rows.values(), *removed.values())))


def _next(table: SentTable) -> str:
    """Return the table that is copied after this one; "" after the last."""
    tables = sent_tables()
    return next((tables[place + 1].name for place in range(len(tables) - 1) if tables[place] == table), "")
