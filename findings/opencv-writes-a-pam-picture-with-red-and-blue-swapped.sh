#!/usr/bin/env bash
# opencv-python-headless 5.0.0.93: imwrite of a red picture gives the bytes ff 00 00 in a PPM file, and 00 00 ff in a PAM
# file, without a TUPLTYPE line. Netpbm reads the samples of a PAM in the order red, green, blue, so it shows blue.
# OpenCV reads its own PAM files back in the same wrong order, so a test with OpenCV alone does not notice.
# Exits 0 while OpenCV behaves so, 1 if that has changed.
set -euo pipefail
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
python3 -m venv "$place/venv"
"$place/venv/bin/pip" install -q opencv-python-headless==5.0.0.93 numpy==2.4.6
cd "$place"
"$place/venv/bin/python" - <<'PY'
import sys
import cv2, numpy as np

red = np.zeros((16, 16, 3), np.uint8); red[..., 2] = 255  # OpenCV's own order is blue, green, red
first = {}
for kind in ("ppm", "pam"):
    content = cv2.imencode(f".{kind}", red)[1].tobytes()
    first[kind] = content[-16 * 16 * 3:][:3].hex(" ")
    print(kind, "header", content[: len(content) - 768], "first pixel", first[kind])
back = cv2.imdecode(cv2.imencode(".pam", red)[1], cv2.IMREAD_UNCHANGED)
print("read back by OpenCV:", back[0, 0].tolist(), "written:", red[0, 0].tolist())
sys.exit(0 if first == {"ppm": "ff 00 00", "pam": "00 00 ff"} and back[0, 0].tolist() == [0, 0, 255] else 1)
PY
