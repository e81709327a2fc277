"""The program that sends: the server is killed and comes back, the program is killed, the line records on."""

import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from plant_rows import rows_in
from postgres_server import PASSWORD, PostgresServer, required
from view_result import view_result
from waiting import until

from station.domain.inspection import Inspection
from station.storage.engine.database import Database
from station.storage.engine.dialects.postgresql import shown
from station.storage.plant.address import schema_of
from station.storage.plant.beside import Said, SendingOrder, SendingProcess
from station.storage.plant.journal import Journal
from station.storage.records.inspections import Inspections

pytestmark = pytest.mark.slow


@pytest.fixture
def own_server() -> Iterator[PostgresServer]:
    required()
    server = PostgresServer()
    try:
        yield server
    finally:
        server.remove()


@contextmanager
def recording(inspections: Inspections, part: Callable[..., Inspection]) -> Iterator[None]:
    """A line that records a part every few milliseconds, whatever the plant does."""
    ended, numbers = threading.Event(), iter(range(1, 100_000))

    def record() -> None:
        while not ended.wait(0.01):
            inspections.record_part(part(next(numbers)), [view_result()], keep_picture=False)

    line = threading.Thread(target=record)
    line.start()
    try:
        yield
    finally:
        ended.set()
        line.join()


def test_that_no_part_is_lost_or_doubled_when_server_and_sender_are_killed(
    database: Database, inspections: Inspections, part: Callable[..., Inspection], own_server: PostgresServer,
    tmp_path: Path,
) -> None:  # fmt: skip
    order, journal, said = _order(own_server, tmp_path), Journal(database), list[Said]()
    sender = SendingProcess(order, tmp_path / "plant.log", said.append)
    with ExitStack() as held:
        with recording(inspections, part):
            until(lambda: said and said[-1].away)  # it is away when the station starts
            own_server.start()
            until(lambda: _is_sending(journal))
            own_server.kill()
            until(lambda: said[-1].away)
            os.kill(sender.pid, signal.SIGKILL)
            sender.close()
            own_server.start()
            sender = SendingProcess(order, tmp_path / "plant.log", said.append)
            held.callback(sender.close)
            until(lambda: said[-1].problem == "" and _is_sending(journal))
        until(lambda: journal.unsent() == (0, 0))
    on_server = Database.on_server(own_server.url(), schema_of(tmp_path), tmp_path / "plant")
    assert rows_in(database) == rows_in(on_server)
    on_server.close()
    assert PASSWORD not in "".join(each.problem for each in said) + (tmp_path / "plant.log").read_text()


def _order(server: PostgresServer, root: Path) -> SendingOrder:
    (root / "secret").write_text(PASSWORD)
    (root / "secret").chmod(0o600)
    return SendingOrder(root, shown(server.url()), "secret", "Station 1")


def _is_sending(journal: Journal) -> bool:
    sending = journal.sending()
    return sending is not None and sending.is_copied and not sending.problem
