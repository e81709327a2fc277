"""Proposals for items of a real station: from the stored map of a part, else by the product's recipe."""

import cv2
import numpy as np
import pytest

from station.commands.proposal_model import ProposalModel
from station.domain.errors import BadInputError


@pytest.fixture
def imported(station, draw_part, tmp_path):
    """The item of an imported picture with a dark place, and where that is."""
    picture = draw_part(50, defective=True)
    cv2.imwrite(str(tmp_path / "part.png"), picture)
    (item,) = station.datasets.import_folder(tmp_path / "part.png", "plate").item_ids
    return item, np.atleast_3d(picture).max(2) == 0


def test_that_an_imported_picture_is_judged_by_the_recipe_of_its_product(station, imported) -> None:
    item, dark = imported
    masks = list(station.proposals.proposals(item))
    assert masks[0].shape == dark.shape
    assert (masks[0] & dark).sum() > 0.3 * dark.sum()
    assert (station.proposals.proposal(item) == masks[0]).all()
    assert station.datasets.mask(item) is None


def test_that_a_product_without_a_recipe_says_so(station, draw_part, tmp_path) -> None:
    cv2.imwrite(str(tmp_path / "part.png"), draw_part(50))
    (item,) = station.datasets.import_folder(tmp_path / "part.png", "unknown").item_ids
    with pytest.raises(BadInputError, match="no recipe of 'unknown'"):
        station.proposals.proposal(item)


def test_that_one_model_is_open_at_a_time_and_closed_at_the_end(station, imported) -> None:
    opened, closed = [], []

    class Watched:
        input_size = (64, 64)

        def __init__(self, view) -> None:
            opened.append(view)

        def predict(self, image):
            return type("Prediction", (), {"anomaly_map": np.zeros((4, 4), np.float32)})

        def close(self) -> None:
            closed.append(self)

    view = station.recipes.find("plate").recipe.views[0]
    model = ProposalModel(Watched)
    for _ in range(2):
        model.map_of(station.datasets.picture(imported[0]), view)
    assert (len(opened), len(closed)) == (1, 0)
    model.close()
    model.close()
    assert len(closed) == 1
