"""Commands for the cameras: discovery, a preview through one camera, its features, and the support file."""

from dataclasses import replace
from functools import partial
from pathlib import Path

from station.camera.factory import open_source
from station.camera_setup.line_look import LineLook
from station.camera_setup.preview import Preview
from station.camera_setup.preview_slot import PreviewSlot
from station.domain.audit import AuditAction
from station.domain.camera import CameraFeature, DiscoveryResult, feature_of
from station.domain.clock import utc_now
from station.domain.errors import BadInputError, CameraError
from station.domain.permissions import Authority, Permission
from station.domain.preview import PreviewPicture, PreviewStatus
from station.domain.recipe import Recipe, RecipeEntry, RecipeState, SettingValue, View, listed
from station.people.audit_trail import AuditTrail
from station.people.audit_words import file_in_words
from station.people.settings_watch import note_settings
from station.pipeline.line_control import LineControl
from station.recipes.view_editing import view_of_source
from station.settings import CameraSettings
from station.settings_file import PluginModels
from station.storage.recipes.recipes import Recipes
from station.workspace import Workspace

_SET_BY_THE_STATION = "TriggerMode"


class CameraCommands:
    """A preview through one camera at a time; of a camera that the line uses, a look at its pictures, read only.

    Changes ask the authority first.

    `connect` and `disconnect` return at once; `status` says what happens. The others wait for the camera, so they
    belong on a thread that may wait. Releasing a camera needs no permission.
    """

    def __init__(
        self,
        authority: Authority,
        workspace: Workspace,
        models: PluginModels,
        recipes: Recipes,
        line: LineControl,
        slot: PreviewSlot,
        audit: AuditTrail,
    ) -> None:
        """Open no camera.

        Args:
            authority: On whose behalf commands are given.
            workspace: Where support files and logs are.
            models: The settings of the plug-ins, which stand in `station.toml` too.
            recipes: Where `copy_to_recipe` puts its draft.
            line: The line, which may use a camera.
            slot: The preview that goes on now.
            audit: Where changes are written down.
        """
        self._audit = audit
        self._authority = authority
        self._workspace = workspace
        self._models = models
        self._recipes = recipes
        self._line = line
        self._slot = slot

    @property
    def _settings(self) -> CameraSettings:
        """The cameras of this machine; here they always run freely."""
        return self._line.camera_settings.model_copy(update={"trigger": "free"})

    @property
    def status(self) -> PreviewStatus:
        """Return the state and the figures of the preview."""
        return self._slot.preview.status if self._slot.preview else PreviewStatus()

    def discover(self) -> DiscoveryResult:
        """Ask every producer for its cameras. Takes up to about 20 s.

        Raises:
            PermissionRefusedError: This role may not look through a camera.
        """
        from station.camera_setup.discovery import discover_sources  # noqa: PLC0415 - not at every start

        self._authority.authorise(Permission.USE_CAMERA)
        self._slot.discovered = discover_sources(self._settings)
        return self._slot.discovered

    def connect(self, source: str) -> None:
        """Look through this camera instead of the one before; along with the line if that uses it. Returns at once.

        Raises:
            PermissionRefusedError: This role may not look through a camera.
        """
        self._authority.authorise(Permission.USE_CAMERA)
        self.disconnect()
        self._slot.preview = self._look_at_line(source) or self._preview(source)
        self._slot.preview.start()

    def disconnect(self) -> None:
        """Release the camera soon. Returns at once."""
        self._slot.disconnect()

    def wait_disconnected(self, timeout_s: float) -> bool:
        """Wait until the camera is released; return whether that came in time."""
        return self._slot.wait_disconnected(timeout_s)

    def take_picture(self) -> PreviewPicture | None:
        """Return the newest picture; None if it was taken before."""
        return self._slot.preview.live.take() if self._slot.preview else None

    def features(self) -> tuple[CameraFeature, ...]:
        """Return all features of the camera as they were read last; empty for stored pictures.

        Raises:
            CameraError: No camera is connected.
        """
        return self._slot.connected().features()

    def read_features(self) -> tuple[CameraFeature, ...]:
        """Read all features now, while pictures go on.

        Raises:
            CameraError: No camera is connected, or it cannot be read.
        """
        return self._slot.connected().read_features()

    def poll_features(self, names: tuple[str, ...]) -> None:
        """Read these features again and again into `status.readings` from now on. Returns at once."""
        if self._slot.preview:
            self._slot.preview.poll_features(names)

    def write(self, name: str, value: SettingValue) -> tuple[CameraFeature, ...]:
        """Set one feature, or run a command by True. Return all features as they are afterwards.

        Raises:
            PermissionRefusedError: This role may not change a camera.
            CameraError: It cannot be set; the sentence names the limit.
        """
        self._authority.authorise(Permission.CHANGE_CAMERA)
        preview = self._slot.connected()
        old = _value_of(preview.features(), name)
        features = preview.write(name, value)
        self._audit.note(
            AuditAction.CAMERA_CHANGED, f"{preview.status.source}: {name}", old, _value_of(features, name) or str(value)
        )
        return features

    def settings_for_recipe(self) -> dict[str, SettingValue]:
        """Return what `copy_to_recipe` would put into a view now. Waits for the camera.

        Raises:
            CameraError: No camera is connected, or it cannot be read.
        """
        read = self._slot.connected().settings()
        return {name: value for name, value in read.items() if feature_of(name) != _SET_BY_THE_STATION}

    def view_for(self, recipe: Recipe) -> View:
        """Return the view of the connected camera: the only view, or the one that has this camera in the settings.

        Raises:
            BadInputError: None of the views belongs to this camera.
            CameraError: No camera is connected.
        """
        return view_of_source(recipe, self._slot.connected().status.source, self._settings.sources)

    def copy_to_recipe(self, name: str, author: str, reason: str) -> RecipeEntry:
        """Make the next revision of the recipe, a draft, with the present values of the camera in its view.

        Args:
            name: The recipe; its released revision is the pattern, else its newest.
            author: Who does it.
            reason: Why; it is kept with the revision.

        Raises:
            PermissionRefusedError: This role may not edit a recipe.
            BadInputError: There is no such recipe, no reason was given, or none of its views belongs to this camera.
            CameraError: No camera is connected, or it cannot be read.
        """
        self._authority.authorise(Permission.EDIT_RECIPE)
        author = self._authority.signed(author)
        if not reason.strip():
            raise BadInputError("A new revision needs a reason.", "Say in a few words why the camera is set so.")
        pattern = self._recipes.find_revision(name).recipe
        changed = pattern.with_view(replace(self.view_for(pattern), camera_settings=self.settings_for_recipe()))
        said = f"camera settings of {self._slot.connected().status.source}"
        with self._audit.together():
            number = self._recipes.next_revision(name)
            revision = replace(changed, revision=number, author=author, reason=reason.strip())
            entry = self._recipes.add_revision(revision, RecipeState.DRAFT, utc_now())
            self._audit.record(AuditAction.RECIPE_ADDED, revision.label, pattern.label, said, reason, person=author)
        return entry

    def use_on_line(self, source: str, view: str = "") -> None:
        """Let the line look through this camera from its next start on; `station.toml` names it from now on.

        Args:
            source: The camera, such as "genicam:4711".
            view: The view that it takes, if the station has several; the cameras of the others stay.

        Raises:
            PermissionRefusedError: This role may not change a camera.
            BadInputError: The line runs, there is no such view, the camera takes another view, or the settings cannot
                be changed or written.
        """
        from station.settings_change import set_in_table  # noqa: PLC0415 - not at every start

        self._authority.authorise(Permission.CHANGE_CAMERA)
        self._line.require_stopped()
        views = self._line.camera_settings.views
        if (views or view) and view not in views:
            raise BadInputError(
                f"The station has no view '{view}'." if view else "The station has several cameras.",
                f"Choose one of its views: {listed(views)}." if views else "Name no view: the station has one camera.",
            )
        one = {"source": source, "views": None, "later_s": None}
        change = {"views": {**views, view: source}} if view else one
        settings = set_in_table(self._workspace.settings_file, "camera", change, self._models)
        self._line.use_cameras(settings.camera)
        note_settings(self._audit, settings)

    def support_bundle(self, path: Path | None = None) -> Path:
        """Write a zip file for support: producers, features, counts, last frames and the log. Return its path.

        Args:
            path: The file; if not given, one in the reports of the workspace, named by the time.

        Raises:
            PermissionRefusedError: This role may not save a support file.
            BadInputError: The file cannot be written.
        """
        from station.camera_setup.support_bundle import write_support_bundle  # noqa: PLC0415 - not at every start

        self._authority.authorise(Permission.SAVE_SUPPORT_FILE)
        path = path or self._workspace.reports / f"support {utc_now():%Y-%m-%d %H%M%S}.zip"
        discovered = self._slot.discovered or self.discover()
        frames = tuple(self._slot.preview.frames) if self._slot.preview else ()
        write_support_bundle(path, discovered, self.status, self._features_or_none(), frames, self._workspace.logs)
        self._audit.note(AuditAction.SUPPORT_FILE_SAVED, path.name, new=file_in_words(path))
        return path

    def _features_or_none(self) -> tuple[CameraFeature, ...]:
        """Return no features if the camera does not answer: a support file is made for that case."""
        try:
            return self.features()
        except CameraError:
            return ()

    def _preview(self, source: str) -> Preview:
        opener = partial(open_source, source, self._settings)
        return Preview(source, opener, self._settings.lost_after_s, after=self._slot.preview)

    def _look_at_line(self, source: str) -> LineLook | None:
        """Return a look at the pictures of the running line; None if the line does not use this camera."""
        line = self._line
        used = ((view, camera) for view, camera in line.cameras.items() if camera.source == source)
        view, camera = next(used, ("", None))
        if camera is None or line.state.at_rest:
            return None
        name = f"{camera.model} {camera.serial}, {camera.vendor}".strip(", ")
        return LineLook(source, name, view, line.live, lambda: line.state.at_rest)


def _value_of(features: tuple[CameraFeature, ...], name: str) -> str:
    """Return the value of a feature for people; "" if it has none, such as a command."""
    found = (feature.value for feature in features if feature.name == name)
    return next((str(value) for value in found if value is not None), "")
