"""Time anomalib's OpenVINOInferencer with pictures in memory; a program of its own, see `timing_process`.

    python tests/benchmarks/serve_anomalib.py MODEL.xml PICTURES.npy HEIGHT WIDTH

Each line on stdin is one picture, uint8 RGB of shape (H, W, 3): reduced by cv2 to the model's input size, as anomalib's
own guide does it, and predicted.
"""

import sys
import time
from functools import partial

import cv2
import numpy as np
from timing_process import answer

from station.trainer.detectors.torch_networks.torchvision_ops import make_importable

make_importable()
from anomalib.deploy import OpenVINOInferencer  # noqa: E402 - needs the line above


def main(model: str, pictures: str, height: int, width: int) -> None:
    """Load the model and answer."""
    inferencer = OpenVINOInferencer(model, "CPU", {"INFERENCE_PRECISION_HINT": "f32", "PERFORMANCE_HINT": "LATENCY"})
    answer(partial(_judged_ms, inferencer, np.load(pictures), (width, height)))


def _judged_ms(inferencer, pictures, size, _: str, number: int) -> float:
    began = time.perf_counter()
    small = cv2.resize(pictures[number % len(pictures)], size, interpolation=cv2.INTER_LINEAR)
    inferencer.predict(small)
    return (time.perf_counter() - began) * 1e3


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
