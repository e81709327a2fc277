"""Training in a process of its own: a job goes down as JSON, news comes up as JSON lines.

The child is `lineside-train`. Who cancels kills it. It lives no longer than the pipe it was given its job through:
when the station goes or is killed, the pipe closes and the child ends at once.
"""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from station.domain.errors import BadInputError, FaultError, StationError
from station.learning.presets import Method
from station.learning.progress import OnProgress, Progress

MODULE = "station.trainer"
_END_WITHIN_S = 5.0
_LOW_PRIORITY_ON_WINDOWS: int = getattr(subprocess, "BELOW_NORMAL_PRIORITY_CLASS", 0)


class _Line(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class TrainingJob(_Line):
    """What `lineside-train` is asked for.

    Attributes:
        dataset: Folder of the frozen dataset version.
        output: Empty folder for model.xml, model.bin, and the held-out maps.
        method: How to learn.
        cores: CPU cores to work on.
        seed: Fixes every draw.
    """

    dataset: Path
    output: Path
    method: Method
    cores: int = Field(default_factory=lambda: os.cpu_count() or 1, ge=1)
    seed: int = 0


class Progressed(_Line):
    """The child has come further; see `Progress`."""

    stage: str
    done: int
    total: int
    left_s: float | None = None


class Trained(_Line):
    """The child has finished.

    Attributes:
        backbone: Name of the pretrained network.
        input_size: Height and width of the model's input, pixels.
        held_out: File of the raw anomaly maps of good pictures that the scoring bank had not seen, `numpy` format,
            float32 (n, gh, gw), in the order of the training pictures.
        compared: Names of the pictures of the two next.
        trained_scores, exported_scores: Raw scores of the trained network and of the exported model.
        train_s: Seconds from the first picture to the exported model.
    """

    backbone: str
    input_size: tuple[int, int]
    held_out: Path
    compared: tuple[str, ...]
    trained_scores: tuple[float, ...]
    exported_scores: tuple[float, ...]
    train_s: float


class Refused(_Line):
    """The child cannot do it, in words for people."""

    sentence: str
    advice: str
    kind: Literal["input", "fault"]


News = TypeAdapter[Progressed | Trained | Refused](Annotated[Progressed | Trained | Refused, Field(union_mode="smart")])


class TrainingCancelledError(StationError):
    """Somebody stopped the training."""

    advice = "Teach again when you like; nothing was changed."


class Cancellation:
    """A switch that stops one training from any thread; the child ends within a second."""

    def __init__(self) -> None:
        self.requested = threading.Event()
        self._child: subprocess.Popen[str] | None = None

    def request(self) -> None:
        """Stop. Asking twice is allowed, and so is asking before the training began."""
        self.requested.set()
        if self._child is not None:
            self._child.kill()

    def attach(self, child: "subprocess.Popen[str]") -> None:
        """From now on a request ends this child."""
        self._child = child
        if self.requested.is_set():
            child.kill()


def run_training(
    job: TrainingJob, log: Path, cache: Path, on_progress: OnProgress, cancellation: Cancellation | None = None
) -> Trained:
    """Train and wait for the result.

    Args:
        job: What to do.
        log: File the child's stderr is appended to.
        cache: Folder for what the child's libraries want to keep; they are given no other.
        on_progress: Called in this thread for every step of the child.
        cancellation: Stops it from another thread.

    Raises:
        BadInputError: The child refused its pictures, in its own words.
        TrainingCancelledError: It was cancelled.
        FaultError: The child failed; its trace is in the log.
    """
    cancellation = cancellation or Cancellation()
    with log.open("a", encoding="utf-8") as errors, _child(job, errors, cache) as child:
        cancellation.attach(child)
        last = _follow(child, on_progress)
    if cancellation.requested.is_set():
        raise TrainingCancelledError("The training was cancelled.")
    match last:
        case Trained():
            return last
        case Refused(kind="input"):
            raise BadInputError(last.sentence, last.advice)
        case Refused():
            raise FaultError(last.sentence, last.advice)
    raise FaultError(f"The training ended without a result (exit code {child.returncode}).", f"Its log is {log}.")


@contextmanager
def _child(job: TrainingJob, errors: IO[str], cache: Path) -> Iterator["subprocess.Popen[str]"]:
    """The child at work; whatever happens here, it does not outlive this block."""
    child = subprocess.Popen(
        [sys.executable, "-m", MODULE],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=errors,
        encoding="utf-8",
        env=os.environ | {"MPLCONFIGDIR": str(cache / "matplotlib")},
        creationflags=_LOW_PRIORITY_ON_WINDOWS,
    )
    try:
        assert child.stdin is not None
        child.stdin.write(job.model_dump_json() + "\n")
        child.stdin.flush()
        yield child
    finally:
        child.kill()
        child.communicate()


def _follow(child: "subprocess.Popen[str]", on_progress: OnProgress) -> Trained | Refused | None:
    """Hand progress on until the child says its last word, or ends without one."""
    assert child.stdout is not None
    for line in child.stdout:
        if not line.endswith("\n"):  # it ended, or was ended, in the middle of a word
            break
        news = _news(line)
        if not isinstance(news, Progressed):
            return news
        on_progress(Progress(news.stage, news.done, news.total, news.left_s))
    child.wait(_END_WITHIN_S)
    return None


def _news(line: str) -> Progressed | Trained | Refused:
    try:
        return News.validate_python(json.loads(line))
    except (ValueError, ValidationError) as error:
        raise FaultError(f"The training said something that is no news: {line[:80]!r}.") from error
