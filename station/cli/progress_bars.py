"""The progress of a long command on the terminal."""

from collections.abc import Iterator
from contextlib import contextmanager

from tqdm import tqdm

from station.learning.progress import OnProgress, Progress


@contextmanager
def progress_bars() -> Iterator[OnProgress]:
    """Show a bar on stderr for each stage: only on a terminal, and only if it takes longer than a second."""
    bars: dict[str, tqdm[None]] = {}

    def show(step: Progress) -> None:
        if step.stage not in bars:
            _close(bars)
            bars[step.stage] = tqdm(desc=step.stage, total=step.total or None, delay=1, disable=None, leave=False)
        bars[step.stage].update(step.done - bars[step.stage].n)

    try:
        yield show
    finally:
        _close(bars)


def _close(bars: "dict[str, tqdm[None]]") -> None:
    for bar in bars.values():
        bar.close()
    bars.clear()
