"""What a run leaves on the disk beside its record: a log for people, and its progress for any window to read."""

import json
import math
import os
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from pathlib import Path
from statistics import fmean

from station.domain.clock import utc_now
from station.domain.training import RunProgress, StageTime
from station.learning.progress import Progress

_NEWS_EVERY_S = 0.2
_NEWS_OF_A_RUN = 1500
"""News come less often as a run grows: an hour has some 5,000, so that a window reads them in no time."""
_MOST_POINTS = 400


@dataclass(frozen=True, slots=True)
class RunFiles:
    """The files of one run.

    Attributes:
        log: Lines for people.
        news: Its progress, one JSON object a line.
        worker: The number of the process that executes it; there while it runs.
        compared: The table of a run that compared methods; there once it is done.
    """

    log: Path
    news: Path
    worker: Path
    compared: Path

    @classmethod
    def of(cls, logs: Path, number: int) -> "RunFiles":
        """Return the files of the run with this number; their folder is made if it does not exist."""
        folder = logs / "training"
        folder.mkdir(parents=True, exist_ok=True)
        endings = ("log", "jsonl", "pid", "compared.json")
        return cls(*(folder / f"{number:04}.{ending}" for ending in endings))

    def log_lines(self, most: int) -> tuple[str, ...]:
        """Return the last lines of the log; empty before the first."""
        try:
            return tuple(self.log.read_text("utf-8", "replace").splitlines()[-most:])
        except FileNotFoundError:
            return ()

    def progress(self) -> RunProgress:
        """Return how far the run is, as far as it has said."""
        return progress_from(_lines(self.news))


class NewsWriter:
    """Writes the progress of one run, at most five times a second and at each new stage.

    A loss is the mean of those since the last news.
    """

    def __init__(self, files: RunFiles) -> None:
        self._files = files
        self._began = time.monotonic()
        self._stage = ""
        self._written_at = -1.0
        self._losses: list[float] = []

    def __call__(self, progress: Progress) -> None:
        """Take one step of the run."""
        now = time.monotonic() - self._began
        new = progress.stage != self._stage
        if new:
            self._stage = progress.stage
            self._losses.clear()
            self.say(progress.stage)
        if progress.loss is not None and math.isfinite(progress.loss):
            self._losses.append(progress.loss)
        every_s = max(_NEWS_EVERY_S, now / _NEWS_OF_A_RUN)
        if new or progress.done == progress.total or now - self._written_at >= every_s:
            self._written_at = now
            said = {"at": round(now, 2), "stage": progress.stage, "done": progress.done, "total": progress.total}
            _append(self._files.news, json.dumps(said | {"left_s": progress.left_s} | self._mean_loss()))

    def _mean_loss(self) -> dict[str, float]:
        """Return the mean loss since the last news, for those who read them; nothing without one."""
        if not self._losses:
            return {}
        mean = fmean(self._losses)
        self._losses.clear()
        return {"loss": mean}

    def say(self, sentence: str, at: datetime | None = None) -> None:
        """Add a line to the log."""
        _append(self._files.log, f"{at or utc_now():%Y-%m-%d %H:%M:%S} {sentence}")


def progress_from(lines: Iterator[dict[str, object]]) -> RunProgress:
    """Return the progress that these lines say, the oldest first."""
    said = [_Said.of(line) for line in lines]
    if not said:
        return RunProgress()
    every = max(1, len(said) // _MOST_POINTS)
    points = tuple((each.at, each.done / each.total) for each in said[::every] if each.total)
    return RunProgress(tuple(_stages(said)), said[-1].left_s, points, _curve(said))


def _curve(said: Sequence["_Said"]) -> tuple[tuple[float, float], ...]:
    """Return seconds and loss of the last stage that has one, as the means of equal parts if there are many."""
    all_losses = [(each.stage, each.at, each.loss) for each in said if each.loss is not None]
    of_stage = [(at, loss) for stage, at, loss in all_losses if stage == all_losses[-1][0]]
    every = max(1, math.ceil(len(of_stage) / _MOST_POINTS))
    parts = (of_stage[begin : begin + every] for begin in range(0, len(of_stage), every))
    return tuple((fmean(at for at, _ in part), fmean(loss for _, loss in part)) for part in parts)


@dataclass(frozen=True, slots=True)
class _Said:
    at: float
    stage: str
    done: int
    total: int
    left_s: float | None
    loss: float | None = None

    @classmethod
    def of(cls, line: dict[str, object]) -> "_Said":
        left, loss = line.get("left_s"), line.get("loss")
        return cls(
            float(str(line["at"])),
            str(line["stage"]),
            int(str(line["done"])),
            int(str(line["total"])),
            None if left is None else float(str(left)),
            None if loss is None else float(str(loss)),
        )


def _stages(said: list[_Said]) -> Iterator[StageTime]:
    for stage, group in groupby(said, key=lambda each: each.stage):
        news = list(group)
        yield StageTime(stage, news[-1].done, news[-1].total, news[0].at, news[-1].at - news[0].at)


def _lines(path: Path) -> Iterator[dict[str, object]]:
    """Yield each whole line; a run that was killed may have left half of one."""
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return
    for line in content.split(b"\n")[:-1]:
        try:
            value = json.loads(line)
        except ValueError:
            continue
        if isinstance(value, dict):
            yield value


def _append(path: Path, line: str) -> None:
    """Add one line in one write, so that two processes do not mix theirs."""
    handle = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
    try:
        os.write(handle, f"{line}\n".encode())
    finally:
        os.close(handle)
