#!/usr/bin/env bash
# opencv-python-headless 5.0.0.93: `cv2.line` with a thickness of 2 or more draws a line wider than asked, by 2 pixels
# if the thickness is odd: a line of 11 pixels covers 13 rows, one of 61 covers 63, while a filled circle of radius 5
# covers 11. A brush that is drawn by both leaves strokes that are wider than its dabs.
# Expected: as many rows as the thickness says, as with a thickness of 1.
# Exits 0 while OpenCV behaves so, 1 if that has changed.
set -euo pipefail
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
python3 -m venv "$place/venv"
"$place/venv/bin/pip" install -q opencv-python-headless==5.0.0.93 numpy==2.4.6
cd "$place"
"$place/venv/bin/python" - <<'PY'
import sys

import cv2
import numpy as np

print("OpenCV", cv2.__version__)
rows = {}
for thickness in (1, 3, 5, 7, 11, 21, 61):
    picture = np.zeros((200, 200), np.uint8)
    cv2.line(picture, (50, 100), (150, 100), 1, thickness)
    rows[thickness] = int(picture[:, 100].sum())
    print(f"thickness {thickness:2}: {rows[thickness]} rows")
circle = np.zeros((200, 200), np.uint8)
cv2.circle(circle, (100, 100), 5, 1, cv2.FILLED)
print("filled circle of radius 5:", int(circle[:, 100].sum()), "rows")
sys.exit(0 if rows[11] == 13 and circle[:, 100].sum() == 11 else 1)
PY
