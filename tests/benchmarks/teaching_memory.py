"""Largest memory of a whole `linesidectl teach`, all of its processes together, and how long it takes.

    python tests/benchmarks/teaching_memory.py [--pictures 200] [--most-mb 1200] [--again] [--json FILE]

The pictures are drawn: good parts of many sizes, and a few defects. With --again the same pictures are taught once more
in the same workspace, with ten new defects that have masks: from label to new model. Memory that processes share is
counted once (PSS). Exit code 1 if it is over the most allowed.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import cv2
import numpy as np
import psutil

ROOT = Path(__file__).resolve().parents[2]
DEFECTS, NEW_DEFECTS = 20, 10
SAMPLE_S = 0.1
MB = 1024 * 1024


def draw(path: Path, number: int, *, defect: bool, mask: Path | None = None) -> None:
    """Draw a disc on a ground with noise, from 300 to 900 pixels wide; a defect has a scratch, and perhaps a mask."""
    random = np.random.default_rng(number)
    width = int(random.integers(300, 900))
    height = int(width * random.uniform(0.7, 0.9))
    image = np.full((height, width, 3), 90, np.uint8)
    cv2.circle(image, (width // 2, height // 2), height // 3, (150, 140, 160), -1)
    scratch = (width // 3, height // 2), (2 * width // 3, height // 2 + 20)
    if defect:
        cv2.line(image, *scratch, (30, 30, 30), 5)
    if mask:
        mask.parent.mkdir(parents=True, exist_ok=True)
        cv2.imwrite(str(mask), cv2.line(np.zeros((height, width), np.uint8), *scratch, 255, 5))
    noisy = image + random.normal(0, 8, image.shape)
    path.parent.mkdir(parents=True, exist_ok=True)
    cv2.imwrite(str(path), np.clip(noisy, 0, 255).astype(np.uint8))


def teach(workspace: Path, pictures: Path, *options: str) -> dict[str, float]:
    """Return the largest memory in MB and the seconds of one teaching."""
    line = [sys.executable, "-m", "station", "--workspace", str(workspace), "teach", str(pictures), "--product", "disc"]
    line += options
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    began, largest = time.perf_counter(), 0
    with subprocess.Popen(line, env=environment, cwd=ROOT, stdout=subprocess.DEVNULL) as program:
        while program.poll() is None:
            largest = max(largest, memory(psutil.Process(program.pid)))
            time.sleep(SAMPLE_S)
    assert program.returncode == 0
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    processor = after.ru_utime + after.ru_stime - used.ru_utime - used.ru_stime
    wall = time.perf_counter() - began
    return {"memory, MB": largest / MB, "whole command, s": wall, "processor, s": processor}


def memory(program: psutil.Process) -> int:
    """Return the bytes of a program and of all that it started."""
    total = 0
    try:
        for process in (program, *program.children(recursive=True)):
            total += process.memory_full_info().pss
    except psutil.Error:  # one has just ended
        pass
    return total


def measured(pictures: int, *, again: bool) -> dict[str, float]:
    """Draw the pictures and return the figures."""
    with TemporaryDirectory() as folder:
        drawn, workspace = Path(folder, "drawn"), Path(folder, "workspace")
        for number in range(pictures):
            draw(drawn / "train" / "good" / f"{number:05}.jpg", number, defect=False)
        for number in range(DEFECTS):
            draw(drawn / "test" / "scratch" / f"{number:05}.jpg", 100_000 + number, defect=True)
            draw(drawn / "test" / "good" / f"{number:05}.jpg", 200_000 + number, defect=False)
        figures = teach(workspace, drawn)
        if again:
            for number in range(NEW_DEFECTS):
                mask = drawn / "ground_truth" / "new" / f"{number:05}_mask.png"
                draw(drawn / "test" / "new" / f"{number:05}.jpg", 300_000 + number, defect=True, mask=mask)
            again = teach(workspace, drawn, "--with-defects")
            figures |= {f"again: {name}": value for name, value in again.items()}
    return figures


def main() -> int:
    """Measure, print, and say whether it was too much."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pictures", type=int, default=200)
    parser.add_argument("--most-mb", type=float, default=1200)
    parser.add_argument("--again", action="store_true")
    parser.add_argument("--json", type=Path)
    asked = parser.parse_args()
    figures = measured(asked.pictures, again=asked.again)
    for name, value in figures.items():
        print(f"measured: {name} {value:.1f}")
    if asked.json:
        asked.json.write_text(json.dumps(figures, indent=1))
    return int(max(value for name, value in figures.items() if "memory" in name) > asked.most_mb)


if __name__ == "__main__":
    sys.exit(main())
