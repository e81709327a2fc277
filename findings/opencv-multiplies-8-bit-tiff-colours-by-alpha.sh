#!/usr/bin/env bash
# OpenCV 5.0.0 (opencv-python-headless 5.0.0.93), IMREAD_UNCHANGED: in an RGBA TIFF of 8 bits with separate transparency
# (ExtraSamples 2, as Pillow writes it) the colours come back multiplied by it: (200, 100, 50) at 128 as (100, 50, 25).
# The same pixel in a TIFF of 16 bits and in a PNG of 8 bits comes back as it is stored.
# Exits 0 while OpenCV behaves so, 1 if that has changed.
set -euo pipefail
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
python3 -m venv "$place/venv"
"$place/venv/bin/pip" install -q opencv-python-headless==5.0.0.93 tifffile==2026.3.3 numpy==2.4.6 pillow==13.0.0
"$place/venv/bin/python" - <<'PY'
import io, sys
import cv2, numpy as np, tifffile
from PIL import Image

def read(content):
    return cv2.imdecode(np.frombuffer(content, np.uint8), cv2.IMREAD_UNCHANGED)[0, 0, [2, 1, 0, 3]].tolist()

def tiff(pixels):
    file = io.BytesIO()
    tifffile.imwrite(file, pixels, photometric="rgb", extrasamples=["unassalpha"])
    return file.getvalue()

def pillow(pixels, kind):
    file = io.BytesIO()
    Image.fromarray(pixels, "RGBA").save(file, kind)
    return file.getvalue()

stored = np.full((20, 30, 4), (200, 100, 50, 128), np.uint8)
found = {
    "TIFF 8 bits": read(tiff(stored)),
    "TIFF 8 bits by Pillow": read(pillow(stored, "TIFF")),
    "TIFF 16 bits": [value // 257 for value in read(tiff(stored.astype(np.uint16) * 257))],
    "PNG 8 bits": read(pillow(stored, "PNG")),
}
print("opencv", cv2.__version__, "stored (200, 100, 50, 128)")
for name, pixel in found.items():
    print(f"{name}: {pixel}")
plain, multiplied = [200, 100, 50, 128], [100, 50, 25, 128]
sys.exit(0 if list(found.values()) == [multiplied, multiplied, plain, plain] else 1)
PY
