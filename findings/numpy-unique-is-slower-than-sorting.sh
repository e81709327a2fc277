#!/usr/bin/env bash
# numpy 2.4.6: `numpy.unique` of integers finds them by hashing. On two million different uint32 it takes about a hundred
# times as long as sorting them and dropping equal neighbours, which gives the same array. `numpy.union1d` calls it.
# Exits 0 while it takes at least ten times as long, 1 if that has changed.
set -euo pipefail
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
python3 -m venv "$place/venv"
"$place/venv/bin/pip" install -q numpy==2.4.6
cd "$place"
"$place/venv/bin/python" - <<'PY'
import sys
import time

import numpy as np

values = np.random.default_rng(0).random(2_000_000, np.float32).view(np.uint32)


def seconds(work):
    """The least processor time of three runs, so that a busy machine changes nothing."""
    taken = []
    for _ in range(3):
        began = time.process_time()
        result = work()
        taken.append(time.process_time() - began)
    return min(taken), result


def by_sorting():
    in_order = np.sort(values)
    return in_order[np.append(True, np.diff(in_order) > 0)]


hashed_s, hashed = seconds(lambda: np.unique(values))
sorted_s, distinct = seconds(by_sorting)
assert np.array_equal(hashed, distinct)
print(f"numpy {np.__version__}: unique {hashed_s:.3f} s, sorting {sorted_s:.3f} s, {hashed_s / sorted_s:.0f} times")
sys.exit(0 if hashed_s > 10 * sorted_s else 1)
PY
