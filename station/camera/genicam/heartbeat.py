"""Whether an open camera is still there, and how soon it lets go of us. Runs in a camera process and nowhere else."""

import logging
import time

from station.camera.genicam.driver import DRIVER_ERRORS, Acquirer, driver_message, read_or

_log = logging.getLogger(__name__)
_NO_ACCESS = 3
_CHECKS = 4
_HEARTBEAT_TIMEOUT, _PRIVILEGE = 0x0938, 0x0A00  # registers that every GigE Vision camera has, 4 bytes, high byte first
_STANDARD_MS, _LEAST_MS, _MOST_MS = 3000, 500, 600_000


class CameraGoneError(Exception):
    """The driver says that the camera is lost."""


class Heartbeat:
    """Asks the camera at intervals whether it is there: GenTL has no event for one that went away.

    A GigE Vision camera obeys one host, and when that falls silent it still waits for its heartbeat time, 3 s by the
    standard, before anybody may take it up again: also the same host, after a crash or with its cable back. Here the
    camera is told to wait hardly longer than the station, which by then has given it up. Drivers keep up a heartbeat
    that fits the longer time, so the questions asked here are also the shorter one's heartbeat.

    Args:
        acquirer: Harvester's image acquirer.
        lost_after_s: So much silence is a loss to the station.
    """

    def __init__(self, acquirer: Acquirer, lost_after_s: float) -> None:
        self._device = acquirer.device.module
        self._port = acquirer.remote_device.port
        self._has_one_host = read_or(lambda: str(self._device.tl_type), "") == "GEV"
        self._question = _PRIVILEGE if self._has_one_host else 0
        self._to_restore_ms: int | None = None
        self.interval_s = lost_after_s / _CHECKS
        if self._has_one_host:
            self._let_go_after(lost_after_s + self.interval_s)
        self._answers = read_or(lambda: bool(self._port.read(self._question, 4)), False)
        self._due = time.monotonic()

    def heard(self) -> None:
        """A frame came: the camera is there. Whether it still hears from us is another matter."""
        if not self._has_one_host:
            self._due = time.monotonic() + self.interval_s

    def check(self) -> None:
        """Ask, when it is time.

        Raises:
            CameraGoneError: No answer, or access was lost.
        """
        if time.monotonic() < self._due:
            return
        self._due = time.monotonic() + self.interval_s
        if read_or(lambda: self._device.access_status, None) == _NO_ACCESS:
            raise CameraGoneError("the driver has lost its access to the camera")
        if self._answers:
            self._ask()

    def release(self) -> None:
        """Leave the camera to the next host with the heartbeat time that it was found with."""
        if self._to_restore_ms is None:
            return
        try:
            self._write(_HEARTBEAT_TIMEOUT, self._to_restore_ms)
        except DRIVER_ERRORS as error:
            _log.warning(
                "The camera's heartbeat time is not %d ms again: %s.", self._to_restore_ms, driver_message(error)
            )

    def _let_go_after(self, seconds: float) -> None:
        """Shorten the heartbeat time, and keep to what the camera made of it; one that is shorter already stays."""
        found_ms = held_ms = read_or(lambda: self._read(_HEARTBEAT_TIMEOUT), 0)
        wanted_ms = max(_LEAST_MS, round(1000 * seconds))
        if wanted_ms < found_ms <= _MOST_MS:
            read_or(lambda: self._write(_HEARTBEAT_TIMEOUT, wanted_ms), None)
            held_ms = read_or(lambda: self._read(_HEARTBEAT_TIMEOUT), found_ms)
        if held_ms != found_ms:
            self._to_restore_ms = found_ms
        elif found_ms == wanted_ms < _STANDARD_MS:  # our own, left by a process that was killed
            self._to_restore_ms = _STANDARD_MS
        if held_ms:
            self.interval_s = min(self.interval_s, held_ms / 1000 / _CHECKS)

    def _ask(self) -> None:
        try:
            answer = self._read(self._question)
        except DRIVER_ERRORS as error:
            raise CameraGoneError(driver_message(error)) from error
        if self._has_one_host and not answer:
            raise CameraGoneError("the camera has let go of this host")

    def _read(self, address: int) -> int:
        _, value = self._port.read(address, 4)
        return int.from_bytes(value, "big")

    def _write(self, address: int, value: int) -> None:
        self._port.write(address, value.to_bytes(4, "big"))
