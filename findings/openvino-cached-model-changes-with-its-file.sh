#!/usr/bin/env bash
# openvino 2026.4.1, CPU: a model that was loaded from CACHE_DIR stays mapped from its .blob file while it is used.
# Bytes that another program writes into that file change the answers of the model that runs; one that truncates the file
# ends the process by SIGBUS. Whether the file is sound is compared at loading alone.
# Expected: a compiled model depends on its file no more once it is loaded, as with "ENABLE_MMAP": False.
# Exits 0 while OpenVINO behaves so, 1 if that has changed.
set -euo pipefail
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
python3 -m venv "$place/venv"
"$place/venv/bin/pip" install -q openvino==2026.4.1
cd "$place"
"$place/venv/bin/python" - <<'PY'
import sys
from pathlib import Path

import numpy as np
import openvino as ov

op = ov.opset13
weights = np.random.default_rng(0).standard_normal((1024, 1024)).astype(np.float32)
given = op.parameter([1024], ov.Type.i32, name="given")
model = ov.Model([op.result(op.gather(op.constant(weights), given, 0))], [given], "weights")
asked = np.arange(1024, dtype=np.int32)


def loaded(folder, **more):
    core = ov.Core()
    core.compile_model(model, "CPU", {"CACHE_DIR": folder, **more})  # writes the file
    compiled = ov.Core().compile_model(model, "CPU", {"CACHE_DIR": folder, **more})  # reads it
    assert compiled.get_property("LOADED_FROM_CACHE")
    return compiled


def changes(folder, **more):
    """Return whether the answer changes with the file."""
    compiled = loaded(folder, **more)
    before = compiled([asked])[0].copy()
    (blob,) = Path(folder).rglob("*.blob")
    size = blob.stat().st_size
    with blob.open("r+b") as file:
        file.seek(size // 4)
        file.write(bytes(size // 2))
    return not np.array_equal(before, compiled([asked])[0])


mapped, read = changes("mapped"), changes("read", ENABLE_MMAP=False)
print(f"openvino {ov.get_version()}: the answer changes with the file: {mapped}; without mapping: {read}")
sys.exit(0 if mapped and not read else 1)
PY
