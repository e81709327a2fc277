"""`lineside-train [JOB]`: train one model in a process of its own, at low priority, without a network.

Without an argument the job is the first line of stdin, and the process ends when stdin ends; with one it is that file,
and the process is stopped by a signal.
"""

import argparse
import logging
import os
import sys
from pathlib import Path

from pydantic import ValidationError

from station.domain.errors import BadInputError, StationError
from station.learning.jobs import Refused, TrainingJob
from station.trainer.channel import Channel, end_with
from station.trainer.quiet_cores import yield_the_cores

_LOW_PRIORITY = 10


def main() -> int:
    """Run one job; return 0, or the exit code of the refusal."""
    arguments = argparse.ArgumentParser(prog="lineside-train", description=__doc__)
    arguments.add_argument("job", nargs="?", type=Path, help="file with the job as JSON (default: a line on stdin)")
    path: Path | None = arguments.parse_args().job
    channel = Channel()
    logging.basicConfig(stream=sys.stderr, level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
    try:
        _run(_job(path), channel)
    except StationError as error:
        kind = "input" if isinstance(error, BadInputError) else "fault"
        channel.send(Refused(sentence=error.sentence, advice=error.advice, kind=kind))
        return error.exit_code
    return 0


def _job(path: Path | None) -> TrainingJob:
    try:
        text = path.read_text("utf-8") if path else sys.stdin.readline()
        job = TrainingJob.model_validate_json(text)
    except (OSError, ValidationError) as error:
        raise BadInputError(f"{path or 'The first line of stdin'} is not a training job: {error}.") from error
    if path is None:
        end_with(sys.stdin)
    return job


def _run(job: TrainingJob, channel: Channel) -> None:
    if sys.platform != "win32":  # there the parent starts it with low priority
        os.nice(_LOW_PRIORITY)
    yield_the_cores()
    from station.trainer.fitting import fit  # noqa: PLC0415 - numpy only after yield_the_cores()

    channel.send(fit(job, channel.send_progress))


if __name__ == "__main__":
    sys.exit(main())
