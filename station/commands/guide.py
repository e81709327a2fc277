"""Commands for the first use: from a camera to the first released recipe of a product."""

import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from station.camera_setup.preview_slot import PreviewSlot
from station.commands.datasets import DatasetCommands
from station.commands.training import TrainingCommands
from station.domain.clock import utc_now
from station.domain.dataset import Label
from station.domain.errors import BadInputError
from station.domain.frame import Frame
from station.domain.guide import GuideFacts
from station.domain.inspection import Inspection, RunKind
from station.domain.messages import FaultReported
from station.domain.permissions import Authority, Permission
from station.domain.picture_form import DepthFrom
from station.domain.preview import PreviewState
from station.domain.recipe import RecipeEntry, RecipeState, checked_name
from station.domain.training import RunProgress, TrainingOrder, TrainingRun
from station.pipeline.line_control import LineControl
from station.storage.pictures.encoding import encode_original
from station.storage.recipes.recipes import Recipes

_RELEASED_WITHIN_S = 10.0


class GuideCommands:
    """What the guide asks for. Each step is an ordinary command; nothing is kept but what the steps themselves keep."""

    def __init__(
        self,
        authority: Authority,
        recipes: Recipes,
        tried: Callable[[str, int], int],
        datasets: DatasetCommands,
        training: TrainingCommands,
        line: LineControl,
        preview: PreviewSlot,
    ) -> None:
        self._authority = authority
        self._recipes = recipes
        self._tried = tried
        self._datasets = datasets
        self._training = training
        self._line = line
        self._preview = preview

    def products(self) -> tuple[str, ...]:
        """Return the products with pictures or recipes."""
        with_pictures = {product for product, _view, _count in self._datasets.places()}
        return tuple(sorted(with_pictures | {entry.recipe.product for entry in self._recipes.entries()}))

    def facts(self, product: str) -> GuideFacts:
        """Return what is known of a product; of the camera alone if it has no name yet."""
        sources = self._line.camera_settings.sources
        facts = GuideFacts(camera=", ".join(sources.values()), product=product)
        if not product:
            return facts
        run = next((each for each in self._training.runs() if each.order.product == product), None)
        draft = self._newest(product, (RecipeState.DRAFT, RecipeState.VALIDATED))
        released = self._newest(product, (RecipeState.RELEASED,))
        if draft is not None and released is not None and draft.created_at < released.created_at:
            draft = None
        return replace(
            facts,
            good=self._datasets.count(product, self._view(), Label.GOOD),
            run=run,
            progress=RunProgress() if run is None else self._training.progress_of(run.number),
            draft=draft,
            released=released,
            tried=0 if draft is None else self._tried(draft.recipe.name, draft.recipe.revision),
        )

    def shown_frame(self, received_ns: int) -> Frame:
        """Return the frame of the picture that a person sees, so that no other one is kept in its place; quick.

        Args:
            received_ns: As in the `PreviewPicture` on the screen.

        Raises:
            BadInputError: The camera shows no picture, or newer ones have taken its place.
        """
        preview = self._preview.preview
        live = preview is not None and preview.status.state is PreviewState.LIVE
        for frame in tuple(preview.frames) if preview is not None and live else ():
            if frame.received_ns == received_ns:
                return frame
        raise BadInputError("The camera does not show this picture any more.", "Take the next one.")

    def keep_good_part(self, product: str, frame: Frame) -> int:
        """Keep the picture of a good part; return how many the product has.

        Args:
            product: The name of the product; it need not exist yet.
            frame: What `shown_frame` returned.

        Raises:
            PermissionRefusedError: This role may not change a dataset.
            BadInputError: The picture was kept before, or the name cannot be used.
            StorageError: The disk refused.
        """
        self._authority.authorise(Permission.EDIT_DATASET)
        product = checked_name(product, "product")
        name = f"{utc_now():%Y-%m-%dT%H-%M-%S-%f}.png"
        with tempfile.TemporaryDirectory(prefix="lineside-") as folder:
            path = Path(folder) / name
            path.write_bytes(_png_of(frame))
            added = self._datasets.import_folder(path, product, self._view(), assumed=Label.GOOD)
        if not added.item_ids:
            raise BadInputError("This picture was taken before.", "Wait for the next part.")
        return self._datasets.count(product, self._view(), Label.GOOD)

    def teach(self, product: str, person: str = "") -> TrainingRun:
        """Freeze the pictures of a product, and queue a training from them.

        Raises:
            PermissionRefusedError: This role may not teach.
            BadInputError: The pictures are too few, or cannot be used.
        """
        self._authority.authorise(Permission.TEACH)
        view = self._view()
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

    def _newest(self, product: str, states: tuple[RecipeState, ...]) -> RecipeEntry | None:
        found = [each for each in self._recipes.entries() if each.recipe.product == product and each.state in states]
        return max(found, key=lambda each: (each.created_at, each.recipe.revision), default=None)

    def _view(self) -> str:
        """Return the name of the first camera in the settings: several are taught one after the other."""
        return next(iter(self._line.camera_settings.sources), "")


def _png_of(frame: Frame) -> bytes:
    known = frame.depth_from is not DepthFrom.UNKNOWN
    return encode_original(frame.image, frame.significant_bits if known else 0, frame.coding)


def _is_in_the_news(_fault: FaultReported) -> None:
    """Do nothing: a window reads the faults of a run from the news."""
