"""The program that sends: `python -m station.storage.plant.process_main`, started by `beside`.

It reads its order as one line of JSON, and answers with a line of JSON whenever it can send again, or cannot. It ends
with the pipe on its stdin: also if the station is killed.
"""

import json
import sys
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from station.concurrency.file_lock import opened_lock, try_lock
from station.concurrency.process_beside import order_for_this, say_beside, when_given_up
from station.domain.clock import utc_now
from station.domain.errors import StationError
from station.settings import PlantSettings
from station.storage.engine.database import Database
from station.storage.engine.dialects.postgresql import ServerAwayError
from station.storage.plant.beside import LOCK, SendingOrder
from station.storage.plant.journal import Journal
from station.storage.plant.opening import open_plant
from station.storage.plant.sending import Sender
from station.workspace import Workspace

_LOOK_EVERY_S = 1.0
_AGAIN_AFTER_S = 3.0
_ANSWERS_WITHIN_S = 30.0
_SILENT = "The database of the plant takes what is sent to it, and does not answer."


def main() -> int:
    """Send until the pipe is closed."""
    said = json.loads(order_for_this())
    order = SendingOrder(Path(said["root"]), said["database"], said["password_file"], said["station"])
    ending = threading.Event()
    when_given_up(ending.set)
    lock = opened_lock(order.root / LOCK)
    while not try_lock(lock):  # another program of this workspace sends; it may end before this one
        if ending.wait(_LOOK_EVERY_S):
            return 0
    database = Database.open(Workspace.existing(order.root).database, may_begin=False)
    with closing(database):
        journal = Journal(database)
        while not ending.is_set():
            _send(journal, order, ending)
    return 0


def _send(journal: Journal, order: SendingOrder, ending: threading.Event) -> None:
    """Send until the end, or until it is not possible; then say why, and wait a little."""
    settings = PlantSettings(database=order.database, password_file=order.password_file)
    try:
        journal.begin()
        with _speaking_up(journal):
            plant = open_plant(settings, order.root, order.station)
        with closing(plant):
            with _speaking_up(journal):
                sender = Sender(journal, plant)
            _say_all_is_well(journal)
            while not ending.is_set():
                with _speaking_up(journal):
                    sent = sender.send_some()
                if not sent:
                    ending.wait(_LOOK_EVERY_S)
    except StationError as error:
        say_beside({"problem": error.sentence, "advice": error.advice, "away": isinstance(error, ServerAwayError)})
        _note(journal, error)
        ending.wait(_AGAIN_AFTER_S)


@contextmanager
def _speaking_up(journal: Journal) -> Iterator[None]:
    """Say that the server is away if this takes long: a server that hangs keeps its connections, and ends none."""
    spoken = threading.Event()

    def speak() -> None:
        spoken.set()
        error = ServerAwayError(_SILENT)
        say_beside({"problem": error.sentence, "advice": error.advice, "away": True})
        _note(journal, error)

    timer = threading.Timer(_ANSWERS_WITHIN_S, speak)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        timer.join()
    if spoken.is_set():
        _say_all_is_well(journal)


def _say_all_is_well(journal: Journal) -> None:
    journal.note_problem("", "", utc_now())
    say_beside({"problem": "", "advice": "", "away": False})


def _note(journal: Journal, problem: StationError) -> None:
    try:
        journal.note_problem(problem.sentence, problem.advice, utc_now())
    except StationError as error:  # the station's own disk refuses: the line says that
        print(error, file=sys.stderr)


if __name__ == "__main__":
    raise SystemExit(main())
