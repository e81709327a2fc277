"""A program of its own that measures once for each line that it gets, so that programs can take turns."""

import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path


class TimingProcess:
    """A running program; its side of the talk is `answer`."""

    def __init__(self, line: Sequence[str | Path], environment: Mapping[str, str], folder: Path) -> None:
        """Start the program in a folder."""
        pipe = subprocess.PIPE
        self._program = subprocess.Popen(
            list(map(str, line)), env=dict(environment), cwd=folder, stdin=pipe, stdout=pipe, text=True
        )

    def ask(self, what: str = "") -> float:
        """Return what the program measured.

        Raises:
            RuntimeError: It ended.
        """
        assert self._program.stdin
        assert self._program.stdout
        self._program.stdin.write(what + "\n")
        self._program.stdin.flush()
        if not (answer := self._program.stdout.readline()):
            raise RuntimeError(f"the measured program ended with exit code {self._program.wait()}")
        return float(answer)

    def close(self) -> None:
        """End the program, which has to have no fault."""
        assert self._program.stdin
        self._program.stdin.close()
        if code := self._program.wait():
            raise RuntimeError(f"the measured program ended with exit code {code}")

    def __enter__(self) -> "TimingProcess":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def answer(measure: Callable[[str, int], float]) -> None:
    """Measure for each line on stdin and print the number; what else is printed goes to stderr.

    Args:
        measure: Called with the line and its number, from 0.
    """
    out, sys.stdout = sys.stdout, sys.stderr
    for number, line in enumerate(sys.stdin):
        print(measure(line.strip(), number), file=out, flush=True)
