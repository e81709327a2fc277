#!/usr/bin/env bash
# opencv-python-headless 5.0.0.93: an 8-bit TIFF in tiles that are not packed is read if a tile has a multiple of 1024 bytes
# (32 x 32, 64 x 64), and not at all (imdecode gives None, "Invalid tile byte count") if it has not (16 x 16, 48 x 48).
# The files are valid: tile sides are multiples of 16, and tifffile and Pillow read them. Packed by Deflate all are read.
# Exits 0 while OpenCV behaves so, 1 if that has changed.
set -euo pipefail
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
python3 -m venv "$place/venv"
"$place/venv/bin/pip" install -q opencv-python-headless==5.0.0.93 numpy==2.4.6 tifffile==2026.3.3 pillow==13.0.0
cd "$place"
"$place/venv/bin/python" - <<'PY'
import io, sys
import cv2, numpy as np, tifffile
from PIL import Image

grey = np.random.default_rng(1).integers(0, 256, (96, 112), np.uint8)
read = {}
for side in (16, 32, 48, 64):
    for packing in (None, "zlib"):
        file = io.BytesIO()
        tifffile.imwrite(file, grey, tile=(side, side), compression=packing)
        content = file.getvalue()
        others = [np.array_equal(np.asarray(Image.open(io.BytesIO(content))), grey),
                  np.array_equal(tifffile.imread(io.BytesIO(content)), grey)]
        by_opencv = cv2.imdecode(np.frombuffer(content, np.uint8), cv2.IMREAD_UNCHANGED)
        read[side, packing] = by_opencv is not None and np.array_equal(by_opencv, grey)
        print(side, packing or "plain", "OpenCV:", read[side, packing], "Pillow and tifffile:", others)
expected = {(side, packing): packing == "zlib" or side in (32, 64) for side, packing in read}
sys.exit(0 if read == expected else 1)
PY
