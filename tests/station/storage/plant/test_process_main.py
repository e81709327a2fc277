"""What the program that sends says of a server that takes everything and answers nothing."""

import json
import threading
from pathlib import Path
from types import SimpleNamespace

import pytest

from station.domain.clock import utc_now
from station.storage.plant import process_main
from station.storage.plant.beside import SendingOrder
from station.storage.plant.journal import Journal
from station.storage.plant.receiving import OtherRecordsError, Plant, Received
from station.storage.plant.sent_tables import sent_tables


def test_that_a_server_that_hangs_is_said_to_be_away_until_it_answers(
    journal: Journal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    ending, noted = threading.Event(), list[str]()

    class Hanging:
        def __init__(self, *_: object) -> None:
            self.sends = 0

        def send_some(self) -> int:
            self.sends += 1
            if self.sends == 2:
                while not (sending := journal.sending()) or not sending.problem:
                    ending.wait(0.01)
                noted.append(sending.problem)
            if self.sends == 3:
                ending.set()
            return 1

    monkeypatch.setattr(process_main, "_ANSWERS_WITHIN_S", 0.2)
    monkeypatch.setattr(process_main, "Sender", Hanging)
    monkeypatch.setattr(process_main, "open_plant", lambda *_: SimpleNamespace(close=lambda: None))
    process_main._send(journal, SendingOrder(tmp_path, "postgresql://plant@server/plant", "", "Station 1"), ending)
    said = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [(each["problem"], each["away"]) for each in said] == [
        ("", False), (process_main._SILENT, True), ("", False)
    ]  # fmt: skip
    assert noted == [process_main._SILENT]
    assert journal.sending().problem == ""


def test_that_a_row_that_the_plant_refuses_is_named_and_ends_no_program(plant: Plant) -> None:
    run = next(each for each in sent_tables() if each.name == "run")
    with pytest.raises(OtherRecordsError, match="refuses a record of this station: null value"):
        plant.take("", Received("a", 1, "", None), {"run": [(None,) * len(run.columns)]}, {}, utc_now())
    assert plant.received() is None
