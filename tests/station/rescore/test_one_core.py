"""Processes that judge beside each other do not get into each other's way."""

import os
import subprocess
import sys
from pathlib import Path

import cv2
import pytest

from station.inference.model_package import ModelPackage
from station.rescore import local_processes

_OPENED = """
import sys
from pathlib import Path
import numpy as np
from station.domain.recipe import InferenceSettings
from station.inference.model_package import load_package
from station.inference.openvino_predictor import OpenVinoPredictor
predictor = OpenVinoPredictor(load_package(Path(sys.argv[1])), InferenceSettings(), Path(sys.argv[2]), threads=1)
predictor.raw_answer(np.zeros((*predictor.input_size, 3), np.uint8))
for task in Path("/proc/self/task").iterdir():
    lines = dict(line.split(":", 1) for line in (task / "status").read_text().splitlines())
    print(lines["Cpus_allowed_list"].strip())
"""


@pytest.mark.skipif(sys.platform != "linux", reason="it looks into /proc")
@pytest.mark.skipif((os.cpu_count() or 1) < 2, reason="with one core there is nothing to choose")
def test_that_no_thread_of_a_model_with_one_thread_is_bound_to_a_core(
    tiny_package: ModelPackage, tmp_path: Path
) -> None:
    line = [sys.executable, "-c", _OPENED, str(tiny_package.folder), str(tmp_path / "cache")]
    allowed = subprocess.check_output(line, text=True).splitlines()
    assert len(allowed) > 1
    assert len(set(allowed)) == 1


def test_that_opencv_of_a_process_that_judges_has_one_thread() -> None:
    lane = local_processes._lane()
    assert lane.submit(cv2.getNumThreads).result() == 1
    lane.shutdown()


def test_that_a_worker_of_a_cluster_has_one_too(tmp_path: Path) -> None:
    pytest.importorskip("distributed", reason="the extra 'cluster' is not installed")
    program = """
import sys, types, cv2
from station.rescore.cluster_worker import Delivery
cv2.setNumThreads(2)
Delivery("name", {"package": {}}).setup(types.SimpleNamespace(local_directory=sys.argv[1]))
print(cv2.getNumThreads())
"""
    assert subprocess.check_output([sys.executable, "-c", program, str(tmp_path)], text=True).strip() == "1"
