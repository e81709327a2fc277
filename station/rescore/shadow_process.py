"""The process of a candidate: it judges one part after the other, and feels the line no more than the line feels it."""

import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from pydantic import ValidationError

from station.domain.candidate import CandidateResult
from station.domain.errors import FaultError
from station.domain.part_images import PartResult
from station.rescore.live_parts import Answer, received_parts, send_part
from station.rescore.revision_judge import RevisionJudge


class ShadowProcess:
    """A running `linesidectl shadow --follow`. It ends with the pipe on its stdin: also if this program is killed."""

    def __init__(self, workspace: Path, label: str, log: Path) -> None:
        """Start it.

        Args:
            workspace: The folder of the station.
            label: The candidate, "tile@3".
            log: File that receives what it prints.

        Raises:
            OSError: It cannot be started.
        """
        command = [sys.executable, "-m", "station", "--workspace", str(workspace)]
        self._log = log
        with log.open("ab") as errors:
            self._child = subprocess.Popen(
                [*command, "shadow", "--follow", "--recipe", label],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
            )

    def judge(self, part: PartResult) -> CandidateResult:
        """Return what the candidate makes of a part that can be sent. Waits for the answer.

        Raises:
            FaultError: It has ended, or was ended.
        """
        child = self._child
        assert child.stdin is not None
        assert child.stdout is not None
        try:
            send_part(part, child.stdin)
            return Answer.model_validate_json(child.stdout.readline()).result
        except (OSError, ValueError, ValidationError) as error:
            raise FaultError(
                f"The program of the candidate has ended; see {self._log}.",
                "The line is not touched by it. The candidate is started again by itself.",
            ) from error

    def close(self) -> None:
        """End it now. A call of `judge` on another thread raises. Closing twice is allowed."""
        child = self._child
        child.kill()
        child.wait()
        for pipe in (child.stdin, child.stdout):
            with suppress(OSError):  # of what was not sent any more
                if pipe is not None:
                    pipe.close()


def answer_all(judge: RevisionJudge, parts: BinaryIO, answers: BinaryIO) -> None:
    """Judge each part that comes, in the candidate's process, until the other end closes."""
    for part, frames in received_parts(parts):
        answer = Answer.of(judge.judge(part.key, part.triggered_at, frames))
        answers.write(answer.model_dump_json().encode() + b"\n")
        answers.flush()
