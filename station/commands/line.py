"""Commands for the line: load a recipe, start, stop, pause, trigger, and run to the end without a window."""

from collections.abc import Callable, Mapping

from station.camera.source import CameraInfo, FrameSource
from station.concurrency.latest import Latest
from station.domain.inspection import Counts, Inspection, PartKey, RunKind
from station.domain.messages import FaultReported, LineState
from station.domain.part_images import PartResult
from station.domain.permissions import Authority, Permission
from station.domain.recipe import Recipe, RecipeEntry
from station.pipeline.line_control import LineControl
from station.pipeline.shift_counters import ShiftCounts


class LineCommands:
    """Every command asks the authority first, and changes nothing if it is refused.

    `start` and `stop` return at once; the line reports by messages what happens.
    """

    def __init__(self, authority: Authority, line: LineControl, counts: ShiftCounts) -> None:
        self._authority = authority
        self._line = line
        self._counts = counts

    @property
    def recipe(self) -> Recipe | None:
        """Return the loaded recipe; None before the first."""
        return self._line.recipe

    @property
    def entry(self) -> RecipeEntry | None:
        """Return the loaded recipe with its state as it was last read: it may have been retired meanwhile."""
        return self._line.entry

    def refresh_state(self) -> None:
        """Read the state of the loaded recipe again; a running line does that by itself. `RecipeStateChanged` says it.

        Raises:
            StorageError: The database cannot be read.
        """
        self._line.refresh_state()

    @property
    def state(self) -> LineState:
        """Return what the line does now."""
        return self._line.state

    @property
    def live(self) -> Latest[PartResult]:
        """Return the place of the newest part with its pictures."""
        return self._line.live

    @property
    def cameras(self) -> Mapping[str, CameraInfo]:
        """Return the cameras by their views; empty before the first run."""
        return self._line.cameras

    @property
    def has_camera(self) -> bool:
        """Return whether the settings name a camera at all."""
        return self._line.camera_settings.is_set

    @property
    def sources(self) -> Mapping[str, FrameSource]:
        """Return the open sources by their views, for facts that only they know. Only the line may fetch from them."""
        return self._line.sources

    @property
    def expected_interval_s(self) -> float | None:
        """Return the usual time between two parts, seconds; None if parts come at no regular time."""
        return self._line.expected_interval_s

    def counts(self) -> Counts:
        """Return the parts of the present shift by verdict."""
        return self._counts.counts()

    def load_recipe(self, name: str, revision: int | None = None) -> Recipe:
        """Use this recipe from the next start on.

        Args:
            name: Its name.
            revision: Its released revision; None takes the released one.

        Raises:
            PermissionRefusedError: This role may not load a recipe.
            BadInputError: There is no such recipe, it is not released, or the line is running.
        """
        self._authority.authorise(Permission.LOAD_RECIPE)
        return self._line.load_recipe(name, revision, self._authority.signature)

    def restore(self) -> bool:
        """Load the product of last time, if the setting `station.resume` wants it and it may still inspect.

        It is loaded only if a revision of it is released and its views are those of the cameras.

        Returns:
            Whether the settings want the line to be started now: only with the very revision of last time.

        Raises:
            PermissionRefusedError: This role may not load a recipe.
            BadInputError: The line is running.
        """
        self._authority.authorise(Permission.LOAD_RECIPE)
        return self._line.restore(self._authority.signature)

    def prepare(self) -> None:
        """Open the models of the product that `restore` will load, while the program starts. Returns at once.

        Raises:
            StorageError: The database cannot be read.
        """
        self._line.prepare()

    def start(self, source: str | Mapping[str, str] | None = None, count: int | None = None) -> None:
        """Start the line. Returns at once; FaultReported says if a camera or a model cannot be opened.

        If a person has released another revision of the loaded recipe meanwhile, the line starts with that one.

        Args:
            source: The camera, or one for each view of the recipe; those of the settings if not given.
            count: Number of parts after which the line stops; None for no end.

        Raises:
            PermissionRefusedError: This role may not start the line.
            BadInputError: No recipe is loaded or none of its revisions is released any more, no camera is set, the line
                is running, the views of the recipe are not those of the cameras, or two have the same camera.
        """
        self._authority.authorise(Permission.START_LINE)
        self._line.start(source, count, self._authority.signature)

    def stop(self, reason: str = "") -> None:
        """Ask the line to stop. Triggered parts still get their verdict and their record. Returns at once.

        Raises:
            PermissionRefusedError: This role may not stop the line.
        """
        self._authority.authorise(Permission.STOP_LINE)
        self._line.stop(reason, self._authority.signature)

    def runs_elsewhere(self) -> bool:
        """Return whether another window or program runs the line of this workspace now; quick."""
        return self._line.runs_elsewhere()

    def wait_stopped(self, timeout_s: float) -> bool:
        """Wait until the line has stopped and none of its threads is left; return whether that came in time."""
        return self._line.wait_stopped(timeout_s)

    def abandon(self) -> None:
        """Stop without waiting for a disk that refuses records.

        Raises:
            PermissionRefusedError: This role may not stop the line.
        """
        self._authority.authorise(Permission.STOP_LINE)
        self._line.abandon()

    def pause(self) -> None:
        """Take no more parts until `resume`.

        Raises:
            PermissionRefusedError: This role may not pause the line.
            LineNotReadyError: The line does not run.
        """
        self._authority.authorise(Permission.PAUSE_LINE)
        self._line.running().pause(self._authority.signature)

    def resume(self, reason: str = "") -> None:
        """Take parts again after a pause. The reason is that of the pause, and is recorded with it.

        Raises:
            PermissionRefusedError: This role may not pause the line.
            LineNotReadyError: The line does not run.
        """
        self._authority.authorise(Permission.PAUSE_LINE)
        self._line.running().resume(reason, self._authority.signature)

    def trigger(self) -> PartKey:
        """Open a part by software trigger and return its key. Its verdict comes as a message.

        Raises:
            PermissionRefusedError: This role may not trigger a part.
            LineNotReadyError: The line takes no parts now; none was opened.
        """
        self._authority.authorise(Permission.TRIGGER_PART)
        return self._line.running().trigger()

    def run(
        self,
        source: str | Mapping[str, str],
        *,
        on_part: Callable[[Inspection], None],
        recipe: Recipe | None = None,
        count: int | None = None,
        person: str = "",
        kind: RunKind = RunKind.PRODUCTION,
        on_trouble: Callable[[FaultReported], None] = lambda _: None,
    ) -> Counts:
        """Run the line to its end on this thread, for a program without a window. Return the parts by verdict.

        Args:
            source: The camera or pictures, or one for each view of the recipe. A folder waits, so no picture is lost.
            on_part: Called on this thread with each part, in order, after its record is safe.
            recipe: Any revision; the loaded one if not given.
            count: Number of parts after which the line stops; None for all.
            person: Who runs it; it is recorded.
            kind: What it is for; only the parts of production are counted.
            on_trouble: Called with each fault of the run.

        Raises:
            PermissionRefusedError: This role may not run a trial.
            StationError: The line could not be started, and nothing was recorded; or it failed later.
        """
        self._authority.authorise(Permission.RUN_TRIAL)
        return self._line.run(
            source, on_part=on_part, recipe=recipe, count=count, person=person, kind=kind, on_trouble=on_trouble
        )
