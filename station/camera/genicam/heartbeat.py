"""Checks that an open camera still responds, and how soon it accepts a new host. Runs in the camera process only."""

import logging
import time

from station.camera.genicam.driver import DRIVER_ERRORS, Acquirer, driver_message, read_or

_log = logging.getLogger(__name__)
_NO_ACCESS = 3
_CHECKS = 4
_HEARTBEAT_TIMEOUT, _PRIVILEGE = 0x0938, 0x0A00  # registers that every GigE Vision camera has, 4 bytes, high byte first
_STANDARD_MS, _LEAST_MS, _MOST_MS = 3000, 500, 600_000


class CameraGoneError(Exception):
    """The driver reports that the camera is lost."""


class Heartbeat:
    """Reads a register of the camera at intervals, because GenTL has no event for a camera that went away.

    A GigE Vision camera accepts commands from one host only. When that host falls silent, the camera waits for its
    heartbeat timeout, 3 s by the standard, before any host can open it again; this also holds for the same host after
    a crash or an unplugged cable. The timeout is therefore set to a little more than the time after which the station
    gives the camera up. The driver sends its own heartbeats at an interval that fits the longer timeout, so the reads
    made here also serve as the heartbeat for the shorter one.

    Example: with `lost_after_s` = 1 the register is read every 0.25 s and the camera's timeout becomes 1250 ms.

    Args:
        acquirer: Harvester's image acquirer.
        lost_after_s: Seconds of silence after which the station gives the camera up.
    """

    def __init__(self, acquirer: Acquirer, lost_after_s: float) -> None:
        self._device = acquirer.device.module
        self._port = acquirer.remote_device.port
        self._has_one_host = read_or(lambda: str(self._device.tl_type), "") == "GEV"
        self._register = _PRIVILEGE if self._has_one_host else 0
        self._to_restore_ms: int | None = None
        self.interval_s = lost_after_s / _CHECKS
        if self._has_one_host:
            self._shorten_timeout(lost_after_s + self.interval_s)
        self._answers = read_or(lambda: bool(self._port.read(self._register, 4)), False)
        self._due = time.monotonic()

    def note_frame(self) -> None:
        """Record that a frame arrived, so the camera is there; a GigE camera still has to receive our heartbeats."""
        if not self._has_one_host:
            self._due = time.monotonic() + self.interval_s

    def check_camera(self) -> None:
        """Read the camera's register if the interval has passed.

        Raises:
            CameraGoneError: The camera does not respond, or access to it was lost.
        """
        if time.monotonic() < self._due:
            return
        self._due = time.monotonic() + self.interval_s
        if read_or(lambda: self._device.access_status, None) == _NO_ACCESS:
            raise CameraGoneError("the driver has lost its access to the camera")
        if self._answers:
            self._read_register()

    def restore_timeout(self) -> None:
        """Write back the heartbeat timeout that the camera had when it was opened."""
        if self._to_restore_ms is None:
            return
        try:
            self._write(_HEARTBEAT_TIMEOUT, self._to_restore_ms)
        except DRIVER_ERRORS as error:
            message = driver_message(error)
            _log.warning("The camera heartbeat timeout cannot be reset to %d ms: %s.", self._to_restore_ms, message)

    def _shorten_timeout(self, seconds: float) -> None:
        """Shorten the heartbeat timeout, and adapt to the value that the camera accepted. It is never lengthened."""
        found_ms = held_ms = read_or(lambda: self._read(_HEARTBEAT_TIMEOUT), 0)
        wanted_ms = max(_LEAST_MS, round(1000 * seconds))
        if wanted_ms < found_ms <= _MOST_MS:
            read_or(lambda: self._write(_HEARTBEAT_TIMEOUT, wanted_ms), None)
            held_ms = read_or(lambda: self._read(_HEARTBEAT_TIMEOUT), found_ms)
        if held_ms != found_ms:
            self._to_restore_ms = found_ms
        elif found_ms == wanted_ms < _STANDARD_MS:  # our own value, left by a process that was killed
            self._to_restore_ms = _STANDARD_MS
        if held_ms:
            self.interval_s = min(self.interval_s, held_ms / 1000 / _CHECKS)

    def _read_register(self) -> None:
        try:
            answer = self._read(self._register)
        except DRIVER_ERRORS as error:
            raise CameraGoneError(driver_message(error)) from error
        if self._has_one_host and not answer:
            raise CameraGoneError("the camera no longer accepts this host")

    def _read(self, address: int) -> int:
        _, value = self._port.read(address, 4)
        return int.from_bytes(value, "big")

    def _write(self, address: int, value: int) -> None:
        self._port.write(address, value.to_bytes(4, "big"))
