"""A method that cannot learn narrow pictures says so."""

import numpy as np
import pytest

pytest.importorskip("anomalib", reason="needs the training extra")

from station.domain.errors import BadInputError
from station.learning.anomalib_settings import SupersimplenetSettings
from station.learning.brought_settings import EfficientAdSettings
from station.learning.detector_settings import DetectorSettings
from station.trainer.detectors.contract import Session
from station.trainer.detectors.opening import method_for

SESSION = Session(lambda _: None, 1, 0, None)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("settings", "side_px", "needed_px"), [(SupersimplenetSettings(), 64, 96), (EfficientAdSettings(), 32, 64)]
)
def test_that_narrow_pictures_are_refused_with_the_remedy(
    settings: DetectorSettings, side_px: int, needed_px: int
) -> None:
    strips = np.zeros((4, side_px, 1024, 3), np.uint8)
    with pytest.raises(BadInputError, match=f"see {side_px} px across, and needs {needed_px}") as refused:
        method_for(settings).learn(strips, np.arange(4), SESSION)
    assert "region of interest" in refused.value.advice
