"""Latency of a line's verdicts beside a candidate that judges every part, over that without one, in turns.

    python tests/benchmarks/shadow_cost.py [--turns 40] [--json FILE]

The demo line is triggered ten times a second. The candidate has the model of the released revision, as large as that.
After every ten parts its process is stopped, and continued after ten more; while it is stopped, parts are only dropped.
Exit code 1 if the ratio of the medians is over 1.03.
"""

import argparse
import json
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
from line_beside_teaching import running_line, stopped
from triggered_line import latencies_ms
from waiting import until

from station.commands import demo
from station.domain.recipe import RecipeState

MOST_RATIO = 1.03
PARTS_IN_A_ROW = 10
EVERY_S = 0.1


def measured(turns: int) -> dict[str, float]:
    """Return both quantiles of both, their ratios, and what became of the parts."""
    without: list[float] = []
    beside: list[float] = []
    with running_line() as (station, reader):
        released = station.recipes.find(demo.PRODUCT).recipe
        station.recipes.add(replace(released, revision=2), RecipeState.DRAFT)
        station.candidates.start_shadow(demo.PRODUCT, 2, "benchmark")
        until(lambda: latencies_ms(station, reader, 2, EVERY_S) and station.candidates.figures(demo.PRODUCT, 2).judged)
        process = station._core.shadow._process
        assert process is not None
        for turn in range(turns):
            beside += latencies_ms(station, reader, PARTS_IN_A_ROW, EVERY_S)[1:]
            with stopped(process._child):
                without += latencies_ms(station, reader, PARTS_IN_A_ROW, EVERY_S)[1:]
            print(f"turn {turn + 1} of {turns}", file=sys.stderr, flush=True)
        station.candidates.stop_shadow("benchmark")
        counted = station.candidates.figures(demo.PRODUCT, 2)
    figures = {
        f"{name}, p{share}, ms": float(np.percentile(values, share))
        for name, values in (("without", without), ("beside", beside))
        for share in (50, 99)
    }
    figures |= {f"ratio of p{p}": figures[f"beside, p{p}, ms"] / figures[f"without, p{p}, ms"] for p in (50, 99)}
    return figures | {"parts judged": counted.judged, "of these equal": counted.agree, "parts dropped": counted.dropped}


def main() -> int:
    """Measure, print, and say whether the line was disturbed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--turns", type=int, default=40)
    parser.add_argument("--json", type=Path)
    asked = parser.parse_args()
    figures = measured(asked.turns)
    for name, value in figures.items():
        print(f"measured: {name} {value:.3f}")
    if asked.json:
        asked.json.write_text(json.dumps(figures, indent=1))
    return int(figures["ratio of p50"] > MOST_RATIO)


if __name__ == "__main__":
    sys.exit(main())
