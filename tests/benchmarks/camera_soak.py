"""A camera for a long time: 2 megapixels, 30 triggers a second; memory that grows, and gaps that nobody explains.

    python tests/benchmarks/camera_soak.py [--minutes 10] [--json FILE]

Ten minutes in CI, 60 at night. Exit code 1 where the station's or the camera process's memory grew by 5 MB or more
after the first minute, or a trigger brought anything but its frame.
"""

import argparse
import json
import sys
import time
from pathlib import Path

import psutil

sys.path.insert(0, str(Path(__file__).parents[1] / "wire"))

from tlsimu import MONO_SERIAL, tlsimu

from station.camera.genicam.camera import GenicamCamera
from station.domain.frame import Frame
from station.settings import CameraSettings

RATE_HZ = 30
WARM_UP_S = 60.0
MOST_GROWTH_MB = 5.0


def soak(minutes: float) -> dict[str, float]:
    camera = GenicamCamera(MONO_SERIAL, CameraSettings(producers=(tlsimu(),), trigger="software"))
    camera.apply({"Width": 1920, "Height": 1080})
    camera.start()
    processes = {"station": psutil.Process(), "camera": psutil.Process(camera.process_id)}
    began, triggers, gaps = time.monotonic(), 0, 0
    before: dict[str, float] = {}
    while (elapsed := time.monotonic() - began) < minutes * 60:
        time.sleep(max(0.0, triggers / RATE_HZ - elapsed))
        triggers += 1
        camera.trigger()
        delivery = camera.fetch(2.0)
        gaps += not (isinstance(delivery, Frame) and delivery.frame_id == triggers)
        if not before and elapsed > min(WARM_UP_S, minutes * 60 / 4):
            before = memory_mb(processes)
    growth = {f"{name}_growth_mb": mb - before[name] for name, mb in memory_mb(processes).items()}
    camera.close()
    return {"minutes": minutes, "triggers": triggers, "unexplained": gaps, "fps": triggers / elapsed, **growth}


def memory_mb(processes: dict[str, psutil.Process]) -> dict[str, float]:
    """Memory of their own; the ring belongs to both and does not grow."""
    return {name: process.memory_full_info().uss / 1e6 for name, process in processes.items()}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--json", type=Path)
    asked = parser.parse_args()
    result = {name: round(value, 2) for name, value in soak(asked.minutes).items()}
    print(json.dumps(result))
    if asked.json:
        asked.json.write_text(json.dumps(result))
    grown = max(result["station_growth_mb"], result["camera_growth_mb"])
    return int(grown >= MOST_GROWTH_MB or result["unexplained"] > 0)


if __name__ == "__main__":
    sys.exit(main())
