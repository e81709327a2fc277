"""What many parts come to, as programs read it."""

from collections.abc import Sequence

import numpy as np

from station.domain.inspection import Inspection
from station.domain.verdict import Verdict


def summary_of(parts: Sequence[Inspection]) -> dict[str, object]:
    """The summary object of `inspect --json` and `demo --json`; times are null where no part was judged."""
    verdicts = {verdict.value: sum(part.verdict is verdict for part in parts) for verdict in Verdict}
    elapsed_ms = [part.elapsed_ms for part in parts if part.verdict is not Verdict.NOT_INSPECTED]
    return {
        "summary": True,
        "parts": len(parts),
        **verdicts,
        "triggers": sum(verdicts.values()),
        "elapsed_ms_p50": _percentile(elapsed_ms, 50),
        "elapsed_ms_p99": _percentile(elapsed_ms, 99),
    }


def _percentile(values: Sequence[float], percent: float) -> float | None:
    return round(float(np.percentile(values, percent)), 3) if values else None
