"""The serial reject output, on a real pseudo-terminal."""

import os
from datetime import UTC, datetime

import pytest

from plugins.reject_serial import RejectSerial, RejectSerialSettings
from station.domain.errors import FaultError
from station.domain.frame import NotInspectedCause
from station.domain.inspection import Inspection, PartKey, ViewInspection
from station.domain.verdict import Verdict

pty = pytest.importorskip("pty", reason="pseudo-terminals are a POSIX thing")


def inspection(verdict: Verdict) -> Inspection:
    judged = verdict is not Verdict.NOT_INSPECTED
    cause = None if judged else NotInspectedCause.TOO_DARK
    view = ViewInspection(verdict, "", "", 1.0, cause=cause, pred_score=0.3 if judged else None)
    return Inspection(PartKey(1, 7), datetime(2026, 11, 22, tzinfo=UTC), (view,))


@pytest.fixture
def line():
    relay, terminal = pty.openpty()
    plugin = RejectSerial()
    plugin.station_started(settings=RejectSerialSettings(port=os.ttyname(terminal), on_reject="R", on_pass="P"))
    yield plugin, relay
    plugin.station_stopped()
    os.close(relay)
    os.close(terminal)


@pytest.mark.parametrize("verdict", Verdict)
def test_that_everything_but_a_pass_is_a_reject(line, verdict) -> None:
    plugin, relay = line
    plugin.inspection_judged(inspection=inspection(verdict))
    assert os.read(relay, 8) == (b"P" if verdict is Verdict.PASS else b"R")


def test_that_a_missing_port_is_named() -> None:
    with pytest.raises(FaultError, match="/dev/no-such-port"):
        RejectSerial().station_started(settings=RejectSerialSettings(port="/dev/no-such-port"))


def test_that_every_part_fails_while_the_port_is_gone_and_the_next_after_its_return_is_sent(tmp_path) -> None:
    relay, terminal = pty.openpty()
    port = tmp_path / "port"
    port.symlink_to(os.ttyname(terminal))
    plugin = RejectSerial()
    plugin.station_started(settings=RejectSerialSettings(port=str(port), on_reject="R"))
    os.close(relay)
    os.close(terminal)
    port.unlink()
    for sentence in ("did not take part 0007", "cannot be opened", "cannot be opened"):
        with pytest.raises(FaultError, match=sentence):
            plugin.inspection_judged(inspection=inspection(Verdict.FAIL))
    relay, terminal = pty.openpty()
    port.symlink_to(os.ttyname(terminal))
    plugin.inspection_judged(inspection=inspection(Verdict.FAIL))
    assert os.read(relay, 8) == b"R"
    plugin.station_stopped()
    os.close(relay)
    os.close(terminal)


def test_that_every_part_fails_if_the_port_could_not_be_opened_at_the_start() -> None:
    plugin = RejectSerial()
    with pytest.raises(FaultError):
        plugin.station_started(settings=RejectSerialSettings(port="/dev/no-such-port"))
    with pytest.raises(FaultError, match="/dev/no-such-port"):
        plugin.inspection_judged(inspection=inspection(Verdict.PASS))


def test_that_without_a_port_nothing_is_sent() -> None:
    plugin = RejectSerial()
    plugin.station_started(settings=RejectSerialSettings())
    plugin.inspection_judged(inspection=inspection(Verdict.FAIL))
    plugin.station_stopped()
