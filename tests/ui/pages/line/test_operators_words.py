"""The operator meets no paths, no names of the program's parts, no commands: a cause and an action."""

import importlib
import logging
import pkgutil

import pytest
from PySide6.QtWidgets import QLabel

import station as station_package
from station.domain.errors import FaultError, StationError, StorageError
from station.domain.messages import FaultReported, LineState, LineStateChanged

FORBIDDEN = ("/", "\\", "Error", "Traceback", "linesidectl", "log")
HOSTILE = "FileNotFoundError: [Errno 2] '/var/lib/x\\y.xml'. Traceback in patchcore"
ADVICE = "See the log, or run 'linesidectl doctor'."


def every_failure() -> list[type[StationError]]:
    """All there are, of every room that loads without a camera's driver."""
    for module in pkgutil.walk_packages(station_package.__path__, "station."):
        if not module.name.startswith(("station.trainer", "station.storage.engine.migrations", "station.__main__")):
            importlib.import_module(module.name)
    found, left = [], [StationError]
    while left:
        found.append(left.pop())
        left += found[-1].__subclasses__()
    return sorted(found, key=lambda kind: kind.__name__)


def read(window) -> str:
    """Every word on the operator's page."""
    labels = window.page_of("line").findChildren(QLabel)
    words = [text for each in labels for text in (each.text(), each.toolTip())]
    notice = window.page_of("line").pictures.tiles[0].canvas.notice
    return "\n".join([*words, window.page_of("line").banner.words, f"{notice}" if notice else ""])


def is_for_an_operator(text: str) -> bool:
    return not any(word in text for word in FORBIDDEN)


@pytest.mark.slow
@pytest.mark.parametrize("kind", every_failure())
def test_that_every_failure_has_a_cause_and_an_action_for_the_operator(kind) -> None:
    words = kind(HOSTILE, ADVICE).for_operator
    assert is_for_an_operator(words)
    cause, _, action = words.partition(". ")
    assert cause
    assert action.endswith(".")


@pytest.mark.parametrize("kind", every_failure())
def test_that_no_failure_shows_its_engineers_words_to_the_operator(window, kind) -> None:
    window.presenter_of("line").fail(kind(HOSTILE, ADVICE))
    assert window.page_of("line").banner.isVisible()
    assert is_for_an_operator(read(window)), read(window)
    window.bridge.fault_reported.emit(FaultReported.of("line", kind(HOSTILE, ADVICE)))
    assert is_for_an_operator(read(window)), read(window)


@pytest.mark.parametrize("where", ["line", "recording", "acquisition top", "reject_serial", "/dev"])
def test_that_a_fault_is_shown_in_its_own_words_wherever_it_happened(window, where: str) -> None:
    window.bridge.fault_reported.emit(FaultReported(where, HOSTILE, ADVICE, FaultError.for_operator))
    entry = window.page_of("line").banner.entry
    assert f"{entry.sentence} {entry.advice}" == "A part of the station failed. Call the engineer."
    assert is_for_an_operator(read(window)), read(window)


@pytest.mark.parametrize("state", LineState)
def test_that_no_state_of_the_line_shows_its_engineers_words(window, state: LineState) -> None:
    window.bridge.state_changed.emit(LineStateChanged(state, HOSTILE))
    window.presenter_of("line").displayed_part.refresh_age(expected_interval_s=0.25)
    assert is_for_an_operator(read(window)), read(window)


def test_that_a_failure_can_bring_its_own_words(window) -> None:
    window.presenter_of("line").fail(StorageError(HOSTILE, for_operator="The drawer is full. Empty it."))
    entry = window.page_of("line").banner.entry
    assert (entry.sentence, entry.advice) == ("The drawer is full.", "Empty it.")


def test_that_the_whole_of_it_is_in_the_log_and_on_the_shift_page(window, caplog) -> None:
    window.presenter_of("line").fail(StorageError(HOSTILE, ADVICE))
    window.show_page("shift_report")
    window.bridge.fault_reported.emit(FaultReported("relay", HOSTILE, ADVICE, FaultError.for_operator))
    assert [record.levelno for record in caplog.records if HOSTILE in record.message] == [logging.WARNING] * 2
    rows = window.page_of("shift_report").troubles.rows
    assert [rows.data(rows.index(row, 1)) for row in range(rows.rowCount())] == [f"{HOSTILE} {ADVICE}"] * 2


def test_that_the_window_writes_into_the_stations_log(window, station) -> None:
    window.presenter_of("line").fail(StorageError(HOSTILE, ADVICE))
    assert HOSTILE in (station.workspace.logs / "station.log").read_text("utf-8")
