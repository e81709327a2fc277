"""The demo line: a simulated camera above drawn parts, and a model that was taught on them."""

import json
from collections.abc import Sequence
from datetime import datetime
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

from station.domain.challenge import place_matches
from station.domain.challenge_plan import NO_PLAN, ChallengePart, ChallengePlan, ExpectedPlace, Known
from station.domain.clock import utc_now
from station.domain.errors import BadInputError, FaultError
from station.domain.geometry import Region
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
    from station.camera.simulation.line import PartTruth

PRODUCT = "flange"
_SOME_PARTS = range(1, 1000)
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

    def present(self, part: ChallengePart) -> None:
        """Put a part under the simulated camera that is what a challenge part is said to be; the station judges it.

        If its line has no such part, the camera shows the next one that comes.
        """
        camera: SimulatedCamera = self._line.sources[part.place.view if part.place else ""]  # type: ignore[assignment]
        found = (number for number in _SOME_PARTS if _is_such(camera.part_truth(number), part))
        if (number := next(found, None)) is not None:
            camera.present(number)

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
        reason, plan = "comes with the program", _challenge_plan() if folder.name == PRODUCT else NO_PLAN
        recipe = Recipe(folder.name, 1, folder.name, (view,), author="Lineside", reason=reason, challenge=plan)
        recipes.add_revision(recipe, RecipeState.RELEASED, utc_now())


def _challenge_plan() -> ChallengePlan:
    """Return a plan with parts of the simulated line. It asks for a check only if somebody wants one."""
    from station.camera.simulated import SimulatedCamera  # noqa: PLC0415 - only a demo has it

    camera, parts = SimulatedCamera(PRODUCT), [ChallengePart("clean 1", Known.GOOD)]
    for kind in ("scratch", "missing"):
        truths = map(camera.part_truth, _SOME_PARTS)
        place = next(truth.place for truth in truths if truth.kind == kind and truth.place)
        parts.append(ChallengePart(f"{kind} 1", Known.BAD, ExpectedPlace("", *place)))
    return ChallengePlan(parts=tuple(parts))


def _is_such(truth: "PartTruth", part: ChallengePart) -> bool:
    """Return whether a simulated part is good, or has its defect just where a challenge part has it."""
    if part.place is None or truth.place is None:
        return part.place is None and not truth.defective
    x, y, width, height = truth.place
    return place_matches(part.place, Region(x, y, width, height, width * height, 1.0, ""), 0)


def _shipped() -> list[Path]:
    folder = Path(str(resources.files("resources"))) / "demo"
    return sorted(manifest.parent for manifest in folder.glob(f"*/{MANIFEST}"))
