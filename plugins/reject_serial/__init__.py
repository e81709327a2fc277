r"""A reject output on a serial line: what is not PASS is told to a relay or a PLC at once.

In `station.toml`:

    [plugins.reject_serial]
    port = "/dev/ttyUSB0"
    baud = 9600
    on_reject = "R\n"         # sent for FAIL, REVIEW and NOT INSPECTED
    on_pass = "P\n"           # sent for PASS; "" sends nothing

Without a port the plug-in stays silent. With one that cannot be opened the line does not start; one that is lost
later is opened again at the next part.
"""

from collections.abc import Mapping

import serial

from station.domain.errors import FaultError
from station.domain.inspection import Inspection
from station.domain.verdict import Verdict
from station.plugin_api.hooks import hookimpl

_WRITE_TIMEOUT_S = 0.05  # a dead relay must not hold the line
_FOR_OPERATOR = "The reject output does not work. Take bad parts off by hand, check its cable, or call the engineer."


class RejectSerial:
    """One serial port, and what to say on it."""

    def __init__(self) -> None:
        self._name = ""
        self._baud: bool | int | float | str = 9600
        self._port: serial.Serial | None = None
        self._on_reject = b""
        self._on_pass = b""

    @hookimpl
    def station_started(self, settings: Mapping[str, bool | int | float | str]) -> None:
        """Open the port.

        Raises:
            FaultError: The port is configured and cannot be opened.
        """
        self._name = str(settings.get("port", ""))
        self._baud = settings.get("baud", 9600)
        self._on_reject = str(settings.get("on_reject", "R\n")).encode()
        self._on_pass = str(settings.get("on_pass", "P\n")).encode()
        if self._name:
            self._port = self._opened()

    @hookimpl
    def inspection_judged(self, inspection: Inspection) -> None:
        """Say reject or pass.

        Raises:
            FaultError: The line did not take it in time, or is not open and cannot be opened.
        """
        if not self._name:
            return
        word = self._on_pass if inspection.verdict is Verdict.PASS else self._on_reject
        self._port = self._port or self._opened()
        try:
            self._port.write(word)
        except (serial.SerialException, OSError) as error:
            self._give_up_port(error)
            raise FaultError(
                f"The reject output did not take part {inspection.key.label}: {error}.",
                "Take the part off by hand and check the reject output.",
                for_operator=_FOR_OPERATOR,
            ) from error

    @hookimpl
    def station_stopped(self) -> None:
        """Close the port, and say nothing any more."""
        self._name = ""
        if self._port is not None:
            self._port.close()
            self._port = None

    def _opened(self) -> serial.Serial:
        try:
            return serial.Serial(self._name, int(self._baud), write_timeout=_WRITE_TIMEOUT_S)
        except (serial.SerialException, OSError, ValueError) as error:
            raise FaultError(
                f"The reject output on {self._name} cannot be opened: {error}.",
                "Check the cable and [plugins.reject_serial] in station.toml.",
                for_operator=_FOR_OPERATOR,
            ) from error

    def _give_up_port(self, error: Exception) -> None:
        """A port that is only slow is still there; one that is gone is opened anew for the next part."""
        if self._port is not None and not isinstance(error, serial.SerialTimeoutException):
            self._port.close()
            self._port = None


plugin = RejectSerial()
