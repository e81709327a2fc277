#!/usr/bin/env bash
# opencv-python-headless 5.0.0.93: phaseCorrelate with a window multiplies both of its inputs by the window, in place.
# The second call with the same arrays sees them windowed twice, the tenth sees almost black pictures. Without a window
# the inputs stay as they are. Nothing in the documentation says that src1 and src2 are written to.
# Expected: inputs are not changed.
# Exits 0 while OpenCV behaves so, 1 if that has changed.
set -euo pipefail
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
python3 -m venv "$place/venv"
"$place/venv/bin/pip" install -q opencv-python-headless==5.0.0.93 numpy
"$place/venv/bin/python" - <<'PY'
import sys

import cv2
import numpy as np

first = np.random.default_rng(0).random((64, 64)).astype(np.float32)
second = np.roll(first, 2, axis=1)
window = cv2.createHanningWindow((64, 64), cv2.CV_32F)
before = first.copy()

cv2.phaseCorrelate(first, second)
kept = np.array_equal(first, before)
shift, response = cv2.phaseCorrelate(first, second, window)
changed = np.abs(first - before * window).max() == 0 and not np.array_equal(first, before)
shift_again, response_again = cv2.phaseCorrelate(first, second, window)

print(f"OpenCV {cv2.__version__}: inputs kept without a window: {kept}; multiplied by the window with one: {changed}")
print(f"the same call twice: shift {shift[0]:.4f}, response {response:.4f}; then {shift_again[0]:.4f}, {response_again:.4f}")
sys.exit(0 if kept and changed and response != response_again else 1)
PY
