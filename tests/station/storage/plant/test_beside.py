"""Listening to the process that sends."""

import logging
from pathlib import Path

import pytest

from station.storage.plant import beside
from station.storage.plant.beside import Said, SendingOrder, SendingProcess


def test_that_a_stray_line_of_the_process_does_not_end_the_listening(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    program = tmp_path / "prints.py"
    program.write_text(
        'print("a library says hello")\nprint(\'{"problem": "away", "advice": "wait", "away": true}\')\n'
    )
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.setattr(beside, "MODULE", "prints")
    said: list[Said] = []
    with caplog.at_level(logging.WARNING):
        sender = SendingProcess(SendingOrder(tmp_path, "", "", "A"), tmp_path / "plant.log", said.append)
        sender._listener.join(30)
        sender.close()
    assert said == [Said("away", "wait", away=True)]
    assert "a library says hello" in caplog.text
