"""Training in a process of its own: it receives a job as JSON and answers with JSON lines.

The child is `lineside-train`. Cancelling kills it. It ends with the pipe through which it received its job: if the
station ends or is killed, the pipe closes and the child ends at once.
"""

import json
import os
import subprocess
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from station.concurrency.process_beside import start_beside
from station.domain.errors import BadInputError, FaultError, StationError
from station.domain.geometry import RegionOfInterest
from station.domain.part_location import PartLocation
from station.inference.members import Member
from station.learning.labelled_defects import LabelledDefects
from station.learning.presets import AnyMethod, Method
from station.learning.progress import OnProgress, Progress

MODULE = "station.trainer"
_END_WITHIN_S = 5.0


Child = subprocess.Popen[str]


class _Line(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class TrainingJob(_Line):
    """The job of `lineside-train`.

    Attributes:
        dataset: Folder of the frozen dataset version.
        output: Empty folder for model.xml, model.bin, and the held-out maps.
        cache: Folder for what good pictures taught; it may be emptied at any time.
        method: The method and its settings.
        input_size: Height and width of the model's input, pixels.
        region: x, y, width, height of the region of interest, pixels; None for the whole picture.
        location: How the part is found, so that the region moves with it; None if it always lies in one place.
        left_out: Names of good pictures that are not learned, because the part is not found in them.
        unstated_bits: Bits that carry light in 16-bit pictures that do not say it.
        scored: Names of pictures whose scores are needed.
        with_defects: Learn from the labelled defects of the dataset too.
        cores: Number of CPU cores to use.
        seed: Seed of every random draw.
        backbones: Folder of the networks that the site brought; None if there is none.
    """

    dataset: Path
    output: Path
    cache: Path
    method: AnyMethod
    input_size: tuple[int, int]
    region: tuple[int, int, int, int] | None = None
    location: PartLocation | None = None
    left_out: tuple[str, ...] = ()
    unstated_bits: int = 16
    scored: tuple[str, ...] = ()
    with_defects: bool = False
    cores: int = Field(default_factory=lambda: os.cpu_count() or 1, ge=1)
    seed: int = 0
    backbones: Path | None = None

    @property
    def roi(self) -> RegionOfInterest | None:
        """Return the region of interest; None for the whole picture."""
        return RegionOfInterest(*self.region) if self.region else None

    @property
    def patchcore(self) -> Method:
        """Return the settings of the station's own method; only for a job of it."""
        assert isinstance(self.method, Method), "other methods have settings of their own"
        return self.method


class Progressed(_Line):
    """The child made progress; see `Progress`."""

    stage: str
    done: int
    total: int
    left_s: float | None = None
    loss: float | None = None

    @property
    def progress(self) -> Progress:
        """Return the same for who listens in this process."""
        return Progress(self.stage, self.done, self.total, self.left_s, self.loss)


class Trained(_Line):
    """The child has finished.

    Attributes:
        backbone: Name of the pretrained network.
        held_out: File of the raw anomaly maps of good pictures, each by a model made without it, `numpy` format,
            float32 (n, gh, gw), in the order of the training pictures. Of a method without a map each is one place,
            the score.
        scores: Raw scores by the trained detector, of pictures by their names: those that the job asks for, and at most
            60 others, spread over those to measure with, or over those that were learned.
        train_s: Seconds from the first picture to the exported model.
        defects: What labelled defects taught; None if the job did not ask for it.
        added: What the whole part adds to the highest place of each of these maps; empty if it is not checked.
        limit_note: What the limits rest on, if it is not each good picture; else "".
        memory_mb: Most memory of this process, 10^6 bytes; None if the system does not say.
        members: The models that were joined; empty if it is one.
    """

    backbone: str
    held_out: Path
    scores: dict[str, float]
    train_s: float
    defects: LabelledDefects | None = None
    added: tuple[float, ...] = ()
    limit_note: str = ""
    memory_mb: float | None = None
    members: tuple[Member, ...] = ()


class Refused(_Line):
    """The child refuses the job, with a sentence for people."""

    sentence: str
    advice: str
    kind: Literal["input", "fault"]


News = TypeAdapter[Progressed | Trained | Refused](Annotated[Progressed | Trained | Refused, Field(union_mode="smart")])


class TrainingCancelledError(StationError):
    """The training was cancelled."""

    advice = "Nothing was changed. Teach again at any time."


class Cancellation:
    """Stops one training, from any thread; the child ends within a second."""

    def __init__(self) -> None:
        self.requested = threading.Event()
        self._child: Child | None = None

    def request(self) -> None:
        """Stop the training; may be called twice, and before the training began."""
        self.requested.set()
        if self._child is not None:
            self._child.kill()

    def attach(self, child: Child) -> None:
        """Let a request kill this child."""
        self._child = child
        if self.requested.is_set():
            child.kill()


def run_training(
    job: TrainingJob,
    log: Path,
    on_progress: OnProgress,
    cancellation: Cancellation | None = None,
    waiting: Child | None = None,
) -> Trained:
    """Train, and return the result.

    Args:
        job: The job.
        log: File that receives the child's stderr.
        on_progress: Called in this thread for every step.
        cancellation: Stops the training from another thread.
        waiting: The child that waits for the job, see `waiting_child`; one is started if not given.

    Raises:
        BadInputError: If the child refused its pictures.
        TrainingCancelledError: If it was cancelled.
        FaultError: If the child failed; its trace is in the log.
    """
    cancellation = cancellation or Cancellation()
    with ExitStack() as held:
        child = waiting or held.enter_context(waiting_child(log))
        _give(child, job)
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
def waiting_child(log: Path) -> Iterator[Child]:
    """Start a child that loads its libraries and then waits for its job; end it with this block in any case.

    Args:
        log: File that receives its stderr.
    """
    child = start_beside(MODULE, log, own_session=False)
    try:
        yield child
    finally:
        child.kill()
        child.communicate()


def _give(child: Child, job: TrainingJob) -> None:
    assert child.stdin is not None
    with suppress(BrokenPipeError):  # it has ended already; following it says so
        child.stdin.write(job.model_dump_json() + "\n")
        child.stdin.flush()


def _follow(child: Child, on_progress: OnProgress) -> Trained | Refused | None:
    """Report progress until the child sends its result, or ends without one."""
    assert child.stdout is not None
    for line in child.stdout:
        if not line.endswith("\n"):  # it ended, or was killed, in the middle of a line
            break
        news = _news(line)
        if not isinstance(news, Progressed):
            return news
        on_progress(news.progress)
    child.wait(_END_WITHIN_S)
    return None


def _news(line: str) -> Progressed | Trained | Refused:
    try:
        return News.validate_python(json.loads(line))
    except (ValueError, ValidationError) as error:
        raise FaultError(f"The training sent a line that cannot be read: {line[:80]!r}.") from error
