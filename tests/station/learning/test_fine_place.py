"""Fine detail looks at the region of interest in its own size, and leaves out what an ignore mask covers."""

from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from drawn_discs import SIZE, draw_disc, write

from station.domain.geometry import RegionOfInterest
from station.domain.ignore_mask import IgnoreMask
from station.domain.inspected_place import InspectedPlace
from station.domain.recipe import InferenceSettings
from station.domain.verdict import Verdict
from station.inference.opening import open_predictor
from station.learning.fine_settings import FineSettings
from station.learning.layout.labelled import LabelledPicture
from station.learning.picture_judge import PictureJudge
from station.learning.teaching import teach
from station.workspace import Workspace

ROI = RegionOfInterest(16, 0, 96, 96)
IN_REGION, UNDER_MASK, OUTSIDE = (50, 40), (84, 40), (4, 40)
"""Places of a spot: x and y, pixels."""


@pytest.mark.slow
def test_that_only_a_spot_in_the_region_and_beside_the_mask_is_found(tmp_path: Path) -> None:
    for number in range(8):
        write(tmp_path / f"good/{number}.png", draw_disc(number))
    covered = np.zeros(SIZE, np.bool_)
    covered[:, 68:] = True
    place = InspectedPlace(ROI, IgnoreMask.of(covered))
    workspace = Workspace.open(tmp_path / "workspace")
    method = FineSettings(coreset_size=200, strip_px=32)
    taught = teach(tmp_path / "good", "disc", workspace, method=method, place=place)
    assert taught.package.manifest.input_size == (96, 96)
    with closing(open_predictor(taught.package, InferenceSettings(), workspace.cache)) as predictor:
        judge = PictureJudge(taught.view, predictor)

        def verdict_on(spot: tuple[int, int]) -> Verdict:
            path = tmp_path / "spotted.png"
            write(path, draw_disc(100, spot))
            return judge.inspect_picture(LabelledPicture(path.name, "test", "", path)).inspection.verdict

        assert verdict_on(IN_REGION) is Verdict.FAIL
        assert verdict_on(UNDER_MASK) is Verdict.PASS
        assert verdict_on(OUTSIDE) is Verdict.PASS
