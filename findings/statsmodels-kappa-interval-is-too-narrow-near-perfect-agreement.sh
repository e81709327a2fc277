#!/usr/bin/env bash
# statsmodels 0.15.0, `cohens_kappa`: the 95 % interval of a kappa near 1 is much too narrow. Two raters who agree on all
# of 20 parts get 1 to 1, as if nothing could be unknown. With a true kappa of 0.92 and 20 parts, the interval holds the
# true value in little more than half of the studies, instead of 95 %. It is made from the asymptotic standard error of
# Fleiss, Cohen and Everitt (1969), which is 0 at perfect agreement, and no warning is given.
# Wilson's interval of the observed agreement, carried through the formula of kappa, holds it in about 95 of 100.
# Expected: a warning for few parts or near perfect agreement, or an interval that holds what it promises.
# Exits 0 while statsmodels behaves so, 1 if that has changed.
set -euo pipefail
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
python3 -m venv "$place/venv"
"$place/venv/bin/pip" install -q statsmodels==0.15.0
cd "$place"
"$place/venv/bin/python" - <<'PY'
import sys
import warnings

import numpy as np
from statsmodels.stats.inter_rater import cohens_kappa

with warnings.catch_warnings():
    warnings.simplefilter("error")  # a warning would be an answer too
    perfect = cohens_kappa([[10, 0], [0, 10]])
print(f"20 of 20 the same: kappa {perfect.kappa}, 95 % {perfect.kappa_low} to {perfect.kappa_upp}")

PARTS, STUDIES, WRONG = 20, 2000, 0.02
AGREE, BY_CHANCE = 1 - 2 * WRONG * (1 - WRONG), 0.5
TRUE = (AGREE - BY_CHANCE) / (1 - BY_CHANCE)
chosen = np.random.default_rng(1)
held = held_by_wilson = counted = 0
for _ in range(STUDIES):
    truth = chosen.random(PARTS) < 0.5
    first, second = (np.where(chosen.random(PARTS) < WRONG, ~truth, truth) for _ in range(2))
    table = np.histogram2d(first, second, bins=2, range=[[0, 1], [0, 1]])[0]
    if len(set(first) | set(second)) < 2:
        continue
    counted += 1
    result = cohens_kappa(table)
    held += result.kappa_low <= TRUE <= result.kappa_upp
    same, z2 = np.trace(table) / PARTS, 1.96**2 / PARTS
    half = 1.96 / (1 + z2) * np.sqrt(same * (1 - same) / PARTS + z2 / 4 / PARTS)
    by_chance = (table.sum(0) * table.sum(1)).sum() / PARTS**2
    low, high = (((same + z2 / 2) / (1 + z2) + side * half - by_chance) / (1 - by_chance) for side in (-1, 1))
    held_by_wilson += low <= TRUE <= high
print(f"true kappa {TRUE:.2f}, {PARTS} parts: statsmodels holds it in {100 * held / counted:.0f} %, "
      f"Wilson's in {100 * held_by_wilson / counted:.0f} % of {counted} studies")
narrow = perfect.kappa_low == perfect.kappa_upp == 1.0 and held / counted < 0.7 and held_by_wilson / counted > 0.9
sys.exit(0 if narrow else 1)
PY
