"""Measures frames through the camera process and its ring, compared with bare Harvester, alternating in one run.

    python tests/benchmarks/ring_throughput.py [--seconds 4] [--rounds 5] [--json FILE]

TLSimu runs free at 5 megapixels Mono8, as fast as it can; both ways copy every frame once into memory of their own.
Then it is triggered 30 times a second, and the station's share of a core is measured. Exit code 1 if the ring
reaches less than 95 % of bare Harvester's frame rate, or the station's side takes more than 10 % of a core.
"""

import argparse
import json
import statistics
import subprocess
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "wire"))

from tlsimu import MONO_SERIAL, tlsimu

from station.camera.genicam.camera import GenicamCamera
from station.domain.frame import Frame
from station.settings import CameraSettings

SIZE = {"Width": 2448, "Height": 2048}
LEAST_RATIO, MOST_CPU = 0.95, 0.10
RATE_HZ = 30


def bare_fps(seconds: float) -> float:
    """Frames per second of Harvester alone, measured in a fresh interpreter."""
    answer = subprocess.run(
        [sys.executable, __file__, "--bare", str(seconds)], capture_output=True, text=True, check=True
    )
    return float(answer.stdout.splitlines()[-1])


def measure_bare(seconds: float) -> float:
    """Measure in the fresh interpreter."""
    from harvesters.core import Harvester  # noqa: PLC0415 - only where nothing else is measured

    harvester = Harvester()
    harvester.add_file(str(tlsimu()), check_existence=True, check_validity=True)
    harvester.update()
    acquirer = harvester.create({"serial_number": MONO_SERIAL})
    for name, value in SIZE.items():
        acquirer.remote_device.node_map.get_node(name).value = value
    acquirer.num_buffers = 16
    acquirer.timeout_period_on_update_event_data_call = 10
    acquirer.start()
    frames, began = 0, time.perf_counter()
    while time.perf_counter() - began < seconds:
        with acquirer.fetch(timeout=3) as buffer:
            component = buffer.payload.components[0]
            component.data.reshape(component.height, component.width).copy()
            frames += 1
    return frames / (time.perf_counter() - began)


def ring_fps(seconds: float) -> float:
    """Frames per second that arrive in the station."""
    camera = opened("free")
    frames, began = 0, time.perf_counter()
    while time.perf_counter() - began < seconds:
        frames += isinstance(camera.fetch(1.0), Frame)
    elapsed = time.perf_counter() - began
    camera.close()
    return frames / elapsed


def triggered_cpu(seconds: float) -> float:
    """The station's share of a core at 30 triggered frames a second."""
    camera = opened("software")
    cpu, began = time.process_time(), time.perf_counter()
    for number in range(int(seconds * RATE_HZ)):
        time.sleep(max(0.0, began + number / RATE_HZ - time.perf_counter()))
        camera.trigger()
        assert isinstance(camera.fetch(1.0), Frame)
    share = (time.process_time() - cpu) / (time.perf_counter() - began)
    camera.close()
    return share


def opened(trigger: str) -> GenicamCamera:
    camera = GenicamCamera(MONO_SERIAL, CameraSettings(producers=(tlsimu(),), trigger=trigger))
    camera.apply(SIZE)
    camera.start()
    return camera


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=4.0)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--bare", type=float, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.bare:
        print(measure_bare(asked.bare))
        return 0
    turns = [(bare_fps(asked.seconds), ring_fps(asked.seconds)) for _ in range(asked.rounds)]
    result = {
        "bare_fps": [round(bare, 1) for bare, _ in turns],
        "ring_fps": [round(ring, 1) for _, ring in turns],
        "ratio_p50": round(statistics.median(ring / bare for bare, ring in turns), 3),
        "station_cpu_at_30_fps": round(triggered_cpu(asked.seconds), 3),
    }
    print(json.dumps(result))
    if asked.json:
        asked.json.write_text(json.dumps(result))
    return int(result["ratio_p50"] < LEAST_RATIO or result["station_cpu_at_30_fps"] > MOST_CPU)


if __name__ == "__main__":
    sys.exit(main())
