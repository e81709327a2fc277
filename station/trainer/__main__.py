"""`lineside-train`: train models in processes of their own, at low priority, without a network.

    lineside-train [JOB]                  one training; the job is the first line of stdin, or that file
    lineside-train --run N WORKSPACE      one run of a station, taught and evaluated
    lineside-train --queue WORKSPACE      every run that is queued, one after the other
    lineside-train WORKSPACE --evaluate NAME@REV --view VIEW --on VERSION

Without a file, and with `--run`, the process ends when stdin ends.
"""

import argparse
import logging
import os
import sys
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import ValidationError

from station.domain.errors import BadInputError, StationError
from station.trainer.channel import CANCELLED, Channel, end_with
from station.trainer.most_memory import most_memory_mb
from station.trainer.quiet_cores import yield_the_cores

if TYPE_CHECKING:
    from station.learning.jobs import Trained, TrainingJob
    from station.learning.progress import OnProgress

_LOW_PRIORITY = 10


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one job, one run or a queue; return 0, or the exit code of the refusal."""
    parser = argparse.ArgumentParser(prog="lineside-train", description=__doc__)
    parser.add_argument("job", nargs="?", type=Path, help="file with the job as JSON, or the workspace")
    parser.add_argument("--run", type=int, metavar="N", help="execute this run of the workspace")
    parser.add_argument("--queue", action="store_true", help="execute every run of the workspace that is queued")
    parser.add_argument("--evaluate", metavar="NAME@REV", help="measure this recipe of the workspace")
    parser.add_argument("--view", default="", help="the view to measure")
    parser.add_argument("--on", metavar="VERSION", default="", help="the dataset version to measure on")
    asked = parser.parse_args(arguments)
    logging.basicConfig(stream=sys.stderr, level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
    if not (asked.queue or asked.run or asked.evaluate):
        return _heard(lambda channel: _train(asked.job, channel))
    if asked.job is None:
        parser.error("name the workspace")
    if asked.evaluate:
        return _heard(lambda channel: _evaluate(asked.job, (asked.evaluate, asked.view, asked.on), channel))
    return _queue(asked.job) if asked.queue else _one_run(asked.job, asked.run)


def _heard(work: Callable[[Channel], None]) -> int:
    """Do the work, and send a refusal to whoever listens; return the exit code."""
    from station.learning.jobs import Refused  # noqa: PLC0415 - the queue needs none of it

    channel = Channel()
    try:
        work(channel)
    except StationError as error:
        kind = "input" if isinstance(error, BadInputError) else "fault"
        channel.send(Refused(sentence=error.sentence, advice=error.advice, kind=kind))
        return error.exit_code
    return 0


def _train(path: Path | None, channel: Channel) -> None:
    fit = _loaded()  # while the station still imports the pictures
    trained = fit(_job(path), channel.send_progress)
    channel.send(trained.model_copy(update={"memory_mb": most_memory_mb()}))


def _evaluate(root: Path, wanted: tuple[str, str, str], channel: Channel) -> None:
    end_with(sys.stdin)
    _step_down()
    yield_the_cores()
    from station.trainer.queue_runner import run_evaluation  # noqa: PLC0415 - numpy only after yield_the_cores()

    run_evaluation(root, *wanted, channel.send_progress)


def _job(path: Path | None) -> "TrainingJob":
    from station.learning.jobs import TrainingJob  # noqa: PLC0415 - the queue needs none of it

    try:
        text = path.read_text("utf-8") if path else sys.stdin.readline()
        if path is None and not text:
            sys.exit(CANCELLED)  # the station has ended before it gave a job
        job = TrainingJob.model_validate_json(text)
    except (OSError, ValidationError) as error:
        raise BadInputError(f"{path or 'The first line of stdin'} is not a training job: {error}.") from error
    if path is None:
        end_with(sys.stdin)
    return job


def _loaded() -> "Callable[[TrainingJob, OnProgress], Trained]":
    """Give way to the running line, load the libraries, and return the training."""
    _step_down()
    yield_the_cores()
    from station.trainer.fitting import fit  # noqa: PLC0415 - numpy only after yield_the_cores()

    return fit


def _queue(root: Path) -> int:
    from station.trainer.queue_runner import run_queue  # noqa: PLC0415 - a job needs none of it

    return _ended(lambda: run_queue(root))


def _one_run(root: Path, number: int) -> int:
    end_with(sys.stdin)
    _step_down()
    yield_the_cores()
    from station.concurrency.session_share import least_share  # noqa: PLC0415 - a job needs none of it
    from station.trainer.queue_runner import run_one  # noqa: PLC0415 - numpy only after yield_the_cores()

    with least_share() if _leads_its_session() else nullcontext():
        return _ended(lambda: run_one(root, number))


def _ended(work: Callable[[], None]) -> int:
    """Do the work; return the exit code, and say in the log why it was refused."""
    try:
        work()
    except StationError as error:
        logging.error("%s", error)
        return error.exit_code
    return 0


def _step_down() -> None:
    if sys.platform != "win32":  # there the parent starts it with low priority
        os.nice(_LOW_PRIORITY)


def _leads_its_session() -> bool:
    """Return whether the session is this program's own: then its share of the processor is, too."""
    return sys.platform != "win32" and os.getsid(0) == os.getpid()


if __name__ == "__main__":
    sys.exit(main())
