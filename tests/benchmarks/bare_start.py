"""The bare script that a start is compared with: a Qt window, the model by OpenVINO, one `infer()`.

    python tests/benchmarks/bare_start.py MODEL.xml CACHE_FOLDER

Prints one line of JSON: seconds from BEGAN (an environment variable with a time of the monotonic clock) to the window
with the loaded model, and to the first answer; and its memory. Waits for the end of its stdin before it ends.
"""

import json
import os
import sys
import time

import numpy as np
import openvino as ov
from PySide6.QtWidgets import QApplication, QLabel, QMainWindow


def main() -> None:
    """Start, say how long it took, and wait."""
    graph, cache = sys.argv[1:]
    began = float(os.environ["BEGAN"])
    application = QApplication(["bare"])
    window, label = QMainWindow(), QLabel("starting")
    window.setCentralWidget(label)
    window.resize(1280, 800)
    window.show()
    configuration = {
        "PERFORMANCE_HINT": "LATENCY",
        "INFERENCE_PRECISION_HINT": "f32",
        "INFERENCE_NUM_THREADS": max(1, (os.cpu_count() or 2) - 1),
        "CACHE_DIR": cache,
    }
    request = ov.Core().compile_model(graph, "CPU", configuration).create_infer_request()
    label.setText("ready")
    application.processEvents()
    ready, busy = time.monotonic() - began, time.process_time()
    request.infer({0: np.zeros(request.model_inputs[0].shape, np.uint8)})
    first = time.monotonic() - began
    label.setText("done")
    application.processEvents()
    print(json.dumps({"ready_s": ready, "first_s": first, "busy_s": busy}), flush=True)
    sys.stdin.read()


if __name__ == "__main__":
    main()
