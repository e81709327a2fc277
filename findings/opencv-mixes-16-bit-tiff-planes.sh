#!/usr/bin/env bash
# OpenCV 5.0.0 (opencv-python-headless 5.0.0.93): an RGB TIFF of 16 bits whose colours lie in planes (PlanarConfiguration 2)
# is read without an error, but its pixels are neighbours of the first plane taken for red, green and blue. 8 bits are right.
# Pillow and tifffile read the file as it was written.
# Exits 0 while OpenCV behaves so, 1 if that has changed.
set -euo pipefail
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
python3 -m venv "$place/venv"
"$place/venv/bin/pip" install -q opencv-python-headless==5.0.0.93 tifffile==2026.3.3 numpy==2.4.6
"$place/venv/bin/python" - <<'PY'
import io, sys
import cv2, numpy as np, tifffile

def read(kind):
    planes = np.random.default_rng(0).integers(0, np.iinfo(kind).max, (3, 20, 30), kind)
    file = io.BytesIO()
    tifffile.imwrite(file, planes, photometric="rgb", planarconfig="separate")
    assert np.array_equal(tifffile.imread(io.BytesIO(file.getvalue())), planes)
    pixels = cv2.imdecode(np.frombuffer(file.getvalue(), np.uint8), cv2.IMREAD_UNCHANGED)[..., ::-1]
    right = np.array_equal(pixels, np.moveaxis(planes, 0, 2))
    first_plane = np.array_equal(pixels.ravel()[:600], planes[0].ravel()[:600])
    return right, first_plane

eight, sixteen = read(np.uint8), read(np.uint16)
print("opencv", cv2.__version__)
print("8 bits: right", eight[0])
print("16 bits: right", sixteen[0], "- pixels are the first plane, three values each:", sixteen[1])
sys.exit(0 if eight[0] and not sixteen[0] and sixteen[1] else 1)
PY
