#!/usr/bin/env bash
# OpenCV 5.0.0 (opencv-python-headless 5.0.0.93), IMREAD_UNCHANGED: a TIFF of 16-bit grey with transparency (two samples)
# comes back as 8-bit grey without transparency, without an error. The same picture as PNG comes back with 16 bits.
# Exits 0 while OpenCV behaves so, 1 if that has changed.
set -euo pipefail
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
python3 -m venv "$place/venv"
"$place/venv/bin/pip" install -q opencv-python-headless==5.0.0.93 tifffile==2026.3.3 numpy==2.4.6
"$place/venv/bin/python" - <<'PY'
import io, struct, sys, zlib
import cv2, numpy as np, tifffile

pixels = np.random.default_rng(0).integers(0, 65536, (20, 30, 2), np.uint16)

def read(content):
    found = cv2.imdecode(np.frombuffer(content, np.uint8), cv2.IMREAD_UNCHANGED)
    return str(found.dtype), found.shape

def chunk(name, data):
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

file = io.BytesIO()
tifffile.imwrite(file, pixels, photometric="minisblack", extrasamples=["unassalpha"], planarconfig="contig")
rows = b"".join(b"\0" + row.astype(">u2").tobytes() for row in pixels)
png = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", 30, 20, 16, 4, 0, 0, 0))
png += chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
found = {"TIFF": read(file.getvalue()), "PNG": read(png)}
print("opencv", cv2.__version__, "stored uint16 (20, 30, 2)")
for name, (kind, shape) in found.items():
    print(f"{name}: {kind} {shape}")
sys.exit(0 if found["TIFF"] == ("uint8", (20, 30)) and found["PNG"][0] == "uint16" else 1)
PY
