"""Proposals of masks: where the anomaly map and the picture say that the defect is."""

from collections.abc import Iterator
from contextlib import suppress

import numpy as np
from numpy.typing import NDArray

from station.commands.datasets import DatasetCommands
from station.commands.proposal_model import ProposalModel
from station.commands.records import RecordCommands
from station.domain.dataset import DatasetItem
from station.domain.errors import BadInputError, StationError
from station.domain.part_images import ViewResult
from station.domain.recipe import View
from station.recipes.recipe_of_product import recipe_for
from station.recipes.view_editing import view_named
from station.storage.recipes.recipes import Recipes
from station.vision.mask_proposal import propose_masks


class MaskProposals:
    """Proposes masks; changes nothing. Takes a moment, so a window must call it on a thread of its own."""

    def __init__(
        self, datasets: DatasetCommands, records: RecordCommands, recipes: Recipes, model: ProposalModel
    ) -> None:
        self._datasets = datasets
        self._records = records
        self._recipes = recipes
        self._model = model

    def proposals(self, item_id: int) -> Iterator[NDArray[np.bool_]]:
        """Yield the pixels of an item that are probably the defect, (H, W) bool, the most probable first.

        For a part of the records they come from its stored anomaly map; if that was not kept, and for an imported
        picture, the picture is judged by the released revision of its product's recipe, else by the newest draft.

        Raises:
            BadInputError: There is no such item, or no recipe to judge it by.
            StationError: Its picture or the model cannot be used.
        """
        item = self._datasets.item(item_id)
        picture = self._datasets.picture(item_id)
        stored = self._stored(item)
        if stored is not None and stored.anomaly_map is not None:
            return propose_masks(picture, stored.anomaly_map, stored.roi, stored.pixel_threshold)
        view = self._view_for(item)
        anomaly_map, roi = self._model.map_of(picture, view)
        return propose_masks(picture, anomaly_map, roi, view.limits.pixel_threshold)

    def proposal(self, item_id: int) -> NDArray[np.bool_] | None:
        """Return the most probable place of the defect, as `proposals` does; None if nothing is unusual."""
        return next(self.proposals(item_id), None)

    def _stored(self, item: DatasetItem) -> ViewResult | None:
        """Return the judgement of the item's view, if it is in the records."""
        if item.part is None:
            return None
        with suppress(StationError):  # a changed or removed map: the picture is judged again
            views = self._records.part(item.part).views
            return next((view for view in views if view.inspection.name == item.view), None)
        return None

    def _view_for(self, item: DatasetItem) -> View:
        recipe = recipe_for(self._recipes.entries(), item.product)
        if recipe is None:
            raise BadInputError(
                f"There is no recipe of '{item.product}' yet that could propose a place.", "Draw the place by hand."
            )
        return view_named(recipe, item.view or None)
