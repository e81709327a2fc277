"""What can be asked of the cameras: what is in sight, a look through one, its features, and help from support."""

from dataclasses import replace
from functools import partial
from pathlib import Path

from station.camera.factory import open_source
from station.camera_setup.discovery import discover_sources
from station.camera_setup.preview import Preview
from station.camera_setup.support_bundle import write_support_bundle
from station.commands.line import LineCommands
from station.domain.camera import CameraFeature, DiscoveryResult, feature_of
from station.domain.clock import utc_now
from station.domain.errors import BadInputError, CameraError
from station.domain.preview import PreviewPicture, PreviewStatus
from station.domain.recipe import Recipe, RecipeEntry, RecipeState, SettingValue, View, listed
from station.settings import CameraSettings
from station.storage.recipes.recipes import Recipes
from station.workspace import Workspace

_SET_BY_THE_STATION = "TriggerMode"


class CameraCommands:
    """A look through one camera at a time, while the line does not use it.

    `connect` and `disconnect` return at once, what comes of them is told by `status`; the others wait for the camera
    and belong on a thread that may wait.
    """

    def __init__(self, workspace: Workspace, settings: CameraSettings, recipes: Recipes, line: LineCommands) -> None:
        """No camera is opened."""
        self._workspace = workspace
        self._settings = settings.model_copy(update={"trigger": "free"})
        self._recipes = recipes
        self._line = line
        self._preview: Preview | None = None
        self._seen: DiscoveryResult | None = None

    @property
    def status(self) -> PreviewStatus:
        """How the camera does that is looked through."""
        return self._preview.status if self._preview else PreviewStatus()

    def discover(self) -> DiscoveryResult:
        """Ask every producer what it sees; takes up to about 20 s."""
        self._seen = discover_sources(self._settings)
        return self._seen

    def connect(self, source: str) -> None:
        """Look through this camera, and no longer through the one before. Returns at once.

        Raises:
            BadInputError: The line uses it.
        """
        self._require_free(source)
        self.disconnect()
        opener = partial(open_source, source, self._settings)
        self._preview = Preview(source, opener, self._settings.lost_after_s, after=self._preview)
        self._preview.start()

    def disconnect(self) -> None:
        """Let go of the camera soon. Returns at once."""
        if self._preview:
            self._preview.stop()

    def wait_disconnected(self, timeout_s: float) -> bool:
        """Wait until the camera is let go of; whether it came in time."""
        return self._preview is None or self._preview.wait_released(timeout_s)

    def take_picture(self) -> PreviewPicture | None:
        """The newest picture, if it was not taken before."""
        return self._preview.live.take() if self._preview else None

    def features(self) -> tuple[CameraFeature, ...]:
        """Everything that the camera can be asked and set to, as it was read last; empty for stored pictures.

        Raises:
            CameraError: No camera is connected.
        """
        return self._connected().features()

    def read_features(self) -> tuple[CameraFeature, ...]:
        """The same, read now, while pictures go on.

        Raises:
            CameraError: No camera is connected, or it cannot be read.
        """
        return self._connected().read_features()

    def poll_features(self, names: tuple[str, ...]) -> None:
        """Keep these features fresh in `status.readings` too from now on. Returns at once."""
        if self._preview:
            self._preview.poll_features(names)

    def write(self, name: str, value: SettingValue) -> tuple[CameraFeature, ...]:
        """Set one feature, or run a command by True; all features as they are afterwards.

        Raises:
            CameraError: It cannot be set; the sentence names the limit that stands in the way.
        """
        return self._connected().write(name, value)

    def settings_for_recipe(self) -> dict[str, SettingValue]:
        """What `copy_to_recipe` would put into a view now. Waits for the camera.

        Raises:
            CameraError: No camera is connected, or it cannot be read.
        """
        read = self._connected().settings()
        return {name: value for name, value in read.items() if feature_of(name) != _SET_BY_THE_STATION}

    def view_for(self, recipe: Recipe) -> View:
        """The view that the connected camera sees: the only one; of several the one that the settings give it.

        Raises:
            BadInputError: None of its views is this camera's.
            CameraError: No camera is connected.
        """
        connected = self._connected().status.source
        for view in recipe.views:
            if len(recipe.views) == 1 or self._settings.sources.get(view.name) == connected:
                return view
        raise BadInputError(
            f"None of the views of {recipe.label} is that of {connected}.",
            f"Connect the camera that the settings name for one of them: {listed(recipe.view_names)}.",
        )

    def copy_to_recipe(self, name: str, author: str, reason: str) -> RecipeEntry:
        """Make the recipe's next revision, a draft, with the camera as it is set now in the view that it is for.

        Args:
            name: The recipe; its released revision is the pattern, else its newest.
            author: Who does it.
            reason: Why; it is kept with the revision.

        Raises:
            BadInputError: There is no such recipe, no reason was given, or none of its views is this camera's.
            CameraError: No camera is connected, or it cannot be read.
        """
        if not reason.strip():
            raise BadInputError("A new revision needs a reason.", "Say in a few words why the camera is set so.")
        pattern = self._recipes.find_revision(name).recipe
        changed = pattern.with_view(replace(self.view_for(pattern), camera_settings=self.settings_for_recipe()))
        revision = replace(changed, revision=self._recipes.next_revision(name), author=author, reason=reason.strip())
        return self._recipes.add_revision(revision, RecipeState.DRAFT, utc_now())

    def support_bundle(self, path: Path | None = None) -> Path:
        """Put what support wants to see into one zip file: producers, features, counts, last frames and the log.

        Args:
            path: The file; one named by the time in the workspace's reports where not given.

        Raises:
            BadInputError: The file cannot be written.
        """
        path = path or self._workspace.reports / f"support {utc_now():%Y-%m-%d %H%M%S}.zip"
        seen = self._seen or self.discover()
        frames = tuple(self._preview.frames) if self._preview else ()
        write_support_bundle(path, seen, self.status, self._features_or_none(), frames, self._workspace.logs)
        return path

    def _features_or_none(self) -> tuple[CameraFeature, ...]:
        """A camera that does not answer is what a bundle is made for."""
        try:
            return self.features()
        except CameraError:
            return ()

    def _connected(self) -> Preview:
        if self._preview is None:
            raise CameraError("No camera is connected.", "Connect one first.")
        return self._preview

    def _require_free(self, source: str) -> None:
        held = [camera.source for camera in self._line.cameras.values()]
        if not self._line.state.at_rest and source in held:
            raise BadInputError(f"The line is using {source}.", "Stop the line first.")
