"""A scanned serial belongs to the next part, or to none if there is any doubt."""

import pytest

from station.domain.scanned_code import CodeUse, data_of, shown
from station.pipeline.waiting_serial import WaitingSerial


@pytest.fixture
def now() -> list[float]:
    return [0.0]


@pytest.fixture
def said() -> list[object]:
    return []


@pytest.fixture
def serial(now, said) -> WaitingSerial:
    return WaitingSerial(30.0, lambda message: said.append(message.code), lambda: now[0])


def test_that_the_next_part_has_the_serial_and_the_one_after_has_none(serial) -> None:
    assert serial.offer("SN1").use is CodeUse.SERIAL
    assert [serial.take(), serial.take()] == ["SN1", ""]


def test_that_the_same_serial_scanned_twice_is_one(serial) -> None:
    serial.offer("SN1")
    assert serial.offer("SN1").use is CodeUse.SERIAL
    assert serial.take() == "SN1"


def test_that_of_several_serials_none_is_kept_until_the_next_part_has_come(serial) -> None:
    serial.offer("SN1")
    assert serial.offer("SN2").use is CodeUse.REFUSED
    refused = serial.offer("SN3")
    assert (refused.use, "SN3" in refused.sentence) == (CodeUse.REFUSED, True)
    assert serial.take() == ""
    assert serial.offer("SN4").use is CodeUse.SERIAL
    assert serial.take() == "SN4"


def test_that_a_serial_that_waited_too_long_is_not_kept_and_that_is_said(serial, now, said) -> None:
    serial.offer("SN1")
    now[0] = 30.1
    assert serial.take() == ""
    assert [(code.text, code.use) for code in said] == [("SN1", CodeUse.REFUSED)]
    assert serial.offer("SN2").use is CodeUse.SERIAL


def test_that_a_serial_that_waits_at_the_end_of_a_run_is_forgotten_and_that_is_said(serial, said) -> None:
    serial.offer("SN1")
    serial.forget()
    serial.forget()
    assert serial.take() == ""
    assert [code.text for code in said] == ["SN1"]


@pytest.mark.parametrize(
    ("typed", "data", "read"),
    [
        ("]C1SN0815", "SN0815", "]C1SN0815"),
        ("\x02SN0815\x03", "SN0815", "<STX>SN0815<ETX>"),
        ("SN08\x1d15", "SN08\x1d15", "SN08<GS>15"),
        ("] SN", "] SN", "] SN"),
        ("SN\x7f\x85ä", "SN\x7f\x85ä", "SN<7F><85>ä"),
    ],
)
def test_that_what_surrounds_a_code_is_not_its_data_and_control_characters_have_names(typed, data, read) -> None:
    assert (data_of(typed), shown(typed)) == (data, read)
