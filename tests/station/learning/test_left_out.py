"""A learned defect is never measured by the model that learned it."""

from pathlib import Path

import numpy as np
import pytest

from station.domain.digest import sha256_hex
from station.domain.errors import FaultError
from station.domain.verdict import Prediction
from station.inference.normalisation import Normalisation
from station.learning.labelled_defects import LabelledDefects
from station.learning.left_out import LeftOutPredictor

_NORMALISATION = Normalisation(image_threshold_raw=2, image_scale_raw=0.5, pixel_threshold_raw=2, pixel_scale_raw=0.5)
_LEARNED, _OTHER = np.zeros((8, 8, 3), np.uint8), np.ones((8, 8, 3), np.uint8)


class _Knowing:
    """A predictor that scores every picture 9."""

    input_size = (8, 8)

    def predict(self, image: np.ndarray) -> Prediction:
        return Prediction(1.0, 9.0, np.ones((2, 2), np.float32))

    def close(self) -> None:
        raise AssertionError("it belongs to whoever made it")


def left_out(folder: Path, added: tuple[float, ...] = ()) -> LeftOutPredictor:
    """One learned defect, whose map by a model made without it is kept in the folder."""
    np.save(folder / "maps.npy", np.array([[[1, 2], [3, 1]]], np.float32))
    defects = LabelledDefects(
        learned=True,
        kinds={"crack": 1},
        masked=1,
        caught_by_distance=0,
        caught=1,
        kinds_left_out=(),
        maps=folder / "maps.npy",
        inputs={"test/crack/1.png": sha256_hex(_LEARNED.tobytes())},
        added=added,
    )
    return LeftOutPredictor(_Knowing(), defects, _NORMALISATION)


@pytest.fixture
def honest(tmp_path: Path) -> LeftOutPredictor:
    return left_out(tmp_path)


def test_that_a_learned_defect_has_the_map_of_a_model_made_without_it(honest: LeftOutPredictor):
    prediction = honest.predict(_LEARNED)
    assert prediction.raw_score == 3
    assert prediction.pred_score == _NORMALISATION.pred_score(3)
    assert prediction.anomaly_map[0, 1] == pytest.approx(0.5)


def test_that_every_other_picture_is_judged_by_the_model(honest: LeftOutPredictor):
    assert honest.predict(_OTHER).raw_score == 9
    assert honest.input_size == (8, 8)
    honest.close()


def test_that_the_score_of_the_model_itself_is_kept_for_the_comparison(honest: LeftOutPredictor):
    honest.predict(_LEARNED)
    assert honest.own_scores() == {"test/crack/1.png": 9}


def test_that_a_learned_defect_that_was_not_met_is_a_fault(honest: LeftOutPredictor):
    honest.predict(_OTHER)
    with pytest.raises(FaultError, match=r"test/crack/1\.png was learned"):
        honest.own_scores()


def test_that_the_whole_part_adds_to_the_score_of_a_left_out_defect_but_not_to_its_map(tmp_path: Path):
    prediction = left_out(tmp_path, added=(0.5,)).predict(_LEARNED)
    assert prediction.raw_score == 3.5
    assert prediction.anomaly_map.max() == pytest.approx(_NORMALISATION.pred_score(3))
