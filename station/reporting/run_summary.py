"""The summary of a run, as programs read it."""

from collections.abc import Sequence

import numpy as np

from station.domain.inspection import Inspection
from station.domain.verdict import Verdict


def summary_of(parts: Sequence[Inspection], left_out: Sequence[str] = ()) -> dict[str, object]:
    """Return the summary object of `inspect --json` and `demo --json`; times are null if no part was judged.

    Args:
        parts: Every part of the run.
        left_out: Files that were not inspected, or not wholly: those that may hold parts, and masks.
    """
    verdicts = {verdict.value: sum(part.verdict is verdict for part in parts) for verdict in Verdict}
    elapsed_ms = [part.elapsed_ms for part in parts if part.verdict is not Verdict.NOT_INSPECTED]
    return {
        "summary": True,
        "parts": len(parts),
        **verdicts,
        "triggers": sum(verdicts.values()),
        "elapsed_ms_p50": percentile(elapsed_ms, 50) if elapsed_ms else None,
        "elapsed_ms_p99": percentile(elapsed_ms, 99) if elapsed_ms else None,
        "left_out": list(left_out),
    }


def percentile(values: Sequence[float], percent: float) -> float:
    """Return the smallest value that at least `percent` of the values do not exceed, to three decimals."""
    return round(float(np.percentile(values, percent, method="inverted_cdf")), 3)
