"""Commands for the first use: from a camera to the first released recipe of a product."""

from collections.abc import Callable
from dataclasses import replace

from station.camera_setup.preview_slot import PreviewSlot
from station.commands.datasets import DatasetCommands
from station.commands.decided_places import DecidedPlaces
from station.commands.training import TrainingCommands
from station.domain.dataset import Label
from station.domain.errors import BadInputError
from station.domain.frame import SMALLEST_SIDE_PX
from station.domain.guide import GuideFacts, ShownPicture, ViewFacts
from station.domain.inspected_place import InspectedPlace
from station.domain.inspection import Inspection, RunKind
from station.domain.messages import FaultReported
from station.domain.permissions import Authority, Permission
from station.domain.preview import PreviewState
from station.domain.recipe import RecipeEntry, RecipeState, checked_name
from station.domain.training import RunProgress, TrainingOrder, TrainingRun
from station.pipeline.line_control import LineControl
from station.recipes.view_editing import place_to_teach
from station.storage.engine.database import Database
from station.storage.recipes.recipes import Recipes
from station.storage.records.trials import count_trials

_RELEASED_WITHIN_S = 10.0


class GuideCommands:
    """What the guide asks for. Each step is an ordinary command, and keeps what it did; the region is kept here."""

    def __init__(
        self,
        authority: Authority,
        database: Database,
        recipes: Recipes,
        datasets: DatasetCommands,
        training: TrainingCommands,
        line: LineControl,
        preview: PreviewSlot,
        places: DecidedPlaces,
    ) -> None:
        self._authority = authority
        self._database = database
        self._recipes = recipes
        self._places = places
        self._datasets = datasets
        self._training = training
        self._line = line
        self._preview = preview

    def products(self) -> tuple[str, ...]:
        """Return the products with pictures or recipes."""
        with_pictures = {product for product, _view, _count in self._datasets.places()}
        return tuple(sorted(with_pictures | {entry.recipe.product for entry in self._recipes.entries()}))

    def facts(self, product: str) -> GuideFacts:
        """Return what is known of a product; of the cameras alone if it has no name yet."""
        sources = self._line.camera_settings.sources or {"": ""}
        if not product:
            return GuideFacts(views=tuple(ViewFacts(view, camera) for view, camera in sources.items()))
        mine, runs = [one for one in self._recipes.entries() if one.recipe.product == product], self._training.runs()
        draft = _newest(mine, RecipeState.DRAFT, RecipeState.VALIDATED)
        released = _newest(mine, RecipeState.RELEASED)
        if draft is not None and released is not None and draft.created_at < released.created_at:
            draft = None
        facts = GuideFacts(product, draft=draft, released=released)
        same = [] if facts.newest is None else [one for one in mine if one.recipe.name == facts.newest.name]
        views = (self._facts_of_view(product, view, camera, same, runs) for view, camera in sources.items())
        tried = 0 if draft is None else count_trials(self._database, draft.recipe.name, draft.recipe.revision)
        return replace(facts, views=tuple(views), tried=tried)

    def decide_place(self, product: str, view: str, place: InspectedPlace, size: tuple[int, int] | None) -> None:
        """Keep where a view is inspected: it is taught so from now on, and its recipe has it.

        Args:
            product: The name of the product; it need not exist yet.
            view: The view; "" if the station has one camera.
            place: Region of interest and ignore mask.
            size: Height and width of the picture that they were drawn on, pixels; None if there was none, as for the
                whole picture.

        Raises:
            PermissionRefusedError: This role may not teach.
            BadInputError: They do not fit the picture, or nothing of it would be inspected.
            StorageError: The disk refused.
        """
        self._authority.authorise(Permission.TEACH)
        if size is not None:
            _require_fitting(place, size)
        self._places.keep(checked_name(product, "product"), view, place)

    def shown_picture(self, received_ns: int) -> ShownPicture:
        """Return the picture that a person sees, so that no other one is kept in its place; quick.

        Args:
            received_ns: As in the `PreviewPicture` on the screen.

        Raises:
            BadInputError: The camera shows no picture, or newer ones have taken its place.
        """
        preview = self._preview.preview
        status = preview.status if preview is not None else None
        if preview is not None and status is not None and status.state is PreviewState.LIVE:
            for frame in tuple(preview.frames):
                if frame.received_ns == received_ns:
                    return ShownPicture(frame, status.source, status.name)
        if status is not None and status.state is PreviewState.ON_LINE:
            raise BadInputError("The line is running with this camera.", "Stop it to take pictures.")
        raise BadInputError("The camera does not show this picture any more.", "Take the next one.")

    def keep_good_part(self, product: str, view: str, shown: ShownPicture) -> int:
        """Keep the picture of a good part; return how many the view of the product has.

        Args:
            product: The name of the product; it need not exist yet.
            view: The view that the camera takes; "" if the station has one camera.
            shown: What `shown_picture` returned.

        Raises:
            PermissionRefusedError: This role may not change a dataset.
            BadInputError: The picture was kept before, or the name cannot be used.
            StorageError: The disk refused.
        """
        self._authority.authorise(Permission.EDIT_DATASET)
        if self._datasets.keep_taken(product, view, shown) is None:
            raise BadInputError("This picture was taken before.", "Wait for the next part.")
        return self._datasets.count(product, view, Label.GOOD)

    def teach(self, product: str, view: str = "", person: str = "") -> TrainingRun:
        """Freeze the pictures of a view of a product, and queue a training from them.

        Raises:
            PermissionRefusedError: This role may not teach.
            BadInputError: The pictures are too few, or cannot be used.
        """
        self._authority.authorise(Permission.TEACH)
        version = self._datasets.freeze(product, view, person=person)
        return self._training.enqueue(TrainingOrder(product, view, version.version), person)

    def try_parts(self, name: str, revision: int, count: int, on_part: Callable[[Inspection], None]) -> None:
        """Let a draft judge the next parts of the camera, as a trial; returns after the last one.

        Args:
            name: The recipe.
            revision: The draft.
            count: How many parts.
            on_part: Called on this thread with each part, after its record is safe.

        Raises:
            PermissionRefusedError: This role may not run a trial.
            BadInputError: No camera is set, the line runs, or there is no such draft.
            StationError: The line failed.
        """
        self._authority.authorise(Permission.RUN_TRIAL)
        self._line.require_stopped()
        sources = self._line.camera_settings.sources
        if not sources:
            raise BadInputError("No camera is set.", "Choose the camera first.")
        self._preview.disconnect()
        self._preview.wait_disconnected(_RELEASED_WITHIN_S)
        recipe = self._recipes.find_revision(name, revision).recipe
        person = self._authority.signature
        self._line.run(
            sources,
            on_part=on_part,
            recipe=recipe,
            count=count,
            person=person,
            kind=RunKind.TRIAL,
            on_trouble=_is_in_the_news,
        )

    def _facts_of_view(
        self, product: str, view: str, camera: str, entries: list[RecipeEntry], runs: tuple[TrainingRun, ...]
    ) -> ViewFacts:
        mine = (product, view)
        run = next((each for each in runs if (each.order.product, each.order.view) == mine), None)
        return ViewFacts(
            view,
            camera,
            place_to_teach(entries, self._places.of(product, view), entries[0].recipe.name if entries else "", view),
            self._datasets.count(product, view, Label.GOOD),
            run,
            RunProgress() if run is None else self._training.progress_of(run.number),
        )


def _newest(entries: list[RecipeEntry], *states: RecipeState) -> RecipeEntry | None:
    found = (each for each in entries if each.state in states)
    return max(found, key=lambda each: (each.created_at, each.recipe.revision), default=None)


def _require_fitting(place: InspectedPlace, size: tuple[int, int]) -> None:
    height, width = size
    roi, ignore = place.roi, place.ignore
    if roi is not None and (not roi.fits(height, width) or min(roi.width, roi.height) < SMALLEST_SIDE_PX):
        raise BadInputError(
            f"The region of interest does not fit the picture of {width} x {height} pixels.",
            f"Draw it inside, at least {SMALLEST_SIDE_PX} pixels wide and high.",
        )
    if ignore is not None and not ignore.fits(height, width):
        raise BadInputError(
            f"The ignore mask was drawn for {ignore.width} x {ignore.height} pixels, and the picture has "
            f"{width} x {height}.",
            "Draw it on such a picture.",
        )
    if ignore is not None and ignore.covers(roi.box if roi else (0, 0, width, height)):
        raise BadInputError("The ignore mask covers the whole region of interest.", "Draw a smaller one.")


def _is_in_the_news(_fault: FaultReported) -> None:
    """Do nothing: a window reads the faults of a run from the news."""
