#!/usr/bin/env bash
# OpenCV 5.0.0 (opencv-python-headless 5.0.0.93): a TIFF whose pixels are packed as JPEG 2000 (compression 34712) or JPEG XL
# (50002) is not refused: imdecode returns an array of the right shape that is all 0, and raises nothing. Its log has a
# line "strip decoding is not implemented". Zstandard and LERC, which it cannot unpack either, give None.
# tifffile with imagecodecs reads each file as it was written.
# Exits 0 while OpenCV behaves so, 1 if that has changed.
set -euo pipefail
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
python3 -m venv "$place/venv"
"$place/venv/bin/pip" install -q opencv-python-headless==5.0.0.93 tifffile==2026.3.3 imagecodecs==2026.3.6 numpy==2.4.6
"$place/venv/bin/python" - <<'PY'
import io, sys
import cv2, numpy as np, tifffile

cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_SILENT)
grey = np.random.default_rng(0).integers(60, 200, (64, 80), np.uint8)

def read(packing):
    file = io.BytesIO()
    tifffile.imwrite(file, grey, compression=packing)
    assert tifffile.imread(io.BytesIO(file.getvalue())).mean() > 100
    pixels = cv2.imdecode(np.frombuffer(file.getvalue(), np.uint8), cv2.IMREAD_UNCHANGED)
    return "None" if pixels is None else f"{pixels.shape}, largest value {pixels.max()}"

print("opencv", cv2.__version__)
said = {packing: read(packing) for packing in ("jpeg2000", "jpegxl", "zstd", "lerc")}
for packing, what in said.items():
    print(f"{packing}: {what}")
black = "(64, 80), largest value 0"
sys.exit(0 if said == {"jpeg2000": black, "jpegxl": black, "zstd": "None", "lerc": "None"} else 1)
PY
