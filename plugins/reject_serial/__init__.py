r"""A reject output on a serial line: what is not PASS is told to a relay or a PLC at once.

In `station.toml`:

    [plugins.reject_serial]
    port = "/dev/ttyUSB0"
    baud = 9600
    on_reject = "R\n"         # sent for FAIL, REVIEW and NOT INSPECTED
    on_pass = "P\n"           # sent for PASS; "" sends nothing

Without a port the plug-in stays silent.
"""

from collections.abc import Mapping

import serial

from station.domain.errors import FaultError
from station.domain.inspection import Inspection
from station.domain.verdict import Verdict
from station.plugin_api import hookimpl

_WRITE_TIMEOUT_S = 0.05  # a dead relay must not hold the line


class RejectSerial:
    """One open serial port, and what to say on it."""

    def __init__(self) -> None:
        self._port: serial.Serial | None = None
        self._on_reject = b""
        self._on_pass = b""

    @hookimpl
    def station_started(self, settings: Mapping[str, bool | int | float | str]) -> None:
        """Open the port.

        Raises:
            FaultError: The port is configured and cannot be opened.
        """
        name = str(settings.get("port", ""))
        if not name:
            return
        self._on_reject = str(settings.get("on_reject", "R\n")).encode()
        self._on_pass = str(settings.get("on_pass", "P\n")).encode()
        try:
            self._port = serial.Serial(name, int(settings.get("baud", 9600)), write_timeout=_WRITE_TIMEOUT_S)
        except (serial.SerialException, OSError, ValueError) as error:
            raise FaultError(
                f"The reject output on {name} cannot be opened: {error}.",
                "Check the cable and [plugins.reject_serial] in station.toml.",
            ) from error

    @hookimpl
    def inspection_judged(self, inspection: Inspection) -> None:
        """Say reject or pass.

        Raises:
            FaultError: The line did not take it in time.
        """
        if self._port is None:
            return
        word = self._on_pass if inspection.verdict is Verdict.PASS else self._on_reject
        try:
            self._port.write(word)
        except (serial.SerialException, OSError) as error:
            raise FaultError(
                f"The reject output did not take part {inspection.key.label}: {error}.",
                "Take the part off by hand and check the reject output.",
            ) from error

    @hookimpl
    def station_stopped(self) -> None:
        """Close the port."""
        if self._port is not None:
            self._port.close()
            self._port = None


plugin = RejectSerial()
