"""Commands for cameras: discovery, preview, features, and the support file."""

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
    """Previews one camera at a time, while the line does not use it.

    `connect` and `disconnect` return at once; `status` reports their outcome. All other commands wait for the camera
    and must be called on a background thread.
    """

    def __init__(self, workspace: Workspace, settings: CameraSettings, recipes: Recipes, line: LineCommands) -> None:
        """No camera is opened."""
        self._workspace = workspace
        self._settings = settings.model_copy(update={"trigger": "free"})
        self._recipes = recipes
        self._line = line
        self._preview: Preview | None = None
        self._discovered: DiscoveryResult | None = None

    @property
    def status(self) -> PreviewStatus:
        """The state of the camera in preview."""
        return self._preview.status if self._preview else PreviewStatus()

    def discover(self) -> DiscoveryResult:
        """Search for cameras with every producer; takes up to about 20 s."""
        self._discovered = discover_sources(self._settings)
        return self._discovered

    def connect(self, source: str) -> None:
        """Start the preview of this camera, and end the previous one. Returns at once.

        Raises:
            BadInputError: The line uses it.
        """
        self._require_free(source)
        self.disconnect()
        opener = partial(open_source, source, self._settings)
        self._preview = Preview(source, opener, self._settings.lost_after_s, after=self._preview)
        self._preview.start()

    def disconnect(self) -> None:
        """Start releasing the camera. Returns at once."""
        if self._preview:
            self._preview.stop()

    def wait_disconnected(self, timeout_s: float) -> bool:
        """Wait until the camera is released; return False if that took longer."""
        return self._preview is None or self._preview.wait_released(timeout_s)

    def take_picture(self) -> PreviewPicture | None:
        """Return the newest picture; None if it was already taken."""
        return self._preview.live.take() if self._preview else None

    def features(self) -> tuple[CameraFeature, ...]:
        """Return all features as they were last read; empty for stored pictures.

        Raises:
            CameraError: No camera is connected.
        """
        return self._connected().features()

    def read_features(self) -> tuple[CameraFeature, ...]:
        """Read all features now and return them; pictures continue.

        Raises:
            CameraError: No camera is connected, or it cannot be read.
        """
        return self._connected().read_features()

    def poll_features(self, names: tuple[str, ...]) -> None:
        """Also read these features once a second into `status.readings`. Returns at once."""
        if self._preview:
            self._preview.poll_features(names)

    def write(self, name: str, value: SettingValue) -> tuple[CameraFeature, ...]:
        """Write one feature, or execute a command with True; return all features as they are then.

        Raises:
            CameraError: It cannot be set; the sentence names the limit that prevents it.
        """
        return self._connected().write(name, value)

    def settings_for_recipe(self) -> dict[str, SettingValue]:
        """Return the settings that `copy_to_recipe` would copy now. Waits for the camera.

        Raises:
            CameraError: No camera is connected, or it cannot be read.
        """
        read = self._connected().settings()
        return {name: value for name, value in read.items() if feature_of(name) != _SET_BY_THE_STATION}

    def view_for(self, recipe: Recipe) -> View:
        """Return the view of the connected camera: the only one, or the one that the settings assign to it.

        Raises:
            BadInputError: The recipe has no view of this camera.
            CameraError: No camera is connected.
        """
        connected = self._connected().status.source
        for view in recipe.views:
            if len(recipe.views) == 1 or self._settings.sources.get(view.name) == connected:
                return view
        raise BadInputError(
            f"Recipe {recipe.label} has no view that is taken by {connected}.",
            f"Connect the camera that the settings name for one of them: {listed(recipe.view_names)}.",
        )

    def copy_to_recipe(self, name: str, author: str, reason: str) -> RecipeEntry:
        """Add a draft revision of the recipe, with the camera's current settings in its view.

        Args:
            name: The recipe; the draft is based on its released revision, or else on its newest one.
            author: Name of the person.
            reason: Why the settings change; stored with the revision.

        Raises:
            BadInputError: The recipe does not exist or has no view of this camera, or the reason is empty.
            CameraError: No camera is connected, or it cannot be read.
        """
        if not reason.strip():
            raise BadInputError("A new revision needs a reason.", "Say in a few words why the settings change.")
        pattern = self._recipes.find_revision(name).recipe
        changed = pattern.with_view(replace(self.view_for(pattern), camera_settings=self.settings_for_recipe()))
        revision = replace(changed, revision=self._recipes.next_revision(name), author=author, reason=reason.strip())
        return self._recipes.add_revision(revision, RecipeState.DRAFT, utc_now())

    def support_bundle(self, path: Path | None = None) -> Path:
        """Write a zip file for support: producers, features, counters, last frames and the log; return its path.

        Args:
            path: The file; by default in the workspace's reports, named by the time.

        Raises:
            BadInputError: The file cannot be written.
        """
        path = path or self._workspace.reports / f"support {utc_now():%Y-%m-%d %H%M%S}.zip"
        discovered = self._discovered or self.discover()
        frames = tuple(self._preview.frames) if self._preview else ()
        write_support_bundle(path, discovered, self.status, self._features_or_none(), frames, self._workspace.logs)
        return path

    def _features_or_none(self) -> tuple[CameraFeature, ...]:
        """Return the features; empty if the camera does not answer, since support needs the file most then."""
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
