#!/usr/bin/env bash
# PyOD 3.6.7: four detectors call a row of NaN normal. `decision_function` of ECOD, COPOD, LMDD and MAD gives it the score 0.0,
# the lowest there is, and `predict` the label 0; LMDD does the same with infinity. `fit` refuses NaN, and the other detectors
# (KNN, IForest, OCSVM, LOF, HBOS, PCA, KDE ...) raise a ValueError in `decision_function` too.
# Expected: a ValueError, as in `fit`. On a line a broken sensor would look like the best part of the day.
# Exits 0 while PyOD behaves so, 1 if that has changed.
set -euo pipefail
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
python3 -m venv "$place/venv"
"$place/venv/bin/pip" install -q pyod==3.6.7 numpy==2.4.6 scipy==1.17.1 scikit-learn==1.9.1
cd "$place"
"$place/venv/bin/python" - <<'PY'
import sys
import warnings

import numpy as np
from pyod.models.copod import COPOD
from pyod.models.ecod import ECOD
from pyod.models.knn import KNN
from pyod.models.lmdd import LMDD
from pyod.models.mad import MAD

warnings.simplefilter("ignore")
good = np.random.default_rng(0).normal(size=(300, 1))
nan = np.full((1, 1), np.nan)


def said(detector):
    try:
        return float(detector.decision_function(nan)[0]), int(detector.predict(nan)[0])
    except ValueError:
        return "ValueError"


def refused_by_fit(detector):
    try:
        detector.fit(np.concatenate([good, nan]))
    except ValueError:
        return True
    return False


found = {each.__name__: said(each().fit(good)) for each in (ECOD, COPOD, LMDD, MAD, KNN)}
lowest = {each.__name__: float(each().fit(good).decision_function(good).min()) for each in (ECOD, COPOD)}
print("score and label of NaN:", found)
print("lowest score of 300 good rows:", lowest, "- fit of ECOD refuses NaN:", refused_by_fit(ECOD()))
normal = all(found[name] == (0.0, 0) for name in ("ECOD", "COPOD", "LMDD", "MAD"))
sys.exit(0 if normal and found["KNN"] == "ValueError" and min(lowest.values()) > 0 and refused_by_fit(ECOD()) else 1)
PY
