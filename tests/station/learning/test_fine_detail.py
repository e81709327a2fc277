"""What fine detail finds of marks of 6 pixels on a real surface, and `balanced` does not."""

from contextlib import closing
from pathlib import Path

import cv2
import numpy as np
import pytest
from large_surface import large_surface, marked

from station.domain.recipe import InferenceSettings
from station.domain.synthetic import SyntheticKind
from station.domain.verdict import Verdict
from station.inference.opening import open_predictor
from station.learning.layout.labelled import LabelledPicture
from station.learning.picture_judge import PictureJudge
from station.learning.presets import METHODS
from station.learning.spread import spread_out
from station.learning.teaching import Taught, teach
from station.workspace import Workspace

pytestmark = [pytest.mark.slow, pytest.mark.data]
SIZE = 512, 640
MARK_PX = 6
GOOD, HOLES, OTHERS = 10, 5, 4


@pytest.fixture(scope="module")
def surfaces(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Good surfaces of stamped metal to learn; other good ones, and as sharp ones with a hole of 6 pixels."""
    folder, sources = tmp_path_factory.mktemp("surfaces"), shared_data / "pan"
    for kind, origin, count in (("learn", "train", GOOD), ("good", "test", OTHERS), ("holes", "test", HOLES)):
        (folder / kind).mkdir()
        pictures = spread_out(sorted((sources / origin / "good").iterdir()), count)
        for number, source in enumerate(pictures):
            draw = np.random.default_rng([len(kind), number])
            image = large_surface(source, SIZE, draw)
            if kind == "holes":
                image = marked(image, SyntheticKind.MISSING, MARK_PX, draw).image
            cv2.imwrite(str(folder / kind / f"{number}.png"), image)
    return folder


def rejected(taught: Taught, folder: Path, cache: Path) -> int:
    with closing(open_predictor(taught.package, InferenceSettings(), cache)) as predictor:
        judge = PictureJudge(taught.view, predictor)
        pictures = [LabelledPicture(path.name, "test", "", path) for path in sorted(folder.iterdir())]
        return sum(
            judge.inspect_picture(each).inspection.verdict in (Verdict.FAIL, Verdict.REVIEW) for each in pictures
        )


def test_that_fine_detail_finds_the_small_holes_that_balanced_misses(surfaces, tmp_path):
    methods = METHODS["balanced"], METHODS["fine"].model_copy(update={"coreset_size": 500, "strip_px": 256})
    found, overkill = [], []
    for method in methods:
        workspace = Workspace.open(tmp_path / method.name)
        taught = teach(surfaces / "learn", "pan", workspace, method=method)
        found.append(rejected(taught, surfaces / "holes", workspace.cache))
        overkill.append(rejected(taught, surfaces / "good", workspace.cache))
    assert "times the processor time of balanced" in taught.caution
    assert found[0] <= 1
    assert found[1] == HOLES
    assert overkill[1] <= 1
