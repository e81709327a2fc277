"""Runs a soak test in its own process, so that its memory is measured alone and other tests run meanwhile."""

import json
import subprocess
import sys
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from contrast_model import release_plate

from station.domain.recipe import QualityLimits
from station.inference.model_package import ModelPackage

_PROGRAM = Path(__file__).with_name("soaking_line.py")
_TWO_MEGAPIXELS = {"Width": 1920, "Height": 1080}
_OF_ITS_SHAPE = QualityLimits(min_aspect=1.7, max_aspect=1.9)


class SoakProcess:
    """A soaking line in the background; leaving the `with` block ends it.

    Args:
        folder: Empty folder for its workspace and output.
        package: Its model.
        minutes: Duration.
    """

    def __init__(self, folder: Path, package: ModelPackage, minutes: float) -> None:
        release_plate(folder / "workspace", package, _TWO_MEGAPIXELS, _OF_ITS_SHAPE)
        self._output, self._errors = folder / "seen.json", folder / "errors.txt"
        with self._output.open("w") as output, self._errors.open("w") as errors:
            command = [sys.executable, _PROGRAM, folder / "workspace", str(minutes)]
            self._process = subprocess.Popen(command, stdout=output, stderr=errors)

    def seen(self) -> dict[str, Any]:
        """Wait until it has ended by itself, and return its result."""
        code = self._process.wait()
        assert code == 0, f"the soak ended with {code}: {self._errors.read_text()[-3000:]}"
        return json.loads(self._output.read_text().splitlines()[-1])

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.kill()
        self._process.wait()
