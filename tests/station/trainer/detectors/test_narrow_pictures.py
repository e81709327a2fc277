"""A method that cannot learn narrow pictures says so."""

import numpy as np
import pytest

pytest.importorskip("anomalib", reason="needs the training extra")

from station.domain.errors import BadInputError
from station.learning.anomalib_settings import SupersimplenetSettings
from station.trainer.detectors.contract import Session
from station.trainer.detectors.opening import method_for

SESSION = Session(lambda _: None, 1, 0, None)


@pytest.mark.slow
def test_that_narrow_pictures_are_refused_with_the_remedy() -> None:
    strips = np.zeros((4, 64, 1024, 3), np.uint8)
    with pytest.raises(BadInputError, match="see 64 px across, and needs 96") as refused:
        method_for(SupersimplenetSettings()).learn(strips, np.arange(4), SESSION)
    assert "region of interest" in refused.value.advice
