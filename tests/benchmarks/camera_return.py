"""Measures how soon a lost camera is detected, and how soon its pictures return after it is reachable again.

    python tests/benchmarks/camera_return.py [--rounds 5] [--json FILE]

The wire's GigE Vision camera runs free at 25 Hz behind the line's own connection. Its cable is pulled, its power is
switched off, and its camera process is killed, `--rounds` times each; a cable stays out for 1 to 3 s, in turn. For
a killed process "seen" and "back" both count from the kill. Needs root, for the cable. Exit code 1 if one loss took
more than 1 s to be seen, or more than 2 s to be back.
"""

import argparse
import itertools
import json
import logging
import os
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "wire"))

from wire_camera import Wire, wire

from station.camera.connection import CameraConnection
from station.camera.genicam.camera import GenicamCamera
from station.domain.errors import CameraError
from station.domain.frame import Frame

SETTINGS = {"Width": 640, "Height": 480, "PixelFormat": "Mono8", "AcquisitionFrameRate": 25.0}
OUT_S = (1.0, 1.5, 2.0, 2.5, 3.0)
SEEN_WITHIN_S, BACK_WITHIN_S = 1.0, 2.0
STEP_S = 0.05


def until_lost(connection: CameraConnection) -> float:
    """Return the seconds until the loss is detected."""
    began = time.monotonic()
    while True:
        try:
            connection.fetch(STEP_S)
        except CameraError:
            connection.mark_lost()
            return time.monotonic() - began


def until_back(connection: CameraConnection) -> float:
    """Return the seconds until a picture arrives."""
    began = time.monotonic()
    while True:
        try:
            if connection.lost and not connection.try_reconnect():
                time.sleep(0.005)
            elif not connection.lost and isinstance(connection.fetch(STEP_S), Frame):
                return time.monotonic() - began
        except CameraError:
            connection.mark_lost()


def wait_out(connection: CameraConnection, seconds: float) -> None:
    """Try to reconnect for this time, as the line does."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        connection.try_reconnect()
        time.sleep(0.005)


def rounds(
    connection: CameraConnection, count: int, lose: Callable[[], None], give_back: Callable[[], None]
) -> list[list[float]]:
    """Return the seconds until seen and until back, for each loss."""
    times = []
    for out_s in itertools.islice(itertools.cycle(OUT_S), count):
        lose()
        seen = until_lost(connection)
        wait_out(connection, out_s - seen)
        give_back()
        times.append([round(seen, 2), round(until_back(connection), 2)])
    return times


def kills(connection: CameraConnection, source: GenicamCamera, count: int) -> list[list[float]]:
    """Return the seconds from the kill of the camera process until seen and until back."""
    times = []
    for _ in range(count):
        os.kill(source.process_id, signal.SIGKILL)
        seen = until_lost(connection)
        times.append([round(seen, 2), round(seen + until_back(connection), 2)])
    return times


def measure(line: Wire, count: int) -> dict[str, list[list[float]]]:
    source = GenicamCamera(line.serial, line.settings())
    connection = CameraConnection(source, SETTINGS, runs_free=True, lost_after_s=line.settings().lost_after_s)
    connection.apply_settings()
    connection.start_acquisition()
    until_back(connection)
    result = {
        "cable": rounds(connection, count, line.pull_cable, line.plug_cable),
        "power": rounds(connection, count, line.switch_off, line.switch_on),
        "process": kills(connection, source, count),
    }
    source.close()
    return result


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--json", type=Path)
    asked = parser.parse_args()
    logging.disable()  # a killed process's last output
    line = wire()
    line.switch_on()
    result = measure(line, asked.rounds)
    print(json.dumps(result))
    if asked.json:
        asked.json.write_text(json.dumps(result))
    times = list(itertools.chain(*result.values()))
    return int(any(seen > SEEN_WITHIN_S or back > BACK_WITHIN_S for seen, back in times))


if __name__ == "__main__":
    sys.exit(main())
