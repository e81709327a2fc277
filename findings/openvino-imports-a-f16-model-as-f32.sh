#!/usr/bin/env bash
# openvino 2026.4.1, CPU with FP16 (avx512_fp16): a model that was compiled with INFERENCE_PRECISION_HINT f16 and exported
# is imported with f32 without a word. The compiled model says f32, and computes with the weights that were cut to 16 bits.
# Expected: it is refused, or computed as it says. CACHE_DIR keeps a file for each precision, so it is not affected.
# On a processor without FP16 there is nothing to see. Exits 0 while OpenVINO behaves so, 1 if that has changed.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q openvino==2026.4.1 numpy==2.2.6
cat > "$folder/seen.py" <<'PY'
import numpy as np
import openvino as ov
from openvino import opset13 as op

core = ov.Core()
if "FP16" not in core.get_property("CPU", "OPTIMIZATION_CAPABILITIES"):
    print("this processor does not compute in f16")
    raise SystemExit(0)
rng = np.random.default_rng(0)
x = op.parameter([1, 64], ov.Type.f32)
weights = op.constant(rng.normal(size=(64, 64)).astype(np.float32))
model = ov.Model([op.result(op.matmul(x, weights, False, False))], [x])
picture = rng.normal(size=(1, 64)).astype(np.float32)
exact = core.compile_model(model, "CPU", {"INFERENCE_PRECISION_HINT": "f32"})(picture)[0]
half = core.compile_model(model, "CPU", {"INFERENCE_PRECISION_HINT": "f16"})
imported = core.import_model(half.export_model(), "CPU", {"INFERENCE_PRECISION_HINT": "f32"})
says = imported.get_property("INFERENCE_PRECISION_HINT")
apart = float(np.abs(imported(picture)[0] - exact).max())
print(f"openvino {ov.get_version()}: imported as {says.get_type_name()}, {apart:.1e} from f32")
raise SystemExit(0 if says == ov.Type.f32 and apart > 1e-3 else 1)
PY
"$folder/venv/bin/python" "$folder/seen.py"
