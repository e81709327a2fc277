"""Latency of a line's verdicts beside a candidate that judges every part, over that without one, in turns.

    python tests/benchmarks/shadow_cost.py [--turns 40] [--json FILE]

The demo line is triggered ten times a second. The candidate has the model of the released revision, as large as that.
After every ten parts its process is stopped, and continued after ten more; while it is stopped, parts are only dropped.
A turn in which other programs worked is not counted.
Exit code 1 if the ratio of the medians is over 1.03, 2 if other programs worked all the time.
"""

import argparse
import json
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
from line_beside_teaching import EVERY_S, Load, require_counted, running_line, stopped
from triggered_line import latencies_ms
from waiting import until

from station.commands import demo
from station.domain.recipe import RecipeState

MOST_RATIO = 1.03


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
        load, counted_turns = Load(process._child), 0
        for turn in range(turns):
            with_candidate = load.counted_ms(station, reader)
            with stopped(process._child):
                alone = load.counted_ms(station, reader)
            if with_candidate and alone:
                counted_turns += 1
                beside += with_candidate
                without += alone
            print(f"turn {turn + 1} of {turns}, {counted_turns} counted", file=sys.stderr, flush=True)
        station.candidates.stop_shadow("benchmark")
        counted = station.candidates.figures(demo.PRODUCT, 2)
    require_counted(beside, without)
    figures = {
        f"{name}, p{share}, ms": float(np.percentile(values, share))
        for name, values in (("without", without), ("beside", beside))
        for share in (50, 99)
    }
    figures |= {f"ratio of p{p}": figures[f"beside, p{p}, ms"] / figures[f"without, p{p}, ms"] for p in (50, 99)}
    return figures | {
        "turns counted": counted_turns,
        "parts judged": counted.judged,
        "of these equal": counted.agree,
        "parts dropped": counted.dropped,
    }


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
