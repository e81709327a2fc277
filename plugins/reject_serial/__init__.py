r"""A reject output on a serial port: a relay or a PLC is informed at once about every part that is not PASS.

In `station.toml`:

    [plugins.reject_serial]
    port = "/dev/ttyUSB0"
    baud = 9600
    on_reject = "R\n"         # sent for FAIL, REVIEW and NOT INSPECTED
    on_pass = "P\n"           # sent for PASS; "" sends nothing

Without a port the plug-in sends nothing. If the port cannot be opened, the line does not start. If the port is lost
later, it is opened again at the next part.

A REVIEW is rejected once, at its verdict. If it ends as FAIL later, nothing more is sent: a second signal would reject
another part.
"""

import serial
from pydantic import Field

from station.domain.errors import FaultError
from station.domain.inspection import Inspection
from station.domain.verdict import Verdict
from station.plugin_api import PluginSettings, hookimpl

_WRITE_TIMEOUT_S = 0.05  # a dead relay must not hold the line
_FOR_OPERATOR = "The reject output does not work. Take bad parts off by hand, check its cable, or call the engineer."


class RejectSerialSettings(PluginSettings):
    """The table [plugins.reject_serial] of `station.toml`."""

    port: str = Field("", description="Serial port, such as /dev/ttyUSB0 or COM3; empty sends nothing")
    baud: int = Field(9600, ge=50, le=4_000_000, description="Speed of the port, baud")
    on_reject: str = Field("R\n", min_length=1, description="Text that is sent for FAIL, REVIEW and NOT INSPECTED")
    on_pass: str = Field("P\n", description="Text that is sent for PASS; empty sends nothing")


class RejectSerial:
    """Writes one word to a serial port for each part."""

    def __init__(self) -> None:
        self._settings = RejectSerialSettings()
        self._port: serial.Serial | None = None

    @hookimpl
    def settings_model(self) -> type[RejectSerialSettings]:
        """Return the class of the settings."""
        return RejectSerialSettings

    @hookimpl
    def station_started(self, settings: RejectSerialSettings) -> None:
        """Open the port.

        Raises:
            FaultError: The port is configured and cannot be opened.
        """
        self._settings = settings
        if settings.port:
            self._port = self._open_port()

    @hookimpl
    def inspection_judged(self, inspection: Inspection) -> None:
        """Write the word for this verdict.

        Raises:
            FaultError: The port did not take the word in time, or cannot be opened.
        """
        if not self._settings.port:
            return
        passed = inspection.verdict is Verdict.PASS
        word = self._settings.on_pass if passed else self._settings.on_reject
        self._port = self._port or self._open_port()
        try:
            self._port.write(word.encode())
        except (serial.SerialException, OSError) as error:
            self._give_up_port(error)
            raise FaultError(
                f"The reject output did not take part {inspection.key.label}: {error}.",
                "Take the part off by hand and check the reject output.",
                for_operator=_FOR_OPERATOR,
            ) from error

    @hookimpl
    def station_stopped(self) -> None:
        """Close the port, and write nothing more."""
        self._settings = RejectSerialSettings()
        if self._port is not None:
            self._port.close()
            self._port = None

    def _open_port(self) -> serial.Serial:
        port = self._settings.port
        try:
            return serial.Serial(port, self._settings.baud, write_timeout=_WRITE_TIMEOUT_S)
        except (serial.SerialException, OSError, ValueError) as error:
            raise FaultError(
                f"The reject output on {port} cannot be opened: {error}.",
                "Check the cable and [plugins.reject_serial] in station.toml.",
                for_operator=_FOR_OPERATOR,
            ) from error

    def _give_up_port(self, error: Exception) -> None:
        """Keep a port that is only slow. Close one that is gone: the next part opens it again."""
        if self._port is not None and not isinstance(error, serial.SerialTimeoutException):
            self._port.close()
            self._port = None


plugin = RejectSerial()
