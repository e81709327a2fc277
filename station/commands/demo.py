"""The demo line: a simulated camera above drawn parts, and a model that was taught on them."""

import json
from collections.abc import Sequence
from datetime import datetime
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

from station.domain.clock import utc_now
from station.domain.errors import BadInputError, FaultError
from station.domain.inspection import Inspection
from station.domain.rates import Rate
from station.domain.recipe import Recipe, RecipeState, View
from station.domain.verdict import Verdict
from station.inference.model_package import MANIFEST, load_package
from station.pipeline.line_control import LineControl
from station.recipes.recipe_file import copy_package_into
from station.reporting.run_summary import summary_of
from station.reporting.shift_calendar import free_window
from station.settings import CameraSettings, RecordingSettings, Settings
from station.storage.recipes.recipes import Recipes
from station.storage.records.inspections import Inspections
from station.workspace import Workspace, write_atomically

if TYPE_CHECKING:
    from station.camera.simulated import SimulatedCamera

PRODUCT = "flange"
DEMO_SETTINGS = Settings(
    camera=CameraSettings(source=f"simulated:{PRODUCT}"),
    recording=RecordingSettings(reserve_mb=0, least_free_gb=0.0, recent_passed_gb=0.2),
)
"""A demo lies in a temporary folder, often in memory: it keeps nothing free there."""


class DemoCommands:
    """Commands that only a demo line has. They only read, so they ask no permission."""

    def __init__(self, workspace: Workspace, line: LineControl, recipes: Recipes, inspections: Inspections) -> None:
        """Put the models that come with the program into the workspace, and load the recipe of the first line.

        Raises:
            FaultError: This installation has no models.
        """
        _install(workspace, recipes)
        line.load_recipe(PRODUCT)
        self._line = line
        self._inspections = inspections
        self._since = utc_now()

    def summary(self, first_verdict_s: float | None) -> dict[str, object]:
        """Return the object of `lineside demo --json`, counted from the records.

        Args:
            first_verdict_s: Seconds from the start of the program to its first verdict; None if there was none.
        """
        parts = self._parts(self._since, utc_now())
        return {
            **summary_of(parts),
            "agreement": self.agreement(parts).value,
            "first_verdict_s": first_verdict_s,
        }

    def write_summary(self, path: Path, first_verdict_s: float | None) -> None:
        """Write `summary` as one line of JSON.

        Raises:
            BadInputError: The file cannot be written.
        """
        try:
            write_atomically(path, f"{json.dumps(self.summary(first_verdict_s))}\n".encode())
        except OSError as error:
            raise BadInputError(f"{path} cannot be written: {error.strerror}.", "Give another file.") from error

    def agreement(self, parts: Sequence[Inspection]) -> Rate:
        """Return how many of the judged parts got the right verdict: PASS if good, anything else if defective."""
        judged = [part for part in parts if part.verdict is not Verdict.NOT_INSPECTED]
        return Rate(sum(self._agrees(part) for part in judged), len(judged))

    def _agrees(self, part: Inspection) -> bool:
        seen = part.deciding
        camera: SimulatedCamera = self._line.sources[seen.name]  # type: ignore[assignment]  # the demo has no other
        assert seen.frame_id is not None
        return camera.part_truth(seen.frame_id).defective == (part.verdict is not Verdict.PASS)

    def _parts(self, start: datetime, end: datetime) -> list[Inspection]:
        window = free_window(start, end, DEMO_SETTINGS.station)
        return [record.inspection for record in self._inspections.shift_records(window).parts]


def _install(workspace: Workspace, recipes: Recipes) -> None:
    folders = _shipped()
    if not folders:
        raise FaultError("This installation has no demo models.", "Install the program again.")
    for folder in folders:
        package = load_package(folder)
        model = copy_package_into(package, package.manifest.name, workspace.models)
        view = View(model, dataset_version=package.manifest.dataset_version)
        recipe = Recipe(folder.name, 1, folder.name, (view,), author="Lineside", reason="comes with the program")
        recipes.add_revision(recipe, RecipeState.RELEASED, utc_now())


def _shipped() -> list[Path]:
    folder = Path(str(resources.files("resources"))) / "demo"
    return sorted(manifest.parent for manifest in folder.glob(f"*/{MANIFEST}"))
