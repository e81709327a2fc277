"""The program of a camera process: `python -m station.camera.genicam.process_main [handles]`, started by `process`.

One thread runs one loop: take a command if one has arrived, then take a frame if one has arrived. During acquisition
each turn writes a heartbeat into the ring. If a driver call does not return, the heartbeats stop and the station kills
this process.
"""

import faulthandler
import json
import logging
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from functools import partial
from multiprocessing.connection import Connection
from typing import Any, assert_never

if sys.platform == "win32":
    from multiprocessing.connection import PipeConnection as _Connection
else:
    from multiprocessing.connection import Connection as _Connection

from station.camera.genicam import driver, parent_watch, protocol
from station.camera.genicam.driver import (
    BINDING_ERRORS,
    Acquirer,
    RefusedError,
    driver_message,
    translate_driver_errors,
)
from station.camera.genicam.feature_write import write
from station.camera.genicam.heartbeat import CameraGoneError, Heartbeat
from station.camera.genicam.node_map import NodeMap
from station.camera.genicam.ring import MAX_SLOTS, Ring
from station.camera.genicam.stream import Stream
from station.domain.camera import CameraFeature

_log = logging.getLogger(__name__)
_SOFTWARE_TURN_S = 0.001
_DRIVER_WAIT_MS = 10
_FEWEST_SLOTS = 2
_FRAMES_MAY_WAIT_S = 0.03  # at 500 frames a second 15 frames arrive, and the driver has 16 buffers
_FRAME_RATES = ("AcquisitionResultingFrameRate", "ResultingFrameRate", "AcquisitionFrameRate")


@dataclass(frozen=True, slots=True)
class _Camera:
    """An open camera."""

    acquirer: Acquirer
    nodes: NodeMap
    heartbeat: Heartbeat


class CameraProgram:
    """The state of this process: its connections, and at most one open camera.

    Args:
        commands: Receives commands and sends replies.
        news: Sends filled slots and losses.
        memory: See `ring.create_memory`.
    """

    def __init__(self, commands: "Connection[Any, Any]", news: "Connection[Any, Any]", memory: int) -> None:
        self._commands = commands
        self._news = news
        self._memory = memory
        self._camera: _Camera | None = None
        self._stream: Stream | None = None
        self._turn_s = 0.0

    def run(self) -> None:
        """Serve until the command `Close`. If the station ends, `parent_watch` ends this process."""
        came = False
        while True:
            if self._commands.poll(self._wait_s(came)):
                command = protocol.receive(self._commands)
                protocol.send(self._commands, self._reply(command))
                if isinstance(command, protocol.Close):
                    return
            came = self._step()

    def _wait_s(self, came: bool) -> float | None:
        if self._stream is not None:
            return 0.0 if came else self._turn_s
        return None if self._camera is None else self._camera.heartbeat.interval_s

    def _step(self) -> bool:
        try:
            if self._stream is not None:
                return self._stream.step()
            if self._camera is not None:
                self._camera.heartbeat.check_camera()
        except CameraGoneError as error:
            # Not stopped: with a lost camera that can take seconds, and the station kills this process anyway.
            self._stream = self._camera = None
            protocol.send(self._news, protocol.CameraGone(str(error)))
        return False

    def _reply(self, command: protocol.Command) -> protocol.Reply:
        try:
            return self._execute(command)
        except RefusedError as error:
            return error.reply
        except BINDING_ERRORS as error:
            _log.warning("The GenICam binding failed at '%s'.", type(command).__name__, exc_info=True)
            return protocol.Refused(f"The camera refused '{type(command).__name__}': {driver_message(error)}.")

    def _execute(self, command: protocol.Command) -> protocol.Reply:
        match command:
            case protocol.ListDevices():
                return driver.list_devices(command.producer)
            case protocol.Open():
                return self._open(command)
            case protocol.Stop():
                self._stop()
                return protocol.Done()
            case protocol.Close():
                self._close()
                return protocol.Done()
            case _:
                return self._with_camera(command)

    def _with_camera(self, command: protocol.CameraCommand) -> protocol.Reply:
        if self._camera is None:
            raise RefusedError("The camera is not open, or was lost.")
        nodes = self._camera.nodes
        match command:
            case protocol.Start():
                return self._start(self._camera, command)
            case protocol.Write():
                write(nodes, command.values)
                return protocol.Written(frame_period_s(nodes))
            case protocol.ReadSettings():
                return protocol.Report(values=nodes.recipe_values())
            case protocol.ReadFeatures():
                return protocol.Report(features=tuple(self._between_frames(nodes.read_features(command.names))))
            case protocol.Trigger():
                nodes.execute_command(nodes.frame_setting("TriggerSoftware"))
                return protocol.Done()
            case _:
                assert_never(command)

    def _between_frames(self, features: Iterable[CameraFeature]) -> Iterator[dict[str, Any]]:
        """Take arrived frames between two features, because a whole tree takes long to read. Never wait for a frame."""
        last_s = time.monotonic()
        for feature in features:
            if time.monotonic() - last_s > _FRAMES_MAY_WAIT_S:
                self._take_arrived()
                last_s = time.monotonic()
            yield asdict(feature)

    def _take_arrived(self) -> None:
        for _ in range(driver.BUFFERS):
            if not self._step():
                return

    def _open(self, command: protocol.Open) -> protocol.Opened:
        wrap = partial(_wrapped, lost_after_s=command.lost_after_s)
        self._camera, identity = driver.open_camera(command.serial, command.producer, wrap)
        return identity

    def _start(self, camera: _Camera, command: protocol.Start) -> protocol.Started:
        self._stop()
        set_trigger(camera.nodes, command.trigger)
        slot_bytes = payload_bytes(camera.acquirer, camera.nodes)
        slots = slots_that_fit(command, slot_bytes)
        software = command.trigger == "software"
        self._turn_s = _SOFTWARE_TURN_S if software else 0.0
        ring = Ring(self._memory, slots, slot_bytes, fresh=True)
        wait_ms = 0 if software else _DRIVER_WAIT_MS
        stream = Stream(camera.acquirer, camera.nodes, ring, self._news, camera.heartbeat, wait_ms=wait_ms)
        with translate_driver_errors("The camera does not start"):
            stream.start()
        self._stream = stream
        return protocol.Started(slots, slot_bytes, pixel_format(camera.nodes), frame_period_s(camera.nodes))

    def _stop(self) -> None:
        if self._stream is not None:
            stream, self._stream = self._stream, None
            with translate_driver_errors("The camera does not stop"):
                stream.stop()

    def _close(self) -> None:
        with ExitStack() as at_last:  # also release a camera that does not stop
            if self._camera is not None:
                at_last.callback(self._camera.acquirer.destroy)
                at_last.callback(self._camera.heartbeat.restore_timeout)
            self._stop()


