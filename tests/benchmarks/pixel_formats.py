"""Measures each pixel format at 5 megapixels, compared with a plain copy of the same bytes.

    python tests/benchmarks/pixel_formats.py [--repeat 15] [--json FILE] [FORMAT ...]

Milliseconds of CPU, median, on one thread, so that a busy machine gives the same; the copy is the least cost of any
format, since the camera's memory has to be returned. Exit code 1 if a format takes longer than a frame at 5 Hz.
"""

import argparse
import json
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np

from station.camera.genicam.pixel_formats import FORMATS, read_pixels

WIDTH, HEIGHT = 2448, 2048
MOST_MS = 200.0


def median_ms(work: Callable[[], object], repeat: int) -> float:
    """Return the median of `repeat` calls, after one that is not counted."""
    work()
    times = []
    for _ in range(repeat):
        began = time.thread_time()
        work()
        times.append(1000 * (time.thread_time() - began))
    return round(statistics.median(times), 2)


def measure(name: str, repeat: int) -> tuple[float, float]:
    """Return the milliseconds to read a noise picture in this format, and to copy its bytes."""
    size = -(-WIDTH * HEIGHT * FORMATS[name].bits // 8)
    data = memoryview(np.random.default_rng(1).integers(0, 256, size, np.uint8)).cast("B")
    read = median_ms(lambda: read_pixels(data, name, WIDTH, HEIGHT), repeat)
    return read, median_ms(lambda: bytearray(data), repeat)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("formats", nargs="*", metavar="FORMAT", help="PFNC names; all if none is given")
    parser.add_argument("--repeat", type=int, default=15)
    parser.add_argument("--json", type=Path)
    asked = parser.parse_args()
    cv2.setNumThreads(1)
    result = {}
    for name in asked.formats or FORMATS:
        read, copied = measure(name, asked.repeat)
        result[name] = {"ms": read, "copy_ms": copied}
        print(f"{name:22} {read:7.2f} ms   copy {copied:5.2f} ms", flush=True)
    if asked.json:
        asked.json.write_text(json.dumps(result))
    return int(any(times["ms"] > MOST_MS for times in result.values()))


if __name__ == "__main__":
    sys.exit(main())