def _wrapped(acquirer: Acquirer, lost_after_s: float) -> _Camera:
    nodes = NodeMap(acquirer.remote_device.node_map)
    nodes.stop_acquisition()
    return _Camera(acquirer, nodes, Heartbeat(acquirer, lost_after_s))


def set_trigger(nodes: NodeMap, trigger: str) -> None:
    """Set free run, software trigger, or the hardware line that the camera or its recipe has chosen.

    A camera may have several triggers, for single frames, for bursts and for the acquisition. Free run switches all
    of them off; "software" and "hardware" set the trigger for single frames.

    Raises:
        RefusedError: The camera has no such trigger.
    """
    mode, source = nodes.frame_setting("TriggerMode"), nodes.frame_setting("TriggerSource")
    if trigger == "free":
        modes = nodes.settings_for("TriggerMode") or (mode,)
        write(nodes, {each: "Off" for each in modes if nodes.read_value(each) not in (None, "Off")})
        return
    if nodes.find_node("TriggerMode") is None:
        raise RefusedError("This camera has no trigger.", "Set 'trigger' of the camera to 'free'.")
    if trigger == "software":
        if nodes.find_node("TriggerSoftware") is None:
            raise RefusedError(
                "This camera has no software trigger (TriggerSoftware).",
                "Set 'trigger' of the camera to 'hardware' or 'free'.",
            )
        write(nodes, {source: "Software", mode: "On"})
    elif nodes.read_value(source) == "Software":
        raise RefusedError(
            "The camera's TriggerSource is Software, not a hardware line.",
            "Put TriggerSource, such as Line1, into the recipe's camera settings.",
        )
    else:
        write(nodes, {mode: "On"})


def pixel_format(nodes: NodeMap) -> str:
    """Return the PFNC name of the pixel format that is set, found by its number since older cameras use other names."""
    number = driver.read_or(nodes.pixel_format_number, 0)
    return driver.pixel_format_name(number, str(nodes.read_value("PixelFormat")))


def payload_bytes(acquirer: Acquirer, nodes: NodeMap) -> int:
    """Return the bytes that one frame takes with the current settings."""
    stream = acquirer.data_streams[0]
    if driver.read_or(stream.defines_payload_size, False):
        return int(stream.payload_size)
    return int(nodes.read_number("PayloadSize") or 0)


def slots_that_fit(command: protocol.Start, slot_bytes: int) -> int:
    """Return the requested number of slots, or as many as fit into the allowed memory.

    Raises:
        RefusedError: Fewer than two slots fit.
    """
    slots = min(command.slots, MAX_SLOTS, command.memory_bytes // max(slot_bytes, 1))
    if slots < _FEWEST_SLOTS:
        raise RefusedError(
            f"Two frames of {slot_bytes / 1e6:.0f} MB do not fit into {command.memory_bytes / 1e6:.0f} MB.",
            "Allow the camera more memory ('ring_memory_mb'), or choose a smaller picture.",
        )
    return slots


def frame_period_s(nodes: NodeMap) -> float | None:
    """Return the time between two frames; None if the camera reports none or does not keep to its set rate."""
    rates = (nodes.read_number(name) for name in _FRAME_RATES if nodes.blocking_feature(name) is None)
    rate = next(filter(None, rates), None)
    return 1 / rate if rate else None


def main(arguments: list[str]) -> None:
    """Open the handles that the station passed, and serve until the command `Close`."""
    faulthandler.enable()  # so that the station can log where a driver crashed
    *handles, memory = json.loads(arguments[0])
    commands, news, station = (_Connection(handle) for handle in handles)
    parent_watch.exit_with_parent(station)
    CameraProgram(commands, news, memory).run()


if __name__ == "__main__":
    main(sys.argv[1:])
